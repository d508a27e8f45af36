"""The measured quantities that have a column of their own, in the order of the rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One telemetry field: its name on the wire, its column, and stored integer = value x scale."""

    field: str
    column: str
    scale: int
    unit: str
    wide: bool = False
    register: bool = False


def _of(names: str, suffix: str, scale: int, unit: str) -> tuple[Quantity, ...]:
    return tuple(
        Quantity(field=name, column=f"{name}_{suffix}", scale=scale, unit=unit)
        for name in names.split()
    )


def _register(field: str, column: str, unit: str) -> Quantity:
    return Quantity(field=field, column=column, scale=1000, unit=unit, wide=True, register=True)


INSTANT: tuple[Quantity, ...] = (
    *_of("u_an u_bn u_cn u_ab u_bc u_ca", "cv", 100, "V"),
    *_of("i_a i_b i_c i_n", "ma", 1000, "A"),
    *_of("p p_a p_b p_c", "w", 1000, "kW"),
    *_of("q", "var", 1000, "kvar"),
    *_of("s", "va", 1000, "kVA"),
    *_of("pf", "e4", 10_000, "1"),
    *_of("hz", "mhz", 1000, "Hz"),
)

REGISTERS: tuple[Quantity, ...] = (
    _register("ep_imp", "imp_wh", "kWh"),
    _register("ep_exp", "exp_wh", "kWh"),
    _register("eq_q1", "q1_varh", "kvarh"),
    _register("eq_q2", "q2_varh", "kvarh"),
    _register("eq_q3", "q3_varh", "kvarh"),
    _register("eq_q4", "q4_varh", "kvarh"),
    _register("eq_imp", "rimp_varh", "kvarh"),
    _register("eq_exp", "rexp_varh", "kvarh"),
)

QUANTITIES: tuple[Quantity, ...] = INSTANT + REGISTERS
POSITION: dict[str, int] = {quantity.field: at for at, quantity in enumerate(QUANTITIES)}
FIRST_REGISTER: int = len(INSTANT)
