"""Whatever SQL a viewer's role runs, it sees its own rows and nothing else, on every server.

Two customers, A with one site and B with two. The catalog drives the tests: a new view or function
of `visible` and `read` is tried at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors, sql

from loadstone.domain.registry import Customer, Gateway, Meter, Site
from loadstone.domain.scope import EVERYTHING, of_customers, of_sites
from loadstone.storage import registry
from loadstone.storage.migrate import migrate
from loadstone.storage.pool import open_pool
from loadstone.storage.read_only import read_only
from loadstone.storage.rollups import refresh_rollups
from loadstone.storage.scopes import create_role, enable_role, set_scope
from loadstone.storage.viewer_roles import become, drop_role, missing_roles
from tests.contract.storage.histories import make_history, put, put_epochs

START = datetime(2026, 3, 20, tzinfo=UTC)
END = START + timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Houses:
    """Ids by code, and the roles that see A, B, B's second site, and everything."""

    customers: dict[str, int]
    sites: dict[str, int]
    gateways: dict[str, int]
    meters: dict[str, int]
    virtual: dict[str, int]
    subjects: dict[str, int]
    roles: dict[str, str]

    def ids(self, kind: str, tenant: str) -> set[int]:
        return {row for code, row in getattr(self, kind).items() if f"-{tenant}" in code}


