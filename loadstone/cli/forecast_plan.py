"""The plan of forecasts out of the settings."""

from __future__ import annotations

from datetime import time

import click

from forecast.models import day_ahead_boosted
from forecast.runs.schedule import Plan
from loadstone.settings import Settings


def plan_of(settings: Settings) -> Plan:
    """When what is forecast; a wrong time of day is named."""
    if 3600 % settings.forecast_interval_s:
        raise click.ClickException("LOADSTONE_FORECAST_INTERVAL_S: 900, 1800 or 3600")
    if (
        settings.forecast_model == day_ahead_boosted.MODEL.name
        and not day_ahead_boosted.installed()
    ):
        raise click.ClickException(
            "LOADSTONE_FORECAST_MODEL: day_ahead_boosted needs pip install 'loadstone[lightgbm]'"
        )
    return Plan(
        interval_s=settings.forecast_interval_s,
        history_days=settings.forecast_history_days,
        issue_at=clock_time(settings.forecast_issue_at),
        today_every_s=settings.forecast_today_every_s,
        settle_s=settings.forecast_settle_s,
        replay_days=settings.forecast_replay_days,
        model=settings.forecast_model,
    )


def clock_time(text: str) -> time:
    """HH:MM as a time of day."""
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise click.ClickException(f"{text!r} is not a time of day such as 07:30") from error
