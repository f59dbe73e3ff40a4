"""解除: its bans, its holds, and the branches of the same persons — for both kinds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions import bans as obligations
from actions import letters, terminations
from models import Agreement, Ban, Hold, Termination
from models.sealed import blind_index
from queries import affected, lookalikes
from queries.bans import against
from rules.lifecycle import AgreementState
from rules.permissions import Denied, Role
from rules.persons import OfficeRole
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made

DAY = date(2026, 6, 15)
ILLEGAL = {"pharmacy": 4, "hospital": 3}  # numbers in Art 40 and Art 43 that are violations of law
BREACH = {"pharmacy": 9, "hospital": 6}
NEITHER = {"pharmacy": 15, "hospital": 12}
OPEN = {"pharmacy": 13, "hospital": 10}


def decision(institution, number, **more):
    given = {"facts_text": "经查属实。", "found_on": DAY, "effective_on": DAY, **more}
    return terminations.Decision(ground=made.ground(institution, "terminate", number), **given)


def end(agreement, staff, number, on=DAY, **more):
    return terminations.terminate(
        agreement, decision(agreement.institution, number, **more), actor=staff[Role.LEADER], on=on
    )


def branch(
    person,
    *,
    kind="pharmacy",
    role=OfficeRole.LEGAL_REPRESENTATIVE,
    since=date(2024, 1, 1),
    until=None,
    **more,
):
    """A designated institution with one more office holder."""
    institution = factories.institution(kind, **more)
    office = factories.office(institution, role, person, from_on=since)
    office.to_on = until
    return made.concluded(institution)


@pytest.fixture
def agreement(db, kind):
    return made.concluded(factories.institution(kind))


@pytest.mark.parametrize(
    ("numbers", "months", "persons"), [(ILLEGAL, 36, 3), (BREACH, 12, 0), (NEITHER, None, 0)]
)
def test_the_class_of_the_ground_decides_the_bans(
    db, staff, agreement, kind, numbers, months, persons
):
    row = end(agreement, staff, numbers[kind])
    institution_bans = db.scalars(
        select(Ban).where(Ban.institution_id == agreement.institution_id)
    ).all()
    person_bans = db.scalars(select(Ban).where(Ban.person_index.is_not(None))).all()
    until = {36: date(2029, 6, 15), 12: date(2027, 6, 15), None: None}[months]
    assert [ban.until for ban in institution_bans] == ([until] if until else [])
    assert [ban.until for ban in person_bans] == [date(2031, 6, 15)] * persons
    assert len(row.document.facts["bans"]) == (months is not None) + (persons > 0)


@pytest.mark.law("P3-46", passes=True)
def test_termination_stops_settlement_without_end_and_reports(db, staff, agreement, kind):
    row = end(agreement, staff, BREACH[kind], effective_on=DAY + timedelta(days=5))
    hold = db.scalars(select(Hold)).one()
    assert (hold.from_on, hold.to_on, hold.source) == (DAY + timedelta(days=5), None, "termination")
    assert agreement.state == AgreementState.TERMINATED
    assert {letter.kind for letter in letters.of(row)} == {"termination", "report"}


def test_fraud_in_applying_bars_from_its_discovery_as_well(db, staff, agreement, kind):
    number = {"pharmacy": 3, "hospital": 2}[kind]
    end(agreement, staff, number, found_on=date(2026, 5, 31))
    untils = {
        ban.ground: ban.until for ban in db.scalars(select(Ban).where(Ban.person_index.is_(None)))
    }
    assert untils == {"terminated_illegal": date(2029, 6, 15), "fraud_apply": date(2029, 5, 31)}


def test_a_ground_that_leaves_the_class_open_needs_a_stated_class(db, staff, agreement, kind):
    with pytest.raises(Refused, match="明确认定"):
        end(agreement, staff, OPEN[kind])
    end(agreement, staff, OPEN[kind], ban_class="none")
    assert db.scalars(select(Ban)).all() == []


def test_only_enumerated_grounds_and_only_forward(db, staff, agreement, kind):
    with pytest.raises(Refused, match="列明"):
        terminations.terminate(
            agreement,
            terminations.Decision("PH00", "事实。", DAY, DAY),
            actor=staff[Role.LEADER],
            on=DAY,
        )
    with pytest.raises(Refused, match="追溯"):
        end(agreement, staff, BREACH[kind], effective_on=DAY - timedelta(days=1))
    with pytest.raises(Denied):
        terminations.terminate(
            agreement,
            decision(agreement.institution, BREACH[kind]),
            actor=staff[Role.REVIEWER],
            on=DAY,
        )


def test_terminating_a_suspended_agreement_ends_the_suspension_the_day_before(
    db, staff, agreement, kind
):
    suspended = made.suspended(agreement, staff, on=date(2026, 6, 1))
    end(agreement, staff, BREACH[kind])
    periods = [(h.source, h.from_on, h.to_on) for h in db.scalars(select(Hold).order_by(Hold.id))]
    assert periods == [
        ("suspension", date(2026, 6, 1), date(2026, 6, 14)),
        ("termination", DAY, None),
    ]
    assert suspended.ended_on == DAY


@pytest.mark.parametrize(("offset", "barred"), [(-1, True), (0, True), (1, False)])
def test_a_ban_ends_after_its_last_day(db, staff, agreement, kind, offset, barred):
    end(agreement, staff, BREACH[kind])
    day = date(2027, 6, 15) + timedelta(days=offset)
    assert bool(against(agreement.institution, day)) is barred


@pytest.mark.parametrize(("met", "barred"), [(False, True), (True, False)])
@pytest.mark.law("P3-11.3", "M2-12.5", refuses=True, passes=True)
def test_an_open_obligation_keeps_a_ban_standing_after_its_period(
    db, staff, agreement, kind, met, barred
):
    end(agreement, staff, BREACH[kind], obligation="违约金 20,000.00 元未缴清")
    ban = db.scalars(select(Ban)).one()
    late = date(2028, 1, 10)
    if met:
        obligations.meet_obligation(ban, proof="示例缴款凭证", actor=staff[Role.CLERK], on=late)
    hits = against(agreement.institution, late)
    assert bool(hits) is barred
    if barred:
        assert "违约金" in hits[0].text
        assert hits[0].cure == "履行完毕并提交证明。"
        assert hits[0].until == date(2027, 6, 15)


def test_an_obligation_met_early_does_not_shorten_the_period(db, staff, agreement, kind):
    end(agreement, staff, BREACH[kind], obligation="违约金未缴清")
    ban = db.scalars(select(Ban)).one()
    obligations.meet_obligation(ban, proof="示例缴款凭证", actor=staff[Role.CLERK], on=DAY)
    assert against(agreement.institution, date(2027, 6, 15))
    assert not against(agreement.institution, date(2027, 6, 16))


@pytest.mark.parametrize("role", list(OfficeRole))
@pytest.mark.parametrize(("offset", "barred"), [(-1, True), (0, True), (1, False)])
@pytest.mark.law("P3-11.5", "M2-12.7", refuses=True, passes=True)
def test_a_person_is_barred_everywhere_in_any_of_the_three_roles(
    db, staff, agreement, kind, role, offset, barred
):
    number = factories.id_number(901)
    factories.office(agreement.institution, OfficeRole.CONTROLLER, number)
    end(agreement, staff, ILLEGAL[kind])
    other = factories.institution("hospital")
    factories.office(other, role, number)
    hits = against(other, date(2031, 6, 15) + timedelta(days=offset))
    assert bool(hits) is barred
    if barred:
        assert role.label in hits[0].text


def test_whoever_left_before_the_facts_is_free_and_whoever_left_after_is_not(
    db, staff, agreement, kind
):
    before, after = factories.id_number(911), factories.id_number(912)
    for number, until in ((before, date(2026, 5, 31)), (after, date(2026, 6, 10))):
        factories.office(agreement.institution, OfficeRole.PRINCIPAL, number).to_on = until
    end(agreement, staff, ILLEGAL[kind], found_on=date(2026, 6, 1))
    indexes = set(db.scalars(select(Ban.person_index).where(Ban.person_index.is_not(None))))
    assert blind_index(after) in indexes
    assert blind_index(before) not in indexes


def test_the_same_shop_registered_again_is_barred_and_a_similar_one_is_a_warning(
    db, staff, agreement, kind
):
    old = agreement.institution
    old.uscc = "91990123MA00000001"
    end(agreement, staff, BREACH[kind])
    again = factories.institution(
        kind, name=old.name, name_key=old.name_key, address=old.address.replace("号", " 号")
    )
    same_code = factories.institution(kind, uscc=old.uscc, region="990124")
    same_place = factories.institution(kind, address=old.address)
    assert "同一机构" in against(again, DAY)[0].text
    assert "同一机构" in against(same_code, DAY)[0].text
    assert against(same_place, DAY) == ()
    assert lookalikes.resembling(same_place, DAY) == [(old, "同一地址")]


def test_bans_are_listed_longest_first_with_their_articles(db, staff, agreement, kind):
    end(agreement, staff, ILLEGAL[kind])
    hits = against(agreement.institution, DAY)
    assert [hit.until for hit in hits] == sorted((hit.until for hit in hits), reverse=True)
    article = {"pharmacy": "第十一条", "hospital": "第十二条"}[kind]
    assert all(article in hit.basis for hit in hits)


# the chain rule: pharmacies only


@pytest.mark.law("P3-40.14", refuses=True)
def test_branches_of_the_same_persons_end_with_it_each_with_its_letter(db, staff):
    person = factories.id_number(921)
    origin = branch(person)
    same = [branch(person), branch(person, role=OfficeRole.CONTROLLER)]
    stranger = made.concluded(factories.institution("pharmacy"))
    row = end(origin, staff, ILLEGAL["pharmacy"])
    chained = db.scalars(select(Termination).where(Termination.chain_of_id == row.id)).all()
    assert {t.agreement_id for t in chained} == {a.id for a in same}
    assert all(t.ground == "PH40_14" and t.document.kind == "termination" for t in chained)
    assert stranger.state == AgreementState.CONCLUDED
    assert db.scalars(select(Ban.institution_id).where(Ban.institution_id.is_not(None))).all() == [
        origin.institution_id
    ]
    assert {h.institution_id for h in db.scalars(select(Hold))} == {
        a.institution_id for a in [origin, *same]
    }


@pytest.mark.law("P3-40.14", passes=True)
def test_a_breach_or_a_request_does_not_reach_the_branches(db, staff):
    person = factories.id_number(922)
    origin, other = branch(person), branch(person)
    end(origin, staff, BREACH["pharmacy"])
    assert other.state == AgreementState.CONCLUDED


@pytest.mark.law("P3-40.14", passes=True)
def test_hospitals_have_no_chain_rule(db, staff):
    person = factories.id_number(923)
    origin, other = branch(person, kind="hospital"), branch(person, kind="hospital")
    end(origin, staff, ILLEGAL["hospital"])
    assert affected.affected(origin.institution, "terminate", DAY) == []
    assert other.state == AgreementState.CONCLUDED


def test_a_chain_whose_representatives_change_hits_exactly_the_present_ones(db, staff):
    """Twelve branches; one hands over to another person on 1 April; two leave, one is in another region."""
    first, second, change = factories.id_number(931), factories.id_number(932), date(2026, 4, 1)
    origin = branch(first)
    stay = [branch(first) for _ in range(4)]
    handed = [branch(first, until=change - timedelta(days=1)) for _ in range(3)]
    for row in handed:
        factories.office(row.institution, OfficeRole.LEGAL_REPRESENTATIVE, second, from_on=change)
    joined = branch(first, since=change)
    shared = branch(first, role=OfficeRole.PRINCIPAL)
    lapsed, terminated = branch(first), branch(first)
    lapsed.state, lapsed.lapsed_on, terminated.state = (
        AgreementState.LAPSED,
        DAY,
        AgreementState.TERMINATED,
    )
    abroad = branch(first, region="990999")
    db.flush()
    now = affected.affected(origin.institution, "terminate", DAY)
    before = affected.affected(origin.institution, "terminate", change - timedelta(days=1))
    codes = lambda rows: {row.institution.code for row in rows}  # noqa: E731
    assert {hit.subject for hit in now} == codes([*stay, joined, shared, abroad])
    assert {hit.subject for hit in before} == codes([*stay, *handed, shared, abroad])
    away = next(hit for hit in now if hit.subject == abroad.institution.code)
    assert away.agreement_id is None
    assert "发函" in away.effect
    assert all("第四十条第十四项" in hit.article for hit in now)
    end(origin, staff, ILLEGAL["pharmacy"])
    ended = db.scalars(
        select(Agreement).join(Termination).where(Termination.chain_of_id.is_not(None))
    ).all()
    assert {row.id for row in ended} == {row.id for row in [*stay, joined, shared]}
    assert abroad.state == AgreementState.CONCLUDED


def test_a_change_after_the_facts_does_not_wash_the_link(db, staff):
    """The person answered on the day of the facts and left the origin since, but still runs the branch."""
    person = factories.id_number(941)
    origin, other = branch(person, until=date(2026, 6, 10)), branch(person)
    end(origin, staff, ILLEGAL["pharmacy"], found_on=date(2026, 6, 1))
    assert other.state == AgreementState.TERMINATED


@pytest.mark.law("P3-41b", "M2-44b", refuses=True)
def test_the_same_enterprise_in_another_region_is_named_for_both_measures(db, staff, kind):
    here = made.concluded(factories.institution(kind, uscc="91990123MA00000002"))
    there = made.concluded(factories.institution(kind, uscc="91990123MA00000002", region="990999"))
    for action in ("suspend", "terminate"):
        hits = affected.affected(here.institution, action, DAY)
        assert [hit.subject for hit in hits] == [there.institution.code]
        assert {"pharmacy": "第四十一条", "hospital": "第四十四条"}[kind] in hits[0].article
