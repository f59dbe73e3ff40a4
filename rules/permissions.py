"""Who may do what: one map of predicates, read by doors, templates, actions and tests alike.

A permission is a list of alternatives; an alternative is a list of predicates that must all hold. Without a subject
(a menu entry, a list page) only the predicates about the actor are asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.words import labelled


class Role(StrEnum):
    label: str

    def __new__(cls, word: str, label: str = "") -> Role:
        return labelled(cls, word, label)

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


class Denied(Exception):
    """The actor may not do this at all (403). An object outside one's scope is «not found» instead."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"当前岗位没有“{permission.label}”的权限。")
        self.permission = permission


class Permission(StrEnum):
    label: str

    def __new__(cls, word: str, label: str = "") -> Permission:
        return labelled(cls, word, label)

    # what staff look at
    VIEW_WORKLIST = "view_worklist", "查看待办"
    VIEW_BUSINESS = "view_business", "查看业务档案"
    VIEW_CASES = "view_cases", "查看违规案件"
    VIEW_PARAMETERS = "view_parameters", "查看参数依据"
    VIEW_EVENTS = "view_events", "查看操作日志"
    VIEW_USERS = "view_users", "查看用户"
    VIEW_JOBS = "view_jobs", "查看定时任务"
    REVEAL_ID = "reveal_id", "查看完整证件号码"
    # designation
    REGISTER_INSTITUTION = "register_institution", "登记机构"
    IMPORT_INSTITUTIONS = "import_institutions", "导入机构"
    APPLY = "apply", "提出定点申请"
    SUBMIT_APPLICATION = "submit_application", "提交定点申请"
    SUPPLEMENT = "supplement", "补正材料"
    WITHDRAW_APPLICATION = "withdraw_application", "撤回申请"
    CHECK_MATERIAL = "check_material", "审核材料"
    ACCEPT_APPLICATION = "accept_application", "受理申请"
    REQUEST_SUPPLEMENT = "request_supplement", "要求补正"
    DECLINE_APPLICATION = "decline_application", "不予受理"
    FORM_TEAM = "form_team", "组建评估组"
    EVALUATE = "evaluate", "评估"
    CONFIRM_EVALUATION = "confirm_evaluation", "确认评估结果"
    POST_NOTICE = "post_notice", "发布公示"
    REGISTER_OBJECTION = "register_objection", "登记异议"
    ANSWER_OBJECTION = "answer_objection", "答复异议"
    END_NOTICE = "end_notice", "结束公示"
    DRAFT_AGREEMENT = "draft_agreement", "拟定协议"
    SIGN_FOR_INSTITUTION = "sign_for_institution", "机构签署协议"
    SIGN_FOR_AGENCY = "sign_for_agency", "经办机构签署协议"
    # supervision
    REGISTER_CASE = "register_case", "登记违规案件"
    GIVE_VIEWS_NOTICE = "give_views_notice", "告知拟处理意见"
    RECORD_VIEWS = "record_views", "记录陈述申辩"
    PROPOSE_MEASURE = "propose_measure", "提出处理建议"
    REVIEW_MEASURE = "review_measure", "复核处理建议"
    APPROVE_MEASURE = "approve_measure", "批准处理决定"
    EXECUTE_MEASURE = "execute_measure", "执行处理决定"
    DISMISS_CASE = "dismiss_case", "不予处理结案"
    RECORD_SERVICE = "record_service", "登记送达"
    REQUEST_RESUMPTION = "request_resumption", "申请恢复协议"
    RESUME_AGREEMENT = "resume_agreement", "恢复协议"
    REGISTER_PRACTITIONER = "register_practitioner", "登记备案人员"
    RECORD_DEDUCTION = "record_deduction", "登记记分"
    CONFIRM_DEDUCTION = "confirm_deduction", "复核记分"
    # credit
    VIEW_DRAFT_RATING = "view_draft_rating", "查看未公布的评价结果"
    START_CYCLE = "start_cycle", "开展信用评价"
    REVIEW_CYCLE = "review_cycle", "复核信用评价"
    PUBLISH_CYCLE = "publish_cycle", "公布信用等级"
    DECIDE_PROPOSAL = "decide_proposal", "决定信用应用建议"
    # administration
    MANAGE_CALENDAR = "manage_calendar", "维护工作日历"
    CREATE_USER = "create_user", "新建用户"
    DISABLE_USER = "disable_user", "停用和启用用户"
    REISSUE_PASSWORD = "reissue_password", "重新签发初始密码"
    UNLOCK_USER = "unlock_user", "解锁用户"
    CHANGE_ROLE = "change_role", "调整岗位"
    RUN_JOB = "run_job", "手动运行任务"
    USE_PORTAL = "use_portal", "机构服务门户"


