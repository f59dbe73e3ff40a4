"""Whoever handed in a statement or found something in it approves and pays nothing of it, whatever role he has now."""

from __future__ import annotations

import pytest

from models import AuditFinding, Statement
from rules.permissions import Actor, Permission, Role, may

pytestmark = pytest.mark.pure
ME, OTHER = 7, 8


class Seen:
    """A statement as the map asks about it."""

    pooling_region = "990123"
    auditor_user_ids = Statement.auditor_user_ids
    settler_user_ids = frozenset()

    def __init__(self, *, recorder: int, finder: int) -> None:
        self.recorded_by_id, self.approved_by_id = recorder, None
        self.first_auditor_id = self.second_auditor_id = None
        self.findings = [AuditFinding(recorded_by_id=finder)]


@pytest.mark.parametrize(
    ("role", "permission"),
    [(Role.LEADER, Permission.APPROVE_PAYMENT), (Role.FINANCE, Permission.DISBURSE)],
)
def test_who_recorded_or_found_neither_approves_nor_pays(role, permission):
    actor = Actor(ME, "示例", role, pooling_region="990123")
    assert may(actor, permission, Seen(recorder=OTHER, finder=OTHER))
    assert not may(actor, permission, Seen(recorder=ME, finder=OTHER))
    assert not may(actor, permission, Seen(recorder=OTHER, finder=ME))
