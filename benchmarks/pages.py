"""What the pages weigh, when they are ready, how fast a year is drawn, and how live is live.

`python -m benchmarks.pages` serves a year of two customers from a server of its own and opens it
in Debian's chromium; `--demo FOLDER` (of a running demo) also publishes values through its broker
and waits until they stand on the screen.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from playwright.sync_api import Browser, Page, sync_playwright

from loadstone.clock import utc_now
from loadstone.embedded import EmbeddedPostgres
from tests.story.browsing import launch
from tests.story.pages_server import PASSWORD, PagesServer, serve_pages

_DRAWN = """
(n) => window.loadstone?.charts.size >= n && [...loadstone.charts.values()].every((c) => c.plot)
"""
_YEAR_DRAWN = "() => Boolean(window.loadstone?.charts.get('load')?.plot)"
_SHOWN = "(text) => document.querySelector('[data-live=load]').textContent === text"
_REDRAW = """
async () => {
  const chart = loadstone.charts.get("load"), at = performance.now();
  chart.draw();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - at;
}
"""
_FROM_BYTES = """
() => {
  const entry = performance.getEntriesByType("resource").find((e) => e.name.includes("load.json"));
  return performance.now() - entry.responseEnd;
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One cold load."""

    kib: float
    requests: int
    ready_ms: float


def main() -> None:
    options = _options()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        print("| what | median | range | target |\n| --- | --- | --- | --- |")
        with (
            tempfile.TemporaryDirectory() as home,
            EmbeddedPostgres(_open(Path(home)), settings={"fsync": "off"}) as server,
            serve_pages(server.dsn, customers=2, days=366) as pages,
        ):
            _stored(browser, pages, options.rounds)
        if options.demo:
            _live(browser, options.demo, options.rounds)
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--demo", type=Path, help="Folder of a running demo (demo.json).")
    return parser.parse_args()


def _open(home: Path) -> Path:
    home.chmod(0o711)
    return home


def _stored(browser: Browser, pages: PagesServer, rounds: int) -> None:
    site = pages.portfolio.sites[1]
    state = _state(browser, pages.url, "ada", PASSWORD)
    for name, path, charts, kib, ready_ms in (
        ("site, today", f"/sites/{site}", 4, "≤ 100", "≤ 1000"),
        ("overview", "/", 0, "", ""),
        ("energy, month", "/energy", 1, "", ""),
        ("energy, a year of a site", f"/energy?site={site}&period=year", 3, "", ""),
    ):
        visits = [_visit(browser, pages.url + path, state, charts) for _ in range(rounds)]
        _row(f"{name}: KiB on the wire", [v.kib for v in visits], kib)
        _row(f"{name}: requests", [float(v.requests) for v in visits], "")
        _row(f"{name}: ready, ms", [v.ready_ms for v in visits], ready_ms)
    drawn = [_year(browser, f"{pages.url}/energy?site={site}&period=year&at=2026-01-01", state)
             for _ in range(rounds)]  # fmt: skip
    points = drawn[0][2]
    _row(f"{points} points: from the last byte until drawn, ms", [d[0] for d in drawn], "≤ 1500")
    _row(f"{points} points: drawn again, ms", [d[1] for d in drawn], "≤ 1500")


def _state(browser: Browser, url: str, name: str, password: str) -> dict[str, object]:
    """The cookies of somebody signed in, to be put into cold browsers."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url + "/login")
    page.fill(".login input[name=name]", name)
    page.fill(".login input[name=password]", password)
    page.click(".login button.primary")
    page.wait_for_selector("main")
    state: dict[str, object] = dict(context.storage_state())
    context.close()
    return state


def _visit(browser: Browser, url: str, state: dict[str, object], charts: int) -> Visit:
    """A browser that knows nothing yet; ready is when everything is drawn and can be used."""
    context = browser.new_context(storage_state=state)  # type: ignore[arg-type]
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda r: None if "/live/" in r.url else sizes.append(_size(r)))
    begun = time.monotonic()
    page.goto(url, wait_until="domcontentloaded")
    if charts:
        _until(page, _DRAWN, charts)
    page.wait_for_selector(".loading", state="detached")
    ready_ms = (time.monotonic() - begun) * 1000
    page.wait_for_timeout(300)
    context.close()
    return Visit(kib=sum(sizes) / 1024, requests=len(sizes), ready_ms=ready_ms)


def _size(request: object) -> int:
    sizes = request.sizes()  # type: ignore[attr-defined]
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])


def _year(browser: Browser, url: str, state: dict[str, object]) -> tuple[float, float, int]:
    context = browser.new_context(storage_state=state)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    _until(page, _YEAR_DRAWN, None)
    first_ms = page.evaluate(_FROM_BYTES)
    page.wait_for_timeout(300)
    again_ms = page.evaluate(_REDRAW)
    points = page.evaluate("loadstone.charts.get('load').spec.series[0].values.length")
    context.close()
    return first_ms, again_ms, points


def _live(browser: Browser, folder: Path, rounds: int) -> None:
    demo = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    line, user = demo["mqtt"], next(u for u in demo["users"] if u["name"] == "admin")
    state = _state(browser, demo["url"], user["name"], user["password"])
    page = browser.new_context(storage_state=state).new_page()  # type: ignore[arg-type]
    meter = page.request.get(f"{demo['url']}/api/v1/meters/{line['meter']}").json()
    send = _sender(line)
    send(100.0)
    page.goto(f"{demo['url']}/sites/{meter['site_id']}")
    seconds = []
    for number in range(rounds):
        value_kw = 200.0 + 37 * number
        page.wait_for_timeout(1500 + 370 * number)
        begun = time.monotonic()
        send(value_kw)
        _until(page, _SHOWN, f"{value_kw:.0f}")
        seconds.append(time.monotonic() - begun)
    _row("publish to screen, s", seconds, "≤ 2")


def _until(page: Page, script: str, argument: object) -> None:
    """Look every 10 ms: the pages' own policy forbids the evaluation that waiting in them needs."""
    end = time.monotonic() + 60
    while not page.evaluate(script, argument):
        if time.monotonic() > end:
            raise TimeoutError(script)
        time.sleep(0.01)


def _sender(line: dict[str, str]) -> Callable[[float], None]:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=line["gateway"])
    client.username_pw_set(line["username"], line["password"])
    host, port = line["url"].removeprefix("mqtt://").split(":")
    client.connect(host, int(port))
    client.loop_start()
    boot, count = int(utc_now().timestamp()), iter(range(10_000))

    def send(power_kw: float) -> None:
        now_ms = int(utc_now().timestamp() * 1000)
        message = {
            "v": 1, "gw": line["gateway"], "boot": boot, "seq": next(count), "sent": now_ms,
            "r": [{"m": line["meter"], "t": now_ms, "k": "inst", "f": {"p": power_kw}}],
        }  # fmt: skip
        topic = f"loadstone/v1/gw/{line['gateway']}/up/tele"
        client.publish(topic, json.dumps(message), qos=1).wait_for_publish(10)

    return send


def _row(name: str, values: list[float], target: str) -> None:
    digits = 0 if max(values) >= 20 else 2
    median, low, high = statistics.median(values), min(values), max(values)
    print(f"| {name} | {median:.{digits}f} | {low:.{digits}f}–{high:.{digits}f} | {target} |")


if __name__ == "__main__":
    main()
