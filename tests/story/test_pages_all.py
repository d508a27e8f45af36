"""Every page of the catalogue in a real browser, in both languages and at both widths."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from api.pages.catalogue import PAGES, PageEntry
from tests.story.browsing import CHROMIUM, Language, Scheme, complaints, visiting
from tests.story.pages_server import PagesServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
# What Chinese engineers write in Latin letters too, and proper names.
LATIN_IN_CHINESE = {
    "kW", "kWh", "MWh", "kvar", "kVA", "Hz", "AB", "BC", "CA", "CSV", "PNG", "JSON", "XLSX", "SSE",
    "API", "TOTP", "CT", "PT", "IP", "UTC", "EN", "ID", "MQTT", "Loadstone", "Asia", "Shanghai",
    "Ada", "Chen", "Wang", "Lei", "ada", "wang", "GB", "MB", "PostgreSQL", "Webhook", "CN",
    "PDF", "HTML", "IPMVP", "ASHRAE", "CV", "RMSE", "NMBE",
}  # fmt: skip
CODE = re.compile(r"\b(?:GW|LS|MTR|[A-Z]{1,3})-[A-Z0-9-]+|\b[mM]\d+\b|\S+@\S+|v?\d+\.\d+\.\d+")


def not_translated(texts: list[str], language: Language) -> set[str]:
    """Texts in the other language's letters."""
    if language == "en":
        return {text for text in texts if CHINESE.search(text) and text != "中文"}
    return {
        text
        for text in texts
        if set(LATIN.findall(CODE.sub(" ", text))) - LATIN_IN_CHINESE
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1440, "light"), ("zh", 390, "dark"), ("zh", 1440, "light"), ("en", 390, "dark")],
)
def test_no_page_overflows_complains_asks_elsewhere_or_speaks_the_other_language(
    browser: Browser, pages: PagesServer, language: Language, width: int, scheme: Scheme
) -> None:
    faults: list[str] = []
    with visiting(browser, pages, width=width, language=language, scheme=scheme) as visitor:
        for entry in PAGES:
            visitor.open(entry)
            faults += _faults(entry, f"{visitor.overflow_px()} px too wide"
                              if visitor.overflow_px() > 0 else "")  # fmt: skip
            foreign = not_translated(visitor.texts(), language)
            faults += _faults(entry, f"not translated: {sorted(foreign)}" if foreign else "")
            faults += _faults(entry, *complaints(visitor), *visitor.asked_elsewhere)
            visitor.said.clear()
            visitor.asked_elsewhere.clear()
    assert faults == []


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 1440, "light"), ("zh", 390, "dark")]
)
def test_axe_finds_nothing_serious_on_any_page(
    browser: Browser, pages: PagesServer, language: Language, width: int, scheme: Scheme
) -> None:
    faults: list[str] = []
    with visiting(browser, pages, width=width, language=language, scheme=scheme) as visitor:
        for entry in PAGES:
            visitor.open(entry)
            faults += _faults(entry, *visitor.faults_by_axe())
    assert faults == []


def _faults(entry: PageEntry, *found: str) -> list[str]:
    return [f"{entry.key}: {text}" for text in found if text]
