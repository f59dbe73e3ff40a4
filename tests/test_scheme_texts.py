"""Whole schemes: handed in as a file, compared with the edition in force, revised on a page, approved by another."""

from __future__ import annotations

import io
from datetime import date

import pytest

from actions import scheme_drafts, work_items
from database import session
from models import SchemeDraft
from queries import scheme_drafts as ask
from queries import schemes, what_ifs
from rules.permissions import Denied, Role
from rules.refusal import Refused
from scoring import catalogue, own_schemes, places, wording
from scoring import changes as change
from scoring.reading import SchemeError
from tests import factories_cycle
from tests.web import client_for, post

ON = factories_cycle.ON
TEXT = catalogue.text("county_four_grades")


def told(text):
    with pytest.raises(SchemeError) as caught:
        own_schemes.load(text)
    return [(line, problem.why) for line, problem in caught.value.problems]


# --- the writing itself ------------------------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (TEXT + "x: 2026-02-30\n", TEXT.count("\n") + 1, "“2026-02-30”不是存在的日期"),
        (TEXT + "x: !!python/object:os.system {}\n", TEXT.count("\n") + 1, "不能使用标签"),
        ("a: 1\nb: \x07\n", 2, "控制字符"),
        ("a: &a [*a]\n", 1, "层层套用"),
        ("a: " + "[" * 5000 + "]" * 5000 + "\n", 1, "嵌套过深"),
        ("? [a, b]\n: 1\n", 1, "冒号前面不是一个词"),
        ("- 1\n", 1, "“字段: 内容”"),
        ("", 1, "“字段: 内容”"),
        ("<<: 3\na: 1\n", 1, "读不下去"),
        ("key:\n", 1, "“key”没有填写"),
        ("a: 1\n" * 100_000, 1, "超过40万字"),
    ],
)  # fmt: skip
def test_writing_that_cannot_be_read_names_its_line_and_neither_hangs_nor_crashes(text, line, why):
    assert any(at == line and why in words for at, words in told(text)), told(text)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("key: county_four_grades", "key: County@2027", "只能用小写字母"),
        ("key: county_four_grades", "key: hvbp_fy2024", "检验用的公布方案"),
        ("key: institution", "key: Facility ID", "不是本系统的信用主体"),
        ("column: peer_group", "column: town", "没有列“town”"),
        ('edition: "2026"', f'edition: "{"二" * 33}"', "超过32个字"),
    ],
)
def test_what_the_house_cannot_rate_by_is_told_with_its_line(old, new, why):
    assert TEXT.count(old) == 1
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    assert [at for at, words in told(TEXT.replace(old, new)) if why in words] == [line]


@pytest.mark.pure
def test_every_scheme_of_the_house_can_be_handed_in_as_it_is():
    for one in catalogue.startable():
        assert own_schemes.load(catalogue.text(one.key)) == one


@pytest.mark.pure
def test_two_schemes_differ_in_words_row_by_row():
    text = TEXT.replace("full: 20, per: 5}", "full: 20, per: 8}").replace(
        "label: 认定欺诈骗保", "label: 认定骗保"
    )
    before, after = catalogue.parsed(TEXT), catalogue.parsed(text)
    found = wording.differences(before, after)
    vetoes = [(one.what, one.column) for one in found if one.section == "一票否决"]
    assert vetoes == [("认定骗保", "整行"), ("认定欺诈骗保", "整行")]
    (deducted,) = [one for one in found if one.column == "计分办法"]
    assert ("每件扣5分" in deducted.before, "每件扣8分" in deducted.after) == (True, True)
    assert wording.differences(before, before) == []


