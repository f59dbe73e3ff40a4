"""修复: taking part in study or in the work of the agency takes points off the account, with proof, by two persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import letters, lifecycle, numbering, points_ledger, qualification_measures
from actions.materials import Upload
from actions.qualification_measures import Cause
from database import session
from models import Document, Institution, Practitioner, Restoration
from models.qualification_measure import Silenced
from queries import appeals as ask
from queries import points_ledger as ledger
from queries import practitioners
from rules import appeals as rule
from rules import points_causes
from rules.appeals import RestorationFacts
from rules.lifecycle import RestorationState
from rules.permissions import Actor, Permission, require
from rules.qualification import Status
from rules.refusal import Refused


@dataclass(frozen=True)
class Activity:
    """What the person took part in, as stated with its proof."""

    key: str
    organiser: str
    took_part_on: date
    remark: str = ""


def request(
    practitioner: Practitioner,
    institution: Institution,
    activity: Activity,
    *,
    upload: Upload,
    actor: Actor,
    on: date,
) -> Restoration:
    """Ask for points to be taken off. Counts when another person has confirmed the proof.

    Refused beyond the most of a year (what is asked for counts along), with nothing to restore, before the points were
    given, for another year, for whoever is revoked, and for somebody not registered there.
    """
    require(actor, Permission.REQUEST_RESTORATION, institution)
    if not practitioners.is_registered(practitioner.id, institution.id, on):
        raise Refused(
            f"{practitioner.name}没有在{institution.name}登记备案，不能由该机构申请修复。",
            cure="请由其现在登记备案的机构申请。",
        )
    if not activity.organiser.strip():
        raise Refused("没有写明活动的组织单位。", cure="请填写组织学习、宣传或者检查的单位。")
    points_ledger.lock(practitioner.id, activity.took_part_on.year)
    points = points_causes.limit(on).each
    waiting = ask.restoration_points_waiting(practitioner.id, activity.took_part_on.year)
    _check(practitioner, points, activity.took_part_on, waiting, on)
    restoration = _draw_up(activity, points, upload, on)
    restoration.practitioner_id, restoration.practitioner = practitioner.id, practitioner
    restoration.institution, restoration.recorded_by_id = institution, actor.id
    used = {"activity": activity.key, "took_part_on": activity.took_part_on, "points": points}
    basis = restoration.basis
    lifecycle.begin(restoration, "request", "申请记分修复", actor=actor, on=on, basis=basis, **used)
    session.flush()
    return restoration


def _draw_up(activity: Activity, points: int, upload: Upload, on: date) -> Restoration:
    row = points_causes.activity(activity.key, on)
    return Restoration(
        number=numbering.case_number("XF", on.year),
        state=RestorationState.REQUESTED,
        activity=row.key,
        activity_text=row.label,
        organiser=activity.organiser.strip()[:200],
        took_part_on=activity.took_part_on,
        year=activity.took_part_on.year,
        points=points,
        adjusts=bool(row.extra["adjusts"]),
        remark=activity.remark.strip()[:2000],
        file_name=upload.name,
        sha256=letters.keep(upload.content, upload.media_type),
        basis=row.basis,
    )


def confirm(restoration: Restoration, *, actor: Actor, on: date) -> Document:
    """Take the points off, tell so by letter, and adjust what runs where the rule of the activity says so.

    Denied to the recorder; refused where meanwhile nothing is left to restore.
    """
    account = points_ledger.lock(restoration.practitioner_id, restoration.year)
    session.refresh(restoration)
    person = restoration.practitioner
    _check(person, restoration.points, restoration.took_part_on, 0, on)
    decided: dict[str, Any] = {
        "confirmed_by_id": actor.id,
        "confirmed_on": on,
        "total_after": account.total - restoration.points,
    }
    lifecycle.move(restoration, "confirm", actor=actor, on=on, basis=restoration.basis, **decided)
    points_ledger.restore(restoration, on=on)
    cause = Cause(
        Silenced.RESTORED,
        restoration.institution,
        f"因记分修复（{restoration.number}），依规定随累计分值调整",
    )
    qualification_measures.settle(person, cause, actor=actor, on=on)
    return _tell(restoration, actor=actor, on=on)


def reject(restoration: Restoration, *, reason: str, actor: Actor, on: date) -> None:
    """Turn it down with the reason: nothing is taken off. Denied to the recorder."""
    if not reason.strip():
        raise Refused("退回修复申请须写明理由。", cure="请填写退回的理由。")
    lifecycle.move(restoration, "reject", actor=actor, on=on, note=reason.strip())


def _check(
    practitioner: Practitioner, points: int, took_part_on: date, waiting: int, on: date
) -> None:
    limit, year = points_causes.limit(on), took_part_on.year
    facts = RestorationFacts(
        total=ledger.balance(practitioner.id, year) - waiting,
        restored=ledger.restored(practitioner.id, year) + waiting,
        most=limit.most,
        first_points_on=ask.first_points_on(practitioner.id, year),
        revoked=practitioners.status(practitioner, on).status is Status.REVOKED,
        basis=limit.basis,
    )
    rule.check_restoration(facts, points, took_part_on, on)


def _tell(restoration: Restoration, *, actor: Actor, on: date) -> Document:
    person = restoration.practitioner
    return letters.issue(
        "restoration_result",
        restoration,
        restoration.institution,
        actor=actor,
        on=on,
        practitioner=person.name,
        practitioner_code=person.code,
        institution=restoration.institution.name,
        restoration_number=restoration.number,
        activity=restoration.activity_text,
        organiser=restoration.organiser,
        took_part_on=restoration.took_part_on,
        points=restoration.points,
        year=restoration.year,
        total=restoration.total_after,
        adjusts=restoration.adjusts,
        basis=restoration.basis,
    )
