"""The rest of today from scratch: the experts once more, then the shift by today's errors."""

from __future__ import annotations

from typing import Final

import numpy as np

from forecast.batch import LoadBatch
from forecast.engine.blend import blend
from forecast.intraday import RestOfDay, rest_of_day
from forecast.ladder import forecast_day, measured_days
from forecast.models.day_ahead import DayAhead
from forecast.quantiles import LEVELS

MODEL: Final = DayAhead()
_CHUNK: Final = 32


def forecast_today(batch: LoadBatch) -> RestOfDay:
    """The slots of the batch's last day from `origin_slot` on, issued on that day itself.

    Costs as much as a day-ahead run, so once or twice a day is enough: in between
    `rest_of_day` moves what this said. Customers with too little history for the experts get the
    usual profile unmoved. Raises ValueError for a batch that is not of lead 0.
    """
    if batch.lead_days:
        raise ValueError(f"a batch issued {batch.lead_days} days before is not of today")
    enough = measured_days(batch) >= MODEL.needs.history_days
    customers, _, slots = batch.load_kw.shape
    mean, band = np.zeros((customers, slots)), np.zeros((customers, slots, len(LEVELS)))
    young = np.flatnonzero(~enough)
    if len(young):
        plain = forecast_day(batch.rows(young))
        mean[young], band[young] = plain.mean_kw, plain.quantiles_kw
    rows = np.flatnonzero(enough)
    for start in range(0, len(rows), _CHUNK):
        mine = rows[start : start + _CHUNK]
        part = batch.rows(mine)
        fitted = MODEL.fit(part)
        first = fitted.predict()
        mean[mine], band[mine] = first.mean_kw, first.quantiles_kw
        panel = fitted.panel
        errors = blend(panel, MODEL.settings).errors * panel.past.scale_kw[:, None, None]
        told = rest_of_day(
            mean[mine], band[mine], part.known_load()[:, -1], errors, batch.origin_slot,
            part.signed,
        )  # fmt: skip
        mean[mine], band[mine] = told.mean_kw, told.quantiles_kw
    return RestOfDay(slot=batch.origin_slot, mean_kw=mean, quantiles_kw=band)
