"""What a push asks of Grafana, judged by a stub that goes by the published API description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.generate import all_boards
from dashboards.publish import wanted
from dashboards.publish.export import PASSWORD_VARIABLE, export
from dashboards.publish.grafana import Grafana, GrafanaRefusedError
from dashboards.publish.push import Change, Login, push
from dashboards.publish.wanted import Database, Tenant
from tests.support.grafana_stub import StubGrafana, faults_of, stub_grafana

DATABASE = Database(host="timescaledb:5432", name="loadstone", timescaledb=True)
HOTEL = Tenant(
    organisation="Loadstone KA-005", customer_id=5, zone="Europe/Berlin", emails=("a@example.com",)
)
BOARDS = 2 * len(all_boards())


class Roles:
    """Roles as the database keeps them: a name for each customer, and how often a password."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.settled = 0

    def give(self, tenant: Tenant, *, anew: bool) -> Login:
        name = f"ls_{tenant.customer_id or 0:032x}"
        if anew:
            self.made.append(name)
        return Login(role_name=name, password=f"secret {len(self.made)}" if anew else None)

    def settle(self) -> None:
        self.settled += 1


@pytest.fixture
def stub() -> Iterator[StubGrafana]:
    with stub_grafana() as running:
        yield running
        assert running.faults == []


@pytest.fixture
def roles() -> Roles:
    return Roles()


def pushed(stub: StubGrafana, roles: Roles, tenant: Tenant = HOTEL, **how: bool) -> list[Change]:
    return push(Grafana(stub.url), tenant, DATABASE, roles, **how)


def test_a_push_makes_everything(stub, roles) -> None:
    changes = pushed(stub, roles)
    made = stub.named("Loadstone KA-005")
    source = made.sources["loadstone"]
    assert source["user"] == roles.made[0]
    assert source["secureJsonData"] == {"password": "secret 1"}
    assert source["jsonData"]["timescaledb"] is True
    assert source["jsonData"]["timeInterval"] == "15m"
    assert set(made.folders) == {"loadstone-en", "loadstone-zh"}
    assert len(made.boards) == BOARDS
    assert {board["dashboard"]["timezone"] for board in made.boards.values()} == {"Europe/Berlin"}
    assert made.points["point-0"]["settings"]["addresses"] == "a@example.com"
    assert made.accounts[0]["role"] == "Viewer"
    # organisation, data source, two folders, boards, contact point, service account
    assert len(changes) == BOARDS + 6
    assert roles.settled == 1
    # Nobody else's organisation was touched.
    assert not stub.organisations[1].boards


def test_a_second_push_changes_nothing(stub, roles) -> None:
    pushed(stub, roles)
    before = len(stub.writes())
    assert pushed(stub, roles) == []
    assert len(stub.writes()) == before
    assert len(roles.made) == 1


def test_a_dry_run_asks_for_nothing_but_what_is_there(stub, roles) -> None:
    changes = pushed(stub, roles, dry_run=True)
    assert [change.what for change in changes] == ["organisation"]
    assert stub.writes() == []
    assert roles.made == []


def test_a_dry_run_shows_how_a_board_differs(stub, roles) -> None:
    pushed(stub, roles)
    board = stub.named("Loadstone KA-005").boards["loadstone-site-live-en"]["dashboard"]
    board["title"] = "Site, as it was"
    board["tags"] = ["loadstone", "content:000000000000"]
    before = len(stub.writes())
    changes = pushed(stub, roles, dry_run=True)
    assert [change.what for change in changes] == ["board loadstone-site-live-en"]
    assert '- "title": "Site, as it was",' in [
        line.replace("-  ", "- ") for line in changes[0].lines
    ]
    assert any(line.startswith("+") and "Site live" in line for line in changes[0].lines)
    assert len(stub.writes()) == before
    assert pushed(stub, roles) == changes
    assert pushed(stub, roles) == []


def test_what_somebody_moved_or_changed_is_brought_back(stub, roles) -> None:
    pushed(stub, roles)
    made = stub.named("Loadstone KA-005")
    made.boards["loadstone-meter-zh"]["meta"]["folderUid"] = "elsewhere"
    made.sources["loadstone"]["jsonData"]["timescaledb"] = False
    made.folders["loadstone-en"]["title"] = "Mine"
    made.points["point-0"]["settings"]["addresses"] = "b@example.com"
    assert [change.what for change in pushed(stub, roles)] == [
        "data source", "folder Loadstone", "board loadstone-meter-zh", "contact point",
    ]  # fmt: skip
    # The data source kept its password, since nobody was given a new one.
    assert made.sources["loadstone"]["secureJsonData"] == {"password": "secret 1"}
    assert pushed(stub, roles) == []


def test_a_rotation_gives_a_new_password_and_changes_nothing_else(stub, roles) -> None:
    pushed(stub, roles)
    changes = pushed(stub, roles, rotate=True)
    assert [change.what for change in changes] == ["data source (new password)"]
    source = stub.named("Loadstone KA-005").sources["loadstone"]
    assert source["secureJsonData"] == {"password": "secret 2"}


def test_each_customer_has_an_organisation_and_a_role_of_its_own(stub, roles) -> None:
    other = Tenant(organisation="Loadstone KA-004", customer_id=4)
    pushed(stub, roles)
    pushed(stub, roles, other)
    users = {one.sources["loadstone"]["user"] for one in stub.organisations.values() if one.sources}
    assert len(users) == 2
    assert stub.named("Loadstone KA-004").points == {}


def test_a_wrong_password_is_told(stub) -> None:
    wrong = stub.url.replace("stub%20password", "guess")
    with pytest.raises(GrafanaRefusedError, match=r"(?i)unauthorized"):
        Grafana(wrong).organisation_id("x")
    stub.faults.clear()


def test_an_address_without_a_password_is_refused() -> None:
    with pytest.raises(GrafanaRefusedError, match="admin:password"):
        Grafana("http://localhost:3000")


def test_the_stub_is_strict(stub) -> None:
    call = "POST /api/datasources"
    good = wanted.data_source(DATABASE, "ls_x")
    assert faults_of(call, good) == []
    assert faults_of(call, {**good, "orgId": 1}) == [f"{call}: unknown field orgId"]
    assert faults_of(call, {**good, "isDefault": "yes"}) == [f"{call}: isDefault is no boolean"]
    assert faults_of("POST /api/orgs", {}) == ["POST /api/orgs: needs name"]


def test_an_export_holds_no_secret_and_is_written_once(tmp_path: Path) -> None:
    written = export(tmp_path, DATABASE, "ls_staff", "Asia/Shanghai")
    source = json.loads((tmp_path / "datasources" / "loadstone.yaml").read_text())
    assert source["datasources"][0]["secureJsonData"] == {"password": f"${PASSWORD_VARIABLE}"}
    providers = json.loads((tmp_path / "dashboards" / "loadstone.yaml").read_text())["providers"]
    paths = {provider["options"]["path"].rsplit("/", 1)[1] for provider in providers}
    assert paths == {path.name for path in (tmp_path / "boards").iterdir()}
    assert len(list((tmp_path / "boards").rglob("*.json"))) == BOARDS
    times = {path: path.stat().st_mtime_ns for path in written}
    export(tmp_path, DATABASE, "ls_staff", "Asia/Shanghai")
    assert {path: path.stat().st_mtime_ns for path in written} == times
