"""Canonical telemetry v1: a batch of readings of one gateway, as JSON (DOMAIN §1.5)."""

from __future__ import annotations

import re
import struct
from typing import Annotated, Literal

import msgspec
import numpy as np

from collector.formats import PayloadFormat
from collector.formats._json import (
    ID_RULE,
    Boot,
    Counter,
    Id,
    Ms,
    Unreadable,
    check_gateway,
    refusal_of,
)
from loadstone.domain.messages import BadReading, Readings, Telemetry, WireReading
from loadstone.domain.quantities import QUANTITIES
from loadstone.domain.refusal import Refusal, UndecodableError

_EXTRA_RULE = re.compile(
    r"u_avg|i_res|(q|s|pf)_[abc]|thd_[ui]_[abc]|temp_(a|b|c|n|amb)"
    r"|(ep_imp|ep_exp|eq_imp|eq_exp|eq_q[1-4]|es)(_[abc]|_t[1-8])?"
    r"|dem_(p_imp|p_exp|q_imp|s)(_t[1-8])?|di_[0-9]{1,2}|x_[a-z0-9_]{1,32}"
)
_ID = re.compile(ID_RULE)
_SWITCH = re.compile(r"di_[0-9]{1,2}|x_[a-z0-9_]{1,32}")
_NAN = float("nan")
# Packing is quicker than making an array of objects; absent fields are NaN from the start.
_pack_row = struct.Struct(f"={len(QUANTITIES)}d").pack
_NOTHING = _pack_row(*(_NAN,) * len(QUANTITIES))
_ROWS: frozenset[str] = frozenset(("inst", "reg"))

# The fields that have columns, in the order of QUANTITIES, so that a reading becomes a row as is.
Columns = msgspec.defstruct(
    "Columns",
    [(quantity.field, float | None, _NAN) for quantity in QUANTITIES],
    forbid_unknown_fields=True,
    gc=False,
)

Kind = Literal["inst", "reg", "int", "dem", "bill"]
IntervalS = Literal[60, 300, 600, 900, 1800, 3600, 86400]
Epoch = Annotated[int, msgspec.Meta(ge=0, le=2_147_483_647)]
Bits = Annotated[int, msgspec.Meta(ge=0, le=65535)]


class _Reading(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    m: str  # an Id: the same few come again and again, so they are checked once (_are_ids)
    t: Ms
    k: Kind
    f: Columns  # type: ignore[valid-type]  # made above from the list of quantities
    dt: IntervalS | None = None
    ep: Epoch | None = None
    q: Bits = 0
    dem_t: Ms | None = None


class _LooseReading(msgspec.Struct, forbid_unknown_fields=True):
    m: Id
    t: Ms
    k: Kind
    f: Annotated[dict[str, float | bool | None], msgspec.Meta(min_length=1)]
    dt: IntervalS | None = None
    ep: Epoch | None = None
    q: Bits = 0
    dem_t: Ms | None = None


class _Clock(msgspec.Struct, forbid_unknown_fields=True):
    src: Literal["ntp", "gnss", "meter", "server", "rtc", "none"] = "none"
    sync: bool = True
    off_ms: int | None = None


class _Envelope(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    v: Literal[1]
    gw: Id
    boot: Boot
    seq: Counter
    sent: Ms
    clk: _Clock | None = None
    bf: bool = False


class _Batch(_Envelope, forbid_unknown_fields=True, kw_only=True):
    r: Annotated[list[_Reading], msgspec.Meta(min_length=1, max_length=1000)]


class _LooseBatch(_Envelope, forbid_unknown_fields=True, kw_only=True):
    r: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=1000)]


_decode_batch = msgspec.json.Decoder(_Batch).decode
_decode_loose = msgspec.json.Decoder(_LooseBatch).decode
_decode_reading = msgspec.json.Decoder(_LooseReading).decode
_as_row = msgspec.structs.astuple


