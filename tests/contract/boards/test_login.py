"""What somebody can do who writes SQL as a dashboard's login: read own rows, and nothing else.

The catalogue drives the tests, so that a new view or function is tried at once.
"""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Event, Thread

import psycopg
import pytest
from psycopg import errors, sql

from loadstone.storage.dashboard_roles import (
    CONNECTIONS,
    give_role,
    list_roles,
    role_of,
    take_role,
    take_roles_of_retired,
)
from loadstone.storage.statement_limit import end_long_statements
from tests.contract.boards.conftest import Seen, login_url

DENIED = (errors.InsufficientPrivilege, errors.InvalidGrantOperation)

_OPEN_TO_IT = """
SELECT n.nspname::text, c.relname::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname !~ '^pg_toast'
    AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
ORDER BY 1, 2
"""


def told_by(seen: Seen, statement: bytes) -> str:
    """All that a query tells, as one text; what it is refused is told too."""
    try:
        rows = seen.login.execute(statement).fetchall()
    except psycopg.Error as error:
        return str(error)
    return " ".join(str(value) for row in rows for value in row)


def test_nothing_that_it_may_read_names_another_customer(seen: Seen) -> None:
    """Every table and view that is open to it, catalogues included, read whole."""
    readable = seen.login.execute(_OPEN_TO_IT).fetchall()
    assert {"visible", "read", "pg_catalog"} <= {schema for schema, _ in readable}
    assert not {schema for schema, _ in readable} & {"core"}
    for schema, name in readable:
        whole = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, name))
        told = told_by(seen, whole.as_bytes())
        leaked = [code for code in seen.world.foreign_codes if code in told]
        assert leaked == [], f"{schema}.{name}"


def test_the_names_of_roles_tell_nothing(seen: Seen) -> None:
    names = [row[0] for row in seen.login.execute("SELECT rolname FROM pg_roles").fetchall()]
    assert seen.role.role_name in names
    assert re.fullmatch(r"ls_[0-9a-f]{32}", seen.role.role_name)
    assert not [name for name in names if "KA-" in name or "hotel" in name.lower()]


_PARTS = """
SELECT n.nspname::text, c.relname::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('core', '_timescaledb_internal')
    AND c.relname ~ '^(reading|_hyper_|rollup|meter|customer|webhook|price|forecast)'
"""


def test_tables_partitions_and_chunks_are_closed(seen: Seen) -> None:
    with psycopg.connect(seen.url) as owner:
        parts = owner.execute(_PARTS).fetchall()
    assert len(parts) > 10
    with seen.connect() as login:
        login.execute("SET default_transaction_read_only = off")
        for schema, name in parts:
            table = sql.Identifier(schema, name)
            for text in ("SELECT * FROM {} LIMIT 1", "DELETE FROM {}", "TRUNCATE {}"):
                with pytest.raises(DENIED):
                    login.execute(sql.SQL(text).format(table))


_WRITES = (
    "INSERT INTO visible.customer (code, name_en, name_zh, kind) VALUES ('x', 'x', 'x', 'x')",
    "UPDATE visible.site SET name_en = 'mine'",
    "DELETE FROM visible.meter",
    "UPDATE core.viewer_role SET sees = 'all'",
    "INSERT INTO core.viewer_customer VALUES (current_user, 1)",
    "CREATE TABLE public.mine (x int)",
    "CREATE TEMP TABLE mine (x int)",
    "CREATE SCHEMA mine",
    "CREATE VIEW public.mine AS SELECT 1",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION dblink",
    "CREATE DATABASE mine",
    "SELECT lo_creat(-1)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "COPY visible.meter TO '/tmp/x'",
    "COPY visible.meter TO PROGRAM 'cat'",
    "ALTER SYSTEM SET work_mem = '1GB'",
    "SELECT pg_reload_conf()",
    "CREATE ROLE mine",
    "ALTER ROLE {own} SUPERUSER",
    "ALTER ROLE {own} CONNECTION LIMIT -1",
    "GRANT {other} TO {own}",
    "SET ROLE {other}",
    "SET ROLE {owner}",
    "SET ROLE loadstone_viewer",
    "SET SESSION AUTHORIZATION {owner}",
    "SELECT set_config('role', '{owner_name}', false)",
    "SELECT core.write_audit('x', 'x', 'x', NULL, NULL)",
    "SELECT core.seen_meters('{{1}}')",
)
_GUCS = (
    "SET statement_timeout = 0",
    "SET default_transaction_read_only = off",
    "SET search_path = core",
    "SET row_security = off",
    "SET loadstone.viewer = ''",
    "SELECT set_config('loadstone.viewer', '{other_name}', false)",
    "RESET ROLE",
    "RESET ALL",
    "DISCARD ALL",
)


