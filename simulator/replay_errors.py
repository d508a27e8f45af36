"""What can keep interval data from being replayed.

ReplayError
├── IntervalFileError   the file does not say what to replay: names column, row and way out
└── GatewayLineError    the broker refused the gateway, or stopped acknowledging
"""

from __future__ import annotations


class ReplayError(Exception):
    """Interval data could not be replayed; the message says what to do about it."""


class IntervalFileError(ReplayError):
    """A file of interval data that cannot be read as told, or contradicts itself."""


class GatewayLineError(ReplayError):
    """The broker did not take the gateway or its messages."""
