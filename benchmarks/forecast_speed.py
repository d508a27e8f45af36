"""CPU seconds and memory of a day-ahead run: `python -m benchmarks.forecast_speed [--quick]`.

Synthetic premises of two years with temperatures and public holidays, all forecast from scratch
with eleven quantiles by one process on one thread. Every figure is measured; with `--quick` the
larger portfolios are left out and said to be so.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import resource
import time
from datetime import date

import numpy as np

from forecast.batch import LoadBatch
from forecast.calendars.day_kinds import day_kinds
from forecast.ladder import forecast_day

DAYS = 731
FIRST = date(2022, 1, 1)
PART = 250


def premises(customers: int, slots: int, seed: int) -> LoadBatch:
    """Offices, shifts and dwellings of different sizes, each with weather and noise of its own."""
    rng = np.random.default_rng(seed)
    hour = np.arange(slots) * 24 / slots
    kinds = day_kinds(FIRST, DAYS, "GB")
    start, end = rng.uniform(5, 9, (customers, 1)), rng.uniform(15, 23, (customers, 1))
    busy = ((hour >= start) & (hour < end)).astype(np.float32)
    work = np.where(kinds.off, rng.uniform(0.1, 0.9, (customers, 1)), 1.0).astype(np.float32)
    warmth = 12 + 9 * np.sin(np.arange(DAYS) / 58.1 - 1.9) + rng.normal(0, 2.5, DAYS)
    daily = (4 * np.sin((hour - 9) / 24 * 2 * np.pi)).astype(np.float32)
    temperature = (warmth[:, None] + daily).astype(np.float32)
    cooling = rng.uniform(0, 0.03, (customers, 1, 1)) * np.maximum(temperature - 18, 0)
    load = 0.4 + work[:, :, None] * busy[:, None] + cooling
    load *= rng.normal(1, 0.06, load.shape).astype(np.float32)
    load *= rng.lognormal(4, 1, (customers, 1, 1))
    return LoadBatch(
        first_day=FIRST,
        load_kw=load,
        temperature_c=np.broadcast_to(temperature, load.shape),
        calendars=(kinds,) * customers,
        lead_days=1,
        origin_slot=slots // 3,
        signed=np.zeros(customers, dtype=bool),
    )


def measured(customers: int, slots: int) -> tuple[float, float]:
    """CPU seconds spent in forecasts, and peak memory in MB of the process so far."""
    spent = 0.0
    for start in range(0, customers, PART):
        batch = premises(min(PART, customers - start), slots, start)
        begin = time.process_time()
        forecast_day(batch)
        spent += time.process_time() - begin
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 hourly and 50 quarter-hourly")
    quick = parser.parse_args().quick
    hourly = (100,) if quick else (1_000, 3_000, 10_000)
    quarter = (50,) if quick else (1_000,)
    print(f"{'customers':>9} {'slots':>5} {'CPU s':>8} {'s per 1,000':>11} {'peak MB':>8}")
    for slots, sizes in ((24, hourly), (96, quarter)):
        for size in sizes:
            spent, memory = measured(size, slots)
            print(f"{size:>9} {slots:>5} {spent:>8.1f} {1000 * spent / size:>11.1f} {memory:>8.0f}")
    if quick:
        print("quick: larger portfolios were not run; nothing here is extrapolated")


if __name__ == "__main__":
    main()
