"""Guessing passwords becomes slow, and forgetting is sure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.rates import ApiLimits
from api.throttle import LoginThrottle

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def failing(throttle: LoginThrottle, times: int, name: str = "li") -> None:
    for _ in range(times):
        throttle.failed(name, "192.0.2.1", NOW)


def test_the_first_failures_cost_nothing_and_each_later_one_doubles_the_wait():
    throttle = LoginThrottle()
    failing(throttle, 4)
    assert throttle.wait_s("li", "192.0.2.1", NOW) == 0
    waits = []
    for _ in range(5):
        failing(throttle, 1)
        waits.append(throttle.wait_s("li", "192.0.2.1", NOW))
    assert waits == [1, 2, 4, 8, 16]


def test_the_wait_passes_with_time_and_never_exceeds_the_memory():
    throttle = LoginThrottle()
    failing(throttle, 29)
    assert throttle.wait_s("li", "192.0.2.1", NOW) == 900
    assert throttle.wait_s("li", "192.0.2.1", NOW + timedelta(seconds=890)) == 10
    assert throttle.wait_s("li", "192.0.2.1", NOW + timedelta(minutes=15)) == 0


def test_a_name_is_the_same_in_other_letters_and_another_address_is_not_punished():
    throttle = LoginThrottle()
    failing(throttle, 6)
    assert throttle.wait_s(" LI ", "192.0.2.1", NOW) == 2
    assert throttle.wait_s("li", "192.0.2.2", NOW) == 0


def test_trying_many_names_from_one_address_is_slowed_down_too():
    throttle = LoginThrottle()
    for number in range(31):
        failing(throttle, 1, f"user-{number}")
    assert throttle.wait_s("somebody-else", "192.0.2.1", NOW) == 2


def test_a_success_forgives_the_name():
    throttle = LoginThrottle()
    failing(throttle, 8)
    throttle.succeeded("li", "192.0.2.1")
    assert throttle.wait_s("li", "192.0.2.1", NOW) == 0


def test_a_flood_of_names_does_not_fill_the_memory():
    throttle = LoginThrottle(most=10)
    for number in range(100):
        throttle.failed(f"user-{number}", f"192.0.2.{number}", NOW)
    assert len(throttle._failures) == 10


def test_of_two_processes_each_forgives_half_as_many_failures():
    throttle = LoginThrottle.of_one(2)
    failing(throttle, 2)
    assert throttle.wait_s("li", "192.0.2.1", NOW) == 1
    assert LoginThrottle.of_one(64).free == 1


def test_of_four_processes_each_lets_a_caller_do_a_quarter_but_never_nothing():
    share = ApiLimits(per_minute=6000, streams_each=10, exports_each=2).share(4)
    assert (share.per_minute, share.streams_each, share.exports_each) == (1500, 2, 1)