Predicate = Callable[[Actor, Any], bool]
ABOUT_ACTOR: set[Predicate] = set()


def _role(*roles: Role) -> Predicate:
    def holds(actor: Actor, _subject: Any) -> bool:
        return actor.role in roles

    ABOUT_ACTOR.add(holds)
    return holds


def same_region(actor: Actor, subject: Any) -> bool:
    """Row scope of the agency's staff."""
    return bool(actor.pooling_region == subject.pooling_region)


def own_institution(actor: Actor, subject: Any) -> bool:
    return actor.institution_id is not None and actor.institution_id == subject.institution_id


def not_proxy(actor: Actor, subject: Any) -> bool:
    """Whoever typed an application in for an institution takes no further part in it."""
    return actor.id is None or actor.id != subject.proxy_by_id


def is_proxy(actor: Actor, subject: Any) -> bool:
    """A clerk hands in only what the same clerk typed in: the institution's own application is the institution's."""
    return actor.id is not None and actor.id == subject.proxy_by_id


def not_recorder(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id != subject.recorded_by_id


def not_reviewer(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id != subject.reviewed_by_id


def not_starter(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id != subject.started_by_id


def not_oneself(actor: Actor, subject: Any) -> bool:
    """Nobody switches off or promotes the own account."""
    return actor.id is not None and actor.id != subject.id


def no_administrator(_actor: Actor, subject: Any) -> bool:
    """Whoever issues a password could sign in with it: that would join two of the three administrators."""
    return subject.role not in ADMINISTRATORS


def on_team(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id in subject.team_user_ids


R = Role
_AGENCY = _role(
    R.CLERK,
    R.REVIEWER,
    R.CHIEF,
    R.LEADER,
    R.FIRST_AUDITOR,
    R.SECOND_AUDITOR,
    R.FINANCE,
    R.INSPECTOR,
)
_STAFF = _role(
    R.CLERK, R.REVIEWER, R.CHIEF, R.LEADER, R.FIRST_AUDITOR, R.SECOND_AUDITOR, R.FINANCE,
    R.INSPECTOR, R.BUREAU,
)  # fmt: skip
_CLERK, _REVIEWER, _CHIEF, _LEADER = (
    _role(R.CLERK),
    _role(R.REVIEWER),
    _role(R.CHIEF),
    _role(R.LEADER),
)
_CLERK_OR_INSPECTOR = _role(R.CLERK, R.INSPECTOR)
_SYSADMIN, _SECADMIN = _role(R.SYSADMIN), _role(R.SECADMIN)
_INSTITUTION, _SYSTEM = _role(R.INSTITUTION), _role(R.SYSTEM)
P = Permission

PERMISSIONS: dict[Permission, list[list[Predicate]]] = {
    P.VIEW_WORKLIST: [[_STAFF, same_region]],
    P.VIEW_BUSINESS: [[_STAFF, same_region]],
    P.VIEW_CASES: [[_STAFF, same_region]],
    P.VIEW_PARAMETERS: [[_STAFF], [_role(R.SYSADMIN, R.SECADMIN, R.LOGADMIN)]],
    P.VIEW_EVENTS: [[_role(R.LOGADMIN)]],
    P.VIEW_USERS: [[_role(R.SYSADMIN, R.SECADMIN)]],
    P.VIEW_JOBS: [[_role(R.SYSADMIN, R.CHIEF)]],
    P.REVEAL_ID: [[_role(R.CLERK, R.REVIEWER, R.CHIEF, R.INSPECTOR), same_region]],
    P.REGISTER_INSTITUTION: [[_CLERK, same_region]],
    P.IMPORT_INSTITUTIONS: [[_CLERK], [_SYSTEM]],
    P.APPLY: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.SUBMIT_APPLICATION: [[_INSTITUTION, own_institution], [_CLERK, same_region, is_proxy]],
    P.SUPPLEMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region, is_proxy]],
    P.WITHDRAW_APPLICATION: [[_INSTITUTION, own_institution]],
    P.CHECK_MATERIAL: [[_CLERK, same_region, not_proxy]],
    P.ACCEPT_APPLICATION: [[_CLERK, same_region, not_proxy]],
    P.REQUEST_SUPPLEMENT: [[_CLERK, same_region, not_proxy]],
    P.DECLINE_APPLICATION: [[_CLERK, same_region, not_proxy]],
    P.FORM_TEAM: [[_CHIEF, same_region]],
    P.EVALUATE: [[_AGENCY, same_region, not_proxy, on_team]],
    P.CONFIRM_EVALUATION: [[_REVIEWER, same_region, not_proxy]],
    P.POST_NOTICE: [[_CLERK, same_region]],
    P.REGISTER_OBJECTION: [[_CLERK, same_region]],
    P.ANSWER_OBJECTION: [[_REVIEWER, same_region]],
    P.END_NOTICE: [[_CLERK, same_region], [_SYSTEM]],
    P.DRAFT_AGREEMENT: [[_CLERK, same_region]],
    P.SIGN_FOR_INSTITUTION: [[_INSTITUTION, own_institution]],
    P.SIGN_FOR_AGENCY: [[_LEADER, same_region]],
    P.REGISTER_CASE: [[_CLERK_OR_INSPECTOR, same_region]],
    P.GIVE_VIEWS_NOTICE: [[_CLERK_OR_INSPECTOR, same_region]],
    P.RECORD_VIEWS: [[_CLERK_OR_INSPECTOR, same_region], [_INSTITUTION, own_institution]],
    P.PROPOSE_MEASURE: [[_CLERK_OR_INSPECTOR, same_region]],
    P.REVIEW_MEASURE: [[_REVIEWER, same_region, not_recorder]],
    P.APPROVE_MEASURE: [[_LEADER, same_region, not_recorder, not_reviewer]],
    P.EXECUTE_MEASURE: [[_LEADER, same_region]],
    P.DISMISS_CASE: [[_REVIEWER, same_region, not_recorder]],
    P.RECORD_SERVICE: [[_CLERK_OR_INSPECTOR, same_region]],
    P.REQUEST_RESUMPTION: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.RESUME_AGREEMENT: [[_REVIEWER, same_region], [_SYSTEM]],
    P.REGISTER_PRACTITIONER: [[_CLERK, same_region], [_INSTITUTION, own_institution]],
    P.RECORD_DEDUCTION: [[_CLERK_OR_INSPECTOR, same_region]],
    P.CONFIRM_DEDUCTION: [[_REVIEWER, same_region, not_recorder]],
    P.VIEW_DRAFT_RATING: [[_AGENCY, same_region]],
    P.START_CYCLE: [[_CLERK, same_region], [_SYSTEM]],
    P.REVIEW_CYCLE: [[_REVIEWER, same_region, not_starter]],
    P.PUBLISH_CYCLE: [[_LEADER, same_region, not_starter, not_reviewer]],
    P.DECIDE_PROPOSAL: [[_LEADER, same_region]],
    P.MANAGE_CALENDAR: [[_role(R.SYSADMIN)]],
    P.CREATE_USER: [[_SYSADMIN], [_SYSTEM]],
    P.DISABLE_USER: [[_SYSADMIN, not_oneself]],
    P.REISSUE_PASSWORD: [[_SYSADMIN, not_oneself, no_administrator], [_SYSTEM]],
    P.UNLOCK_USER: [[_SECADMIN]],
    P.CHANGE_ROLE: [[_SECADMIN, not_oneself]],
    P.RUN_JOB: [[_role(R.CHIEF)]],
    P.USE_PORTAL: [[_INSTITUTION]],
}


def may(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Does one alternative hold? Without a subject: could it hold for some subject?"""
    return any(
        all(
            asked(actor, subject)
            for asked in alternative
            if subject is not None or asked in ABOUT_ACTOR
        )
        for alternative in PERMISSIONS[permission]
    )


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Raise Denied unless `may`."""
    if not may(actor, permission, subject):
        raise Denied(permission)
