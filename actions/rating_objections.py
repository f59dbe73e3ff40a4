"""信用异议: taken in or not, looked into by somebody who had no part in the rating, answered by letter.

While it is looked into the rating bears a mark wherever it is shown. A founded one corrects frozen facts; the grades
change only by a replay (`actions.rating_corrections`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import regulations
from actions import letters, lifecycle, numbering, rating_corrections
from actions import rating_objection_clocks as clocks
from actions.materials import Upload
from actions.rating_corrections import Correction
from database import session
from models import Document, Institution, Rating, RatingObjection
from queries import credit_subjects, scope
from queries import rating_objections as ask
from queries.record_corrections import of_rating as gone_of
from rules import rating_objections as rule
from rules.lifecycle import RatingObjectionState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

BASIS = "《医疗保障基金使用监督管理条例》第三十三条"
ANSWER = "rating_objection_answer"
CORRECTED = "更正事实，重新计算得分和等级"


@dataclass(frozen=True)
class Said:
    """What was objected, by whom, how the person is reached, by which way it came, with which papers.

    `id_number`: of the person rated, shown at the counter by the person or for the person.
    """

    raised_by: str
    text: str
    contact: str = ""
    source: str = rule.PORTAL
    uploads: Sequence[Upload] = ()
    id_number: str = ""


def raise_objection(rating: Rating, said: Said, *, actor: Actor, on: date) -> RatingObjection:
    """Register an objection to one rating; whether it is taken in is decided afterwards.

    Refused before the grade is known outside, without name and facts, while one of the institution is open, from the
    public site when the notice is over or too many came in that day.
    """
    place = credit_subjects.addressee(rating)
    require(actor, Permission.OBJECT_TO_RATING, place or rating)
    scope.locked("cycle", rating.cycle_id)  # nobody decides on it or publishes it meanwhile
    rule.require_shown(rating.cycle.state)
    rule.require_text(said.raised_by, said.text, said.contact, said.source)
    if place is None:  # no institution knows who this is; the number is compared and kept nowhere
        credit_subjects.require_same(rating, said.id_number)
    if said.source == rule.ONLINE:
        _require_on_notice(rating, on)
    elif rule.between(ask.window(rating), on):
        raise Refused(
            "公示期已经结束，正在集体审定。", cure="公布后收到等级告知书，可以在告知的期限内提出。"
        )
    elif ask.open_own(rating.id) is not None:
        raise Refused("对该等级已有一件异议正在办理。", cure="请在答复后再提出，或者补充材料。")
    objection = _put(rating, place, said, actor=actor, on=on)
    clocks.begin(objection, on=on)
    return objection


def _require_on_notice(rating: Rating, on: date) -> None:
    if rating.institution_id is None:
        raise Refused("人员的信用等级不公示，公众不能提出异议。")
    if not ask.window(rating).on_notice(on):
        raise Refused("公示期已经结束。", cure="可以作为线索另行反映。")
    most = regulations.at(on).objection.daily_most.value
    if ask.online_on(rating.id, on) >= most:
        raise Refused("今天网上收到的异议已经较多。", cure="请明天再提交，或者到经办窗口提出。")


def _put(
    rating: Rating, place: Institution | None, said: Said, *, actor: Actor, on: date
) -> RatingObjection:
    kept = [
        {"name": one.name, "sha256": letters.keep(one.content, one.media_type)}
        for one in said.uploads
    ]
    objection = RatingObjection(
        number=numbering.case_number("XY", on.year),
        state=RatingObjectionState.RAISED,
        rating_id=rating.id,
        rating=rating,
        institution=place,
        region="" if place else rating.pooling_region,
        source=said.source,
        raised_on=on,
        raised_by=said.raised_by.strip()[:100],
        contact=said.contact.strip()[:100] or None,
        text=said.text.strip()[: rule.LONGEST],
        files=kept,
        recorded_by_id=actor.id,
    )
    lifecycle.begin(
        objection, "raise", "提出信用异议", actor=actor, on=on, basis=BASIS, rating=rating.id
    )
    session.flush()
    return objection


def accept(objection: RatingObjection, *, actor: Actor, on: date) -> None:
    """Take it in: from now on the rating bears a mark. Refused when it came too late or without standing."""
    key = judged(objection)
    if key:
        raise Refused(
            f"{rule.named(key, on).label}，不能受理。",
            basis=rule.named(key, on).basis,
            cure="请选择不予受理，并告知理由。",
        )
    clocks.taken_in(objection, on=on)
    lifecycle.move(objection, "accept", actor=actor, on=on, basis=BASIS, handled_by_id=actor.id)
    if objection.source != rule.ONLINE:
        letters.issue(
            "rating_objection_receipt", objection, objection.institution, actor=actor, on=on,
            addressee=objection.rating.name, **ask.about(objection), answer_due_on=clocks.answer(objection).due_on,
        )  # fmt: skip


def judged(objection: RatingObjection) -> str:
    """The ground on which the days and the standing keep it out; empty when none does."""
    window = ask.window(objection.rating)
    return rule.ground(window, objection.raised_on, own=objection.source != rule.ONLINE)


def decline(
    objection: RatingObjection, *, ground: str, opinion: str, actor: Actor, on: date
) -> Document:
    """Not taken in, on one of the grounds of the table and with reasons. Days and standing are asked, not believed."""
    row, found = rule.named(ground, on), judged(objection)
    if row.extra["judged"] and ground != found:
        raise Refused(f"该异议不属于“{row.label}”。", cure="请核对提出的日期和提出人。")
    if not opinion.strip():
        raise Refused("不予受理须写明理由。")
    _answer(objection, "decline", opinion, actor=actor, on=on, ground=ground)
    return _tell(objection, f"不予受理：{row.label}", row.basis, actor=actor, on=on)


def uphold(objection: RatingObjection, *, opinion: str, actor: Actor, on: date) -> Document:
    """The grade stands, with what was found and why."""
    if not opinion.strip():
        raise Refused("答复异议须写明核查情况和理由。")
    _answer(objection, "uphold", opinion, actor=actor, on=on)
    return _tell(objection, "维持原得分和等级", BASIS, actor=actor, on=on)


def correct(
    objection: RatingObjection,
    corrections: Sequence[Correction],
    *,
    opinion: str,
    actor: Actor,
    on: date,
) -> Document:
    """Founded: the frozen facts that were wrong are recorded with what is right. The replay is the next step."""
    if not corrections:
        raise Refused("更正须写明哪项事实有误、正确的数是多少。")
    _found(objection, opinion, actor=actor, on=on)
    for one in corrections:
        rating_corrections.record(objection, one, actor=actor, on=on)
    return _tell(objection, CORRECTED, BASIS, actor=actor, on=on)


def correct_by_record(
    objection: RatingObjection, noun: str, *, opinion: str, actor: Actor, on: date
) -> Document:
    """Founded: records behind the grade were revoked or taken back since by those who may, and the facts follow.

    Refused while every record of this noun still counts, and when the same facts moved otherwise as well.
    """
    gone = next((row for row in gone_of(objection.rating) if row.noun == noun), None)
    if gone is None:
        raise Refused(
            "评价所依据的记录没有被撤销或者更正。", cure="请先由办理人员撤销或者更正有误的记录。"
        )
    if gone.fault:
        raise Refused(gone.fault)
    _found(objection, opinion, actor=actor, on=on)
    rating_corrections.record_gone(objection, gone, actor=actor, on=on)
    return _tell(objection, CORRECTED, BASIS, actor=actor, on=on)


def _found(objection: RatingObjection, opinion: str, *, actor: Actor, on: date) -> None:
    if not opinion.strip():
        raise Refused("答复异议须写明核查情况和理由。")
    _answer(objection, "correct", opinion, actor=actor, on=on)


def withdraw(objection: RatingObjection, *, actor: Actor, on: date) -> None:
    """Taken back by whoever raised it; the mark is gone. What the public said is nobody's here to take back."""
    if objection.source == rule.ONLINE:
        raise Refused("公众提出的异议不能由他人撤回。", cure="请核查后答复提出人。")
    lifecycle.move(objection, "withdraw", actor=actor, on=on)
    clocks.answered(objection, on=on)


