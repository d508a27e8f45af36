"""What each role may do: the one matrix that API, pages, command line and documentation go by.

A permission says what; a user's scope (loadstone.domain.scope) says on whose data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal["admin", "operator", "account_manager", "facility_manager", "auditor", "integrator"]
Permission = Literal[
    "data.read",
    "quarantine.read",
    "exports.read",
    "system.read",
    "registry.change",
    "gateways.change",
    "webhooks.change",
    "readings.correct",
    "quarantine.decide",
    "alarms.answer",
    "plant.command",
    "accounts.change",
    "budgets.change",
    "calendars.change",
    "reports.change",
    "tokens.own",
    "users.read",
    "users.change",
    "audit.read",
]

ROLES: tuple[Role, ...] = get_args(Role)
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_LOOK: frozenset[Permission] = frozenset({"data.read", "quarantine.read", "exports.read"})
_RUN: frozenset[Permission] = frozenset(
    {
        "system.read",
        "registry.change",
        "gateways.change",
        "webhooks.change",
        "readings.correct",
        "quarantine.decide",
        "alarms.answer",
        "plant.command",
        "accounts.change",
        "budgets.change",
        "calendars.change",
        "reports.change",
    }
)

MATRIX: Mapping[Role, frozenset[Permission]] = {
    "admin": frozenset(PERMISSIONS),
    "operator": _LOOK | _RUN | {"tokens.own"},
    "account_manager": _LOOK
    | {
        "accounts.change",
        "budgets.change",
        "calendars.change",
        "reports.change",
        "alarms.answer",
        "tokens.own",
    },
    "facility_manager": _LOOK
    | {"budgets.change", "calendars.change", "reports.change", "alarms.answer", "tokens.own"},
    "auditor": _LOOK | {"system.read", "users.read", "audit.read"},
    "integrator": _LOOK | {"registry.change", "gateways.change", "webhooks.change", "tokens.own"},
}

# What concerns everybody is only for those whose scope is everything.
EVERYWHERE: frozenset[Permission] = frozenset(
    {"users.read", "users.change", "audit.read", "system.read"}
)


def may(role: Role, permission: Permission, *, sees_all: bool) -> bool:
    """Whether somebody of this role, who sees everything or not, may do this."""
    return permission in MATRIX[role] and (sees_all or permission not in EVERYWHERE)
