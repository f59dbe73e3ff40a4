"""还会影响谁: exactly the right ones with relation and article, a decision on each, and no approval past a change."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import effects, letters, violations
from database import session
from models import Agreement, Event, Registration, Termination
from queries import affected
from queries import effects as ask
from rules import effects as rule
from rules.effects import Choice, Line
from rules.lifecycle import AgreementState
from rules.permissions import Denied, Role
from rules.persons import OfficeRole
from rules.refusal import Refused
from tests import factories, factories_practitioner
from tests import factories_agreement as made
from tests.conftest import TODAY
from tests.test_terminations import ILLEGAL, branch
from tests.web import client_for, post

FACTS, SOLD = date(2026, 5, 20), date(2026, 4, 1)
ARTICLES = {"pharmacy": "第四十一条", "hospital": "第四十四条"}


class Chain:
    """Twelve branches of one chain, two legal representatives over time, as on the day of the decision."""

    def __init__(self, staff):
        self.first, self.second = factories.id_number(951), factories.id_number(952)
        self.origin = branch(self.first)
        self.plain = branch(self.first)
        self.principal = branch(self.first, role=OfficeRole.PRINCIPAL)
        self.controller = branch(self.first, role=OfficeRole.CONTROLLER)
        self.suspended = branch(self.first)
        made.suspended(self.suspended, staff, on=date(2026, 6, 1))
        self.sold_before = self._sold(SOLD)
        self.sold_after = self._sold(FACTS + timedelta(days=1))
        self.bought = branch(self.first, since=SOLD)
        self.terminated = branch(self.first)
        self.terminated.state = AgreementState.TERMINATED
        self.abroad = branch(self.first, region="990999")
        self.hospital = branch(self.first, kind="hospital")
        self.namesake = branch(factories.id_number(953))
        self.stranger = branch(self.second)
        session.flush()

    def _sold(self, on):
        """The first holder until the day before, then the second."""
        row = branch(self.first, until=on - timedelta(days=1))
        factories.office(row.institution, OfficeRole.LEGAL_REPRESENTATIVE, self.second, from_on=on)
        return row

    def codes(self, *rows):
        return {row.institution.code for row in rows}

    def hits(self, action="terminate", facts=FACTS):
        return affected.affected(self.origin.institution, action, TODAY, responsible_on=facts)


@pytest.fixture
def chain(db, staff):
    return Chain(staff)


@pytest.mark.law("P3-40.14", refuses=True, passes=True)
def test_of_twelve_branches_exactly_the_right_ones_are_hit(chain):
    hits = {hit.subject: hit for hit in chain.hits()}
    own = (chain.plain, chain.principal, chain.controller, chain.suspended, chain.bought)
    assert set(hits) == chain.codes(*own, chain.sold_after, chain.abroad)
    assert all("第四十条第十四项" in hit.article for hit in hits.values())
    name = chain.plain.institution.code
    words = {
        row.institution.code: hits[row.institution.code].relation
        for row in (*own, chain.sold_after)
    }
    assert words[name] == "法定代表人同为样某某"
    assert words[chain.principal.institution.code] == "法定代表人样某某兼任该店主要负责人"
    assert words[chain.controller.institution.code] == "法定代表人样某某兼任该店实际控制人"
    assert "事实发生时，2026-05-20已卸任" in words[chain.sold_after.institution.code]
    assert "正在中止" in hits[chain.suspended.institution.code].effect
    assert "发函" in hits[chain.abroad.institution.code].effect


@pytest.mark.parametrize(
    ("facts", "hit"),
    [(SOLD - timedelta(days=1), True), (SOLD, False), (SOLD + timedelta(days=1), False)],
)
def test_the_day_of_the_facts_decides_about_a_branch_that_was_sold(chain, facts, hit):
    found = {one.subject for one in chain.hits(facts=facts)}
    assert (chain.sold_before.institution.code in found) is hit


def test_a_suspension_reaches_no_branch(chain):
    assert chain.hits("suspend") == []


def test_the_command_names_the_same_ones_in_one_json_list(app, chain):
    session.commit()
    code = chain.origin.institution.code
    given = [
        "affected",
        code,
        "--action",
        "terminate",
        "--on",
        str(TODAY),
        "--facts-on",
        str(FACTS),
    ]
    answer = app.test_cli_runner().invoke(args=[*given, "--json"])
    rows = json.loads(answer.stdout)
    assert {row["subject"] for row in rows} == {hit.subject for hit in chain.hits()}
    assert all(row["relation"] and row["article"] and row["effect"] for row in rows)


def test_other_sites_of_the_practitioners_come_as_information_alone(db, staff, kind):
    here, there = (made.concluded(factories.institution(kind)) for _ in range(2))
    person, _ = factories_practitioner.practitioner(kind, here.institution)
    db.add(
        Registration(
            practitioner=person, institution=there.institution, first_place=False, from_on=SOLD
        )
    )
    db.flush()
    [hit] = affected.affected(here.institution, "suspend", TODAY)
    assert (hit.subject, hit.information) == (there.institution.code, True)
    assert person.name in hit.relation
    case = made.case(here, staff, on=TODAY)
    assert ask.binding(case, TODAY) == []
    assert ask.information(case, TODAY) == [hit]


# decisions


@pytest.fixture
def origin(db):
    return branch(factories.id_number(961))


@pytest.fixture
def other(origin):
    return branch(factories.id_number(961))


@pytest.fixture
def case(origin, other, staff):
    """Proposed: the set was looked at, nothing is decided about it."""
    row = made.case(origin, staff, on=TODAY, measure="terminate", number=ILLEGAL["pharmacy"])
    made.heard(row, staff, on=TODAY)
    violations.propose(row, opinion="建议解除。", actor=staff[Role.INSPECTOR], on=TODAY)
    violations.review(row, opinion="同意。", actor=staff[Role.REVIEWER], on=TODAY)
    return row


def approve(case, staff):
    made.collectively(case, staff, on=TODAY)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=TODAY)


def decide(case, staff, choice, reason="", role=Role.INSPECTOR):
    [line] = case.effects
    effects.decide(line, choice=choice, reason=reason, actor=staff[role], on=TODAY)


def test_without_a_decision_on_each_line_nobody_approves(case, staff, other, origin):
    with pytest.raises(Refused, match="还有 1 项影响没有决定") as refused:
        approve(case, staff)
    assert other.institution.name in refused.value.why
    assert origin.state == AgreementState.CONCLUDED
    decide(case, staff, "follow")
    approve(case, staff)
    assert (origin.state, other.state) == (AgreementState.TERMINATED, AgreementState.TERMINATED)


def test_a_branch_that_is_exempt_goes_on_for_a_written_reason(db, case, staff, other):
    with pytest.raises(Refused, match="写明理由"):
        decide(case, staff, "exempt")
    decide(case, staff, "exempt", "该店已由他人独立经营，责任人未参与。")
    approve(case, staff)
    assert other.state == AgreementState.CONCLUDED
    assert db.scalars(select(Termination).where(Termination.chain_of_id.is_not(None))).all() == []
    line = db.scalars(select(Event)).all()
    session.commit()
    texts = [
        e.facts.get("text", "")
        for e in db.scalars(select(Event).where(Event.verb == "decide_effect"))
    ]
    assert any("独立经营" in text for text in texts), line


@pytest.mark.parametrize("change", ["came", "left", "moved"])
def test_a_set_that_changed_since_it_was_looked_at_is_refused_with_the_change(
    case, staff, other, change
):
    decide(case, staff, "follow")
    if change == "came":
        late = branch(factories.id_number(961)).institution
        words = f"新增{late.name}"
    elif change == "left":
        other.state = AgreementState.LAPSED
        other.lapsed_on = TODAY
        words = f"{other.institution.name}不再受影响"
    else:
        factories.office(other.institution, OfficeRole.PRINCIPAL, factories.id_number(961))
        words = f"{other.institution.name}的关系或者影响有变"
    session.flush()
    with pytest.raises(Refused, match=words):
        approve(case, staff)
    effects.look(case, actor=staff[Role.INSPECTOR], on=TODAY)
    made.settled(case, staff, on=TODAY)
    with pytest.raises(Refused, match="又有变动"):
        violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=TODAY)
    approve(case, staff)
    assert case.state == "decided"


def test_looking_again_keeps_what_was_decided_and_is_still_so(case, staff):
    decide(case, staff, "follow")
    branch(factories.id_number(961))
    effects.look(case, actor=staff[Role.REVIEWER], on=TODAY)
    assert sorted(str(line.choice) for line in case.effects) == ["None", "follow"]


def test_only_those_who_prepare_the_case_decide_and_only_before_the_decision(case, staff):
    for role in (Role.LEADER, Role.FINANCE, Role.BUREAU):
        with pytest.raises(Denied):
            decide(case, staff, "follow", role=role)
    decide(case, staff, "follow")
    approve(case, staff)
    with pytest.raises(Refused, match="已经作出决定"):
        decide(case, staff, "exempt", "理由。")


@pytest.mark.law("P3-41b", "M2-44b", refuses=True, passes=True)
@pytest.mark.parametrize("action", ["suspend", "terminate"])
def test_another_region_is_told_by_letter_to_the_agency_that_was_named(db, staff, kind, action):
    here = made.concluded(factories.institution(kind, uscc="91990123MA00000003"))
    there = made.concluded(factories.institution(kind, uscc="91990123MA00000003", region="990999"))
    number = 1 if action == "suspend" else ILLEGAL[kind]
    case = made.case(here, staff, on=TODAY, measure=action, number=number)
    made.reviewed(case, staff, on=TODAY)
    violations.approve(case, opinion="同意。", actor=staff[Role.LEADER], on=TODAY)
    [row] = here.suspensions or here.terminations
    [letter] = letters.of(row, "region_notice")
    assert letter.facts["addressee"] == "示例统筹区经办机构"
    assert letter.facts["subject_code"] == there.institution.code
    assert letter.facts["measure"] == action
    assert ARTICLES[kind] in letter.facts["article"]
    assert there.state == AgreementState.CONCLUDED


def test_a_line_offers_what_we_can_do():
    own, foreign = (Line("1", "某店", "同", "止", own=own) for own in (True, False))
    assert rule.choices(True) == [Choice.FOLLOW, Choice.EXEMPT]
    assert rule.choices(False) == [Choice.LETTER, Choice.EXEMPT]
    with pytest.raises(Refused, match="不能选择发函通报"):
        rule.check_choice(own, Choice.LETTER, "某经办机构")
    with pytest.raises(Refused, match="不能选择同时处理"):
        rule.check_choice(foreign, Choice.FOLLOW, "")
    with pytest.raises(Refused, match="收函"):
        rule.check_choice(foreign, Choice.LETTER, " ")


# through the doors


def test_the_page_shows_each_line_and_a_stale_approval_is_a_conflict(app, case, staff, origin):
    session.commit()
    path, [line] = f"/cases/{case.id}", case.effects
    browser = client_for(app, staff[Role.INSPECTOR])
    shown = browser.get(path).text
    assert "还会影响谁" in shown
    assert line.name in shown
    seen = case.version
    leader = client_for(app, staff[Role.LEADER])
    assert post(leader, f"{path}/effects/{line.id}", choice="follow").status_code == 403
    assert post(browser, f"{path}/effects/{line.id}", choice="follow").status_code == 303
    late = post(leader, f"{path}/approve", opinion="同意。", version=seen)
    assert late.status_code == 409
    assert "已被他人处理" in late.text
    session.expire_all()
    assert session.get(Agreement, origin.id).state == AgreementState.CONCLUDED


def test_a_line_of_another_case_is_not_found(app, case, staff):
    session.commit()
    browser = client_for(app, staff[Role.INSPECTOR])
    answer = post(browser, f"/cases/{case.id}/effects/{case.effects[0].id + 1}", choice="follow")
    assert answer.status_code == 404
