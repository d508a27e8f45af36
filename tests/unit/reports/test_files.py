"""The files: what is in them, that it is harmless, and that it is always the same."""

from __future__ import annotations

import base64
import ctypes
import hashlib
import io
import re
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as Tree

import numpy as np
import pypdfium2
import pytest

from forecast.reports import fonts
from forecast.reports.document import digest
from forecast.reports.drawing.chart import draw
from forecast.reports.render import rendered
from forecast.reports.render.html import content_security_policy
from forecast.reports.render.imprint import Imprint
from forecast.reports.text import Text
from tests.support.report_documents import AWKWARD, full_document

DOCUMENT = full_document()
IMPRINT = Imprint(
    report_id=123, sha256=digest(DOCUMENT), made_at=datetime(2026, 11, 2, 6, 1, tzinfo=UTC)
)
LANGUAGES = ["en", "zh", "both"]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NEAR = 250
MARGIN = 17 / 25.4 * 72


@pytest.fixture(scope="module")
def pdfs():
    return {language: rendered(DOCUMENT, IMPRINT, "pdf", language) for language in LANGUAGES}


def text_of(file: bytes) -> str:
    document = pypdfium2.PdfDocument(file)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_report_is_the_same_bytes(form, language):
    once = rendered(DOCUMENT, IMPRINT, form, language)
    assert rendered(DOCUMENT, IMPRINT, form, language) == once


def test_a_pdf_is_tagged_as_pdf_ua_and_says_its_language_and_title(pdfs):
    for language, file in pdfs.items():
        assert b"/MarkInfo" in file
        assert b"/StructTreeRoot" in file
        assert b"pdfuaid" in file
        assert b"/Lang" in file
        title = pypdfium2.PdfDocument(file).get_metadata_value("Title")
        assert title.startswith("Monthly" if language == "en" else "月度用电报告")


def test_every_page_says_whose_it_is_which_report_and_which_page(pdfs):
    for language, file in pdfs.items():
        document = pypdfium2.PdfDocument(file)
        assert len(document) >= 2
        for number, page in enumerate(document, start=1):
            text = page.get_textpage().get_text_range()
            assert "R-000123" in text
            assert IMPRINT.sha256.hex()[:16] in text
            assert "Asia/Shanghai" in text
            said = f"Page {number} of {len(document)}" if language == "en" else f"第 {number} 页"
            assert said in re.sub(r"\s+", " ", text)


def test_what_was_given_as_text_is_set_as_text_and_charts_can_be_searched(pdfs):
    text = re.sub(r"\s+", " ", text_of(pdfs["en"]))
    for part in AWKWARD.split():
        assert part in text
    assert "contract 700 kW" in text
    assert "1,003.5*" in text


def test_headings_are_bold_and_text_is_set_in_the_shipped_fonts_only(pdfs):
    for file in pdfs.values():
        names = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([A-Za-z-]+)", file))
        assert names <= {b"NotoSansSC-Regular", b"NotoSansSC-Bold"}
        weights = heading_weights(file)
        assert weights
        assert min(weights) >= 700


def heading_weights(file: bytes) -> list[int]:
    """The weights of the fonts of the first page's largest text."""
    raw = pypdfium2.raw
    page = pypdfium2.PdfDocument(file)[0]
    found = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=4):
        size = ctypes.c_float()
        raw.FPDFTextObj_GetFontSize(item.raw, size)
        if size.value >= 18:
            font = raw.FPDFTextObj_GetFont(item.raw)
            found.append(int(raw.FPDFFont_GetWeight(font)))
    return found


def picture(page) -> np.ndarray:
    return page.render(scale=1, grayscale=True).to_numpy().squeeze()


def test_nothing_runs_over_the_edges_of_a_page(pdfs):
    for language, file in pdfs.items():
        for number, page in enumerate(pypdfium2.PdfDocument(file), start=1):
            ink = picture(page) < 250
            edge = round(MARGIN) - 3
            for part in (ink[:, :edge], ink[:, -edge:], ink[:20], ink[-24:]):
                assert not part.any(), (language, number)


def letters(page) -> np.ndarray:
    """The boxes (left, bottom, right, top) of a page's visible characters."""
    text = page.get_textpage()
    said = text.get_text_range()
    count = min(text.count_chars(), len(said))
    boxes = [text.get_charbox(at) for at in range(count) if not said[at].isspace()]
    return np.array([box for box in boxes if box[2] > box[0] and box[3] > box[1]])


def most_covered(boxes: np.ndarray) -> float:
    """How much of a letter the letter lies over that lies over it most."""
    boxes = boxes[np.argsort(boxes[:, 1], kind="stable")]  # what overlaps is near in height
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    most = 0.0
    for away in range(1, min(NEAR, len(boxes))):
        one, other = boxes[:-away], boxes[away:]
        low, high = np.maximum(one[:, :2], other[:, :2]), np.minimum(one[:, 2:], other[:, 2:])
        common = np.clip(high - low, 0, None).prod(axis=1)
        most = max(most, float((common / np.minimum(area[:-away], area[away:])).max()))
    return most


