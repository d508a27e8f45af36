"""Changes of the registry: who may, on what they see, and how a refusal is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from fastapi import Response

from api.changes import Change
from api.errors import ProblemError, refused
from api.identity import Viewer
from loadstone.storage.read_only import Connection
from loadstone.storage.registry_changes import (
    CodeTakenError,
    Kind,
    StillInUseError,
    change_row,
    lock_row,
    make_row,
    retire_row,
)

Row = TypeVar("Row")


@contextmanager
def said(code: object) -> Iterator[None]:
    """Say as a problem what the storage refuses."""
    try:
        yield
    except CodeTakenError as error:
        raise refused("code", code, "is taken: another has this code") from error
    except StillInUseError as error:
        raise ProblemError(
            status=409,
            detail=f"It still has {error.what} in use: {', '.join(error.codes)}. Retire these "
            "first.",
        ) from error


def sees_all(viewer: Viewer) -> None:
    """Refuse who is bound to some customers: 403."""
    if not viewer.is_staff:
        raise ProblemError(status=403, detail="Only those who see all customers may do this.")


def sees_whole_customers(viewer: Viewer) -> None:
    """Refuse who sees some sites of a customer only: what is the customer's is of all its sites."""
    if viewer.sees == "sites":
        raise ProblemError(
            status=403, detail="Only those who see the whole customer may change it."
        )


def named(field: str, value: object, find: Callable[[], Row]) -> Row:
    """What a field names, refused where the viewer sees no such thing or it is retired."""
    try:
        found = find()
    except ProblemError as error:
        if error.status != 404:
            raise
        raise refused(field, value, "names nothing that you may see") from error
    if getattr(found, "retired_at", None) is not None:
        raise refused(field, value, "is retired")
    return found


def make(
    change: Change,
    kind: Kind,
    values: Mapping[str, Any],
    check: Callable[[Connection], None],
    find: Callable[[Connection, str], object],
) -> Response:
    """Make a row and answer 201 with it; `check` refuses values that do not fit together."""

    def work(connection: Connection) -> object:
        check(connection)
        with said(values["code"]):
            row_id = make_row(connection, kind, values)
        return find(connection, str(row_id))

    return change.perform(work, status=201)


def edit(
    change: Change,
    kind: Kind,
    reference: str,
    find: Callable[[Connection, str], Any],
    alter: Callable[[Connection, Any, int], None],
) -> Response:
    """Change a row that nobody else changes meanwhile, and answer with it as it is then."""
    key = f"{kind}_id"

    def work(connection: Connection) -> object:
        row_id = _id_of(find(connection, reference), key)
        lock_row(connection, kind, row_id)
        row = find(connection, str(row_id))
        change.check_match(row)
        alter(connection, row, row_id)
        return find(connection, str(row_id))

    return change.perform(work)


def _id_of(row: Any, key: str) -> int:  # noqa: ANN401 - rows of any kind, or what is answered
    return int(row[key] if isinstance(row, dict) else getattr(row, key))


def changed(
    change: Change,
    kind: Kind,
    reference: str,
    find: Callable[[Connection, str], Any],
    values: Mapping[str, Any],
    check: Callable[[Connection, Any], None] | None = None,
) -> Response:
    """Change some columns of a row."""

    def alter(connection: Connection, row: object, row_id: int) -> None:
        if check is not None:
            check(connection, row)
        change_row(connection, kind, row_id, values)

    return edit(change, kind, reference, find, alter)


def retired(
    change: Change, kind: Kind, reference: str, find: Callable[[Connection, str], Any]
) -> Response:
    """Take a row out of use; one that is already out stays as it is."""

    def alter(connection: Connection, row: Any, row_id: int) -> None:  # noqa: ANN401 - as above
        was = row["retired_at"] if isinstance(row, dict) else row.retired_at
        if was is None:
            with said(None):
                retire_row(connection, kind, row_id, change.context.now())

    return edit(change, kind, reference, find, alter)
