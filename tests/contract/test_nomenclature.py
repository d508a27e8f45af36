"""The last part of a quantity's name is its unit, as docs/nomenclature.md lists them."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
PAGE = HOME / "docs" / "nomenclature.md"
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text())
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
# A name that says one of these is a quantity even where its type is a plain integer.
QUANTITY_WORDS = {"power", "energy", "voltage", "reactive", "apparent", "frequency", "timeout"} | {
    "duration", "delay", "linger", "price", "temperature"
}  # fmt: skip
NUMBER = re.compile(r"\b(float\d*|floating|Decimal)\b")
INTEGER = re.compile(r"\bu?int\d*\b")
NOT_A_NUMBER = re.compile(r"\b(Callable|Mapping|dict|str|Literal|object|Any|bool)\b")
# Columns of tables and of functions' results, and what the views turn into units.
COLUMN = re.compile(r"\b(?!AS\b)(\w+) (?:float8|real|numeric|double precision)\b(?! ')")
VIEWED = re.compile(r"^    r\..*float8 '[\d.]+'.* AS (\w+),?$", re.MULTILINE)


def listed_under(heading: str) -> set[str]:
    """The names in backticks in the first column of the table below a heading of the page."""
    section = PAGE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


SUFFIXES = tuple(listed_under("Suffixes"))
WITHOUT_UNIT = listed_under("Names without a unit") | listed_under("Telemetry fields")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    where: str
    name: str
    annotation: str


def is_quantity(named: Named) -> bool:
    if NOT_A_NUMBER.search(named.annotation):
        return False
    if NUMBER.search(named.annotation):
        return True
    says_so = QUANTITY_WORDS & set(named.name.split("_"))
    return bool(says_so and INTEGER.search(named.annotation))


def has_unit(name: str) -> bool:
    return name in WITHOUT_UNIT or f"_{name}".endswith(SUFFIXES)


def public(tree: ast.AST) -> Iterator[ast.AST]:
    """The public classes, their public methods and the public functions of a module."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("_"):
                continue
            yield node
        if isinstance(node, ast.ClassDef):
            yield from public(node)


def names_in(path: Path) -> Iterator[Named]:
    where = str(path.relative_to(HOME))
    for node in public(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef):
            found = [
                (field.target.id, field.annotation)
                for field in node.body
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
            ]
        else:
            arguments = node.args
            found = [
                (argument.arg, argument.annotation)
                for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
                if argument.annotation
            ]
        for name, annotation in found:
            if not name.startswith("_"):
                at = f"{where}:{annotation.lineno}"
                yield Named(where=at, name=name, annotation=ast.unparse(annotation))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_quantity_ends_in_its_unit(package):
    nameless = [
        f"{named.where}: {named.name}: {named.annotation}"
        for path in sorted((HOME / package).rglob("*.py"))
        for named in names_in(path)
        if is_quantity(named) and not has_unit(named.name)
    ]
    assert not nameless, "no unit in the name:\n" + "\n".join(nameless)


def test_every_column_of_fractions_ends_in_its_unit():
    migrations = {
        path.name: re.sub(r"--.*", "", path.read_text())
        for path in sorted((HOME / "loadstone/storage").glob("*/*.sql"))
    }
    nameless = [
        f"{name}: {column}"
        for name, sql in migrations.items()
        for column in [*COLUMN.findall(sql), *VIEWED.findall(sql)]
        if not has_unit(column)
    ]
    assert not nameless, "no unit in the name:\n" + "\n".join(nameless)


def test_the_page_lists_what_the_test_needs():
    assert {"_kw", "_kwh", "_v", "_a", "_s", "_pct", "_ratio"} <= set(SUFFIXES)
    assert {"u_an", "ep_imp", "pf"} <= WITHOUT_UNIT


@pytest.mark.parametrize("name", ["power", "voltage", "energy_total_sum", "interval"])
def test_a_name_without_a_unit_is_found_out(name):
    assert is_quantity(Named(where="here", name=name, annotation="float | None"))
    assert not has_unit(name)
