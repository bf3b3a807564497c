// How long each question was on the screen, and what is struck out or marked. Rides on saves; never scored.
const LEAST = 1000;
const ROOM = 3000;

/** Cumulative for this page load, so that the server may hear it twice. */
export class Trace {
  #shown = new Map();
  #noted = new Map();
  #told = new Map();
  #position = null;
  #since = 0;

  constructor(store) {
    this.store = store;
    // What an earlier page load has told of strikes and marks need not be told again.
    for (const [position, noted] of Object.entries(store.read("told") ?? {})) {
      this.#told.set(Number(position), { ...noted, ms: 0 });
    }
    document.addEventListener("visibilitychange", () => this.show(this.#position));
  }

  /** This position is on the screen now; null is none of them. */
  show(position) {
    this.#count();
    this.#position = position;
    this.#since = performance.now();
  }

  /** All that is struck out, or all that is marked, at a position: {strikes} or {marks}. */
  note(position, noted) { this.#noted.set(position, { ...this.#noted.get(position), ...noted }); }

  /** What has changed since it was last acknowledged, as {text, told}. */
  changes() { return this.#gather((ms) => ms); }

  /** For the submission, which the server counts as a page load of its own: only the time not yet acknowledged. */
  rest() { return this.#gather((ms, before) => ms - before).text; }

  acknowledge({ told }) {
    for (const [position, entry] of told) this.#told.set(position, entry);
    if (this.#noted.size) this.store.write("told", Object.fromEntries(this.#told));
  }

  #count() {
    // Until this very moment the page was visible, or the time since has been counted already.
    if (this.#position !== null && !this.#hidden) {
      const ms = performance.now() - this.#since;
      this.#shown.set(this.#position, (this.#shown.get(this.#position) ?? 0) + ms);
    }
    this.#since = performance.now();
    this.#hidden = document.hidden;
  }

  #hidden = document.hidden;

  #gather(time) {
    this.#count();
    const told = new Map();
    const sent = {};
    let room = ROOM;
    // Also what was noted before this page was loaded: the page may have died before it was told.
    for (const position of new Set([...this.#shown.keys(), ...this.#noted.keys()])) {
      const before = this.#told.get(position);
      const noted = this.#noted.get(position) ?? {};
      const entry = { ms: Math.round(this.#shown.get(position) ?? 0), ...noted };
      const news = Object.entries(noted).filter(([name, value]) => String(value) !== String(before?.[name]));
      if (before && !news.length && entry.ms - before.ms < LEAST) continue;
      const written = { ms: time(entry.ms, before?.ms ?? 0), ...Object.fromEntries(news) };
      room -= JSON.stringify(written).length + 8;
      if (room < 0) break;
      sent[position] = written;
      told.set(position, entry);
    }
    return { text: told.size ? JSON.stringify(sent) : "", told };
  }
}
