"""The fields of each kind of correction, and what is sent of them as the ledger wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from api.models.ledger import CorrectionBody
from loadstone.domain.corrections import Correction

KINDS = ("exchange", "epoch", "join", "trust", "distrust", "ratio", "amount", "rejudge")
Kind = Literal[
    "exchange", "epoch", "join", "trust", "distrust", "ratio", "amount", "rejudge", "withdraw"
]
FIELDS: Mapping[str, tuple[str, ...]] = {
    "exchange": ("at", "closing_import", "opening_import", "closing_export", "opening_export"),
    "epoch": ("epoch", "reason", "offset_import", "offset_export"),
    "join": ("epoch",),
    "trust": ("from", "to"),
    "distrust": ("from", "to"),
    "ratio": ("from", "to", "ratio_factor"),
    "amount": ("from", "to", "energy"),
    "rejudge": ("from", "to"),
    "withdraw": ("event",),
}
REASONS = ("rollover", "reset", "jump", "exchange", "manual")
INSTANTS = {"at", "from", "to"}
OPTIONAL = {
    ("exchange", "closing_export"), ("exchange", "opening_export"), ("epoch", "reason"),
    ("epoch", "offset_import"), ("epoch", "offset_export"), ("ratio", "to"),
}  # fmt: skip

# Where a field of the form lies in the body that is checked.
PATHS: Mapping[str, str] = {
    "at": "at", "from": "from", "to": "to", "closing.import_kwh": "closing_import",
    "opening.import_kwh": "opening_import", "closing.export_kwh": "closing_export",
    "opening.export_kwh": "opening_export", "offsets.import_kwh": "offset_import",
    "offsets.export_kwh": "offset_export", "epoch": "epoch", "reason": "reason",
    "ratio_factor": "ratio_factor", "energy_kwh": "energy", "ledger_event_id": "event",
    "note": "note", "closing": "closing_import", "opening": "opening_import",
    "offsets": "offset_import",
}  # fmt: skip
_ADAPTER: TypeAdapter[Any] = TypeAdapter(CorrectionBody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was filled in: texts by field, and the zone in which its times are meant."""

    kind: Kind
    values: Mapping[str, str]
    zone: str

    def instant(self, field: str) -> datetime | None:
        """A time of the site's clock as an instant; None where none was given or it cannot be."""
        try:
            local = datetime.fromisoformat(self.values.get(field, ""))
        except ValueError:
            return None
        if local.tzinfo is None:
            local = local.replace(tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)

    def correction(self) -> Correction:
        """What is to be corrected; raises pydantic's ValidationError, CorrectionRefusedError."""
        correction: Correction = _ADAPTER.validate_python(self._body()).correction()
        return correction

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"kind": self.kind, "note": self.values.get("note", "").strip()}
        parts: dict[str, dict[str, Any]] = {}
        for path, field in PATHS.items():
            if field not in FIELDS[self.kind] or path in ("closing", "opening", "offsets"):
                continue
            said = self.values.get(field, "").strip()
            if not said:
                continue
            value: Any = said
            if field in INSTANTS:
                at = self.instant(field)
                value = at.isoformat() if at else said
            group, _, name = path.rpartition(".")
            (parts.setdefault(group, {}) if group else body)[name] = value
        if self.kind == "exchange":
            parts.setdefault("closing", {})
            parts.setdefault("opening", {})
        return {**body, **parts}
