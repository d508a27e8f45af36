"""What the brokers are told about users, limits and access."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from loadstone.embedded.broker_user import BrokerRole, BrokerUser
from loadstone.embedded.iotcore_server import iotcore_configuration
from loadstone.embedded.mosquitto_files import access_lines, configuration, password_lines
from loadstone.embedded.mosquitto_password import mosquitto_password_hash

USERS = [
    BrokerUser(name="GW-1", password='g"1\\', role=BrokerRole.GATEWAY),
    BrokerUser(name="collector", password="收", role=BrokerRole.COLLECTOR),
    BrokerUser(name="commander", password="m", role=BrokerRole.COMMANDER),
]


@pytest.mark.parametrize("name", ["", "a b", "+", "#", "a/b", "a:b", "-a", "x" * 65, "a\n"])
def test_a_name_that_could_escape_a_topic_or_a_file_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a broker user's name"):
        BrokerUser(name=name, password="p", role=BrokerRole.GATEWAY)


def test_a_user_without_a_password_is_refused() -> None:
    with pytest.raises(ValueError, match="has no password"):
        BrokerUser(name="a", password="", role=BrokerRole.GATEWAY)


def test_a_name_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="named twice: GW-1"):
        iotcore_configuration(20_000, [USERS[0], USERS[0]])


def test_the_password_file_holds_salted_hashes_only() -> None:
    lines = password_lines(USERS).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["GW-1", "collector", "commander"]
    assert all(line.partition(":")[2].startswith("$7$1000$") for line in lines)
    assert mosquitto_password_hash("same") != mosquitto_password_hash("same")


def test_each_role_gets_its_topics_and_no_more() -> None:
    assert access_lines(USERS).splitlines() == [
        "pattern write loadstone/v1/gw/%u/up/#",
        "pattern read loadstone/v1/gw/%u/down/#",
        "pattern read loadstone/v1/srv/state",
        "user collector",
        "topic read loadstone/v1/gw/+/up/#",
        "topic readwrite loadstone/v1/srv/state",
        "topic read loadstone/v1/weather/+",
        "user commander",
        "topic write loadstone/v1/gw/+/down/#",
        "topic read loadstone/v1/gw/+/up/ack",
    ]


def test_mosquitto_listens_on_loopback_and_drops_nothing_by_count() -> None:
    folder = Path("/with blank")
    lines = configuration(
        port=20_001, data=folder / "d", passwords=folder / "p", access=folder / "a"
    ).splitlines()
    assert "listener 20001 127.0.0.1" in lines
    assert "allow_anonymous false" in lines
    assert "max_queued_messages 0" in lines
    assert "password_file /with blank/p" in lines


def test_iotcore_gets_the_same_users_and_a_loopback_listener() -> None:
    parsed = tomllib.loads(iotcore_configuration(20_002, USERS))
    server = parsed["v4"]["1"]
    assert server["listen"] == "127.0.0.1:20002"
    assert server["connections"]["max_payload_size"] >= 16 * 1024 * 1024
    assert server["connections"]["auth"] == {user.name: user.password for user in USERS}


def test_a_hash_stands_in_the_place_of_a_password() -> None:
    user = BrokerUser(
        name="GW-9", password="", role=BrokerRole.GATEWAY, password_hash="$7$1000$salt$hash"
    )
    assert password_lines([user]) == "GW-9:$7$1000$salt$hash\n"
    with pytest.raises(ValueError, match="has no password"):
        BrokerUser(name="GW-9", password="", role=BrokerRole.GATEWAY)
