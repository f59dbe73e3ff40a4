"""定点申请: from the checklist to acceptance, one-off supplement or refusal (令3 Art 6, 7, 11; 令2 Art 7, 8, 12)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

import regulations
from actions import (
    intake_letters,
    lifecycle,
    materials,
    numbering,
    reevaluations,
    statutory_clocks,
)
from database import session
from models import Application, Institution, Material
from models.material import MaterialState
from queries import agreements, refusals
from queries import conditions as known
from rules import conditions, grounds
from rules.lifecycle import ApplicationState as S
from rules.permissions import Actor, Permission, Role, require
from rules.refusal import Refused, whole_article

OPEN = [
    S.DRAFT, S.SUBMITTED, S.SUPPLEMENTING, S.ACCEPTED, S.EVALUATING, S.CLARIFYING, S.EVALUATED,
    S.PASSED, S.ON_NOTICE, S.OBJECTED, S.TO_SIGN, S.NEGOTIATING, S.SIGNING,
]  # fmt: skip


def open_draft(institution: Institution, *, actor: Actor, on: date) -> Application:
    """Begin an application with the statutory checklist of the institution's kind.

    Refused while another one is open, and for a kind that only comes in through another institution. A clerk who
    types it in is recorded as proxy and takes no part in deciding it.
    """
    require(actor, Permission.APPLY, institution)
    law = regulations.at(on, institution.kind.family)
    conditions.require_own_application(institution.kind, law=law)
    _no_other_open(institution)
    reevaluations.require_no_detour(institution.id, on)
    application = Application(
        number=numbering.case_number("DD", on.year),
        institution=institution,
        state=S.DRAFT,
        proxy_by_id=None if actor.role is Role.INSTITUTION else actor.id,
        created_on=on,
    )
    application.materials = [
        Material(item=row.key, label=row.label, basis=row.basis, required=row.extra["required"])
        for row in law.table("application_materials")
    ]
    lifecycle.begin(
        application, "open", "填报定点申请", actor=actor, on=on, institution=institution.name
    )
    return application


def _no_other_open(institution: Institution) -> None:
    if agreements.living(institution.id):
        raise Refused("该机构已有服务协议，不需要重新申请定点。", cure="协议期满前请办理续签。")
    other = session.scalar(
        select(Application).where(
            Application.institution_id == institution.id, Application.state.in_(OPEN)
        )
    )
    if other:
        raise Refused(
            f"该机构的申请 {other.number} 正在办理，不能重复申请。",
            cure="请在该申请中继续办理，或者撤回后重新申请。",
        )


def submit(application: Application, *, actor: Actor, on: date) -> None:
    """Hand the application in. Refused while a required item is missing or a machine-checked condition is not met."""
    missing = [m for m in application.materials if m.required and m.sha256 is None]
    if missing:
        raise Refused(
            f"还缺少必交材料：{'、'.join(m.label for m in missing)}。",
            basis=whole_article(missing[0].basis),
            cure="请上传后再提交。",
        )
    conditions.require_machine(known.machine(application.institution, on=on))
    lifecycle.move(application, "submit", actor=actor, on=on, received_on=on)
    statutory_clocks.start(application, "apply.supplement_notice", on=on)


def request_supplement(
    application: Application, *, actor: Actor, on: date, again_reason: str = ""
) -> None:
    """Tell everything that is missing, once (令3 Art 7): the clock stops until it is handed in.

    Refused when nothing was returned and when an item is unchecked. A second notice departs from the law: it needs its
    written reason and shows on the leader's page; a third is refused.
    """
    basis = _may_tell(application, again_reason.strip(), on=on)
    materials.require_all_checked(application)
    returned = [m for m in application.materials if m.state is MaterialState.RETURNED]
    if not returned:
        raise Refused(
            "没有被退回的材料，不需要补正。", basis=basis, cure="材料齐全的应当即时受理。"
        )
    for material in returned:
        material.given_on = None  # only a file handed in after this notice supplements the item
    lifecycle.move(
        application,
        "request_supplement",
        actor=actor,
        on=on,
        basis=basis,
        supplement_requested_on=on,
        supplements=application.supplements + 1,
        again_reason=again_reason.strip() if application.supplements else "",
        reminders=0,
        reminded_on=None,
    )
    clock = statutory_clocks.running(application, "apply.supplement_notice")
    if clock:
        statutory_clocks.pause(application, clock, on=on, reason="一次性告知补正")
    facts = intake_letters.supplement_facts(application, on=on)
    intake_letters.issue("supplement", application, facts, actor=actor, on=on)


def _may_tell(application: Application, again_reason: str, *, on: date) -> str:
    """The basis of the notice; Refused for a second one without reason, and beyond the exception."""
    law = regulations.at(on, application.institution.kind.family)
    basis = law.apply.supplement_notice.basis
    if application.supplements and not again_reason:
        raise Refused(
            "一次性补正告知已经发出过，不能再次要求补正。",
            basis=basis,
            cure="请依现有材料决定是否受理；确需再次告知的，须写明理由，并由分管领导知悉。",
        )
    if not conditions.may_tell_again(application.supplements, on=on):
        raise Refused(
            f"已经告知补正 {application.supplements} 次，不能再次要求补正。",
            basis=basis,
            cure="请依现有材料决定是否受理。",
        )
    return str(basis)


def supplement(application: Application, *, actor: Actor, on: date) -> None:
    """Hand the supplemented items in. Refused while a returned item has no newer file."""
    returned = [m for m in application.materials if m.state is MaterialState.RETURNED]
    old = [m.label for m in returned if m.given_on is None]
    if old:
        raise Refused(f"还没有补正：{'、'.join(old)}。", cure="请上传补正后的文件。")
    for material in returned:
        material.state, material.reason = MaterialState.GIVEN, ""
    lifecycle.move(application, "supplement", actor=actor, on=on, supplemented_on=on)
    clock = statutory_clocks.running(application, "apply.supplement_notice")
    if clock:
        statutory_clocks.resume(application, clock, on=on)


def accept(application: Application, *, actor: Actor, on: date) -> None:
    """受理: the evaluation limit starts to run from this day.

    Refused while an item is open, while a condition is not met or not looked at, and while a ground for refusal
    stands (then only `decline` is left) or is not looked at.
    """
    law = regulations.at(on, application.institution.kind.family)
    materials.require_all_checked(application)
    open_items = [
        m.label for m in application.materials if m.required and m.state is not MaterialState.PASSED
    ]
    if open_items:
        raise Refused(
            f"材料不齐：{'、'.join(open_items)}。",
            basis=law.apply.supplement_notice.basis,
            cure="请退回补正，或者待补正后受理。",
        )
    grounds.require_none(refusals.check(application, on))
    conditions.require_all(known.of(application, on=on))
    basis = law.apply.supplement_notice.basis
    lifecycle.move(application, "accept", actor=actor, on=on, basis=basis, accepted_on=on)
    statutory_clocks.finish(
        application, statutory_clocks.running(application, "apply.supplement_notice"), on=on
    )
    statutory_clocks.start(application, "eval.max", on=on)
    facts = intake_letters.acceptance_facts(application, on=on)
    intake_letters.issue("acceptance", application, facts, actor=actor, on=on)


def decline(
    application: Application, *, actor: Actor, on: date, ground: str = "", reason: str = ""
) -> None:
    """不予受理: on the bans found by the machine, or on an enumerated ground stated with its facts."""
    facts = intake_letters.decline_facts(application, on=on, ground=ground, reason=reason)
    first = facts["grounds"][0]
    lifecycle.move(
        application,
        "decline",
        actor=actor,
        on=on,
        basis=first["basis"],
        result_reason=first["text"],
    )
    statutory_clocks.finish(
        application, statutory_clocks.running(application, "apply.supplement_notice"), on=on
    )
    intake_letters.issue("decline", application, facts, actor=actor, on=on)


def withdraw(application: Application, *, actor: Actor, on: date, note: str = "") -> None:
    """The institution takes its application back before a result is given."""
    lifecycle.move(application, "withdraw", actor=actor, on=on, note=note)
    for rule in ("apply.supplement_notice", "eval.max"):
        statutory_clocks.finish(application, statutory_clocks.running(application, rule), on=on)
