"""How old data may be before the screen says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from api.pages.frame import Frame
from loadstone.storage.screens.gateways import GatewayView

State = Literal["live", "stale", "silent", "never"]
_LEAST_STALE_S = 120
_LEAST_SILENT_S = 600


def stale_after_s(interval_s: int) -> int:
    """Data older than two intervals are not current any more."""
    return max(2 * interval_s, _LEAST_STALE_S)


def silent_after_s(interval_s: int) -> int:
    """After five intervals somebody should look."""
    return max(5 * interval_s, _LEAST_SILENT_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """The age of what is shown, as the badge says it; ticked on by a script."""

    state: State
    text: str
    time: str
    at_ms: int | None
    stale_s: int
    silent_s: int

    @property
    def is_current(self) -> bool:
        """Whether a value of this age may be called the value now."""
        return self.state == "live"


def age_of(
    frame: Frame, at: datetime | None, now: datetime, interval_s: int, zone: str
) -> Age:  # fmt: skip
    """The age of a value that was measured at `at`."""
    stale_s, silent_s = stale_after_s(interval_s), silent_after_s(interval_s)
    if at is None:
        return Age(
            state="never",
            text=frame.t("age.never"),
            time="",
            at_ms=None,
            stale_s=stale_s,
            silent_s=silent_s,
        )
    age = max(now - at, timedelta())
    time = frame.f.instant(at, zone, now)
    state: State = "live"
    text = frame.t("age.ago", span=frame.f.span(age))
    if age.total_seconds() > silent_s:
        state, text = "silent", frame.t("age.silent", time=time)
    elif age.total_seconds() > stale_s:
        state, text = "stale", frame.t("age.stale", time=time)
    return Age(
        state=state,
        text=text,
        time=time,
        at_ms=int(at.timestamp() * 1000),
        stale_s=stale_s,
        silent_s=silent_s,
    )


def gateway_silent_since(gateway: GatewayView, now: datetime) -> datetime | None:
    """Since when a gateway has not spoken, or None while it does or where it never has."""
    if gateway.last_message_at is None:
        return gateway.state_at if gateway.online is False else None
    overdue = now - gateway.last_message_at > timedelta(seconds=silent_after_s(gateway.interval_s))
    return gateway.last_message_at if overdue or gateway.online is False else None


def gateway_never_spoke(gateway: GatewayView) -> bool:
    """Whether it is registered and nothing has been heard of it yet."""
    return gateway.last_message_at is None and gateway.state_at is None
