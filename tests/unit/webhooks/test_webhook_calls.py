"""Where calls may go, and how they prove that they are ours."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest

from loadstone.webhooks.addresses import (
    ForbiddenTargetError,
    check_url,
    checked_address,
    is_public,
)
from loadstone.webhooks.call import call
from loadstone.webhooks.deliver import WAITS
from loadstone.webhooks.signing import signature, signature_fits

_NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    ],
)  # fmt: skip
def test_an_address_of_a_net_of_ours_is_never_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1", "::ffff:1.1.1.1"])
def test_other_addresses_are(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com", "file:///etc/passwd", "https://", "https://user:pw@example.com/",
        "http://127.0.0.1/", "http://[::1]/", "http://localhost:8080/", "http://db.internal/",
        "https://example.com:99999/", "https://exa mple.com/", "https://example.com/\n",
        "http://169.254.169.254/latest/meta-data", "gopher://example.com",
    ],
)  # fmt: skip
def test_what_can_never_be_called_is_refused_at_once(url):
    with pytest.raises(ForbiddenTargetError):
        check_url(url, allow_private=False)


def test_a_setting_allows_calls_into_the_own_net():
    check_url("http://127.0.0.1:9000/hook", allow_private=True)
    check_url("https://hooks.example.com/x?y=1", allow_private=False)


def test_a_name_with_one_private_address_among_others_is_refused():
    def ask(_host: str, _port: int) -> list[str]:
        return ["1.1.1.1", "10.0.0.1"]

    with pytest.raises(ForbiddenTargetError):
        checked_address("rebind.example.com", 443, allow_private=False, ask=ask)
    assert checked_address("x", 443, allow_private=True, ask=ask) == "1.1.1.1"


def test_a_call_that_is_refused_is_a_result_and_not_an_error():
    result = call("http://127.0.0.1:1/", {}, b"{}", allow_private=False)
    assert (result.is_delivered, result.status) == (False, None)
    assert result.error == "not called: the host '127.0.0.1' has a private address"
    away = call("http://127.0.0.1:1/", {}, b"{}", allow_private=True)
    assert away.error is not None
    assert "Refused" in away.error


def test_a_signature_fits_its_body_and_its_time_only():
    given = signature("secret", _NOW, b"body")
    assert given.startswith("t=1772323200,v1=")
    assert signature_fits("secret", given, b"body", _NOW + timedelta(minutes=4))
    assert not signature_fits("secret", given, b"body", _NOW + timedelta(minutes=6))
    assert not signature_fits("secret", given, b"bode", _NOW)
    assert not signature_fits("other", given, b"body", _NOW)
    assert not signature_fits(
        "secret", given.replace("t=1772323200", "t=1772323201"), b"body", _NOW
    )
    for wrong in ("", "t=,v1=", "v1=x", "t=99999999999999999999,v1=x"):
        assert not signature_fits("secret", wrong, b"body", _NOW)


def test_waits_grow_to_about_a_day_in_all():
    assert list(WAITS) == sorted(WAITS)
    assert timedelta(hours=20) < sum(WAITS, timedelta()) < timedelta(hours=30)
