"""Texts in both languages: Grafana cannot translate titles, so each language has its own boards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speaks one language: texts, and the columns of names that are in it."""

    language: Language

    def __call__(self, en: str, zh: str) -> str:
        """The one of both texts that is in this language."""
        return en if self.language == "en" else zh

    def name(self, alias: str) -> str:
        """The name column of a table of the registry, as SQL: `s.name_en`."""
        return f"{alias}.name_{self.language}"

    def word_of(self, column: str, words: Mapping[str, tuple[str, str]]) -> str:
        """SQL that turns a code into its word; a code that has none stays as it is."""
        cases = " ".join(
            f"WHEN '{code}' THEN '{self(*pair)}'" for code, pair in sorted(words.items())
        )
        return f"CASE {column} {cases} ELSE {column} END"
