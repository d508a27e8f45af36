"""The measure that the demo's hotel took, with what the simulator truly saves there."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from forecast.savings.verify import TooLittleToJudgeError
from forecast.verification.run import judge_measure, keep_judgement
from loadstone.storage.meters import find_meter
from loadstone.storage.pool import connect
from loadstone.storage.saving_measures import MeasurePlan, list_measures, measure, put_measure
from simulator.faults.demo import demo_faults
from simulator.faults.physical import Saving
from simulator.model import Portfolio

WHO = "demo"
WHAT = "Variable speed drives for the chilled water pumps"
OWNER = "Li Wei"


def put_demo_measure(url: str, portfolio: Portfolio, installed_at: datetime, now: datetime) -> None:
    """Note the measure from the first whole day on which it saved, and judge it; once only.

    The simulator's world counts from `installed_at`. With a short history nothing can be judged.
    """
    savings = [one for one in demo_faults(portfolio, installed_at) if isinstance(one, Saving)]
    with connect(url) as connection:
        for saving in savings:
            meter = find_meter(connection, None, saving.meter, now)
            if meter is None or list_measures(connection, site_id=meter.site_id):
                continue
            since = saving.start.astimezone(ZoneInfo(meter.zone)).date() + timedelta(days=1)
            plan = MeasurePlan(
                what=WHAT, status="implemented", implemented_on=since, owner=OWNER,
                expected_kwh=250_000.0,
            )  # fmt: skip
            row = measure(connection, put_measure(connection, meter.site_id, plan, who=WHO, at=now))
            if row is None:
                continue
            try:
                judged = judge_measure(connection, row, (), now)
            except TooLittleToJudgeError:
                continue
            keep_judgement(connection, row, judged, WHO, now)
