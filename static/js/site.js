// Conveniences: "/" goes to the search field, arrows walk through what it found, a heading's link copies its address.
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

  // What the search finds while one types. It is a list of links: Tab works as well.
  var finding = document.getElementById("finding");
  var typed = document.getElementById("find");
  function close() { if (finding) finding.replaceChildren(); }
  document.addEventListener("keydown", function (event) {
    if (!finding || !finding.childElementCount || !event.target.closest(".find")) return;
    var links = Array.prototype.slice.call(finding.querySelectorAll("a"));
    var at = links.indexOf(document.activeElement);
    if (event.key === "Escape") { close(); typed.focus(); }
    else if (event.key === "ArrowDown") (links[at + 1] || links[0] || typed).focus();
    else if (event.key === "ArrowUp") (at > 0 ? links[at - 1] : typed).focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusin", function (event) { if (finding && !event.target.closest(".find")) close(); });
  document.addEventListener("click", function (event) { if (finding && !event.target.closest(".find")) close(); });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (failure) {
    document.addEventListener(failure, function (event) {
      if (!finding || event.target !== typed) return;
      var note = document.createElement("p");
      note.textContent = typed.form.dataset.failed;
      finding.replaceChildren(note);
    });
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
