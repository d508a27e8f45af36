"""The newest values of all of a site's meters side by side, with power factor and unbalance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.crumbs import meter_href
from api.pages.frame import Frame
from api.pages.freshness import stale_after_s
from api.pages.meter_facts import Fact
from api.pages.meter_values import unbalances
from loadstone.storage.latest import LatestRow
from loadstone.storage.screens.places import Place
from loadstone.storage.screens.site import MeterView

_NO_TENTHS = 1000.0
_GOOD_FACTOR = 0.9
# EN 50160 and GB/T 15543 allow 2 % of voltage; of current a tenth is what motors take without harm.
_MOST_UNBALANCE_PCT = {"voltage": 2.0, "current": 10.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterValues:
    """One meter's newest values in words; `bad` names those beyond what is good."""

    name: str
    code: str
    href: str
    is_current: bool
    time: str
    power: str
    reactive: str
    factor: str
    voltages: str
    currents: str
    unbalance_voltage: str
    unbalance_current: str
    frequency: str
    bad: frozenset[str]


def meter_values(
    frame: Frame, meters: Sequence[MeterView], latest: Sequence[LatestRow], zone: str, now: datetime
) -> list[MeterValues]:
    """In the order of `meters`; one that was never heard of is left out."""
    by_id = {row.meter_id: row for row in latest if row.ts is not None}
    return [
        _values(frame, meter, by_id[meter.meter_id], zone, now)
        for meter in meters if meter.meter_id in by_id
    ]  # fmt: skip


def _values(
    frame: Frame, meter: MeterView, row: LatestRow, zone: str, now: datetime
) -> MeterValues:  # fmt: skip
    f = frame.f
    assert row.ts is not None  # noqa: S101 - those without were left out
    shares = unbalances(row)
    phases = (row.voltage_an_v, row.voltage_bn_v, row.voltage_cn_v)
    lines = (row.voltage_ab_v, row.voltage_bc_v, row.voltage_ca_v)
    factor = row.power_factor_ratio
    bad = {kind for kind, share in shares.items() if share > _MOST_UNBALANCE_PCT[kind]}
    if factor is not None and abs(factor) < _GOOD_FACTOR:
        bad.add("factor")
    return MeterValues(
        name=frame.t.name(meter) or meter.code, code=meter.code, href=meter_href(meter.meter_id),
        is_current=now - row.ts <= timedelta(seconds=stale_after_s(meter.interval_s)),
        time=f.instant(row.ts, zone, now), power=f.power(row.active_power_kw),
        reactive=f.power(row.reactive_power_kvar), factor=f.number(factor, 3),
        voltages=_three(frame, phases if any(v is not None for v in phases) else lines, 1),
        currents=_three(frame, (row.current_a_a, row.current_b_a, row.current_c_a), 1),
        unbalance_voltage=f.number(shares.get("voltage"), 1),
        unbalance_current=f.number(shares.get("current"), 1),
        frequency=f.number(row.frequency_hz, 2), bad=frozenset(bad),
    )  # fmt: skip


def _three(frame: Frame, values: Sequence[float | None], digits: int) -> str:
    """Side by side; of thousands the tenths tell nothing."""
    known = [value for value in values if value is not None]
    if any(abs(value) >= _NO_TENTHS for value in known):
        digits = 0
    return " / ".join(frame.f.number(value, digits) for value in known) or frame.f.number(None)


def site_factor(frame: Frame, place: Place, latest: Sequence[LatestRow]) -> list[Fact]:
    """Power factor of the site from its main meters' sums, and their worst unbalance."""
    mains = [row for row in latest if row.meter_id in place.main_ids and row.ts is not None]
    active = [row.active_power_kw for row in mains if row.active_power_kw is not None]
    reactive = [row.reactive_power_kvar for row in mains if row.reactive_power_kvar is not None]
    factor = None
    if active and len(active) == len(reactive) == len(place.main_ids):
        apparent = float((sum(active) ** 2 + sum(reactive) ** 2) ** 0.5)
        factor = sum(active) / apparent if apparent else None
    found = [unbalances(row) for row in mains]
    worst = {
        kind: max((shares[kind] for shares in found if kind in shares), default=None)
        for kind in ("voltage", "current")
    }
    f, t = frame.f, frame.t
    return [
        Fact(name=t("value.pf"), value=f.number(factor, 3),
             note="" if factor is None or abs(factor) >= _GOOD_FACTOR else t("site.factor_low")),
        Fact(name=t("value.q"),
             value=f"{f.power(sum(reactive))} kvar" if reactive else f.number(None)),
        *(
            Fact(name=t(f"value.unbalance_{kind}"), value=f.percent(share, 1),
                 note=t("site.unbalanced")
                 if share is not None and share > _MOST_UNBALANCE_PCT[kind] else "")
            for kind, share in worst.items()
        ),
    ]  # fmt: skip
