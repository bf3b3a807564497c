// Other tabs of the same attempt on this device: who lives, and what was given there.
const PATIENCE = 400;

/** Tells the other tabs, and hears from them: whenGiven(message), whenOver(), whenStruck(message), whenMarked(message). */
export class Tabs {
  #heard = new Set();

  constructor(name, tab) {
    this.tab = String(tab);
    this.whenGiven = () => {};
    this.whenStruck = () => {};
    this.whenMarked = () => {};
    this.whenOver = () => {};
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
    this.channel?.addEventListener("message", ({ data }) => this.#hear(data));
  }

  tell(kind, message = {}) { this.channel?.postMessage({ ...message, kind, tab: this.tab }); }

  /** The tabs that live, this one among them. A frozen one does not answer; taking over its queue does no harm. */
  async living() {
    this.#heard = new Set([this.tab]);
    this.tell("who");
    await new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
    return this.#heard;
  }

  #hear(data) {
    if (data.kind === "who") this.tell("here");
    // Who asks lives too: a tab that opened while this one was waiting never heard its question.
    if (data.kind === "here" || data.kind === "who") this.#heard.add(data.tab);
    if (data.kind === "given") this.whenGiven(data);
    if (data.kind === "struck") this.whenStruck(data);
    if (data.kind === "marked") this.whenMarked(data);
    if (data.kind === "over") this.whenOver();
  }
}

/** A random number for this page load; it breaks ties between answers given in the same millisecond. */
export function tabNumber() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0x1fffff) * 2 ** 32 + low || 1;
}
