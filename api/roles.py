"""Who may change what others rely on."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.errors import ProblemError
from api.identity import SignedIn, Viewer


def operator(viewer: SignedIn) -> Viewer:
    """The viewer, who must be an operator or an administrator; else 403."""
    if viewer.role not in {"admin", "operator"}:
        raise ProblemError(status=403, detail="Only operators and administrators may change this.")
    return viewer


Operator = Annotated[Viewer, Depends(operator)]
