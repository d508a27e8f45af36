"""Tables to take away: the same numbers in every kind of file, and nothing a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from api.exports.columns import schema_of
from api.exports.csv_file import csv_file, safe_text
from api.exports.files import FILES
from api.exports.xlsx_file import xlsx_file

_DAY = "from=2026-03-28T23:00:00Z&to=2026-03-29T22:00:00Z"  # 23 hours in Berlin
_PATH = f"/api/v1/exports/energy?scope=meter:MTR-A1&step=1h&{_DAY}"


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_energy_of_a_day_is_the_same_as_the_api_tells(staff):
    answer = staff.get(_PATH)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "energy-20260328T2300Z" in answer.headers["content-disposition"]
    told = staff.get(f"/api/v1/meters/MTR-A1/energy?step=1h&{_DAY}").json()["data"]
    rows = _rows(answer.content)
    assert [float(row["energy_kwh"]) for row in rows] == [row["energy_kwh"] for row in told]
    assert len(rows) == 23
    assert rows[1]["start_local"] == "2026-03-29T01:00:00+01:00"
    assert rows[2]["start_local"] == "2026-03-29T03:00:00+02:00"
    assert (rows[0]["start_at"], rows[0]["zone"]) == ("2026-03-28T23:00:00Z", "Europe/Berlin")


def _csv(content):
    return [float(row["energy_kwh"]) for row in _rows(content)]


def _parquet(content):
    return pq.read_table(io.BytesIO(content)).column("energy_kwh").to_pylist()


def _arrow(content):
    return pa.ipc.open_stream(content).read_all().column("energy_kwh").to_pylist()


@pytest.mark.parametrize(
    ("name", "read"), [("csv", _csv), ("parquet", _parquet), ("arrow", _arrow)]
)
def test_every_kind_of_file_holds_the_same(staff, name, read):
    expected = staff.get(f"/api/v1/meters/MTR-A1/energy?step=1h&{_DAY}").json()["data"]
    by_name = staff.get(f"{_PATH}&format={name}").content
    by_header = staff.get(_PATH, headers={"Accept": FILES[name].media_type}).content
    assert read(by_name) == read(by_header) == [row["energy_kwh"] for row in expected]


def test_units_and_zone_stand_in_the_file(staff):
    table = pq.read_table(io.BytesIO(staff.get(f"{_PATH}&format=parquet").content))
    assert table.schema.field("energy_kwh").metadata[b"unit"] == b"kWh"
    assert table.schema.metadata[b"zone"] == b"Europe/Berlin"
    assert str(table.schema.field("start_at").type) == "timestamp[ms, tz=UTC]"
    book = zipfile.ZipFile(io.BytesIO(staff.get(f"{_PATH}&format=xlsx").content))
    sheets = "".join(book.read(name).decode() for name in book.namelist() if "sheet" in name)
    assert "Europe/Berlin" in sheets
    assert "Share of the time that was measured." in sheets


@pytest.mark.parametrize(
    ("table", "column"),
    [("readings", "import_total_kwh"), ("load", "power_kw"), ("quality", "completeness_ratio")],
)
def test_a_site_is_taken_away_with_all_its_meters(staff, table, column):
    answer = staff.get(f"/api/v1/exports/{table}?scope=site:SITE-A&step=1h&{_DAY}")
    assert answer.status_code == 200
    rows = _rows(answer.content)
    assert "MTR-A1" in {row["meter_code"] for row in rows}
    assert any(row[column] for row in rows)
    if table != "readings":
        assert {row["meter_code"] for row in rows} == {"MTR-A1", "MTR-A2", "MTR-A3"}


def test_what_is_too_long_is_refused_before_it_is_read(staff):
    answer = staff.get(
        "/api/v1/exports/readings?format=xlsx&from=1990-01-01T00:00:00Z&to=2026-01-01T00:00:00Z"
    )
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["field"] == "from"
    assert "xlsx holds 1000000 at most" in error["rule"]


def test_a_file_nobody_writes_is_406_and_anothers_meter_is_404(staff, manager_b):
    assert staff.get(_PATH, headers={"Accept": "image/png"}).status_code == 406
    assert staff.get(_PATH, headers={"Accept": "image/png, */*;q=0.1"}).status_code == 200
    assert manager_b.get(_PATH).status_code == 404
    everything = _rows(manager_b.get(_PATH.replace("meter:MTR-A1", "all")).content)
    assert "MTR-A1" not in {row["meter_code"] for row in everything}


def test_who_took_what_away_is_noted(staff, world):
    staff.get(_PATH)
    with world.pool.connection() as connection:
        query = "SELECT who, subject FROM core.audit WHERE action = 'export.energy' LIMIT 1"
        assert connection.execute(query).fetchone() == ("staff", "meter:MTR-A1")


_SCHEMA = pa.schema([pa.field("meter_name", pa.string()), pa.field("power_kw", pa.float64())])
_NASTY = ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>"]


def _nasty_batch():
    return pa.RecordBatch.from_arrays(
        [pa.array(_NASTY), pa.array([-1.5] * len(_NASTY))], schema=_SCHEMA
    )


def test_no_cell_of_a_csv_is_a_formula():
    rows = _rows(b"".join(csv_file(_SCHEMA, [_nasty_batch()])))
    assert all(not row["meter_name"].startswith(("=", "+", "-", "@", "\t")) for row in rows)
    assert {row["power_kw"] for row in rows} == {"-1.5"}
    assert safe_text("MTR-1") == "MTR-1"


def test_no_cell_of_a_workbook_is_a_formula():
    content = b"".join(xlsx_file(_SCHEMA, [_nasty_batch()]))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "&lt;script&gt;" in sheet


@pytest.mark.parametrize("name", ["csv", "parquet", "arrow"])
def test_a_long_table_does_not_pile_up_in_memory(name):
    schema = schema_of("energy", "imp")
    at = datetime(2026, 3, 1, tzinfo=UTC)

    def batches(count):
        for _ in range(count):
            columns = [
                pa.array([at if "timestamp" in str(f.type) else
                          "x" if f.type == pa.string() else 1.0] * 5000, f.type)
                for f in schema
            ]  # fmt: skip
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    def peak(count):
        tracemalloc.start()
        for _piece in FILES[name].write(schema, batches(count)):
            pass
        peak_bytes = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak_bytes

    peak(1)
    assert peak(12) < 2 * peak(3)
