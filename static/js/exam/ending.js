// The end: by the learner's word or by the clock. First the last answers, then the submission; it goes on trying.
import { Backoff } from "./backoff.js";
import { post } from "./wire.js";
import { counted, words } from "./words.js";

const byId = (id) => document.getElementById(id);
const MOST_JITTER = 2000;
const AHEAD = 500;

/** Leads from the last question to the report. */
export class Ending {
  #backoff = new Backoff();
  #dialog = byId("ending");
  /** What is going on: null, or {byClock, asked, checked}. */
  #going = null;

  constructor({ room, outbox, trace, tabs, store, heartbeat, booklet, adopt }) {
    Object.assign(this, { room, outbox, trace, tabs, store, heartbeat, booklet, adopt });
    this.whenOver = () => {};
    this.over = false;
  }

  start() {
    byId("submit-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#going) this.#ask();
    });
    byId("confirm").addEventListener("close", () => {
      if (byId("confirm").returnValue === "submit") this.#go(false);
    });
    byId("ending-back").addEventListener("click", () => this.#giveUp());
    for (const id of ["ending", "over"]) byId(id).addEventListener("cancel", (event) => event.preventDefault());
  }

  /** The time is up. Everybody's is, in the same second: so not everybody submits in the same one. */
  async timeIsUp() {
    if (this.#going) this.#going.byClock = true;
    else await this.#go(true);
  }

  /** There is time again: it was added, or this page's clock ran ahead. */
  reopen() {
    if (this.#going?.asked) this.#going.byClock = false;
    else this.#giveUp();
  }

  /** Network, sign-in: try again now. */
  nudge() { this.#backoff.wake(); }

  /** Bring the words up to date with what still waits. */
  draw() {
    if (!this.#going) return;
    const { byClock } = this.#going;
    const stopped = this.outbox.halted === "stopped";
    const n = this.outbox.queue.length;
    const stuck = !navigator.onLine || this.outbox.failing || this.#backoff.failures > 0;
    byId("ending-title").textContent = words(byClock ? "ending.time" : "ending.submit");
    const waiting = n ? counted("ending.waiting", n) : words("ending.only");
    const going = stuck ? waiting : words("ending.sending");
    const text = stopped ? words("stopped.why") : going;
    if (byId("ending-text").textContent !== text) byId("ending-text").textContent = text;
    byId("ending-back").hidden = byClock;
  }

  /** Nothing can be changed any more: to the report, or say first what did not count. */
  finish({ told = true } = {}) {
    if (this.over) return;
    this.over = true;
    this.whenOver();
    this.store.wipe();
    const { late } = this.outbox;
    if (told && !late) {
      this.tabs.tell("over");
      location.replace(this.room.dataset.report);
      return;
    }
    this.booklet.close(true);
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
    byId("over-text").textContent = late ? counted("over.late", late) : words("over");
    byId("over").showModal();
  }

  #ask() {
    byId("confirm").returnValue = "";
    byId("confirm-text").textContent = this.booklet.navigator.warning;
    byId("confirm").showModal();
  }

  #giveUp() {
    this.#going = null;
    this.#dialog.close();
    this.booklet.close(false);
    this.#backoff.wake();
  }

  async #go(byClock) {
    const going = this.#going = { byClock, asked: !byClock };
    this.booklet.close(true);
    for (const open of document.querySelectorAll("dialog[open]:not(#signed-out)")) open.close();
    this.#dialog.showModal();
    byId("ending-title").focus();
    this.draw();
    await this.adopt();
    while (this.#going === going && !this.over) {
      if (await this.#try(going)) return this.finish();
      if (this.#going === going) await this.#wait();
    }
    return null;
  }

  async #try(going) {
    await this.outbox.drained();
    if (this.#going !== going || this.over) return false;
    if (going.byClock && !going.checked && !(await this.#isUp(going))) return false;
    const reply = await post(this.room.dataset.submit, { trace: this.trace.rest() });
    if (reply.status === 401 || reply.status === 403) this.outbox.halt("signed-out");
    if (reply.status === 404) this.outbox.halt("stopped");
    return reply.status >= 200 && reply.status < 300;
  }

  /** Ask before submitting for the clock: time may have been added in the last half minute. */
  async #isUp(going) {
    const most = Math.min(MOST_JITTER, Number(this.room.dataset.grace) * 250);
    await new Promise((resolve) => { setTimeout(resolve, Math.random() * most); });
    const answer = await this.heartbeat.beat();
    if (answer?.remaining > AHEAD) this.reopen();
    going.checked = answer !== null;
    return going.checked && this.#going === going;
  }

  async #wait() {
    const waiting = this.#backoff.wait();
    this.draw();
    await waiting;
  }
}
