// Practice: keys, focus on what arrived, and a word when the network fails.
document.addEventListener("htmx:afterSettle", () => {
  const arrived = document.querySelector("#practice [data-focus]");
  if (arrived) arrived.focus({ preventScroll: true });
});

function sayFailed() {
  const room = document.getElementById("practice");
  const form = room && room.querySelector("form");
  if (!form) return;
  let note = document.getElementById("practice-error");
  if (!note) {
    note = document.createElement("p");
    note.id = "practice-error";
    note.className = "error";
    note.setAttribute("role", "alert");
    form.prepend(note);
  }
  note.textContent = room.dataset.failed;
}

for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, sayFailed);
}

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  if (token) event.detail.headers["X-CSRFToken"] = token.slice("csrftoken=".length);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  if (event.target.matches("input:not([type=radio], [type=checkbox]), select, textarea")) return;
  const option = document.querySelector(`#practice input[name=choice][value="${event.key}"]`);
  if (option) option.click();
});
