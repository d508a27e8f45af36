"""Readings, load, energy and register history as answered.

Long answers are written straight from the rows for speed; tests hold them against these models.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.models.fields import (
    Answer,
    EndAt,
    EstimatedRatio,
    Instant,
    IntervalQuality,
    MeasuredRatio,
    Quality,
    QualityFlags,
    RegisterName,
    StartAt,
    Zone,
)

_Volt = Annotated[float | None, Field(examples=[230.4])]
_Ampere = Annotated[float | None, Field(examples=[312.5])]
_KiloWatt = Annotated[float | None, Field(examples=[189.42])]
_Register = Annotated[float | None, Field(examples=[1234567.89])]


class MeasuredValues(Answer):
    """Values of one instant on the primary side; + is import, null is not measured."""

    voltage_an_v: _Volt
    voltage_bn_v: _Volt
    voltage_cn_v: _Volt
    voltage_ab_v: _Volt
    voltage_bc_v: _Volt
    voltage_ca_v: _Volt
    current_a_a: _Ampere
    current_b_a: _Ampere
    current_c_a: _Ampere
    current_n_a: _Ampere
    active_power_kw: _KiloWatt
    active_power_a_kw: _KiloWatt
    active_power_b_kw: _KiloWatt
    active_power_c_kw: _KiloWatt
    reactive_power_kvar: Annotated[float | None, Field(description="+ is inductive.")]
    apparent_power_kva: float | None
    power_factor_ratio: Annotated[float | None, Field(examples=[0.951])]
    frequency_hz: Annotated[float | None, Field(examples=[50.01])]
    import_total_kwh: _Register
    export_total_kwh: _Register
    reactive_q1_total_kvarh: _Register
    reactive_q2_total_kvarh: _Register
    reactive_q3_total_kvarh: _Register
    reactive_q4_total_kvarh: _Register
    reactive_import_total_kvarh: _Register
    reactive_export_total_kvarh: _Register


class Latest(MeasuredValues):
    """The newest values of a meter, and how old they are."""

    meter_id: Annotated[int, Field(examples=[21])]
    code: Annotated[str, Field(examples=["MTR-001"])]
    site_id: Annotated[int, Field(examples=[11])]
    ts: Annotated[datetime | None, Field(description="When it was so; null: never heard of.")]
    received_at: datetime | None
    age_s: Annotated[float | None, Field(description="Now minus `ts`.", examples=[4.2])]
    epoch: Annotated[int | None, Field(description="Register epoch; -1: registers not trusted.")]
    quality: Annotated[int | None, Field(description="Bits of telemetry v1.", examples=[0])]
    quality_flags: QualityFlags


class Reading(MeasuredValues):
    """A stored reading."""

    ts: Instant
    epoch: Annotated[int, Field(description="Register epoch; -1: registers not trusted.")]
    quality: Annotated[int, Field(description="Bits of telemetry v1.", examples=[0])]
    lag_s: Annotated[int, Field(description="From the reading's own time to its receipt.")]


class Readings(Answer):
    """Readings of [from, to) in order of time."""

    meter_id: int
    code: str
    zone: Zone
    data: list[Reading]
    next_cursor: Annotated[str | None, Field(description="Send as `cursor` for the next part.")]


class LoadPoint(Answer):
    """Mean power of one interval; extremes are of the samples in it."""

    start_at: StartAt
    end_at: EndAt
    power_kw: Annotated[
        float | None, Field(description="null: nothing was measured.", examples=[189.42])
    ]
    estimated_kw: Annotated[
        float | None, Field(description="Where nothing was measured: what the gap must have had.")
    ]
    power_min_kw: _KiloWatt
    power_max_kw: _KiloWatt
    samples: int
    quality: Quality


class Series(Answer):
    """Which intervals an answer holds."""

    zone: Annotated[Zone, Field(description="The zone whose calendar cuts the intervals.")]
    step: Annotated[str, Field(examples=["1h"])]
    start_at: Instant
    end_at: Instant


class Load(Series):
    """The load curve of a meter."""

    meter_id: int
    code: str
    data: list[LoadPoint]


class SiteLoadPoint(Answer):
    """Sum of a site's main meters; null where one of them is missing."""

    start_at: StartAt
    end_at: EndAt
    power_kw: float | None
    estimated_kw: Annotated[
        float | None, Field(description="The sum with estimates, where power_kw is null.")
    ]
    missing_meters: Annotated[list[str], Field(examples=[["MTR-002"]])]
    quality: Quality


