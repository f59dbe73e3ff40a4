"""What a scenario of the law may ask, by the words a case worker would use. Everything here asks the pure rules.

A question gets the kind of institution, the facts of the case and the day. It answers with True or False, or the rule
refuses. New questions are functions with their words above them; the scenarios are tests/scenarios/law_*.yaml.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import regulations
from rules import (
    amendments,
    bans,
    clocks,
    conditions,
    eligibility,
    evaluation,
    expiry,
    grounds,
    indications,
    kinds,
    measures,
    permissions,
    qualification,
    reevaluation,
    renewals,
    signing,
    succession,
    suspensions,
    terms,
    withdrawals,
    workdays,
)
from rules.checks import Result, Said
from rules.kinds import InstitutionKind
from rules.lifecycle import AgreementState
from rules.permissions import Actor, Permission, Role
from rules.persons import EmploymentRole
from rules.standing import AgreementFacts, Interval

Ask = Callable[[str, dict, date], bool | None]
QUESTIONS: dict[str, Ask] = {}
WORKDAYS = workdays.official()
KINDS = {"hospital": InstitutionKind.GENERAL_HOSPITAL, "pharmacy": InstitutionKind.RETAIL_PHARMACY}
LONG_AGO = date(2020, 1, 1)


def words(text: str) -> Callable[[Ask], Ask]:
    def keep(function: Ask) -> Ask:
        QUESTIONS[text] = function
        return function

    return keep


# 期限


def _due(kind: str, facts: dict) -> date:
    pauses = [
        clocks.Pause(one["from"], one["to"], one["reason"]) for one in facts.get("pauses", [])
    ]
    found = clocks.due(facts["rule"], facts["start"], kind, pauses, workdays=WORKDAYS)
    return found.due


@words("还在期限内吗")
def in_time(kind: str, facts: dict, day: date) -> bool:
    return day <= _due(kind, facts)


@words("期间已经届满了吗")
def is_over(kind: str, facts: dict, day: date) -> bool:
    return day > _due(kind, facts)


# 申请


def _person(one: dict) -> conditions.EmploymentFacts:
    return conditions.EmploymentFacts(
        EmploymentRole(one["role"]),
        "样某某",
        registered_here=one.get("here", True),
        certified=one.get("certified", True),
        full_time=one.get("full_time", True),
        contract_from=one["from"],
        contract_to=one.get("to"),
        left_on=one.get("left"),
    )


def _registered(kind: str, facts: dict) -> conditions.Facts:
    licences = [
        conditions.LicenceFacts(
            one["kind"], "样字第1号", one["from"], one.get("to"), one.get("revoked")
        )
        for one in facts.get("licences", [])
    ]
    return conditions.Facts(
        InstitutionKind(facts["institution"]) if "institution" in facts else KINDS[kind],
        operating_since=facts.get("operating_since"),
        address_since=facts.get("address_since"),
        beds=facts.get("beds"),
        insurance_department=facts.get("department", ""),
        licences=licences,
        people=[_person(one) for one in facts.get("people", [])],
    )


@words("符合这一项申请条件吗")
def meets(kind: str, facts: dict, day: date) -> None:
    found = conditions.lines(_registered(kind, facts), {}, on=day)
    conditions.require_machine([line for line in found if line.key == facts["condition"]])


@words("可以自己申请定点吗")
def own_application(kind: str, facts: dict, day: date) -> None:
    of = InstitutionKind(facts["institution"])
    conditions.require_own_application(of, law=regulations.at(day, of.family))


def _bars(kind: str, facts: dict) -> list[bans.Bar]:
    """The bans of one kind that the termination of the facts started."""
    family, on = kinds.family_of(kind), facts["effective_on"]
    rows = measures.grounds(measures.TERMINATE, on, family)
    ground = next(row for row in rows if row.extra["number"] == facts["ground"])
    started = bans.started_by(
        ground,
        bans.class_of(ground, facts.get("stated")),
        effective_on=on,
        found_on=facts.get("found_on", on),
        obligation=facts.get("obligation", ""),
        family=family,
    )
    return [bar for bar in started if bar.ground == facts["ban"]]


@words("限制期过后可以申请吗")
def no_ban_stands(kind: str, facts: dict, day: date) -> bool:
    met_on = facts.get("met_on")
    filed = [
        bans.BanFacts(
            bar.ground, bar.basis, bar.from_on, bar.until, "该机构", bar.obligation, met_on
        )
        for bar in _bars(kind, facts)
    ]
    assert filed or facts.get("no_ban"), "this termination starts no such ban"
    return not any(bans.stands(ban, day) for ban in filed)


@words("没有不予受理的情形吗")
def no_ground(kind: str, facts: dict, day: date) -> None:
    """Everything a person has to look at was looked at and found good, but for `found`."""
    family = kinds.family_of(kind)
    rows = regulations.at(day, family).table("refusal_grounds")
    found = facts.get("found", [])
    said = {
        row.key: Said(Result.AGAINST if row.key in found else Result.FINE, "已核对", "", "样", day)
        for row in rows
        if row.key not in facts.get("unseen", [])
    }
    hits = [
        grounds.Hit(
            fact, "样例事实", grounds.basis(fact, family=family, on=day), "履行完毕后再申请"
        )
        for fact in facts.get("on_record", [])
    ]
    grounds.require_none(grounds.check(hits, said, family=family, on=day))


# 评估


@words("评估组的专业齐了吗")
def specialties(kind: str, facts: dict, day: date) -> None:
    law = regulations.at(day, kinds.family_of(kind))
    evaluation.require_specialties(facts["team"], law)


@words("评估合格吗")
def evaluated(kind: str, facts: dict, day: date) -> bool:
    law = regulations.at(day, kinds.family_of(kind))
    keys = [row.key for row in law.table("evaluation_items")]
    opinions = [
        {key: {"passed": number not in failed, "remark": ""} for number, key in enumerate(keys, 1)}
        for failed in facts["failed_items"]
    ]
    return all(item.passed for item in evaluation.add_up(opinions, law))


@words("可以申请再次评估吗")
def may_be_evaluated_again(kind: str, facts: dict, day: date) -> None:
    law = regulations.at(day, kinds.family_of(kind))
    served = facts.get("served")
    opens = clocks.add_months(served, law.eval.retry_after.value) if served else None
    fail = reevaluation.Fail(
        failed=True, by_evaluation=facts.get("by", "评估") == "评估", retry_on=opens
    )
    reevaluation.require_possible(fail, day, law)


# 协议


def _agreement(facts: dict) -> AgreementFacts:
    pauses = tuple(
        Interval(one["from"], one.get("ended"), one.get("to"))
        for one in facts.get("suspensions", [])
    )
    return AgreementFacts(
        facts["term_from"],
        facts["term_to"],
        facts.get("institution_signed", facts["term_from"]),
        facts.get("agency_signed", facts["term_from"]),
        pauses,
        facts.get("terminated_on"),
        facts.get("lapsed_on"),
    )


@words("这一天的费用可以结算吗")
def payable(kind: str, facts: dict, day: date) -> bool:
    agreements = [_agreement(one) for one in facts.get("agreements", [])]
    stops = [
        eligibility.Stop("institution_suspension", "suspension", "样", one["from"], one.get("to"))
        for one in facts.get("stops", [])
    ]
    asked = eligibility.Facts(kinds.family_of(kind), agreements, stops)
    return eligibility.judge(asked, day).payable


@words("还在一年的协议期内吗")
def within_a_year(kind: str, facts: dict, day: date) -> bool:
    months = regulations.at(facts["term_from"], kinds.family_of(kind)).agreement.term.value
    return facts["term_from"] <= day <= terms.last_day(facts["term_from"], months)


@words("可以续签吗")
def may_follow(kind: str, facts: dict, day: date) -> None:
    succession.require_next(
        AgreementState(facts.get("state", "concluded")),
        _agreement(facts),
        None,
        term_from=facts.get("next_from", terms.next_from(facts["term_to"])),
        on=day,
        basis="样",
    )


@words("经办机构可以签订吗")
def agency_may_sign(kind: str, facts: dict, day: date) -> None:
    family = kinds.family_of(kind)
    found = signing.authority(facts["level"], facts.get("mandate", ""), family=family, on=day)
    signing.require_authority(found)


@words("续签窗口开放吗")
def window_open(kind: str, facts: dict, day: date) -> None:
    renewals.check_application(facts["term_to"], day, kinds.family_of(kind))


@words("续签申请还及时吗")
def renewal_in_time(kind: str, facts: dict, day: date) -> bool:
    return not renewals.window(facts["term_to"], day, kinds.family_of(kind)).is_late(day)


@words("考核结果支持直接续签吗")
def renewed_without_study(kind: str, facts: dict, day: date) -> bool:
    found = [renewals.Fact(one, one, "样", "样", hit=True) for one in facts["exceptions"]]
    _lines, advice = renewals.sheet(found, day, kinds.family_of(kind))
    return advice is renewals.Advice.RENEW


@words("到期后是终止，不是解除吗")
def ends_by_itself(kind: str, facts: dict, day: date) -> bool:
    """Asked on the first day without an agreement."""
    end = expiry.of_term(kinds.family_of(kind), facts["term_to"], followed=False, sought=True)
    assert end.on == day
    return not end.dissolved


# 变更


@words("变更申请还及时吗")
def change_in_time(kind: str, facts: dict, day: date) -> bool:
    found = amendments.deadline(facts["approved_on"], kinds.family_of(kind), WORKDAYS)
    assert found is not None
    return not amendments.is_late(found.due, day)


@words("还没有构成未办理变更的解除情形吗")
def no_change_ground(kind: str, facts: dict, day: date) -> bool:
    family = kinds.family_of(kind)
    assert amendments.ground(day, family).extra["trigger"] == amendments.TRIGGER
    return change_in_time(kind, facts, day)


# 中止、解除


@words("中止期间符合最长时间吗")
def fits(kind: str, facts: dict, day: date) -> None:
    suspensions.check_period(facts["from_on"], day, kinds.family_of(kind))


def _suspension(kind: str, facts: dict) -> suspensions.SuspensionFacts:
    given = suspensions.SuspensionFacts(
        kinds.family_of(kind), facts["from_on"], facts.get("to_on"), facts["term_to"]
    )
    return replace(given, requested_on=facts.get("requested"), served_on=facts.get("served"))


@words("协议没有因中止过久自动终止吗")
def not_lapsed(kind: str, facts: dict, day: date) -> bool:
    found = suspensions.overdue(_suspension(kind, facts), day)
    return found.end is not suspensions.End.LAPSE


@words("不需要人来判断吗")
def needs_nobody(kind: str, facts: dict, day: date) -> bool:
    found = suspensions.overdue(_suspension(kind, facts), day)
    return found.end is not suspensions.End.ASK_A_PERSON


@words("中止期满后继续履行吗")
def goes_on(kind: str, facts: dict, day: date) -> bool:
    found = suspensions.ended(_suspension(kind, facts), day)
    assert found.end is not suspensions.End.WAIT
    return found.end is suspensions.End.RESUME


@words("中止已经期满了吗")
def decided_period_is_over(kind: str, facts: dict, day: date) -> bool:
    found = suspensions.ended(_suspension(kind, facts), day)
    return found.end is not suspensions.End.WAIT


@words("没有达到应当解除的中止次数吗")
def not_too_often(kind: str, facts: dict, day: date) -> bool:
    family = kinds.family_of(kind)
    return indications.suspended_often(facts["suspended_on"], day, family) is None


@words("许可还没有被吊销吗")
def licence_held(kind: str, facts: dict, day: date) -> bool:
    family = kinds.family_of(kind)
    gone = indications.licence_gone(1, facts["licence"], "样", facts["revoked_on"], day, family)
    return gone is None


@words("这一天起可以主动退出吗")
def may_leave(kind: str, facts: dict, day: date) -> None:
    asked = withdrawals.ExitFacts(
        act=withdrawals.ExitAct(facts["act"]),
        family=kinds.family_of(kind),
        nature=facts.get("nature", "民营"),
        requested_on=facts["requested_on"],
        term_to=facts["term_to"],
        from_on=day,
        to_on=facts.get("to_on"),
    )
    withdrawals.check(asked)


@words("暂停的月份还没有过完吗")
def still_suspended(kind: str, facts: dict, day: date) -> bool:
    return day <= qualification.suspended_until(facts["decided_on"], facts["months"])


# 岗位


@words("这个岗位可以办吗")
def may(kind: str, facts: dict, day: date) -> bool:
    actor = Actor(1, "样", Role(facts["role"]), "990123")
    return permissions.may(actor, Permission(facts["permission"]))
