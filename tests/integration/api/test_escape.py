"""Every endpoint that there is, tried by who may not: with each id, code, filter, scope and cursor.

Driven by the OpenAPI document and the list of pages: a new endpoint is tried at once.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from psycopg.types.json import Jsonb

from api.app import create_app
from api.pages import router as page_router
from api.sessions import CSRF_HEADER
from forecast.reports.document import digest, to_builtins
from forecast.reports.text import Text
from loadstone.domain.scope import of_customers, of_sites
from loadstone.storage.identity import create_token, put_user
from tests.integration.api.conftest import NOW, PASSWORD
from tests.support.report_documents import full_document

READS, WRITES = ("get",), ("post", "put", "patch", "delete")
# What only customer A's data holds.
MARKS = re.compile(rb"(?:CUS|SITE|MTR|GW|VM)-A\d?|SECRET-A|Chiller")
_OPEN = {"/api/v1/health"}
# Streams do not end by themselves: their own tests read them.
_STREAMS = re.compile(r"/live\b|/stream\b")
_CHANGED = """
SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t
"""

_MEASURE_OF_A = """
WITH made AS (
    INSERT INTO core.saving_measure (measure_id, site_id, what, status, implemented_on, made_by,
        made_at, changed_at)
    OVERRIDING SYSTEM VALUE VALUES (91, %(site)s, 'SECRET-A', 'implemented', '2026-10-20', 'x',
        %(at)s, %(at)s)
    RETURNING measure_id
), judged AS (
    INSERT INTO core.saving_verification (measure_id, known_at, made_by, baseline_from,
        baseline_to, reporting_from, reporting_to, verdict, saved_kwh, low_kwh, high_kwh, result)
    SELECT measure_id, %(at)s, 'SECRET-A', '2025-10-20', '2026-10-20', '2026-10-20', '2026-10-27',
        'proven', 1, 0, 2, '{}' FROM made
)
INSERT INTO core.non_routine_event (event_id, measure_id, kind, period, first_day, end_day, note,
    flagged_at)
OVERRIDING SYSTEM VALUE
SELECT 92, measure_id, 'surge', 'reporting', '2026-10-21', '2026-10-24', 'SECRET-A', %(at)s
FROM made
"""


_OPPORTUNITY_OF_A = """
WITH priced AS (
    INSERT INTO core.price (customer_id, valid_from, currency, flat_per_kwh)
    SELECT customer_id, '2026-01-01', 'CNY', 0.5 FROM core.site WHERE site_id = %(site)s
)
INSERT INTO core.opportunity (opportunity_id, site_id, code, params, evidence, energy_kwh,
    energy_low_kwh, energy_high_kwh, demand_kw, confidence, effort, note, first_found_at,
    last_found_at)
OVERRIDING SYSTEM VALUE VALUES (93, %(site)s, 'voltage', '{"voltage_pct": 107}',
    '{"axis": "day_hour", "unit": "kW", "x": [], "series": [], "levels": [], "labels": []}',
    1, 0, 2, 0, 'low', 'low', 'SECRET-A', %(at)s, %(at)s)
"""
_REPORTS_OF_A = """
WITH made AS (
    INSERT INTO core.report (report_id, kind, customer_id, customers, month, language, as_known_at,
        made_at, made_by, sha256, document)
    OVERRIDING SYSTEM VALUE
    VALUES (93, 'SECRET-A', %(a)s, ARRAY[%(a)s::int], '2026-09-01', 'en', %(at)s, %(at)s,
        'SECRET-A', %(digest)s, %(document)s)
    RETURNING report_id
), sent AS (
    INSERT INTO core.report_delivery (report_id, channel, address, language, formats)
    SELECT report_id, 'email', 'SECRET-A', 'en', '{pdf}' FROM made
)
INSERT INTO core.report_schedule (report_schedule_id, kind, customer_id, database_role, zone,
    day_of_month, language, formats, recipients, created_by, created_at)
OVERRIDING SYSTEM VALUE
SELECT 94, 'SECRET-A', %(a)s, database_role, 'UTC', 1, 'en', '{pdf}', '{SECRET-A}', 'SECRET-A',
    %(at)s
