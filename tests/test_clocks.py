"""Statutory clocks against cases people can read, and against a count by hand written a second time."""

import json
import random
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
import yaml

from rules import clocks, workdays
from rules.clocks import Pause
from rules.refusal import Refused

pytestmark = pytest.mark.pure

WORKDAYS = workdays.official()
SCENARIOS = yaml.safe_load((Path(__file__).parent / "scenarios" / "clocks.yaml").read_text("utf-8"))
NOTICES = Path(__file__).parents[2] / "shared" / "data" / "holidays"
ONE = timedelta(days=1)

# What the periods are by the text of the orders: typed again here, so that a slip in the YAML shows.
PERIODS = {
    "apply.supplement_notice": (5, "working_day"),
    "agreement.change_report": (30, "working_day"),
    "pay.deadline": (30, "working_day"),
    "report.inform": (5, "working_day"),
    "eval.max": (3, "month"),
    "eval.second_fail_ban": (12, "month"),
    "agreement.renew_before": (3, "month"),
    "remedy.sue": (6, "month"),
    "ban.terminated_illegal": (36, "month"),
    "agreement.suspend_max": (180, "day"),
    "remedy.reconsider": (60, "day"),
    "case.decide": (90, "day"),
}


def official_lists() -> dict[date, bool]:
    """Every day of 2019–2026 and whether people work: from the published lists where present, else the package."""
    days = {}
    day = date(2019, 1, 1)
    while day <= date(2026, 12, 31):
        days[day] = chinese_calendar.is_workday(day)
        day += ONE
    for path in sorted(NOTICES.glob("20*.json")):
        for entry in json.loads(path.read_text("utf-8"))["days"]:
            if date.fromisoformat(entry["date"]) in days:
                days[date.fromisoformat(entry["date"])] = not entry["isOffDay"]
    return days


WORKED = official_lists()


def months_later(day: date, count: int) -> date:
    """Walk to the first of the month wanted, then on to the same number or the last day there is."""
    walked = day.replace(day=1)
    while count:
        walked += ONE
        count -= walked.day == 1
    while walked.day < day.day and (walked + ONE).month == walked.month:
        walked += ONE
    return walked


def by_hand(start: date, length: int, unit: str, pauses: list[Pause]) -> date:
    """Day after day: is it in a pause, does it count, how many are left."""
    months = {"month": length, "year": length * 12}.get(unit)
    left = (months_later(start, months) - start).days if months else length
    day = start
    while left or any(p.from_ <= day < p.end for p in pauses):
        day += ONE
        stopped = any(p.from_ < day <= p.end for p in pauses)
        if not stopped and (unit != "working_day" or WORKED[day]):
            left -= 1
    while unit == "working_day" and not WORKED[day]:
        day -= ONE  # the clock resumed on a rest day: the last working day before it was the last that counted
    while not WORKED[day]:
        day += ONE
    return day


def generated(count: int) -> list[tuple[str, date, str, list[Pause], date]]:
    dice = random.Random(20261123)
    cases: list[tuple[str, date, str, list[Pause], date]] = []
    while len(cases) < count:
        rule = dice.choice(sorted(PERIODS))
        start = date(2022, 3, 1) + timedelta(days=dice.randrange(1700))
        pauses = []
        for number in range(dice.choice([0, 0, 1, 1, 2, 3])):
            begin = start + timedelta(days=dice.randrange(-5, 120))
            pauses.append(
                Pause(begin, begin + timedelta(days=dice.randrange(1, 40)), f"停钟{number}")
            )
        length, unit = PERIODS[rule]
        try:
            expected = by_hand(start, length, unit, pauses)
        except KeyError:  # runs beyond the lists that are published
            continue
        cases.append(
            (rule, start, dice.choice(["hospital", "clinic", "pharmacy"]), pauses, expected)
        )
    return cases


