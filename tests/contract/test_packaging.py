"""Our import names are plain words, so nobody else in this environment may ship them."""

from __future__ import annotations

import importlib.util
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import loadstone

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
PROJECT = tomllib.loads(PYPROJECT.read_text())
OURS: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
HOME = Path(loadstone.__file__).parents[1]


@pytest.mark.parametrize("name", OURS)
def test_nobody_else_ships_our_names(name):
    assert set(packages_distributions().get(name, [])) <= {"loadstone"}
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin == str(HOME / name / "__init__.py")


@pytest.mark.parametrize("name", OURS)
def test_each_package_says_that_it_is_typed(name):
    assert (HOME / name / "py.typed").is_file()


@pytest.mark.parametrize("tool", ["mypy", "importlinter"])
def test_each_check_covers_every_package(tool):
    listed = PROJECT["tool"][tool]["root_packages" if tool == "importlinter" else "packages"]
    assert set(listed) == set(OURS)
