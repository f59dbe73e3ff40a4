"""疑似情形: which facts on record point to a ground and were not noticed yet, and the list of those that were."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from database import session
from models import (
    Agreement,
    Blacklisting,
    Indication,
    Institution,
    Licence,
    Office,
    Penalty,
    Suspension,
    Untrustworthy,
)
from queries import blacklistings, offices, penalties, scope, shares
from queries.filters import named
from queries.paging import Asked, Page, count, cut
from rules import indications as rule
from rules.agreement_forms import DESIGNATING
from rules.clocks import Light
from rules.indications import Fact
from rules.lifecycle import INDICATION, AgreementState

LIVE = (AgreementState.CONCLUDED, AgreementState.SUSPENDED)


def due(day: date) -> list[int]:
    """Living agreements with a fact that nobody noticed yet."""
    often = (
        select(Suspension.agreement_id)
        .where(Suspension.voluntary.is_(False), Suspension.from_on <= day)
        .group_by(Suspension.agreement_id)
        .having(func.count(Suspension.id) >= rule.fewest_suspensions(day))
    )
    gone = select(Licence.institution_id).where(Licence.revoked_on <= day)
    listed = (
        select(Office.institution_id)
        .join(Untrustworthy, Untrustworthy.person_index == Office.id_index)
        .where(offices.on_day(day), _listed(day))
    )
    blacklisted = (
        select(Office.institution_id)
        .join(Blacklisting, Blacklisting.subject_index == Office.id_index)
        .where(offices.on_day(day), blacklistings.on_list(day))
    )
    ignored = select(Penalty.institution_id).where(Penalty.due_on < day)
    rows = session.scalars(
        select(Agreement)
        .where(Agreement.state.in_(LIVE), Agreement.form.in_(DESIGNATING))
        .where(
            or_(
                Agreement.id.in_(often),
                Agreement.institution_id.in_(gone),
                Agreement.institution_id.in_(listed),
                Agreement.institution_id.in_(blacklisted),
                Agreement.institution_id.in_(shares.touched(day)),
                Agreement.institution_id.in_(ignored.where(Penalty.institution_id.is_not(None))),
            )
        )
        .order_by(Agreement.id)
    )
    return [row.id for row in rows if fresh(row, day)]


def fresh(agreement: Agreement, day: date) -> list[Fact]:
    """Facts on this agreement's institution that are not on the list."""
    noticed = select(Indication.ground, Indication.reference).where(
        Indication.agreement_id == agreement.id
    )
    known = {(row.ground, row.reference) for row in session.execute(noticed)}
    family = agreement.institution.kind.family
    found = []
    for fact in facts(agreement, day):
        row = rule.row(fact, day, family)
        if row and (rule.as_columns(row)["ground"], fact.reference) not in known:
            found.append(fact)
    return found


def facts(agreement: Agreement, day: date) -> list[Fact]:
    """What is on record on the day, noticed or not."""
    family = agreement.institution.kind.family
    starts = [row.from_on for row in agreement.suspensions if not row.voluntary]
    often = rule.suspended_often(starts, day, family)
    found = [often] if often else []
    found += _licences(agreement, day, family)
    ignored = [
        rule.penalty_ignored(row.id, row.number, row.authority, row.due_on, day, family)
        for row in penalties.unperformed(agreement.institution_id, day)
    ]
    found += [fact for fact in ignored if fact] + _persons(agreement, day)
    return found + _share(agreement, day)


def _share(agreement: Agreement, day: date) -> list[Fact]:
    """The heaviest threshold that the institution's share of the year has reached."""
    share = shares.of(agreement.institution_id, day)
    people = (share.affected, share.registered)
    return [rule.share_reached(share.step, share.percent, people, day)] if share.step else []


def _persons(agreement: Agreement, day: date) -> list[Fact]:
    """Who is in office on the day and on a list: that of another authority, or the agency's own."""
    holders = {row.id_index: row for row in offices.in_office(agreement.institution_id, day)}
    rows = session.scalars(
        select(Untrustworthy)
        .where(Untrustworthy.person_index.in_(list(holders)), _listed(day))
        .order_by(Untrustworthy.id)
    )
    entries = [
        rule.person_blacklisted(
            row.id,
            holders[row.subject_index].role.label,
            row.person_name,
            row.number,
            row.listed_on or day,
        )
        for row in blacklistings.of_people(list(holders), day)
    ]
    return entries + [
        rule.person_listed(
            row.id,
            holders[row.person_index].role.label,
            holders[row.person_index].name,
            row.number,
            row.listed_on,
        )
        for row in rows
    ]


def _listed(day: date) -> ColumnElement[bool]:
    still = or_(Untrustworthy.removed_on.is_(None), Untrustworthy.removed_on > day)
    return and_(Untrustworthy.listed_on <= day, still)


def _licences(agreement: Agreement, day: date, family: str) -> list[Fact]:
    """Revoked licences for which no other of the kind is in force."""
    rows = session.scalars(
        select(Licence)
        .where(Licence.institution_id == agreement.institution_id)
        .order_by(Licence.id)
    ).all()
    held = {
        row.kind
        for row in rows
        if row.valid_from <= day
        and (row.valid_to is None or row.valid_to >= day)
        and (row.revoked_on is None or row.revoked_on > day)
    }
    found = [
        rule.licence_gone(row.id, row.kind, row.number, row.revoked_on, day, family)
        for row in rows
        if row.revoked_on is not None and row.kind not in held
    ]
    return [fact for fact in found if fact]


def page(actor: Any, ask: Asked) -> tuple[list[Indication], Page]:
    """In the actor's region, newest first."""
    query = _filtered(actor, ask)
    total = count(query)
    rows = session.scalars(cut(query.order_by(Indication.id.desc()), ask))
    return list(rows), Page(ask.page, ask.size, total)


def _filtered(actor: Any, ask: Asked) -> Select[Any]:
    query = select(Indication).join(Institution, Indication.institution_id == Institution.id)
    query = scope.visible(query, actor, Institution.pooling_region, Indication.institution_id)
    query = query.where(*named(ask, Indication.number))
    if ask.word("state") in INDICATION.states:
        query = query.where(Indication.state == ask.word("state"))
    return query


def badge(row: Indication) -> Light:
    shown = INDICATION.states[row.state]
    return Light(shown.light, shown.label)


def open_of(agreement_id: int) -> list[Indication]:
    """What still waits to be looked at, for the agreement's page."""
    query = select(Indication).where(
        Indication.agreement_id == agreement_id, Indication.state == "open"
    )
    return list(session.scalars(query.order_by(Indication.id)))
