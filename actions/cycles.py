"""信用评价周期: facts and scheme frozen, rated, reviewed by another, published by a third; adopted by a person.

A run is never overwritten: one that is done again supersedes the first, and every stored result can be worked out
again from what was frozen with it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from actions import events, letters, lifecycle
from database import session
from models import Cycle, Proposal, Rating
from queries import calendar_days, credit_facts, credit_subjects, schemes
from queries import cycles as ask
from rules import clocks
from rules.lifecycle import CycleState, ProposalState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from scoring import catalogue, credit, frames, kept
from scoring.scheme import Scheme, UseValue

BASIS = "《医疗保障基金使用监督管理条例》第三十三条"


def start(
    name: str,
    from_on: date,
    to_on: date,
    scheme: str,
    *,
    actor: Actor,
    on: date,
    region: str | None = None,
) -> Cycle:
    """Freeze the scheme and the facts of the period and rate everybody with an agreement living in it.

    An earlier run of the same name that is not published yet is superseded. Refused when that one is published, when
    the period is not over, or when there is nobody to rate.
    """
    place = region or actor.pooling_region
    cycle = _drafted(name.strip(), from_on, to_on, schemes.text(scheme, place, on=on), place)
    require(actor, Permission.START_CYCLE, cycle)
    _check(cycle, on)
    _supersede(cycle, actor=actor, on=on)
    cycle.started_by_id = actor.id
    cycle.facts = credit_facts.rows(
        ask.scheme_of(cycle), cycle.pooling_region, from_on=from_on, to_on=to_on
    )
    _store(cycle, rerate(cycle), actor=actor, on=on)
    return cycle


def _store(cycle: Cycle, ratings: list[dict[str, Any]], *, actor: Actor, on: date) -> None:
    if not ratings:
        raise Refused("评价期内没有协议存续的机构，无从评价。", cure="请核对评价期的起止日期。")
    counts = {"subjects": len(cycle.facts), "rated": len(ratings)}
    used = {"scheme": cycle.scheme, "edition": cycle.edition, **counts}
    lifecycle.begin(cycle, "start", "开展信用评价", actor=actor, on=on, basis=BASIS, **used)
    session.flush()
    who = credit_subjects.identified(cycle, ask.scheme_of(cycle), cycle.facts)
    session.execute(insert(Rating), [_columns(row, cycle, who) for row in ratings])


def _drafted(name: str, from_on: date, to_on: date, text: str, region: str) -> Cycle:
    scheme = catalogue.parsed(text)
    return Cycle(
        name=name,
        pooling_region=region,
        state=CycleState("computed"),
        scheme=scheme.key,
        edition=scheme.edition,
        subject=scheme.subject.key,
        scheme_text=text,
        from_on=from_on,
        to_on=to_on,
    )


def _check(cycle: Cycle, on: date) -> None:
    if not cycle.name:
        raise Refused("请填写评价周期的名称。")
    if cycle.from_on > cycle.to_on:
        raise Refused("评价期的起始日期晚于截止日期。", cure="请核对评价期。")
    if cycle.to_on > on:
        raise Refused(
            f"评价期至 {cycle.to_on} 才结束，事实还不完整。", cure="请在评价期结束后开展评价。"
        )
    scheme = ask.scheme_of(cycle)
    if scheme.status == "superseded":
        raise Refused(
            f"方案《{scheme.label}》已被取代，不能用于新的评价。", cure="请选用现行方案。"
        )


def _supersede(cycle: Cycle, *, actor: Actor, on: date) -> None:
    """Make room for a new run of the same name; flushed before it, since only one may be current."""
    earlier = ask.named(cycle.name, cycle.pooling_region)
    if earlier is None:
        return
    if earlier.state == "published":
        raise Refused(
            f"“{cycle.name}”已经公布，不能重新测算。",
            cure="请另取名称；对已公布等级的异议另行处理。",
        )
    lifecycle.move(earlier, "supersede", actor=actor, on=on, note="重新测算")
    session.flush()


def supersede(cycle: Cycle, *, actor: Actor, on: date, reason: str) -> None:
    """Declare a run void before it is published; it stays on file. Refused without a reason."""
    if not reason.strip():
        raise Refused("请写明作废测算的理由。")
    lifecycle.move(cycle, "supersede", actor=actor, on=on, note=reason.strip())


def rerate(cycle: Cycle) -> list[dict[str, Any]]:
    """Everybody's rating worked out from nothing but what is frozen in the cycle."""
    scheme = ask.scheme_of(cycle)
    return kept.ratings(credit.rate(frames.frame(cycle.facts, scheme), scheme), cycle.facts)


def differences(cycle: Cycle) -> list[Any]:
    """Subjects whose stored result is not what the frozen facts and scheme give; none when all is well."""
    again = {row["subject"]: _result(row) for row in rerate(cycle)}
    stored = session.execute(
        select(
            credit_subjects.column(cycle),
            Rating.score_milli,
            Rating.grade,
            Rating.rank,
            Rating.lines,
        ).where(Rating.cycle_id == cycle.id)
    )
    found = {key: tuple(result) for key, *result in stored}
    return sorted(key for key in again.keys() | found.keys() if again.get(key) != found.get(key))