@pytest.mark.pure
@pytest.mark.parametrize(
    ("key", "path", "value", "label"),
    [
        ("county_four_grades", "uses.inspection_ratio.values.2021-05-01.good", "25", "双随机抽查比例（2021-05-01 起）：良好（%）"),
        ("county_four_grades", "uses.renewal.values.2021-02-01.good", "rectify", "续签建议（2021-02-01 起）：良好"),
        ("validity_850", "sources.credit_records.tallies.slight.months", "18", "轻微失信：有效月数"),
    ],
)  # fmt: skip
def test_what_a_grade_leads_to_and_how_long_an_event_counts_are_numbers_like_any_other(
    key, path, value, label
):
    text = catalogue.text(key)
    known = {one.path: one for one in places.places(catalogue.parsed(text))}
    assert known[path].label == label
    if known[path].options:
        value = next(word for word, _ in known[path].options if word != known[path].value)
    after = catalogue.parsed(change.changed(text, {path: value}))
    (one,) = change.differences(catalogue.parsed(text), after)
    assert (one.place.path, {p.path: p.value for p in places.places(after)}[path]) == (path, value)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("key", "path", "value", "why"),
    [
        ("county_four_grades", "uses.inspection_ratio.values.2021-05-01.good", "100.5", "百分比“100.5”不对"),
        ("county_four_grades", "uses.renewal.values.2021-02-01.good", "perhaps", "不能是“perhaps”"),
        ("validity_850", "sources.credit_records.tallies.slight.months", "0", "不得小于1"),
        ("validity_850", "sources.credit_records.tallies.slight.months", "1.5", "应为整数"),
    ],
)  # fmt: skip
def test_senseless_uses_and_months_are_refused_in_words(key, path, value, why):
    with pytest.raises(change.ChangeError, match=why):
        change.changed(catalogue.text(key), {path: value})


# --- the draft ---------------------------------------------------------------------------------------


def uploaded(staff, text=TEXT, name="整份方案", **more):
    given = {"actor": staff[Role.CLERK], "on": ON, **more}
    return scheme_drafts.upload(text, "甲.yaml", name, "示例理由。", **given)


@pytest.mark.once
def test_a_whole_scheme_waits_for_another_and_then_starts_a_cycle(db, staff):
    row = uploaded(staff, TEXT.replace("full: 20, per: 5}", "full: 20, per: 8}"))
    assert (row.cycle, row.changes, row.scheme, row.state) == (
        None,
        {},
        "county_four_grades",
        "draft",
    )
    assert [one.column for one in ask.wordings(row)] == ["计分办法"]
    scheme_drafts.submit(row, actor=staff[Role.CLERK], on=ON)
    words = {"edition": "本地1", "in_force_on": ON, "minutes": "示例记录。", "on": ON}
    scheme_drafts.adopt(row, actor=staff[Role.BUREAU], **words)
    session.flush()
    region = row.pooling_region
    assert schemes.text("county_four_grades@本地1", region, on=ON) == row.scheme_text
    assert schemes.in_force("county_four_grades", region, on=ON) == row.scheme_text
    factories_cycle.quiet("hospital")
    cycle = factories_cycle.started(staff, scheme="county_four_grades@本地1")
    assert (cycle.edition, cycle.scheme_text) == ("本地1", row.scheme_text)
    # the next one is compared with this edition, and tried on that cycle
    again = uploaded(staff, TEXT, "又一份")
    assert (again.base_text, again.cycle) == (row.scheme_text, cycle)
    scheme_drafts.submit(again, actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Refused, match="已经有本地1版"):
        scheme_drafts.adopt(again, actor=staff[Role.BUREAU], **words)


@pytest.mark.once
def test_an_unchanged_default_can_be_approved_and_a_new_key_has_nothing_before_it(db, staff):
    row = uploaded(staff)
    assert ask.differences(row) == []
    new = uploaded(staff, TEXT.replace("key: county_four_grades", "key: own_scheme"), "新方案")
    assert (new.base_text, ask.wordings(new)) == ("", [])