def test_five_hundred_generated_cases_equal_a_count_by_hand():
    cases = generated(500)
    wrong = [
        (case, got)
        for case in cases
        if (got := clocks.due(case[0], case[1], case[2], case[3], workdays=WORKDAYS).due) != case[4]
    ]
    assert wrong == []
    assert len(cases) == 500
    assert {case[0] for case in cases} == set(PERIODS)
    assert {bool(case[3]) for case in cases} == {True, False}


@pytest.mark.parametrize("case", SCENARIOS, ids=[case["name"] for case in SCENARIOS])
def test_the_case_ends_on_the_day_the_scenario_says(case):
    pauses = [Pause(p["from"], p["to"], p["reason"]) for p in case.get("pauses", ())]
    deadline = clocks.due(case["rule"], case["start"], case["kind"], pauses, workdays=WORKDAYS)
    told = "\n".join(deadline.explain)
    assert deadline.due == case["due"]
    assert [words for words in case["why"] if words not in told] == []
    assert told.endswith(
        f"因此定{case['due'].year}年{case['due'].month}月{case['due'].day}日到期。"
    )


def test_scenarios_cover_both_families():
    assert {case["kind"] for case in SCENARIOS} == {"hospital", "pharmacy"}


@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_year_that_is_not_loaded_is_refused_with_its_cure(kind):
    with pytest.raises(Refused) as refusal:
        clocks.due("apply.supplement_notice", date(2026, 12, 29), kind, workdays=WORKDAYS)
    assert "2027年" in refusal.value.why
    assert "国务院办公厅2027年放假安排" in refusal.value.cure


def test_a_natural_period_into_an_unknown_year_is_provisional_when_not_strict():
    with pytest.raises(Refused):
        clocks.due("eval.max", date(2026, 11, 20), "pharmacy", workdays=WORKDAYS)
    deadline = clocks.due(
        "eval.max", date(2026, 11, 20), "pharmacy", workdays=WORKDAYS, strict=False
    )
    assert (deadline.due, deadline.provisional) == (date(2027, 2, 20), True)
    assert "尚未载入" in "".join(deadline.explain)
    assert deadline.explain[-1] == "因此暂定2027年2月20日到期。"


def test_a_working_day_period_into_an_unknown_year_is_refused_even_when_not_strict():
    with pytest.raises(Refused):
        clocks.due("pay.deadline", date(2026, 12, 1), "hospital", workdays=WORKDAYS, strict=False)


@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_before_the_orders_were_in_force_there_is_no_clock(kind):
    with pytest.raises(Refused, match="2020年6月1日没有生效的期限规则"):
        clocks.due("eval.max", date(2020, 6, 1), kind, workdays=WORKDAYS)


def test_a_rule_of_pharmacies_starts_no_clock_for_a_hospital():
    assert clocks.due("record.ph_keep", date(2024, 3, 1), "pharmacy", workdays=WORKDAYS).length == 2
    with pytest.raises(Refused):
        clocks.due("record.ph_keep", date(2024, 3, 1), "hospital", workdays=WORKDAYS)


def test_a_parameter_that_is_no_period_has_no_clock():
    with pytest.raises(ValueError, match="point"):
        clocks.due("staff.suspend_at", date(2026, 3, 2), workdays=WORKDAYS)


def test_a_clock_that_still_stands_is_provisional_and_says_since_when():
    pauses = [Pause(date(2026, 3, 10), None, "补正材料")]
    deadline = clocks.due("eval.max", date(2026, 3, 2), "pharmacy", pauses, workdays=WORKDAYS)
    assert deadline.provisional
    assert "2026年3月10日起停钟（补正材料）" in "".join(deadline.explain)
    frozen = clocks.remaining(deadline, date(2026, 5, 1), WORKDAYS)
    assert frozen == (date(2026, 6, 2) - date(2026, 3, 10)).days


