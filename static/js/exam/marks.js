// The highlighter: text of the stem that is selected with the pointer is marked at once; with the keyboard, sentences
// are chosen from a list. Kept on this device and told with the trace.
import { StemText, normal, shared, without } from "./spans.js";
import { announce, words } from "./words.js";

/** As many as the server keeps. */
const MOST = 40;

const byId = (id) => document.getElementById(id);

/** Marks by position, as spans of the stem. Tells whenMarked(position, marks) of each change made here. */
export class Marks {
  #pressed = null;
  #stems = new Map();

  constructor(sheets, store) {
    Object.assign(this, { sheets, store });
    const kept = Object.entries(store.read("marks") ?? {});
    this.marked = Object.fromEntries(kept.map(([position, spans]) => [position, normal(spans)]));
    this.dialog = byId("pens");
    this.list = byId("sentences");
    this.whenMarked = () => {};
  }

  start() {
    const row = byId("pen").content.firstElementChild;
    for (const sheet of this.sheets.values()) {
      const stem = sheet.section.querySelector(".stem");
      this.#stems.set(sheet, new StemText(stem));
      const tools = row.cloneNode(true);
      const [pen, eraser] = tools.querySelectorAll("button");
      // A press must not take the selection away that it is about to mark.
      pen.addEventListener("pointerdown", (event) => event.preventDefault());
      pen.addEventListener("click", () => this.highlight(sheet));
      eraser.addEventListener("click", () => { this.clear(sheet); pen.focus(); });
      stem.after(tools);
      stem.addEventListener("pointerdown", (event) => { if (event.button === 0) this.#pressed = sheet; });
      if (this.at(sheet).length) this.#draw(sheet);
    }
    document.addEventListener("pointerup", (event) => this.#released(event));
    byId("pens-clear").addEventListener("click", () => { this.clear(this.listed); this.#drawList(); });
    this.list.addEventListener("click", (event) => this.#chosen(event.target.closest("button")));
  }

  /** All that is marked on a sheet. */
  at(sheet) { return this.marked[sheet.position] ?? []; }

  /** Mark what is selected in the stem; where nothing is, open the list of its sentences. */
  highlight(sheet) {
    if (!this.#isOpen(sheet)) return;
    if (this.#markSelection(sheet)) return;
    this.listed = sheet;
    this.sentences = this.#stems.get(sheet).sentences();
    this.list.replaceChildren(...this.sentences.map((span) => {
      const entry = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.textContent = this.#stems.get(sheet).textOf(span).replace(/\s+/g, " ");
      entry.append(button);
      return entry;
    }));
    this.#drawList();
    this.dialog.showModal();
  }

  clear(sheet) {
    if (this.#isOpen(sheet) && this.at(sheet).length) this.#change(sheet, [], "unmarked.all");
  }

  /** Show marks that were made in another tab. */
  take(position, marks) {
    this.marked[position] = normal(marks);
    const sheet = this.sheets.get(position);
    if (!sheet) return;
    this.#draw(sheet);
    if (this.dialog.open && sheet === this.listed) this.#drawList();
  }

  #isOpen(sheet) { return sheet && !sheet.flag.disabled; }

  /** A finger selects with handles after it has been lifted: for it there is the button. */
  #released(event) {
    const sheet = this.#pressed;
    this.#pressed = null;
    if (!sheet || event.pointerType === "touch" || !this.#isOpen(sheet)) return;
    if (this.#markSelection(sheet)) return;
    const mark = event.target.closest?.(".stem mark");
    if (mark && getSelection().isCollapsed && sheet.section.contains(mark)) this.#rubOut(sheet, mark);
  }

  #markSelection(sheet) {
    const selection = getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    const span = range && this.#stems.get(sheet).span(range);
    if (!span) return false;
    selection.removeAllRanges();
    this.#add(sheet, span);
    return true;
  }

  #add(sheet, span) {
    const marks = normal([...this.at(sheet), span]);
    if (marks.length > MOST) announce(words("marked.full", { n: MOST }));
    else this.#change(sheet, marks, "marked");
  }

  #rubOut(sheet, mark) {
    const range = document.createRange();
    range.selectNodeContents(mark);
    const span = this.#stems.get(sheet).span(range);
    const whole = span && this.at(sheet).find((one) => shared([one], span));
    if (whole) this.#change(sheet, without(this.at(sheet), whole), "unmarked");
  }

  #chosen(button) {
    if (!button) return;
    const span = this.sentences[[...this.list.children].indexOf(button.parentElement)];
    const sheet = this.listed;
    if (!this.#isOpen(sheet)) return;
    // That it is pressed now is said by the button itself.
    if (button.getAttribute("aria-pressed") === "true") this.#change(sheet, without(this.at(sheet), span));
    else this.#add(sheet, span);
    this.#drawList();
  }

  #change(sheet, marks, word = "") {
    this.take(sheet.position, marks);
    this.store.write("marks", this.marked);
    if (word) announce(words(word));
    this.whenMarked(sheet.position, marks);
  }

  #drawList() {
    const marks = this.at(this.listed);
    this.sentences.forEach((span, index) => {
      const part = shared(marks, span);
      const state = part === span[1] - span[0] ? "true" : part ? "mixed" : "false";
      this.list.children[index].firstElementChild.setAttribute("aria-pressed", state);
    });
    byId("pens-clear").disabled = !marks.length;
  }

  #draw(sheet) {
    const text = this.#stems.get(sheet);
    for (const mark of text.stem.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    text.stem.normalize();
    const marks = this.at(sheet);
    // White space between two blocks is no text of either.
    for (const { node, start, end } of [...text.nodes()].filter((one) => one.node.data.trim())) {
      this.#wrap(node, [...node.data], marks.map(([low, high]) => [Math.max(low, start) - start, Math.min(high, end) - start]));
    }
    sheet.section.querySelector("[data-unmark]").hidden = !marks.length;
  }

  #wrap(node, points, spans) {
    const unit = (point) => points.slice(0, point).join("").length;
    // From the end: what is split off behind moves nothing before it.
    for (const [start, end] of spans.filter(([low, high]) => low < high).reverse()) {
      const mark = document.createElement("mark");
      const piece = node.splitText(unit(start));
      piece.splitText(unit(end) - unit(start));
      piece.replaceWith(mark);
      mark.append(piece);
    }
  }
}
