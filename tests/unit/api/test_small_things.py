"""Payload previews, ways back after signing in, passwords, secrets and quality bits."""

from __future__ import annotations

import pytest

from api.quality_names import quality_flags
from api.routes.quarantine import payload
from api.sessions import safe_next
from loadstone.storage.passwords import hash_password, password_fits
from loadstone.storage.tokens import TOKEN_PREFIX, new_secret, secret_hash


@pytest.mark.parametrize(
    ("preview", "size_bytes", "text"),
    [
        (b"{}", 2, "{}"),
        ("电".encode()[:2], 3, ""),
        ("a电".encode()[:3], 9, "a"),
        (b"a\xff", 2, None),
        (b"\xffabcdef", 99, None),
        (b"a\x00b", 3, None),
        (b"", 0, ""),
    ],
)
def test_a_payload_is_shown_as_text_where_it_is_text(preview, size_bytes, text):
    shown = payload(preview, size_bytes)
    assert shown.text == text
    assert (shown.base64 is None) == (text is not None)
    assert shown.truncated == (size_bytes > len(preview))


@pytest.mark.parametrize(
    ("target", "way"),
    [
        ("/sites/1?day=2", "/sites/1?day=2"),
        (None, "/"),
        ("", "/"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nset-cookie: x", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_host(target, way):
    assert safe_next(target) == way


def test_a_password_fits_its_own_hash_only():
    stored = hash_password("right")
    assert password_fits(stored, "right")
    assert not password_fits(stored, "wrong")
    assert not password_fits("not a hash", "right")


def test_nobody_has_no_password_not_even_the_one_behind_the_dummy():
    assert not password_fits(None, "nobody has this password")


def test_secrets_are_new_each_time_and_stored_as_a_digest():
    first, second = new_secret(TOKEN_PREFIX), new_secret(TOKEN_PREFIX)
    assert first != second
    assert first.startswith("lst_")
    assert len(first) >= 43
    assert len(secret_hash(first)) == 32


def test_quality_bits_have_names():
    assert quality_flags(None) == []
    assert quality_flags(0) == []
    assert quality_flags(8 | 512) == ["clock_unsynced", "backfill"]
