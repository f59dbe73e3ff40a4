"""Lines stopped after the notice are denied only once they were told too, with their own time for objecting."""

from __future__ import annotations

from datetime import date

import pytest

from actions import settlements, statement_appeals, statements
from database import session
from models import Document, Hold
from queries import ledger as balances
from queries import statements as ask
from rules import ledger as rule
from rules.ledger import Account
from rules.lifecycle import StatementState as S
from rules.permissions import Denied, Role
from rules.refusal import Refused
from rules.statements import Fate
from tests import factories, web
from tests import factories_agreement as made
from tests import factories_money as money
from tests.factories_money import CLAIMED, line

TEN, TWENTY = date(2026, 5, 10), date(2026, 5, 20)
ON = date(2026, 6, 10)
LAST = date(2026, 6, 17)  # five working days after 10 June
AFTER = date(2026, 6, 18)


def stop(place, day, *, source="suspension", to_on=None):
    row = Hold(
        institution_id=place.id, source=source, source_id=1, from_on=day, to_on=to_on, basis="示例依据"
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


def judged(agreement, staff, days):
    """One line of 100.00 a day, 10.00 denied of the first, told and accepted."""
    lines = [line(number, service_date=day) for number, day in enumerate(days, 1)]
    row = money.received(agreement, staff, lines=lines)
    money.deny(row, staff, 1, 10_00)
    money.told(money.audited(row, staff), staff)
    statement_appeals.accept(row, actor=owner(agreement), on=CLAIMED)
    session.commit()
    return row


def owner(agreement):
    return factories.actor(Role.INSTITUTION, institution=agreement.institution)


def again(row, staff, *, on=ON):
    """Told anew and served that day; returns what the letter said."""
    statements.tell_more(row, actor=staff[Role.SECOND_AUDITOR], on=on)
    query = session.query(Document).filter_by(kind="denial_detail", subject_id=row.id)
    letter = query.order_by(Document.id.desc()).first()
    money.serve(letter, staff, on=on)
    return letter.facts


def closes(row):
    return rule.closes(balances.entries(statement_id=row.id), ON, ask.expected(row)) == ()


def sums(row):
    return balances.balances(statement_id=row.id)


@pytest.fixture
def agreement(db, kind):
    row = made.concluded(factories.institution(kind))
    session.commit()
    return row


@pytest.mark.law("P3-39a")
def test_what_was_stopped_after_the_notice_is_told_by_itself_with_its_own_days(agreement, staff):
    row = judged(agreement, staff, [TEN, TWENTY])
    with pytest.raises(Refused, match="没有在告知以后停止支付"):
        statements.tell_more(row, actor=staff[Role.SECOND_AUDITOR], on=ON)
    stop(agreement.institution, TWENTY)
    with pytest.raises(Denied):
        statements.tell_more(row, actor=staff[Role.CLERK], on=ON)
    facts = again(row, staff)
    assert (facts["notice"], facts["denied"]) == (2, 100_00)
    assert [(one["line"], one["basis"]) for one in facts["lines"]] == [(2, "示例依据")]
    first, second = ask.findings(row.id)
    with pytest.raises(Refused, match="没有选择"):
        statement_appeals.appeal(
            row, {first.id: "不服。"}, text="", actor=owner(agreement), on=LAST
        )
    with pytest.raises(Refused, match="申诉期限"):
        statement_appeals.accept(row, actor=staff[Role.CLERK], on=LAST)
    with pytest.raises(Refused, match="已于 2026-06-17 届满"):
        statement_appeals.appeal(
            row, {second.id: "急诊。"}, text="", actor=owner(agreement), on=AFTER
        )
    session.rollback()
    assert statement_appeals.end_appeals(row.id, LAST).done == 0
    assert statement_appeals.end_appeals(row.id, AFTER).done == 1
    money.settled(row, staff, on=AFTER)
    assert [one.fate for one in row.claims] == [Fate.PAY, Fate.DENY]
    assert (sums(row)[Account.DENIED], closes(row)) == (110_00, True)


def test_a_further_notice_that_was_not_served_starts_no_time(agreement, staff):
    row = judged(agreement, staff, [TEN, TWENTY])
    stop(agreement.institution, TWENTY)
    statements.tell_more(row, actor=staff[Role.SECOND_AUDITOR], on=ON)
    session.commit()
    with pytest.raises(Refused, match="还没有送达"):
        statement_appeals.accept(row, actor=staff[Role.CLERK], on=AFTER)
    assert ask.unopposed(AFTER) == []


@pytest.mark.parametrize("upheld", [True, False])
def test_held_costs_of_a_paid_statement_are_denied_only_after_a_notice_and_its_answer(
    agreement, staff, upheld
):
    """Three lines: one paid, one whose hold is over, one that a suspension stops for good."""
    held = stop(agreement.institution, date(2026, 5, 15), source="case_measure", to_on=None)
    row = judged(agreement, staff, [TEN, date(2026, 5, 16), TWENTY])
    money.paid(money.settled(row, staff, on=CLAIMED), staff, on=CLAIMED)
    assert (sums(row)[Account.HELD], sums(row)[Account.PAID]) == (200_00, 85_50)  # 90.00 less 5 %
    held.to_on = date(2026, 6, 1)
    stop(agreement.institution, TWENTY)
    again(row, staff)
    assert (row.state, sums(row)[Account.HELD], closes(row)) == (S.NOTIFIED, 200_00, True)
    assert settlements.release_held(row.id, ON).done == 0
    found = ask.findings(row.id)[-1]
    statement_appeals.appeal(row, {found.id: "急诊。"}, text="", actor=owner(agreement), on=LAST)
    assert closes(row)
    statement_appeals.judge(
        row, {found.id: (upheld, "核对完毕。")}, actor=staff[Role.REVIEWER], on=LAST
    )
    assert closes(row)
    session.commit()
    money.settled(row, staff, on=AFTER)
    assert [one.fate for one in row.claims] == [
        Fate.PAY,
        Fate.PAY,
        Fate.DENY if upheld else Fate.HOLD,
    ]
    assert sums(row)[Account.DENIED] == (110_00 if upheld else 10_00)
    assert sums(row).get(Account.HELD, 0) == (0 if upheld else 100_00)
    assert (row.state, sums(row)[Account.PAYABLE], closes(row)) == (S.SETTLED, 95_00, True)
    money.paid(row, staff, on=AFTER, voucher="BK-2")
    assert (sums(row)[Account.PAID], closes(row)) == (180_50, True)
    with pytest.raises(Refused, match="没有在告知以后停止支付"):
        statements.tell_more(row, actor=staff[Role.SECOND_AUDITOR], on=AFTER)


def test_where_all_that_was_held_is_denied_nothing_waits_for_approval(agreement, staff):
    stop(agreement.institution, TWENTY, source="case_measure")
    row = judged(agreement, staff, [TEN, TWENTY])
    money.paid(money.settled(row, staff, on=CLAIMED), staff, on=CLAIMED)
    stop(agreement.institution, TWENTY)
    again(row, staff)
    statement_appeals.accept(row, actor=owner(agreement), on=ON)
    session.commit()
    money.settled(row, staff, on=ON)
    assert (row.state, closes(row)) == (S.PAID, True)
    assert (sums(row)[Account.DENIED], sums(row).get(Account.HELD, 0)) == (110_00, 0)


@pytest.mark.once
def test_the_further_notice_is_a_button_of_the_second_auditor_and_the_portal_shows_its_lines(
    app, db, staff
):
    agreement = made.concluded(factories.institution("pharmacy"))
    user = owner(agreement)
    row = judged(agreement, staff, [TEN, TWENTY])
    page = f"/settlements/{row.id}"
    auditor, portal = web.client_for(app, staff[Role.SECOND_AUDITOR]), web.client_for(app, user)
    assert "补充告知" not in auditor.get(page).text
    stop(agreement.institution, TWENTY)
    assert "有 1 行费用在告知以后停止支付" in auditor.get(page).text
    assert "补充告知拒付" not in web.client_for(app, staff[Role.CLERK]).get(page).text
    assert web.post(auditor, f"{page}/further-notice", version=row.version).status_code == 303
    shown = portal.get(f"/portal{page}").text
    assert "协议中止期间发生的费用" in shown
    second = ask.findings(row.id)[1]
    assert f'name="why-{second.id}"' in shown
    assert f'name="why-{second.id - 1}"' not in shown
