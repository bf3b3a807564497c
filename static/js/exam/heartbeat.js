// Asks the server for the exam clock: every 30 s, and whenever the page may have missed something.
const PERIOD = 30_000;
const RETRY = 2000;
const PATIENCE = 8000;
const SPREAD = 2000;

/** Keeps an ExamClock true. Tells each answer to whenHeard, and whenSignedOut; whenQuiet comes first, before the limit. */
export class Heartbeat {
  #running = null;
  #timer = 0;

  constructor(url, clock) {
    this.url = url;
    this.clock = clock;
    this.whenHeard = () => {};
    this.whenQuiet = () => {};
    this.whenSignedOut = () => {};
    this.stopped = false;
  }

  /** Begin; soon, where the page itself was long under way, but not everybody who starts at once in one moment. */
  start() {
    if (this.clock.rough) this.#timer = setTimeout(() => this.beat(), Math.random() * SPREAD);
    else this.#plan();
  }

  stop() { this.stopped = true; clearTimeout(this.#timer); }

  /** Ask now; gives the server's answer, or null when there is none. Two who ask at once share one request. */
  beat() {
    this.#running ??= this.#ask().finally(() => { this.#running = null; this.#plan(); });
    return this.#running;
  }

  #plan() {
    clearTimeout(this.#timer);
    if (!this.stopped) this.#timer = setTimeout(() => this.beat(), this.clock.trusted() ? PERIOD : RETRY);
  }

  async #ask() {
    const asked = performance.now();
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      const reply = await fetch(this.url, { cache: "no-store", redirect: "manual", signal: giveUp.signal });
      if (reply.status === 401) this.whenSignedOut();
      const body = reply.ok ? await reply.json() : null;
      if (!body || this.stopped) return null;
      this.clock.sync(body.at, performance.now() - asked);
      if (body.quiet) this.whenQuiet();
      this.clock.take(body.limit);
      this.whenHeard(body);
      return body;
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}