@pytest.mark.once
def test_a_draft_is_revised_until_it_is_submitted(db, staff):
    row = uploaded(staff)
    path = "uses.inspection_ratio.values.2021-05-01.good"
    assert scheme_drafts.revise(row, {path: "25"}, actor=staff[Role.CHIEF], on=ON) == 1
    assert [one.after for one in ask.differences(row)] == ["25"]
    with pytest.raises(Refused, match="没有改动"):
        scheme_drafts.revise(row, {path: "25.0"}, actor=staff[Role.CLERK], on=ON)
    scheme_drafts.submit(row, actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Refused, match="已经提交"):
        scheme_drafts.revise(row, {path: "30"}, actor=staff[Role.CLERK], on=ON)
    with pytest.raises(Denied):
        scheme_drafts.revise(row, {path: "30"}, actor=staff[Role.LEADER], on=ON)


@pytest.mark.once
def test_a_tried_draft_keeps_its_changes_when_it_is_revised(db, staff):
    factories_cycle.quiet("hospital")
    cycle = factories_cycle.started(staff)
    first = {"domains.conditions.weight": "35", "domains.fund_use.weight": "20"}
    row = scheme_drafts.draft(cycle, "甲", first, "示例。", actor=staff[Role.CLERK], on=ON)
    more = {"grades.good.at_least": "85", "domains.conditions.weight": "15"}
    scheme_drafts.revise(row, more, actor=staff[Role.CLERK], on=ON)
    assert row.changes == {"domains.fund_use.weight": "20", "grades.good.at_least": "85"}
    again = what_ifs.tried(cycle, row.changes).trial.after.results
    assert what_ifs.by_text(cycle, row.scheme_text).trial.after.results.equals(again)


@pytest.mark.once
def test_a_veto_switched_off_in_a_draft_is_switched_on_again_on_its_page(app, db, staff):
    factories_cycle.quiet("hospital")
    cycle = factories_cycle.started(staff)
    first, second = catalogue.parsed(cycle.scheme_text).vetoes[:2]
    off = {f"vetoes.{first.key}": "off", f"vetoes.{second.key}": "off"}
    row = scheme_drafts.draft(cycle, "甲", off, "示例。", actor=staff[Role.CLERK], on=ON)
    kept = {veto.key for veto in catalogue.parsed(row.scheme_text).vetoes}
    assert not {first.key, second.key} & kept
    db.commit()
    client, here = client_for(app, staff[Role.CLERK]), f"/schemes/drafts/{row.id}/numbers"
    assert f'name="vetoes.{first.key}"' in client.get(here).text
    with pytest.raises(Refused, match="没有改动"):
        scheme_drafts.revise(row, off, actor=staff[Role.CLERK], on=ON)
    answer = post(client, here, **{**off, f"vetoes.{first.key}": "on"})
    assert answer.status_code == 303, answer.text
    db.expire_all()
    assert row.changes == {f"vetoes.{second.key}": "off"}
    assert catalogue.parsed(row.scheme_text).vetoes == tuple(
        veto for veto in catalogue.parsed(cycle.scheme_text).vetoes if veto.key != second.key
    )
    assert (
        scheme_drafts.revise(row, {f"vetoes.{second.key}": "on"}, actor=staff[Role.CLERK], on=ON)
        == 1
    )
    assert (row.changes, ask.differences(row)) == ({}, [])


@pytest.mark.once
def test_a_submitted_draft_waits_on_the_desk_of_the_bureau(app, db, staff):
    row = uploaded(staff)
    scheme_drafts.submit(row, actor=staff[Role.CLERK], on=ON)
    db.commit()
    client = client_for(app, staff[Role.BUREAU])
    page = client.get("/worklist").text
    assert (row.name in page, f"/schemes/drafts/{row.id}" in page, "审批方案" in page) == (
        True,
    ) * 3
    assert client.get("/worklist?format=csv").status_code == 200
    scheme_drafts.take_back(row, actor=staff[Role.CLERK], on=ON)
    assert work_items.of(row) is None


