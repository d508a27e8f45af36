"""One organisation brought to what it should be: what is so already is left alone."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from dashboards.publish import wanted
from dashboards.publish.wanted import Database, Tenant
from dashboards.words import LANGUAGES

if TYPE_CHECKING:  # what it imports comes with an extra
    from dashboards.publish.grafana import Grafana, Organisation

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A database role with a password that was made just now, or None where it stays."""

    role_name: str
    password: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that is not as it should be: what it is, and how it differs, line by line."""

    organisation: str
    what: str
    lines: tuple[str, ...] = ()


class Logins(Protocol):
    """The database's side: roles and their passwords."""

    def give(self, tenant: Tenant, *, anew: bool) -> Login:
        """The role of a tenant, with a new password where one is asked for."""
        ...

    def settle(self) -> None:
        """Let what was given be so, now that Grafana has it."""
        ...


_MOST_LINES = 40


def push(
    grafana: Grafana,
    tenant: Tenant,
    database: Database,
    logins: Logins,
    *,
    rotate: bool = False,
    dry_run: bool = False,
) -> list[Change]:
    """Bring a tenant's organisation to what it should be; returns what was (or would be) changed.

    `logins` are asked for a new password only where Grafana has none yet, or `rotate` says so.
    """
    found_id = tenant.organisation_id or grafana.organisation_id(tenant.organisation)
    changes: list[Change] = []
    if found_id is None:
        changes.append(Change(organisation=tenant.organisation, what="organisation"))
        if dry_run:
            return changes
        found_id = grafana.make_organisation(tenant.organisation)
    organisation = grafana.within(found_id)
    pushing = _Push(organisation, tenant, database, dry_run)
    changes += pushing.data_source(logins, rotate=rotate)
    changes += pushing.folders()
    changes += pushing.boards()
    changes += pushing.contact_point()
    changes += pushing.service_account()
    return changes


class _Push:
    """One push of one organisation."""

    def __init__(
        self, organisation: Organisation, tenant: Tenant, database: Database, dry_run: bool
    ) -> None:
        self._organisation, self._tenant = organisation, tenant
        self._database, self._dry_run = database, dry_run

    def _change(self, what: str, was: object = None, becomes: object = None) -> Change:
        lines = () if was is None else tuple(_difference(was, becomes))
        return Change(organisation=self._tenant.organisation, what=what, lines=lines)

    def data_source(self, logins: Logins, *, rotate: bool) -> Iterator[Change]:
        known = self._organisation.data_source(wanted.DATA_SOURCE_UID)
        anew = known is None or rotate
        login = logins.give(self._tenant, anew=anew and not self._dry_run)
        payload = wanted.data_source(self._database, login.role_name)
        was = _like(known, payload) if known else None
        if was == payload and login.password is None and not anew:
            return
        yield self._change("data source" + (" (new password)" if anew else ""), was, payload)
        if not self._dry_run:
            # Without a password Grafana keeps the one it has.
            if login.password is not None:
                payload["secureJsonData"] = {"password": login.password}
            self._organisation.put_data_source(payload, known=known is not None)
            logins.settle()

    def folders(self) -> Iterator[Change]:
        for language in LANGUAGES:
            uid, title = wanted.folder_uid(language), wanted.FOLDER_TITLES[language]
            known = self._organisation.folder_title(uid)
            if known == title:
                continue
            yield self._change(f"folder {title}")
            if not self._dry_run:
                self._organisation.put_folder(uid, title, known=known is not None)

    def boards(self) -> Iterator[Change]:
        for board in wanted.boards(self._tenant.zone):
            known = self._organisation.board(board.uid)
            if known and _is_same(known, board):
                continue
            was = _like(known["dashboard"], board.content) if known else None
            yield self._change(f"board {board.uid}", was, board.content)
            if not self._dry_run:
                self._organisation.put_board(board.content, board.folder_uid)

    def contact_point(self) -> Iterator[Change]:
        if not self._tenant.emails:
            return
        payload = wanted.contact_point(self._tenant.emails)
        known = self._organisation.contact_point(wanted.CONTACT_NAME)
        was = _like(known, payload) if known else None
        if was == payload:
            return
        yield self._change("contact point", was, payload)
        if not self._dry_run:
            self._organisation.put_contact_point(payload, str(known["uid"]) if known else None)

    def service_account(self) -> Iterator[Change]:
        if self._organisation.service_account(wanted.ACCOUNT_NAME):
            return
        yield self._change(f"service account {wanted.ACCOUNT_NAME}")
        if not self._dry_run:
            self._organisation.make_service_account(wanted.service_account())


def _is_same(known: Payload, board: wanted.WantedBoard) -> bool:
    has = wanted.mark_of(known["dashboard"].get("tags", []))
    return has == board.mark and known["meta"].get("folderUid") == board.folder_uid


def _like(known: Mapping[str, Any], wished: Mapping[str, Any]) -> Payload:
    """The part of what Grafana has that is wished for: it adds much of its own."""
    return {
        key: _like(known.get(key) or {}, value) if isinstance(value, dict) else known.get(key)
        for key, value in wished.items()
    }


def _difference(was: object, becomes: object) -> Iterator[str]:
    before, after = (
        json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).splitlines()
        for value in (was, becomes)
    )
    lines = [
        line
        for line in difflib.unified_diff(before, after, lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"… and {len(lines) - _MOST_LINES} lines more"
