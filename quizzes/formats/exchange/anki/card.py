"""The card of our note type: what Anki shows on its front and back.

Without scripts both sides can be read. With them the options stand in another order each time, can be ticked, and the
back says of each whether it is right and whether it was ticked. What was shown and ticked travels from the front to the
back in ``sessionStorage`` where there is one (AnkiDroid, AnkiMobile, AnkiWeb), and in ``window`` on the desktop, which
keeps the page.
"""

from quizzes.formats.exchange.anki.own import MOST_OPTIONS, OPTION, RATIONALE

_HEAD = """<div id="sapro" class="sapro {{text:Kind}}" data-kind="{{text:Kind}}" data-order="{{text:Order}}"
 data-code="{{text:Code}}" data-choose="{{text:Choose}}" SIDE>
{{#Scenario}}<div class="scenario">{{Scenario}}</div>{{/Scenario}}
<div class="stem">{{Stem}}</div>
{{#Choose}}<p class="ask">Choose {{text:Choose}}.</p>{{/Choose}}
<p class="ask for-ordering">Put these in the right order.</p>
<p class="ask for-matching">Find for each of these what belongs to it.</p>
<p class="ask for-typed">Think of the answer, then turn the card.</p>
"""
_CHOICES = """{{#Choices}}<div class="choices">{{Choices}}</div>{{/Choices}}
"""

_STORE = """
  var NAME = "sapro-card";
  function keep(state) {
    var text = JSON.stringify(state);
    try { sessionStorage.setItem(NAME, text); } catch (error) { /* none here: the page itself keeps it */ }
    window.saproCard = text;
  }
  function kept() {
    var text = null;
    try { text = sessionStorage.getItem(NAME); } catch (error) { text = null; }
    try { return JSON.parse(text || window.saproCard || "null"); } catch (error) { return null; }
  }
  var card = document.getElementById("sapro");
  if (!card) { return; }
  var kind = card.getAttribute("data-kind");
  var code = card.getAttribute("data-code");
  var chosen = kind === "multiple_choice" || kind === "multiple_response" || kind === "true_false";
  var list = card.querySelector(".options");
  var items = Array.prototype.slice.call(list.children);
  function number(item) { return Number(item.getAttribute("data-n")); }
"""

_FRONT = (
    """<script>
(function () {"""
    + _STORE
    + """
  if (card.getAttribute("data-order") !== "fixed") {
    for (var last = items.length - 1; last > 0; last -= 1) {
      var other = Math.floor(Math.random() * (last + 1));
      var held = items[last];
      items[last] = items[other];
      items[other] = held;
    }
    items.forEach(function (item) { list.appendChild(item); });
  }
  function save() {
    var ticked = items.filter(function (item) { return item.classList.contains("ticked"); });
    keep({code: code, shown: items.map(number), ticked: ticked.map(number)});
  }
  function mark(item, on) {
    item.classList.toggle("ticked", on);
    item.querySelector(".text").setAttribute("aria-checked", String(on));
  }
  function tick(item) {
    var single = kind !== "multiple_response";
    if (single) { items.forEach(function (one) { mark(one, one === item); }); }
    else { mark(item, !item.classList.contains("ticked")); }
    save();
  }
  if (chosen) {
    items.forEach(function (item) {
      var text = item.querySelector(".text");
      text.setAttribute("role", kind === "multiple_response" ? "checkbox" : "radio");
      text.setAttribute("tabindex", "0");
      item.classList.add("tappable");
      mark(item, false);
      item.addEventListener("click", function (event) { event.stopPropagation(); tick(item); });
      item.addEventListener("keydown", function (event) {
        if (event.key !== " ") { return; }
        event.preventDefault();
        event.stopPropagation();
        tick(item);
      });
    });
  }
  save();
})();
</script>"""
)

