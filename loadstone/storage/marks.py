"""What SQL files may hold beyond SQL: lines for some servers only, and parts written in Python."""

from __future__ import annotations

import re

from loadstone.storage.backend import Backend
from loadstone.storage.continuous_aggregates import CREATE_FIXED_LEVELS


def for_backend(text: str, backend: Backend) -> str:
    """Switch on the lines marked for this backend, and write out what is generated.

    Marks are `--@plain`, `--@timescale` (both editions), `--@apache`, `--@tsl` and `--@own` (where
    we keep the summaries ourselves); a line `:name` stands for generated SQL.
    """
    for mark in backend.marks:
        text = re.sub(rf"^--@{mark} ?", "", text, flags=re.MULTILINE)
    return with_generated(text)


# What is written once, in Python, and needed by a step.
_GENERATED = {"continuous_aggregates": CREATE_FIXED_LEVELS}
_GENERATED_LINE = re.compile(r"^((?:--@\w+ )?):(\w+)$", re.MULTILINE)


def with_generated(text: str) -> str:
    """The text with its `:name` lines written out, every backend's lines still in it."""
    return _GENERATED_LINE.sub(
        lambda line: re.sub("^", line[1], _GENERATED[line[2]].strip(), flags=re.MULTILINE), text
    )
