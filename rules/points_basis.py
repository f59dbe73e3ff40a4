"""What points rest on: a decided case or a registered penalty, and what else one act may be scored for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.negative_list import Item
from rules.refusal import Refused


@dataclass(frozen=True)
class BasisFacts:
    """A decision that points may rest on. `of_person`: a penalty of the practitioner, not of an institution."""

    text: str
    institution_id: int | None
    of_person: bool
    decided_on: date | None
    articles: frozenset[int]


@dataclass(frozen=True)
class Scored:
    """One item of the list that an act falls under, with its points."""

    item: Item
    points: int


@dataclass(frozen=True)
class Instead:
    """What is to stand in the place of points taken back."""

    item: str
    responsibility: str
    points: int


def check(facts: BasisFacts, institution_id: int, on: date) -> date:
    """The day of the decision. Refused when there is none yet, to come, or not about this institution or person."""
    if facts.decided_on is None:
        raise Refused(
            f"{facts.text}还没有作出决定，不能作为记分依据。", cure="请在处理决定作出以后登记记分。"
        )
    if facts.decided_on > on:
        raise Refused("处理决定的日期晚于今天。", cure="请在处理决定作出以后登记记分。")
    if not facts.of_person and facts.institution_id != institution_id:
        raise Refused(
            "所选的处理决定不是对该机构作出的。", cure="请选择对行为所在机构作出的处理决定。"
        )
    return facts.decided_on


def check_item(facts: BasisFacts, item: Item) -> None:
    """Refused when the item presupposes an article that was not applied, or a penalty of the institution."""
    if facts.of_person and not item.own:
        raise Refused(
            "该情形须以对机构作出的行政处罚或者协议处理为依据，不能以对个人的处理为依据。",
            basis=item.basis,
            cure="请选择对机构的处理决定；行业主管部门处理本人的，请选择相应情形。",
        )
    if item.articles and not item.articles & facts.articles:
        raise Refused(
            f"该情形以机构依{item.after}受到处理为前提，{facts.text}没有适用这些条款。",
            basis=item.basis,
            cure="请选择相应的处理决定，或者重新选择情形。",
        )


def heaviest(scored: Sequence[Scored]) -> tuple[Scored, list[Scored]]:
    """Of one act only the item with most points counts; the others are kept as seen. Of equals the first."""
    keys = [one.item.key for one in scored]
    if len(set(keys)) < len(keys):
        raise Refused("同一情形选择了两次。", cure="请删去重复的情形。")
    counts = max(scored, key=lambda one: one.points)
    return counts, [one for one in scored if one is not counts]


def check_repeat(item: Item, earlier_bands: Sequence[str], year: int) -> None:
    """Repetition presupposes points of the lighter bands for the same act earlier in the year."""
    if item.repeats and not item.repeats & set(earlier_bands):
        raise Refused(
            f"{year} 年该人员没有因前两档行为被记分，不能按再犯记分。",
            basis=item.basis,
            cure="请按行为本身的情形记分。",
        )
