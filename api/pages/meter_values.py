"""A meter's newest values, each with its unit and as many digits as it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.frame import Frame

# Field → text, unit, digits. Line voltages are named as three-wire meters have them.
INSTANT: tuple[tuple[str, str, str, int], ...] = (
    ("active_power_kw", "value.p", "kW", 2),
    ("active_power_a_kw", "value.p_a", "kW", 2),
    ("active_power_b_kw", "value.p_b", "kW", 2),
    ("active_power_c_kw", "value.p_c", "kW", 2),
    ("reactive_power_kvar", "value.q", "kvar", 2),
    ("apparent_power_kva", "value.s", "kVA", 2),
    ("power_factor_ratio", "value.pf", "", 3),
    ("frequency_hz", "value.hz", "Hz", 2),
    ("voltage_an_v", "value.u_an", "V", 1),
    ("voltage_bn_v", "value.u_bn", "V", 1),
    ("voltage_cn_v", "value.u_cn", "V", 1),
    ("voltage_ab_v", "value.u_ab", "V", 1),
    ("voltage_bc_v", "value.u_bc", "V", 1),
    ("voltage_ca_v", "value.u_ca", "V", 1),
    ("current_a_a", "value.i_a", "A", 2),
    ("current_b_a", "value.i_b", "A", 2),
    ("current_c_a", "value.i_c", "A", 2),
    ("current_n_a", "value.i_n", "A", 2),
)
REGISTERS: tuple[tuple[str, str, str, int], ...] = (
    ("import_total_kwh", "value.ep_imp", "kWh", 2),
    ("export_total_kwh", "value.ep_exp", "kWh", 2),
    ("reactive_q1_total_kvarh", "value.eq_q1", "kvarh", 2),
    ("reactive_q2_total_kvarh", "value.eq_q2", "kvarh", 2),
    ("reactive_q3_total_kvarh", "value.eq_q3", "kvarh", 2),
    ("reactive_q4_total_kvarh", "value.eq_q4", "kvarh", 2),
    ("reactive_import_total_kvarh", "value.eq_imp", "kvarh", 2),
    ("reactive_export_total_kvarh", "value.eq_exp", "kvarh", 2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """One value in words."""

    field: str
    name: str
    value: str
    unit: str


def value_rows(frame: Frame, latest: object) -> list[ValueRow]:
    """What this meter measures, and the unbalance of its phases where it can be told."""
    rows = [
        ValueRow(field=field, name=frame.t(key), value=frame.f.number(value, digits), unit=unit)
        for field, key, unit, digits in INSTANT
        if (value := getattr(latest, field)) is not None
    ]
    shares = unbalances(latest)
    return rows + [
        ValueRow(field=kind, name=frame.t(f"value.unbalance_{kind}"),
                 value=frame.f.number(share, 1), unit="%")
        for kind, share in shares.items()
    ]  # fmt: skip


def unbalances(latest: object) -> Mapping[str, float]:
    """Largest deviation from the mean of three phases, in percent of it: of volts and of amperes.

    As NEMA MG 1 reckons it, from magnitudes; phases to neutral, else line to line.
    """
    found: dict[str, float] = {}
    for kind, names in (
        ("voltage", ("voltage_an_v", "voltage_bn_v", "voltage_cn_v")),
        ("voltage", ("voltage_ab_v", "voltage_bc_v", "voltage_ca_v")),
        ("current", ("current_a_a", "current_b_a", "current_c_a")),
    ):
        values: list[Any] = [getattr(latest, name) for name in names]
        if kind in found or any(value is None for value in values):
            continue
        mean = sum(values) / 3
        if mean > 0:
            found[kind] = 100 * max(abs(value - mean) for value in values) / mean
    return found