def names(seen: Seen) -> dict[str, str]:
    with psycopg.connect(seen.url) as owner:
        staff = give_role(owner, None, seen.now).role_name
        user = str(owner.execute("SELECT session_user").fetchone()[0])
    return {
        "own": f'"{seen.role.role_name}"', "other": f'"{staff}"', "other_name": staff,
        "owner": f'"{user}"', "owner_name": user,
    }  # fmt: skip


def test_it_changes_makes_and_becomes_nothing(seen: Seen) -> None:
    given = names(seen)
    with seen.connect() as login:
        login.execute("SET default_transaction_read_only = off")
        for statement in _WRITES:
            with pytest.raises((*DENIED, errors.FeatureNotSupported, errors.UndefinedFile)) as no:
                login.execute(statement.format(**given).encode())
            assert "permission denied" in str(no.value) or isinstance(no.value, DENIED), statement


def test_settings_open_nothing(seen: Seen) -> None:
    given = names(seen)
    with seen.connect() as login:
        for statement in _GUCS:
            login.execute(statement.format(**given).encode())
            sites = {row[0] for row in login.execute("SELECT site_id FROM visible.site")}
            assert sites == set(seen.world.sites), statement
            counted = login.execute(
                "SELECT count(*) FROM read.energy(%s, now() - interval '2 days', now(), '1 day', "
                "'UTC')", [sorted(seen.world.foreign["meter"])],
            ).fetchone()  # fmt: skip
            assert counted == (0,), statement


_FUNCTIONS = """
SELECT p.proname::text, p.proargnames[1:p.pronargs] FROM pg_proc p
WHERE p.pronamespace = 'read'::regnamespace AND p.proargtypes[0] = 'int[]'::regtype ORDER BY 1
"""
_GIVEN = {
    "a": "now() - interval '3 days'", "z": "now()", "step": "interval '1 hour'", "zone": "'UTC'",
    "register": "'imp'", "slot": "1", "as_of": "now()", "phase_s": "0", "kind": "'day_ahead'",
    "first_day": "current_date - 20", "last_day": "current_date", "lead_days": "1",
}  # fmt: skip


def test_functions_asked_of_others_tell_nothing(seen: Seen) -> None:
    functions = seen.login.execute(_FUNCTIONS).fetchall()
    assert {"energy", "load", "site_load", "site_cost", "happenings"} <= {f[0] for f in functions}
    for name, arguments in functions:
        kind = {"sites": "site", "meters": "meter"}.get(arguments[0])
        if kind is None:
            continue
        wanted = ", ".join(["%s", *(_GIVEN[argument] for argument in arguments[1:])])
        query = f"SELECT to_jsonb(r) FROM read.{name}({wanted}) r".encode()
        try:
            rows = seen.login.execute(query, [sorted(seen.world.foreign[kind])]).fetchall()
        except DENIED:
            continue
        told = [
            value
            for row in rows
            if isinstance(row[0], dict)
            for key, value in row[0].items()
            if isinstance(value, int | float) and value and not key.endswith("_id")
        ]
        assert told == [], name