def test_no_letter_is_set_over_another(pdfs):
    for language, file in pdfs.items():
        for number, page in enumerate(pypdfium2.PdfDocument(file), start=1):
            boxes = letters(page)
            assert len(boxes) > 100
            assert most_covered(boxes) < 0.5, (language, number)


def test_letters_over_each_other_would_be_noticed():
    assert most_covered(np.array([[0, 0, 5, 8], [6, 0, 11, 8], [7, 1, 12, 9]])) > 0.5


def test_a_page_without_colour_still_shows_every_kind_of_bar():
    chart = DOCUMENT.sections[0].blocks[1]
    drawn = draw(chart, "en", "Asia/Shanghai")
    fills = set(re.findall(r'<rect [^>]*fill="([^"]+)"', drawn))
    assert {"url(#hatch-peak)", "url(#hatch-valley)", "#8e1b6b", "#9cc3ee"} <= fills


def test_the_fonts_have_every_character_of_the_reports_own_words():
    for language in LANGUAGES:
        page = rendered(DOCUMENT, IMPRINT, "html", language).decode()
        assert fonts.uncovered(page) - {"\t"} == frozenset()


def test_the_fonts_have_the_standard_list_of_china_with_its_rare_surnames():
    assert fonts.uncovered("镕喆堃玥昇䶮㛃珺彧芃昉") == frozenset()
    assert fonts.uncovered("kWh²³·°±×÷–—…€¥≤≥≈√ΔφηΣ▲▼■◆●★℃") == frozenset()
    assert len(fonts.covered()) > 9_500


def test_a_character_that_no_font_has_is_written_as_its_code_and_never_as_a_box():
    unknown = "\U0003fffd"
    document = full_document(Text(f"Li {unknown}", f"李{unknown}"))
    imprint = Imprint(report_id=1, sha256=digest(document), made_at=None)
    text = text_of(rendered(document, imprint, "pdf", "zh"))
    assert "李[U+3FFFD]" in text
    assert unknown not in text


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_for_nothing_from_elsewhere_and_runs_nothing(language):
    page = Page()
    page.feed(rendered(DOCUMENT, IMPRINT, "html", language).decode())
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "b onclick"}
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name in {"src", "href"} for name in attributes)
    assert {"h1", "h2", "h3", "table", "svg", "figure"} <= names


def test_the_pages_style_is_whole_and_the_only_one_that_its_policy_allows():
    page = rendered(DOCUMENT, IMPRINT, "html", "en").decode()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "&#" not in style
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{allowed}'" in content_security_policy()
    assert "script" not in content_security_policy()


def sheets(file: bytes) -> dict[str, Tree.Element]:
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        return {
            name: Tree.fromstring(book.read(name))
            for name in book.namelist()
            if name.startswith("xl/") and name.endswith(".xml")
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_of_the_workbook_is_a_formula_or_a_link(language):
    file = rendered(DOCUMENT, IMPRINT, "xlsx", language)
    parts = sheets(file)
    worksheets = [tree for name, tree in parts.items() if "worksheets/" in name]
    assert len(worksheets) == 3
    for tree in worksheets:
        assert not list(tree.iter(f"{SHEET}f"))
        assert not list(tree.iter(f"{SHEET}hyperlink"))
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        rels = b"".join(book.read(name) for name in book.namelist() if name.endswith(".rels"))
    assert b"x.example" not in rels
    strings = "".join(parts["xl/sharedStrings.xml"].itertext())
    assert AWKWARD in strings


def test_days_and_instants_of_the_workbook_are_dates_and_estimates_stay_numbers():
    parts = sheets(rendered(DOCUMENT, IMPRINT, "xlsx", "en"))
    cells = {c.get("r"): c for c in parts["xl/worksheets/sheet2.xml"].iter(f"{SHEET}c")}
    assert cells["A4"].findtext(f"{SHEET}v") == "46298"  # 2026-10-03, in days since 1899-12-30
    assert float(cells["B4"].findtext(f"{SHEET}v")) == pytest.approx(46298.802083, abs=1e-5)
    assert cells["C4"].findtext(f"{SHEET}v") == "1003.5"
    assert cells["C4"].get("t") in {None, "n"}
    assert cells["C4"].get("s") != cells["C5"].get("s")
    formats = [f.get("formatCode") for f in parts["xl/styles.xml"].iter(f"{SHEET}numFmt")]
    assert '#,##0.0"*"' in formats
    panes = list(parts["xl/worksheets/sheet2.xml"].iter(f"{SHEET}pane"))
    assert panes
    assert panes[0].get("state") == "frozen"


def test_the_workbooks_charts_are_its_own_and_leave_gaps_as_gaps():
    parts = sheets(rendered(DOCUMENT, IMPRINT, "xlsx", "zh"))
    charts = [tree for name, tree in parts.items() if "charts/" in name]
    assert len(charts) == 2
    whole = "".join(Tree.tostring(tree, encoding="unicode") for tree in charts)
    assert 'dispBlanksAs val="gap"' in whole.replace("c:", "").replace("ns0:", "") or "gap" in whole
