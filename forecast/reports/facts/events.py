"""What gateways told of the premises and what was decided of registers, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from forecast.reports.facts.months import Month
from forecast.reports.facts.premises import Premises
from forecast.reports.text import Text, same
from loadstone.storage.read_only import Connection
from loadstone.storage.screens.timeline import Concerned, Happening, happenings

_MOST = 400
_SOURCES = ("gateway", "ledger")
_WORDS: Final = {
    "register_exchange": Text("Meter exchanged", "换表"),
    "register_reset": Text("Register reset", "表码清零"),
    "power_fail": Text("Power failed", "停电"),
    "power_restore": Text("Power came back", "来电"),
    "clock_set": Text("Gateway's clock set", "网关对时"),
    "phase_loss": Text("Phase lost", "缺相"),
    "overload": Text("Overload", "过载"),
    "door_open": Text("Cabinet opened", "柜门开启"),
    "epoch_opened": Text("Registers began anew", "表码重新起算"),
    "epoch_changed": Text("Judged differently", "判定变更"),
    "epoch_removed": Text("Beginning taken back", "重新起算取消"),
    "epoch": Text("Beginning corrected", "更正起算"),
    "join": Text("Registers joined", "表码连续"),
    "trust": Text("Readings trusted", "采信读数"),
    "distrust": Text("Readings not trusted", "剔除读数"),
    "ratio": Text("Ratio corrected", "更正倍率"),
    "amount": Text("Energy declared", "核定电量"),
    "withdraw": Text("Correction withdrawn", "撤销更正"),
    "rejudge": Text("Judged again", "重新判定"),
}
_REASONS: Final = {
    "rollover": Text("rollover", "翻转"),
    "reset": Text("reset", "清零"),
    "jump": Text("jump", "跳变"),
    "exchange": Text("exchange", "换表"),
    "declared": Text("declared by the gateway", "网关声明"),
    "manual": Text("by hand", "人工"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event by the month's clock."""

    at: datetime
    text: Text
    where: str


def month_events(
    connection: Connection, premises: Premises, month: Month, as_known_at: datetime
) -> list[Event]:
    """The events of the month, oldest first."""
    site_id = premises.sites[0].site_id if len(premises.sites) == 1 else None
    concerned = Concerned(customer_id=premises.customer.customer_id, site_id=site_id)
    found = happenings(connection, concerned, month.start, min(month.end, as_known_at), _MOST)
    zone = ZoneInfo(month.zone)
    return [
        Event(
            at=one.at.astimezone(zone),
            text=_said(one),
            where=" · ".join(part for part in (one.gateway_code, one.meter_code) if part),
        )
        for one in reversed(found)
        if one.source in _SOURCES
    ]


def _said(one: Happening) -> Text:
    kind = _WORDS.get(one.kind, same(one.kind.replace("_", " ")))
    reason = one.details.get("reason") if one.source == "ledger" else None
    if not isinstance(reason, str):
        return kind
    why = _REASONS.get(reason, same(reason.replace("_", " ")))
    return Text(f"{kind.en}: {why.en}", f"{kind.zh}：{why.zh}")
