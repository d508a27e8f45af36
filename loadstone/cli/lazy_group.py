"""Commands that are loaded when they are called: a process carries only what its command needs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group whose commands lie in modules of their own, each under its own name there."""

    def __init__(self, *args: object, modules: Mapping[str, str], **kwargs: object) -> None:
        """`modules` names the module of each command."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # click's own parameters
        self._modules = dict(modules)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands in order of their names."""
        return sorted({*super().list_commands(ctx), *self._modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, loaded now; None where there is none of this name."""
        known = super().get_command(ctx, cmd_name)
        if known is not None or cmd_name not in self._modules:
            return known
        command = getattr(import_module(self._modules[cmd_name]), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self._modules[cmd_name]}.{cmd_name} is no command")
        self.add_command(command)
        return command
