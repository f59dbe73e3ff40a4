"""约谈: called, postponed, missed, held, filed — for a hospital and for a pharmacy."""

from datetime import date

import pytest

from actions import letters, talks, work_items
from actions.materials import Upload
from queries import talks as ask
from rules import talks as rule
from rules.permissions import Denied, Role
from rules.refusal import Refused
from rules.talks import Person
from tests import factories

TOLD = date(2026, 6, 15)  # a Monday
FIRST = date(2026, 6, 18)  # 3 working days later; the 19th to 21st are 端午
SIGNED = Upload("签字件.pdf", b"%PDF-1.7 sample", "application/pdf")
STAFF = [Person("稽核甲", "稽核岗"), Person("经办乙", "经办岗")]
OWNER = Person("样例甲", "法定代表人")


def called(kind, staff, *, planned_on=FIRST, on=TOLD, source=("violation", 7), who=(OWNER,)):
    return talks.call(
        factories.institution(kind),
        source=source,
        called=who,
        reason="检查发现收费记录不全。",
        basis="《示例》第一条",
        planned_on=planned_on,
        planned_time="上午9时",
        place="二楼会议室",
        actor=staff[Role.INSPECTOR],
        on=on,
    )


def held(talk, staff, *, on=FIRST, came=None, by=STAFF, minutes="指出问题，对方承诺改正。"):
    present = [one.id for one in talk.called] if came is None else came
    return talks.hold(
        talk, held_on=on, came=present, staff=by, minutes=minutes, demands="限期改正。",
        actor=staff[Role.INSPECTOR], on=on,
    )  # fmt: skip


@pytest.mark.law("P3-35", "M2-38")
def test_the_first_step_of_the_ladder_is_a_talk_with_its_article(kind):
    family = "pharmacy" if kind == "pharmacy" else "medical"
    assert (
        rule.step(TOLD, family).article
        == {
            "pharmacy": "第三十五条第一项",
            "medical": "第三十八条第一项",
        }[family]
    )


def test_a_talk_from_notice_to_file(db, staff, kind):
    talk = called(kind, staff)
    notice = letters.of(talk, "talk_notice")[0]
    assert notice.facts["called"] == ["法定代表人样例甲"]
    assert notice.facts["planned_on"] == "2026-06-18"
    assert work_items.of(talk).due_on == FIRST
    assert ask.open_of(("violation", 7)) == [talk]
    record = held(talk, staff)
    assert (talk.state, talk.held_on) == ("held", FIRST)
    assert record.facts["staff"] == ["稽核岗稽核甲", "经办岗经办乙"]
    with pytest.raises(Refused, match="签字"):
        talks.file(talk, None, actor=staff[Role.INSPECTOR], on=FIRST)
    talks.file(talk, SIGNED, actor=staff[Role.CLERK], on=FIRST)
    db.flush()
    assert (talk.state, talk.file_name) == ("filed", "签字件.pdf")
    assert work_items.of(talk) is None
    assert ask.open_of(("violation", 7)) == []
    assert ask.of(("violation", 7)) == [talk]


@pytest.mark.parametrize(("planned", "allowed"), [(16, False), (17, False), (18, True), (22, True)])
def test_the_notice_reaches_three_working_days_ahead(db, staff, kind, planned, allowed):
    day = date(2026, 6, planned)
    if allowed:
        assert called(kind, staff, planned_on=day).planned_on == day
        return
    with pytest.raises(Refused) as refused:
        called(kind, staff, planned_on=day)
    assert "2026-06-18" in refused.value.why
    assert "请按本地文件核对" in refused.value.basis


@pytest.mark.parametrize("who", [(), (Person("", "法定代表人"),), (OWNER, OWNER)])
def test_somebody_is_called_by_name_and_capacity_and_once(db, staff, who):
    with pytest.raises(Refused, match=r"被约谈人员|约谈谁"):
        called("pharmacy", staff, who=who)


def test_whoever_may_not_call_is_denied(db, staff):
    with pytest.raises(Denied):
        called("hospital", staff | {Role.INSPECTOR: staff[Role.LEADER]})


def test_a_postponed_talk_is_told_anew_with_the_day_it_was_planned_for(db, staff, kind):
    talk = called(kind, staff)
    later = date(2026, 7, 1)
    letter = talks.postpone(
        talk, planned_on=later, reason="对方出差。", actor=staff[Role.CLERK], on=FIRST
    )
    assert (talk.state, talk.planned_on) == ("called", later)
    assert letter.facts["moved_from"] == "2026-06-18"
    assert work_items.of(talk).due_on == later
    assert len(letters.of(talk, "talk_notice")) == 2


def test_nobody_came_is_noted_from_the_day_on_and_the_talk_is_called_again_or_filed(
    db, staff, kind
):
    talk = called(kind, staff)
    inspector = staff[Role.INSPECTOR]
    with pytest.raises(Refused, match="日期未到"):
        talks.miss(talk, remark="没有来。", actor=inspector, on=date(2026, 6, 17))
    talks.miss(talk, remark="电话通知后没有来。", actor=inspector, on=FIRST)
    assert (talk.state, [one.came for one in talk.called]) == ("missed", [False])
    talks.postpone(talk, planned_on=date(2026, 7, 1), reason="再约。", actor=inspector, on=FIRST)
    assert [one.came for one in talk.called] == [None]
    talks.miss(talk, remark="仍然没有来。", actor=inspector, on=date(2026, 7, 1))
    talks.file_missed(talk, remark="两次通知均未到场。", actor=inspector, on=date(2026, 7, 1))
    db.flush()
    assert (talk.state, talk.held_on) == ("filed", None)


def test_a_talk_is_held_by_two_with_one_of_those_called(db, staff, kind):
    talk = called(kind, staff)
    with pytest.raises(Refused, match="不得少于 2 人"):
        held(talk, staff, by=STAFF[:1])
    with pytest.raises(Refused, match="无人到场"):
        held(talk, staff, came=[])
    with pytest.raises(Refused, match="约谈记录"):
        held(talk, staff, minutes=" ")
    assert talk.state == "called"


def test_who_failed_to_come_stands_in_the_record(db, staff, kind):
    deputy = Person("样例乙", "医保负责人")
    talk = called(kind, staff, who=(OWNER, deputy))
    record = held(talk, staff, came=[talk.called[0].id])
    assert record.facts["came"] == ["法定代表人样例甲"]
    assert record.facts["absent"] == ["医保负责人样例乙"]


def test_only_the_head_of_the_section_calls_a_talk_off_and_says_why(db, staff, kind):
    talk = called(kind, staff)
    with pytest.raises(Denied):
        talks.cancel(talk, reason="不需要。", actor=staff[Role.INSPECTOR], on=FIRST)
    with pytest.raises(Refused, match="理由"):
        talks.cancel(talk, reason=" ", actor=staff[Role.CHIEF], on=FIRST)
    talks.cancel(talk, reason="案件已经撤销。", actor=staff[Role.CHIEF], on=FIRST)
    assert talk.state == "cancelled"


def test_a_signed_record_is_a_file_we_take(db, staff):
    talk = called("hospital", staff)
    held(talk, staff)
    wrong = Upload("记录.exe", b"MZ", "application/octet-stream")
    with pytest.raises(Refused, match="可以接收"):
        talks.file(talk, wrong, actor=staff[Role.CLERK], on=FIRST)
