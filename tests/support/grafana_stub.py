"""A STUB of Grafana's HTTP API: no Grafana, but strict about what it is asked.

It knows the calls that tests/support/grafana_api.json lists, refuses every other one, every field
that the published description does not have, every wrong type, a missing login and a missing
organisation; and it remembers what it was given, adding to boards what a server adds.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

USER, PASSWORD = "admin", "stub password"
_CALLS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("grafana_api.json").read_text(encoding="utf-8")
)["calls"]
_TYPES = {"string": str, "boolean": bool, "integer": int, "object": dict}


@dataclass
class StubOrganisation:
    """What one organisation was given."""

    name: str
    sources: dict[str, dict] = field(default_factory=dict)
    folders: dict[str, dict] = field(default_factory=dict)
    boards: dict[str, dict] = field(default_factory=dict)
    points: dict[str, dict] = field(default_factory=dict)
    accounts: list[dict] = field(default_factory=list)


@dataclass
class StubGrafana:
    """A stub that listens; `requests` are all it was asked, `faults` what of it was wrong.

    `broken` begins the calls that it fails at.
    """

    url: str = ""
    organisations: dict[int, StubOrganisation] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    broken: str | None = None

    def writes(self) -> list[tuple[str, str, Any]]:
        """What was asked for besides reading."""
        return [request for request in self.requests if request[0] != "GET"]

    def named(self, name: str) -> StubOrganisation:
        """The organisation of this name."""
        return next(one for one in self.organisations.values() if one.name == name)


@contextmanager
def stub_grafana() -> Iterator[StubGrafana]:
    """Run a stub on a port of its own."""
    stub = StubGrafana()
    stub.organisations[1] = StubOrganisation(name="Main Org.")
    handler = type("Handler", (_Handler,), {"stub": stub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    stub.url = f"http://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def call_of(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The listed call that a request is, with what its path names."""
    for call in _CALLS:
        listed_method, pattern = call.split(" ")
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern), path.rstrip("/"))
        if found and listed_method == method:
            return call, {key: unquote(value) for key, value in found.groupdict().items()}
    return None


def faults_of(call: str, body: Any) -> list[str]:
    """What the published description has against a body."""
    fields = _CALLS[call].get("body")
    if fields is None:
        return [f"{call}: takes no body"] if body is not None else []
    if not isinstance(body, dict):
        return [f"{call}: the body is no object"]
    unknown = [f"{call}: unknown field {name}" for name in body if name not in fields]
    wrong = [
        f"{call}: {name} is no {fields[name]}"
        for name, value in body.items()
        if name in fields
        and (not isinstance(value, _TYPES[fields[name]])
             or (fields[name] == "integer" and isinstance(value, bool)))
    ]  # fmt: skip
    missing = [
        f"{call}: needs {name}" for name in _CALLS[call].get("needs", []) if name not in body
    ]
    return unknown + wrong + missing


class _Handler(BaseHTTPRequestHandler):
    stub: StubGrafana

    def log_message(self, *_: object) -> None:
        """Nothing: the requests are remembered."""

    def _answer(self, status: int, content: object) -> None:
        written = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def _refuse(self, status: int, fault: str) -> None:
        self.stub.faults.append(fault)
        self._answer(status, {"message": fault})

    def _handle(self) -> None:
        path = urlsplit(self.path).path
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.stub.requests.append((self.command, path, body))
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            self._refuse(401, f"{self.command} {path}: no login")
            return
        found = call_of(self.command, path)
        if found is None:
            self._refuse(404, f"{self.command} {path}: not a call of the published description")
            return
        call, named = found
        if self.stub.broken and call.startswith(self.stub.broken):
            self._answer(500, {"message": "out of order"})
            return
        faults = faults_of(call, body)
        given = self.headers.get("X-Grafana-Org-Id")
        if _CALLS[call]["scope"] == "organisation":
            if not (given and int(given) in self.stub.organisations):
                faults.append(f"{call}: no organisation {given}")
        elif given:
            faults.append(f"{call}: is not within an organisation")
        if faults:
            self.stub.faults += faults
            self._answer(400, {"message": "; ".join(faults)})
            return
        content = self._do(call, named, body, int(given or 1))
        if content is None:
            self._answer(404, {"message": "not found"})
        else:
            self._answer(_CALLS[call]["answers"], content)

    do_GET = do_POST = do_PUT = _handle

    def _do(self, call: str, named: dict[str, str], body: Any, organisation_id: int) -> Any:
        if call == "GET /api/orgs/name/{name}":
            return next(
                ({"id": key, "name": one.name} for key, one in self.stub.organisations.items()
                 if one.name == named["name"]), None,
            )  # fmt: skip
        if call == "POST /api/orgs":
            made = max(self.stub.organisations) + 1
            self.stub.organisations[made] = StubOrganisation(name=body["name"])
            return {"orgId": made, "message": "Organization created"}
        return self._within(call, named, body, self.stub.organisations[organisation_id])

    def _within(self, call: str, named: dict[str, str], body: Any, at: StubOrganisation) -> Any:
        kind = call.split("/")[2] if "provisioning" not in call else "contact-points"
        method = call.split(" ")[0]
        if kind == "datasources":
            if method == "GET":
                shown = at.sources.get(named["uid"])
                return shown and {k: v for k, v in shown.items() if k != "secureJsonData"}
            old = at.sources.get(body["uid"], {})
            at.sources[body["uid"]] = {"secureJsonData": old.get("secureJsonData"), **body,
                                       "id": 7, "readOnly": False, "version": 1}  # fmt: skip
            return {"id": 7, "message": "ok"}
        if kind == "folders":
            if method != "GET":
                uid = named.get("uid") or body["uid"]
                at.folders[uid] = {"uid": uid, "title": body["title"], "id": 9}
                return at.folders[uid]
            return at.folders.get(named["uid"])
        if kind == "dashboards":
            if method == "GET":
                return at.boards.get(named["uid"])
            # As a server does: it numbers boards and brings them to its own version.
            content = {**body["dashboard"], "id": 3, "version": 1, "schemaVersion": 99}
            uid = content["uid"]
            at.boards[uid] = {"dashboard": content, "meta": {"folderUid": body["folderUid"]}}
            return {"uid": uid, "status": "success", "version": 1}
        if kind == "contact-points":
            if method == "GET":
                return list(at.points.values())
            uid = named.get("uid") or f"point-{len(at.points)}"
            at.points[uid] = {**body, "uid": uid, "provenance": "api"}
            return at.points[uid]
        if method == "GET":
            return {"totalCount": len(at.accounts), "serviceAccounts": at.accounts}
        at.accounts.append({**body, "id": 5})
        return at.accounts[-1]