_REST = """
INSERT INTO core.gateway_state (gateway_id, online, boot, state_at)
    SELECT gateway_id, true, 1, now() FROM core.gateway;
INSERT INTO core.gateway_sequence (gateway_id, boot, first_seq, last_seq, received, repeated,
    updated_at)
    SELECT gateway_id, 1, 0, 9, 10, 0, now() FROM core.gateway;
INSERT INTO core.gateway_event (gateway_id, boot, seq, ts, received_at, kind, details)
    SELECT gateway_id, 1, 0, now(), now(), 'x', '{}' FROM core.gateway;
INSERT INTO core.equipment (site_id, code, name_en, name_zh, category)
    SELECT site_id, 'E', 'E', 'E', 'chiller' FROM core.site;
INSERT INTO core.meter_latest (meter_id, ts, received_at, epoch, quality, p_w)
    SELECT meter_id, now(), now(), 0, 0, 1000 FROM core.meter;
INSERT INTO core.interval_reading (meter_id, ts, interval_s, quality, lag_s, imp_wh)
    SELECT meter_id, '2026-03-20Z', 900, 0, 0, 5 FROM core.meter;
INSERT INTO core.extra_reading (meter_id, ts, kind, field, value, quality)
    SELECT meter_id, '2026-03-20Z', 'x', 'x', 1, 0 FROM core.meter;
INSERT INTO core.ledger_event (meter_id, kind, starts_at, decided_by)
    SELECT meter_id, 'ratio', '2026-03-21Z', 'ann' FROM core.meter;
INSERT INTO core.register_correction (ledger_event_id, meter_id, kind, starts_at, ends_at,
    ratio_factor)
    SELECT ledger_event_id, meter_id, 'ratio', '2026-03-21Z', '2026-03-22Z', 2
    FROM core.ledger_event WHERE kind = 'ratio';
INSERT INTO core.register_exchange (meter_id, ts, closing, opening)
    SELECT meter_id, '2026-03-22Z', '{1}', '{1}' FROM core.meter;
INSERT INTO core.register_number (meter_id, ts, number)
    SELECT meter_id, '2026-03-22Z', 1 FROM core.meter;
INSERT INTO core.quarantine (fingerprint, received_at, last_seen_at, severity, gateway_code, topic,
    code, rule, payload, payload_bytes)
    SELECT sha256(g.code::bytea), now(), now(), 'refused', g.code, 't', 'c', 'r', '', 0
    FROM (SELECT code FROM core.gateway UNION SELECT 'GW-NOBODY') g;
INSERT INTO core.virtual_meter (code, customer_id, site_id, name_en, name_zh, changed_by)
    SELECT 'V-' || c.code, c.customer_id, NULL, 'v', 'v', 'ann' FROM core.customer c
    UNION ALL SELECT 'V-' || s.code, s.customer_id, s.site_id, 'v', 'v', 'ann' FROM core.site s;
INSERT INTO core.virtual_term (virtual_meter_id, meter_id, term_factor)
    SELECT v.virtual_meter_id, m.meter_id, 1 FROM core.virtual_meter v
    JOIN core.site s USING (customer_id) JOIN core.meter m ON m.site_id = s.site_id
    WHERE v.site_id IS NULL OR v.site_id = s.site_id;
INSERT INTO core.price (customer_id, valid_from, currency, flat_per_kwh)
    SELECT customer_id, '2026-01-01', 'CNY', 0.5 FROM core.customer;
INSERT INTO core.opportunity (site_id, meter_id, code, params, evidence, energy_kwh,
    energy_low_kwh, energy_high_kwh, demand_kw, confidence, effort, first_found_at, last_found_at)
    SELECT site_id, NULL, 'voltage', '{}', '{}', 1, 0, 2, 0, 'low', 'low', now(), now()
    FROM core.site;
INSERT INTO core.opportunity_search (site_id, searched_at, days)
    SELECT site_id, now(), 30 FROM core.site;
INSERT INTO core.forecast_subject (customer_id, site_id)
    SELECT customer_id, site_id FROM core.site
    UNION ALL SELECT customer_id, NULL FROM core.customer;
INSERT INTO core.forecast (subject_id, kind, target_day, issued_at, reckoned_at, lead_days, zone,
    starts_at, ends_at, interval_s, model, reason, mean_kw, p025_kw, p975_kw)
    SELECT subject_id, 'day_ahead', '2026-03-21', '2026-03-20Z', now(), 1, 'Asia/Shanghai',
        '2026-03-20 16:00Z', '2026-03-21 16:00Z', 43200, 'x', 'x', '{1,2}', '{0,1}', '{2,3}'
    FROM core.forecast_subject;
INSERT INTO core.forecast_month (subject_id, month, issued_at, reckoned_at, zone, interval_s, model,
    reason, energy_kwh)
    SELECT subject_id, '2026-03-01', '2026-03-20Z', now(), 'Asia/Shanghai', 900, 'x', 'x', '{1}'
    FROM core.forecast_subject;
INSERT INTO core.forecast_score (subject_id, kind, target_day, lead_days, forecast_id, issued_at,
    replayed, model, scored_at, slots, special, measured_sum_kw, error_sum_kw, bias_sum_kw,
    pinball_sum_kw, inside_80, inside_95, skill_slots, skill_error_sum_kw, naive_day_sum_kw,
    naive_week_sum_kw)
    SELECT subject_id, 'day_ahead', '2026-03-21', 1, 1, '2026-03-20Z', false, 'x', now(), 2, false,
        3, 1, 1, 1, 1, 2, 2, 1, 1, 1
    FROM core.forecast_subject;
INSERT INTO core.forecast_run (kind, zone, issued_at, engine, started_at)
    VALUES ('day_ahead', 'Asia/Shanghai', '2026-03-20Z', 'local', now());
INSERT INTO core.forecast_failure (run_id, subject_id, failed_at, reason)
    SELECT 1, subject_id, now(), 'x' FROM core.forecast_subject;
INSERT INTO core.weather_value (site_id, valid_at, known_at, source, measured, temperature_c)
    SELECT site_id, '2026-03-20Z', '2026-03-20Z', 'x', true, 20 FROM core.site;
INSERT INTO core.production_day (customer_id, site_id, name, kind, first_day, last_day, entered_by,
    entered_at)
    SELECT customer_id, site_id, 'x', 'event', '2026-03-21', '2026-03-21', 'ann', now()
    FROM core.forecast_subject;
INSERT INTO core.saving_measure (site_id, what, made_by, made_at, changed_at)
    SELECT site_id, 'x', 'ann', now(), now() FROM core.site;
INSERT INTO core.saving_verification (measure_id, known_at, made_by, baseline_from, baseline_to,
    reporting_from, reporting_to, verdict, saved_kwh, low_kwh, high_kwh, result)
    SELECT measure_id, now(), 'ann', '2025-01-01', '2026-01-01', '2026-01-01', '2026-02-01',
        'proven', 1, 0, 2, '{}' FROM core.saving_measure;
INSERT INTO core.non_routine_event (measure_id, kind, period, first_day, end_day, flagged_at)
    SELECT measure_id, 'surge', 'reporting', '2026-01-05', '2026-01-08', now()
    FROM core.saving_measure;
INSERT INTO core.report (kind, customer_id, site_id, customers, month, language, as_known_at,
    made_at, made_by, sha256, document)
    SELECT 'x', f.customer_id, f.site_id, ARRAY[f.customer_id], date '2026-03-01', 'en', now(),
        now(), 'ann', sha256('x'), jsonb '{}' FROM core.forecast_subject f
    UNION ALL
    SELECT 'x', NULL, NULL, array_agg(customer_id ORDER BY customer_id), date '2026-03-01', 'en',
        now(), now(), 'ann', sha256('x'), jsonb '{}' FROM core.customer;
INSERT INTO core.report_delivery (report_id, channel, address, language, formats)
    SELECT report_id, 'email', 'a@b.example', 'en', '{pdf}' FROM core.report;
INSERT INTO core.report_attempt (report_delivery_id, attempt, tried_at, duration_ms)
    SELECT report_delivery_id, 1, now(), 1 FROM core.report_delivery;
"""

