"""The product's savings for the harness: frames in, a dict out. The product knows only arrays."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.savings.judging import by_day, fit_and_expect
from forecast.savings.rows import EnergyRows, kinds_of
from forecast.savings.verify import last_year, verify

ORDINAL_OF_1970: Final = 719_163


def _regular(frame: pd.DataFrame, local: pd.DatetimeIndex, *, hourly: bool) -> pd.DataFrame:
    """One row an hour, or one a day: a day's stamp belongs to the midnight nearest to it."""
    if not hourly:
        frame = frame.set_axis(local.tz_localize(None).round("D"))
    frame = frame[~frame.index.duplicated()]
    return frame.reindex(
        pd.date_range(frame.index[0], frame.index[-1], freq="h" if hourly else "D")
    )


def rows_of(frame: pd.DataFrame, frequency: str) -> EnergyRows:
    """Rows of a frame whose index is local time; what is missing in between becomes unknown."""
    frame = frame.sort_index()
    local = pd.DatetimeIndex(frame.index)
    hourly = bool(pd.Series(local[1:] - local[:-1]).median() < pd.Timedelta(hours=20))
    frame = _regular(frame, local, hourly=hourly)
    local = pd.DatetimeIndex(frame.index).tz_localize(None)
    day = local.values.astype("datetime64[D]").astype(np.int64) + ORDINAL_OF_1970
    rows = EnergyRows(
        hourly=hourly,
        day=day,
        hour=local.hour.to_numpy(np.int64) if hourly else np.zeros(len(day), dtype=np.int64),
        day_kind=kinds_of(day),
        energy_kwh=frame["observed"].to_numpy(float),
        temperature_c=frame["temperature"].to_numpy(float),
    )
    return by_day(rows) if hourly and frequency == "daily" else rows


def estimate(baseline: pd.DataFrame, reporting: pd.DataFrame, frequency: str) -> dict[str, Any]:
    """Savings of the reporting frame against the baseline's; `frequency` is `hourly` or `daily`.

    `fsu` is the fractional savings uncertainty at 90 %; `seconds` is the fit's with its prediction,
    `judgement_seconds` the whole's, with placebos and events. Of a baseline of several years the
    last one judges, and the earlier ones are placebos.
    """
    before, after = rows_of(baseline, frequency), rows_of(reporting, frequency)
    start = perf_counter()
    told = verify(before, after)
    middle = perf_counter()
    fit_and_expect(last_year(before), after)
    end = perf_counter()
    return {
        "savings_kwh": told.savings_kwh,
        "savings_pct": told.savings_pct,
        "low90_pct": told.interval.low_pct,
        "high90_pct": told.interval.high_pct,
        "cvrmse": told.statistics.cvrmse_ratio,
        "nmbe": told.statistics.nmbe_ratio,
        "r2": told.statistics.r2,
        "fsu": told.statistics.fsu_90_ratio,
        "verdict": str(told.verdict),
        "seconds": end - middle,
        "judgement_seconds": middle - start,
    }
