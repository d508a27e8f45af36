"""What the pages say, in every language: texts side by side, numbers and dates by habit."""

from __future__ import annotations

from collections.abc import Mapping

from api.i18n import (
    audit_actions,
    data,
    energy,
    forecast,
    forecast_portfolio,
    frame,
    identity,
    opportunities,
    opportunity_kinds,
    overview,
    prices,
    quality,
    reports,
    savings,
    site,
    webhooks,
    what_if,
    words,
)
from api.i18n.language import LANGUAGES, choose_language
from loadstone.storage.identity import Language

# key → (English, Chinese); a pair, so that no text can be without its translation.
TEXTS: Mapping[str, tuple[str, str]] = {
    **audit_actions.TEXTS,
    **frame.TEXTS,
    **identity.TEXTS,
    **overview.TEXTS,
    **opportunities.TEXTS,
    **opportunity_kinds.TEXTS,
    **prices.TEXTS,
    **site.TEXTS,
    **reports.TEXTS,
    **savings.TEXTS,
    **energy.TEXTS,
    **forecast.TEXTS,
    **forecast_portfolio.TEXTS,
    **what_if.TEXTS,
    **quality.TEXTS,
    **data.TEXTS,
    **webhooks.TEXTS,
    **words.TEXTS,
}


class Texts:
    """Looks texts up in one language and fills in their parameters."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, key: str, **parameters: object) -> str:
        """The text of a key; KeyError where there is none, which a test looks for."""
        text = TEXTS[key][self._at]
        return text.format(**parameters) if parameters else text

    def known(self, key: str, otherwise: str) -> str:
        """The text of a key that comes from data, or what to say where there is none."""
        return TEXTS[key][self._at] if key in TEXTS else otherwise

    def name(self, thing: object, what: str = "name") -> str:
        """A registered thing's name in this language: its attribute `<what>_en` or `<what>_zh`."""
        return str(getattr(thing, f"{what}_{self.language}") or getattr(thing, f"{what}_en") or "")


__all__ = ["LANGUAGES", "TEXTS", "Texts", "choose_language"]
