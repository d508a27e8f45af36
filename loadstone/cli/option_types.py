"""What is typed at options: durations, zones, codes and factors."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_STEP = re.compile(r"(\d+)\s*(s|m|min|h)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600}


def duration_ms(text: str) -> int:
    """A duration such as 30s, 15m or 1h, in milliseconds."""
    match = _STEP.fullmatch(text)
    if match is None or not int(match[1]):
        raise click.BadParameter(f"{text!r} is not a duration such as 30s, 15m or 1h")
    return int(match[1]) * _SECONDS[match[2]] * 1000


def zone_name(text: str) -> str:
    """An IANA zone."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.BadParameter(f"{text!r} is not an IANA zone such as Asia/Shanghai") from error


def code(text: str) -> str:
    """An id that topics and the registry take."""
    if not _ID.fullmatch(text):
        raise click.BadParameter(f"{text!r} is not a code: it must match {_ID.pattern}")
    return text


def factor(text: str) -> float:
    """A positive number; infinite for max."""
    try:
        number = float("inf") if text == "max" else float(text)
    except ValueError:
        number = 0.0
    if not number > 0:
        raise click.BadParameter(f"{text!r} is neither a positive number nor max")
    return number
