"""PDF by typst: tagged (PDF/UA-1), with the shipped fonts, and the same bytes for the same report.

Nothing of the machine is used, unless a text has a character that the shipped fonts lack: then the
machine's fonts are looked at as well, and what none of them has is written as its code point.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Final

import typst

from forecast.reports.document import Document
from forecast.reports.fonts import FAMILY, HOME, uncovered
from forecast.reports.render.imprint import Imprint
from forecast.reports.render.view import View, view_of
from forecast.reports.text import Language

_TEMPLATE: Final = "report.typ"
_STANDARD: Final = "ua-1"
# A character that no font can have: what it is drawn as is what unknown characters are drawn as.
_NOBODY_HAS: Final = "\U0010fffe"


def pdf(document: Document, imprint: Imprint, language: Language) -> bytes:
    """The report as PDF."""
    view = view_of(document, imprint, language)
    said = json.dumps(view, ensure_ascii=False)
    rare = uncovered(said)
    unknown = {one for one in rare if not _is_drawn(one)}
    for one in unknown:
        said = said.replace(one, f"[U+{ord(one):04X}]")
    return _compiled(json.loads(said), document, with_system=bool(rare - unknown))


def _compiled(view: View, document: Document, *, with_system: bool) -> bytes:
    files: dict[str, bytes] = {"main.typ": _template()}
    for section in view["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "chart":
                block["file"] = f"chart-{len(files)}.svg"
                files[block["file"]] = block.pop("svg").encode()
    view["fonts"] = [FAMILY]
    files["view.json"] = json.dumps(view, ensure_ascii=False).encode()
    known_at = datetime.fromisoformat(document.as_known_at)
    return _compile(files, with_system=with_system, at=known_at)


def _compile(files: dict[str, bytes], *, with_system: bool, at: datetime) -> bytes:
    compiler = typst.Compiler(
        files,  # type: ignore[type-var]  # its stubs do not know of files in memory
        font_paths=_fonts(with_system=with_system),
        ignore_system_fonts=not with_system,
    )
    made = compiler.compile(format="pdf", pdf_standards=_STANDARD, timestamp=int(at.timestamp()))
    if not isinstance(made, bytes):
        raise TypeError("typst made no PDF")
    return made


@cache
def _template() -> bytes:
    return (resources.files("forecast.reports.render") / _TEMPLATE).read_bytes()


@cache
def _fonts(*, with_system: bool) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=with_system,
        include_embedded_fonts=False,
        font_paths=[str(HOME)],
    )


@cache
def _is_drawn(one: str) -> bool:
    """Whether any font of this machine has a character: it looks other than an unknown one."""
    return _drawing(one) != _drawing(_NOBODY_HAS)


def _drawing(one: str) -> bytes:
    page = f'#set page(width: 2em, height: 2em)\n#set text(font: "{FAMILY}")\n#sys.inputs.one'
    compiler = typst.Compiler(
        page.encode(), font_paths=_fonts(with_system=True), sys_inputs={"one": one}
    )
    drawn = compiler.compile(format="svg")
    if not isinstance(drawn, bytes):
        raise TypeError("typst drew no SVG")
    return drawn
