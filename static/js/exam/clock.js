// The exam clock: milliseconds since the start by the server's reckoning. The device's own clock counts for nothing.
const DRIFT = 2000;
const MOST_TRAVEL = 2000;
const ROUGH = 200;

/** When the page was asked for and answered, on this page's monotonic clock. */
function journey() {
  const { requestStart, responseStart } = performance.getEntriesByType?.("navigation")?.[0] ?? {};
  const now = performance.now();
  return responseStart && responseStart <= now ? [requestStart, responseStart] : [now, now];
}

/** Reads the exam clock, stamps answers, knows the limit. */
export class ExamClock {
  #anchor;
  #last = 0;
  #acknowledged = 0;

  constructor(at, limit) {
    this.limit = limit;
    this.known = true;
    /** Whether the page was so long under way that its reading may be off by a tenth of a second. */
    this.rough = false;
    this.whenMoved = () => {};
    // The server read its clock between the question and its answer, long before this script began to run.
    const [asked, answered] = journey();
    const ago = performance.now() - (asked + answered) / 2;
    this.rough = answered - asked > ROUGH;
    this.#anchor = { at, mono: performance.now() - ago, wall: Date.now() - ago };
  }

  /** False once the two clocks of the browser have drifted apart (sleep, a changed system clock), until a sync. */
  trusted() {
    const mono = performance.now() - this.#anchor.mono;
    const wall = Date.now() - this.#anchor.wall;
    if (Math.abs(mono - wall) > DRIFT) this.known = false;
    return this.known;
  }

  now() {
    return Math.max(0, Math.floor(this.#anchor.at + performance.now() - this.#anchor.mono));
  }

  /** Milliseconds to the limit, not below 0; null when untimed. */
  remaining() {
    return this.limit === null ? null : Math.max(0, this.limit - this.now());
  }

  /** A reading for an answer given now, greater than any before; null while the clock is not trusted. */
  stamp() {
    if (!this.trusted()) return null;
    this.#last = Math.max(this.#last + 1, this.now());
    return this.#last;
  }

  /** Another tab has stamped this. */
  observe(at) { if (at) this.#last = Math.max(this.#last, at); }

  /** The server has taken a stamp of ours. */
  acknowledge(at) { this.#acknowledged = Math.max(this.#acknowledged, at ?? 0); }

  /** The server's reading, which took travel milliseconds to ask for. */
  sync(at, travel = 0) {
    this.#anchor = { at: at + Math.min(travel, MOST_TRAVEL) / 2, mono: performance.now(), wall: Date.now() };
    this.known = true;
    this.rough = false;
  }

  /** Our stamps ran ahead of the server: begin again from its reading. */
  rewind(at) {
    this.sync(at);
    this.#last = Math.max(this.#acknowledged, at);
  }

  /** Take over a limit that the server names. Tells whenMoved by how many milliseconds it came later. */
  take(limit) {
    if (limit === this.limit) return;
    const more = (limit ?? 0) - (this.limit ?? 0);
    this.limit = limit;
    this.whenMoved(more);
  }

  /** What a save's reply says of the time. */
  heed({ at, remaining }) {
    if (typeof remaining === "number" && remaining > 0) this.take(at + remaining);
  }
}
