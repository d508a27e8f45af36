"""Who may do what, as a dependency of routes: 403 for the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends

from api.errors import ProblemError
from api.identity import PageViewer, SignedIn, Viewer
from loadstone.domain.permissions import EVERYWHERE, MATRIX, Permission


def permitted(permission: Permission) -> Callable[[Viewer], Awaitable[Viewer]]:
    """A dependency: the viewer of an API request, who must have this permission."""

    async def check(viewer: SignedIn) -> Viewer:
        demand(viewer, permission)
        return viewer

    return check


def page_permitted(permission: Permission) -> Callable[[Viewer], Awaitable[Viewer]]:
    """A dependency: the viewer of a page, who must have this permission."""

    async def check(viewer: PageViewer) -> Viewer:
        demand(viewer, permission)
        return viewer

    return check


def demand(viewer: Viewer, permission: Permission) -> None:
    """Refuse who may not do this: 403, naming the roles that may."""
    if viewer.may(permission):
        return
    roles = ", ".join(role for role, allowed in MATRIX.items() if permission in allowed)
    scope = " who see all customers" if permission in EVERYWHERE else ""
    raise ProblemError(status=403, detail=f"Only these roles may do this{scope}: {roles}.")


Operator = Annotated[Viewer, Depends(permitted("registry.change"))]
Corrector = Annotated[Viewer, Depends(permitted("readings.correct"))]
QuarantineKeeper = Annotated[Viewer, Depends(permitted("quarantine.decide"))]
UserReader = Annotated[Viewer, Depends(permitted("users.read"))]
UserAdmin = Annotated[Viewer, Depends(permitted("users.change"))]
CalendarKeeper = Annotated[Viewer, Depends(permitted("calendars.change"))]
AccountKeeper = Annotated[Viewer, Depends(permitted("accounts.change"))]
AuditReader = Annotated[Viewer, Depends(permitted("audit.read"))]
TokenOwner = Annotated[Viewer, Depends(permitted("tokens.own"))]