@pytest.mark.parametrize(
    ("today", "state", "text"),
    [
        (date(2026, 9, 1), "ok", "正常"),
        (date(2026, 9, 30), "soon", "剩余 3 工作日"),
        (date(2026, 10, 8), "soon", "剩余 2 工作日"),
        (date(2026, 10, 9), "soon", "剩余 1 工作日"),
        (date(2026, 10, 10), "due", "今日到期"),
        (date(2026, 10, 11), "over", "超期 不足 1 工作日"),
        (date(2026, 10, 12), "over", "超期 1 工作日"),
        (date(2026, 10, 19), "over", "超期 6 工作日"),
        (date(2027, 1, 5), "over", "超期 87 日"),
    ],
)
def test_the_light_counts_working_days_and_shows_something_even_without_a_calendar(
    today, state, text
):
    assert clocks.light(date(2026, 10, 10), today, WORKDAYS) == (state, text)


def test_a_stopped_clock_and_a_case_without_deadline_have_their_own_light():
    assert clocks.light(date(2026, 5, 8), date(2026, 6, 1), WORKDAYS, paused=True) == (
        "paused",
        "停钟",
    )
    assert clocks.light(None, date(2026, 6, 1), WORKDAYS).state == "na"


@pytest.mark.parametrize("today", [date(2026, 5, 8), date(2026, 6, 1), date(2031, 1, 1)])
def test_a_finished_clock_never_changes_colour(today):
    due = date(2026, 5, 8)
    assert clocks.light(due, today, WORKDAYS, finished_on=date(2026, 5, 7)) == ("ok", "按期办结")
    assert clocks.light(due, today, WORKDAYS, finished_on=due) == ("ok", "按期办结")
    assert clocks.light(due, today, WORKDAYS, finished_on=date(2026, 5, 11)) == (
        "over",
        "超期 2 工作日办结",
    )


def test_remaining_and_used_leave_the_pause_out():
    pauses = [Pause(date(2026, 3, 10), date(2026, 3, 20), "补正材料")]
    deadline = clocks.due("eval.max", date(2026, 3, 2), "pharmacy", pauses, workdays=WORKDAYS)
    total = (date(2026, 6, 12) - date(2026, 3, 2)).days - 10
    before, within, after = (
        clocks.remaining(deadline, day, WORKDAYS)
        for day in (date(2026, 3, 10), date(2026, 3, 15), date(2026, 3, 21))
    )
    assert (before, within, after) == (total - 8, total - 8, total - 9)
    assert clocks.used_percent(deadline, date(2026, 3, 15), WORKDAYS) == 8 * 100 // total
    assert clocks.used_percent(deadline, date(2026, 7, 1), WORKDAYS) == 100
    assert clocks.remaining(deadline, date(2026, 6, 15), WORKDAYS) == -3


@pytest.mark.parametrize("rule", ["filing.confirm", "views.due"])
def test_what_no_source_was_found_for_says_once_that_it_has_to_be_checked(rule):
    told = clocks.due(rule, date(2026, 3, 2), "clinic", workdays=WORKDAYS).explain[0]
    assert told.endswith("依据系统默认参数，未见文件依据，请按本地文件核对。")
    assert told.count("请按本地文件核对") == 1


def test_the_description_is_plain_json():
    pauses = [Pause(date(2026, 3, 10), date(2026, 3, 20), "补正材料")]
    deadline = clocks.due("eval.max", date(2026, 3, 2), "clinic", pauses, workdays=WORKDAYS)
    told = json.loads(json.dumps(clocks.describe(deadline), ensure_ascii=False))
    assert (told["due"], told["unit"], told["length"]) == ("2026-06-12", "month", 3)
    assert told["article"] == "《医疗机构医疗保障定点管理暂行办法》（国家医疗保障局令第2号）第九条"
    assert told["pauses"] == [{"from": "2026-03-10", "to": "2026-03-20", "reason": "补正材料"}]
    assert len(told["explain"]) >= 5
