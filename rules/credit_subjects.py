"""Whom a credit scheme may rate: the key column of the scheme is one of these words."""

from __future__ import annotations

from rules.words import Labelled


class CreditSubject(Labelled):
    """信用主体. Of persons the product keeps no register of its own: they come from registrations, offices, a file."""

    INSTITUTION = "institution", "定点医药机构"
    PRACTITIONER = "practitioner", "相关人员"
    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    INSURED_PERSON = "insured_person", "参保人员"


INSTITUTION = CreditSubject.INSTITUTION


def masked(name: str, id_number: str) -> tuple[str, str]:
    """Name and number as they are kept of somebody whom no register of the product knows."""
    return name[:1] + "*" * (len(name) - 1), f"{id_number[:3]}****{id_number[-4:]}"
