"""Conditions of an application that registered facts decide, one by one (令3 Art 5, 令2 Art 5, 6). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import regulations
from rules.checks import (
    CONDITION_WORDS,
    MACHINE,
    Finding,
    Line,
    Result,
    Said,
    machine_line,
    person_line,
)
from rules.clocks import add_months
from rules.kinds import InstitutionKind
from rules.persons import EmploymentRole
from rules.refusal import Refused

REGISTER, LICENCES, PEOPLE = "机构档案", "证照登记", "人员与劳动合同登记"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LicenceFacts:
    kind: str
    number: str
    valid_from: date
    valid_to: date | None
    revoked_on: date | None = None

    def in_force(self, day: date) -> bool:
        """The last day of validity counts; the day of revocation does not."""
        started = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return started and (self.revoked_on is None or day < self.revoked_on)


@dataclass(frozen=True)
class EmploymentFacts:
    """`certified`: a certificate is on record; `registered_here`: (first) place of registration is this institution."""

    role: EmploymentRole
    name: str
    registered_here: bool
    certified: bool
    full_time: bool
    contract_from: date
    contract_to: date | None
    left_on: date | None = None

    def working(self, day: date) -> bool:
        """Under contract on the day, its last day included, and not yet gone."""
        under = self.contract_from <= day and (self.contract_to is None or day <= self.contract_to)
        return under and (self.left_on is None or day <= self.left_on)

    def long_enough(self, months: int) -> bool:
        """A contract of 12 months from 1 January ends on 31 December; one without an end is long enough."""
        if self.contract_to is None:
            return True
        return self.contract_to >= add_months(self.contract_from, months) - ONE_DAY


@dataclass(frozen=True)
class Facts:
    """What the registry holds of an applicant."""

    kind: InstitutionKind
    operating_since: date | None
    address_since: date | None
    beds: int | None
    insurance_department: str
    licences: Sequence[LicenceFacts]
    people: Sequence[EmploymentFacts]

    def working(self, role: EmploymentRole, day: date) -> list[EmploymentFacts]:
        return [one for one in self.people if one.role is role and one.working(day)]


def lines(facts: Facts, said: Mapping[str, Said], *, on: date) -> list[Line]:
    """Every condition in the order of the text: what registered facts say, what a person found. `said` by key."""
    law = regulations.at(on, facts.kind.family)
    return [
        _machine(row, facts, on, law)
        if row.extra["check"] == MACHINE
        else person_line(row, said.get(row.key))
        for row in law.table("application_conditions")
    ]


def _machine(row: regulations.Row, facts: Facts, on: date, law: regulations.Law) -> Line:
    return machine_line(row, _FACTS[row.extra["fact"]](row, facts, on, law), on=on)


def require_machine(found: Sequence[Line]) -> None:
    """Refused while a condition that registered facts decide is not met: before anything is handed in."""
    wrong = [one for one in found if one.check == MACHINE and one.result is not Result.FINE]
    if wrong:
        _refuse(wrong)


def require_all(found: Sequence[Line]) -> None:
    """Refused while any condition is not met or nobody has looked at it: before anything is accepted."""
    wrong = [one for one in found if one.result is not Result.FINE]
    if wrong:
        _refuse(wrong)


def _refuse(wrong: Sequence[Line]) -> None:
    """The first one in full, the others by name."""
    first = wrong[0]
    words = CONDITION_WORDS[first.result]
    fact = f"：{first.finding.fact}" if first.finding.fact else ""
    others = "、".join(one.label for one in wrong[1:])
    raise Refused(
        f"申请条件“{first.label}”{words}{fact}。" + (f"还有：{others}。" if others else ""),
        basis=first.basis,
        cure=first.finding.cure or "请整改后重新核验，或者作出相应决定。",
    )


def require_own_application(kind: InstitutionKind, *, law: regulations.Law) -> None:
    """Refused for a kind that comes in only through another institution (令2 Art 5: 互联网医院)."""
    row = kind_row(kind, law)
    through = row.extra.get("through")
    if through:
        raise Refused(
            f"{kind.label}不能单独申请定点。",
            basis=row.basis,
            cure=f"请由{through}申请，与经办机构签订补充协议。",
        )


def kind_row(kind: InstitutionKind, law: regulations.Law) -> regulations.Row:
    """What the law asks of institutions of this kind."""
    return next(row for row in law.table("kind_licences") if row.key == kind)


def _licence(_row: regulations.Row, facts: Facts, on: date, law: regulations.Law) -> Finding:
    wanted = kind_row(facts.kind, law).extra["any_of"]
    held = [one for one in facts.licences if one.kind in wanted]
    good = [one for one in held if one.in_force(on)]
    if good:
        until = good[0].valid_to or "长期"
        return Finding(Result.FINE, f"{good[0].kind} {good[0].number}，有效期至 {until}", LICENCES)
    words = "、".join(wanted)
    cure = f"请登记有效的{words}。" if len(wanted) == 1 else f"请登记有效的{words}之一。"
    if held:
        return Finding(
            Result.AGAINST, f"{held[0].kind} {held[0].number}已失效或者尚未生效", LICENCES, cure
        )
    return Finding(Result.AGAINST, f"没有登记{words}", LICENCES, cure)


def _operating(row: regulations.Row, facts: Facts, on: date, law: regulations.Law) -> Finding:
    """The shortest time of operation; where the law says so, a move of the registered address begins it anew."""
    least = law.apply.min_operating
    since = facts.operating_since
    if since is None:
        return Finding(
            Result.AGAINST,
            "没有登记开业日期，无法核对经营时间",
            REGISTER,
            "请先在机构档案中登记正式营业的日期。",
        )
    moved = bool(row.extra["at_address"] and facts.address_since and facts.address_since > since)
    start = facts.address_since if moved and facts.address_since else since
    what = f"自 {start} " + ("在现注册地址" if moved else "") + "正式营业"
    reached = add_months(start, least.value)
    if on < reached:
        return Finding(
            Result.AGAINST,
            f"{what}至今未满 {least.value} 个月",
            REGISTER,
            f"{reached} 起可以提交申请。",
        )
    return Finding(Result.FINE, f"{what}，已满 {least.value} 个月", REGISTER)


def _pharmacists(_row: regulations.Row, facts: Facts, on: date, law: regulations.Law) -> Finding:
    least, months = law.apply.ph.min_pharmacist.value, law.apply.contract_min.value
    working = facts.working(EmploymentRole.PHARMACIST, on)
    good = [
        one for one in working if one.registered_here and one.certified and one.long_enough(months)
    ]
    lacking = {
        "注册地不在本店": [one for one in working if not one.registered_here],
        "没有登记资格证书": [one for one in working if not one.certified],
        f"劳动合同不满 {months} 个月": [one for one in working if not one.long_enough(months)],
    }
    return _enough(EmploymentRole.PHARMACIST, good, least, lacking)


def _managers(_row: regulations.Row, facts: Facts, on: date, law: regulations.Law) -> Finding:
    least, months = law.apply.ph.min_manager.value, law.apply.contract_min.value
    working = facts.working(EmploymentRole.INSURANCE_MANAGER, on)
    good = [one for one in working if one.long_enough(months)]
    lacking = {f"劳动合同不满 {months} 个月": [one for one in working if one not in good]}
    return _enough(EmploymentRole.INSURANCE_MANAGER, good, least, lacking)


def _physicians(_row: regulations.Row, facts: Facts, on: date, law: regulations.Law) -> Finding:
    least = law.apply.mi.min_physician.value
    working = facts.working(EmploymentRole.PHYSICIAN, on)
    good = [one for one in working if one.registered_here and one.certified]
    lacking = {
        "第一注册地不在本机构": [one for one in working if not one.registered_here],
        "没有登记执业证书": [one for one in working if not one.certified],
    }
    return _enough(EmploymentRole.PHYSICIAN, good, least, lacking)


def _enough(
    role: EmploymentRole,
    good: list[EmploymentFacts],
    least: int,
    lacking: dict[str, list[EmploymentFacts]],
) -> Finding:
    names = "、".join(one.name for one in good)
    fact = f"符合要求的{role.label} {len(good)} 名" + (f"：{names}" if names else "")
    if len(good) >= least:
        return Finding(Result.FINE, fact, PEOPLE)
    whys = [f"{'、'.join(one.name for one in who)}{why}" for why, who in lacking.items() if who]
    return Finding(
        Result.AGAINST,
        "；".join([f"{fact}，至少应有 {least} 名", *whys]),
        PEOPLE,
        f"请登记在职的{role.label}及其证书、注册地和劳动合同。",
    )


def _insurance_office(
    _row: regulations.Row, facts: Facts, on: date, law: regulations.Law
) -> Finding:
    """Somebody is in charge; from the number of beds on, a department of its own with full-time staff."""
    working = facts.working(EmploymentRole.INSURANCE_MANAGER, on)
    large = law.apply.mi.dept_beds.value
    if facts.beds is None and kind_row(facts.kind, law).extra["beds"]:
        cure = "请先在机构档案中登记床位数。"
        return Finding(Result.OPEN, "没有登记床位数，无法核对是否须设医保管理部门", REGISTER, cure)
    if not working:
        cure = "请登记在职的医保管理人员及其劳动合同。"
        return Finding(Result.AGAINST, "没有登记在职的医保管理人员", PEOPLE, cure)
    names = "、".join(one.name for one in working)
    if (facts.beds or 0) < large:
        size = f"床位 {facts.beds} 张，" if facts.beds else ""
        return Finding(Result.FINE, f"{size}医保管理人员：{names}", PEOPLE)
    missing = [] if facts.insurance_department else ["没有登记内部医保管理部门"]
    if not any(one.full_time for one in working):
        missing.append("没有登记专职的医保管理人员")
    beds = f"床位 {facts.beds} 张，达到 {large} 张"
    if missing:
        cure = "请登记内部医保管理部门的名称和专职人员。"
        return Finding(Result.AGAINST, f"{beds}，{'，'.join(missing)}", PEOPLE, cure)
    full = "、".join(one.name for one in working if one.full_time)
    return Finding(Result.FINE, f"{beds}；{facts.insurance_department}，专职人员：{full}", PEOPLE)


_FACTS: dict[str, Callable[[regulations.Row, Facts, date, regulations.Law], Finding]] = {
    "licence": _licence,
    "operating": _operating,
    "pharmacists": _pharmacists,
    "managers": _managers,
    "physicians": _physicians,
    "insurance_office": _insurance_office,
}


def may_tell_again(told: int, *, on: date) -> bool:
    """Whether one more notice of supplement could be given with a written reason."""
    return told <= regulations.at(on).apply.supplement_again.value


def refusal_choices(kind: str, *, on: date) -> list[tuple[str, str]]:
    """Grounds of refusal a person may state, as choices: key and «article label»."""
    rows = regulations.at(on, kind).table("refusal_grounds")
    return [(row.key, f"{row.article} {row.label}") for row in rows]
