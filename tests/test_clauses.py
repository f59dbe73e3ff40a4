"""The model agreement as dated clauses: what is used on a day, what changed, who still holds the old wording."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import regulations
from actions import local_clauses
from database import session
from queries import agreement_texts, old_clauses
from queries.paging import Asked
from regulations import clauses as model
from rules import clause_library, clauses, differences, drafting
from rules.agreement_forms import AgreementForm
from rules.kinds import InstitutionKind
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made
from tests import factories_negotiation as table
from tests.conftest import TODAY
from tests.web import client_for, post

OLD, NEW = (
    date(2025, 12, 31),
    date(2026, 1, 1),
)  # the last day of one edition, the first of the next
KINDS = {
    "hospital": InstitutionKind.GENERAL_HOSPITAL,
    "pharmacy": InstitutionKind.RETAIL_PHARMACY,
}
pure = pytest.mark.pure


def text(kind, day, form=AgreementForm.MAIN, **more):
    terms = clauses.Terms(day, day + timedelta(days=364), "XY2026000001", "示例互联网医院")
    return clauses.by_key(clauses.on_day(day, KINDS.get(kind, kind), form, terms, **more))


@pure
def test_every_clause_cites_a_source_that_was_in_force_and_no_key_is_used_twice():
    found = model.clauses()
    assert len({one.key for one in found}) == len(found)
    for clause in found:
        assert clause.citations, clause.key
        for cited in clause.citations.values():
            source = regulations.sources()[cited.source]
            assert source.in_force(clause.wordings[0].since), clause.key
        assert clause.kinds <= set(InstitutionKind), clause.key


@pure
def test_wordings_of_a_clause_follow_one_another_without_overlap():
    for clause in model.clauses():
        for first, second in zip(clause.wordings, clause.wordings[1:], strict=False):
            assert first.until + timedelta(days=1) == second.since, clause.key


@pure
@pytest.mark.parametrize("day", [date(2021, 2, 1), date(2024, 7, 31), OLD, NEW, TODAY])
@pytest.mark.parametrize("kind", InstitutionKind)
def test_a_text_can_be_drawn_up_for_every_kind_on_every_edition_without_open_blanks(kind, day):
    for form in AgreementForm:
        for line in text(kind, day, form).values():
            assert "{" not in line["text"], line


@pure
@pytest.mark.parametrize(
    ("family", "titles"),
    [
        ("hospital", ["总则", "人员与管理", "医疗服务", "费用申报与结算"]),
        ("pharmacy", ["总则", "人员与管理", "药械服务", "费用申报与结算"]),
    ],
)
def test_the_chapters_stand_in_the_order_of_the_agreement(family, titles):
    terms = clauses.Terms(TODAY, TODAY)
    found = clauses.on_day(TODAY, KINDS[family], AgreementForm.MAIN, terms)
    assert [one["title"] for one in found][:4] == titles
    assert found[-1]["title"] == "争议处理与附则"
    numbers = [c["number"] for one in found for c in one["clauses"]]
    assert numbers == list(range(1, len(numbers) + 1))


@pure
def test_the_edition_of_2026_changes_adds_and_removes_from_its_first_day(kind):
    before, after = text(kind, OLD), text(kind, NEW)
    assert ("A04" in before, "A04" in after) == (True, False)  # half-yearly reports end
    assert ("A05" in before, "A05" in after) == (False, True)  # quarterly ones begin
    assert ("M06" in before, "M06" in after) == (False, True)
    assert before["G03"]["text"] != after["G03"]["text"]
    assert before["G01"]["text"] == after["G01"]["text"]


@pure
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("military_hospital", "G06"),
        ("care_home_clinic", "M07"),
        ("village_clinic", "M08"),
    ],
)
def test_a_finer_kind_has_its_own_clauses(kind, key):
    assert key in text(InstitutionKind(kind), TODAY)
    assert key not in text("hospital", TODAY)
    assert key not in text("pharmacy", TODAY)


@pure
def test_fixed_and_annual_part_together_hold_every_clause_of_the_whole():
    whole = set(text("hospital", TODAY))
    fixed = set(text("hospital", TODAY, AgreementForm.FIXED))
    annual = set(text("hospital", TODAY, AgreementForm.ANNUAL))
    assert whole <= fixed | annual
    assert fixed & annual == {"D02", "D03"}  # the term and the copies stand in both
    assert "U05" in annual - whole


@pure
def test_a_wording_that_did_not_change_is_no_difference_and_one_that_did_is_named(kind):
    moved = clauses.differing(KINDS[kind], AgreementForm.MAIN, OLD, NEW)
    assert {"G03", "I02", "M06", "A04", "A05"} <= set(moved)
    assert clauses.differing(KINDS[kind], AgreementForm.MAIN, NEW, TODAY) == []


@pure
@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("提前三日告知", "提前三日告知", [("same", "提前三日告知")]),
        ("每半年报告一次", "每季度报告一次", [("same", "每"), ("old", "半年"), ("new", "季度"), ("same", "报告一次")]),
        ("提前30日", "提前5日", [("same", "提前"), ("old", "30"), ("new", "5"), ("same", "日")]),
        ("", "新增。", [("new", "新增。")]),
        ("删去。", "", [("old", "删去。")]),
        ("甲乙，丁", "甲丑，寅", [("same", "甲"), ("old", "乙，丁"), ("new", "丑，寅")]),
    ],
)  # fmt: skip
def test_words_are_compared_by_sign_and_number(old, new, pieces):
    found = differences.words(old, new)
    assert [(one.op, one.text) for one in found] == pieces
    assert "".join(one.text for one in found if one.op != "new") == old
    assert "".join(one.text for one in found if one.op != "old") == new


@pure
def test_a_mandatory_clause_is_locked_with_its_source_and_a_local_one_is_not(kind):
    terms = clauses.Terms(TODAY, TODAY)
    chapters = clauses.on_day(TODAY, KINDS[kind], AgreementForm.MAIN, terms)
    with pytest.raises(Refused, match="执行国家规定") as refused:
        drafting.with_text(chapters, "T01", "不再适用。", "样例")
    assert "《" in refused.value.basis
    changed = drafting.with_text(chapters, "A05", "每月报告一次。", "样例理由")
    assert clauses.by_key(changed)["A05"]["text"] == "每月报告一次。"
    assert clauses.by_key(chapters)["A05"]["text"] != "每月报告一次。"  # the old draft stays
    with pytest.raises(Refused, match="没有这一条款"):
        drafting.with_text(chapters, "Z99", "样例", "样例")
    with pytest.raises(Refused, match="没有变化"):
        drafting.with_text(changed, "A05", "每月报告一次。", "样例理由")


@pure
def test_the_library_shows_the_wording_of_the_day_asked_for():
    assert "A04" in {one.key for one in clause_library.entries(OLD)}
    assert "A04" not in {one.key for one in clause_library.entries(NEW)}
    assert {str(one.rank) for one in clause_library.entries(TODAY, rank="local")} == {"local"}
    steps = clause_library.history("G03")
    assert [step.since for step in steps] == [NEW, date(2021, 2, 1)]
    assert {piece.op for piece in steps[0].pieces} == {"same", "old", "new"}


# clauses of the pooling region


def test_a_local_clause_enters_new_agreements_after_another_person_approved_it(db, staff, kind):
    row = table.local(staff, on=TODAY, approved=False)
    found, _ = table.negotiating(kind, staff, on=TODAY)
    assert row.key not in clauses.by_key(found.chapters)
    with pytest.raises(Denied):
        local_clauses.review(row, approved=True, answer="同意", actor=staff[Role.CLERK], on=TODAY)
    local_clauses.review(row, approved=True, answer="同意", actor=staff[Role.REVIEWER], on=TODAY)
    later, _ = table.negotiating(kind, staff, on=TODAY)
    assert clauses.by_key(later.chapters)[row.key]["text"] == row.text
    with pytest.raises(Refused, match="不能再次审批"):
        local_clauses.review(row, approved=False, answer="否", actor=staff[Role.REVIEWER], on=TODAY)


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_local_clause_is_used_from_its_first_to_its_last_day(db, staff, kind, shift):
    since, until = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
    row = local_clauses.propose(
        table.wording(since, until=until), actor=staff[Role.CLERK], on=TODAY
    )
    local_clauses.review(row, approved=True, answer="同意", actor=staff[Role.REVIEWER], on=TODAY)
    found = made.concluded(factories.institution(kind))
    session.commit()
    first = clauses.by_key(agreement_texts.drawn_up(found, on=since + timedelta(days=shift)))
    last = clauses.by_key(agreement_texts.drawn_up(found, on=until + timedelta(days=shift)))
    assert (row.key in first, row.key in last) == (shift >= 0, shift <= 0)


def test_the_region_replaces_a_local_wording_but_never_a_national_one(db, staff, kind):
    with pytest.raises(Refused, match="执行国家规定") as refused:
        table.local(staff, on=TODAY, key="T01", chapter="ending")
    assert "《" in refused.value.basis
    table.local(staff, on=TODAY, key="A05", text="每月报告一次自查情况。")
    found, _ = table.negotiating(kind, staff, on=TODAY)
    assert clauses.by_key(found.chapters)["A05"]["text"] == "每月报告一次自查情况。"


@pytest.mark.parametrize(
    "change",
    [{"text": " "}, {"basis": ""}, {"reason": ""}, {"chapter": "nowhere"}, {"since": TODAY - timedelta(days=1)},
     {"until": TODAY - timedelta(days=1)}],
)  # fmt: skip
def test_a_local_clause_without_source_reason_or_with_days_that_passed_is_refused(
    db, staff, change
):
    with pytest.raises(Refused):
        local_clauses.propose(
            table.wording(**{"since": TODAY, **change}), actor=staff[Role.CLERK], on=TODAY
        )


def test_a_region_does_not_see_the_clauses_of_another(app, staff):
    row = table.local(staff, on=TODAY)
    session.commit()
    elsewhere = client_for(app, factories.actor(Role.CLERK, region="990999"))
    assert elsewhere.get(f"/clauses/{row.key}").status_code == 404
    assert client_for(app, staff[Role.CLERK]).get(f"/clauses/{row.key}").status_code == 200


# who still holds the old clause


@pytest.mark.parametrize(("text_on", "holds"), [(OLD, True), (NEW, False)])
def test_an_agreement_drawn_up_before_the_edition_holds_the_old_clause(
    db, staff, kind, text_on, holds
):
    found = made.concluded(factories.institution(kind))
    found.text_on = text_on
    session.flush()
    clerk = staff[Role.CLERK]
    rows, _ = old_clauses.page(clerk, Asked(words={}), on=TODAY)
    assert [row.id for row in rows] == ([found.id] if holds else [])
    rows, _ = old_clauses.page(clerk, Asked(words={"clause": "G03"}), on=TODAY)
    assert [row.id for row in rows] == ([found.id] if holds else [])
    rows, _ = old_clauses.page(clerk, Asked(words={"clause": "G01"}), on=TODAY)
    assert rows == []


@pytest.mark.parametrize("shift", [0, 1])
def test_an_agreement_whose_term_is_over_holds_nothing_any_more(db, staff, kind, shift):
    found = made.concluded(factories.institution(kind))
    day = found.term_to + timedelta(days=shift)
    rows, _ = old_clauses.page(staff[Role.CLERK], Asked(words={}), on=day)
    assert bool(rows) is (shift == 0)


def test_a_new_local_wording_makes_earlier_agreements_hold_the_old_one(db, staff, kind):
    found = made.concluded(factories.institution(kind), on=NEW)
    family = found.institution.kind.family
    other = "medical" if family == "pharmacy" else "pharmacy"
    table.local(staff, on=TODAY, family=other)
    assert old_clauses.total(staff[Role.CLERK], on=TODAY) == 0
    row = table.local(staff, on=TODAY, family=family)
    rows, _ = old_clauses.page(staff[Role.CLERK], Asked(words={"clause": row.key}), on=TODAY)
    assert [(one.id, one.keys) for one in rows] == [(found.id, (row.key,))]


def test_the_list_of_old_clauses_is_exported_and_stays_in_the_region(app, staff, kind):
    found = made.concluded(factories.institution(kind))
    session.commit()
    sheet = client_for(app, staff[Role.CLERK]).get("/clauses/holders?format=csv&clause=G03")
    assert found.number in sheet.get_data(as_text=True)
    elsewhere = client_for(app, factories.actor(Role.CLERK, region="990999"))
    assert found.number not in elsewhere.get("/clauses/holders").text


def test_a_clause_is_entered_and_approved_on_its_pages(app, staff):
    clerk, reviewer = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.REVIEWER])
    given = {
        "chapter": "assessment", "family": "", "text": "样例条款内容。", "basis": "样例文件", "reason": "样例",
        "since": TODAY.isoformat(),
    }  # fmt: skip
    assert post(clerk, "/clauses/new", **{**given, "since": ""}).status_code == 400
    assert post(clerk, "/clauses/new", **given).status_code == 303
    assert post(reviewer, "/clauses/new", **given).status_code == 403
    assert "等待复核岗批准" in clerk.get("/clauses/L001").text
    answer = {"result": "approved", "answer": "同意"}
    assert post(clerk, "/clauses/local/1/review", **answer).status_code == 403
    silent = post(reviewer, "/clauses/local/1/review", answer="同意", version=1)
    assert (silent.status_code, "没有选择处理结论" in silent.text) == (409, True)
    assert post(reviewer, "/clauses/local/1/review", **answer, version=1).status_code == 303
    assert "已批准" in clerk.get("/clauses/L001").text