FROM core.app_user WHERE name = 'staff'
"""


def _report_of_a() -> dict[str, object]:
    document = full_document(Text("SECRET-A", "SECRET-A"))
    return {"digest": digest(document), "document": Jsonb(to_builtins(document))}


@dataclass(frozen=True, kw_only=True)
class Targets:
    """All that names something of A's, by id and by code; and who tries."""

    ids: tuple[str, ...]
    codes: tuple[str, ...]
    scopes: tuple[str, ...]
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def targets(world, said_world) -> Targets:
    """Customer A with one of everything, and an operator of customer B."""
    with psycopg.connect(world.url) as connection:
        connection.execute(
            "INSERT INTO core.virtual_meter (code, customer_id, site_id, name_en, name_zh, "
            "changed_by) VALUES ('VM-A', %s, %s, 'SECRET-A', 'SECRET-A', 'x')",
            [world.customers["CUS-A"], world.sites["SITE-A"]],
        )
        connection.execute(_MEASURE_OF_A, {"site": world.sites["SITE-A"], "at": NOW})
        connection.execute(
            _REPORTS_OF_A, {**_report_of_a(), "a": world.customers["CUS-A"], "at": NOW}
        )
        connection.execute(_OPPORTUNITY_OF_A, {"site": world.sites["SITE-A"], "at": NOW})
        tokens = {}
        for name, role, customer in (
            ("escape-b", "operator", "CUS-B"), ("escape-fm-b", "facility_manager", "CUS-B"),
            ("escape-a", "operator", "CUS-A"), ("escape-admin-b", "admin", "CUS-B"),
        ):  # fmt: skip
            user = put_user(
                connection, name=name, display_name=name, role=role, password=PASSWORD,
                scope=of_customers(world.customers[customer]),
            )  # fmt: skip
            tokens[name] = create_token(connection, user, "tests", NOW + timedelta(days=30))
        rows = connection.execute(
            "SELECT quarantine_id::text FROM core.quarantine WHERE gateway_code = 'GW-A' "
            "UNION SELECT virtual_meter_id::text FROM core.virtual_meter WHERE code = 'VM-A' "
            "UNION SELECT equipment_id::text FROM core.equipment "
            "UNION SELECT user_id::text FROM core.app_user WHERE name IN ('manager-a', 'staff') "
            "UNION SELECT max(token_id)::text FROM core.api_token WHERE name = 'tests' "
            "UNION SELECT measure_id::text FROM core.saving_measure "
            "UNION SELECT event_id::text FROM core.non_routine_event "
            "UNION SELECT report_id::text FROM core.report "
            "UNION SELECT report_schedule_id::text FROM core.report_schedule "
            "UNION SELECT opportunity_id::text FROM core.opportunity "
            "UNION SELECT production_day_id::text FROM core.production_day WHERE name = 'SECRET-A' "
            "UNION SELECT max(forecast_id)::text FROM core.forecast JOIN core.forecast_subject "
            "USING (subject_id) JOIN core.site USING (site_id) WHERE code = 'SITE-A'"
        ).fetchall()
    meters = [code for code in world.meters if "-A" in code]
    codes = ("CUS-A", "SITE-A", "GW-A", "VM-A", "CH-1", "manager-a", *meters)
    ids = {str(world.customers["CUS-A"]), str(world.sites["SITE-A"]),
           str(world.gateways["GW-A"]), *(str(world.meters[m]) for m in meters),
           *(str(row[0]) for row in rows)}  # fmt: skip
    kinds = {"customer": "CUS-A", "site": "SITE-A", "gateway": "GW-A", "meter": "MTR-A1"}
    return Targets(
        ids=tuple(sorted(ids, key=int)), codes=codes, tokens=tokens,
        scopes=("all", *(f"{kind}:{code}" for kind, code in kinds.items())),
    )  # fmt: skip


@pytest.fixture(scope="module")
def app(world):
    return create_app(world.pool, lambda: NOW)


@pytest.fixture(scope="module")
def document(app) -> dict[str, Any]:
    return json.loads(json.dumps(app.openapi()))


