"""行政处罚 of the administrative side as registered facts: entered from its paper, marked performed with proof.

Nothing here imposes a penalty: the agency only knows of it, because an unperformed one refuses applications and ends
agreements (令3 Art 11(1), 40(12); 令2 Art 12, 43).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy import select

import regulations
from actions import events, ledger
from database import session
from models import Ban, Institution, Penalty
from models.sealed import blind_index
from rules import codes, names
from rules import penalties as rule
from rules.ledger import Kind, Transfer
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

MANAGER = "manager"  # the ground of the bar of a person
CURE = "请核对行政处罚决定书后重新填写。"


@dataclass(frozen=True)
class More:
    """What the paper may say beyond that. `act`: the article by its key; `loss` in 分; days as known."""

    act: str = ""
    conduct_on: date | None = None
    loss: int = 0
    department: str = ""
    department_months: int = 0
    filed_on: date | None = None
    told_on: date | None = None
    served_on: date | None = None


@dataclass(frozen=True)
class Decision:
    """What the written decision says. `amount` in 分; `due_on`: the last day for performing it."""

    number: str
    authority: str
    article: str
    amount: int
    decided_on: date
    due_on: date
    more: More = field(default_factory=More)


def register(
    decision: Decision,
    *,
    institution: Institution | None = None,
    person_name: str = "",
    id_number: str = "",
    actor: Actor,
    on: date,
) -> Penalty:
    """Put a penalty on record, of an institution or of a person by ID number.

    Refused with both or neither, with days that cannot be, and when its number is on record in the region.
    """
    _check(decision, on)
    row = _row(decision, institution, actor)
    require(actor, Permission.REGISTER_PENALTY, row)
    if institution is None:
        row.person_name, row.person_index = _person(person_name, id_number, on)
    elif person_name or id_number:
        raise Refused("处罚对象只能是机构或者个人之一。", cure="同案处罚个人的，另登记一条。")
    if row.act:
        rule.check_subject(row.act, person=institution is None, day=decision.decided_on)
    _check_new(row)
    session.add(row)
    session.flush()
    _bar(row)
    text = f"{row.authority}，{row.article}，履行期限至 {row.due_on}"
    events.record(row, "register", "登记行政处罚", actor=actor, on=on, number=row.number, text=text)
    return row


def _row(decision: Decision, institution: Institution | None, actor: Actor) -> Penalty:
    return Penalty(
        institution=institution,
        institution_id=institution.id if institution else None,
        pooling_region=institution.pooling_region if institution else actor.pooling_region,
        number=names.clean(decision.number),
        authority=names.clean(decision.authority),
        article=names.clean(decision.article),
        amount=decision.amount,
        decided_on=decision.decided_on,
        due_on=decision.due_on,
        recorded_by_id=actor.id,
        **asdict(decision.more),
    )


def _bar(row: Penalty) -> None:
    """A person penalised for a major loss may not manage a designated institution (条例 Art 43)."""
    started = rule.bar(row.act, row.decided_on) if row.act else None
    if started is not None:
        session.add(
            Ban(
                person_index=row.person_index, person_name=row.person_name, ground=MANAGER, penalty_id=row.id,
                basis=started.basis, from_on=started.from_on, until=started.until,
            )
        )  # fmt: skip


def note_service(row: Penalty, *, served_on: date, actor: Actor, on: date) -> None:
    """The day on which the authority served its decision; the time for paying counts from it. Refused twice."""
    require(actor, Permission.REGISTER_PENALTY, row)
    if row.served_on is not None:
        raise Refused(f"{row.number} 已于 {row.served_on} 登记送达。")
    if not row.decided_on <= served_on <= on:
        raise Refused("送达日期应在决定之后、今天之前（含当日）。", cure=CURE)
    row.served_on = served_on
    events.record(
        row, "serve", "登记处罚决定送达", actor=actor, on=on, number=row.number, served_on=served_on
    )


def perform(row: Penalty, *, performed_on: date, proof: str, actor: Actor, on: date) -> None:
    """Mark a penalty performed, with its proof. Refused without proof, twice, and for a day that cannot be.

    The fine of an institution is entered as what went to the treasury (条例 Art 45): no account of the fund sees it.
    """
    require(actor, Permission.REGISTER_PENALTY, row)
    if row.performed_on is not None:
        raise Refused(f"{row.number} 已于 {row.performed_on} 登记履行完毕。")
    if not proof.strip():
        raise Refused("登记履行完毕须写明凭证。", cure="请填写缴款凭证编号或者结案文书的文号。")
    if not row.decided_on <= performed_on <= on:
        raise Refused("履行日期应在决定之后、今天之前（含当日）。", cure=CURE)
    row.performed_on, row.performed_proof = performed_on, proof.strip()
    events.record(
        row, "perform", "登记处罚履行完毕", actor=actor, on=on, number=row.number,
        text=row.performed_proof, performed_on=performed_on,
    )  # fmt: skip
    if row.institution is not None:
        fine = [Transfer(Kind.FINE, row.amount)]
        ledger.post(fine, institution=row.institution, cause=row, actor=actor, on=on)


def _check(decision: Decision, on: date) -> None:
    empty = [
        label
        for label, text in (
            ("决定书文号", decision.number),
            ("处罚机关", decision.authority),
            ("处罚依据条款", decision.article),
        )
        if not names.clean(text)
    ]
    if empty:
        raise Refused(f"没有填写{'、'.join(empty)}。", cure=CURE)
    if decision.amount < 0:
        raise Refused("罚款金额不能为负数。", cure=CURE)
    if decision.decided_on > on:
        raise Refused("处罚决定日期晚于今天。", cure=CURE)
    if decision.due_on < decision.decided_on:
        raise Refused("履行期限早于处罚决定日期。", cure=CURE)
    _check_more(decision.more, decision.decided_on, on)


def _check_more(more: More, decided_on: date, on: date) -> None:
    if more.loss < 0 or more.department_months < 0:
        raise Refused("损失金额和暂停月数不能为负数。", cure=CURE)
    if bool(more.department.strip()) != bool(more.department_months):
        raise Refused("暂停责任部门的，部门名称和月数须同时填写。", cure=CURE)
    before = (more.conduct_on, more.filed_on, more.told_on)
    if any(day and day > decided_on for day in before):
        raise Refused("违法行为、立案和告知的日期不能晚于处罚决定日期。", cure=CURE)
    if more.served_on and not decided_on <= more.served_on <= on:
        raise Refused("送达日期应在决定之后、今天之前（含当日）。", cure=CURE)


def _person(name: str, id_number: str, on: date) -> tuple[str, str]:
    number, clean = codes.tidy(id_number), names.clean_name(name)
    if not clean and not number:
        raise Refused("没有写明处罚对象。", cure="请填写机构编码，或者个人的姓名和身份证号码。")
    if fault := codes.resident_id_fault(number, regulations.at(on)):
        raise Refused(fault, cure=CURE)
    if not clean:
        raise Refused("姓名为空。", cure=CURE)
    return clean, blind_index(number)


def _check_new(row: Penalty) -> None:
    with session.no_autoflush:
        known = session.scalar(
            select(Penalty.id).where(
                Penalty.number == row.number, Penalty.pooling_region == row.pooling_region
            )
        )
    if known:
        raise Refused(f"{row.number} 已经登记，不能重复登记。", cure="请在处罚清单中查找。")
