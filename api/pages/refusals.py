"""Why something was refused, in the reader's language."""

from __future__ import annotations

from api.i18n import TEXTS
from api.pages.frame import Frame

_SHORT_VALUE = 80


def refusal_text(
    frame: Frame, code: str, *, field: str | None, value: str | None, rule: str
) -> str:  # fmt: skip
    """The sentence of a refusal's code; where we have none, the rule as stored, in English.

    Without a value the sentence would have a hole: then the rule's first part is enough.
    """
    key = f"refusal.{code}"
    if key not in TEXTS:
        return f"{field} = {value}: {rule}" if field and value else rule
    text = TEXTS[key][0 if frame.t.language == "en" else 1]
    if "{value}" in text and value is None:
        short = f"refusal_short.{code}"
        return frame.t.known(short, rule)
    shown = value or ""
    shown = shown if len(shown) <= _SHORT_VALUE else shown[:_SHORT_VALUE] + "…"
    return text.format(field=field or "", value=shown)
