"""Which language a page is in: the user's, else the cookie's, else the browser's."""

from __future__ import annotations

from loadstone.storage.identity import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
LANGUAGE_COOKIE = "loadstone_language"


def choose_language(
    preference: str | None, cookie: str | None, accept_language: str | None
) -> Language:
    """The first of these that names a language of ours; English where none does."""
    for wish in (preference, cookie, *_accepted(accept_language or "")):
        for language in LANGUAGES:
            if wish == language:
                return language
    return "en"


def _accepted(header: str) -> list[str]:
    """Primary language tags of an Accept-Language header, the most wanted first."""
    weighted = []
    for at, part in enumerate(header[:400].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted = float(weight) if weight else 1.0
        except ValueError:
            continue
        if wanted > 0:
            weighted.append((-wanted, at, tag.split("-")[0].lower()))
    return [tag for _, _, tag in sorted(weighted)]
