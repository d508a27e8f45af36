"""Every board is what its file says, fits Grafana's schemas, and keeps the rules of the house."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from dashboards.board import MOST_PANELS
from dashboards.generate import FOLDER, all_boards, files
from dashboards.words import LANGUAGES

BOARDS = {
    (language, name): board.build(language)
    for name, board in all_boards().items()
    for language in LANGUAGES
}
EVERY = pytest.mark.parametrize("key", BOARDS, ids=lambda key: f"{key[1]}-{key[0]}")

# What Grafana calls the units that boards use.
UNITS = {
    "kwatt", "kwatth", "volt", "amp", "percent", "s", "ms", "short", "none", "hertz", "celsius",
    "kvoltampreact",
}  # fmt: skip
WANTED = {
    "overview", "customer", "site-live", "meter", "demand-money", "forecast", "alarms",
    "data-quality", "budget", "savings", "operations", "overview-phone", "site-live-phone",
    "alarms-phone",
}  # fmt: skip


def test_the_boards_are_those_that_were_promised() -> None:
    assert {name for _, name in BOARDS} == WANTED


def test_the_files_are_what_the_boards_build() -> None:
    kept = {
        (path.parent.name, path.stem): path.read_text(encoding="utf-8")
        for path in FOLDER.glob("*/*.json")
    }
    assert kept == files(), "run: python -m dashboards.generate"


def test_uids_are_unique_and_short() -> None:
    uids = [board["uid"] for board in BOARDS.values()]
    assert len(set(uids)) == len(uids)
    assert all(8 <= len(uid) <= 40 for uid in uids)


def texts(value: object) -> Iterator[str]:
    """Every text of a board."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


@EVERY
def test_links_lead_to_boards_of_the_same_language(key) -> None:
    known = {board["uid"] for (language, _), board in BOARDS.items() if language == key[0]}
    linked = {uid for text in texts(BOARDS[key]) for uid in re.findall(r"/d/([\w-]+)", text)}
    assert linked
    assert linked <= known


@EVERY
def test_panels_do_not_overlap_and_are_not_too_many(key) -> None:
    cells: set[tuple[int, int]] = set()
    panels = BOARDS[key]["panels"]
    assert 1 <= len(panels) <= MOST_PANELS
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        own = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not own & cells, panel["title"]
        cells |= own


@EVERY
def test_every_panel_says_what_it_shows(key) -> None:
    for panel in BOARDS[key]["panels"]:
        assert panel["title"], panel["id"]
        assert len(panel["description"]) > 5, panel["title"]
        assert panel["type"] == "text" or panel["targets"], panel["title"]


def fields(panel: dict) -> dict:
    """How a panel shows fields; one without a query has none."""
    return panel.get("fieldConfig", {"defaults": {}, "overrides": []})


def used_units(panel: dict) -> Iterator[str]:
    yield fields(panel)["defaults"].get("unit", "none")
    for override in fields(panel)["overrides"]:
        for wanted in override["properties"]:
            if wanted["id"] == "unit":
                yield wanted["value"]


@EVERY
def test_units_are_ones_that_grafana_knows(key) -> None:
    for panel in BOARDS[key]["panels"]:
        assert set(used_units(panel)) <= UNITS, panel["title"]


@EVERY
def test_sql_names_its_columns_and_reads_only_what_viewers_may(key) -> None:
    for panel in BOARDS[key]["panels"]:
        for target in panel.get("targets", []):
            assert not re.search(r"select\s+\*", target["rawSql"], re.IGNORECASE), panel["title"]
            assert "core." not in target["rawSql"], panel["title"]
            assert target["datasource"]["uid"] == "${ds}"


@EVERY
def test_lines_have_fixed_colours_and_leave_gaps(key) -> None:
    for panel in BOARDS[key]["panels"]:
        if panel["type"] != "timeseries":
            continue
        custom = panel["fieldConfig"]["defaults"]["custom"]
        by_name = panel["fieldConfig"]["defaults"].get("color", {}).get("mode")
        coloured = [
            any(
                p["id"] == "color" and p["value"]["mode"] == "fixed" for p in override["properties"]
            )
            for override in panel["fieldConfig"]["overrides"]
        ]
        assert by_name == "palette-classic-by-name" or (coloured and all(coloured)), panel["title"]
        # A running total has no gaps: where nothing came it stays.
        assert custom["spanNulls"] is False or key[1] == "budget"


def test_the_languages_differ_in_words_and_in_nothing_else() -> None:
    for name in WANTED:
        english, chinese = BOARDS["en", name], BOARDS["zh", name]
        assert english["title"] != chinese["title"]
        for one, other in zip(english["panels"], chinese["panels"], strict=True):
            assert one["gridPos"] == other["gridPos"]
            assert one["type"] == other["type"]
            assert one["title"] != other["title"]
            assert re.search(r"[一-鿿]", other["title"] + other["description"]), other["title"]
            assert not re.search(r"[一-鿿]", one["title"] + one["description"]), one["title"]


_FOLDER = os.environ.get("LOADSTONE_GRAFANA_SCHEMAS")
schemas = pytest.mark.skipif(
    not _FOLDER,
    reason="LOADSTONE_GRAFANA_SCHEMAS names no folder with Grafana's published JSON schemas",
)
# Typed as objects there though they may be anything: false in the published schemas.
_ANYTHING = (("DynamicConfigValue", "value"), ("MatcherConfig", "options"))
_FILES = {"state-timeline": "statetimeline"}


def schema(name: str) -> dict:
    assert _FOLDER is not None
    found = json.loads((Path(_FOLDER) / f"{name}.jsonschema.json").read_text())
    for definition, field in _ANYTHING:
        if definition in found["definitions"]:
            found["definitions"][definition]["properties"][field] = {}
    return found


def part(name: str, definition: str) -> Draft7Validator:
    whole = schema(name)
    return Draft7Validator({**whole, "$ref": f"#/definitions/{definition}"})


def faults(board: dict) -> list[str]:
    """What Grafana's schemas have against a board and its panels' options and fields."""
    found = [
        f"{'/'.join(map(str, fault.path))}: {fault.message[:160]}"
        for fault in Draft7Validator(schema("dashboard")).iter_errors(board)
    ]
    for panel in board["panels"]:
        name = _FILES.get(panel["type"], panel["type"])
        parts = {
            "Options": panel.get("options"),
            "FieldConfig": fields(panel)["defaults"].get("custom"),
        }
        for definition, value in parts.items():
            if value is not None and definition in schema(name)["definitions"]:
                found += [
                    f"{panel['title']}: {definition}: {fault.message[:160]}"
                    for fault in part(name, definition).iter_errors(value)
                ]
    return found


@schemas
@EVERY
def test_every_board_fits_the_published_schemas(key) -> None:
    assert faults(BOARDS[key]) == []


@schemas
@pytest.mark.parametrize("spoil", ["type", "unknown", "style"])
def test_the_schemas_find_what_is_wrong(spoil) -> None:
    board = copy.deepcopy(BOARDS["en", "site-live"])
    chart = next(panel for panel in board["panels"] if panel["type"] == "timeseries")
    if spoil == "type":
        chart["type"] = 5
        assert list(Draft7Validator(schema("dashboard")).iter_errors(board))
        return
    if spoil == "unknown":
        board["wallpaper"] = "green"
    else:
        chart["fieldConfig"]["defaults"]["custom"]["drawStyle"] = "banana"
    assert faults(board)
