// Repetition: single keys press what they name on the page; "?" shows them. The account can turn them off.
(function () {
  "use strict";
  var dialog = document.getElementById("keys");
  var opener = document.getElementById("show-keys");
  function room() { return document.getElementById("practice"); }
  if (!dialog || !opener || !room() || room().dataset.shortcuts === "off") return;
  opener.hidden = false;
  opener.addEventListener("click", function () { dialog.showModal(); });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
    if (event.target.matches("input:not([type=radio], [type=checkbox]), select, textarea")) return;
    if (event.key === "?") { event.preventDefault(); dialog.showModal(); return; }
    if (!/^[a-z]$/.test(event.key)) return;
    var named = room().querySelector('[data-key="' + event.key + '"]:not([disabled])');
    if (!named) return;
    event.preventDefault();
    named.click();
  });
})();
