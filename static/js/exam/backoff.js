// Waiting between two tries: longer each time, never the same for two pages, cut short when there is news.
const SHORTEST = 1000;
const LONGEST = 30_000;

/** How long to wait before the next try. */
export class Backoff {
  #failures = 0;
  #wake = null;

  get failures() { return this.#failures; }

  reset() { this.#failures = 0; }

  /** Wait for the time that is due, or until somebody calls wake(). */
  wait() {
    const full = Math.min(LONGEST, SHORTEST * 2 ** this.#failures);
    this.#failures += 1;
    const delay = Math.max(SHORTEST, full * (0.5 + Math.random() / 2));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }

  wake() {
    this.#failures = 0;
    this.#wake?.();
  }
}