_SCHEDULES = """
INSERT INTO core.report_schedule (kind, customer_id, site_id, database_role, zone, day_of_month,
    language, formats, recipients, created_by, created_at)
    SELECT kind, customer_id, site_id, %s, 'UTC', 1, 'en', '{pdf}', '{}', 'ann', now()
    FROM core.report
"""
_SUBJECTS = """
SELECT coalesce(s.code, c.code), f.subject_id FROM core.forecast_subject f
JOIN core.customer c USING (customer_id) LEFT JOIN core.site s USING (site_id)
"""


@pytest.fixture
def houses(connection: psycopg.Connection, store) -> Houses:
    customers, sites, gateways, meters = {}, {}, {}, {}
    for code in ("CUS-A", "CUS-B"):
        customer = Customer(code=code, name_en=code, name_zh="客", kind="office")
        customers[code] = registry.put_customer(connection, customer)
    for code in ("A1", "B1", "B2"):
        site = Site(code=f"SITE-{code}", name_en=code, name_zh="站", zone="Asia/Shanghai")
        owner = customers[f"CUS-{code[0]}"]
        sites[site.code] = registry.put_site(connection, owner, site)
        gateway = Gateway(code=f"GW-{code}")
        gateways[gateway.code] = registry.put_gateway(connection, sites[site.code], gateway)
        meter = Meter(code=f"MTR-{code}", name_en=code, name_zh="表", interval_s=900)
        meters[meter.code] = registry.put_meter(connection, sites[site.code], meter)
        registry.connect_meter(connection, gateways[gateway.code], meter.code, meters[meter.code])
    for number, meter_id in enumerate(meters.values()):
        history = make_history(meter_id, START, END, seed=number)
        put_epochs(connection, history)
        put(connection, history.batch(), small=store.small)
    for statement in _REST.split(";\n"):
        connection.execute(statement.encode())
    roles = {
        "a": create_role(connection, of_customers(customers["CUS-A"])),
        "b": create_role(connection, of_customers(customers["CUS-B"])),
        "b2": create_role(connection, of_sites(sites["SITE-B2"])),
        "all": create_role(connection, EVERYTHING),
    }
    connection.execute(_SCHEDULES, [roles["all"]])
    connection.commit()
    refresh_rollups(connection)
    connection.commit()
    rows = connection.execute("SELECT code, virtual_meter_id FROM core.virtual_meter").fetchall()
    subjects = connection.execute(_SUBJECTS).fetchall()
    connection.commit()
    return Houses(
        customers=customers, sites=sites, gateways=gateways, meters=meters, roles=roles,
        virtual={str(code): int(row) for code, row in rows},
        subjects={str(code): int(row) for code, row in subjects},
    )  # fmt: skip


@contextmanager
def seen_as(connection: psycopg.Connection, role: str) -> Iterator[psycopg.Connection]:
    """A transaction of this role, rolled back."""
    with connection.transaction(force_rollback=True):
        become(connection, role)
        yield connection


_VIEWS = """
SELECT c.relnamespace::regnamespace::text, c.relname::text, a.attname::text
FROM pg_class c
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0
    AND a.attname IN ('meter_id', 'site_id', 'customer_id', 'gateway_id', 'virtual_meter_id',
        'subject_id', 'gateway_code')
WHERE c.relnamespace IN ('visible'::regnamespace, 'read'::regnamespace) AND c.relkind = 'v'
ORDER BY 1, 2, 3
"""
_KINDS = {
    "meter_id": "meters", "site_id": "sites", "customer_id": "customers",
    "gateway_id": "gateways", "virtual_meter_id": "virtual", "subject_id": "subjects",
}  # fmt: skip


