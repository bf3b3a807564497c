// The one place from which answers leave: kept on this device until the server has acknowledged them, sent in order.
import { Backoff } from "./backoff.js";
import { post, postInPassing } from "./wire.js";

const MINE = "queue:";
const FAREWELL = 20;

const sameRegister = (a) => (b) => a.position === b.position && a.register === b.register;
const sameSave = (a) => (b) => sameRegister(a)(b) && a.at === b.at && a.tab === b.tab;

/** Whether this, read from the device, can be sent and shown. */
function isSave(one) {
  if (!one || ![one.position, one.tab, one.at ?? 0].every(Number.isInteger)) return false;
  return one.register === "choice" ? Array.isArray(one.value) : one.register === "flagged";
}

/** Queue of saves {position, register, value, at, tab}. Its owner hears of everything through the when… functions. */
export class Outbox {
  #running = false;
  #sending = null;
  #rewinds = 0;
  #backoff = new Backoff();
  #emptied = [];

  constructor({ url, tab, clock, store, trace }) {
    Object.assign(this, { url, tab, clock, store, trace });
    this.queue = [];
    /** Why nothing is sent: "" | signed-out | stopped | over. */
    this.halted = "";
    this.savedAt = null;
    this.late = 0;
    this.whenChanged = () => {};
    this.whenHeld = () => {};
    this.whenRefused = () => {};
    this.whenHalted = () => {};
    this.whenRewound = () => {};
  }

