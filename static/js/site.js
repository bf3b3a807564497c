// Two conveniences: "/" goes to the search field, and a heading's link copies its address.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    var at = event.target;
    if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
    var field = document.querySelector(".find input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a.anchor");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    // The link still works as a link; the address bar shows the same address.
    navigator.clipboard.writeText(link.href).then(function () {
      link.setAttribute("data-copied", document.body.dataset.copied || "Link copied");
      setTimeout(function () { link.removeAttribute("data-copied"); }, 1600);
    }, function () { /* not allowed: the address bar has it */ });
  });
})();