def views(connection: psycopg.Connection) -> dict[tuple[str, str], list[str]]:
    """Every view that viewers read, with its columns that say whose a row is."""
    found: dict[tuple[str, str], list[str]] = {}
    for schema, name, column in connection.execute(_VIEWS):
        found.setdefault((schema, name), []).append(column)
    return found


def rows_of(connection: psycopg.Connection, schema: str, name: str) -> int:
    count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))
    return int(connection.execute(count).fetchone()[0])


def ids_in(connection: psycopg.Connection, schema: str, name: str, column: str) -> set[object]:
    ids = sql.SQL("SELECT DISTINCT {} FROM {}").format(
        sql.Identifier(column), sql.Identifier(schema, name)
    )
    return {row[0] for row in connection.execute(ids)}


def test_every_view_shows_the_roles_rows_and_no_other(connection, houses) -> None:
    listed = views(connection)
    assert len(listed) > 30
    for (schema, name), columns in listed.items():
        assert columns != [None], f"{schema}.{name} does not say whose its rows are"
        whole = rows_of(connection, schema, name)
        with seen_as(connection, houses.roles["b"]):
            assert name in {
                "gateway_silence",
                "shift_plan",
                "register_break",
                "webhook",
            } or rows_of(connection, schema, name), f"{schema}.{name} is empty: nothing is proven"
            assert rows_of(connection, schema, name) < max(whole, 1)
            for column in columns:
                seen = ids_in(connection, schema, name, column) - {None}
                if column == "gateway_code":
                    assert seen <= {"GW-B1", "GW-B2"}, (schema, name)
                else:
                    assert seen <= houses.ids(_KINDS[column], "B"), (schema, name, column)


def test_a_role_of_one_site_sees_that_site_its_customer_and_nothing_of_the_other(
    connection, houses
) -> None:
    with seen_as(connection, houses.roles["b2"]):
        assert ids_in(connection, "visible", "customer", "code") == {"CUS-B"}
        assert ids_in(connection, "visible", "site", "code") == {"SITE-B2"}
        assert ids_in(connection, "visible", "reading", "meter_id") == {houses.meters["MTR-B2"]}
        # That of the whole customer would tell of the other site.
        assert ids_in(connection, "visible", "virtual_meter", "code") == {"V-SITE-B2"}
        assert ids_in(connection, "visible", "report", "site_id") == {houses.sites["SITE-B2"]}


def test_who_sees_everything_sees_what_the_owner_sees(connection, houses) -> None:
    for schema, name in views(connection):
        whole = rows_of(connection, schema, name)
        with seen_as(connection, houses.roles["all"]):
            assert rows_of(connection, schema, name) == whole


@pytest.mark.parametrize("why", ["unknown", "disabled", "emptied"])
def test_a_role_that_is_not_known_or_not_in_force_sees_nothing(connection, houses, why) -> None:
    role = houses.roles["b"]
    with connection.transaction(force_rollback=True):
        if why == "unknown":
            connection.execute("DELETE FROM core.viewer_role WHERE role_name = %s", [role])
        elif why == "disabled":
            enable_role(connection, role, enabled=False)
        else:
            connection.execute("DELETE FROM core.viewer_customer WHERE role_name = %s", [role])
        listed = views(connection)
        become(connection, role)
        assert {rows_of(connection, schema, name) for schema, name in listed} == {0}


def test_a_scope_counts_from_the_next_query_on(connection, houses) -> None:
    with connection.transaction(force_rollback=True):
        set_scope(connection, houses.roles["b"], of_sites(houses.sites["SITE-A1"]))
        become(connection, houses.roles["b"])
        assert ids_in(connection, "visible", "site", "code") == {"SITE-A1"}


def test_a_role_within_another_never_sees_more(connection, houses) -> None:
    wishes = {
        EVERYTHING: {"SITE-B2"},
        of_customers(houses.customers["CUS-B"]): {"SITE-B2"},
        of_customers(houses.customers["CUS-A"]): set(),
        of_sites(houses.sites["SITE-B1"]): set(),
        of_sites(houses.sites["SITE-B2"]): {"SITE-B2"},
    }
    for scope, sites in wishes.items():
        with connection.transaction(force_rollback=True):
            role = create_role(connection, scope, within=houses.roles["b2"])
            become(connection, role)
            assert ids_in(connection, "visible", "site", "code") == sites


