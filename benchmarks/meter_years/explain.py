"""The plan of a question: those of the statements inside the functions that it calls."""

from __future__ import annotations

import re

import numpy as np
import psycopg
from psycopg.errors import Diagnostic

from benchmarks.meter_years.dashboards import Question

_ASK_FOR_PLANS = (
    "LOAD 'auto_explain'",
    "SET auto_explain.log_min_duration = 0",
    "SET auto_explain.log_analyze = on",
    "SET auto_explain.log_nested_statements = on",
    "SET auto_explain.log_level = notice",
    "SET client_min_messages = notice",
)
_MOST_LINES, _MOST_CHARACTERS = 150, 150


def _duration_ms(notice: str) -> float:
    found = re.match(r"duration: ([\d.]+) ms", notice)
    return float(found[1]) if found else 0.0


def plan_of(url: str, question: Question) -> list[str]:
    """EXPLAIN ANALYZE of the longest statement of one run, or a line that says why not."""
    notices: list[str] = []

    def keep(diagnostic: Diagnostic) -> None:
        notices.append(diagnostic.message_primary or "")

    with psycopg.connect(url, options="-c timezone=UTC", autocommit=True) as connection:
        try:
            for statement in _ASK_FOR_PLANS:
                connection.execute(statement)
        except psycopg.Error as error:
            return [f"no plan: {error.diag.message_primary or error}"]
        connection.add_notice_handler(keep)
        question.ask(connection, np.random.default_rng(1))
    # What is asked ends last, and says only which function it called.
    longest = max(notices[:-1] or notices, key=_duration_ms, default="no plan was told")
    return [line[:_MOST_CHARACTERS] for line in longest.splitlines()[:_MOST_LINES]]
