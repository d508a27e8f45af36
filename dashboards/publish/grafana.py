"""Grafana's HTTP API, as far as it is needed; the one module that imports grafana-client.

It is imported by whom it is asked for only, since the library comes with an extra.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException

T = TypeVar("T")
Payload = dict[str, Any]


class GrafanaRefusedError(RuntimeError):
    """Grafana did not do what it was asked; says what it answered."""


class Grafana:
    """A Grafana whose server admin we are; `url` holds user and password."""

    def __init__(self, url: str, *, timeout_s: float = 30.0) -> None:
        self._parts = urlsplit(url)
        if not (self._parts.hostname and self._parts.username and self._parts.password):
            raise GrafanaRefusedError("the address must be like http://admin:password@host:3000")
        self._timeout_s = timeout_s

    def _api(self, organisation_id: int | None = None) -> Any:  # noqa: ANN401 - its calls have no types
        return GrafanaApi(
            auth=(unquote(self._parts.username or ""), unquote(self._parts.password or "")),
            host=self._parts.hostname,
            port=self._parts.port,
            protocol=self._parts.scheme,
            url_path_prefix=f"{self._parts.path.strip('/')}/"
            if self._parts.path.strip("/")
            else "",
            timeout=self._timeout_s,
            organization_id=organisation_id,
        )

    def organisation_id(self, name: str) -> int | None:
        """The id of the organisation of this name; None where there is none."""
        asked = quote(name, safe="")
        found = _or_none(lambda: self._api().organization.find_organization(asked))
        return int(found["id"]) if found else None

    def make_organisation(self, name: str) -> int:
        """Make an organisation; returns its id."""
        made = _asked(lambda: self._api().organization.create_organization(name))
        return int(made["orgId"])

    def within(self, organisation_id: int) -> Organisation:
        """What can be done in one organisation."""
        return Organisation(self._api(organisation_id))


class Organisation:
    """One organisation of a Grafana: every call names it."""

    def __init__(self, api: Any) -> None:  # noqa: ANN401 - its calls have no types
        self._api = api

    def data_source(self, uid: str) -> Payload | None:
        """The data source of this uid; its password is not told."""
        return _or_none(lambda: self._api.datasource.get_datasource_by_uid(uid))

    def put_data_source(self, payload: Payload, *, known: bool) -> None:
        """Make a data source, or change the one of this uid."""
        source = self._api.datasource
        if known:
            _asked(lambda: source.update_datasource_by_uid(payload["uid"], payload))
        else:
            _asked(lambda: source.create_datasource(payload))

    def folder_title(self, uid: str) -> str | None:
        """The title of a folder; None where there is none of this uid."""
        found = _or_none(lambda: self._api.folder.get_folder(uid))
        return str(found["title"]) if found else None

    def put_folder(self, uid: str, title: str, *, known: bool) -> None:
        """Make a folder, or give it this title."""
        if known:
            _asked(lambda: self._api.folder.update_folder(uid, title=title, overwrite=True))
        else:
            _asked(lambda: self._api.folder.create_folder(title, uid))

    def board(self, uid: str) -> Payload | None:
        """A board as Grafana has it, with `meta` beside."""
        return _or_none(lambda: self._api.dashboard.get_dashboard(uid))

    def put_board(self, content: Payload, folder_uid: str) -> None:
        """Put a board into a folder, over the one of the same uid."""
        body = {
            "dashboard": {**content, "id": None},
            "folderUid": folder_uid,
            "overwrite": True,
            "message": "loadstone dashboards push",
        }
        _asked(lambda: self._api.dashboard.update_dashboard(body))

    def contact_point(self, name: str) -> Payload | None:
        """The contact point of this name."""
        found = _asked(lambda: self._api.alertingprovisioning.get_contactpoints(name))
        return next((one for one in found if one["name"] == name), None)

    def put_contact_point(self, payload: Payload, uid: str | None) -> None:
        """Make a contact point, or change the one of this uid."""
        points = self._api.alertingprovisioning
        if uid is None:
            _asked(lambda: points.create_contactpoint(payload))
        else:
            _asked(lambda: points.update_contactpoint(uid, payload))

    def service_account(self, name: str) -> Payload | None:
        """The service account of this name."""
        pages = _asked(lambda: self._api.serviceaccount.search(name, page=1, perpage=100))
        found = [one for page in pages for one in page["serviceAccounts"] if one["name"] == name]
        return found[0] if found else None

    def make_service_account(self, payload: Payload) -> None:
        """Make a service account."""
        _asked(lambda: self._api.serviceaccount.create(payload))


def _asked(call: Callable[[], T]) -> T:
    try:
        return call()
    except (GrafanaException, OSError) as error:
        raise GrafanaRefusedError(str(error)) from error


def _or_none(call: Callable[[], T]) -> T | None:
    try:
        return call()
    except GrafanaClientError as error:
        if error.status_code == 404:
            return None
        raise GrafanaRefusedError(str(error)) from error
    except (GrafanaException, OSError) as error:
        raise GrafanaRefusedError(str(error)) from error