_TABLES = """
SELECT n.nspname::text, c.relname::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND (n.nspname = 'core'
    OR (n.nspname = '_timescaledb_internal'
        AND (c.relname LIKE '\\_hyper\\_%' OR c.relname LIKE '\\_partial%'
             OR c.relname LIKE '\\_direct%' OR c.relname LIKE '\\_materialized%'
             OR c.relname LIKE 'compress\\_hyper%')))
ORDER BY 1, 2
"""


def test_tables_partitions_and_chunks_are_closed(connection, houses) -> None:
    tables = connection.execute(_TABLES).fetchall()
    assert len(tables) > 30
    open_ones = []
    for schema, name in tables:
        for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            row = connection.execute(
                "SELECT has_table_privilege(%s, format('%%I.%%I', %s::text, %s::text), %s), "
                "has_schema_privilege(%s, %s, 'USAGE')",
                [houses.roles["b"], schema, name, privilege, houses.roles["b"], schema],
            ).fetchone()
            if row[0]:
                open_ones.append((schema, name, privilege))
    assert open_ones == []
    with seen_as(connection, houses.roles["b"]), pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT count(*) FROM core.reading")


def test_views_cannot_be_written_through(connection, houses) -> None:
    for statement in (
        "INSERT INTO visible.customer (code, name_en, name_zh, kind) VALUES ('x', 'x', 'x', 'x')",
        "UPDATE visible.site SET name_en = 'mine'",
        "DELETE FROM visible.meter",
        "SELECT * FROM visible.meter FOR UPDATE",
    ):
        with seen_as(connection, houses.roles["b"]), pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement.encode())


_FUNCTIONS = """
SELECT p.proname::text, p.proargnames[1:p.pronargs], p.proretset
FROM pg_proc p WHERE p.pronamespace = 'read'::regnamespace
    AND p.proargtypes[0] = 'int[]'::regtype ORDER BY 1
"""
_GIVEN = {
    "a": "timestamptz '2026-03-20Z'", "z": "timestamptz '2026-03-23Z'",
    "step": "interval '1 hour'", "zone": "'Asia/Shanghai'", "register": "'imp'", "slot": "1",
    "as_of": "timestamptz '2026-03-24Z'", "phase_s": "0", "first_day": "date '2026-03-20'",
    "last_day": "date '2026-03-23'", "kind": "'day_ahead'", "lead_days": "1",
}  # fmt: skip


_LISTS = {
    "meters": "meters", "virtual_meters": "virtual", "subjects": "subjects", "sites": "sites",
}  # fmt: skip


def _numbers(row: object) -> dict[str, float]:
    """What an answer tells besides whom it was asked about and when."""
    values = row if isinstance(row, dict) else {"value": row}
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, int | float) and value and not key.endswith("_id")
    }


def test_functions_of_others_meters_tell_nothing(connection, houses) -> None:
    """Every function that takes meters, asked for all of A's: an answer that B would not get."""
    functions = connection.execute(_FUNCTIONS).fetchall()
    assert {"energy", "load", "balance", "quality", "virtual_energy"} <= {f[0] for f in functions}
    for name, arguments, _ in functions:
        kind = _LISTS[arguments[0]]
        ids = sorted(houses.ids(kind, "A"))
        wanted = ", ".join(["%s", *(_GIVEN[argument] for argument in arguments[1:])])
        query = f"SELECT to_jsonb(r) FROM read.{name}({wanted}) r".encode()
        mine = connection.execute(query, [ids]).fetchall()
        with connection.transaction(force_rollback=True):
            become(connection, houses.roles["b"])
            try:
                theirs = connection.execute(query, [ids]).fetchall()
            except errors.InsufficientPrivilege:
                theirs = []
            except errors.RaiseException:
                continue
        assert [told for row in theirs if (told := _numbers(row[0]))] == [], name
        if kind != "virtual" and name != "energy_sum":  # a sum of nothing says so
            assert theirs == [], name
        assert mine or name not in {
            "energy", "load", "quality", "forecast_as_of", "forecast_card", "weather_as_of"
        }  # fmt: skip


