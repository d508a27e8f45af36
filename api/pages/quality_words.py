"""The quality bits of a reading as words, and how grave each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from api.pages.frame import Frame
from api.quality_names import quality_flags

_BAD = {"invalid"}
_DOUBT = {"questionable", "estimated", "interpolated", "out_of_range", "clock_unsynced", "partial"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityWord:
    """One word; `grade` is bad, doubt or plain."""

    text: str
    grade: Literal["bad", "doubt", "plain"]


def quality_words(frame: Frame, bits: int | None, epoch: int | None = None) -> list[QualityWord]:
    """The words of a reading; a good one has a single word that says so.

    A negative epoch means that its registers are not counted.
    """
    if bits is None:
        return []
    words = [QualityWord(text=frame.t(f"bit.{name}"), grade=_grade(name))
             for name in quality_flags(bits)]  # fmt: skip
    if epoch is not None and epoch < 0:
        key = "bit.distrusted" if epoch < -1 else "bit.untrusted"
        words.append(QualityWord(text=frame.t(key), grade="bad"))
    return words or [QualityWord(text=frame.t("bit.good"), grade="plain")]


def _grade(name: str) -> Literal["bad", "doubt", "plain"]:
    return "bad" if name in _BAD else "doubt" if name in _DOUBT else "plain"
