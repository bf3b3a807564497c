// The booklet: one question at a time, moving without a request, and what the learner's hand changes.
import { Navigator } from "./navigator.js";
import { Sheet } from "./sheet.js";
import { announce, words } from "./words.js";

const byId = (id) => document.getElementById(id);

const TYPED_MS = 700;

/** All sheets of the form. Tells whenGiven(position, register, value) of every change and whenShown(position). */
export class Booklet {
  constructor(store) {
    const sections = [...document.querySelectorAll("section[data-question]")];
    this.sheets = new Map(sections.map((section) => [Number(section.dataset.question), new Sheet(section)]));
    this.size = this.sheets.size;
    this.navigator = new Navigator(this.sheets, store);
    this.review = byId("review");
    this.flagger = byId("flag");
    /** The first position that may still be shown: where the exam goes forward only, it moves along. */
    this.first = Number(byId("room").dataset.first) || 1;
    this.forward = Boolean(byId("room").dataset.first);
    this.closed = false;
    this.whenGiven = () => {};
    this.whenShown = () => {};
    /** Whether there is no time to let the hand rest. */
    this.isHasty = () => false;
    /** The position on the screen; null is the review. */
    this.here = Number(sections.find((section) => !section.hidden)?.dataset.question) || null;
  }

  get sheet() { return this.sheets.get(this.here); }

  /** Take the page over from its plain forms. */
  start() {
    document.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("change", (event) => this.#changed(event.target));
    document.addEventListener("input", (event) => this.#typed(event.target));
    document.addEventListener("submit", (event) => {
      if (event.target.id.startsWith("form-") || event.target.id === "move") event.preventDefault();
    });
    this.flagger.addEventListener("click", () => this.toggleFlag());
    this.#show();
    // The question scrolls in a pane of its own: from here on the keys that scroll are meant for it.
    if (document.activeElement === document.body) this.#focus();
    this.#takeEarlyClicks();
  }

  /** Go to a position, or to "review". */
  go(where) {
    const position = where === "review" ? null : Math.min(Math.max(1, Number(where)), this.size);
    if (position === this.here || (position !== null && position < this.first)) return this.#focus();
    // Where it goes forward only, what is given after the next question is reached comes too late.
    this.flush();
    this.sheet?.say("");
    this.here = position;
    this.#show();
    history.replaceState(history.state, "", `?q=${position ?? "review"}`);
    for (const pane of [document.scrollingElement, byId("main"), byId("leaves")]) pane.scrollTop = 0;
    return this.#focus();
  }

  next() { if (this.here !== null) this.go(this.here < this.size ? this.here + 1 : "review"); }

  previous() { if (!this.forward && this.here !== 1) this.go(this.here === null ? this.size : this.here - 1); }

  toggleFlag() {
    const { sheet } = this;
    if (!sheet || this.closed) return;
    sheet.write("flagged", !sheet.flagged);
    announce(words(sheet.flagged ? "flagged" : "unflagged"));
    this.#given(sheet, "flagged");
  }

  /** Choose or take back the option at this place, as if it had been clicked. */
  choose(number) { if (!this.closed) this.sheet?.pick(number); }

  /** Give what has been typed and was not given yet. */
  flush() {
    clearTimeout(this.pause);
    for (const sheet of this.sheets.values()) if (sheet.typing) this.#give(sheet);
  }

  clear(sheet = this.sheet) {
    if (!sheet || this.closed) return;
    sheet.typing = false;
    sheet.write("choice", []);
    sheet.say("");
    sheet.inputs[0].focus();
    this.#given(sheet, "choice");
  }

  /** Show a value that holds although this page did not set it. */
  show(position, register, value) {
    const sheet = this.sheets.get(position);
    if (!sheet) return;
    sheet.write(register, value);
    this.#redraw(sheet);
  }

  /** As show, for what the server says that it holds. */
  hold(position, register, value) {
    const sheet = this.sheets.get(position);
    if (!sheet) return;
    sheet.held[register] = value;
    if (register === "choice" && sheet.typing) return;
    if (String(sheet.read(register)) !== String(value)) this.show(position, register, value);
  }

  /** The server took no notice of a value: back to what it holds, and say why. */
  restore(position, register, text) {
    const sheet = this.sheets.get(position);
    if (!sheet) return;
    this.show(position, register, sheet.held[register]);
    sheet.say(text);
  }

  /** Open or close every control that gives an answer. */
  close(closed) {
    this.flush();
    this.closed = closed;
    for (const sheet of this.sheets.values()) sheet.close(closed);
    this.flagger.disabled = closed;
  }

  #clicked(event) {
    const target = event.target.closest("[data-go], [data-clear], #next, #previous");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (target.id === "next") this.next();
    else if (target.id === "previous") this.previous();
    else if (target.dataset.go) this.go(target.dataset.go);
    else this.clear();
  }

  #changed(input) {
    const sheet = this.#sheetOf(input);
    if (!sheet) return;
    if (sheet.overfull) {
      input.checked = false;
      sheet.say(words("full", { choose: sheet.choose }));
      return;
    }
    this.#give(sheet);
  }

  /** A text is given when the hand rests, and when it leaves the field. */
  #typed(input) {
    const sheet = input.type === "text" ? this.#sheetOf(input) : null;
    if (!sheet || this.closed) return;
    sheet.typing = true;
    sheet.redraw();
    clearTimeout(this.pause);
    if (this.isHasty()) this.flush();
    else this.pause = setTimeout(() => this.flush(), TYPED_MS);
  }

  #sheetOf(input) {
    if (input.name !== "choice") return null;
    return this.sheets.get(Number(input.closest?.("[data-question]")?.dataset.question));
  }

  #give(sheet) {
    sheet.typing = false;
    sheet.say("");
    sheet.redraw();
    this.#given(sheet, "choice");
  }

  #given(sheet, register) {
    this.#redraw(sheet);
    this.whenGiven(sheet.position, register, sheet.read(register));
  }

  /** Who was quicker than this script: what differs from the page as it was sent has been clicked since. */
  #takeEarlyClicks() {
    for (const sheet of this.sheets.values()) {
      if (sheet.overfull) sheet.write("choice", sheet.held.choice);
      for (const register of ["choice", "flagged"]) {
        if (String(sheet.read(register)) !== String(sheet.held[register])) this.#given(sheet, register);
      }
    }
  }

  #redraw(sheet) {
    this.navigator.update(sheet);
    if (sheet === this.sheet) this.flagger.setAttribute("aria-pressed", String(sheet.flagged));
  }

  #show() {
    const { here, sheet } = this;
    for (const one of this.sheets.values()) one.section.hidden = one !== sheet;
    this.review.hidden = here !== null;
    byId("position").textContent = here === null ? words("review") : words("position", { n: here });
    byId("previous").disabled = here === 1;
    byId("next").hidden = here === null;
    this.flagger.hidden = here === null;
    if (sheet) this.flagger.setAttribute("aria-pressed", String(sheet.flagged));
    this.navigator.here(here);
    this.navigator.fold();
    if (this.forward && here !== null) this.#arrive(here);
    this.whenShown(here);
  }

  /** Leave the questions before this one behind: it is saved as it is, so that the server knows how far we are. */
  #arrive(here) {
    if (here > this.first) this.whenGiven(here, "choice", this.sheet.read("choice"));
    this.first = Math.max(this.first, here);
    this.navigator.pass(this.first);
  }

  #focus() {
    (this.sheet?.heading ?? byId("review-title")).focus({ preventScroll: true });
  }
}
