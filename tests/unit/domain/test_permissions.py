"""The matrix: complete, and without a way up."""

from __future__ import annotations

import pytest

from loadstone.domain.password_rule import password_fault
from loadstone.domain.permissions import MATRIX, PERMISSIONS, ROLES, may
from loadstone.domain.scope import Scope, of_customers, of_sites


def test_every_role_has_its_row_and_every_permission_somebody() -> None:
    assert set(MATRIX) == set(ROLES)
    assert set().union(*MATRIX.values()) == set(PERMISSIONS)


def test_only_administrators_manage_users_and_auditors_change_nothing() -> None:
    assert [role for role in ROLES if "users.change" in MATRIX[role]] == ["admin"]
    changing = (".change", ".correct", ".decide", ".command", ".answer")
    assert not [p for p in MATRIX["auditor"] if p.endswith(changing)]


def test_integrators_bring_things_in_and_decide_nothing() -> None:
    deciding = (".correct", ".decide", ".command", ".answer", "users.change")
    assert {"registry.change", "gateways.change", "webhooks.change"} <= MATRIX["integrator"]
    assert not [p for p in MATRIX["integrator"] if p.endswith(deciding)]


def test_who_sees_a_part_only_does_nothing_that_concerns_all() -> None:
    for permission in ("users.read", "users.change", "audit.read", "system.read"):
        assert may("admin", permission, sees_all=True)
        assert not may("admin", permission, sees_all=False)
    assert may("facility_manager", "data.read", sees_all=False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sees": "customers"},
        {"sees": "all", "site_ids": (1,)},
        {"sees": "sites", "customer_ids": (1,)},
    ],
)
def test_a_scope_that_says_two_things_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be named"):
        Scope(**wrong)


def test_scopes_are_ordered_and_hold_each_id_once() -> None:
    assert of_customers(3, 1, 3).customer_ids == (1, 3)
    assert of_sites(2).sees == "sites"


@pytest.mark.parametrize("bad", ["", "short", "aaaaaaaaaaaaaaa", "li.na.2026xx", "x" * 201])
def test_bad_passwords_are_named(bad: str) -> None:
    assert password_fault(bad, "li.na.2026") is not None


def test_good_passwords_are_long_ones() -> None:
    assert password_fault("correct horse battery staple", "li.na") is None
    assert password_fault("电力负荷管理平台的密码", "li.na") is None
