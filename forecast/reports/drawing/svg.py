"""SVG elements as text; what is written into them is always escaped."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def element(name: str, /, *inside: str, **attributes: str | float | None) -> str:
    """One element; `_` in attributes is `-`, `class_` is `class`, None is left out."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_plain(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def text(x: float, y: float, said: str, **attributes: str | float | None) -> str:
    """A text at its baseline."""
    return element("text", escape(said), x=x, y=y, **attributes)


def path(points: Iterable[tuple[float, float]]) -> str:
    """The `d` of a line through points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
