"""How complete data were, as rows of cells: a meter, gateway or site each, a day or hour a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from api.pages.crumbs import meter_href
from api.pages.frame import Frame
from loadstone.storage.screens.quality_map import QualityCell, QualityMeter

By = Literal["meter", "gateway", "site"]
# Shares (%) from which on a cell has the shade; below the last it has nothing.
_SHADES = ((99.9, 5), (95.0, 4), (75.0, 3), (25.0, 2), (0.0001, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One bucket: its shade 0-5 or n (not due yet), whether a part is estimated, and its words."""

    shade: str
    is_estimated: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One thing with its cells and its totals; `group` is what it belongs to."""

    name: str
    code: str
    href: str
    group: str
    cells: list[HeatCell]
    complete: str
    complete_pct: float | None
    lag: str
    freshness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Rows and the names of the columns; `labels` has "" where there is no room for one."""

    rows: list[HeatRow]
    labels: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    due_s: float
    measured_s: float
    estimated_s: float
    lag_max_s: int | None

    @property
    def share_pct(self) -> float | None:
        return 100 * self.measured_s / self.due_s if self.due_s > 0 else None


def heat_of(
    frame: Frame, meters: Sequence[QualityMeter], cells: Sequence[QualityCell], by: By, zone: str,
    step: str, now: datetime, kept: Mapping[str, str],
) -> Heat:  # fmt: skip
    """The map; rows in the order in which their meters come."""
    keys: dict[By, Callable[[QualityMeter], int]] = {
        "meter": lambda m: m.meter_id, "gateway": lambda m: m.gateway_id or 0,
        "site": lambda m: m.site_id,
    }  # fmt: skip
    members: dict[int, list[QualityMeter]] = {}
    for meter in meters:
        members.setdefault(keys[by](meter), []).append(meter)
    starts = sorted({cell.start_at for cell in cells})
    by_meter: dict[int, dict[datetime, QualityCell]] = {}
    for cell in cells:
        by_meter.setdefault(cell.meter_id, {})[cell.start_at] = cell
    rows = [_row(frame, group, by, by_meter, starts, zone, step, now, kept)
            for group in members.values()]  # fmt: skip
    return Heat(rows=rows, labels=_labels(frame, starts, zone, step))


def heat_of_sites(
    frame: Frame, meters: Sequence[QualityMeter], cells: Sequence[QualityCell], zone: str,
    step: str, now: datetime, kept: Mapping[str, str],
) -> Heat:  # fmt: skip
    """The same by site."""
    return heat_of(frame, meters, cells, "site", zone, step, now, kept)


def _row(
    frame: Frame, members: Sequence[QualityMeter], by: By,
    by_meter: Mapping[int, Mapping[datetime, QualityCell]], starts: Sequence[datetime], zone: str,
    step: str, now: datetime, kept: Mapping[str, str],
) -> HeatRow:  # fmt: skip
    one = members[0]
    mine = [by_meter.get(meter.meter_id, {}) for meter in members]
    shown = [
        _cell(frame, _summed(found[at] for found in mine if at in found), at, zone, step)
        for at in starts
    ]
    whole = _summed(cell for found in mine for cell in found.values())
    heard = [meter.newest_at for meter in members if meter.newest_at]
    age = max(now - min(heard), timedelta()) if len(heard) == len(members) else None
    query = urlencode(dict(kept))
    name, code, href = frame.t.name(one), one.code, meter_href(one.meter_id) + f"?{query}"
    if by == "site":
        name, code = frame.t.name(one, "site"), ""
        href = f"/quality?{urlencode({**kept, 'site': one.site_id})}"
    elif by == "gateway":
        name, code = one.gateway_code or frame.t("quality.no_gateway"), ""
        href = f"/quality?{urlencode({**kept, 'gateway': one.gateway_id or ''})}"
    return HeatRow(
        name=name, code=code, href=href,
        group=frame.t.name(one, "customer") if by == "site" else frame.t.name(one, "site"),
        cells=shown, complete=frame.f.percent(whole.share_pct, 1), complete_pct=whole.share_pct,
        lag=frame.f.number(None) if whole.lag_max_s is None
        else frame.f.span(timedelta(seconds=max(0, whole.lag_max_s))),
        freshness=frame.f.span(age) if age is not None else frame.t("age.never"),
    )  # fmt: skip


def _summed(cells: Iterable[QualityCell]) -> _Sums:
    found = list(cells)
    lags = [cell.lag_max_s for cell in found if cell.lag_max_s is not None]
    return _Sums(
        due_s=sum(cell.due_s for cell in found),
        measured_s=sum(cell.measured_s for cell in found),
        estimated_s=sum(cell.estimated_s for cell in found), lag_max_s=max(lags, default=None),
    )  # fmt: skip


def _cell(frame: Frame, sums: _Sums, at: datetime, zone: str, step: str) -> HeatCell:
    local = at.astimezone(ZoneInfo(zone))
    when = frame.f.day(local.date(), weekday=True)
    if step != "1 day":
        when = f"{when} {local:%H:%M}" if step != "1 month" else frame.f.month(local.date())
    share = sums.share_pct
    if share is None:
        return HeatCell(shade="n", is_estimated=False, text=frame.t("heat.not_due", when=when))
    shade = next((number for least, number in _SHADES if share >= least), 0)
    estimated = 100 * sums.estimated_s / sums.due_s
    text = frame.t("heat.cell", when=when, share=frame.f.percent(share, 1))
    if estimated >= 0.05:
        text = frame.t("heat.cell_estimated", text=text, share=frame.f.percent(estimated, 1))
    return HeatCell(shade=str(shade), is_estimated=estimated >= 0.05, text=text)


def _labels(frame: Frame, starts: Sequence[datetime], zone: str, step: str) -> list[str]:
    local = [at.astimezone(ZoneInfo(zone)) for at in starts]
    if step == "1 month":
        return [frame.f.month(at.date()) for at in local]
    if step == "1 day":
        every = 1 if len(local) <= 16 else 2 if len(local) <= 32 else 5
        return [str(at.day) if i % every == 0 else "" for i, at in enumerate(local)]
    every = 3 if len(local) <= 26 else 6
    return [f"{at:%H}" if at.hour % every == 0 else "" for at in local]
