"""The client that is made of the description works against the API that it describes."""

from __future__ import annotations

import secrets

import pytest

from loadstone.client import ApiError, Client


@pytest.fixture
def api(operator) -> Client:
    return Client(operator, wait=lambda _s: None)


def test_lists_are_walked_to_their_end(api, world):
    codes = [row["code"] for row in api.each(api.list_meters, limit=2, sort="code")]
    assert set(world.meters) <= set(codes)
    assert codes == sorted(codes)


def test_what_is_made_can_be_changed_and_asked_for(api):
    code = f"CUS-{secrets.token_hex(4)}"
    body = {"code": code, "name_en": "Works", "name_zh": "厂", "kind": "factory"}
    made = api.create_customer(body, idempotency_key=code)
    assert api.create_customer(body, idempotency_key=code) == made
    assert api.change_customer(code, {"tier": "B"})["tier"] == "B"
    with pytest.raises(ApiError) as late:
        api.change_customer(code, {"tier": "C"}, if_match='"old"')
    assert (late.value.status, late.value.kind) == (412, "changed-meanwhile")


def test_a_refusal_is_an_error_that_names_the_field(api):
    with pytest.raises(ApiError) as refused:
        api.list_meter_readings("MTR-A1", from_="yesterday")
    assert (refused.value.status, refused.value.kind) == (422, "invalid-parameter")
    assert [error.field for error in refused.value.errors] == ["from"]
    with pytest.raises(ApiError) as missing:
        api.get_meter("a/../b")
    assert missing.value.status == 404


def test_energy_and_a_file_hold_the_same_total(api):
    day = {"from_": "2026-03-21T00:00:00Z", "to": "2026-03-22T00:00:00Z", "step": "1h"}
    energy = api.get_meter_energy("MTR-A1", **day)
    lines = b"".join(api.get_export("energy", scope="meter:MTR-A1", **day)).decode().splitlines()
    at = lines[0].split(",").index("energy_kwh")
    total = sum(float(line.split(",")[at]) for line in lines[1:])
    assert total == pytest.approx(energy["total"]["energy_kwh"])
