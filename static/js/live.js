// The live view of an assignment: it asks while somebody looks at it, and says since when nobody answers.
(function () {
  "use strict";
  var watch = document.getElementById("watch");
  var hold = document.getElementById("hold");
  var stale = document.getElementById("stale");
  if (!watch || !window.htmx) return;

  function part() { return document.getElementById("live"); }
  function goesOn() { return part().hasAttribute("hx-get"); }
  function isHeld() { return hold.getAttribute("aria-pressed") === "true"; }
  function look() { if (goesOn() && !isHeld() && !document.hidden) window.htmx.trigger(part(), "look"); }

  function tell(words) {
    var moment = part().querySelector("[data-as-of]").textContent;
    var told = words.replace("{time}", moment);
    var place = stale.querySelector("p");
    // Said once: an alert that is written anew is read out anew.
    if (stale.hidden || place.textContent !== told) { stale.hidden = false; place.textContent = told; }
  }

  function draw() {
    hold.hidden = !goesOn();
    watch.toggleAttribute("data-asks", goesOn() && !isHeld());
  }

  draw();
  hold.addEventListener("click", function () {
    hold.setAttribute("aria-pressed", String(!isHeld()));
    draw();
    look();
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt === part() && (isHeld() || document.hidden)) event.preventDefault();
  });
  ["htmx:sendError", "htmx:timeout"].forEach(function (failure) {
    document.addEventListener(failure, function (event) {
      if (event.detail.elt === part()) tell(watch.dataset.stale);
    });
  });
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.elt !== part()) return;
    tell(event.detail.xhr.status < 500 ? watch.dataset.gone : watch.dataset.stale);
  });

  var across = 0;
  document.addEventListener("htmx:beforeSwap", function (event) {
    var table = event.detail.target === part() && part().querySelector(".scroll");
    across = table ? table.scrollLeft : 0;
  });
  document.addEventListener("htmx:load", function (event) {
    if (event.detail.elt !== part()) return;
    stale.hidden = true;
    draw();
    var table = part().querySelector(".scroll");
    if (table) table.scrollLeft = across;
  });
})();