def decode(topic: str, payload: bytes) -> Telemetry:
    """Read one batch; a bad reading in it is set aside with its reason, the others go on."""
    try:
        batch = _decode_batch(payload)
    except msgspec.ValidationError:
        return _decode_one_by_one(topic, payload)
    except Unreadable as error:
        raise UndecodableError(refusal_of(error, payload)) from error
    check_gateway(topic, batch.gw)
    each = batch.r
    channels = [one.m for one in each]
    kinds = [one.k for one in each]
    try:
        rows = [_pack_row(*_as_row(one.f)) for one in each]
    except struct.error:  # a null that was sent as such
        return _decode_one_by_one(topic, payload)
    if not (
        (_ROWS.issuperset(kinds) or all(map(_has_interval, each)))
        and _are_ids(channels)
        and _NOTHING not in rows
        and [one.dem_t for one in each].count(None) == len(each)
    ):
        return _decode_one_by_one(topic, payload)
    readings = Readings(
        channels=channels,
        ts_ms=[one.t for one in each],
        kinds=kinds,
        values=np.frombuffer(b"".join(rows)).reshape(len(each), len(QUANTITIES)),
        quality=[one.q for one in each],
        intervals_s=[one.dt for one in each],
        register_epochs=[one.ep for one in each],
    )
    return _telemetry(batch, readings, [])


_MOST_IDS = 100_000
_known_ids: set[str] = set()


def _are_ids(names: list[str]) -> bool:
    """Whether all names keep the rule of ids."""
    if _known_ids.issuperset(names):
        return True
    if not all(_ID.search(name) for name in names):
        return False
    if len(_known_ids) < _MOST_IDS:
        _known_ids.update(names)
    return True


def _has_interval(reading: _Reading | _LooseReading) -> bool:
    """Whether a reading of amounts over an interval says which."""
    return reading.dt is not None or reading.k not in ("int", "dem")


def _no_interval(kind: str) -> Refusal:
    return Refusal(
        code="schema", field="dt", value="missing", rule=f"a reading of kind {kind} must carry dt"
    )


def _telemetry(batch: _Envelope, readings: Readings, bad: list[BadReading]) -> Telemetry:
    return Telemetry(
        gateway=batch.gw,
        boot=batch.boot,
        seq=batch.seq,
        sent_ms=batch.sent,
        readings=readings,
        bad=bad,
        backfill=batch.bf,
        clock_synced=batch.clk is None or batch.clk.sync,
    )


def _decode_one_by_one(topic: str, payload: bytes) -> Telemetry:
    """The slow way, for batches with a bad reading or with fields that have no column."""
    try:
        batch = _decode_loose(payload)
    except Unreadable as error:
        raise UndecodableError(refusal_of(error, payload)) from error
    check_gateway(topic, batch.gw)
    readings: list[WireReading] = []
    bad: list[BadReading] = []
    for raw in batch.r:
        try:
            readings.append(_loose_reading(_decode_reading(raw)))
        except Unreadable as error:
            bad.append(BadReading(raw=bytes(raw), refusal=refusal_of(error, bytes(raw))))
        except UndecodableError as error:
            bad.append(BadReading(raw=bytes(raw), refusal=error.refusal))
    return _telemetry(batch, Readings.of(readings), bad)


def _loose_reading(reading: _LooseReading) -> WireReading:
    if not _has_interval(reading):
        raise UndecodableError(_no_interval(reading.k))
    fields = dict(reading.f)
    values = []
    for quantity in QUANTITIES:
        value = fields.pop(quantity.field, None)
        if isinstance(value, bool):
            raise UndecodableError(_wrong_type(quantity.field, value))
        values.append(value)
    for name, value in fields.items():
        _check_extra(name, value)
    if reading.dem_t is not None:
        fields["dem_t"] = reading.dem_t
    return WireReading(
        channel=reading.m,
        ts_ms=reading.t,
        kind=reading.k,
        values=tuple(values),
        quality=reading.q,
        interval_s=reading.dt,
        register_epoch=reading.ep,
        extras=fields or None,
    )


def _check_extra(name: str, value: float | bool | None) -> None:
    if not _EXTRA_RULE.fullmatch(name):
        rule = "not a field of telemetry v1; own fields start with x_"
        raise UndecodableError(
            Refusal(code="schema", field=f"f.{name}", value=str(value), rule=rule)
        )
    if isinstance(value, bool) and not _SWITCH.fullmatch(name):
        raise UndecodableError(_wrong_type(name, value))


def _wrong_type(name: str, value: bool) -> Refusal:
    return Refusal(
        code="schema", field=f"f.{name}", value=str(value).lower(), rule="must be a number or null"
    )


FORMAT = PayloadFormat(name="telemetry-v1", topic_filter="loadstone/v1/gw/+/up/tele", decode=decode)
