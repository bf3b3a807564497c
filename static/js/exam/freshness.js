// How new what is on the screen is, by position and register: a reply or a message that is older changes nothing.

/** The stamps of what is shown. */
export class Freshness {
  #stamps = new Map();

  /** Whether a value with this stamp may be shown; one without a stamp only where nothing else is known. */
  allows({ position, register, at }) {
    const shown = this.#stamps.get(`${position} ${register}`);
    return shown === undefined || (at !== null && at >= shown);
  }

  note({ position, register, at }) {
    this.#stamps.set(`${position} ${register}`, at ?? 0);
  }

  /** The clock was set back: the stamps mean nothing any more. */
  clear() { this.#stamps.clear(); }
}
