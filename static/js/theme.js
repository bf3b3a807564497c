// Light or dark: applied before the first paint, switched in the footer, remembered on this machine.
(function () {
  "use strict";
  var root = document.documentElement;
  var KEY = "theme";

  function stored() {
    try { var value = localStorage.getItem(KEY); return value === "light" || value === "dark" ? value : "system"; }
    catch (e) { return "system"; }
  }
  function apply(value) {
    if (value === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", value);
    document.querySelectorAll('meta[name="theme-color"]').forEach(function (meta) {
      if (!meta.dataset.own) meta.dataset.own = meta.content;
      var other = document.querySelector('meta[name="theme-color"][data-for="' + value + '"]');
      meta.content = other ? other.dataset.own || other.content : meta.dataset.own;
    });
  }
  function keep(value) {
    try { if (value === "system") localStorage.removeItem(KEY); else localStorage.setItem(KEY, value); }
    catch (e) { /* private mode: it holds for this page */ }
  }

  apply(stored());
  document.addEventListener("DOMContentLoaded", function () {
    apply(stored());  // once more: now the theme colors in the head are there
    var control = document.querySelector("[data-theme-switch]");
    if (!control) return;
    var show = function (value) {
      var input = control.querySelector('input[value="' + value + '"]');
      if (input) input.checked = true;
    };
    show(stored());
    control.hidden = false;
    control.addEventListener("change", function (event) { keep(event.target.value); apply(event.target.value); });
    window.addEventListener("storage", function (event) {
      if (event.key === KEY || event.key === null) { show(stored()); apply(stored()); }
    });
  });
})();