_BACK = (
    """<script>
(function () {"""
    + _STORE
    + """
  var state = kept();
  var mine = state && state.code === code && Array.isArray(state.shown) && Array.isArray(state.ticked);
  if (mine) {
    state.shown.forEach(function (one) {
      items.forEach(function (item) { if (number(item) === one) { list.appendChild(item); } });
    });
  }
  if (!chosen) { return; }
  var right = card.getAttribute("data-key").split(",").map(Number);
  var ticked = mine ? state.ticked : [];
  items.forEach(function (item) {
    var isRight = right.indexOf(number(item)) >= 0;
    var isTicked = ticked.indexOf(number(item)) >= 0;
    item.classList.add(isRight ? "right" : "wrong");
    if (isTicked) { item.classList.add("ticked"); }
    var label = document.createElement("div");
    label.className = "label";
    label.textContent = (isRight ? "Right" : "Wrong") + (isTicked ? ", your choice" : "");
    item.insertBefore(label, item.firstChild);
  });
  card.querySelector(".answer").style.display = "none";
  if (ticked.length) {
    var all = ticked.length === right.length && ticked.every(function (one) { return right.indexOf(one) >= 0; });
    var verdict = document.createElement("p");
    verdict.className = "verdict";
    verdict.textContent = all ? "All right." : "Not right: it counts only as a whole.";
    if (!all && right.length === 1) { verdict.textContent = "Not right."; }
    list.parentNode.insertBefore(verdict, list);
  }
})();
</script>"""
)


def _options(*, back: bool) -> str:
    rows = []
    for number in range(1, MOST_OPTIONS + 1):
        option, rationale = OPTION.format(number), RATIONALE.format(number)
        why = f'{{{{#{rationale}}}}}<div class="why">{{{{{rationale}}}}}</div>{{{{/{rationale}}}}}' if back else ""
        item = f'<li data-n="{number}"><div class="text">{{{{{option}}}}}</div>{why}</li>'
        rows.append(f"{{{{#{option}}}}}{item}{{{{/{option}}}}}")
    return f'<ol class="options">{"".join(rows)}</ol>\n'


FRONT = _HEAD.replace("SIDE", 'data-side="front"') + _options(back=False) + _CHOICES + "</div>\n" + _FRONT
BACK = (
    _HEAD.replace("SIDE", 'data-side="back" data-key="{{text:Key}}"')
    + '<hr id="answer">\n<div class="answer"><p>Right:</p>{{Answer}}</div>\n'
    + _options(back=True)
    + '{{#Rationale}}<div class="why">{{Rationale}}</div>{{/Rationale}}\n'
    + '{{#Sources}}<div class="sources"><p>Sources:</p>{{Sources}}</div>{{/Sources}}\n</div>\n'
    + _BACK
)

STYLE = """.card { font: 18px/1.5 system-ui, sans-serif; text-align: left; color: #1a1a1a; background: #fff; }
.sapro { max-width: 44em; margin: 0 auto; padding: 0 .5em; overflow-wrap: anywhere; }
.sapro p { margin: .5em 0; }
.sapro pre { overflow-x: auto; padding: .5em; background: #f2f2f2; font-size: .85em; }
.sapro code { font-size: .9em; }
.sapro table { border-collapse: collapse; }
.sapro th, .sapro td { border: 1px solid #767676; padding: .2em .5em; }
.sapro img { max-width: 100%; height: auto; }
.scenario { border-left: .25em solid #767676; padding-left: .75em; }
.ask { font-weight: bold; }
.for-ordering, .for-matching, .for-typed { display: none; }
.ordering .for-ordering, .matching .for-matching, .numeric .for-typed, .short_text .for-typed { display: block; }
.options { padding-left: 1.75em; list-style: upper-alpha; }
.options > li { margin: .4em 0; padding: .4em .6em; border: 1px solid #767676; border-radius: .3em; }
.options > li.tappable { cursor: pointer; }
.options > li > .text > p:first-child { margin-top: 0; }
.options > li > .text > p:last-child { margin-bottom: 0; }
.options > li.ticked { border: 3px solid #0b5cad; padding: calc(.4em - 2px) calc(.6em - 2px); }
.options > li.right { background: #e6f4e6; }
.options > li.wrong { background: #fbeaea; }
.options:empty { display: none; }
.label, .verdict { font-weight: bold; }
.why, .sources { font-size: .92em; }
.why { border-top: 1px solid #b0b0b0; margin-top: .4em; padding-top: .2em; }
.nightMode.card, .night_mode.card { color: #eee; background: #1e1e1e; }
.nightMode .sapro pre, .night_mode .sapro pre { background: #333; }
.nightMode .options > li.right, .night_mode .options > li.right { background: #173317; }
.nightMode .options > li.wrong, .night_mode .options > li.wrong { background: #401c1c; }
.nightMode .options > li.ticked, .night_mode .options > li.ticked { border-color: #7ab8f5; }
.nightMode a, .night_mode a { color: #7ab8f5; }
"""
