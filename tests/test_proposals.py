"""What follows a grade: adopted by a person, drawn upon by draws and sheets, ended when the grade says something else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

import clock
from actions import campaigns, cycles, grade_changes, lifecycle, proposals, rating_corrections
from actions import rating_objections as objections
from actions.campaigns import Plan
from actions.materials import Upload
from actions.rating_corrections import Correction
from actions.rating_objections import Said
from models import Agreement, Cycle, Document, Proposal, Rating
from queries import campaigns as ask_campaigns
from queries import proposals as ask
from queries import renewal_facts
from queries.paging import Asked
from rules import inspection_draws
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories, factories_cycle
from tests.factories_cycle import ON
from tests.web import client_for, post

DAY = timedelta(days=1)
PAPER = Upload("示例证明.pdf", b"%PDF-1.4 x", "application/pdf")


# --- how many are drawn: the rule alone --------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    ("sizes", "wanted"),
    [
        ({"5": 20}, {"5%": 1}),  # 20 × 5 % = 1
        ({"5": 21}, {"5%": 2}),  # 1.05, rounded up
        ({"50": 3, "100": 2}, {"100%": 2, "50%": 2}),  # 1.5, rounded up; everybody
        ({"0": 7}, {"0%": 0}),
        ({"12.5": 8}, {"12.5%": 1}),
        ({}, {}),
    ],
)
def test_of_every_ratio_as_many_are_drawn_as_it_says_rounded_up(sizes, wanted):
    ratios = {f"{ratio}-{n}": Decimal(ratio) for ratio, size in sizes.items() for n in range(size)}
    found = inspection_draws.plan(ratios)
    assert found.wanted == wanted
    assert len(found.pool) == sum(sizes.values())
    assert list(found.wanted) == sorted(found.wanted, key=lambda one: -float(one[:-1]))


# --- ending and making anew ----------------------------------------------------------------------------


@pytest.fixture
def place(db, staff, kind):
    return factories_cycle.quiet(kind)


def rating_of(cycle: Cycle, place) -> Rating:
    return next(row for row in cycle.ratings if row.institution_id == place.id)


def standing(db, rating) -> dict[str, tuple[str, str, str]]:
    """Use → (state, value, grade) of the newest."""
    query = select(Proposal).where(Proposal.rating_id == rating.id).order_by(Proposal.id)
    return {row.use: (str(row.state), row.value, row.grade) for row in db.scalars(query)}


def of_use(db, rating, use) -> Proposal:
    query = select(Proposal).where(Proposal.rating_id == rating.id, Proposal.use == use)
    return db.scalars(query.order_by(Proposal.id)).first()


def decided(db, rating, staff, *, adopt=(), refuse=()):
    leader = staff[Role.LEADER]
    for use in adopt:
        proposals.decide(of_use(db, rating, use), "adopt", actor=leader, on=ON)
    for use in refuse:
        row = of_use(db, rating, use)
        proposals.decide(row, "refuse", actor=leader, on=ON, reason="另行研究。")
    db.flush()


def changed(rating, to, staff, *, on=ON):
    plan = grade_changes.Plan(to, "评价后查实。", "方案第九条")
    row = grade_changes.propose(rating, plan, actor=staff[Role.CLERK], on=on)
    grade_changes.confirm(row, actor=staff[Role.REVIEWER], on=on)
    return row


def test_a_change_of_grade_ends_what_was_adopted_and_makes_the_rest_anew(db, staff, place):
    rating = rating_of(factories_cycle.published(staff), place)
    decided(db, rating, staff, adopt=["retention_release", "inspection_ratio"], refuse=["renewal"])
    change = changed(rating, "passing", staff, on=ON + DAY)
    # the values of 合格 in the scheme: 70, renew_on_conditions, 50, 2, review
    assert standing(db, rating) == {
        "retention_release": ("proposed", "70.0", "passing"),
        "renewal": ("proposed", "renew_on_conditions", "passing"),
        "inspection_ratio": ("proposed", "50.0", "passing"),
        "budget_factor": ("proposed", "2.0", "passing"),
        "prepayment": ("proposed", "review", "passing"),
    }
    old = of_use(db, rating, "retention_release")
    assert (old.state, old.adopted_on, old.ended_on) == ("ended", ON, ON + DAY)
    assert old.reason == f"等级由良好变动为合格（{change.number}）"
    assert of_use(db, rating, "budget_factor").state == "replaced"
    assert of_use(db, rating, "renewal").state == "refused"
    assert ask.in_force(place.id, "retention_release", on=ON).value == "100.0"
    assert ask.in_force(place.id, "retention_release", on=ON + DAY) is None


def test_what_the_new_grade_says_alike_stays_as_it_was_decided(db, staff, place):
    rating = rating_of(factories_cycle.published(staff), place)
    decided(db, rating, staff, adopt=["retention_release", "inspection_ratio"])
    changed(rating, "excellent", staff, on=ON + DAY)
    # 良好 and 优秀 differ in the ratio alone: 20 and 5
    assert standing(db, rating) == {
        "retention_release": ("adopted", "100.0", "good"),
        "renewal": ("proposed", "renew", "good"),
        "inspection_ratio": ("proposed", "5.0", "excellent"),
        "budget_factor": ("proposed", "0.0", "good"),
        "prepayment": ("proposed", "grant", "good"),
    }
    assert ask.in_force(place.id, "retention_release", on=ON + DAY).grade == "良好"


def corrected(rating, place, staff, fact, after):
    owner = factories.actor(Role.INSTITUTION, institution=place)
    said = Said(place.name, "事实有误。")
    row = objections.raise_objection(rating, said, actor=owner, on=ON)
    objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    given = Correction(fact, after, "经核对。", "示例案卷")
    objections.correct(row, [given], opinion="属实。", actor=staff[Role.CHIEF], on=ON)


def replayed(cycle, staff, *, on=ON) -> Cycle:
    run = rating_corrections.replay(cycle, actor=staff[Role.CLERK], on=on)
    factories_cycle.decided(factories_cycle.reviewed(run, staff, on=on), staff, on=on)
    cycles.publish(run, actor=staff[Role.LEADER], on=on)
    return run


def test_a_corrected_run_ends_what_its_new_grade_no_longer_says(db, staff, place):
    cycle = factories_cycle.published(staff)
    rating = rating_of(cycle, place)
    decided(db, rating, staff, adopt=["retention_release"], refuse=["prepayment"])
    corrected(rating, place, staff, "fraud_found", "是")
    now = rating_of(replayed(cycle, staff, on=ON + DAY), place)
    assert now.grade == "failing"
    old = of_use(db, rating, "retention_release")
    assert (old.state, old.ended_on, old.reason) == (
        "ended", ON + DAY, "评价结果更正，等级由良好变为不达标",
    )  # fmt: skip
    assert of_use(db, rating, "renewal").state == "replaced"
    assert {state for state, _, _ in standing(db, now).values()} == {"proposed"}
    assert ask.in_force(place.id, "retention_release", on=ON + DAY) is None
    leader = staff[Role.LEADER]
    rows, page = ask.page(leader, "prepayment", Asked(words={}))
    assert ([row.proposal.rating_id for row in rows], page.total) == ([now.id], 1)


@pytest.mark.once
def test_of_a_run_that_became_void_nothing_is_decided(db, staff):
    place = factories_cycle.quiet("pharmacy")
    cycle = factories_cycle.published(staff)
    row = of_use(db, rating_of(cycle, place), "renewal")
    db.execute(update(Cycle).where(Cycle.id == cycle.id).values(state="superseded"))
    db.refresh(cycle)
    with pytest.raises(Refused, match="已经作废"):
        proposals.decide(row, "adopt", actor=staff[Role.LEADER], on=ON)


def test_whoever_asked_for_a_restoration_overtaken_by_a_correction_is_told(db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    cycle = factories_cycle.published(staff)
    rating = rating_of(cycle, place)
    corrected(rating, place, staff, "fraud_found", "是")
    day = date(2026, 9, 16)  # three months from 15 June end on 15 September
    change = grade_changes.request(
        rating, text="已整改", uploads=[PAPER], actor=staff[Role.CLERK], on=day
    )
    replayed(cycle, staff, on=day)
    assert change.state == "refused"
    query = select(Document).where(
        Document.subject == "grade_change", Document.subject_id == change.id
    )
    (letter,) = db.scalars(query).all()
    assert (letter.kind, letter.facts["granted"], letter.facts["corrected"]) == (
        "credit_restoration", False, "不达标",
    )  # fmt: skip


# --- drawn upon --------------------------------------------------------------------------------------


def campaign(kind, staff):
    family = "pharmacy" if kind == "pharmacy" else "medical"
    plan = Plan("示例抽查", family, "现场检查。", "示例方案", date(2026, 6, 1), date(2026, 6, 30))
    return campaigns.open_campaign(plan, actor=staff[Role.INSPECTOR], on=ON)


def test_an_adopted_ratio_decides_whom_a_campaign_draws(app, db, staff, kind, place):
    others = [factories_cycle.quiet(kind) for _ in range(5)]
    factories_cycle.quiet("pharmacy" if kind != "pharmacy" else "hospital")  # another family
    rating = rating_of(factories_cycle.published(staff), place)
    changed(rating, "failing", staff)
    last = db.scalars(
        select(Proposal).where(Proposal.use == "inspection_ratio", Proposal.grade == "failing")
    ).one()
    proposals.decide(last, "adopt", actor=staff[Role.LEADER], on=ON)
    row = campaign(kind, staff)
    found = {one.institution.id: one.percent for one in ask_campaigns.pool(row, on=ON)}
    # 不达标: all; nobody else has an adopted ratio: the usual 20
    assert found == {place.id: 100} | {one.id: 20 for one in others}
    db.commit()
    inspector, path = client_for(app, staff[Role.INSPECTOR]), f"/campaigns/{row.id}/draw"
    assert "已采用的信用应用建议定抽查比例（1 家）" in inspector.get(path).text
    assert post(client_for(app, staff[Role.LEADER]), path).status_code == 403
    assert post(inspector, path).status_code == 303
    assert post(inspector, path).status_code == 409  # again, without a reason
    assert post(inspector, path, reason="一家已经停业。").status_code == 303
    draws = ask_campaigns.draws(row)
    assert [len(one.drawn) for one in draws] == [2, 2]  # of one 100 %: 1; of five 20 %: 1
    assert all(f"{place.id:06d}" in one.drawn for one in draws)
    page = inspector.get(path).text
    assert (page.count("与记录一致"), place.name in page) == (2, True)
    assert place.name in inspector.get(f"{path}?format=csv").text


def test_the_file_of_an_institution_and_its_renewal_sheet_name_what_was_adopted(
    app, db, staff, place
):
    cycle = factories_cycle.published(staff)
    rating = rating_of(cycle, place)

    def suggested():
        facts = renewal_facts.of(place_agreement(db, place), ON + DAY)
        return next(one for one in facts if one.label == "信用等级的续签建议")

    assert (suggested().value, suggested().hit) == ("建议续签；尚未决定是否采用", False)
    decided(db, rating, staff, adopt=["renewal"])
    assert suggested().value == f"建议续签；{ON} 采用（{cycle.name}，良好）"
    changed(rating, "passing", staff, on=ON + DAY)
    assert (suggested().value, suggested().hit) == ("整改完成后续签；尚未决定是否采用", True)
    db.commit()
    path = f"/institutions/{place.id}?tab=credit"
    clerk = client_for(app, staff[Role.CLERK])
    assert "整改完成后续签" not in clerk.get(path).text
    with clock.at(ON + DAY):  # what was adopted has ended with the grade
        assert "没有采用过信用应用建议" in client_for(app, staff[Role.CLERK]).get(path).text
    row = ask.latest(rating.id, "inspection_ratio")
    proposals.decide(row, "adopt", actor=staff[Role.LEADER], on=ON + DAY)
    db.commit()
    with clock.at(ON + DAY):
        assert "抽查比例建议" in client_for(app, staff[Role.CLERK]).get(path).text


def place_agreement(db, place):
    return db.scalars(select(Agreement).where(Agreement.institution_id == place.id)).one()


def test_what_was_adopted_for_one_place_of_a_code_holds_at_the_other(db, staff, kind, place):
    sister = factories_cycle.quiet(kind)
    sister.uscc = place.uscc
    db.flush()
    rating = rating_of(factories_cycle.published(staff), place)
    decided(db, rating, staff, adopt=["inspection_ratio"])
    found = ask.of_each([place.id, sister.id], "inspection_ratio", on=ON)
    assert {key: one.value for key, one in found.items()} == {place.id: "20.0", sister.id: "20.0"}


@pytest.mark.once
def test_only_who_decides_on_grades_ends_a_proposal(db, staff):
    place = factories_cycle.quiet("pharmacy")
    row = of_use(db, rating_of(factories_cycle.published(staff), place), "renewal")
    for role in (Role.CLERK, Role.CHIEF, Role.BUREAU):
        with pytest.raises(Denied):
            lifecycle.move(row, "replace", actor=staff[role], on=ON)
