"""Take pictures of all pages of a running Loadstone: both languages, two widths, light and dark."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from api.pages.catalogue import PAGES, PUBLIC_PAGES

CHROMIUM = "/usr/bin/chromium"
Scheme = Literal["light", "dark"]
WIDTHS = {"desktop": (1440, 1000), "phone": (390, 844)}


def main() -> int:
    """Print each picture's name; end with 1 where a page reported an error."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for language, width, scheme in product(options.lang, WIDTHS, options.scheme):
            faults += _pictures(browser, options, language, width, scheme)
        browser.close()
    print("\n".join(faults))
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--lang", nargs="+", default=["en", "zh"])
    parser.add_argument("--scheme", nargs="+", default=["light", "dark"])
    parser.add_argument("--site", default=None, help="Id of the site; by default the first one.")
    parser.add_argument("--only", nargs="+", default=[], help="Keys of the pages to take.")
    return parser.parse_args()


def _pictures(
    browser: Browser, options: argparse.Namespace, language: str, width: str, scheme: Scheme
) -> Iterator[str]:
    size = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        device_scale_factor=1 if width == "desktop" else 2,
        reduced_motion="reduce",
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    def shoot(name: str) -> None:
        path = options.out / f"{name}-{width}-{language}-{scheme}.png"
        page.screenshot(path=path, full_page=width == "desktop")
        if width == "phone":
            _lower_halves(page, path)
        print(path)

    page.goto(f"{options.url}/login")
    page.click(f"form.lang button[value={language}]")
    for entry in PUBLIC_PAGES:
        page.goto(options.url + entry.path)
        shoot(entry.key)
    page.fill(".login input[name=name]", options.user)
    page.fill(".login input[name=password]", options.password)
    page.click(".login button.primary")
    page.wait_for_selector("h1")
    page.click(f"form.lang button[value={language}]")
    ids = page_ids(page, options.url, options.site) | {"user": options.user}
    for entry in PAGES:
        if options.only and entry.key not in options.only:
            continue
        page.goto(options.url + entry.path.format(**ids))
        page.wait_for_selector(entry.drawn)
        page.wait_for_timeout(400)
        shoot(entry.key)
    # An error page is an error in the console too.
    yield from (f"{width} {language} {scheme}: {text}" for text in said if "404" not in text)
    context.close()


def page_ids(page: Page, url: str, site: str | None) -> dict[str, str]:
    """Ids for the paths of the catalogue: of the first customer, its site and its main meter."""
    page.goto(f"{url}/sites")
    path = page.get_attribute("main a[href^='/sites/']", "href") or ""
    ids = {"site": site or path.split("/")[2]}
    page.goto(f"{url}/sites/{ids['site']}")
    ids["customer"] = page.get_attribute("#live", "data-customer") or ""
    ids["meter"] = page.get_attribute("#live", "data-meter") or ""
    return ids


def _lower_halves(page: Page, path: Path) -> None:
    """Screens further down one by one, since fixed tabs would cover a picture of the whole page."""
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    for number, top in enumerate(range(740, min(height - 100, 4200), 740), start=2):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.screenshot(path=path.with_stem(f"{path.stem}-{number}"))
    page.evaluate("window.scrollTo(0, 0)")


if __name__ == "__main__":
    sys.exit(main())
