"""What each register counts."""

from __future__ import annotations

from typing import Literal

_ACTIVE = {"imp", "exp"}


def unit_of(register: str) -> Literal["kWh", "kvarh"]:
    """The unit of a register's energy."""
    return "kWh" if register in _ACTIVE else "kvarh"


def energy_field(register: str) -> Literal["energy_kwh", "reactive_energy_kvarh"]:
    """The name under which a register's energy is answered."""
    return "energy_kwh" if register in _ACTIVE else "reactive_energy_kvarh"
