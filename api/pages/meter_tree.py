"""The site's meters as a tree: what each has now, and what no sub-meter accounts for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.frame import Frame
from api.pages.freshness import stale_after_s
from loadstone.storage.screens.site import EnergySpan, MeterView


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRow:
    """A meter, or (without `meter_id`) what is left of its parent."""

    meter_id: int | None
    live_key: str
    depth: int
    name: str
    code: str
    category: str
    power: str
    is_current: bool
    share: str
    share_pct: float | None
    energy: str
    energy_share: str


class MeterTree:
    """Builds the rows from newest powers and the day's energies."""

    def __init__(
        self, frame: Frame, meters: Sequence[MeterView], energies: Sequence[EnergySpan],
        now: datetime,
    ) -> None:  # fmt: skip
        self._frame = frame
        self._meters = meters
        self._now = now
        self._energy: Mapping[int, float | None] = {e.meter_id: e.energy_kwh for e in energies}
        self._children: dict[int, list[MeterView]] = {}
        for meter in meters:
            if meter.parent_meter_id is not None:
                self._children.setdefault(meter.parent_meter_id, []).append(meter)

    def rows(self) -> list[MeterRow]:
        """Main meters first, each followed by what hangs below it, the largest first."""
        known = {meter.meter_id for meter in self._meters}
        tops = [m for m in self._meters if m.parent_meter_id not in known]
        return [row for top in tops for row in self._below(top, None, 0)]

    def _power(self, meter: MeterView) -> float | None:
        limit = timedelta(seconds=stale_after_s(meter.interval_s))
        fresh = meter.ts is not None and self._now - meter.ts <= limit
        return meter.power_kw if fresh else None

    def _below(self, meter: MeterView, parent: MeterView | None, depth: int) -> list[MeterRow]:
        rows = [self._row(meter, parent, depth)]
        children = sorted(
            self._children.get(meter.meter_id, []),
            key=lambda m: (-(self._energy.get(m.meter_id) or 0), m.code),
        )
        for child in children:
            rows += self._below(child, meter, depth + 1)
        if children:
            rows.append(self._rest(meter, children, depth + 1))
        return rows

    def _row(self, meter: MeterView, parent: MeterView | None, depth: int) -> MeterRow:
        t, power_kw = self._frame.t, self._power(meter)
        category = meter.category or ("incomer" if meter.role == "main" else "other")
        return self._written(
            meter.meter_id, depth, t.name(meter) or meter.code, meter.code,
            t.known(f"category.{category}", category), power_kw, parent,
            self._energy.get(meter.meter_id),
            shown_kw=meter.power_kw, live_key=f"m{meter.meter_id}",
        )  # fmt: skip

    def _rest(self, meter: MeterView, children: Sequence[MeterView], depth: int) -> MeterRow:
        powers = [self._power(child) for child in children]
        energies = [self._energy.get(child.meter_id) for child in children]
        rest_kw = _rest_of(self._power(meter), powers)
        rest_kwh = _rest_of(self._energy.get(meter.meter_id), energies)
        return self._written(
            None, depth, self._frame.t("site.unaccounted"), "", "", rest_kw, meter, rest_kwh,
            shown_kw=rest_kw, live_key=f"r{meter.meter_id}",
        )  # fmt: skip

    def _written(
        self, meter_id: int | None, depth: int, name: str, code: str, category: str,
        power_kw: float | None, parent: MeterView | None, energy_kwh: float | None, *,
        shown_kw: float | None, live_key: str,
    ) -> MeterRow:  # fmt: skip
        f = self._frame.f
        share = _share(power_kw, self._power(parent) if parent else None)
        energy_share = _share(energy_kwh, self._energy.get(parent.meter_id) if parent else None)
        return MeterRow(
            meter_id=meter_id, live_key=live_key, depth=depth, name=name, code=code,
            category=category, power=f.power(shown_kw), is_current=power_kw is not None,
            share=f.percent(share) if parent else "", share_pct=share,
            energy=f.number(energy_kwh), energy_share=f.percent(energy_share) if parent else "",
        )  # fmt: skip


def _rest_of(whole: float | None, parts: Sequence[float | None]) -> float | None:
    """The whole less its parts, where all are known."""
    if whole is None or any(part is None for part in parts):
        return None
    return whole - sum(part or 0 for part in parts)


def _share(part: float | None, whole: float | None) -> float | None:
    return 100 * part / whole if part is not None and whole else None
