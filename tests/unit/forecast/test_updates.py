"""What of today's forecasts is moved, and what peers and paths make of what is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from forecast.runs.peers import peer_shapes
from forecast.runs.updates import spliced, standing_of
from loadstone.storage.forecasts import SaidForecast
from loadstone.storage.packed_arrays import floats_of, integers_of
from tests.support.forecast_site import batch_of, load_kw

TODAY = date(2026, 3, 20)


def said(level: float, day: date, known_from: int = 0) -> SaidForecast:
    """A day of one level, unknown before the hour `known_from`."""
    mean = np.full(24, level, dtype=np.float32)
    mean[:known_from] = np.nan
    return SaidForecast(
        forecast_id=1, subject_id=7, target_day=day,
        issued_at=datetime(2026, 3, 19, known_from, tzinfo=UTC), replayed=False, lead_days=0,
        model="x", interval_s=3600, mean_kw=mean, quantiles_kw=np.repeat(mean[:, None], 11, axis=1),
    )  # fmt: skip


def days(count: int) -> list[date]:
    return [TODAY - timedelta(days=back) for back in range(count)]


def test_the_later_word_counts_from_its_issue_on() -> None:
    both = spliced(said(10.0, TODAY), said(20.0, TODAY, known_from=12))
    assert both.mean_kw.tolist() == [10.0] * 12 + [20.0] * 12
    assert both.quantiles_kw[:, 5].tolist() == both.mean_kw.tolist()


def test_without_a_forecast_from_scratch_the_day_ahead_one_is_moved() -> None:
    standing = standing_of([said(10.0, day) for day in days(5)], [], TODAY)
    assert standing.of_today[7].mean_kw.tolist() == [10.0] * 24
    assert len(standing.past[7]) == 5


@pytest.mark.parametrize(("known_days", "moved"), [(14, False), (15, True)])
def test_a_forecast_from_scratch_is_moved_once_it_is_known_how_such_ones_err(
    known_days: int, moved: bool
) -> None:
    standing = standing_of(
        [said(10.0, day) for day in days(30)],
        [said(20.0, day, known_from=12) for day in days(known_days)],
        TODAY,
    )
    assert (7 in standing.of_today) is moved
    if moved:
        assert standing.of_today[7].mean_kw[[0, 23]].tolist() == [10.0, 20.0]
        assert len(standing.past[7]) == known_days


def test_one_of_an_earlier_day_only_says_nothing_of_today() -> None:
    fresh = [said(20.0, TODAY - timedelta(days=1), known_from=12)]
    standing = standing_of([said(10.0, TODAY)], fresh, TODAY)
    assert standing.of_today[7].mean_kw[23] == 10.0


def test_the_young_take_the_shape_of_their_kind() -> None:
    load = load_kw(5, 60)
    load[4, :55] = np.nan
    load[:3, :, 2] *= 3  # the first kind peaks at night
    found = peer_shapes(batch_of(load), ["mill", "mill", "mill", "office", "mill"])
    assert found is not None
    workday = found[4, 0]
    assert workday.argmax() == 2 or workday[2] > 1.5 * workday[3]
    assert peer_shapes(batch_of(load[:4]), ["mill"] * 4) is None  # nobody is young
    load[1:, :55] = np.nan
    assert peer_shapes(batch_of(load), ["mill"] * 5) is None  # one is no crowd


def test_packed_arrays_keep_their_shape() -> None:
    # SELECT array_send('{{1,2},{3,4}}'::real[]) and array_send('{7}'::int[]), PostgreSQL 18
    header = bytes.fromhex("0000000200000000000002bc00000002000000010000000200000001")
    values = b"".join(b"\0\0\0\4" + np.array(one, ">f4").tobytes() for one in (1, 2, 3, 4))
    assert floats_of(header + values).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    one = bytes.fromhex("0000000100000000000000170000000100000001" + "0000000400000007")
    assert integers_of(one).tolist() == [7]
    nothing = bytes.fromhex("0000000000000000000002bc")
    assert floats_of(nothing).tolist() == []
    assert floats_of(None).tolist() == []