def _result(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["score_milli"], row["grade"], row["rank"], row["lines"])


def _columns(row: dict[str, Any], cycle: Cycle, who: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    result = {name: value for name, value in row.items() if name != "subject"}
    return {"cycle_id": cycle.id, **who[row["subject"]], **result}


def review(cycle: Cycle, *, actor: Actor, on: date, opinion: str = "") -> None:
    """Agree as the second person: never whoever started it. Refused when the replay gives another result."""
    _same(cycle)
    lifecycle.move(
        cycle,
        "review",
        actor=actor,
        on=on,
        basis=BASIS,
        note=opinion.strip(),
        reviewed_by_id=actor.id,
    )


def _same(cycle: Cycle) -> None:
    wrong = differences(cycle)
    if wrong:
        raise Refused(
            f"按冻结的事实和方案重新计算，有{len(wrong)}家的结果与存档不一致。",
            cure="请作废本次测算并查明原因。",
        )


def publish(cycle: Cycle, *, actor: Actor, on: date, opinion: str = "") -> None:
    """Publish as the third person: a letter to each subject, and what each grade suggests as proposals."""
    _same(cycle)
    published = {"published_by_id": actor.id, "published_on": on}
    lifecycle.move(
        cycle, "publish", actor=actor, on=on, basis=BASIS, note=opinion.strip(), **published
    )
    query = select(Rating).options(joinedload(Rating.institution)).order_by(Rating.id)
    ratings = session.scalars(query.where(Rating.cycle_id == cycle.id)).all()
    scheme = ask.scheme_of(cycle)
    uses = {grade.key: ask.uses_of(scheme, grade.key, on) for grade in scheme.grades}
    for rating in ratings:
        _letter(rating, cycle, scheme, uses[rating.grade], actor=actor, on=on)
    rated = [
        rating for rating in ratings if rating.institution_id is not None
    ]  # nobody else has a contract
    rows = [_proposal(rating, use, on) for rating in rated for use in uses[rating.grade]]
    if rows:
        session.execute(insert(Proposal), rows)
    events.record(cycle, "propose", "形成信用应用建议", actor=actor, on=on, proposals=len(rows))


def _letter(
    rating: Rating, cycle: Cycle, scheme: Scheme, uses: list[UseValue], *, actor: Actor, on: date
) -> None:
    institution = credit_subjects.addressee(rating)
    if institution is None:
        return
    letters.issue(
        "grade",
        rating,
        institution,
        actor=actor,
        on=on,
        addressee=rating.name,
        institution=rating.name,
        cycle=cycle.name.removesuffix("信用评价"),
        scheme=f"{scheme.label}（{scheme.edition}版）",
        score=_text(rating.score_milli),
        grade=scheme.grade(rating.grade).label,
        lines=[_said(line) for line in rating.lines],
        uses=[f"{use.label}：{use.text}（建议，作出决定后适用）" for use in uses],
        objection_due_on=_objection_due(institution.kind.family, on),
        basis=scheme.basis,
    )


def _objection_due(family: str, on: date) -> date:
    workdays = calendar_days.workdays()
    return clocks.due(rule="credit.objection", start=on, kind=family, workdays=workdays).due


def _said(line: dict[str, Any]) -> dict[str, str]:
    """A line of the letter: what was earned of what the item is worth in the score, so that the column adds up."""
    worth = line["weight_milli"]
    name = f"{line['label']}（满分{_text(worth)}分）" if worth else line["label"]
    veto = line["part"] == "veto"
    return {
        "name": f"{name}：{line['remark']}" if line["remark"] else name,
        "raw": line["raw"] or "—",
        "points": "—" if veto else _text(line["gain_milli"]),
        "basis": line["basis"],
    }


def _text(milli: int) -> str:
    return f"{milli / 1000:.2f}".rstrip("0").rstrip(".")


def _proposal(rating: Rating, use: UseValue, on: date) -> dict[str, Any]:
    return {
        "rating_id": rating.id,
        "use": use.key,
        "label": use.text,
        "value": str(use.value),
        "basis": use.basis,
        "confidence": use.confidence,
        "state": ProposalState("proposed"),
        "state_since": on,
        "reason": "",
        "version": 1,
    }


def decide(proposal: Proposal, verb: str, *, actor: Actor, on: date, reason: str = "") -> None:
    """Adopt a proposal or refuse it. A refusal needs its reason; a decision made is not made again."""
    if verb == "refuse" and not reason.strip():
        raise Refused("不采用建议须写明理由。", basis=proposal.basis, cure="请填写不采用的理由。")
    lifecycle.move(
        proposal,
        verb,
        actor=actor,
        on=on,
        basis=proposal.basis,
        reason=reason.strip(),
        decided_by_id=actor.id,
    )
