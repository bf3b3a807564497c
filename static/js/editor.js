// The question editor: saves by itself, keeps a copy in this browser until the server has it, cites, marks requirements.
const form = document.getElementById("editor");
const line = document.getElementById("saved");
const templates = document.getElementById("editor-words");
const STORED = `sapro:question:${form.dataset.code}`;
const REST_MS = 1500;
const AGAIN_MS = 10_000;

function say(word, values = {}) {
  const text = templates.content.querySelector(`[data-word="${word}"]`).textContent;
  return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

function show(word, values) {
  line.hidden = false;
  line.dataset.state = word;
  line.textContent = say(word, values);
}

const clock = (moment) => new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const keep = (text) => { try { localStorage.setItem(STORED, text); } catch { /* no room, or a private window */ } };
const forget = () => { try { localStorage.removeItem(STORED); } catch { /* nothing there */ } };
const kept = () => { try { return localStorage.getItem(STORED); } catch { return null; } };

/** What the form would post, without what belongs to this page load alone. */
function fields(of = form) {
  const data = new FormData(of);
  for (const name of ["csrfmiddlewaretoken", "do"]) data.delete(name);
  return data;
}

const asText = (of = form) => JSON.stringify([...fields(of)].filter(([name]) => name !== "revision"));

/** The fields as the server sent them: what was typed before this script ran is not saved yet. */
function asSent() {
  const sent = form.cloneNode(true);
  sent.reset();
  return asText(sent);
}

let saved = asSent();
/** Signing in in another tab changes the token: the cookie has the one that holds. */
function presentToken() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : form.elements.csrfmiddlewaretoken.value;
}

let timer = 0;
let sending = null;
let stopped = false;

function changed() {
  if (asText() === saved) return;
  keep(asText());
  clearTimeout(timer);
  timer = setTimeout(save, REST_MS);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, AGAIN_MS);
}

async function save() {
  if (sending || stopped) return;
  const text = asText();
  if (text === saved) return;
  show("saving");
  const data = fields();
  const token = presentToken();
  let reply;
  try {
    sending = fetch(form.dataset.autosave, {
      method: "POST", body: data, headers: { "X-CSRFToken": token }, redirect: "manual",
    });
    reply = await sending;
  } catch {
    show("offline");
    later();
    return;
  } finally {
    sending = null;
  }
  await take(reply, text);
}

async function take(reply, text) {
  if (reply.ok) {
    const { revision, saved_at: at, alike } = await reply.json();
    form.elements.revision.value = revision;
    saved = text;
    if (asText() === text) forget();
    show("saved", { time: clock(at) });
    document.getElementById("alike").replaceChildren(...alike.map(alikeLine));
    changed();
  } else if (reply.status === 409) {
    const { who } = await reply.json();
    stopped = true;
    show("overtaken", { who });
  } else if (reply.type === "opaqueredirect" || [401, 403, 404].includes(reply.status)) {
    signedOut();
    later();
  } else if (reply.status >= 500 || reply.status === 429 || reply.status === 408) {
    show("offline");
    later();
  } else {
    show("refused");
  }
}

function signedOut() {
  show("signed-out");
  const link = Object.assign(document.createElement("a"), { href: form.dataset.signIn, textContent: say("sign-in") });
  line.append(" ", link);
}

function alikeLine({ code, share }) {
  const text = say("alike", { code, share: Math.round(share * 100) });
  return Object.assign(document.createElement("p"), { textContent: text });
}

/** Put a copy back into the fields that are there; rows that were added come with the next save. */
function putBack(text) {
  const values = new Map();
  for (const [name, value] of JSON.parse(text)) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || ["revision", "csrfmiddlewaretoken", "do"].includes(field.name)) continue;
    const given = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = given.includes(option.value);
    else field.value = given[0] ?? "";
    values.delete(field.name);
  }
  for (const [name, given] of values) {
    for (const value of given) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

function offerCopy() {
  const text = kept();
  if (!text || text === saved) { forget(); return; }
  const box = document.getElementById("unsent");
  box.hidden = false;
  box.querySelector("[data-restore]").addEventListener("click", () => {
    putBack(text);
    box.hidden = true;
    form.elements.stem.focus();
    changed();
  });
  box.querySelector("[data-discard]").addEventListener("click", () => { forget(); box.hidden = true; });
}

function cite(name) {
  const area = form.elements.references;
  const lines = area.value.split("\n").map((one) => one.trim()).filter(Boolean);
  if (!lines.includes(name)) area.value = [...lines, name].join("\n");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

/** The words selected in the question become a requirement: a row that is empty, or a new one. */
function mark() {
  const stem = form.elements.stem;
  const text = stem.value.slice(stem.selectionStart, stem.selectionEnd).trim();
  if (!text) { stem.focus(); return; }
  const rows = [...form.querySelectorAll("input[name^=constraints-][name$=-text]")];
  const empty = rows.find((one) => one.value.trim() === "");
  if (empty) {
    empty.value = text;
    empty.dispatchEvent(new Event("input", { bubbles: true }));
    empty.focus();
    return;
  }
  const name = `constraints-${rows.length}-text`;
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: text }));
  // Without a network the page would be lost to the browser's error page: the row shows with the next save.
  if (!navigator.onLine) { changed(); return; }
  form.requestSubmit(form.querySelector("button[name=do][value=save]"));
}

// What is found shows below the field; without this script the search is a page of its own.
document.getElementById("finder").addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("focusout", () => { if (asText() !== saved) { clearTimeout(timer); timer = setTimeout(save, 200); } });
form.addEventListener("submit", () => {
  form.elements.csrfmiddlewaretoken.value = presentToken();
  stopped = true;
  clearTimeout(timer);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  clearTimeout(timer);
  if (asText() === saved) show("saved", { time: clock(Date.now()) });
  else save();
});
document.getElementById("kind").addEventListener("change", () => {
  form.requestSubmit(form.querySelector("button[name=do][value=kind]"));
});
window.addEventListener("online", save);
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cite]");
  if (button) cite(button.dataset.cite);
});
const marker = document.querySelector("[data-mark]");
marker.hidden = false;
// Pressing the button must not take the selection away.
marker.addEventListener("mousedown", (event) => event.preventDefault());
marker.addEventListener("click", mark);
const target = location.hash && document.getElementById(location.hash.slice(1));
if (target && /^(TEXTAREA|INPUT)$/.test(target.tagName)) target.focus();
offerCopy();
changed();
form.dataset.ready = "yes";