  /** Whether the last try did not get through. */
  get failing() { return this.#backoff.failures > 0; }

  /** Whether a value of this register is still on its way. */
  holds(position, register) { return this.queue.some(sameRegister({ position, register })); }

  /** A new value of a register, given now. One that waits is replaced; one under way is not. Gives the save. */
  put(position, register, value) {
    const save = { position, register, value, at: this.clock.stamp(), tab: this.tab };
    this.#withdraw(save);
    this.queue.push(save);
    this.#changed();
    if (this.halted) this.whenHalted(this.halted);
    this.run();
    return save;
  }

  /** Send what another tab of this attempt left behind when it died; gives those saves. */
  adopt(living) {
    const orphans = this.store.names().filter((name) => name.startsWith(MINE) && !living.has(name.slice(MINE.length)));
    const left = orphans.flatMap((name) => this.store.read(name) ?? []).filter(isSave);
    const taken = left.filter((save) => this.url(save.position) && !this.queue.some(sameSave(save)));
    this.queue.push(...taken);
    if (orphans.length) this.#changed();
    for (const name of orphans) this.store.remove(name);
    this.run();
    return taken;
  }

  /** Send now, and from the start of the back-off: the network may be there again. */
  nudge() {
    this.#backoff.wake();
    this.run();
  }

  /** The right person is signed in again. */
  resume() {
    if (this.halted !== "signed-out" && this.halted !== "stopped") return;
    this.halted = "";
    this.whenHalted("");
    this.nudge();
  }

  /** Send nothing more: whenHalted(why) tells. */
  halt(why) {
    if (this.halted === "over" || this.halted === why) return;
    this.halted = why;
    if (why === "over") this.discard();
    this.whenHalted(why);
    this.whenChanged();
  }

  /** Forget everything: it has been submitted, or can never count. */
  discard() {
    this.queue = [];
    this.store.remove(MINE + this.tab);
    this.#settle();
  }

  /** Resolves when nothing waits any more. */
  drained() {
    return this.queue.length ? new Promise((resolve) => { this.#emptied.push(resolve); }) : Promise.resolve();
  }

  /** The page is going: let what waits try its luck. Copies stay here; the server takes a repetition for one. */
  leave() {
    if (this.halted) return;
    for (const save of this.queue.slice(0, FAREWELL)) {
      if (save.at !== null) postInPassing(this.url(save.position), this.#fields(save));
    }
  }

  async run() {
    if (this.#running) return;
    this.#running = true;
    while (this.queue.length && !this.halted) {
      if (this.#stampAll()) await this.#sendFirst();
      else await this.#pause();
    }
    this.#running = false;
    this.whenChanged();
  }

  async #sendFirst() {
    const save = this.#sending = this.queue[0];
    this.whenChanged();
    // The trace is of this page load: it does not ride on what another one left behind.
    const trace = save.tab === this.tab ? this.trace.changes() : null;
    const reply = await post(this.url(save.position), { ...this.#fields(save), trace: trace?.text ?? "" });
    this.#sending = null;
    if (!this.queue.includes(save)) return;
    if (reply.status === 200 && reply.body) {
      if (trace) this.trace.acknowledge(trace);
      this.#acknowledge(save, reply.body);
    } else {
      await this.#fail(save, reply);
    }
  }

  #fields(save) {
    const fields = { has: save.register, at: save.at, tab: save.tab };
    if (save.register === "flagged") fields.flagged = save.value ? "1" : "0";
    else fields.choice = save.value;
    return fields;
  }

  #acknowledge(save, body) {
    this.#backoff.reset();
    this.#rewinds = 0;
    this.clock.acknowledge(save.at);
    this.clock.heed(body);
    this.savedAt = new Date(body.saved_at);
    this.#remove(save);
    // The state that holds may be another device's; what was changed here meanwhile is still in the queue.
    for (const register of ["choice", "flagged"]) {
      if (!this.holds(save.position, register)) this.whenHeld(save, register, body[register]);
    }
  }

  async #fail(save, { status, body }) {
    const reason = status === 409 ? body?.reason : "";
    if (status === 401 || status === 403) this.halt("signed-out");
    else if (status === 404) this.halt("stopped");
    else if (reason === "finished" || reason === "too_late") this.#comeLate(save, reason);
    else if (reason === "passed") this.#refuse(save, "passed");
    else if (reason === "paused") this.halt("paused");
    else if (reason === "clock_ahead") await this.#rewind(body.at);
    else if (status >= 400 && status < 500 && status !== 408 && status !== 429) this.#refuse(save, "why");
    else await this.#retry(save);
  }

  #refuse(save, why) {
    this.#backoff.reset();
    this.#remove(save);
    this.whenRefused(save.position, save.register, why);
  }

  /** It does not count, but it was heard: the server keeps it in the log, and so it hears the rest too. */
  #comeLate(save, reason) {
    this.late += 1;
    this.#refuse(save, "late");
    if (reason === "finished" && !this.queue.length) this.halt("over");
  }

  async #rewind(at) {
    this.clock.rewind(at);
    for (const save of this.queue) save.at = null;
    this.whenRewound();
    this.#stampAll();
    this.#changed();
    // More than once in a row: the two clocks disagree on more than the reading.
    this.#rewinds += 1;
    if (this.#rewinds > 1) await this.#pause();
  }

  async #retry(save) {
    // A newer value of the same register makes this one pointless: it never arrived, or will be overtaken.
    const newest = this.queue.findLast(sameRegister(save));
    if (newest !== save && newest.tab === save.tab) this.#remove(save);
    await this.#pause();
  }

  async #pause() {
    const waiting = this.#backoff.wait();
    this.whenChanged();
    await waiting;
  }

  /** Stamp what was given while the clock was not trusted, in order; false where that must wait. */
  #stampAll() {
    for (const save of this.queue) {
      if (save.at === null) save.at = this.clock.stamp();
      if (save.at === null) return false;
    }
    return true;
  }

  #withdraw(save) {
    this.queue = this.queue.filter((one) => one === this.#sending || one.tab !== this.tab || !sameRegister(save)(one));
  }

  #remove(save) {
    this.queue = this.queue.filter((one) => one !== save);
    this.#changed();
    this.#settle();
  }

  #settle() {
    if (!this.queue.length) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  #changed() {
    if (this.queue.length) this.store.write(MINE + this.tab, this.queue);
    else this.store.remove(MINE + this.tab);
    this.whenChanged();
  }
}
