// Single keys for everything. They can be switched off, and never act while somebody types.
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const STORED = "sapro:exam:keys";

function remembered() {
  try { return localStorage.getItem(STORED); } catch { return null; }
}

/** Calls actions by key: {n, p, f, h, r, t, x, choose(number), strike(number)}. */
export class Keys {
  #striking = false;

  constructor(room, actions) {
    Object.assign(this, { room, actions });
    this.dialog = document.getElementById("keys");
    this.toggle = document.getElementById("keys-on");
    this.on = (remembered() ?? room.dataset.shortcuts) !== "off";
  }

  start() {
    const opener = document.getElementById("show-keys");
    opener.hidden = false;
    opener.addEventListener("click", () => this.dialog.showModal());
    this.toggle.addEventListener("change", () => this.#turn(this.toggle.checked));
    document.addEventListener("keydown", (event) => this.#pressed(event));
    this.#draw();
  }

  #turn(on) {
    this.on = on;
    try { localStorage.setItem(STORED, on ? "on" : "off"); } catch { /* it holds for this page */ }
    this.#draw();
  }

  #draw() {
    this.toggle.checked = this.on;
    this.room.dataset.keys = this.on ? "on" : "off";
  }

  #pressed(event) {
    if (!this.on || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") this.dialog.showModal();
    else if (event.shiftKey || !this.#act(event.key.toLowerCase())) return;
    event.preventDefault();
  }

  #act(key) {
    const striking = this.#striking;
    this.#striking = false;
    if (/^[1-9]$/.test(key)) {
      if (striking) this.actions.strike(Number(key));
      else this.actions.choose(Number(key));
      return true;
    }
    this.#striking = key === "x";
    const action = ["n", "p", "f", "h", "r", "t", "x"].includes(key) ? this.actions[key] : null;
    action?.();
    return Boolean(action);
  }
}
