"""HTML that stands alone: no script, nothing from elsewhere; for screens, mail and print."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Final

from jinja2 import Environment, StrictUndefined, Template

from forecast.reports.document import Document
from forecast.reports.render.imprint import Imprint
from forecast.reports.render.view import view_of
from forecast.reports.text import Language

_FOLDER: Final = "forecast.reports.render"


def html(document: Document, imprint: Imprint, language: Language) -> bytes:
    """The report as a page of its own."""
    view = view_of(document, imprint, language)
    return _template().render(view=view, style=_style()).encode()


@cache
def content_security_policy() -> str:
    """What a browser may do with such a page: show it, with this one style."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return (resources.files(_FOLDER) / "report.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    text = (resources.files(_FOLDER) / "report.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(text)
