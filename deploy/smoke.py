"""Asks a live Grafana what smoke.sh promises; exits with the first thing that is not so."""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import Request, urlopen

from dashboards.generate import all_boards
from dashboards.words import LANGUAGES

ADDRESS = urlsplit(os.environ["LOADSTONE_GRAFANA_URL"])
LOGIN = base64.b64encode(
    f"{unquote(ADDRESS.username or '')}:{unquote(ADDRESS.password or '')}".encode()
).decode()


def ask(method: str, path: str, body: object = None, organisation: int | None = None) -> Any:  # noqa: ANN401 - JSON
    """Grafana's answer; raises HTTPError."""
    request = Request(  # noqa: S310 - the address is the operator's own
        f"{ADDRESS.scheme}://{ADDRESS.hostname}:{ADDRESS.port or 80}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Basic {LOGIN}", "Content-Type": "application/json"},
    )
    if organisation is not None:
        request.add_header("X-Grafana-Org-Id", str(organisation))
    with urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        return json.load(answer)


def rows(sql: str, organisation: int) -> list[list[Any]]:
    """What the organisation's data source answers, row by row."""
    query = {
        "refId": "A", "rawSql": sql, "format": "table", "rawQuery": True,
        "datasource": {"uid": "loadstone", "type": "grafana-postgresql-datasource"},
    }  # fmt: skip
    body = {"queries": [query], "from": "now-2d", "to": "now"}
    frames = ask("POST", "/api/ds/query", body, organisation)["results"]["A"]["frames"]
    return [list(row) for frame in frames for row in zip(*frame["data"]["values"], strict=True)]


def check(true: object, what: str) -> None:
    """Say what was found, or leave."""
    sys.stdout.write(("ok    " if true else "WRONG ") + what + "\n")
    if not true:
        sys.exit(1)


def run_boards(organisation: int) -> int:
    """Run every query of every board as Grafana does; returns how many."""
    ran = 0
    for board in all_boards().values():
        for language in LANGUAGES:
            content = board.build(language)
            values: dict[str, str] = {}

            def filled(sql: str, values: dict[str, str] = values) -> str:
                sql = re.sub(r"\$\{(\w+):sqlstring\}", lambda m: f"'{values[m[1]]}'", sql)
                return re.sub(r"\$\{(\w+):raw\}", lambda m: values[m[1]], sql)

            for variable in content["templating"]["list"]:
                if variable["type"] == "query":
                    found = rows(filled(variable["query"]), organisation)
                    values[variable["name"]] = str(found[0][-1])
            for panel in content["panels"]:
                for target in panel.get("targets", []):
                    try:
                        rows(filled(target["rawSql"]), organisation)
                    except HTTPError as error:
                        check(False, f"{content['uid']}: {panel['title']}: {error.read()!r}")
                    ran += 1
    return ran


def main() -> None:
    """Organisation by organisation."""
    for code in ("SMOKE-A", "SMOKE-B"):
        found = ask("GET", f"/api/orgs/name/{quote('Loadstone ' + code)}")
        organisation = int(found["id"])
        health = ask("GET", "/api/datasources/uid/loadstone/health", organisation=organisation)
        check(health["status"] == "OK", f"{code}: the data source connects")
        boards = ask("GET", "/api/search?type=dash-db&limit=1000", organisation=organisation)
        wanted = {f"loadstone-{name}-{lang}" for name in all_boards() for lang in LANGUAGES}
        check(wanted <= {board["uid"] for board in boards}, f"{code}: {len(wanted)} boards")
        seen = rows("SELECT code FROM visible.customer", organisation)
        check(seen == [[code]], f"{code}: sees itself and nobody else")
        try:
            rows("SELECT * FROM core.customer", organisation)
            check(False, f"{code}: core is closed")
        except HTTPError as error:
            check(b"permission denied" in error.read(), f"{code}: core is closed")
        check(ran := run_boards(organisation), f"{code}: {ran} queries run")


if __name__ == "__main__":
    main()
