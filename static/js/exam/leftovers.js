// Sends what a page that is gone left on this device: for the pages that follow the booklet, which no longer show it.
import { ExamClock } from "./clock.js";
import { Outbox } from "./outbox.js";
import { Store } from "./store.js";
import { tabNumber } from "./tabs.js";

const place = document.getElementById("leftovers");

function send({ code, person, at, limit, responses }) {
  const store = new Store(`sapro:exam:${code}:${person}:`);
  const clock = new ExamClock(Number(at), limit ? Number(limit) : null);
  const url = (position) => responses.replace(/0\/$/, `${position}/`);
  const trace = { changes: () => null };
  const outbox = new Outbox({ url, tab: tabNumber(), clock, store, trace });
  // Also what a living page is sending: the server takes a repetition for one.
  outbox.adopt(new Set());
  outbox.drained().then(() => store.wipe());
  window.addEventListener("online", () => outbox.nudge());
}

if (place && window.htmx) send(place.dataset);
