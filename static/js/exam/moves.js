// Putting steps in order by two buttons at each; the selects say the same, and do without this script.
// The practice page loads this file alone.

const stepsOf = (list) => [...list.querySelectorAll(":scope > .piece")];
const selectOf = (piece) => piece.querySelector("select");
const placeOf = (piece) => Number(selectOf(piece).value.split("-")[1]);

function isWhole(steps) {
  const places = new Set(steps.map(placeOf));
  return !places.has(0) && places.size === steps.length;
}

/** The steps as they are to follow each other: by their places where each has one of its own, else as they stand. */
function inOrder(list) {
  const steps = stepsOf(list);
  return isWhole(steps) ? steps.sort((a, b) => placeOf(a) - placeOf(b)) : steps;
}

/** Show the steps of this select's list in the order that was given. */
export function sortSteps(select) {
  const list = select.closest(".parts:has([data-move])");
  if (!list) return;
  const wanted = inOrder(list);
  if (wanted.some((step, index) => step !== list.children[index])) list.append(...wanted);
}

function setPlace(step, place) {
  const select = selectOf(step);
  select.value = `${select.value.split("-")[0]}-${place}`;
}

function move(button) {
  const step = button.closest(".piece");
  const list = step.parentElement;
  if (selectOf(step).disabled) return;
  const steps = inOrder(list);
  const from = steps.indexOf(step);
  const to = Math.min(Math.max(0, from + Number(button.dataset.move)), steps.length - 1);
  steps.splice(to, 0, ...steps.splice(from, 1));
  steps.forEach((one, index) => setPlace(one, index + 1));
  list.append(...steps);
  button.focus();
  say(list, step, to + 1);
  selectOf(step).dispatchEvent(new Event("change", { bubbles: true }));
}

function say(list, step, place) {
  const line = list.parentElement.querySelector("[data-moved]");
  const letter = step.querySelector(".l").textContent;
  line.textContent = line.dataset.moved.replace("{letter}", letter).replace("{place}", place);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (button) move(button);
});

function sortAll() {
  for (const list of document.querySelectorAll(".parts:has([data-move])")) sortSteps(selectOf(list));
}

sortAll();
document.addEventListener("htmx:afterSettle", sortAll);
