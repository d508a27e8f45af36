"""A page on paper: white, as wide as the sheet, without what only a screen needs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.story.browsing import CHROMIUM
from tests.story.pages_server import PASSWORD, PagesServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
_A4_PX = 794
_SEEN = """
() => {
  const shown = (q) => [...document.querySelectorAll(q)].some((e) => e.checkVisibility()
    && getComputedStyle(e).display !== "none" && e.getBoundingClientRect().height > 0);
  const charts = [...document.querySelectorAll(".chart-plot")].map(
    (e) => e.getBoundingClientRect().right);
  return { background: getComputedStyle(document.body).backgroundColor,
           screen_only: ["nav.rail", "nav.tabs", ".find-link", "footer", "form.lang"].filter(shown),
           heading: shown("h1"), chart_right_px: Math.max(0, ...charts),
           wide_px: document.documentElement.scrollWidth };
}
"""


@pytest.mark.parametrize("path", ["/sites/{site}", "/energy?site={site}", "/customers/{customer}"])
def test_a_page_prints_white_and_as_wide_as_the_sheet(
    browser: Browser, pages: PagesServer, path: str
) -> None:
    page = browser.new_page(viewport={"width": _A4_PX, "height": 1123}, color_scheme="dark")
    page.goto(pages.url + "/login")
    page.fill(".login input[name=name]", "ada")
    page.fill(".login input[name=password]", PASSWORD)
    page.click(".login button.primary")
    place = {"site": pages.portfolio.sites[0], "customer": pages.portfolio.customers[0]}
    page.goto(pages.url + path.format(**place))
    page.wait_for_selector(".chart-plot canvas")
    page.wait_for_selector(".loading", state="detached")
    page.emulate_media(media="print")
    page.wait_for_timeout(300)
    seen = page.evaluate(_SEEN)
    sheets = page.pdf(format="A4").count(b"/Type /Page\n")
    page.close()
    assert seen["background"] == "rgb(255, 255, 255)"
    assert seen["screen_only"] == []
    assert seen["heading"]
    assert seen["wide_px"] <= _A4_PX
    assert 0 < seen["chart_right_px"] <= _A4_PX
    assert 1 <= sheets <= 8
