"""再次评估: after a fail the institution puts things right and asks once more (令3 Art 8, 令2 Art 9)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

import regulations
from actions import events, letters, lifecycle, statutory_clocks
from database import session
from models import Application, Evaluation, StatutoryClock
from queries import bans
from rules import reevaluation as rule
from rules.lifecycle import ApplicationState as S
from rules.permissions import SYSTEM, Actor
from rules.refusal import Refused


def retry(application: Application, *, rectification: str, actor: Actor, on: date) -> None:
    """Ask for another evaluation of a failed application: a new round with a team and a clock of its own.

    Refused before the result was served, before the months are over, without saying what was put right, and while a
    ground for refusal stands.
    """
    law = regulations.at(on, application.institution.kind.family)
    rule.require_possible(_facts(application), on, law)
    if not rectification.strip():
        raise Refused("申请再次评估须写明整改情况。", basis=law.eval.retry_after.basis)
    hits = bans.against(application.institution, on)
    if hits:
        raise Refused(f"存在不予受理的情形：{hits[0].text}", basis=hits[0].basis, cure=hits[0].cure)
    lifecycle.move(
        application,
        "retry",
        actor=actor,
        on=on,
        basis=law.eval.retry_after.basis,
        retried_on=on,
        rectification=rectification.strip()[:2000],
    )
    clock = statutory_clocks.start(application, "eval.max", on=on)
    _acceptance(application, clock, law, actor=actor, on=on)


def _facts(application: Application) -> rule.Fail:
    latest = application.evaluations[-1] if application.evaluations else None
    return rule.Fail(
        failed=application.state == S.FAILED,
        by_evaluation=latest is not None and latest.passed is False,
        retry_on=application.retry_on,
    )


def _acceptance(
    application: Application,
    clock: StatutoryClock,
    law: regulations.Law,
    *,
    actor: Actor,
    on: date,
) -> None:
    """The same letter as at the first acceptance: from which day the limit runs, and until when."""
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
        received_on=on,
        accepted_on=on,
        evaluation_due_on=clock.due_on,
        due_explain=clock.explain,
        basis=law.eval.retry_after.basis,
    )


def open_window(application_id: int, day: date) -> bool:
    """Write down, once and under its own day, that an institution may ask again. False: nothing to do any more."""
    application = session.get(
        Application, application_id, with_for_update=True, populate_existing=True
    )
    if application is None or not rule.window_opened(_facts(application), day):
        return False
    if application.retry_told_on is not None:
        return False
    application.retry_told_on = application.retry_on
    law = regulations.at(day, application.institution.kind.family)
    events.record(
        application,
        "open_retry",
        "整改期满，可以申请再次评估",
        actor=SYSTEM,
        on=application.retry_on or day,
        basis=law.eval.retry_after.basis,
    )
    return True


def require_no_detour(institution_id: int, on: date) -> None:
    """A new application is no way round a failed evaluation.

    Refused while one waits to be evaluated again, and while the year after a second fail runs or has not begun.
    """
    latest = session.scalar(
        select(Application)
        .where(
            Application.institution_id == institution_id,
            Application.state.in_([S.FAILED, S.BARRED]),
        )
        .order_by(Application.id.desc())
        .limit(1)
    )
    if latest is None:
        return
    law = regulations.at(on, latest.institution.kind.family)
    facts = _facts(latest)
    if facts.failed and facts.by_evaluation:
        raise rule.detour(latest.number, facts.retry_on, law)
    if latest.state == S.BARRED:
        _require_bar_over(latest, on, law)


def _require_bar_over(latest: Application, on: date, law: regulations.Law) -> None:
    served = _served_on(latest.evaluations[-1])
    hit = bans.second_fail(latest.institution_id, on)
    if hit is not None or served is None:
        raise rule.barred(latest.number, hit.until if hit else None, law)


def _served_on(evaluation: Evaluation) -> date | None:
    found = letters.of(evaluation.application, "evaluation_result")
    return found[0].served_on if found else None
