"""The pages in a real browser: nothing overflows or is fetched elsewhere, curves are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.story.pages_server import NOW, PASSWORD, PagesServer, serve_pages
from tests.story.small_portfolio import append_reading

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
PATHS = ("/", "/sites", "/sites/{}", "/sites/{}?compare=previous", "/quarantine", "/not-there")


class Server(Protocol):
    url: str


@pytest.fixture(scope="module")
def pages(postgres_server: Server) -> Iterator[PagesServer]:
    with serve_pages(postgres_server.url) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


def signed_in(browser: Browser, pages: PagesServer, width: int, language: str) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(pages.url + "/login")
    page.fill(".login input[name=name]", "ada")
    page.fill(".login input[name=password]", PASSWORD)
    page.click(".login button.primary")
    page.click(f"form.lang button[value={language}]")
    return page


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_overflows_complains_or_asks_another_host(
    browser: Browser, pages: PagesServer, language: str, width: int
) -> None:
    page = signed_in(browser, pages, width, language)
    complaints: list[str] = []
    foreign: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(pages.url) else foreign.append(r.url))
    for path in PATHS:
        page.goto(pages.url + path.format(pages.portfolio.sites[0]))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.get_attribute("html", "lang") == {"en": "en", "zh": "zh-CN"}[language]
    page.close()
    assert [text for text in complaints if "404" not in text] == []
    assert foreign == []


COLOURS_BY_COLUMN = """
() => {
  const canvas = document.querySelector("#voltage-chart canvas");
  const { plot, spec } = window.loadstone.charts.get("voltage"), ratio = devicePixelRatio;
  const c = canvas.getContext("2d");
  const coloured = (from_s, to_s) => {
    const left = Math.ceil(plot.valToPos(from_s, "x", true)) + 2;
    const right = Math.floor(plot.valToPos(to_s, "x", true)) - 2;
    const { data } = c.getImageData(left, plot.bbox.top + 40 * ratio, right - left,
                                    plot.bbox.height - 80 * ratio);
    let count = 0;  // yellow, green and red have spread channels; hatch, grid and text are grey
    for (let i = 0; i < data.length; i += 4) {
      const most = Math.max(data[i], data[i + 1], data[i + 2]);
      const least = Math.min(data[i], data[i + 1], data[i + 2]);
      if (data[i + 3] > 120 && most - least > 60) count++;
    }
    return count;
  };
  const hole = spec.holes[0];
  return { hole: coloured(hole.from_s, hole.to_s),
           before: coloured(spec.x.t0_s + 3600, hole.from_s),
           load: window.loadstone.charts.get("load").plot.data.at(-1).slice(51, 62) };
}
"""


def test_curves_are_drawn_and_a_gap_is_a_gap(browser: Browser, pages: PagesServer) -> None:
    page = signed_in(browser, pages, 1440, "en")
    page.goto(f"{pages.url}/sites/{pages.portfolio.sites[0]}")
    page.wait_for_function("window.loadstone?.charts.size === 4")
    page.wait_for_timeout(200)
    seen = page.evaluate(COLOURS_BY_COLUMN)
    page.close()
    assert seen["before"] > 300
    assert seen["hole"] == 0
    assert seen["load"] == [None] * 11


def test_a_new_reading_comes_onto_the_screen_by_itself(
    browser: Browser, pages: PagesServer
) -> None:
    page = signed_in(browser, pages, 1440, "en")
    page.goto(f"{pages.url}/sites/{pages.portfolio.sites[3]}")
    load = page.locator("[data-live=load]")
    before = load.inner_text()
    with psycopg.connect(pages.database_url, options="-c timezone=UTC") as connection:
        append_reading(connection, pages.portfolio.mains[3], NOW, 777.0, 9e6)
    expect(load).to_have_text("777", timeout=15_000)
    assert before != "777"
    expect(page.locator("[data-live-badge]")).to_contain_text("Live")
    page.close()


def test_a_site_page_weighs_less_than_100_kib(browser: Browser, pages: PagesServer) -> None:
    page = signed_in(browser, pages, 1440, "en")
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda r: None if "/live/" in r.url else sizes.append(r.sizes()["responseBodySize"]),
    )
    page.goto(f"{pages.url}/sites/{pages.portfolio.sites[0]}")
    page.wait_for_function("window.loadstone?.charts.size === 4")
    page.close()
    assert 0 < sum(sizes) < 100 * 1024


def test_the_table_behind_a_curve_tells_the_same(browser: Browser, pages: PagesServer) -> None:
    page = signed_in(browser, pages, 1440, "en")
    page.goto(f"{pages.url}/sites/{pages.portfolio.sites[0]}")
    page.click("[data-table=load] summary")
    rows = page.locator("[data-table=load] tbody tr")
    expect(rows.first).to_be_visible()
    assert rows.nth(51).locator("th").inner_text() == "12:45"
    assert rows.nth(51).locator("td").first.inner_text() == "—"
    page.close()
