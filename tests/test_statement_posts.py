"""Whoever handed in a statement, found something in it or drew from it has no second post in it, whatever role he has now."""

from __future__ import annotations

import pytest

from models import Statement
from rules.permissions import Actor, Permission, Role, may
from rules.statements import Post

pytestmark = pytest.mark.pure
ME, OTHER = 7, 8
P, R = Permission, Role
CLERK, LEADER, FINANCE = (
    (R.CLERK, P.SETTLE_STATEMENT),
    (R.LEADER, P.APPROVE_PAYMENT),
    (R.FINANCE, P.DISBURSE),
)
SECOND, REVIEWER = (R.SECOND_AUDITOR, P.REAUDIT_STATEMENT), (R.REVIEWER, P.JUDGE_STATEMENT)
RELEASE = (R.CLERK, P.RELEASE_HELD)
PAYING = {CLERK, RELEASE, LEADER, FINANCE}
EVERY = PAYING | {SECOND, REVIEWER}


class Seen:
    """A statement as the map asks about it."""

    pooling_region = "990123"
    auditor_user_ids, first_auditor_ids = Statement.auditor_user_ids, Statement.first_auditor_ids
    involved_user_ids, settler_user_ids = Statement.involved_user_ids, Statement.settler_user_ids
    payer_user_ids, note, _of = Statement.payer_user_ids, Statement.note, Statement._of

    def __init__(
        self, post: Post | None = None, *, recorder: int = OTHER, payer: int = OTHER
    ) -> None:
        self.recorded_by_id, self.approved_by_id, self.settled_by_id = recorder, None, None
        self.former_settlers, self.disbursements, self.paid_by_id = [], [], payer
        self.took_part = {}
        for one in Post:
            self.note(one, ME if one is post else OTHER)


@pytest.mark.parametrize(
    ("seen", "barred"),
    [
        pytest.param(Seen(), set(), id="somebody else"),
        pytest.param(Seen(recorder=ME), PAYING | {SECOND}, id="recorder"),
        pytest.param(Seen(Post.FIRST_AUDIT), EVERY, id="first audit"),
        pytest.param(Seen(Post.SECOND_AUDIT), PAYING | {REVIEWER}, id="second audit"),
        pytest.param(Seen(Post.APPEAL), {REVIEWER}, id="wrote the objection down"),
        pytest.param(Seen(Post.JUDGE), PAYING, id="judged"),
        pytest.param(Seen(payer=ME), {CLERK, RELEASE, LEADER}, id="paid"),
    ],
)  # fmt: skip
def test_a_person_has_one_post_in_a_statement(seen, barred):
    """The same account, in turn with every role: what it may not do, and that it may do all the rest."""
    refused = {
        (role, permission)
        for role, permission in EVERY
        if not may(Actor(ME, "示例", role, pooling_region="990123"), permission, seen)
    }
    assert refused == barred


def test_a_post_remembers_everybody_once():
    seen = Seen()
    seen.note(Post.JUDGE, OTHER)
    seen.note(Post.JUDGE, None)
    seen.note(Post.JUDGE, ME)
    assert seen.took_part[Post.JUDGE] == [OTHER, ME]
