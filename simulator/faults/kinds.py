"""All kinds of faults as one type."""

from __future__ import annotations

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

Fault = (
    Saving
    | NightLoad
    | ReversedCt
    | PhaseLoss
    | VoltageSag
    | RegisterRollover
    | MeterExchange
    | RegisterReset
    | GatewayOutage
    | Duplicates
    | Reordering
    | ClockSkew
    | ZeroGlitch
    | StuckValue
)
