"""定点申请: from the checklist to acceptance, one-off supplement or refusal (令3 Art 6, 7, 11; 令2 Art 7, 8, 12)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

import regulations
from actions import letters, lifecycle, materials, numbering, statutory_clocks
from database import session
from models import Application, Institution, Material, StatutoryClock
from models.material import MaterialState
from queries import agreements, bans
from queries.bans import BanHit
from rules import conditions
from rules.lifecycle import ApplicationState as S
from rules.permissions import Actor, Permission, Role, require
from rules.refusal import Refused

OPEN = [
    S.DRAFT, S.SUBMITTED, S.SUPPLEMENTING, S.ACCEPTED, S.EVALUATING, S.EVALUATED, S.PASSED,
    S.ON_NOTICE, S.OBJECTED, S.TO_SIGN, S.SIGNING,
]  # fmt: skip


def open_draft(institution: Institution, *, actor: Actor, on: date) -> Application:
    """Begin an application with the statutory checklist of the institution's kind.

    Refused while another one is open. A clerk who types it in is recorded as proxy and takes no part in deciding it.
    """
    require(actor, Permission.APPLY, institution)
    _no_other_open(institution)
    application = Application(
        number=numbering.case_number("DD", on.year),
        institution=institution,
        state=S.DRAFT,
        proxy_by_id=None if actor.role is Role.INSTITUTION else actor.id,
        created_on=on,
    )
    law = regulations.at(on, institution.kind.family)
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
    institution = application.institution
    law = regulations.at(on, institution.kind.family)
    missing = [m.label for m in application.materials if m.required and m.sha256 is None]
    if missing:
        raise Refused(f"还缺少必交材料：{'、'.join(missing)}。", cure="请上传后再提交。")
    conditions.require_operating_time(institution.operating_since, on=on, law=law)
    lifecycle.move(application, "submit", actor=actor, on=on, received_on=on)
    statutory_clocks.start(application, "apply.supplement_notice", on=on)


def request_supplement(application: Application, *, actor: Actor, on: date) -> None:
    """Tell everything that is missing, once (令3 Art 7): the clock stops until it is handed in.

    Refused when nothing was returned, when an item is unchecked, and a second time.
    """
    law = regulations.at(on, application.institution.kind.family)
    basis = law.apply.supplement_notice.basis
    if application.supplement_requested_on is not None:
        raise Refused(
            "一次性补正告知已经发出过，不能再次要求补正。",
            basis=basis,
            cure="请依现有材料决定是否受理。",
        )
    materials.require_all_checked(application)
    returned = [m for m in application.materials if m.state is MaterialState.RETURNED]
    if not returned:
        raise Refused("没有被退回的材料，不需要补正。", cure="材料齐全的应当即时受理。")
    for material in returned:
        material.given_on = None  # only a file handed in after this notice supplements the item
    lifecycle.move(
        application,
        "request_supplement",
        actor=actor,
        on=on,
        basis=basis,
        supplement_requested_on=on,
    )
    clock = statutory_clocks.running(application, "apply.supplement_notice")
    if clock:
        statutory_clocks.pause(application, clock, on=on, reason="一次性告知补正")
    _supplement_letter(application, returned, actor=actor, on=on, basis=basis)


def _supplement_letter(
    application: Application, returned: list[Material], *, actor: Actor, on: date, basis: str
) -> None:
    letters.issue(
        "supplement",
        application,
        application.institution,
        actor=actor,
        on=on,
        institution=application.institution.name,
        application_number=application.number,
        received_on=application.received_on,
        items=[{"name": m.label, "reason": m.reason} for m in returned],
        basis=basis,
    )


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

    Refused while an item is open or a ground for refusal stands (then only `decline` is left).
    """
    institution = application.institution
    law = regulations.at(on, institution.kind.family)
    materials.require_all_checked(application)
    open_items = [
        m.label for m in application.materials if m.required and m.state is not MaterialState.PASSED
    ]
    if open_items:
        raise Refused(f"材料不齐：{'、'.join(open_items)}。", cure="请退回补正，或者待补正后受理。")
    hits = bans.against(institution, on)
    if hits:
        raise Refused(
            f"存在不予受理的情形：{hits[0].text}",
            basis=hits[0].basis,
            cure="应当作出不予受理决定。",
        )
    basis = law.apply.supplement_notice.basis
    lifecycle.move(application, "accept", actor=actor, on=on, basis=basis, accepted_on=on)
    statutory_clocks.finish(
        application, statutory_clocks.running(application, "apply.supplement_notice"), on=on
    )
    clock = statutory_clocks.start(application, "eval.max", on=on)
    _acceptance_letter(application, clock, actor=actor, on=on, basis=basis)


def _acceptance_letter(
    application: Application, clock: StatutoryClock, *, actor: Actor, on: date, basis: str
) -> None:
    institution = application.institution
    letters.issue(
        "acceptance",
        application,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        application_number=application.number,
        kind_label=institution.kind.label,
        received_on=application.received_on,
        accepted_on=on,
        evaluation_due_on=clock.due_on,
        due_explain=clock.explain,
        basis=basis,
    )


def decline(
    application: Application, *, actor: Actor, on: date, ground: str = "", reason: str = ""
) -> None:
    """不予受理: on the bans found by the machine, or on an enumerated ground stated with its facts."""
    institution = application.institution
    law = regulations.at(on, institution.kind.family)
    grounds = [_as_ground(hit) for hit in bans.against(institution, on)]
    if not grounds:
        grounds = [_stated_ground(law, ground, reason)]
    basis = str(grounds[0]["basis"])
    lifecycle.move(
        application, "decline", actor=actor, on=on, basis=basis, result_reason=grounds[0]["text"]
    )
    statutory_clocks.finish(
        application, statutory_clocks.running(application, "apply.supplement_notice"), on=on
    )
    letters.issue(
        "decline",
        application,
        institution,
        actor=actor,
        on=on,
        institution=institution.name,
        application_number=application.number,
        grounds=grounds,
    )


def _as_ground(hit: BanHit) -> dict[str, object]:
    return {"text": hit.text, "basis": hit.basis, "until": hit.until, "cure": hit.cure}


def _stated_ground(law: regulations.Law, key: str, reason: str) -> dict[str, object]:
    row = next((row for row in law.table("refusal_grounds") if row.key == key), None)
    if row is None:
        raise Refused(
            "没有发现自动核查的不予受理情形。", cure="如有其他情形，请选择对应的条款并写明事实。"
        )
    if not reason.strip():
        raise Refused(
            "不予受理须写明事实。", basis=row.basis, cure="请写明认定该情形的事实和证据。"
        )
    text = f"{row.label}：{reason.strip()}"
    return {"text": text, "basis": row.basis, "until": None, "cure": "情形消除后可以重新申请。"}


def withdraw(application: Application, *, actor: Actor, on: date) -> None:
    """The institution takes its application back before a result is given."""
    lifecycle.move(application, "withdraw", actor=actor, on=on)
    for rule in ("apply.supplement_notice", "eval.max"):
        statutory_clocks.finish(application, statutory_clocks.running(application, rule), on=on)
