"""How the printed paper looks: black on white, for A4 and Letter alike, since it names no size of its own."""

STYLE = """@page { margin: 18mm 17mm 20mm;
  @bottom-center { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
@page key { @bottom-left { content: "Key"; font: bold 9pt sans-serif; } }
html { color: #000; background: #fff; }
body { font: 11pt/1.45 Georgia, "Times New Roman", serif; margin: 0 auto; max-width: 178mm; padding: 0 1em;
  overflow-wrap: anywhere; }
h1, h2, h3, .ask, .who, .about, .right, .mark { font-family: "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 .6em; }
h2 { font-size: 14pt; margin: 1.6em 0 .6em; border-bottom: 1.5pt solid #000; }
h3 { font-size: 11pt; margin: 0 0 .3em; }
h1, h2, h3 { break-after: avoid; }
p { margin: .35em 0; orphans: 3; widows: 3; }
.who { display: flex; gap: 2em; margin: .8em 0 1.2em; }
.who > span { display: flex; flex: 1; align-items: flex-end; gap: .5em; }
.line { flex: 1; border-bottom: .75pt solid #000; min-width: 9em; display: inline-block; height: 1.2em; }
.question, .keyed { margin: 0 0 1.5em; }
.question { break-inside: avoid; }
.ask { font-weight: bold; font-size: 10pt; break-after: avoid; }
.scenario { border-left: 2pt solid #000; padding: .1em 0 .1em .9em; margin: 0 0 1em; break-after: avoid; }
.shared { font-style: italic; }
ol.options, ol.prompts { margin: .3em 0; padding-left: 2.2em; }
ol.options > li, ol.prompts > li { margin: .35em 0; break-inside: avoid; padding-left: .2em; }
ol > li > p:first-child { margin-top: 0; }
ol > li > p:last-child { margin-bottom: 0; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5em; align-items: start; }
pre { font: 9pt/1.4 Menlo, Consolas, "DejaVu Sans Mono", monospace; border: .75pt solid #555; padding: .5em .7em;
  white-space: pre-wrap; overflow-wrap: anywhere; break-inside: avoid; margin: .5em 0; }
code { font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .88em; }
pre code { font-size: 1em; }
table { border-collapse: collapse; margin: .5em 0; break-inside: avoid; }
th, td { border: .75pt solid #555; padding: .2em .5em; text-align: left; vertical-align: top; }
img { max-width: 100%; max-height: 200mm; height: auto; break-inside: avoid; }
a { color: #000; }
.sheet, .key { break-before: page; }
.key { page: key; }
.sheet ol { columns: 2; column-gap: 2.5em; padding-left: 2.6em; margin: 0; }
.sheet li { break-inside: avoid; padding: .25em 0 .25em .3em; min-height: 1.8em; }
.sheet li .line { width: 75%; flex: none; }
.mark { display: inline-block; box-sizing: border-box; width: 1.9em; height: 1.9em; line-height: 1.75em; font-size: 9pt;
  text-align: center; border: .75pt solid #000; border-radius: 50%; }
.box { display: inline-block; width: 1.7em; height: 1.6em; border: .75pt solid #000; vertical-align: middle; }
.about { font-size: 9pt; margin: 0; }
.right { font-weight: bold; }
.key, .key ol > li { font-size: 10pt; }
.sources { margin: .2em 0; padding-left: 1.5em; font-size: 9pt; }
@media screen { body { padding: 1.5em; } .sheet, .key { margin-top: 4em; } .columns { gap: 1em; } }
@media screen and (max-width: 40em) { .columns, .sheet ol { display: block; columns: 1; } .who { display: block; } }
"""
