"""What a document says, in both languages at once: it is rendered in one of them, or in both."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Language = Literal["en", "zh", "both"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh", "both")
MISSING: Final = "—"
_BLANK: Final = {"inline": " ", "lines": "\n"}


class Text(msgspec.Struct, frozen=True):
    """A text in English and in Chinese; the same string twice where it has no language."""

    en: str
    zh: str

    def into(self, language: Language, between: Literal["inline", "lines"] = "inline") -> str:
        """The text in a language; in both the Chinese comes first."""
        if language == "en":
            return self.en
        if language == "zh" or self.en == self.zh:
            return self.zh
        return f"{self.zh}{_BLANK[between]}{self.en}"

    def filled(self, **values: Text | str) -> Text:
        """With the `{names}` of both languages replaced."""
        english = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        chinese = {k: v.zh if isinstance(v, Text) else v for k, v in values.items()}
        return Text(self.en.format(**english), self.zh.format(**chinese))


def same(text: str) -> Text:
    """What is written alike in both languages: codes, numbers, dates."""
    return Text(text, text)


def number(value: float | None, digits: int = 0) -> str:
    """With thousands separators and a true minus sign; a dash where it is not known."""
    if value is None:
        return MISSING
    rounded = round(value, digits) + 0.0  # no minus before a zero
    return f"{rounded:,.{digits}f}".replace("-", "\u2212")
