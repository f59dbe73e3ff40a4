"""信用评价周期: facts and scheme frozen, rated, reviewed by another, published by a third; adopted by a person.

A run is never overwritten: one that is done again supersedes the first, and every stored result can be worked out
again from what was frozen with it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from actions import credit_files, cycle_replacements, events, grade_letters, lifecycle, proposals
from actions.credit_files import FactFile
from actions.proposals import decide as decide
from database import session
from models import Cycle, Rating
from queries import credit_facts, credit_subjects, cycle_archives, schemes, self_assessments
from queries import cycles as ask
from queries import rating_corrections as corrections
from queries.rating_corrections import Difference
from rules import self_assessments as opened
from rules.credit_subjects import INSTITUTION
from rules.lifecycle import CycleState
from rules.lifecycles_credit import VALID
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from scoring import catalogue, credit, frames, kept

BASIS = "《医疗保障基金使用监督管理条例》第三十三条"
WORDING = ("rule", "remark")  # of a line: how the house says it


def start(
    name: str,
    from_on: date,
    to_on: date,
    scheme: str,
    *,
    actor: Actor,
    on: date,
    region: str | None = None,
    given: FactFile | None = None,
) -> Cycle:
    """Freeze the scheme and the facts of the period and rate everybody with an agreement living in it.

    `given`: the facts of persons of whom the product keeps no register.

    An earlier run of the same name that is not published yet is superseded. Refused when that one is published, when
    the period is not over, or when there is nobody to rate.
    """
    cycle = freeze(name, from_on, to_on, scheme, actor=actor, on=on, region=region, given=given)
    compute(cycle, actor=actor, on=on)
    return cycle


def freeze(
    name: str,
    from_on: date,
    to_on: date,
    scheme: str,
    *,
    actor: Actor,
    on: date,
    region: str | None = None,
    given: FactFile | None = None,
) -> Cycle:
    """The first half of `start`: what will be rated is fixed; a self-assessment may follow."""
    place = region or actor.pooling_region
    cycle = _drafted(name.strip(), from_on, to_on, schemes.text(scheme, place, on=on), place)
    require(actor, Permission.START_CYCLE, cycle)
    _check(cycle, on)
    _supersede(cycle, actor=actor, on=on)
    cycle.facts = _gathered(cycle, given)
    put(cycle, "start", "冻结评价的事实和方案", actor=actor, on=on)
    return cycle


def _gathered(cycle: Cycle, given: FactFile | None) -> list[dict[str, Any]]:
    scheme, days = ask.scheme_of(cycle), {"from_on": cycle.from_on, "to_on": cycle.to_on}
    if given is not None:
        return credit_files.rows(given, scheme, cycle.pooling_region, **days)
    facts = credit_facts.rows(scheme, cycle.pooling_region, **days)
    if not facts:
        who = "协议存续的机构" if cycle.subject == INSTITUTION else scheme.subject.label
        raise Refused(f"评价期内没有{who}，无从评价。", cure="请核对评价期的起止日期。")
    return facts


def put(cycle: Cycle, verb: str, title: str, *, actor: Actor, on: date, **used: Any) -> None:
    """A run whose facts are frozen, on record."""
    cycle.started_by_id = actor.id
    cycle.frozen_on = cycle.replaces.frozen_on if cycle.replaces else on
    counted = {"scheme": cycle.scheme, "edition": cycle.edition, "subjects": len(cycle.facts)}
    lifecycle.begin(cycle, verb, title, actor=actor, on=on, basis=BASIS, **counted, **used)
    session.flush()


def compute(cycle: Cycle, *, actor: Actor, on: date) -> None:
    """Rate everybody from what is frozen. Refused while institutions may still assess themselves."""
    missing = self_assessments.missing(cycle) if cycle.assess_until else 0
    opened.require_over(cycle.state, cycle.assess_until, on, missing=missing)
    ratings = rerate(cycle)
    if not ratings:
        raise Refused("没有一家有可用的数据，无从评价。", cure="请核对评价期和方案。")
    lifecycle.move(cycle, "compute", actor=actor, on=on, basis=BASIS)
    events.record(cycle, "rate", "算出结果", actor=actor, on=on, rated=len(ratings))
    who = credit_subjects.identified(cycle, ask.scheme_of(cycle), cycle.facts)
    session.execute(insert(Rating), [_columns(row, cycle, who) for row in ratings])


def _drafted(name: str, from_on: date, to_on: date, text: str, region: str) -> Cycle:
    scheme = catalogue.parsed(text)
    return Cycle(
        name=name,
        pooling_region=region,
        state=CycleState.FROZEN,
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
        raise Refused(f"评价期至 {cycle.to_on} 才结束，事实还不完整。", cure="请在期满后评价。")
    scheme = ask.scheme_of(cycle)
    if scheme.status == "superseded":
        raise Refused(f"方案《{scheme.label}》已被取代。", cure="请选用现行方案。")


def _supersede(cycle: Cycle, *, actor: Actor, on: date) -> None:
    """Make room for a new run of the same name; flushed before it, since only one may be current."""
    earlier = ask.named(cycle.name, cycle.pooling_region)
    if earlier is None:
        return
    if earlier.state in VALID:
        raise Refused(
            f"“{cycle.name}”已经公布，不能重新测算。",
            cure="请另取名称；对已公布等级的异议另行处理。",
        )
    _require_settled(earlier)
    lifecycle.move(earlier, "supersede", actor=actor, on=on, note="重新测算")
    session.flush()


def supersede(cycle: Cycle, *, actor: Actor, on: date, reason: str) -> None:
    """Declare a run void before it is published; it stays on file. Refused without a reason."""
    if not reason.strip():
        raise Refused("请写明作废测算的理由。")
    _require_settled(cycle)
    lifecycle.move(cycle, "supersede", actor=actor, on=on, note=reason.strip())


def _require_settled(cycle: Cycle) -> None:
    if corrections.pending(cycle.id):
        raise Refused(
            "有异议没有答复，或者有更正没有计入结果，不能作废。", cure="请答复后按更正重新计算。"
        )


def rerate(cycle: Cycle) -> list[dict[str, Any]]:
    """Everybody's rating worked out from nothing but what is frozen in the cycle."""
    scheme = ask.scheme_of(cycle)
    return kept.ratings(credit.rate(frames.frame(cycle.facts, scheme), scheme), cycle.facts)


