// A page of the notes: j and k go to the next and the previous section.
(function () {
  "use strict";
  function sections() {
    return Array.prototype.slice.call(document.querySelectorAll("#main h2[id], #main h3[id]"));
  }
  // How far a heading stands below the place to which a jump brings it; a little less than nothing counts as there.
  function below(heading) {
    var free = parseFloat(getComputedStyle(heading).scrollMarginTop)
      + (parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0);
    return heading.getBoundingClientRect().top - free - 2;
  }
  function step(by) {
    var all = sections();
    var there = all.filter(function (one) { return below(one) <= 0; }).length;
    var between = there > 0 && below(all[there - 1]) < -6;
    var next = all[by > 0 ? there : between ? there - 1 : there - 2];
    if (!next) { if (by < 0) window.scrollTo(0, 0); return; }
    next.setAttribute("tabindex", "-1");
    next.scrollIntoView({ behavior: "instant" });
    next.focus({ preventScroll: true });
    history.replaceState(null, "", "#" + next.id);
  }
  // An objection is about the statement one has jumped to, if it is one.
  var objection = document.querySelector(".challenge a");
  var page = objection && objection.getAttribute("href");
  function aim() {
    var name = location.hash.slice(1);
    var heading = document.getElementById(name);
    var statement = /^[a-z0-9-]+$/.test(name) && heading && !/^H[1-6]$/.test(heading.tagName);
    if (objection) objection.setAttribute("href", statement ? page + name + "/" : page);
  }
  window.addEventListener("hashchange", aim);
  aim();
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    var at = event.target;
    if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else return;
    event.preventDefault();
  });
})();