@pytest.mark.once
def test_a_scheme_that_asks_for_more_is_tried_with_empty_facts_and_other_items(db, staff):
    factories_cycle.quiet("hospital")
    cycle = factories_cycle.started(staff)
    more = (
        TEXT.replace("facts:\n", "facts:\n  - {column: brand_new, label: 新事实, unit: 次}\n", 1)
        .replace("fact: violations_confirmed", "fact: brand_new")
        .replace("key: confirmed_cases", "key: other_cases")
    )
    row = uploaded(staff, more)
    assert row.cycle is cycle
    assert what_ifs.lacking(cycle, row.scheme_text) == ["新事实"]
    found = what_ifs.by_text(cycle, row.scheme_text)
    assert all(one.reason for one in what_ifs.everyone(found))
    assert ask.unsourced(found.scheme)[0] == "新事实"


# --- the pages ---------------------------------------------------------------------------------------


def handed_in(client, content, **more):
    given = {"name": "整份方案", "purpose": "示例理由。", "file": (io.BytesIO(content), "甲.yaml")}
    return post(client, "/schemes/drafts/new", **{**given, **more})


@pytest.mark.once
def test_faults_are_listed_beside_their_line_and_the_text_stays_to_be_put_right(app, db, staff):
    db.commit()
    client = client_for(app, staff[Role.CLERK])
    wrong = TEXT.replace("weight: 20}", "weight: 0}").replace("mode: half_up", "mode: nearest")
    answer = handed_in(client, wrong.encode("gb18030"))
    assert answer.status_code == 400
    assert "方案有 2 处须改正，没有保存" in answer.text
    assert "“weight”须大于0，现为0" in answer.text
    assert "operator: deduct" in answer.text  # the whole text, in its box
    assert db.query(SchemeDraft).count() == 0
    answer = handed_in(client, b"\0\x01\x02\xff", name="二进制")
    assert "不是文本文件" in answer.text
    answer = post(client, "/schemes/drafts/new", name="甲", purpose="乙")
    assert "没有选择方案文件" in answer.text


@pytest.mark.once
def test_the_file_taken_away_comes_back_and_is_shown_compared_and_approved(app, db, staff):
    factories_cycle.quiet("hospital")
    factories_cycle.started(staff)
    db.commit()
    clerk, bureau = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.BUREAU])
    text = clerk.get("/schemes/county_four_grades/yaml").data.decode()
    assert text == TEXT
    answer = handed_in(clerk, text.replace("full: 20, per: 5}", "full: 20, per: 8}").encode())
    path = answer.headers["Location"]
    page = clerk.get(path).text
    assert ("每件扣5分" in page, "每件扣8分" in page, "等级迁移" in page) == (True, True, True)
    assert "每件扣8分" in clerk.get(f"{path}/text").text
    numbers = clerk.get(f"{path}/numbers").text
    assert 'name="uses.inspection_ratio.values.2021-05-01.good" value="20"' in numbers
    row = db.query(SchemeDraft).filter(SchemeDraft.file != "").one()
    wrong = {"version": row.version, "uses.inspection_ratio.values.2021-05-01.good": "200"}
    assert "百分比“200.0”不对" in post(clerk, f"{path}/numbers", **wrong).text
    right = {"version": row.version, "uses.inspection_ratio.values.2021-05-01.good": "25"}
    assert post(clerk, f"{path}/numbers", **right).status_code == 303
    assert "25%" in clerk.get(path).text
    db.expire_all()
    post(clerk, f"{path}/submit", version=row.version)
    db.expire_all()
    words = {"edition": "2027", "in_force_on": "2026-07-01", "minutes": "示例记录。"}
    answer = post(bureau, f"{path}/adopt", **words, version=row.version)
    db.expire_all()
    assert (answer.status_code, row.state, row.in_force_on) == (303, "adopted", date(2026, 7, 1))
    assert "25" in bureau.get(f"{path}/yaml").data.decode()
    assert bureau.get("/schemes/drafts/new").status_code == 403