def test_energy_of_a_mixed_list_is_that_of_the_seen_ones(connection, houses) -> None:
    query = (
        "SELECT meter_id, start_at, energy_kwh FROM read.energy(%s, '2026-03-20Z', '2026-03-23Z', "
        "'1 day', 'Asia/Shanghai') ORDER BY 1, 2"
    )
    whole = connection.execute(query, [list(houses.meters.values())]).fetchall()
    with seen_as(connection, houses.roles["b"]):
        seen = connection.execute(query, [list(houses.meters.values())]).fetchall()
    assert seen == [row for row in whole if row[0] in houses.ids("meters", "B")]
    assert any(row[2] for row in seen)


_BECOME = (
    "SET ROLE {owner}", "SET LOCAL ROLE {owner}", "SET ROLE {other}", "SET ROLE loadstone_viewer",
    "SELECT set_config('role', '{owner_name}', false)",
    "SELECT set_config('role', '{other_name}', true)",
    "SET SESSION AUTHORIZATION {owner}", "SET SESSION AUTHORIZATION {other}",
    "GRANT {other} TO CURRENT_USER", "ALTER ROLE {own} SUPERUSER", "CREATE ROLE mine",
)  # fmt: skip
_NO_EFFECT = (
    "RESET ROLE", "SET ROLE NONE", "SELECT set_config('role', 'none', false)",
    "RESET SESSION AUTHORIZATION", "SELECT set_config('loadstone.viewer', '', false)",
    "SELECT set_config('loadstone.viewer', '{other_name}', false)",
    "SELECT set_config('search_path', 'core', false)", "SET row_security = off",
    "SET transaction_read_only = off", "DISCARD ALL",
)  # fmt: skip


@contextmanager
def logged_in(connection: psycopg.Connection, url: str, role: str) -> Iterator[psycopg.Connection]:
    """A connection of the role itself, as a dashboard has it: no way back to anybody."""
    name = sql.Identifier(role)
    connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD 'a password'").format(name))
    connection.commit()
    own = psycopg.conninfo.make_conninfo(url, user=role, password="a password")
    with psycopg.connect(own, autocommit=True) as opened:
        yield opened
    connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(name))
    connection.commit()


def test_a_role_that_logs_in_cannot_become_another(
    connection, houses, store, a_whole_server
) -> None:
    owner = str(connection.execute("SELECT session_user").fetchone()[0])
    names = {
        "owner": f'"{owner}"', "owner_name": owner, "other": f'"{houses.roles["a"]}"',
        "other_name": houses.roles["a"], "own": f'"{houses.roles["b"]}"',
    }  # fmt: skip
    with logged_in(connection, store.url, houses.roles["b"]) as viewer:
        for statement in _BECOME:
            with pytest.raises((errors.InsufficientPrivilege, errors.InvalidGrantOperation)):
                viewer.execute(statement.format(**names).encode())
        for statement in _NO_EFFECT:
            viewer.execute(statement.format(**names).encode())
            sites = {row[0] for row in viewer.execute("SELECT code FROM visible.site")}
            assert sites == {"SITE-B1", "SITE-B2"}, statement
            energy = viewer.execute(
                "SELECT count(*) FROM read.energy("
                "%s, '2026-03-20Z', '2026-03-21Z', '1 day', 'UTC')",
                [sorted(houses.ids("meters", "A"))],
            ).fetchone()
            assert energy == (0,), statement


def test_a_role_makes_nothing_and_reads_no_files(connection, houses, store, a_whole_server) -> None:
    with logged_in(connection, store.url, houses.roles["b"]) as viewer:
        for statement in (
            "CREATE TABLE public.mine (x int)", "CREATE TEMP TABLE mine (x int)",
            "CREATE TABLE visible.mine (x int)", "CREATE TABLE read.mine (x int)",
            "CREATE SCHEMA mine", "CREATE VIEW public.mine AS SELECT 1",
            "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SELECT lo_creat(-1)", "SELECT lo_from_bytea(0, 'x')",
            "SELECT pg_read_file('PG_VERSION')",
            "COPY visible.meter TO '/tmp/x'", "COPY visible.meter TO PROGRAM 'cat'",
            "ALTER SYSTEM SET work_mem = '1GB'",
            "SELECT core.write_audit('x', 'x', 'x', NULL, NULL)",
            "SELECT core.forget_audit(now(), 10)", "SELECT core.seen_meters('{1}')",
        ):  # fmt: skip
            with pytest.raises(errors.InsufficientPrivilege):
                viewer.execute(statement.encode())