def post_answer(
    objection: RatingObjection, *, on: date, method: str, proof: str, actor: Actor
) -> None:
    """The answer to somebody of the public was handed over: only whoever may know the address does that.

    Refused before there is an answer, twice, and without proof.
    """
    require(actor, Permission.HANDLE_RATING_OBJECTION, objection)
    letter = next(iter(letters.of(objection, ANSWER)), None)
    if letter is None:
        raise Refused("没有需要向公众送达的答复书。", cure="机构的文书在公文文书中登记送达。")
    letters.note_service(letter, actor=actor, on=on, method=method, proof=proof)


def _answer(
    objection: RatingObjection, verb: str, opinion: str, *, actor: Actor, on: date, **more: Any
) -> None:
    lifecycle.move(
        objection, verb, actor=actor, on=on, basis=BASIS, handled_by_id=actor.id, answered_on=on,
        opinion=opinion.strip()[:4000], **more,
    )  # fmt: skip
    clocks.answered(objection, on=on)


def _tell(
    objection: RatingObjection, outcome: str, basis: str, *, actor: Actor, on: date
) -> Document:
    """The letter: to the institution, or to whoever of the public objected; nobody else learns who that was."""
    public = objection.source == rule.ONLINE
    if public:
        kind = ANSWER
    elif objection.state == RatingObjectionState.DECLINED:
        kind = "rating_objection_decline"
    else:
        kind = "rating_objection_result"
    fixed = [
        {"label": one.label, "before": ask.said(one.before), "after": ask.said(one.after)}
        for one in objection.corrections
    ]
    more = {} if kind == "rating_objection_decline" else {"corrections": fixed}
    return letters.issue(
        kind, objection, objection.institution, actor=actor, on=on,
        addressee=objection.raised_by if public else objection.rating.name,
        **ask.about(objection) | {"basis": basis}, outcome=outcome, opinion=objection.opinion, **more,
    )  # fmt: skip
