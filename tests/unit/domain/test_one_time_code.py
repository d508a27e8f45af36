"""The vectors of RFC 6238, appendix B (SHA-1), and what makes a code unfit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from loadstone.domain.one_time_code import code_of, enrolment_uri, fitting_step, step_at

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 22, 8, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_of(SECRET, step_at(at), digits=8) == code


def test_a_code_is_good_one_step_before_and_after_and_no_longer() -> None:
    code = code_of(SECRET, step_at(NOW))
    for off_s, fits in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        at = NOW + timedelta(seconds=off_s)
        assert (fitting_step(SECRET, code, at, 0) is not None) is fits


def test_a_code_is_taken_once() -> None:
    code = code_of(SECRET, step_at(NOW))
    assert fitting_step(SECRET, code, NOW, step_at(NOW)) is None
    assert fitting_step(SECRET, f"{code[:3]} {code[3:]}", NOW, 0) == step_at(NOW)
    assert fitting_step(SECRET, "١٢٣٤٥٦", NOW, 0) is None


def test_the_address_for_apps_names_issuer_and_user() -> None:
    uri = enrolment_uri(SECRET, "li.na@example.com", "Load stone")
    assert uri.startswith("otpauth://totp/Load%20stone%3Ali.na%40example.com?secret=GEZDGNBV")
    assert uri.endswith("&issuer=Load%20stone&digits=6&period=30")
