"""Why something was not taken as it came: the field, the value and the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["refused", "flagged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason: `refused` is not stored as a reading, `flagged` is stored but not trusted."""

    code: str
    rule: str
    field: str | None = None
    value: str | None = None
    severity: Severity = "refused"

    def sentence(self) -> str:
        """The reason in one English sentence that names field, value and rule."""
        what = f"{self.field} = {self.value}" if self.field else (self.value or "the message")
        return f"{what}: {self.rule}"


class UndecodableError(ValueError):
    """The bytes are not what their topic promised; carries the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence())
        self.refusal = refusal
