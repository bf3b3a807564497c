// The time left, shown and said. It can be hidden; in the last five minutes it comes back.
// A quiet clock is hidden from the start, does not come back, and says nothing but what it is asked.
import { announce, counted, duration, words } from "./words.js";

const MINUTE = 60_000;
const LOW = 5 * MINUTE;
const SAID_AT = [30, 10, 5, 1].map((minutes) => minutes * MINUTE);

/** Shows an ExamClock in its element once a second, and calls whenUp once when nothing is left. */
export class Timer {
  #before = null;
  #tick = 0;

  constructor(clock, store, heartbeat, quiet) {
    Object.assign(this, { clock, store, heartbeat, quiet });
    this.face = document.getElementById("clock");
    this.button = document.getElementById("hide-clock");
    this.whenUp = () => {};
    this.up = false;
    this.button.addEventListener("click", () => this.#hide(!this.face.hidden));
  }

  start() {
    if (this.clock.limit !== null) this.#recall();
    this.button.hidden = this.clock.limit === null;
    this.#show();
  }

  stop() { clearTimeout(this.#tick); this.stopped = true; }

  /** Say the time left. */
  say() {
    const left = this.clock.remaining();
    announce(left === null ? words("clock.untimed") : words("clock.left", { time: duration(left) }));
  }

  /** It was granted to be quiet from now on. */
  hush() {
    if (this.quiet) return;
    this.quiet = true;
    if (this.clock.limit === null) return;
    this.#recall();
    this.#show();
  }

  /** The limit has been moved by so many milliseconds: show it, say it, and go on if there is time again. */
  moved(more) {
    this.up = false;
    this.#before = null;
    this.button.hidden = this.clock.limit === null;
    const left = this.clock.remaining();
    if (!this.quiet) announce(left === null ? words("clock.untimed") : this.#moveInWords(more, left));
    if (!this.stopped) this.#show();
  }

  #moveInWords(more, left) {
    if (more < MINUTE) return words("clock.moved", { time: duration(left) });
    const given = counted("clock.given", Math.round(more / MINUTE));
    return `${given} ${words("clock.left", { time: duration(left) })}`;
  }

  /** As the learner left it; what they chose before the clock was quiet counts no more. */
  #recall() {
    const kept = this.store.read(this.#key);
    this.#hide(this.quiet ? kept !== "shown" : kept === "hidden");
  }

  get #key() { return this.quiet ? "clock.quiet" : "clock"; }

  #hide(hidden) {
    this.face.hidden = hidden;
    this.button.textContent = words(hidden ? "clock.show" : "clock.hide");
    this.store.write(this.#key, hidden ? "hidden" : "shown");
  }

  #show() {
    clearTimeout(this.#tick);
    const left = this.clock.remaining();
    if (!this.clock.trusted()) {
      if (this.#before !== "unknown") this.heartbeat.beat();
      this.#before = "unknown";
      if (left !== null) this.#write(words("clock.checking"), false);
    } else if (left !== null) {
      this.#write(duration(left), left <= LOW && !this.quiet);
      this.#mark(left);
    }
    this.#tick = setTimeout(() => this.#show(), left ? left % 1000 + 5 : 1000);
  }

  #write(text, low) {
    if (this.face.textContent !== text) this.face.textContent = text;
    this.face.classList.toggle("low", low);
  }

  #mark(left) {
    const before = typeof this.#before === "number" ? this.#before : null;
    this.#before = left;
    if (!this.quiet && left <= LOW && (before === null || before > LOW)) this.#hide(false);
    const crossed = this.quiet || before === null ? null : SAID_AT.findLast((mark) => before > mark && left <= mark);
    if (crossed) announce(counted("clock.minutes", crossed / MINUTE));
    if (left > 0) this.up = false;
    else if (!this.up) { this.up = true; this.whenUp(); }
  }
}
