"""A browser that opens pages full of text that would run, and notes whatever should not have happened."""

from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Page, Request

from sapro.accounts.models import User
from tests.security import corpus
from tests.security.people import BACKEND

HOOKS = """
for (const name of ["alert", "confirm", "prompt", "print"]) {
  window[name] = (...what) => console.error(`INJECTED by ${name} in ${location.pathname}`);
}
"""
LEFT_OVER = """() => {
  const found = [...document.links].filter((one) => !/^https?:$/.test(one.protocol)).map((one) => one.href);
  const shown = ".stem, .t, .why, .quoted, .prose, .challenges li, .eyebrow, .lede, dd, #results";
  const areas = document.querySelectorAll(shown);
  for (const area of areas) {
    for (const one of area.querySelectorAll("*")) {
      // What the page of a note has of its own: the mark of a reader, and the request for their layer.
      if (one.closest(".markread") || one.getAttribute("hx-get")?.endsWith("/mine/")) continue;
      const bookmark = one.closest("form[action$='/bookmark/']");
      if (bookmark && !bookmark.closest("[data-passages]")) continue;
      for (const { name } of one.attributes) {
        if (/^(on|hx-|data-hx|x-|v-|style$|srcdoc$|srcset$|name$)/.test(name)) found.push(`${one.tagName} ${name}`);
      }
      if (/^(SCRIPT|STYLE|IFRAME|OBJECT|EMBED|LINK|META|BASE|IMG|VIDEO|AUDIO|MATH|TEMPLATE)$/.test(one.tagName)) {
        found.push(one.outerHTML.slice(0, 80));
      }
    }
  }
  return found;
}"""


def is_stray(url: str, host: str) -> bool:
    """Whether it leads to another host, or is what only markup of the corpus asks for. A text may stand in it."""
    if url.startswith(("data:", "blob:")):
        return False
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" != host or parts.query.partition("&")[0] == corpus.CANARY


class Visitor:
    """Opens pages and notes what should not have happened: other hosts, requests that no page of ours sends."""

    def __init__(self, page: Page, host: str, user: User) -> None:
        self.page, self.host = page, host
        self.strays: list[str] = []
        self.looked = 0
        page.on("request", self._sent)
        page.on("dialog", lambda dialog: (self.strays.append(dialog.message), dialog.dismiss()))
        client = Client()
        client.force_login(user, backend=BACKEND)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": host}
        page.context.add_cookies([cookie])  # type: ignore[list-item]

    def _sent(self, request: Request) -> None:
        if is_stray(request.url, self.host):
            self.strays.append(request.url)

    def open(self, address: str) -> None:
        """Open a page, let its scripts finish, open what is folded, and look."""
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        self.look(address)

    def look(self, name: str) -> None:
        """What stands there now, and what went out."""
        self.looked += 1
        left = self.page.evaluate(LEFT_OVER)
        assert (name, left, self.strays) == (name, [], [])
