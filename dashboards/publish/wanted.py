"""What should stand in an organisation of Grafana, as Grafana's API takes it."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dashboards.board import DEFAULT_ZONE
from dashboards.generate import FOLDER
from dashboards.query import DATA_SOURCE_TYPE
from dashboards.words import LANGUAGES, Language

DATA_SOURCE_NAME = "Loadstone"
DATA_SOURCE_UID = "loadstone"
CONTACT_NAME = "Loadstone"
ACCOUNT_NAME = "loadstone-reader"
FOLDER_TITLES: dict[Language, str] = {"en": "Loadstone", "zh": "Loadstone 中文"}
_MARK = "content:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Where Grafana finds the database: `host` with its port; `sslmode` as libpq names it."""

    host: str
    name: str
    timescaledb: bool
    sslmode: str = "disable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """Whose organisation it is; `organisation_id` is given where it is not found by its name.

    `customer_id` None is the staff, who see everything.
    """

    organisation: str
    customer_id: int | None
    zone: str = DEFAULT_ZONE
    emails: tuple[str, ...] = ()
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedBoard:
    """A board for one organisation, with the folder it belongs into."""

    folder_uid: str
    content: dict[str, Any] = field(repr=False)

    @property
    def uid(self) -> str:
        """How addresses name it."""
        return str(self.content["uid"])

    @property
    def mark(self) -> str:
        """The tag that says which content it is."""
        return mark_of(self.content["tags"]) or ""


def data_source(database: Database, role_name: str) -> dict[str, Any]:
    """The data source of an organisation, without its password."""
    return {
        "uid": DATA_SOURCE_UID,
        "name": DATA_SOURCE_NAME,
        "type": DATA_SOURCE_TYPE,
        "access": "proxy",
        "url": database.host,
        "user": role_name,
        "isDefault": True,
        "jsonData": {
            "database": database.name,
            "sslmode": database.sslmode,
            "timescaledb": database.timescaledb,
            "timeInterval": "15m",
            "maxOpenConns": 4,
            "maxIdleConns": 2,
            "connMaxLifetime": 3600,
        },
    }


def folder_uid(language: Language) -> str:
    """How addresses name a language's folder."""
    return f"loadstone-{language}"


def boards(zone: str) -> Iterator[WantedBoard]:
    """Every board of both languages, in the zone of an organisation.

    Grafana rewrites what it is given, so a tag names the content, by which a second push sees that
    there is nothing to do.
    """
    for language in LANGUAGES:
        for path in sorted((FOLDER / language).glob("*.json")):
            content = json.loads(path.read_text(encoding="utf-8"))
            content["timezone"] = zone
            yield WantedBoard(folder_uid=folder_uid(language), content=with_mark(content))


def with_mark(content: dict[str, Any]) -> dict[str, Any]:
    """The board with a tag that names its content."""
    marked = copy.deepcopy(content)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    marked["tags"] = [*content["tags"], _MARK + hashlib.sha256(text.encode()).hexdigest()[:12]]
    return marked


def mark_of(tags: list[str]) -> str | None:
    """The tag that names a board's content; None where nobody of ours put it there."""
    return next((tag for tag in tags if tag.startswith(_MARK)), None)


def contact_point(emails: tuple[str, ...]) -> dict[str, Any]:
    """Whom an organisation's alerts are told to."""
    return {
        "name": CONTACT_NAME,
        "type": "email",
        "settings": {"addresses": ";".join(emails), "singleEmail": False},
        "disableResolveMessage": False,
    }


def service_account() -> dict[str, Any]:
    """An account for programs that show boards: it reads, and changes nothing."""
    return {"name": ACCOUNT_NAME, "role": "Viewer", "isDisabled": False}
