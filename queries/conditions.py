"""The conditions of one application, line by line: what the registry holds, what persons found."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

import rules.conditions as rule
from database import session
from models import Application, Employment, Institution, Licence, Verification
from rules.checks import MACHINE, Line, Said
from rules.conditions import EmploymentFacts, Facts, LicenceFacts


def of(application: Application, *, on: date) -> list[Line]:
    """Every condition in the order of the text."""
    return rule.lines(facts(application.institution), said(application.id), on=on)


def machine(institution: Institution, *, on: date) -> list[Line]:
    """The lines that registered facts decide, as the applicant may see them before anybody has looked."""
    return [one for one in rule.lines(facts(institution), {}, on=on) if one.check == MACHINE]


def facts(institution: Institution) -> Facts:
    """The registered facts that the machine lines rest on."""
    papers = session.scalars(
        select(Licence).where(Licence.institution_id == institution.id).order_by(Licence.id)
    )
    people = session.scalars(
        select(Employment)
        .where(Employment.institution_id == institution.id)
        .order_by(Employment.id)
    )
    return Facts(
        kind=institution.kind,
        operating_since=institution.operating_since,
        address_since=institution.address_since,
        beds=institution.beds,
        insurance_department=institution.insurance_department,
        licences=[
            LicenceFacts(one.kind, one.number, one.valid_from, one.valid_to, one.revoked_on)
            for one in papers
        ],
        people=[_employed(one) for one in people],
    )


def _employed(row: Employment) -> EmploymentFacts:
    return EmploymentFacts(
        role=row.role,
        name=row.name,
        registered_here=row.registered_here,
        certified=bool(row.certificate_number),
        full_time=row.full_time,
        contract_from=row.contract_from,
        contract_to=row.contract_to,
        left_on=row.left_on,
    )


def said(application_id: int) -> dict[str, Said]:
    """What persons found on this application, by the key of the line."""
    query = select(Verification).where(Verification.application_id == application_id)
    return {
        row.item: Said(row.result, row.fact, row.remark, row.by_name, row.verified_on)
        for row in session.scalars(query)
    }
