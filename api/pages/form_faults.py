"""What is wrong with a form, field by field, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from api.i18n import TEXTS
from api.i18n.rules import chinese_rule
from api.pages.frame import Frame

# What pydantic calls it → our text; the numbers of the rule go into it.
_TEXT_OF = {
    "missing": "fault.missing",
    "float_parsing": "fault.number", "float_type": "fault.number", "int_parsing": "fault.number",
    "int_type": "fault.number", "finite_number": "fault.number",
    "greater_than": "fault.above", "greater_than_equal": "fault.least",
    "less_than": "fault.below", "less_than_equal": "fault.most",
    "string_too_short": "fault.short", "string_too_long": "fault.long",
    "string_type": "fault.missing", "string_pattern_mismatch": "fault.letters",
    "literal_error": "fault.choice",
}  # fmt: skip
_LIMITS = ("gt", "ge", "lt", "le", "min_length", "max_length")


def form_faults(
    frame: Frame, error: ValidationError, names: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Text by field; `names` translates a path of the checked body to a field of the form."""
    found: dict[str, str] = {}
    for fault in error.errors():
        parts = [str(part) for part in fault["loc"]]
        path = ".".join(parts)
        field = next(
            (n for n in _candidates(parts) if n in (names or {})), parts[-1] if parts else ""
        )
        found[(names or {}).get(field, path if names is None and not parts else field)] = _text(
            frame, fault
        )
    return found


def _candidates(parts: list[str]) -> list[str]:
    """The path, and the path without the first part, which tells one kind of body from others."""
    return [".".join(parts[at:]) for at in range(len(parts))]


def _text(frame: Frame, fault: Any) -> str:  # noqa: ANN401 - pydantic's own dictionary
    key = _TEXT_OF.get(fault["type"])
    limit = next((fault["ctx"][n] for n in _LIMITS if n in fault.get("ctx", {})), "")
    if key is not None and key in TEXTS:
        return frame.t(key, limit=limit) if "{limit}" in TEXTS[key][0] else frame.t(key)
    return said_rule(frame, str(fault["msg"]).removeprefix("Value error, "))


def said_rule(frame: Frame, rule: str) -> str:
    """A rule of ours in the reader's language, where somebody has translated it."""
    if frame.t.language == "en":
        return rule
    return chinese_rule(rule) or frame.t("fault.other")