def test_conditions_with_side_effects_never_meet_others_rows(connection, houses) -> None:
    """A cheap function that tells what it is given, and operators that fail on a foreign value."""
    connection.execute(
        "CREATE FUNCTION public.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS "
        "$$ BEGIN RAISE NOTICE 'told %', $1; RETURN true; END $$"
    )
    connection.commit()
    told: list[str] = []
    connection.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
    foreign = houses.meters["MTR-A1"]
    with seen_as(connection, houses.roles["b"]):
        connection.execute("SELECT count(*) FROM visible.meter WHERE public.tell(code)")
        connection.execute(
            "SELECT count(*) FROM visible.reading WHERE ts < '2026-03-20 03:00Z' "
            "AND public.tell('m' || meter_id)"
        )
        connection.execute("SELECT count(*) FROM read.latest WHERE public.tell('m' || meter_id)")
        connection.execute(
            "SELECT count(*) FROM read.energy(%s, '2026-03-20Z', '2026-03-21Z', '1 day', 'UTC') e "
            "WHERE public.tell('m' || e.meter_id)", [list(houses.meters.values())],
        )  # fmt: skip
        for view in ("visible.reading", "visible.meter", "read.latest", "read.load_1h"):
            connection.execute(
                f"SELECT count(*) FROM {view} WHERE 1 / (meter_id - {foreign}) < 5".encode()
            )
    assert any("MTR-B1" in line for line in told)
    assert not [line for line in told if "-A" in line or line.endswith(f"m{foreign}")]
    connection.execute("DROP FUNCTION public.tell(text)")
    connection.commit()


def test_errors_and_plans_name_no_foreign_value(connection, houses) -> None:
    with seen_as(connection, houses.roles["b"]), pytest.raises(errors.DataError) as refused:
        connection.execute("SELECT sum((code || 'x')::int) FROM visible.meter")
    assert "-A1" not in str(refused.value)
    with seen_as(connection, houses.roles["b"]):
        plan = connection.execute(
            "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM visible.meter WHERE code LIKE 'MTR-A%'"
        ).fetchall()
        stats = connection.execute(
            "SELECT count(*) FROM pg_stats WHERE schemaname IN ('core', '_timescaledb_internal')"
        ).fetchone()
    assert "MTR-A1" not in str(plan)
    assert stats == (0,)


def test_the_owner_may_narrow_itself_and_a_viewer_may_not_widen(connection, houses) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute("SELECT set_config('loadstone.viewer', %s, true)", [houses.roles["b"]])
        assert ids_in(connection, "visible", "site", "code") == {"SITE-B1", "SITE-B2"}
        become(connection, houses.roles["a"])
        assert ids_in(connection, "visible", "site", "code") == {"SITE-A1"}


def test_the_one_door_is_the_roles_and_leaves_nothing_behind(
    connection, houses, store, a_whole_server
) -> None:
    pool = open_pool(store.url, most=1, name="door")
    try:
        with read_only(pool, houses.roles["b"]) as reading:
            assert ids_in(reading, "visible", "site", "code") == {"SITE-B1", "SITE-B2"}
        for forgotten in ("SELECT * FROM core.meter", "SELECT * FROM core.app_user"):
            with (
                pytest.raises(errors.InsufficientPrivilege),
                read_only(pool, houses.roles["b"]) as reading,
            ):
                reading.execute(forgotten.encode())
        with pytest.raises(errors.InvalidParameterValue), read_only(pool, "ls_nobody"):
            pass
        with read_only(pool, None) as reading:
            assert rows_of(reading, "core", "meter") == 3
            with pytest.raises(errors.ReadOnlySqlTransaction):
                reading.execute("DELETE FROM core.meter")
    finally:
        pool.close()


def test_a_role_that_is_gone_is_missed_and_made_anew(
    connection, houses, store, a_whole_server
) -> None:
    drop_role(connection, houses.roles["b"])
    connection.commit()
    assert missing_roles(connection) == [houses.roles["b"]]
    connection.commit()
    migrate(store.url)
    assert missing_roles(connection) == []
    with seen_as(connection, houses.roles["b"]):
        assert ids_in(connection, "visible", "site", "code") == {"SITE-B1", "SITE-B2"}
