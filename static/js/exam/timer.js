// The time left, shown and said. It can be hidden; in the last five minutes it comes back.
import { announce, counted, duration, words } from "./words.js";

const LOW = 5 * 60_000;
const SAID_AT = [30, 10, 5, 1].map((minutes) => minutes * 60_000);

/** Shows an ExamClock in its element once a second, and calls whenUp once when nothing is left. */
export class Timer {
  #before = null;
  #tick = 0;

  constructor(clock, store, heartbeat) {
    Object.assign(this, { clock, store, heartbeat });
    this.face = document.getElementById("clock");
    this.button = document.getElementById("hide-clock");
    this.whenUp = () => {};
    this.up = false;
    this.button.addEventListener("click", () => this.#hide(!this.face.hidden));
  }

  start() {
    if (this.clock.limit !== null) this.#hide(this.store.read("clock") === "hidden");
    this.button.hidden = this.clock.limit === null;
    this.#show();
  }

  stop() { clearTimeout(this.#tick); this.stopped = true; }

  /** Say the time left. */
  say() {
    const left = this.clock.remaining();
    announce(left === null ? words("clock.untimed") : words("clock.left", { time: duration(left) }));
  }

  /** The limit has been moved: show it, say it, and go on if there is time again. */
  moved() {
    this.up = false;
    this.#before = null;
    this.button.hidden = this.clock.limit === null;
    const left = this.clock.remaining();
    announce(left === null ? words("clock.untimed") : words("clock.moved", { time: duration(left) }));
    if (!this.stopped) this.#show();
  }

  #hide(hidden) {
    this.face.hidden = hidden;
    this.button.textContent = words(hidden ? "clock.show" : "clock.hide");
    this.store.write("clock", hidden ? "hidden" : "shown");
  }

  #show() {
    clearTimeout(this.#tick);
    const left = this.clock.remaining();
    if (!this.clock.trusted()) {
      if (this.#before !== "unknown") this.heartbeat.beat();
      this.#before = "unknown";
      if (left !== null) this.#write(words("clock.checking"), false);
    } else if (left !== null) {
      this.#write(duration(left), left <= LOW);
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
    if (left <= LOW && (before === null || before > LOW)) this.#hide(false);
    const crossed = before === null ? null : SAID_AT.findLast((mark) => before > mark && left <= mark);
    if (crossed) announce(counted("clock.minutes", crossed / 60_000));
    if (left > 0) this.up = false;
    else if (!this.up) { this.up = true; this.whenUp(); }
  }
}
