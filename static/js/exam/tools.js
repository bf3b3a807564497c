// Striking out options: a button at each, kept on this device and told with the trace.
import { announce, words } from "./words.js";

const pattern = document.getElementById("strike");

/** Strikes by position, as lists of shown places. Tells whenStruck(position, strikes) of each change made here. */
export class Strikes {
  constructor(sheets, store) {
    Object.assign(this, { sheets, store });
    this.struck = store.read("strikes") ?? {};
    this.whenStruck = () => {};
  }

  start() {
    for (const sheet of this.sheets.values()) {
      // Strikes are of listed options; the other controls have none.
      sheet.options.forEach((option, index) => option.append(this.#button(sheet, index + 1)));
      this.#draw(sheet);
    }
  }

  /** All that is struck out at a position. */
  at(position) { return this.struck[position] ?? []; }

  toggle(sheet, place) {
    if (!sheet?.options[place - 1] || sheet.inputs[place - 1].disabled) return;
    const before = this.at(sheet.position);
    const struck = !before.includes(place);
    const strikes = struck ? [...before, place].sort((a, b) => a - b) : before.filter((one) => one !== place);
    this.take(sheet.position, strikes);
    this.store.write("strikes", this.struck);
    announce(words(struck ? "struck" : "unstruck", { letter: sheet.letter(place) }));
    this.whenStruck(sheet.position, strikes);
  }

  /** Show strikes that were made in another tab. */
  take(position, strikes) {
    this.struck[position] = strikes;
    const sheet = this.sheets.get(position);
    if (sheet) this.#draw(sheet);
  }

  #button(sheet, place) {
    const button = pattern.content.firstElementChild.cloneNode(true);
    button.setAttribute("aria-label", words("strike", { letter: sheet.letter(place) }));
    button.addEventListener("click", () => this.toggle(sheet, place));
    return button;
  }

  #draw(sheet) {
    const strikes = this.at(sheet.position);
    sheet.options.forEach((option, index) => {
      const struck = strikes.includes(index + 1);
      option.classList.toggle("struck", struck);
      option.querySelector(".strike").setAttribute("aria-pressed", String(struck));
    });
  }
}
