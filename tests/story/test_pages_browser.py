"""The pages in a real browser: nothing overflows or is fetched elsewhere, curves are drawn."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.story.browsing import CHROMIUM
from tests.story.pages_server import NOW, PASSWORD, PagesServer
from tests.story.small_portfolio import append_reading

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


def signed_in(browser: Browser, pages: PagesServer, width: int, language: str) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(pages.url + "/login")
    page.fill(".login input[name=name]", "ada")
    page.fill(".login input[name=password]", PASSWORD)
    page.click(".login button.primary")
    page.click(f"form.lang button[value={language}]")
    return page


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
    expect(page.locator(".chart-plot canvas")).to_have_count(4)
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
    expect(page.locator(".chart-plot canvas")).to_have_count(4)
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


def test_arrow_keys_walk_along_a_curve_and_say_its_values(
    browser: Browser, pages: PagesServer
) -> None:
    page = signed_in(browser, pages, 1440, "en")
    page.goto(f"{pages.url}/sites/{pages.portfolio.sites[0]}")
    expect(page.locator(".chart-plot canvas")).to_have_count(4)
    page.focus("#load-chart")
    page.keyboard.press("Home")
    spoken = page.locator("#load-chart [aria-live]")
    expect(spoken).to_contain_text("00:00–00:15, Measured")
    page.keyboard.press("ArrowRight")
    expect(spoken).to_contain_text("00:15–00:30, Measured")
    expect(page.locator("#load-chart .tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#load-chart .tip")).to_be_hidden()
    page.close()


def test_times_are_the_sites_whatever_the_browsers_zone_is(
    browser: Browser, pages: PagesServer
) -> None:
    context = browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    page.goto(pages.url + "/login")
    page.fill(".login input[name=name]", "ada")
    page.fill(".login input[name=password]", PASSWORD)
    page.click(".login button.primary")
    page.goto(f"{pages.url}/sites/{pages.portfolio.sites[0]}")
    page.click("[data-table=load] summary")
    rows = page.locator("[data-table=load] tbody th")
    expect(rows.first).to_have_text("00:00")
    expect(rows.nth(51)).to_have_text("12:45")
    context.close()


def test_the_slash_key_finds_a_meter_and_enter_goes_there(
    browser: Browser, pages: PagesServer
) -> None:
    page = signed_in(browser, pages, 1440, "en")
    page.goto(pages.url + "/sites")
    page.keyboard.press("/")
    page.keyboard.type("harbour chil")
    option = page.locator("#find-list [role=option]").first
    expect(option).to_contain_text("Chiller plant")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sites?" not in address and not address.endswith("/sites"))
    expect(page.locator("main")).to_contain_text("M-01-1")
    page.close()


def test_a_picture_and_a_file_of_a_chart_can_be_had(browser: Browser, pages: PagesServer) -> None:
    page = signed_in(browser, pages, 1440, "en")
    page.goto(f"{pages.url}/energy?site={pages.portfolio.sites[3]}&period=7d")
    expect(page.locator("[data-chart=duration] canvas")).to_be_visible()
    for button, kind in (("[data-png]", ".png"), ("[data-csv]", ".csv")):
        with page.expect_download() as coming:
            page.click(f"[data-chart=duration] {button}")
        assert coming.value.suggested_filename.endswith(kind)
    page.close()


def test_a_part_that_does_not_come_says_so_and_can_be_tried_again(
    browser: Browser, pages: PagesServer
) -> None:
    page = signed_in(browser, pages, 1440, "en")
    page.route("**/energy/profile*", lambda route: route.abort())
    page.goto(f"{pages.url}/energy?site={pages.portfolio.sites[3]}")
    expect(page.locator("[data-lazy] [role=alert]")).to_contain_text("could not be fetched")
    page.unroute("**/energy/profile*")
    page.click("[data-lazy] button")
    expect(page.locator("#duration-chart canvas")).to_be_visible()
    page.close()


def test_without_scripts_a_page_still_tells_its_numbers(
    browser: Browser, pages: PagesServer
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages.url + "/login")
    page.fill(".login input[name=name]", "ada")
    page.fill(".login input[name=password]", PASSWORD)
    page.click(".login button.primary")
    page.goto(pages.url + "/energy?period=7d")
    assert page.locator("table.ranking tbody tr").count() == 4
    page.click("nav[aria-label='Kind of period'] a >> text=Month")
    assert "period=month" in page.url
    context.close()
