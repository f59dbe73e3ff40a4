"""Agreements on their way for tests: negotiated, sent, signed by one side, supplemented."""

from __future__ import annotations

from datetime import date

from actions import agreements, dependent_agreements, local_clauses, negotiations, signatures
from database import session
from models import Agreement, Application, Institution, LocalClause
from rules.lifecycle import ApplicationState
from rules.permissions import Actor, Role
from tests import factories
from tests import factories_agreement as made

MANDATE = "示例授权书1号"


def to_sign(institution: Institution, *, on: date) -> Application:
    """An application whose notice is over."""
    row = Application(
        number=f"DDT{institution.id:06d}",
        institution=institution,
        state=ApplicationState.TO_SIGN,
        state_since=on,
        created_on=on,
        received_on=on,
        accepted_on=on,
        evaluated_on=on,
        notice_from=on,
        notice_to=on,
    )
    session.add(row)
    session.flush()
    return row


def negotiating(
    kind: str, staff: dict[Role, Actor], *, on: date, term_from: date | None = None
) -> tuple[Agreement, Actor]:
    """A first draft on the table, and the institution's user."""
    place = factories.institution(kind)
    owner = factories.actor(Role.INSTITUTION, institution=place, name="示例机构经办人")
    found = agreements.negotiate(
        to_sign(place, on=on), term_from=term_from or on, actor=staff[Role.CLERK], on=on
    )
    session.flush()
    return found, owner


def special(agreement: Agreement, staff: dict[Role, Actor], *, on: date, text: str = "样例约定。"):
    return negotiations.propose(
        agreement, text=text, reason="样例理由", actor=staff[Role.CLERK], on=on
    )


def signed_by_institution(agreement: Agreement, owner: Actor, *, on: date) -> Agreement:
    signatures.sign_for_institution(agreement, read=True, mandate=MANDATE, actor=owner, on=on)
    return agreement


def signed(agreement: Agreement, owner: Actor, staff: dict[Role, Actor], *, on: date) -> Agreement:
    signed_by_institution(agreement, owner, on=on)
    signatures.countersign(agreement, actor=staff[Role.LEADER], on=on)
    return agreement


def wording(since: date, **more) -> local_clauses.Wording:
    given = {
        "chapter": "assessment",
        "text": "样例统筹区条款。",
        "basis": "样例文件",
        "reason": "样例理由",
        "since": since,
        **more,
    }
    return local_clauses.Wording(**given)


def local(staff: dict[Role, Actor], *, on: date, approved: bool = True, **more) -> LocalClause:
    given = wording(**{"since": on, **more})
    row = local_clauses.propose(given, actor=staff[Role.CLERK], on=on)
    if approved:
        local_clauses.review(row, approved=True, answer="同意", actor=staff[Role.REVIEWER], on=on)
    return row


def furnish(kind: str, staff: dict[Role, Actor], *, on: date) -> Actor:
    """One of everything there is to negotiate and sign; returns the user of an institution that negotiates."""
    found, owner = negotiating(kind, staff, on=on)
    negotiations.comment(found, clause="G03", text="样例意见", actor=owner, on=on)
    negotiations.propose(found, text="样例约定甲。", reason="样例", actor=owner, on=on)
    special(found, staff, on=on)
    sent, other = negotiating(kind, staff, on=on)
    negotiations.send(sent, actor=staff[Role.CLERK], on=on)
    signed_by_institution(sent, other, on=on)
    failed, _ = negotiating(kind, staff, on=on)
    negotiations.fail(failed, reason="样例理由", actor=staff[Role.CHIEF], on=on)
    old = made.concluded(factories.institution(kind))
    agreements.offer_next(old, actor=staff[Role.CLERK], on=on)
    parent = made.concluded(factories.institution(kind))
    dependent_agreements.supplement(
        parent, covers="示例互联网医院", term_from=on, actor=staff[Role.CLERK], on=on
    )
    local(staff, on=on)
    local(staff, on=on, approved=False)
    session.commit()
    return owner
