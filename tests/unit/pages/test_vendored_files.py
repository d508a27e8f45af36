from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from api.pages.static_files import HOME, static_url, static_version

VENDOR = HOME / "vendor"
LISTED = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("thing", LISTED, ids=lambda thing: thing["name"])
def test_a_vendored_file_is_what_its_list_says(thing: dict[str, object]) -> None:
    assert {"name", "version", "licence", "licence_file", "files"} <= set(thing)
    assert (VENDOR / str(thing["licence_file"])).is_file()
    files = thing["files"]
    assert isinstance(files, dict)
    for name, digest in files.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest


def test_nothing_is_vendored_that_is_not_listed() -> None:
    listed = {name for thing in LISTED for name in thing["files"]}
    listed |= {thing["licence_file"] for thing in LISTED} | {"vendor.json"}
    there = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert there == listed


@pytest.mark.parametrize(
    "path", sorted(p for p in HOME.iterdir() if p.is_file()), ids=lambda path: path.name
)
def test_our_own_files_ask_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?://|@import", text)


def test_the_address_of_a_file_carries_the_version_of_all_of_them() -> None:
    address = re.fullmatch(r"/static/v-([0-9a-f]{10})/site\.js", static_url("site.js"))
    assert address is not None
    assert address[1] == static_version()
