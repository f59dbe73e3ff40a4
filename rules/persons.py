"""The persons the rules speak of: who answers for an institution, who treats, who dispenses."""

from __future__ import annotations

from rules.kinds import MEDICAL, PHARMACY
from rules.words import Labelled


class OfficeRole(Labelled):
    """The three roles whose past bars a new application (令3 Art 11(5), (6); 令2 Art 12)."""

    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    PRINCIPAL = "principal", "主要负责人"
    CONTROLLER = "controller", "实际控制人"


class EmploymentRole(Labelled):
    """On whom the conditions of an application rest (令3 Art 5(2), (3); 令2 Art 6(2), (3))."""

    PHARMACIST = "pharmacist", "执业药师或药学技术人员"
    PHYSICIAN = "physician", "医师"
    INSURANCE_MANAGER = "insurance_manager", "医保管理人员"


_EMPLOYED_AT = {
    EmploymentRole.PHARMACIST: {PHARMACY},
    EmploymentRole.PHYSICIAN: {MEDICAL},
    EmploymentRole.INSURANCE_MANAGER: {MEDICAL, PHARMACY},
}


def employment_roles(family: str) -> list[EmploymentRole]:
    """The roles an institution of the family states people for."""
    return [role for role, families in _EMPLOYED_AT.items() if family in families]


class PractitionerRole(Labelled):
    """Whose payment qualification is kept (医保发〔2024〕23号)."""

    PHYSICIAN = "physician", "医师"
    NURSE = "nurse", "护士"
    PHARMACIST = "pharmacist", "药学人员"
    TECHNICIAN = "technician", "技术人员"
    AUDIT_STAFF = "audit_staff", "费用审核人员"
    PHARMACY_PRINCIPAL = "pharmacy_principal", "药店主要负责人"


_KEPT_AT = {
    PractitionerRole.PHYSICIAN: {MEDICAL},
    PractitionerRole.NURSE: {MEDICAL},
    PractitionerRole.PHARMACIST: {MEDICAL, PHARMACY},
    PractitionerRole.TECHNICIAN: {MEDICAL},
    PractitionerRole.AUDIT_STAFF: {MEDICAL},
    PractitionerRole.PHARMACY_PRINCIPAL: {PHARMACY},
}


def is_kept_at(role: PractitionerRole, family: str) -> bool:
    """Whether institutions of the family (medical or pharmacy) register people of this role."""
    return family in _KEPT_AT[role]
