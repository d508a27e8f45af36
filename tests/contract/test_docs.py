"""What a person can type or set is written down, and no link of the documentation is dead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from pydantic import AliasChoices
from pydantic.fields import FieldInfo

HOME = Path(__file__).parents[2]
DOCS = HOME / "docs"
PAGES = [HOME / "README.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command of the command line by its full name, `loadstone demo`."""
    if not find_spec("loadstone.cli"):
        return

    def below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        if command.hidden:
            return
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for part in command.list_commands(context):
                child = command.get_command(context, part)
                assert child is not None, part
                yield from below(f"{name} {part}", child)

    main = getattr(import_module("loadstone.cli"), "main", None)
    if isinstance(main, click.Command):
        yield from below("loadstone", main)


def variables_of(name: str, field: FieldInfo, prefix: str) -> list[str]:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice).upper() for choice in alias.choices]
    return [alias.upper() if isinstance(alias, str) else f"{prefix}{name}".upper()]


def settings() -> dict[str, object]:
    """Every environment variable that the settings read, with its default."""
    if not find_spec("loadstone.settings"):
        return {}
    declared = import_module("loadstone.settings").Settings
    prefix = declared.model_config["env_prefix"]
    return {
        variable: field.default
        for name, field in declared.model_fields.items()
        for variable in variables_of(name, field, prefix)
    }


def options_of(command: click.Command) -> list[str]:
    """The long names of a command's options."""
    return [
        max(parameter.opts, key=len)
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
    ]


def section(page: str, title: str) -> str:
    """The text below the heading `title` up to the next heading of any level."""
    parts = re.split(r"^#+ ", page, flags=re.MULTILINE)
    found = [part for part in parts if part.split("\n")[0].strip("` ") == title]
    assert found, f"docs/reference has no heading `{title}`"
    return found[0]


def test_the_reference_lists_every_command_with_its_options():
    page = (DOCS / "reference" / "cli.md").read_text()
    missing = [
        f"{name} {option}"
        for name, command in commands()
        for option in options_of(command)
        if f"`{option}" not in section(page, name)
    ]
    assert missing == []


def test_the_reference_lists_every_setting_with_its_default():
    page = (DOCS / "reference" / "settings.md").read_text()
    listed = dict(re.findall(r"^\| `(LOADSTONE_\w+)` \| ([^|]*)\|", page, re.MULTILINE))
    shown = {name: default.strip().strip("`") for name, default in listed.items()}
    declared = settings()
    assert not declared or shown == {
        name: "" if default is None else str(default) for name, default in declared.items()
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_no_link_of_a_page_is_dead(page):
    targets = [target.split("#")[0] for target in LINK.findall(page.read_text())]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_every_page_is_reached_from_the_index(page):
    index = (DOCS / "README.md").read_text()
    listed = f"({page.relative_to(DOCS)})" in index
    assert listed or page.name == "README.md"
