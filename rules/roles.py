"""Whoever acts: the desks of the agency, the three administrators, an institution's user, the clockwork."""

from __future__ import annotations

from dataclasses import dataclass

from rules.words import Labelled


class Role(Labelled):
    CLERK = "clerk", "经办岗"
    REVIEWER = "reviewer", "复核岗"
    CHIEF = "chief", "科室负责人"
    LEADER = "leader", "分管领导"
    BUREAU = "bureau", "行政部门"
    FIRST_AUDITOR = "first_auditor", "初审岗"
    SECOND_AUDITOR = "second_auditor", "复审岗"
    FINANCE = "finance", "财务岗"
    INSPECTOR = "inspector", "稽核岗"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    LOGADMIN = "logadmin", "日志管理员"
    INSTITUTION = "institution", "机构用户"
    SYSTEM = "system", "系统"


ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.LOGADMIN})


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a signed-in person, or the clockwork as SYSTEM."""

    id: int | None
    name: str
    role: Role
    pooling_region: str = ""
    institution_id: int | None = None


SYSTEM = Actor(None, "系统", Role.SYSTEM)
PUBLIC = Actor(None, "公众（网上）", Role.SYSTEM)  # nobody signs in to object to a public notice
