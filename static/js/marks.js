// Passages one marks on a page of the notes. Places are counts of characters that are no space: the same in the
// page's text on the server and here, however the html is broken into lines and elements.
(function () {
  "use strict";
  // What the server's language takes for space, character by character (a test compares the two).
  const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;
  const MINE = ".beside, .markpoint, .markhere, .marking";
  const BLOCKS = "p, li, tr, pre, figcaption";
  const main = document.getElementById("main");
  const bar = document.getElementById("marking");
  if (!main || !bar || !window.htmx) return;
  const choice = bar.querySelector("[data-marking-choice]");
  const place = bar.querySelector("[data-marking-form]");
  const told = bar.querySelector("[data-marking-told]");
  let chosen = null;
  let saving = false;
  let back = null;

  function letters(text) {
    let count = 0;
    for (const one of text) if (!SPACE.test(one)) count += 1;
    return count;
  }

  // The place in a text before which so many characters stand that are no space.
  function after(text, count) {
    let at = 0;
    for (const one of text) {
      if (!SPACE.test(one)) { if (count === 0) return at; count -= 1; }
      at += one.length;
    }
    return at;
  }

  // The text nodes of the article, each with what stands before it; nothing that this script has put in.
  function nodes() {
    const found = [];
    let start = 0;
    for (const part of main.querySelectorAll("[data-passages]")) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.parentElement.closest(`svg, ${MINE}`)) continue;
        const count = letters(node.data);
        found.push({ node, start, count });
        start += count;
      }
    }
    found.total = start;
    return found;
  }

  // What a range covers, as two counts, or null.
  function covered(range) {
    let first = null;
    let end = 0;
    const all = nodes();
    for (const { node, start, count } of all) {
      if (!count || !range.intersectsNode(node)) continue;
      const from = node === range.startContainer ? letters(node.data.slice(0, range.startOffset)) : 0;
      const to = node === range.endContainer ? letters(node.data.slice(0, range.endOffset)) : count;
      if (to <= from) continue;
      if (first === null) first = start + from;
      end = start + to;
    }
    return first === null ? null : { passage: `${first}-${end}`, total: all.total };
  }

  // Drawing

  function clear() {
    for (const one of main.querySelectorAll("mark[data-mark]")) {
      const parent = one.parentNode;
      one.replaceWith(...one.childNodes);
      parent.normalize();
    }
    for (const one of main.querySelectorAll(".markpoint, .beside")) one.remove();
  }

  function wrap(node, from, to, pk) {
    const middle = from ? node.splitText(from) : node;
    const rest = to - from < middle.data.length ? middle.splitText(to - from) : null;
    const mark = document.createElement("mark");
    mark.dataset.mark = pk;
    middle.replaceWith(mark);
    mark.append(middle);
    return { mark, middle, before: from ? node : null, rest };
  }

  function drawOne(all, pk, first, end) {
    let last = null;
    for (let at = 0; at < all.length; at += 1) {
      const { node, start, count } = all[at];
      const from = Math.max(first, start) - start;
      const to = Math.min(end, start + count) - start;
      if (to <= from) continue;
      const until = after(node.data, to - 1);
      const width = String.fromCodePoint(node.data.codePointAt(until)).length;
      const made = wrap(node, after(node.data, from), until + width, pk);
      const pieces = [];
      if (made.before) pieces.push({ node: made.before, start, count: from });
      pieces.push({ node: made.middle, start: start + from, count: to - from });
      if (made.rest) pieces.push({ node: made.rest, start: start + to, count: count - to });
      all.splice(at, 1, ...pieces);
      at += pieces.length - 1;
      last = made.mark;
    }
    return last;
  }

  function toggle(pk, open) {
    const note = document.getElementById(`mark-${pk}`);
    if (!note) return;
    note.hidden = open === undefined ? !note.hidden : !open;
    for (const one of main.querySelectorAll(`.markpoint[aria-controls="mark-${pk}"]`)) {
      one.setAttribute("aria-expanded", String(!note.hidden));
    }
    arrange();
  }

  function point(mark, note, pk) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "markpoint";
    button.setAttribute("aria-controls", note.id);
    button.setAttribute("aria-expanded", String(!note.hidden));
    button.setAttribute("aria-label", bar.dataset.button + mark.textContent.trim().slice(0, 40));
    button.addEventListener("click", () => toggle(pk));
    (mark.closest("a") || mark).after(button);
    let block = mark;
    while (!block.parentElement.hasAttribute("data-passages")) block = block.parentElement;
    // Notes on one block stand below it in the order of their passages.
    while (block.nextElementSibling && block.nextElementSibling.matches(".beside")) block = block.nextElementSibling;
    // A box of its own: htmx copies the attributes of what has an id, and the policy lets no copied style pass.
    const beside = document.createElement("div");
    beside.className = "beside";
    beside.append(note);
    block.after(beside);
  }

  let layer = document.getElementById("marks");
  function draw() {
    const own = document.getElementById("marks");
    layer = own;
    clear();
    const all = nodes();
    // A page from before an edit: what is marked stands elsewhere by now, and is left undrawn until it is loaded anew.
    if (!own || !own.dataset.marks || Number(own.dataset.letters) !== all.total) return;
    for (const text of own.dataset.marks.split(" ")) {
      const [pk, first, end] = text.split(/[:-]/).map(Number);
      const note = document.getElementById(`mark-${pk}`);
      const mark = drawOne(all, pk, first, end);
      if (mark && note) point(mark, note, pk);
    }
    main.closest(".page").classList.toggle("noted", Boolean(main.querySelector(".beside")));
    arrange();
    arrive();
  }

  // Beside the text where there is room: each note at the height of its passage, none over another.
  const wide = window.matchMedia("(min-width: 76rem)");
  function arrange() {
    let free = 0;
    for (const beside of main.querySelectorAll(".beside")) {
      const note = beside.firstElementChild;
      beside.style.top = "";
      if (!wide.matches || !note || note.hidden) continue;
      const mark = main.querySelector(`mark[data-mark="${note.id.slice("mark-".length)}"]`);
      const wanted = mark.getBoundingClientRect().top - main.getBoundingClientRect().top;
      beside.style.top = `${Math.max(wanted, free)}px`;
      free = Math.max(wanted, free) + beside.offsetHeight + 12;
    }
  }
  wide.addEventListener("change", arrange);
  new ResizeObserver(arrange).observe(main);
  main.addEventListener("toggle", arrange, true);

  // The list of all marks leads here with the mark's number.
  let arrived = false;
  function arrive() {
    const pk = new URLSearchParams(location.search).get("mark");
    const button = /^\d+$/.test(pk || "") && main.querySelector(`.markpoint[aria-controls="mark-${pk}"]`);
    if (arrived || !button) return;
    arrived = true;
    toggle(pk, true);
    button.scrollIntoView({ block: "center", behavior: "instant" });
    button.focus({ preventScroll: true });
  }

  // Choosing

  function rest() {
    chosen = null;
    bar.hidden = true;
    choice.hidden = false;
    place.replaceChildren();
  }

  function close() {
    const to = back;
    rest();
    back = null;
    if (to && to.isConnected) to.focus();
  }

  // The bar stands behind the block that is marked, so that Tab leads into it; on screens of a mouse, near the passage.
  function open(range) {
    let block = range.endContainer.nodeType === 1 ? range.endContainer : range.endContainer.parentElement;
    if (!block.closest("[data-passages]")) block = main.querySelector("[data-passages]").lastElementChild;
    while (block.parentElement && !block.parentElement.hasAttribute("data-passages")) block = block.parentElement;
    block.after(bar);
    const box = range.getBoundingClientRect();
    bar.style.top = `${box.bottom - main.getBoundingClientRect().top + 8}px`;
    told.textContent = "";
    bar.hidden = false;
  }

  function ask() {
    told.textContent = "";
    const address = `${bar.dataset.url}?passage=${chosen.passage}&seen=${chosen.total}`;
    return window.htmx.ajax("GET", address, { target: place, swap: "innerHTML", source: bar });
  }

  function look() {
    const selection = document.getSelection();
    if (place.childElementCount || bar.contains(document.activeElement)) return;
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const within = range && main.contains(range.commonAncestorContainer) && !bar.contains(range.commonAncestorContainer);
    const found = within ? covered(range) : null;
    if (!found) { if (chosen) rest(); return; }
    chosen = found;
    open(range);
  }
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 200);
  });
  // A press on a button must not take the selection away.
  bar.addEventListener("pointerdown", (event) => { if (event.target.closest("[data-marking-choice]")) event.preventDefault(); });

  bar.addEventListener("click", (event) => {
    if (event.target.closest("[data-marking-cancel]")) { close(); return; }
    if (!chosen || !event.target.closest("[data-marking-choice] button")) return;
    saving = Boolean(event.target.closest("[data-marking-save]"));
    choice.hidden = true;
    ask();
  });

  place.addEventListener("htmx:afterSettle", () => {
    const form = place.querySelector("form");
    if (!form) return;
    const errors = form.querySelector(".errors");
    if (saving && !errors) { saving = false; form.requestSubmit(); return; }
    saving = false;
    choice.hidden = true;
    (errors || form.querySelector("textarea")).focus();
  });

  // Keyboard: a button at each block of a section, for as long as one marks.

  function stop() {
    for (const one of main.querySelectorAll(".markhere")) one.remove();
    for (const one of main.querySelectorAll("[data-mark-mode][data-words]")) {
      one.textContent = one.dataset.words;
      delete one.dataset.words;
    }
  }

  function offer(link) {
    const part = link.closest(".practice").previousElementSibling;
    for (const block of part.querySelectorAll(BLOCKS)) {
      if (block.closest(MINE) || block.closest("thead") || block.querySelector(BLOCKS) || !block.textContent.trim()) continue;
      if (block.matches(".k")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "markhere";
      button.textContent = "+";
      button.setAttribute("aria-label", bar.dataset.block + block.textContent.trim().slice(0, 60));
      button.addEventListener("click", () => {
        const range = document.createRange();
        range.selectNodeContents(block);
        chosen = covered(range);
        back = button;
        if (!chosen) return;
        open(range);
        choice.hidden = true;
        ask();
      });
      (block.matches("tr") ? block.lastElementChild : block).append(button);
    }
    link.dataset.words = link.textContent;
    link.textContent = bar.dataset.stop;
    const first = part.querySelector(".markhere");
    if (first) first.focus();
  }

  main.addEventListener("click", (event) => {
    const link = event.target.closest("[data-mark-mode]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const on = !link.dataset.words;
      stop();
      rest();
      if (on) offer(link);
      return;
    }
    const mark = event.target.closest("mark[data-mark]");
    if (mark && !event.target.closest("a") && document.getSelection().isCollapsed) toggle(Number(mark.dataset.mark));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!bar.hidden) { close(); return; }
    const link = main.querySelector("[data-mark-mode][data-words]");
    if (link) { stop(); link.focus(); }
  });

  // What the server answers

  // After it has settled: until then htmx still sets the attributes of what has come.
  document.addEventListener("htmx:afterSettle", (event) => {
    // Whoever has just pressed a bookmark stays at it.
    if (event.target.matches(".keep") && document.activeElement === document.body) event.target.querySelector("button").focus();
    if (document.getElementById("marks") === layer) return;
    const marking = !bar.hidden;
    draw();
    if (!marking) return;
    const to = back;
    document.getSelection().removeAllRanges();
    rest();
    back = null;
    told.textContent = bar.dataset.done;
    if (to && to.isConnected) to.focus();
  });
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    bar.addEventListener(failure, () => {
      saving = false;
      choice.hidden = Boolean(place.childElementCount);
      told.textContent = bar.dataset.failed;
    });
  }
})();
