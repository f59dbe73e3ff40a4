"""Groups of institutions that may fairly be compared: hospitals by level, primary care, clinics, pharmacies."""

from __future__ import annotations

from dataclasses import dataclass

from rules.kinds import InstitutionKind as Kind


@dataclass(frozen=True)
class Peers:
    """`level`: how the level must begin; empty where the level does not matter."""

    key: str
    label: str
    kinds: frozenset[Kind]
    level: str = ""


_PRIMARY = frozenset(
    {
        Kind.COMMUNITY_CENTRE,
        Kind.CENTRAL_HEALTH_CENTRE,
        Kind.TOWNSHIP_CENTRE,
        Kind.STREET_HEALTH_CENTRE,
        Kind.VILLAGE_CLINIC,
    }
)
_CLINICS = frozenset(
    {
        Kind.OUTPATIENT_DEPARTMENT,
        Kind.CLINIC,
        Kind.TCM_CLINIC,
        Kind.HEALTH_STATION,
        Kind.CARE_HOME_CLINIC,
    }
)
_PHARMACIES = frozenset({Kind.RETAIL_PHARMACY})
_HOSPITALS = frozenset(Kind) - _PRIMARY - _CLINICS - _PHARMACIES

# In the order in which they are asked: the first that fits holds the institution.
GROUPS = (
    Peers("tertiary", "三级医院", _HOSPITALS, "三级"),
    Peers("secondary", "二级医院", _HOSPITALS, "二级"),
    Peers("hospital", "一级和未定级医院", _HOSPITALS),
    Peers("primary", "基层医疗机构", _PRIMARY),
    Peers("clinic", "诊所门诊部", _CLINICS),
    Peers("pharmacy", "零售药店", _PHARMACIES),
)
BY_KEY = {group.key: group for group in GROUPS}


def group_of(kind: Kind, level: str) -> Peers:
    """The group an institution of this kind and level belongs to; every one belongs to exactly one."""
    return next(g for g in GROUPS if kind in g.kinds and level.startswith(g.level))


def named(label: str) -> Peers:
    """A group of persons: known by nothing but the name the scheme gives it."""
    return Peers(label, label, frozenset())
