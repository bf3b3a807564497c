// One question on its sheet: what is chosen, flagged and struck out, as the page shows it.
import { words } from "./words.js";

const positionOf = (input) => Number(input.value);

/** Reads and writes one question's controls. ``held`` is what the server is known to hold. */
export class Sheet {
  constructor(section) {
    this.section = section;
    this.position = Number(section.dataset.question);
    this.choose = Number(section.dataset.choose);
    this.heading = section.querySelector("h1");
    this.options = [...section.querySelectorAll(".opt")];
    this.inputs = this.options.map((option) => option.querySelector("input"));
    this.flag = section.querySelector("[name=flagged]");
    this.clearer = section.querySelector("[data-clear]");
    this.held = {
      choice: this.inputs.filter((input) => input.defaultChecked).map(positionOf),
      flagged: this.flag.defaultChecked,
    };
    this.flag.closest("label").hidden = true;
    this.redraw();
  }

  read(register) {
    return register === "flagged" ? this.flag.checked : this.inputs.filter((input) => input.checked).map(positionOf);
  }

  /** Show a value that did not come from the learner's hand on this page. */
  write(register, value) {
    if (register === "flagged") this.flag.checked = Boolean(value);
    else for (const input of this.inputs) input.checked = value.includes(positionOf(input));
    this.redraw();
  }

  /** done, part or open: as in the navigator. */
  get state() {
    const chosen = this.read("choice").length;
    if (chosen === this.choose) return "done";
    return chosen ? "part" : "open";
  }

  /** The letter that the option at this place bears. */
  letter(place) { return this.options[place - 1].querySelector(".l").textContent; }

  get flagged() { return this.flag.checked; }

  /** Whether one more than asked for has been ticked. */
  get overfull() { return this.choose > 1 && this.read("choice").length > this.choose; }

  redraw() {
    const chosen = this.read("choice").length;
    this.clearer.hidden = chosen === 0;
    if (this.choose > 1) {
      const values = { n: Math.min(chosen, this.choose), choose: this.choose };
      this.section.querySelector("[data-count]").textContent = words("chosen", values);
    }
  }

  /** A message at the question, read out at once; "" takes it away. */
  say(text) {
    this.message?.remove();
    this.message = null;
    if (!text) return;
    this.message = Object.assign(document.createElement("p"), { className: "remark", textContent: text });
    this.message.setAttribute("role", "alert");
    this.section.querySelector(".under").before(this.message);
  }

  close(closed) {
    for (const input of [...this.inputs, this.flag]) input.disabled = closed;
    this.clearer.disabled = closed;
  }
}
