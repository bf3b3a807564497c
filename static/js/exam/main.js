// The exam room: wires the parts together. Without this script, or without htmx, the page is a plain form.
import { Booklet } from "./booklet.js";
import { ExamClock } from "./clock.js";
import { Ending } from "./ending.js";
import { Freshness } from "./freshness.js";
import { Heartbeat } from "./heartbeat.js";
import { Keys } from "./keys.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { Status } from "./status.js";
import { Store } from "./store.js";
import { Tabs, tabNumber } from "./tabs.js";
import { Timer } from "./timer.js";
import { Strikes } from "./tools.js";
import { Trace } from "./trace.js";
import { announce, announceToo, words } from "./words.js";

const byId = (id) => document.getElementById(id);
const LAST_MS = 3000;

function build(room) {
  const { code, person, at, limit } = room.dataset;
  const name = `sapro:exam:${code}:${person}:`;
  const tab = tabNumber();
  const store = new Store(name);
  const clock = new ExamClock(Number(at), limit === "" ? null : Number(limit));
  const trace = new Trace(store);
  const url = (position) => byId(`form-${position}`)?.getAttribute("action");
  const outbox = new Outbox({ url, tab, clock, store, trace });
  const tabs = new Tabs(name, tab);
  const heartbeat = new Heartbeat(room.dataset.clock, clock);
  const timer = new Timer(clock, store, heartbeat, "quiet" in room.dataset);
  const booklet = new Booklet(store);
  const strikes = new Strikes(booklet.sheets, store);
  const marks = new Marks(booklet.sheets, store);
  const parts = { room, store, clock, trace, outbox, tabs, heartbeat, timer, booklet, strikes, marks };
  parts.freshness = new Freshness();
  parts.status = new Status(outbox);
  parts.adopt = () => adopt(parts);
  parts.ending = new Ending(parts);
  return parts;
}

/** Take over what dead tabs left, and show it: it is newer than the page that the server sent. */
async function adopt({ outbox, tabs, booklet, freshness }) {
  for (const save of outbox.adopt(await tabs.living())) {
    if (!freshness.allows(save)) continue;
    freshness.note(save);
    booklet.show(save.position, save.register, save.value);
  }
}

/** An answer goes into the outbox and to the other tabs; what holds comes back to the sheets. */
function wireAnswers({ booklet, outbox, tabs, clock, status, ending, freshness }) {
  booklet.whenGiven = (position, register, value) => {
    const save = outbox.put(position, register, value);
    freshness.note(save);
    tabs.tell("given", save);
  };
  tabs.whenGiven = (save) => {
    clock.observe(save.at);
    if (!freshness.allows(save)) return;
    freshness.note(save);
    booklet.show(save.position, save.register, save.value);
  };
  outbox.whenHeld = ({ position, at }, register, value) => {
    if (freshness.allows({ position, register, at })) booklet.hold(position, register, value);
  };
  outbox.whenRewound = () => freshness.clear();
  outbox.whenRefused = (position, register, why) => {
    booklet.restore(position, register, words(`refused.${why}`));
    status.refuse(position);
  };
  outbox.whenChanged = () => { status.draw(); ending.draw(); };
}

/** What is struck out and what is marked goes into the trace and to the other tabs. */
function wireNotes({ strikes, marks, trace, tabs }) {
  const note = (position, noted) => trace.note(Number(position), noted);
  for (const [position, struck] of Object.entries(strikes.struck)) note(position, { strikes: struck });
  for (const [position, marked] of Object.entries(marks.marked)) note(position, { marks: marked });
  strikes.whenStruck = (position, struck) => {
    note(position, { strikes: struck });
    tabs.tell("struck", { position, strikes: struck });
  };
  tabs.whenStruck = ({ position, strikes: struck }) => {
    note(position, { strikes: struck });
    strikes.take(position, struck);
  };
  marks.whenMarked = (position, marked) => {
    note(position, { marks: marked });
    tabs.tell("marked", { position, marks: marked });
  };
  tabs.whenMarked = ({ position, marks: marked }) => {
    note(position, { marks: marked });
    marks.take(position, marked);
  };
}

