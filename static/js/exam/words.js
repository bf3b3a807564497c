// Every word that the exam room's scripts show: from the page's <template id="words">, so that it can be translated.
const texts = new Map();
for (const one of document.getElementById("words").content.querySelectorAll("[data-word]")) {
  texts.set(one.dataset.word, one.textContent.trim());
}
const language = document.documentElement.lang || "en";
const plurals = new Intl.PluralRules(language);
const timeOfDay = new Intl.DateTimeFormat(language, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** A text by its name, with its {places} filled. */
export function words(name, values = {}) {
  return (texts.get(name) ?? "").replace(/\{(\w+)\}/g, (_, place) => values[place] ?? "");
}

/** A text with a number in it, in the right plural. */
export function counted(name, n) {
  const form = `${name}.${plurals.select(n)}`;
  return words(texts.has(form) ? form : `${name}.other`, { n });
}

/** A moment as the learner's clock on the wall shows it: 14:02:31. */
export function clockTime(date) {
  return timeOfDay.format(date);
}

/** Milliseconds as 1:58:07. */
export function duration(ms) {
  const seconds = Math.ceil(ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const liveRegion = document.getElementById("announce");
const HESITATION = 60;
let speaking = 0;
let pending = "";

/** Say something to a screen reader, politely; the same words said twice are heard twice. */
export function announce(text) {
  liveRegion.textContent = "";
  clearTimeout(speaking);
  pending = text;
  speaking = setTimeout(() => { liveRegion.textContent = pending; pending = ""; }, HESITATION);
}

/** Say something after what is about to be said, instead of in its place. */
export function announceToo(text) { announce(`${pending} ${text}`.trim()); }
