// What is true of the answers given: saved, on their way, or waiting. Says when it goes wrong, and when it is right again.
import { announce, clockTime, counted, words } from "./words.js";

const place = document.getElementById("saved");

/** Shows an Outbox in #saved. */
export class Status {
  #said = "";
  #refused = null;

  constructor(outbox) { this.outbox = outbox; }

  /** The answer at this position was refused: say so until another one is saved. */
  refuse(position) {
    this.#refused = { position, savedAt: this.outbox.savedAt };
    this.draw();
  }

  draw() {
    const [state, text] = this.#state();
    place.dataset.state = state;
    place.hidden = !text;
    if (place.textContent !== text) place.textContent = text;
    this.#say(state, text);
  }

  #state() {
    const { halted, queue, failing, savedAt } = this.outbox;
    const n = queue.length;
    if (halted === "stopped") return ["refused", words("stopped")];
    if (halted === "signed-out") return ["waiting", n ? counted("unsent", n) : words("signed-out")];
    if (n && !navigator.onLine) return ["offline", counted("waiting", n)];
    if (!navigator.onLine) return ["offline", words("offline")];
    if (n && failing) return ["waiting", counted("waiting", n)];
    if (n) return ["saving", words("saving")];
    if (this.#refused?.savedAt === savedAt && this.#refused) {
      return ["refused", words("refused", { n: this.#refused.position })];
    }
    return ["saved", savedAt ? words("saved", { time: clockTime(savedAt) }) : ""];
  }

  /** Saving and saved are quiet; trouble is said once, and its end. */
  #say(state, text) {
    if (state === "saving") return;
    const trouble = state === "saved" ? "" : state;
    if (trouble === this.#said) return;
    announce(trouble ? text : words("sent"));
    this.#said = trouble;
  }
}