def test_other_databases_of_the_server_hold_nothing_of_ours(seen: Seen) -> None:
    """PostgreSQL lets every role look into every database; it finds nothing to read there."""
    elsewhere = psycopg.conninfo.make_conninfo(login_url(seen.url, seen.role), dbname="postgres")
    with psycopg.connect(elsewhere, autocommit=True) as login:
        readable = login.execute(_OPEN_TO_IT).fetchall()
        assert {schema for schema, _ in readable} <= {
            "pg_catalog", "information_schema", "public", "timescaledb_information",
            "timescaledb_experimental", "_timescaledb_catalog", "_timescaledb_config",
            "_timescaledb_cache", "_timescaledb_debug", "_timescaledb_internal",
        }  # fmt: skip


def test_it_has_so_many_connections_and_no_more(seen: Seen) -> None:
    held = [seen.connect() for _ in range(CONNECTIONS - 1)]
    try:
        with pytest.raises(psycopg.OperationalError, match="too many connections"):
            seen.connect()
    finally:
        for connection in held:
            connection.close()


def test_what_lasts_too_long_is_ended_whatever_it_set(seen: Seen) -> None:
    """A statement that runs, and a transaction that is left open, both with no timeout at all."""
    begun, outcome = Event(), []

    def sleep() -> None:
        with seen.connect() as login:
            login.execute("SET statement_timeout = 0")
            begun.set()
            try:
                login.execute("SELECT pg_sleep(60)")
            except psycopg.Error as error:
                outcome.append(error)

    thread = Thread(target=sleep)
    idle = psycopg.connect(login_url(seen.url, seen.role))
    idle.execute("SET idle_in_transaction_session_timeout = 0")
    thread.start()
    assert begun.wait(10)
    with psycopg.connect(seen.url) as owner:
        assert end_long_statements(owner, 3600.0) == 0
        ended = 0
        while ended < 2:
            ended += end_long_statements(owner, 0.2)
    thread.join(10)
    assert isinstance(outcome[0], errors.QueryCanceled)
    with pytest.raises(psycopg.OperationalError):
        idle.execute("SELECT 1")
    idle.close()


def test_a_new_password_ends_the_old_one(seen: Seen) -> None:
    hospital = min(seen.world.foreign["customer"])
    with psycopg.connect(seen.url) as owner:
        first = give_role(owner, hospital, seen.now)
        owner.commit()
        psycopg.connect(login_url(seen.url, first)).close()
        second = give_role(owner, hospital, seen.now + timedelta(days=1))
        owner.commit()
        found = role_of(owner, hospital)
    assert first.role_name == second.role_name
    assert found is not None
    assert (found.rotated_at, found.created_at) == (seen.now + timedelta(days=1), seen.now)
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(login_url(seen.url, first))
    psycopg.connect(login_url(seen.url, second)).close()


def test_a_role_goes_with_its_customer(seen: Seen) -> None:
    hospital = min(seen.world.foreign["customer"])
    with psycopg.connect(seen.url) as owner:
        login = give_role(owner, hospital, seen.now)
        owner.commit()
        assert take_roles_of_retired(owner) == []
        left = psycopg.connect(login_url(seen.url, login), autocommit=True)
        assert left.execute("SELECT count(*) FROM visible.site").fetchone() == (1,)
        retire = "UPDATE core.customer SET retired_at = %s WHERE customer_id = %s"
        owner.execute(retire, [seen.now, hospital])
        assert take_roles_of_retired(owner) == [login.role_name]
        owner.commit()
        assert hospital not in {role.customer_id for role in list_roles(owner)}
        # Who is logged in still sees nothing any more; and nobody else comes in.
        with pytest.raises(psycopg.Error):
            left.execute("SELECT count(*) FROM visible.site").fetchone()
        left.close()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(login_url(seen.url, login))
        owner.execute(retire, [None, hospital])


def test_the_staffs_role_sees_every_customer(seen: Seen) -> None:
    with psycopg.connect(seen.url) as owner:
        staff = give_role(owner, None, seen.now)
        owner.commit()
        with psycopg.connect(login_url(seen.url, staff)) as login:
            sites = {row[0] for row in login.execute("SELECT site_id FROM visible.site")}
            assert seen.world.foreign["site"] | set(seen.world.sites) <= sites
        take_role(owner, staff.role_name)