class SiteLoad(Series):
    """The load curve of a site."""

    site_id: int
    code: str
    meters: Annotated[list[str], Field(description="The main meters.", examples=[["MTR-001"]])]
    data: list[SiteLoadPoint]


class EnergyInterval(Answer):
    """Energy of one interval: `energy_kwh`, or for reactive registers `reactive_energy_kvarh`."""

    start_at: StartAt
    end_at: EndAt
    energy_kwh: Annotated[
        float | None, Field(description="Active registers only.", examples=[47.355])
    ] = None
    reactive_energy_kvarh: Annotated[
        float | None, Field(description="Reactive registers only.")
    ] = None
    measured_ratio: MeasuredRatio
    estimated_ratio: EstimatedRatio
    quality: Quality


class EnergyTotal(Answer):
    """All intervals together: the sum of what is known, and how much of it is what."""

    energy_kwh: Annotated[
        float | None, Field(description="Active registers only.", examples=[1136.52])
    ] = None
    reactive_energy_kvarh: Annotated[
        float | None, Field(description="Reactive registers only.")
    ] = None
    quality: Annotated[
        IntervalQuality,
        Field(description="The worst of the intervals: `missing` with a sum is a sum of a part."),
    ]
    measured_ratio: MeasuredRatio
    estimated_ratio: EstimatedRatio
    counts: Annotated[
        dict[IntervalQuality, int],
        Field(
            description="Intervals by quality.",
            examples=[{"measured": 23, "estimated": 1, "corrected": 0, "missing": 0}],
        ),
    ]


class Energy(Series):
    """Energy of a meter by interval."""

    meter_id: int
    code: str
    register_name: Annotated[RegisterName, Field(alias="register", examples=["imp"])]
    unit: Literal["kWh", "kvarh"]
    data: list[EnergyInterval]
    total: EnergyTotal


class SiteEnergyInterval(EnergyInterval):
    """Sum of a site's main meters; null where one is missing, then the known part stands apart."""

    known_energy_kwh: Annotated[
        float | None, Field(description="The sum of the meters that are not missing.")
    ] = None
    known_reactive_energy_kvarh: float | None = None
    missing_meters: Annotated[list[str], Field(examples=[["MTR-002"]])]


class SiteEnergy(Series):
    """Energy of a site by interval."""

    site_id: int
    code: str
    register_name: Annotated[RegisterName, Field(alias="register", examples=["imp"])]
    unit: Literal["kWh", "kvarh"]
    meters: Annotated[list[str], Field(description="The main meters.", examples=[["MTR-001"]])]
    data: list[SiteEnergyInterval]
    total: EnergyTotal


class RegisterOffsets(Answer):
    """What is added to each register so that it follows on from the epoch before."""

    import_kwh: float
    export_kwh: float
    reactive_q1_kvarh: float
    reactive_q2_kvarh: float
    reactive_q3_kvarh: float
    reactive_q4_kvarh: float
    reactive_import_kvarh: float
    reactive_export_kvarh: float


class RegisterEpoch(Answer):
    """A stretch in which the registers are continuous."""

    epoch: Annotated[int, Field(examples=[1])]
    starts_at: Instant
    reason: Annotated[
        Literal["first", "rollover", "reset", "jump", "exchange", "declared", "manual"],
        Field(examples=["rollover"]),
    ]
    declared_epoch: Annotated[int | None, Field(description="The number the gateway gave it.")]
    offsets: RegisterOffsets
    decided_at: Instant
    corrected_by: Annotated[
        int | None, Field(description="Ledger event by which a person corrected it.")
    ]


class RegisterHistory(Answer):
    """The register epochs of a meter, oldest first."""

    meter_id: int
    code: str
    zone: Zone
    data: list[RegisterEpoch]
