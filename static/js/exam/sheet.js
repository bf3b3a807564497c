// One question on its sheet: what is chosen, flagged and struck out, as the page shows it.
import { sortSteps } from "./moves.js";
import { words } from "./words.js";

const positionOf = (input) => Number(input.value);
const isGiven = (select) => !select.value.endsWith("-");

/** By what the learner operates: its inputs, what they say, how a value is put in, and whether it is all of it. */
const controls = {
  options: {
    find: ".opt input",
    given: (inputs, sent) => inputs.filter((one) => (sent ? one.defaultChecked : one.checked)).map(positionOf),
    put: (inputs, value) => { for (const one of inputs) one.checked = value.map(Number).includes(positionOf(one)); },
    isWhole: (value, choose) => value.length === choose,
  },
  matching: {
    find: "select",
    given: (inputs, sent) => (sent ? inputs.flatMap(sentValue) : inputs.filter(isGiven).map((one) => one.value)),
    put: (inputs, value) => { for (const one of inputs) choosePlace(one, value); },
    isWhole: (value, choose) => value.length === choose,
  },
  typed: {
    find: "input[type=text]",
    given: ([input], sent) => [(sent ? input.defaultValue : input.value).trim()].filter(Boolean),
    put: ([input], value) => { input.value = value[0] ?? ""; },
    isWhole: (value) => value.length > 0,
  },
};
controls.ordering = {
  ...controls.matching,
  put: (inputs, value) => { controls.matching.put(inputs, value); sortSteps(inputs[0]); },
  isWhole: (value, choose) => value.length === choose && !isDoubled(value),
};

function sentValue(select) {
  const sent = [...select.options].find((one) => one.defaultSelected && !one.value.endsWith("-"));
  return sent ? [sent.value] : [];
}

function choosePlace(select, value) {
  const wanted = [...select.options].find((one) => value.includes(one.value));
  select.value = (wanted ?? select.options[0]).value;
}

function isDoubled(value) {
  return new Set(value.map((one) => one.split("-")[1])).size < value.length;
}

/** Reads and writes one question's controls. ``held`` is what the server is known to hold. */
export class Sheet {
  constructor(section) {
    this.section = section;
    this.position = Number(section.dataset.question);
    this.choose = Number(section.dataset.choose);
    this.heading = section.querySelector("h1");
    this.control = controls[section.dataset.control];
    this.options = [...section.querySelectorAll(".opt")];
    this.inputs = [...section.querySelectorAll(`.options ${this.control.find}`)];
    /** Typed on, and not yet given. */
    this.typing = false;
    this.flag = section.querySelector("[name=flagged]");
    this.clearer = section.querySelector("[data-clear]");
    this.held = {
      choice: this.control.given(this.inputs, true),
      flagged: this.flag.defaultChecked,
    };
    this.flag.closest("label").hidden = true;
    this.redraw();
  }

  read(register) {
    return register === "flagged" ? this.flag.checked : this.control.given(this.inputs);
  }

  /** Show a value that did not come from the learner's hand on this page. */
  write(register, value) {
    if (register === "flagged") this.flag.checked = Boolean(value);
    else if (!this.typing) this.control.put(this.inputs, value);
    this.redraw();
  }

  /** done, part or open: as in the navigator. */
  get state() {
    const chosen = this.read("choice");
    if (this.control.isWhole(chosen, this.choose)) return "done";
    return chosen.length ? "part" : "open";
  }

  /** The letter that the option at this place bears. */
  letter(place) { return this.options[place - 1].querySelector(".l").textContent; }

  get flagged() { return this.flag.checked; }

  /** Whether one chooses among listed options. */
  get hasOptions() { return this.options.length > 0; }

  /** Choose or take back the option at this place, as if it had been clicked; of other controls go to that one. */
  pick(number) {
    if (this.hasOptions) this.inputs[number - 1]?.click();
    else this.inputs[number - 1]?.focus();
  }

  /** Whether one more than asked for has been ticked. */
  get overfull() { return this.hasOptions && this.choose > 1 && this.read("choice").length > this.choose; }

  redraw() {
    const chosen = this.read("choice");
    this.clearer.hidden = chosen.length === 0;
    if (this.choose > 1) {
      const values = { n: Math.min(chosen.length, this.choose), choose: this.choose };
      const doubled = chosen.length === this.choose && !this.control.isWhole(chosen, this.choose);
      const word = this.hasOptions ? "chosen" : "placed";
      this.section.querySelector("[data-count]").textContent = words(doubled ? "doubled" : word, values);
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