/** What the server's replies mean for the page as a whole. */
function wireState({ room, outbox, heartbeat, timer, clock, booklet, ending, tabs, store, adopt: takeOver }) {
  // What did not count all the same goes into the log of the attempt.
  const over = () => outbox.drained().then(() => ending.finish({ told: false }));
  outbox.whenHalted = (why) => {
    const dialog = byId("signed-out");
    if (why === "over") ending.finish({ told: false });
    // Paused in another tab, or on another device. What waits here is kept, and sent when the exam goes on.
    if (why === "paused") location.reload();
    booklet.sheet?.say(why === "stopped" ? words("stopped.why") : "");
    if (why !== "signed-out") { dialog.close(); return; }
    byId("signed-out-text").textContent = words(store.lasting ? "signed-out.kept" : "signed-out.open");
    byId("sign-in").href = room.dataset.signIn + encodeURIComponent(location.search);
    byId("sign-in").target = store.lasting ? "" : "_blank";
    if (!dialog.open) dialog.showModal();
  };
  heartbeat.whenHeard = ({ phase, paused, may_pause: mayPause }) => {
    if (paused) { outbox.halt("paused"); return; }
    if (mayPause) offerPause();
    outbox.resume();
    outbox.nudge();
    ending.nudge();
    takeOver();
    if (phase === "over") over();
  };
  heartbeat.whenSignedOut = () => outbox.halt("signed-out");
  timer.whenUp = () => ending.timeIsUp();
  // Before the limit is moved: what is quiet does not say so.
  heartbeat.whenQuiet = () => timer.hush();
  clock.whenMoved = (more) => {
    const reopened = timer.up && clock.remaining() !== 0;
    timer.moved(more);
    if (reopened) ending.reopen();
  };
  tabs.whenOver = over;
  ending.whenOver = () => { timer.stop(); heartbeat.stop(); outbox.halt("over"); };
}

/** Whenever the page may have slept or been cut off: ask for the time, send what waits. */
function wireWaking({ outbox, heartbeat, ending, status, store, booklet }) {
  const wake = () => {
    if (ending.over) return;
    heartbeat.beat();
    outbox.nudge();
    ending.nudge();
  };
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => { status.draw(); ending.draw(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  window.addEventListener("pagehide", () => { booklet.flush(); outbox.leave(); });
  window.addEventListener("pageshow", (event) => {
    // A page from the browser's memory may be stale: what it has not sent is on this device, so load it anew.
    if (event.persisted && (store.lasting || !outbox.queue.length)) location.reload();
    else if (event.persisted) wake();
  });
}

/** Breaks were granted while the page is open. */
function offerPause() {
  const form = byId("pause-form");
  if (!form.hidden) return;
  form.hidden = false;
  announceToo(words("pause.given"));
}

/** A pause begins when every answer has arrived. */
function wirePause({ outbox, booklet }) {
  const form = byId("pause-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    booklet.close(true);
    outbox.drained().then(() => form.submit());
  });
}

function start(parts) {
  const { room, store, clock, trace, outbox, heartbeat, timer, booklet, strikes, marks, ending } = parts;
  wireAnswers(parts);
  wireNotes(parts);
  wireState(parts);
  wireWaking(parts);
  booklet.isHasty = () => (clock.remaining() ?? Infinity) < LAST_MS;
  wirePause(parts);
  booklet.whenShown = (position) => trace.show(position);
  store.whenForgetful = () => booklet.sheet?.say(words("unkept"));
  strikes.start();
  marks.start();
  booklet.start();
  ending.start();
  timer.start();
  heartbeat.start();
  new Keys(room, {
    n: () => booklet.next(),
    p: () => booklet.previous(),
    f: () => booklet.toggleFlag(),
    h: () => marks.highlight(booklet.sheet),
    r: () => booklet.go("review"),
    t: () => timer.say(),
    x: () => { if (booklet.sheet) announce(words("which")); },
    choose: (number) => booklet.choose(number),
    strike: (number) => strikes.toggle(booklet.sheet, number),
  }).start();
  parts.status.draw();
  parts.adopt();
  if (!navigator.onLine) outbox.whenChanged();
  // For tests and screen readers alike: the page is complete.
  room.dataset.ready = "yes";
}

const room = byId("room");
if (room && window.htmx) start(build(room));
