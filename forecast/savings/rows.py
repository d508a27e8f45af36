"""What a baseline is fitted on: one row a day or an hour, in the site's own local days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.quantiles import BoolArray, FloatArray, IntArray

HOLIDAY: Final = 7
KINDS: Final = 8
HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyRows:
    """Energy and its drivers, in order of time; unknown is NaN.

    `day` counts as `date.toordinal`; `hour` is the local hour (0 throughout where rows are days);
    `day_kind` is 0 to 6 for days like a Monday to a Sunday (a make-up workday on a Saturday is like
    a Monday), 7 for holidays. `occupancy_ratio` is a measured driver such as people or output.
    """

    hourly: bool
    day: IntArray
    hour: IntArray
    day_kind: IntArray
    energy_kwh: FloatArray
    temperature_c: FloatArray
    occupancy_ratio: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse columns of unequal length."""
        columns = (self.hour, self.day_kind, self.energy_kwh, self.temperature_c)
        if any(len(one) != len(self.day) for one in columns):
            msg = "every column needs one value a row"
            raise ValueError(msg)

    def __len__(self) -> int:
        return len(self.day)

    @property
    def warm_known(self) -> bool:
        """Whether enough temperatures are known (nine in ten) to lean on them."""
        return len(self) > 0 and float(np.isfinite(self.temperature_c).mean()) >= 0.9

    def only(self, chosen: BoolArray | NDArray[np.intp]) -> EnergyRows:
        """The chosen rows."""
        busy = self.occupancy_ratio
        return EnergyRows(
            hourly=self.hourly,
            day=self.day[chosen],
            hour=self.hour[chosen],
            day_kind=self.day_kind[chosen],
            energy_kwh=self.energy_kwh[chosen],
            temperature_c=self.temperature_c[chosen],
            occupancy_ratio=None if busy is None else busy[chosen],
        )

    def known(self, *, with_temperature: bool) -> BoolArray:
        """Which rows have energy, and, where wanted, a temperature."""
        known: BoolArray = np.isfinite(self.energy_kwh)
        return known & np.isfinite(self.temperature_c) if with_temperature else known


def kinds_of(day: IntArray) -> IntArray:
    """Monday 0 to Sunday 6, where no calendar is known."""
    return (np.asarray(day, dtype=np.int64) + 6) % 7


def months_of(rows: EnergyRows) -> float:
    """How many months the rows cover, from the first day to the last."""
    if not len(rows):
        return 0.0
    return (int(rows.day.max()) - int(rows.day.min()) + 1) / 30.4375