def differences(cycle: Cycle) -> list[Any]:
    """Subjects whose stored result is not what the frozen facts and scheme give; none when all is well."""
    again = {
        row["subject"]: _result(row["score_milli"], row["grade"], row["rank"], row["lines"])
        for row in rerate(cycle)
    }
    stored = session.execute(
        select(
            credit_subjects.column(cycle),
            Rating.score_milli,
            Rating.grade,
            Rating.rank,
            Rating.lines,
        ).where(Rating.cycle_id == cycle.id)
    )
    found = {key: _result(*result) for key, *result in stored}
    return sorted(key for key in again.keys() | found.keys() if again.get(key) != found.get(key))


def _result(
    score_milli: int, grade: str, rank: int, lines: list[dict[str, Any]]
) -> tuple[Any, ...]:
    """What must come out the same: every figure and its evidence. How the house words a rule may change with time."""
    figures = [
        {name: value for name, value in line.items() if name not in WORDING} for line in lines
    ]
    return (score_milli, grade, rank, figures)


def _columns(row: dict[str, Any], cycle: Cycle, who: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    result = {name: value for name, value in row.items() if name != "subject"}
    return {"cycle_id": cycle.id, **who[row["subject"]], **result}


def review(cycle: Cycle, *, actor: Actor, on: date, opinion: str = "") -> None:
    """Agree as the second person: never whoever started it or recorded what it corrects. Replayed before."""
    if actor.id in corrections.recorders(cycle.id):
        raise Refused(
            "事实更正由您登记，须由另一人复核。", basis=BASIS, cure="请其他复核人员办理。"
        )
    _same(cycle)
    lifecycle.move(
        cycle, "review", actor=actor, on=on, basis=BASIS, note=opinion.strip(), reviewed_by_id=actor.id
    )  # fmt: skip


def _same(cycle: Cycle) -> None:
    wrong = differences(cycle)
    if wrong:
        raise Refused(
            f"按冻结的事实和方案重新计算，有{len(wrong)}家的结果与存档不一致。",
            basis=BASIS,
            cure="请作废本次测算并查明原因。",
        )


def publish(cycle: Cycle, *, actor: Actor, on: date, opinion: str = "") -> None:
    """Publish as the third person: a letter to each subject, and what each grade suggests as proposals.

    A run that corrects a published one takes its place; then only those get a letter whose result changed.
    """
    _same(cycle)
    if corrections.pending(cycle.id):
        raise Refused("有异议没有答复，不能公布。", basis=BASIS, cure="请答复后再公布。")
    ratings = _rated(cycle)
    told: dict[int, Difference | None] = {rating.id: None for rating in ratings}
    if cycle.replaces and cycle.replaces.published_on:
        told = cycle_replacements.replace(cycle, cycle.replaces, ratings, actor=actor, on=on)
    published = {"published_by_id": actor.id, "published_on": on}
    lifecycle.move(
        cycle, "publish", actor=actor, on=on, basis=BASIS, note=opinion.strip(), **published
    )
    scheme = ask.scheme_of(cycle)
    uses = {grade.key: ask.uses_of(scheme, grade.key, on) for grade in scheme.grades}
    for row in (row for row in ratings if row.id in told):
        grade_letters.issue(row, scheme, uses[row.grade], told[row.id], actor=actor, on=on)
    proposals.publish(cycle, ratings, uses, actor=actor, on=on)


def _rated(cycle: Cycle) -> list[Rating]:
    query = select(Rating).options(joinedload(Rating.institution)).order_by(Rating.id)
    return list(session.scalars(query.where(Rating.cycle_id == cycle.id)))


def archive(cycle: Cycle, *, actor: Actor, on: date) -> None:
    """File it away: the grades go on holding. Refused while somebody may still object or waits for an answer."""
    waiting = cycle_archives.waiting(cycle, on)
    if waiting:
        raise Refused(waiting, cure="请在异议期满、全部异议答复并更正后归档。")
    lifecycle.move(cycle, "archive", actor=actor, on=on, archived_on=on)