def client_of(app, token: str | None) -> TestClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return TestClient(app, headers=headers, follow_redirects=False, raise_server_exceptions=False)


def operations(
    document: dict[str, Any], methods: tuple[str, ...]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods_of in document["paths"].items():
        for method, operation in methods_of.items():
            if method in methods and not _STREAMS.search(path):
                yield path, method, operation


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def filled(document: dict[str, Any], path: str, operation: dict[str, Any], targets: Targets):
    """The path with each thing of A's in each of its places."""
    places = re.findall(r"\{(\w+)\}", path)
    schemas = {
        p["name"]: resolved(document, p.get("schema", {}))
        for p in operation.get("parameters", ()) if p["in"] == "path"
    }  # fmt: skip
    choices = [
        [str(v) for v in schemas.get(place, {}).get("enum", ())] or [*targets.ids, *targets.codes]
        for place in places
    ]
    length = max(map(len, choices), default=0)
    aligned = zip(*(itertools.islice(itertools.cycle(c), length) for c in choices), strict=True)
    for values in aligned if places else [()]:
        made = path
        for place, value in zip(places, values, strict=True):
            made = made.replace(f"{{{place}}}", quote(value, safe=""))
        yield made


def required_query(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, str]:
    """What must be in the query, by its example or first choice."""
    wanted = {}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query" and parameter.get("required"):
            schema = resolved(document, parameter.get("schema", {}))
            value = (schema.get("enum") or schema.get("examples") or ["all"])[0]
            wanted[parameter["name"]] = str(value)
    return wanted


def leaked(answer: Any, asked: str) -> set[bytes]:
    """Marks of A in an answer that were not in the question."""
    return set(MARKS.findall(answer.content)) - set(MARKS.findall(asked.encode()))


def test_nobody_is_let_in_anywhere(app, document, targets) -> None:
    nobody = client_of(app, None)
    tried = 0
    for path, method, operation in operations(document, READS + WRITES):
        if path in _OPEN:
            continue
        made = next(iter(filled(document, path, operation, targets)))
        answer = nobody.request(method, made, json={} if method in WRITES else None)
        assert answer.status_code == 401, (method, made, answer.status_code)
        tried += 1
    assert tried > 30


def test_what_a_path_names_is_never_both_customers(app, document, targets) -> None:
    """No id and no code opens for B what it opens for A."""
    a = client_of(app, targets.tokens["escape-a"])
    others = [client_of(app, targets.tokens[name]) for name in ("escape-b", "escape-admin-b")]
    opened = set()
    for path, _, operation in operations(document, READS):
        if "{" not in path or path.startswith("/api/v1/exports"):
            continue
        query = required_query(document, operation)
        for made in filled(document, path, operation, targets):
            asked = made + (f"?{urlencode(query)}" if query else "")
            own = a.get(asked)
            if own.status_code == 200:
                opened.add(path)
            for other in others:
                answer = other.get(asked)
                assert answer.status_code < 500, (asked, answer.text)
                assert not leaked(answer, asked), asked
                assert not (own.status_code == answer.status_code == 200), asked
    unopened = {p for p, _, o in operations(document, READS) if "{" in p} - opened
    known = {"users", "tokens", "audit", "exports", "virtual-meters", "webhooks", "sessions"}
    assert {p for p in unopened if p.split("/")[3] not in known} == set(), "nothing is proven"


def test_no_filter_scope_or_search_of_a_list_widens_it(app, document, targets, world) -> None:
    for name in ("escape-b", "escape-fm-b"):
        b = client_of(app, targets.tokens[name])
        for path, _, operation in operations(document, READS):
            if "{" in path and not path.startswith("/api/v1/exports"):
                continue
            base = required_query(document, operation)
            queries = [base]
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "query":
                    continue
                field = parameter["name"]
                if field == "scope":
                    queries += [{**base, field: scope} for scope in targets.scopes]
                elif field in {"q", "search"}:
                    queries += [{**base, field: text} for text in ("A", "-A", "%", "CUS-A")]
                elif any(word in field for word in ("id", "site", "meter", "gateway", "customer",
                                                    "user", "code")):  # fmt: skip
                    queries += [{**base, field: v} for v in (*targets.ids[:4], *targets.codes)]
            paths = [path] if "{" not in path else filled(document, path, operation, targets)
            for made, query in itertools.product(list(paths)[:4], queries):
                asked = f"{made}?{urlencode(query)}"
                answer = b.get(asked)
                assert answer.status_code < 500, (asked, answer.text[:300])
                assert not leaked(answer, asked), (asked, leaked(answer, asked))


def test_cursors_of_another_customer_continue_nothing_of_theirs(app, document, targets) -> None:
    a = client_of(app, targets.tokens["escape-a"])
    b = client_of(app, targets.tokens["escape-b"])
    taken = 0
    for path, _, operation in operations(document, READS):
        names = {p["name"] for p in operation.get("parameters", ())}
        if "{" in path or not {"limit", "cursor"} <= names:
            continue
        first = a.get(path, params={**required_query(document, operation), "limit": 1})
        cursor = first.json().get("next_cursor") if first.status_code == 200 else None
        if cursor is None:
            continue
        taken += 1
        answer = b.get(path, params={"cursor": cursor, "limit": 1000})
        assert not leaked(answer, path), path
    assert taken >= 3


def sample(document: dict[str, Any], schema: dict[str, Any], targets: Targets, name: str) -> Any:
    """A body that fits the schema, in which every id and code is one of A's."""
    schema = resolved(document, schema)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return sample(document, schema[word][0], targets, name)
    if "enum" in schema or "const" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {
            key: sample(document, value, targets, key)
            for key, value in schema.get("properties", {}).items()
            if key not in {"enabled", "expires_at"}
        }
    if kind == "array":
        return [sample(document, schema.get("items", {}), targets, name)]
    if kind in {"integer", "number"}:
        return 1
    if kind == "boolean":
        return True
    if "code" in name or name in {"meter", "site", "gateway", "customer"}:
        return "MTR-A1"
    examples = schema.get("examples")
    return (
        examples[0] if examples else "2026-03-24T00:00:00Z" if "date" in str(schema) else "x" * 12
    )


def owned_rows(world) -> dict[str, str]:
    """What of A's stands in the tables that changes reach."""
    parts = {
        "customer": "t.code = 'CUS-A'", "site": "t.code = 'SITE-A'",
        "meter": "t.code LIKE 'MTR-A%'", "gateway": "t.code = 'GW-A'",
        "virtual_meter": "t.code = 'VM-A'",
        "equipment": "t.code = 'CH-1'", "quarantine": "t.gateway_code = 'GW-A'",
        "app_user": "t.name IN ('manager-a', 'staff')",
        "meter_channel": "t.channel LIKE 'MTR-A%'",
        "production_day": "t.name = 'SECRET-A'",
        "report": "t.made_by = 'SECRET-A'", "report_schedule": "t.created_by = 'SECRET-A'",
        "report_delivery": "t.address = 'SECRET-A'",
        "register_correction": "t.meter_id IN (SELECT meter_id FROM core.meter "
                               "WHERE code LIKE 'MTR-A%')",
        "ledger_event": "t.decided_by <> 'ingest' AND t.meter_id IN (SELECT meter_id "
                        "FROM core.meter WHERE code LIKE 'MTR-A%')",
    }  # fmt: skip
    with psycopg.connect(world.url) as connection:
        return {
            table: str(
                connection.execute(
                    (_CHANGED.format(table=f"core.{table}") + f" WHERE {which}").encode()
                ).fetchone()[0]
            )
            for table, which in parts.items()
        }  # fmt: skip


def test_no_change_reaches_what_is_anothers(app, document, targets, world) -> None:
    before = owned_rows(world)
    tried = 0
    for name in ("escape-b", "escape-fm-b", "escape-admin-b"):
        client = client_of(app, targets.tokens[name])
        for path, method, operation in operations(document, WRITES):
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            body = sample(document, schema, targets, "") if schema else None
            for made in filled(document, path, operation, targets):
                answer = client.request(method, made, json=body)
                assert answer.status_code < 500, (method, made, body, answer.text[:300])
                assert not leaked(answer, made + json.dumps(body)), (method, made)
                tried += 1
    assert tried > 100
    assert owned_rows(world) == before


def page_paths(method: str) -> list[str]:
    """The pages' own routes, which the OpenAPI document leaves out."""
    found: list[str] = []
    routers = [page_router]
    while routers:
        for route in routers.pop().routes:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                routers.append(inner)
            elif isinstance(route, APIRoute) and method in route.methods:
                found.append(route.path)
    return sorted(found)


def test_pages_show_nothing_of_another_customer(app, targets, world) -> None:
    browser = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    browser.post("/login", data={"name": "escape-fm-b", "password": PASSWORD})
    nobody = client_of(app, None)
    pages = [path for path in page_paths("GET") if not path.startswith("/static")]
    assert len(pages) > 15
    values = [*targets.ids, "SITE-A", "CUS-A", "GW-A", "MTR-A1"]
    for path in pages:
        if _STREAMS.search(path):
            continue
        places = re.findall(r"\{(\w+)(?::\w+)?\}", path)
        for value in values if places else [""]:
            made = re.sub(r"\{\w+(?::\w+)?\}", quote(value), path)
            for query in ("", "?q=A&gateway=GW-A&scope=site:SITE-A&site=SITE-A&customer=CUS-A"):
                answer = browser.get(made + query)
                assert answer.status_code < 500, made + query
                assert not leaked(answer, made + query), (made + query, leaked(answer, made))
            if not path.startswith(("/login", "/favicon")):
                refused = nobody.get(made)
                assert refused.status_code in {303, 401, 404, 422}, (made, refused.status_code)
                assert not leaked(refused, made)


def test_a_form_of_a_page_changes_nothing_of_another_customer(app, targets, world) -> None:
    before = owned_rows(world)
    browser = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    browser.post("/login", data={"name": "escape-b", "password": PASSWORD})
    page = browser.get("/quarantine").text
    csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
    browser.headers[CSRF_HEADER] = csrf
    for path in [path for path in page_paths("POST") if not path.startswith("/log")]:
        for value in [*targets.ids, "SITE-A", "GW-A", "MTR-A1"]:
            made = re.sub(r"\{\w+(?::\w+)?\}", quote(value), path)
            form = {
                "csrf_token": csrf, "site_id": value, "meter_id": value, "gateway": "GW-A",
                "quarantine_id": value, "ids": value, "id": value, "token_id": value,
                "session_id": value, "decision": "dismiss", "note": "x", "password": "x",
                "name": "manager-a", "code": value, "action": "dismiss",
            }  # fmt: skip
            answer = browser.post(made, data=form)
            assert answer.status_code < 500, made
            assert not leaked(answer, made + json.dumps(form)), made
    assert owned_rows(world) == before


def test_who_sees_a_site_hears_of_that_site_only(app, world) -> None:
    """A webhook for all, or for the whole customer, would tell of what its maker does not see."""
    with psycopg.connect(world.url) as connection:
        user = put_user(
            connection, name="escape-site-b", display_name="B", role="operator",
            password=PASSWORD, scope=of_sites(world.sites["SITE-B"]),
        )  # fmt: skip
        client = client_of(app, create_token(connection, user, "t", NOW + timedelta(days=1)))
        connection.execute(
            "INSERT INTO core.webhook (customer_id, name, url, secret, kinds, created_by) "
            "VALUES (%s, 'SECRET-A', 'https://a.example', 's', '{quarantine}', 'x'), "
            "(NULL, 'of all', 'https://all.example', 's', '{quarantine}', 'x')",
            [world.customers["CUS-A"]],
        )
    assert client.get("/api/v1/webhooks").json()["data"] == []
    body = {"name": "mine", "url": "https://93.184.216.34/x", "kinds": ["quarantine"]}
    for scope in ({}, {"customer_id": world.customers["CUS-B"]}):
        assert client.post("/api/v1/webhooks", json={**body, **scope}).status_code == 422
    mine = client.post("/api/v1/customers", json={"code": "X", "name_en": "X", "name_zh": "客",
                                                  "kind": "office"})  # fmt: skip
    assert mine.status_code == 403
