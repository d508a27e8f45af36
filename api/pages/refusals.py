"""Why something was refused, in the reader's language."""

from __future__ import annotations

from api.i18n import TEXTS
from api.i18n.rules import chinese_rule
from api.pages.frame import Frame

_SHORT_VALUE = 80


def refusal_text(
    frame: Frame, code: str, *, field: str | None, value: str | None, rule: str
) -> str:  # fmt: skip
    """The sentence of a refusal's code; where we have none, its rule.

    Without a value the sentence would have a hole: then the rule's first part is enough.
    """
    key = f"refusal.{code}"
    if key not in TEXTS:
        said = rule_text(frame, rule)
        return f"{field} = {value}: {said}" if field and value else said
    text = TEXTS[key][0 if frame.t.language == "en" else 1]
    if "{value}" in text and value is None:
        short = f"refusal_short.{code}"
        return frame.t.known(short, rule_text(frame, rule))
    shown = value or ""
    shown = shown if len(shown) <= _SHORT_VALUE else shown[:_SHORT_VALUE] + "…"
    return text.format(field=field or "", value=shown)


def rule_text(frame: Frame, rule: str) -> str:
    """The rule that was broken; one that nobody translated stays English, and says so."""
    if frame.t.language == "en":
        return rule
    return chinese_rule(rule) or frame.t("quality.rule_as_stored", rule=rule)
