"""评估中补充材料: asked for while the team evaluates; the time the institution takes does not count (令3 Art 8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import regulations
from actions import evaluation_letters, lifecycle, statutory_clocks, work_items
from models import Application, Material, StatutoryClock
from models.material import MaterialState
from rules.permissions import Actor
from rules.refusal import Refused


def request(application: Application, wanted: Mapping[int, str], *, actor: Actor, on: date) -> None:
    """Ask for these items of the checklist (id → what is missing): the clock of the evaluation stands.

    Refused when nothing is asked for, without a reason, and unless the team is evaluating.
    """
    law = regulations.at(on, application.institution.kind.family)
    items = [one for one in application.materials if one.id in wanted]
    if not items:
        raise Refused("没有选择要补充的材料。", cure="请选择材料，并写明需要补充的内容。")
    for material in items:
        if not wanted[material.id].strip():
            raise Refused(f"要求补充“{material.label}”须写明需要补充的内容。")
    lifecycle.move(application, "request_evidence", actor=actor, on=on, basis=law.eval.max.basis)
    for material in items:
        material.state, material.given_on = MaterialState.RETURNED, None
        material.reason = wanted[material.id].strip()[:500]
    clock = statutory_clocks.running(application, "eval.max")
    if clock:
        statutory_clocks.pause(application, clock, on=on, reason="评估中补充材料")
        _tell_members(application, clock)
    evaluation_letters.clarification(application.evaluations[-1], items, actor=actor, on=on)


def supply(application: Application, *, actor: Actor, on: date) -> None:
    """Hand in what was asked for: the evaluation and its clock go on. Refused while an item has no newer file."""
    asked = [one for one in application.materials if one.state is MaterialState.RETURNED]
    old = [one.label for one in asked if one.given_on is None]
    if old:
        raise Refused(f"还没有补充：{'、'.join(old)}。", cure="请上传后再提交。")
    law = regulations.at(on, application.institution.kind.family)
    lifecycle.move(application, "clarify", actor=actor, on=on, basis=law.eval.max.basis)
    for material in asked:
        _take(material)
    clock = statutory_clocks.running(application, "eval.max")
    if clock:
        statutory_clocks.resume(application, clock, on=on)
        _tell_members(application, clock)


def _take(material: Material) -> None:
    """It is complete again; whether it convinces, the team says."""
    material.state, material.reason = MaterialState.PASSED, ""


def _tell_members(application: Application, clock: StatutoryClock) -> None:
    """The members' own work items show the same light as the case."""
    for opinion in application.evaluations[-1].opinions:
        work_items.show_clock("opinion", opinion.id, clock)
