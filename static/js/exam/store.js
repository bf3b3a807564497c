// What is kept on this device for one attempt of one person. Where the browser keeps nothing, it lasts for the page.

/** Named values under one prefix of localStorage. */
export class Store {
  #memory = new Map();

  constructor(prefix) {
    this.prefix = prefix;
    this.lasting = true;
    this.whenForgetful = () => {};
    this.#try(() => localStorage.setItem(`${prefix}try`, "1"));
    this.#try(() => localStorage.removeItem(`${prefix}try`));
  }

  read(name) {
    const text = this.#memory.get(name) ?? this.#try(() => localStorage.getItem(this.prefix + name));
    try { return text ? JSON.parse(text) : null; } catch { return null; }
  }

  write(name, value) {
    const text = JSON.stringify(value);
    if (this.#try(() => { localStorage.setItem(this.prefix + name, text); return true; })) this.#memory.delete(name);
    else this.#memory.set(name, text);
  }

  remove(name) {
    this.#memory.delete(name);
    this.#try(() => localStorage.removeItem(this.prefix + name));
  }

  names() {
    const kept = this.#try(() => Object.keys(localStorage)) ?? [];
    return kept.filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
  }

  wipe() {
    for (const name of this.names()) this.remove(name);
    this.#memory.clear();
  }

  #try(action) {
    try { return action(); } catch {
      if (this.lasting) { this.lasting = false; queueMicrotask(() => this.whenForgetful()); }
      return null;
    }
  }
}
