"""A browser that has signed in, and what it finds wrong with a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, Playwright

from api.pages.catalogue import PageEntry
from tests.story.pages_server import PASSWORD, PagesServer

CHROMIUM = Path("/usr/bin/chromium")
Language = Literal["en", "zh"]
Scheme = Literal["light", "dark"]
_AXE = resources.files("axe_playwright_python") / "axe.min.js"
_RUN_AXE = "async () => (await axe.run({ resultTypes: ['violations'] })).violations"
# A browser writes every answer that is an error into its console, also where that is the page.
_ANSWERED = re.compile(r"Failed to load resource: .* status of 404.*")


def launch(playwright: Playwright) -> Browser:
    """Debian's chromium, without what needs a desktop."""
    return playwright.chromium.launch(
        executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
    )


@dataclass(slots=True, kw_only=True)
class Visitor:
    """Somebody signed in who notes what the browser says and where it asks."""

    page: Page
    pages: PagesServer
    width: int
    said: list[str] = field(default_factory=list)
    asked_elsewhere: list[str] = field(default_factory=list)

    def open(self, entry: PageEntry) -> None:
        """Go to the page and wait until it is drawn and all its parts have come."""
        portfolio = self.pages.portfolio
        path = entry.path.format(
            site=portfolio.sites[0], customer=portfolio.customers[0], meter=portfolio.mains[0],
            user="ada", gateway="GW-0000",
        )  # fmt: skip
        self.page.goto(self.pages.url + path)
        self.page.wait_for_selector(entry.drawn)
        self.page.wait_for_selector(".loading", state="detached")

    def faults_by_axe(self) -> list[str]:
        """What axe-core calls serious or critical, with the first elements."""
        self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(_RUN_AXE)
        return [
            f"{one['impact']} {one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]

    def overflow_px(self) -> int:
        """By how much the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth")) - self.width

    def texts(self) -> list[str]:
        """All that is said on the page, also by labels and titles; not what has a language mark."""
        found: list[str] = self.page.evaluate(_TEXTS)
        return found


_TEXTS = """
() => {
  const own = document.documentElement.lang, found = [];
  const skipped = (e) => e.closest("script, style, code, pre, kbd, [translate=no]")
    || e.closest("[lang]").lang !== own;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim();
    if (text && !skipped(walk.currentNode.parentElement)) found.push(text);
  }
  for (const e of document.querySelectorAll("[title], [aria-label], [placeholder], [alt]")) {
    if (skipped(e)) continue;
    for (const name of ["title", "aria-label", "placeholder", "alt"]) {
      if (e.getAttribute(name)) found.push(e.getAttribute(name));
    }
  }
  return found;
}
"""


@contextmanager
def visiting(
    browser: Browser, pages: PagesServer, *, width: int, language: Language,
    scheme: Scheme = "light",
) -> Iterator[Visitor]:  # fmt: skip
    """Sign in with this language at this width."""
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.goto(pages.url + "/login")
    page.fill(".login input[name=name]", "ada")
    page.fill(".login input[name=password]", PASSWORD)
    page.click(".login button.primary")
    page.click(f"form.lang button[value={language}]")
    visitor = Visitor(page=page, pages=pages, width=width)
    page.on("console", lambda m: visitor.said.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: visitor.said.append(str(error)))
    page.on(
        "request",
        lambda r: (
            None
            if r.url.startswith((pages.url, "blob:", "data:"))
            else visitor.asked_elsewhere.append(r.url)
        ),
    )
    yield visitor
    page.close()


def complaints(visitor: Visitor) -> list[str]:
    """What the console said, except that a page was not found where one should not be."""
    return [text for text in visitor.said if not _ANSWERED.fullmatch(text.strip())]
