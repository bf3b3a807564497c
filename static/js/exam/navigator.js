// Where everything stands: the navigator's cells, the counts, and the lists before submission.
import { words } from "./words.js";

const panel = document.getElementById("navigator");
const review = document.getElementById("review");

/** Draws the state of the sheets. */
export class Navigator {
  constructor(sheets, store) {
    Object.assign(this, { sheets, store });
    this.seen = new Set(store.read("seen") ?? []);
    this.cells = new Map(
      [...panel.querySelectorAll(".cells button")].map((cell) => [Number(cell.dataset.go), cell]),
    );
    panel.querySelector(".key .seen").hidden = false;
    for (const sheet of sheets.values()) this.#cell(sheet);
    this.count();
  }

  /** Mark where the learner is; null is the review. */
  here(position) {
    for (const [number, cell] of this.cells) {
      cell.classList.toggle("here", number === position);
      if (number === position) cell.setAttribute("aria-current", "true");
      else cell.removeAttribute("aria-current");
    }
    if (position === null || this.seen.has(position)) return;
    this.seen.add(position);
    this.store.write("seen", [...this.seen]);
    this.#cell(this.sheets.get(position));
  }

  /** What stands before this position cannot be gone to any more. */
  pass(first) {
    for (const [number, cell] of this.cells) cell.disabled = number < first;
  }

  /** This sheet has changed. */
  update(sheet) {
    this.#cell(sheet);
    this.count();
  }

  /** Fold the sheet of a phone away. */
  fold() { panel.open = false; }

  get unanswered() { return this.#positions((sheet) => sheet.state !== "done"); }

  /** Bring the counts and the lists up to date. */
  count() {
    const lists = { unanswered: this.unanswered, flagged: this.#positions((sheet) => sheet.flagged) };
    const answered = this.sheets.size - lists.unanswered.length;
    this.#tally("answered", answered);
    panel.querySelector("[data-tally-line]").textContent = words("answered", { n: answered });
    for (const [name, positions] of Object.entries(lists)) {
      this.#tally(name, positions.length);
      this.#list(name, positions);
    }
    document.getElementById("submit-warning").textContent = this.warning;
  }

  /** What to know before submitting. */
  get warning() {
    const { unanswered } = this;
    return unanswered.length ? words("unanswered", { list: unanswered.join(", ") }) : words("complete");
  }

  #positions(wanted) { return [...this.sheets.values()].filter(wanted).map((sheet) => sheet.position); }

  #tally(name, n) { review.querySelector(`[data-tally="${name}"]`).textContent = n; }

  #list(name, positions) {
    const part = review.querySelector(`[data-list="${name}"]`);
    if (!part) return;
    part.hidden = positions.length === 0;
    part.querySelector("ol").replaceChildren(...positions.map((position) => {
      const link = document.createElement("a");
      link.href = `?q=${position}`;
      link.dataset.go = position;
      link.textContent = position;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
  }

  #cell(sheet) {
    const cell = this.cells.get(sheet.position);
    const state = sheet.state === "open" && this.seen.has(sheet.position) ? "seen" : sheet.state;
    for (const name of ["done", "part", "seen"]) cell.classList.toggle(name, name === state);
    cell.classList.toggle("flag", sheet.flagged);
    const flag = sheet.flagged ? words("cell.flag") : "";
    cell.querySelector("[data-words]").textContent = words(`cell.${state}`) + flag;
  }
}
