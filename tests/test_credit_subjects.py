"""Whom a scheme may rate: every default on the product's own facts, persons by registration, office or file."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest
from sqlalchemy import inspect, select

from actions import credit_information, cycle_notices, cycles
from actions.credit_files import FactFile
from database import session
from models import Document, GradeChange, Office, Rating
from models.sealed import blind_index
from queries import credit_facts, published_ratings, ratings
from queries.paging import Asked
from rules.credit_subjects import CreditSubject
from rules.permissions import Role
from rules.persons import OfficeRole
from rules.refusal import Refused
from scoring import catalogue
from tests import factories, factories_credit, factories_cycle
from tests import factories_agreement as agreements
from tests.web import client_for

FROM, TO = factories_cycle.YEAR  # 1 January to 31 May 2026
DEFAULTS = [scheme.key for scheme in catalogue.defaults()]
OF_INSTITUTIONS = [
    scheme.key for scheme in catalogue.defaults() if scheme.subject.key == "institution"
]


def facts(key, **period):
    scheme = catalogue.parsed(catalogue.text(key))
    given = {"from_on": FROM, "to_on": TO, **period}
    rows = credit_facts.rows(scheme, factories.REGION, **given)
    return {row[scheme.subject.key]: row for row in rows}


def rated(cycle):
    return {row.subject: row for row in session.query(Rating).filter_by(cycle_id=cycle.id)}


def published_of_persons(staff, scheme):
    """Nobody is put on notice: reviewed, decided by the meeting, published."""
    cycle = factories_cycle.reviewed(factories_cycle.started(staff, scheme=scheme), staff)
    factories_cycle.decided(cycle, staff, on=factories_cycle.ON)
    cycles.publish(cycle, actor=staff[Role.LEADER], on=factories_cycle.ON)
    session.flush()
    return cycle


def entered(place, kind, staff):
    """The papers a year brings: assessed 88 of 100, 45 of 60 satisfied, 51 of 60 points by the sheet, an award."""
    given = {"staff": staff, "on": date(2026, 4, 10)}
    services = {"retail_got": "21", "retail_due": "24"} if kind == "pharmacy" else {"inpatient_got": "21", "inpatient_due": "24"}  # fmt: skip
    for name, figures in (
        ("annual_assessment", {"assessment_score": "88", "assessment_passed": "1", "assessment_excellent": "0"}),
        ("satisfaction_survey", {"satisfied": "45", "answers": "60"}),
        ("performance_sheet", {"base_got": "30", "base_due": "36", **services}),
        ("city_award", {}),
    ):  # fmt: skip
        factories_credit.confirmed(place, name, given["on"], staff, figures=figures)


@pytest.mark.parametrize("key", OF_INSTITUTIONS)
def test_every_default_rates_institutions_on_the_product_s_own_facts(db, staff, kind, key):
    place = factories_cycle.quiet(kind)
    entered(place, kind, staff)
    (row,) = rated(factories_cycle.started(staff, scheme=key)).values()
    wanted = {
        "eighty_twenty": (170.8, "AA"),  # 88 % of 160 = 140.8, 75 % of 40 = 30
        "one_m_n": (85, "B"),  # 51 of 60
        "points_and_years": (1, "C"),  # this year's agreement: less than two years
        "thousand_points": (1020, "A"),  # starts from 1000, one city award
        "validity_850": (880, "B"),  # one record of good faith
    }
    assert (row.score, row.grade) == wanted[key]
    assert cycles.differences(row.cycle) == []


@pytest.mark.parametrize("key", DEFAULTS)
def test_no_default_asks_for_a_number_nothing_can_bring(key):
    scheme = catalogue.parsed(catalogue.text(key))
    assert credit_facts.unsourced(scheme) == []


def test_a_paper_counts_in_the_period_and_only_once_it_is_confirmed(db, staff, kind):
    place = factories_cycle.quiet(kind)
    on = date(2026, 3, 1)
    factories_credit.confirmed(
        place, "annual_assessment", on, staff, figures={"assessment_score": "80"}
    )
    factories_credit.recorded(
        place, "annual_assessment", date(2026, 3, 2), staff, figures={"assessment_score": "90"}
    )
    assert facts("eighty_twenty")[place.id]["assessment_score"] == 80
    later = facts("eighty_twenty", from_on=date(2026, 3, 2))
    assert later[place.id]["assessment_score"] is None
    earlier = facts("eighty_twenty", to_on=date(2026, 2, 28))
    assert earlier[place.id]["assessment_score"] is None


def test_a_record_is_no_longer_an_event_once_revoked(db, staff, kind):
    place = factories_cycle.quiet(kind)
    row = factories_credit.confirmed(place, "serious", date(2026, 3, 1), staff)
    event = {"认定日期": "2026-03-01", "类别": "严重失信"}
    assert facts("validity_850")[place.id]["credit_records"] == [event]
    before = factories_cycle.started(staff, "样例甲", scheme="validity_850")
    credit_information.revoke(row, reason="撤销。", actor=staff[Role.REVIEWER], on=date(2026, 6, 1))
    assert facts("validity_850")[place.id]["credit_records"] == []
    assert rated(before)[place.id].score == 650  # what was frozen stays: 850 less 200
    assert cycles.differences(before) == []


def test_next_year_starts_from_last_year_s_result(db, staff, kind):
    place = factories_cycle.quiet(kind)
    factories_credit.confirmed(place, "provincial_award", date(2026, 1, 20), staff)
    days = {"from_on": date(2026, 1, 1), "to_on": date(2026, 1, 31), "scheme": "thousand_points"}
    factories_cycle.published(staff, "样例一月", **days)
    assert facts("thousand_points", from_on=date(2026, 2, 1))[place.id]["prior_score"] == 1030
    assert facts("thousand_points", from_on=date(2026, 1, 31))[place.id]["prior_score"] is None
    second = factories_cycle.started(
        staff,
        "样例二月",
        from_on=date(2026, 2, 1),
        to_on=date(2026, 2, 28),
        scheme="thousand_points",
    )
    assert rated(second)[place.id].score == 1030


def served_since_2022(kind):
    place = factories.institution(kind)
    agreements.concluded(
        place, on=date(2022, 1, 10), term_from=date(2022, 1, 10), term_to=date(2027, 1, 9)
    )
    return place


def assessed(place, staff, *years):
    """Excellent in each of these years."""
    figures = {"assessment_passed": "1", "assessment_excellent": "1"}
    for year in years:
        factories_credit.confirmed(
            place, "annual_assessment", date(year, 12, 1), staff, figures=figures
        )


def levelled(staff, from_on, to_on):
    return factories_cycle.published(
        staff, f"样例{from_on}", from_on=from_on, to_on=to_on, scheme="points_and_years"
    )


def in_2025():
    """The facts of the year 2025, of which everything is known but its grade."""
    found = facts("points_and_years", from_on=date(2025, 1, 1), to_on=date(2025, 12, 31))
    return next(iter(found.values()))


def test_a_level_is_kept_until_two_years_and_two_excellent_assessments(db, staff, kind):
    """K-NT: C at first, not assessed; four years of service and no points reach A, but rising waits."""
    place = served_since_2022(kind)
    assessed(place, staff, 2024, 2025)
    years = [(date(year, 1, 1), date(year, 12, 31)) for year in (2023, 2024, 2025)]
    grades = [rated(levelled(staff, *year))[place.id].grade for year in years]
    # 2023 C; 2024: C for one year, one excellent, stays; 2025: C for two, two excellent, three years of service: A
    assert grades == ["C", "C", "A"]


def test_two_ratings_in_one_year_are_one_year_at_the_level(db, staff, kind):
    place = served_since_2022(kind)
    levelled(staff, date(2024, 1, 1), date(2024, 6, 30))
    levelled(staff, date(2024, 7, 1), date(2024, 12, 31))
    assessed(place, staff, 2024, 2025)
    assert (in_2025()["prior_level"], in_2025()["years_at_level"]) == (1, 1)
    third = factories_cycle.started(
        staff,
        "样例2025",
        from_on=date(2025, 1, 1),
        to_on=date(2025, 12, 31),
        scheme="points_and_years",
    )
    assert rated(third)[place.id].grade == "C"


def copied(row, **changed):
    """The same row once more, with some of its columns otherwise."""
    names = [one.key for one in inspect(type(row)).column_attrs if one.key != "id"]
    session.add(again := type(row)(**{name: getattr(row, name) for name in names} | changed))
    session.flush()
    return again


def repeated(cycle, months):
    """The same result in each of these months, as rows alone: what is read is what matters here."""
    rating = session.scalars(select(Rating).where(Rating.cycle_id == cycle.id)).one()
    for year, month in months:
        days = {"from_on": date(year, month, 1), "to_on": date(year, month, monthrange(year, month)[1])}  # fmt: skip
        copied(rating, cycle_id=copied(cycle, name=f"样例{year}-{month}", **days).id)


@pytest.mark.parametrize(("first", "years"), [((2023, 1), 2), ((2023, 2), 1)])
def test_monthly_ratings_prove_two_years_at_a_level(db, staff, kind, first, years):
    """K-NT: two years are two years, of twenty-four ratings as well as of two; one month less is one year."""
    place = served_since_2022(kind)
    last = levelled(staff, date(2024, 12, 1), date(2024, 12, 31))
    months = [(year, month) for year in (2023, 2024) for month in range(1, 13)]
    repeated(last, months[months.index(first) : -1])
    assert (in_2025()["prior_level"], in_2025()["years_at_level"]) == (1, years)
    assert in_2025()["prior_evidence"] == factories_cycle.letters_of(place)[-1].number


def restored(cycle, place, on):
    """To B, in force from that day."""
    rating = rated(cycle)[place.id]
    row = GradeChange(
        number=f"XB{on:%Y%m%d}", state="effective", state_since=on, rating_id=rating.id, institution_id=rating.institution_id, cause="restoration",
        from_grade="C", to_grade="B", reason="示例理由。", basis="示例依据", requested_on=on, effective_on=on,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.number


def test_the_level_in_force_counts_and_a_change_begins_its_years_anew(db, staff, kind):
    place = served_since_2022(kind)
    levelled(staff, date(2022, 1, 1), date(2022, 12, 31))
    second = levelled(staff, date(2023, 1, 1), date(2023, 12, 31))
    letter = factories_cycle.letters_of(place)[-1].number
    assert (in_2025()["prior_level"], in_2025()["years_at_level"]) == (1, 3)
    assert in_2025()["prior_evidence"] == letter
    number = restored(second, place, date(2024, 1, 1))
    assert (in_2025()["prior_level"], in_2025()["years_at_level"]) == (2, 1)
    assert in_2025()["prior_evidence"] == number


@pytest.mark.parametrize(
    ("on", "level", "years"),
    [
        (date(2023, 1, 1), 2, 2),
        (date(2023, 1, 2), 2, 1),
        (date(2025, 12, 31), 2, 0),
        (date(2026, 1, 1), 1, 3),  # in force only after the period
    ],
)
@pytest.mark.parametrize("kind", ["pharmacy"])
def test_years_at_a_level_are_full_years_up_to_the_first_day(db, staff, kind, on, level, years):
    place = served_since_2022(kind)
    last = levelled(staff, date(2022, 1, 1), date(2022, 12, 31))
    restored(last, place, on)
    assert (in_2025()["prior_level"], in_2025()["years_at_level"]) == (level, years)


def test_places_under_one_code_are_one_subject(db, staff, kind):
    """K-NM: the facts are gathered, the grade holds at each place."""
    first, second = factories_cycle.quiet(kind), factories_cycle.quiet(kind)
    second.uscc = first.uscc
    session.flush()
    for place in (first, second):
        factories_credit.confirmed(place, "city_award", date(2026, 3, 1), staff)
    assert [(key, row["city_awards"]) for key, row in facts("thousand_points").items()] == [
        (first.id, 2)
    ]
    cycle = factories_cycle.published(staff, scheme="thousand_points")
    assert list(rated(cycle)) == [first.id]
    known = published_ratings.latest([first.id, second.id], on=date(2026, 6, 30))
    assert known[first.id] == known[second.id] == "A级"


def test_practitioners_are_rated_by_points_promise_and_standing(db, staff, kind):
    place = factories_cycle.troubled(kind, staff)
    found = facts("practitioner")
    # five came, one left in January; points of the year: 3, 9 (suspended), last year's 2, 4 not confirmed
    assert sorted(row["year_points"] for row in found.values()) == [0, 0, 3, 9]
    assert [row["year_points"] for row in found.values() if row["suspended"]] == [9]
    cycle = published_of_persons(staff, "practitioner")
    rows = rated(cycle)
    # 60 less 5 a point, no promise, two years: 7, 20 for no record
    assert sorted(row.score for row in rows.values()) == [42, 72, 87, 87]
    assert all(row.practitioner_id and row.institution_id is None for row in rows.values())
    letters = session.query(Document).filter_by(kind="grade").all()
    assert {letter.institution_id for letter in letters} == {place.id}
    assert {letter.facts["addressee"] for letter in letters} == {row.name for row in rows.values()}
    assert published_ratings.latest([place.id], on=date(2026, 6, 30)) == {}


def test_a_person_is_found_by_name_and_by_group(db, staff, kind):
    factories_cycle.troubled(kind, staff)
    cycle = factories_cycle.started(staff, scheme="practitioner")
    mine = next(iter(rated(cycle).values()))
    found = ratings.entries(cycle, Asked(q=mine.name, words={}))
    assert mine.id in [entry.id for entry in found]
    assert ratings.entries(cycle, Asked(q="查无此人", words={})) == []
    group = ratings.entries(cycle, Asked(words={"peers": mine.peer_group}))
    assert len(group) == 4
    assert {entry.peers.label for entry in group} == {mine.peer_group}


def test_grades_of_persons_are_never_put_on_public_notice(db, staff, kind):
    factories_cycle.quiet(kind)
    cycle = factories_cycle.reviewed(
        factories_cycle.started(staff, scheme="legal_representative"), staff
    )
    with pytest.raises(Refused, match="个人信息，不向社会公示"):
        cycle_notices.announce(
            cycle, channel="门户网站", actor=staff[Role.CLERK], on=factories_cycle.ON
        )


def test_a_legal_representative_answers_for_what_happened_in_office(db, staff, kind):
    place, other = factories_cycle.troubled(kind, staff), factories_cycle.quiet(kind)
    held = session.query(Office).filter_by(role=OfficeRole.LEGAL_REPRESENTATIVE)
    mine = held.filter_by(institution_id=place.id).one()
    theirs = held.filter_by(institution_id=other.id).one()
    theirs.id_number, theirs.id_index = mine.id_number, mine.id_index  # one person, two places
    session.flush()
    (row,) = facts("legal_representative").values()
    assert (row["institutions_held"], row["violations_confirmed"]) == (2, 1)
    mine.from_on = date(2026, 3, 3)  # the day after the conduct was found
    session.flush()
    (row,) = facts("legal_representative").values()
    assert row["violations_confirmed"] == 0
    mine.from_on = date(2026, 3, 2)
    session.flush()
    cycle = published_of_persons(staff, "legal_representative")
    (rating,) = rated(cycle).values()
    assert (rating.score, rating.grade, rating.person_index) == (90, "excellent", mine.id_index)
    assert rating.subject_name == "样某某"


def sheet(*lines):
    head = "姓名,居民身份证号码,违规使用凭证,违规使用凭证认定文号,逾期未退回基金,退回通知文号,认定骗保,认定骗保文号"
    return FactFile("\n".join([head, *lines]).encode("utf-8"), "示例参保事实.csv")


def test_insured_persons_come_from_a_file_and_leave_an_index(db, staff):
    one, two = factories.id_number(700_101), factories.id_number(700_102)
    person = credit_information.Person(CreditSubject.INSURED_PERSON, "样甲某", one)
    factories_credit.confirmed(person, "slight", date(2026, 3, 1), staff)
    given = sheet(f"样甲某,{one},1,示认1号,,,否,", f"样乙某,{two},,,1000.01,示退1号；示退2号,,")
    cycle = factories_cycle.started(staff, scheme="insured_person", given=given)
    rows = rated(cycle)
    # 20 + 30 + 8 + 20; 40 + 0 + 30
    assert (rows[blind_index(one)].score, rows[blind_index(two)].score) == (78, 70)
    assert rows[blind_index(one)].name == f"样**（110****{one[-4:]}）"
    proved = {
        line["indicator"]: line["evidence"]
        for key in (one, two)
        for line in rows[blind_index(key)].lines
        if line["evidence"] and line["indicator"] in ("misuse", "overdue")
    }
    assert proved == {"misuse": ["示认1号"], "overdue": ["示退1号", "示退2号"]}
    kept = f"{cycle.facts}{[row.subject_name for row in rows.values()]}"
    assert not any(word in kept for word in (one, two, "样甲某"))
    assert cycles.differences(cycle) == []


@pytest.mark.once
def test_the_list_of_insured_persons_has_no_column_that_is_always_empty(app, db, staff):
    given = sheet(f"样甲某,{factories.id_number(700_101)},1,示认1号,,,否,")
    cycle = factories_cycle.started(staff, scheme="insured_person", given=given)
    db.commit()
    desk, here = client_for(app, staff[Role.CHIEF]), f"/ratings?view=list&cycle={cycle.id}"
    page = desk.get(here).text
    assert [word in page for word in ("医保编码</th>", "同类人员</th>", "样**")] == [
        False,
        False,
        True,
    ]
    head = desk.get(f"{here}&format=csv").data.decode("utf-8-sig").splitlines()[0]
    assert head.split(",") == ["名次", "姓名", "得分", "等级", "上期等级", "主要失分事项"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("样甲某,110101190001010010,1,示认1号,,,,", "证件号码不正确"),
        (",{id},1,示认1号,,,,", "没有姓名"),
        ("样甲某,{id},一次,示认1号,,,,", "违规使用凭证不正确"),
        ("样甲某,{id},-1,示认1号,,,,", "违规使用凭证不正确"),
        ("样甲某,{id},,,,,也许,", "认定骗保不正确"),
        ("样甲某,{id},1,,,,,", "没有写明违规使用凭证认定文号"),
        ("样甲某,{id},,,0.01,,,", "没有写明退回通知文号"),
        ("样甲某,{id},,,,,是,", "没有写明认定骗保文号"),
    ],
)
def test_a_wrong_row_refuses_the_whole_file(db, staff, line, why):
    number = factories.id_number(700_103)
    with pytest.raises(Refused, match=f"第 2 行.*{why}") as refused:
        factories_cycle.started(staff, scheme="insured_person", given=sheet(line.format(id=number)))
    assert number not in refused.value.why


def test_without_a_file_and_with_one_for_others_the_cycle_is_refused(db, staff, kind):
    factories_cycle.quiet(kind)
    with pytest.raises(Refused, match="没有参保人员的名册"):
        factories_cycle.started(staff, scheme="insured_person")
    with pytest.raises(Refused, match="不收事实表"):
        factories_cycle.started(staff, given=sheet("样甲某,x,1,示认1号,,,,"))
