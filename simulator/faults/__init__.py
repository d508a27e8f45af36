"""Faults with a known truth, to be switched on for a meter or a gateway."""

from __future__ import annotations

from simulator.faults.demo import demo_faults
from simulator.faults.kinds import Fault
from simulator.faults.measuring import PhaseLoss, ReversedCt, VoltageSag
from simulator.faults.physical import NightLoad, Saving
from simulator.faults.register import MeterExchange, RegisterReset, RegisterRollover
from simulator.faults.transmission import (
    ClockSkew,
    Duplicates,
    GatewayOutage,
    Reordering,
    StuckValue,
    ZeroGlitch,
)

__all__ = [
    "ClockSkew",
    "Duplicates",
    "Fault",
    "GatewayOutage",
    "MeterExchange",
    "NightLoad",
    "PhaseLoss",
    "RegisterReset",
    "RegisterRollover",
    "Reordering",
    "ReversedCt",
    "Saving",
    "StuckValue",
    "VoltageSag",
    "ZeroGlitch",
    "demo_faults",
]
