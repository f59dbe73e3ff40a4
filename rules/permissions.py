"""Who may do what: one map of predicates, read by doors, templates, actions and tests alike.

A permission is a list of alternatives; an alternative is a list of predicates that must all hold. Without a subject
(a menu entry, a list page) only the predicates about the actor are asked.
"""

from __future__ import annotations

from typing import Any

from rules.permission_words import Permission as Permission
from rules.predicates import (
    ABOUT_ACTOR,
    Predicate,
    chief_decides,
    is_proxy,
    no_administrator,
    not_approver,
    not_auditor,
    not_checker,
    not_examiner,
    not_first_auditor,
    not_involved,
    not_oneself,
    not_proxy,
    not_recorder,
    not_recused,
    not_requester,
    not_reviewer,
    not_settler,
    not_starter,
    on_council,
    on_team,
    own_institution,
    own_talk,
    role,
    same_region,
    started_it,
)
from rules.roles import ADMINISTRATORS as ADMINISTRATORS
from rules.roles import PUBLIC as PUBLIC
from rules.roles import SYSTEM as SYSTEM
from rules.roles import Actor as Actor
from rules.roles import Role as Role


class Denied(Exception):
    """The actor may not do this at all (403). An object outside one's scope is «not found» instead."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"当前岗位没有“{permission.label}”的权限。")
        self.permission = permission


R = Role
_AGENCY = role(
    R.CLERK, R.REVIEWER, R.CHIEF, R.LEADER, R.FIRST_AUDITOR, R.SECOND_AUDITOR, R.FINANCE,
    R.INSPECTOR,
)  # fmt: skip
_STAFF = role(
    R.CLERK, R.REVIEWER, R.CHIEF, R.LEADER, R.FIRST_AUDITOR, R.SECOND_AUDITOR, R.FINANCE,
    R.INSPECTOR, R.BUREAU,
)  # fmt: skip
_CLERK, _REVIEWER = role(R.CLERK), role(R.REVIEWER)
_CHIEF, _LEADER = role(R.CHIEF), role(R.LEADER)
_CLERK_OR_INSPECTOR = role(R.CLERK, R.INSPECTOR)
_CLERK_INSPECTOR_OR_BUREAU = role(R.CLERK, R.INSPECTOR, R.BUREAU)
_SYSADMIN, _SECADMIN = role(R.SYSADMIN), role(R.SECADMIN)
_INSTITUTION, _SYSTEM, _FINANCE = role(R.INSTITUTION), role(R.SYSTEM), role(R.FINANCE)
P = Permission

PERMISSIONS: dict[Permission, list[list[Predicate]]] = {
    P.VIEW_WORKLIST: [[_STAFF, same_region]],
    P.VIEW_BUSINESS: [[_STAFF, same_region]],
    P.VIEW_CASES: [[_STAFF, same_region, not_recused]],
    P.VIEW_PARAMETERS: [[_STAFF], [role(R.SYSADMIN, R.SECADMIN, R.LOGADMIN)]],
    P.VIEW_EVENTS: [[role(R.LOGADMIN)]],
    P.VIEW_USERS: [[role(R.SYSADMIN, R.SECADMIN)]],
    P.VIEW_SEALS: [[role(R.SYSADMIN, R.SECADMIN)]],
    P.REGISTER_SEAL: [[_SYSADMIN]],
    P.APPROVE_SEAL: [[_SECADMIN, not_recorder]],
    P.RETIRE_SEAL: [[role(R.SYSADMIN, R.SECADMIN)]],
    P.VIEW_JOBS: [[role(R.SYSADMIN, R.CHIEF)]],
    P.REVEAL_ID: [[role(R.CLERK, R.REVIEWER, R.CHIEF, R.INSPECTOR), same_region]],
    P.REGISTER_INSTITUTION: [[_CLERK, same_region]],
    P.IMPORT_INSTITUTIONS: [[_CLERK], [_SYSTEM]],
    P.STATE_EMPLOYMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.IMPORT_UNTRUSTWORTHY: [[_CLERK], [_SYSTEM]],
    P.APPLY: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.SUBMIT_APPLICATION: [[_INSTITUTION, own_institution], [_CLERK, same_region, is_proxy]],
    P.SUPPLEMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region, is_proxy]],
    P.WITHDRAW_APPLICATION: [[_INSTITUTION, own_institution], [_SYSTEM]],
    P.CHECK_MATERIAL: [[_CLERK, same_region, not_proxy]],
    P.ACCEPT_APPLICATION: [[_CLERK, same_region, not_proxy]],
    P.REQUEST_SUPPLEMENT: [[_CLERK, same_region, not_proxy]],
    P.DECLINE_APPLICATION: [[_CLERK, same_region, not_proxy]],
    P.FORM_TEAM: [[_CHIEF, same_region]],
    P.EVALUATE: [[_AGENCY, same_region, not_proxy, on_team]],
    P.REQUEST_EVIDENCE: [[_CHIEF, same_region]],
    P.RETRY_EVALUATION: [[_INSTITUTION, own_institution], [_CLERK, same_region, is_proxy]],
    P.CONFIRM_EVALUATION: [[_REVIEWER, same_region, not_proxy]],
    P.POST_NOTICE: [[_CLERK, same_region]],
    P.REGISTER_OBJECTION: [[_CLERK, same_region], [_SYSTEM]],
    P.ANSWER_OBJECTION: [[_REVIEWER, same_region]],
    P.END_NOTICE: [[_CLERK, same_region], [_SYSTEM]],
    P.DRAFT_AGREEMENT: [[_CLERK, same_region]],
    P.NEGOTIATE: [[_CLERK, same_region], [_INSTITUTION, own_institution]],
    P.ANSWER_SPECIAL_CLAUSE: [[_CLERK, same_region]],
    P.REOPEN_NEGOTIATION: [[_INSTITUTION, own_institution], [_LEADER, same_region]],
    P.END_NEGOTIATION: [[_CHIEF, same_region], [_SYSTEM]],
    P.ADD_LOCAL_CLAUSE: [[_CLERK, same_region]],
    P.APPROVE_LOCAL_CLAUSE: [[_REVIEWER, same_region, not_recorder]],
    P.SIGN_FOR_INSTITUTION: [[_INSTITUTION, own_institution]],
    P.SIGN_FOR_AGENCY: [[_LEADER, same_region]],
    P.REGISTER_PENALTY: [[_CLERK_INSPECTOR_OR_BUREAU, same_region]],
    P.CONFIRM_FILING: [[role(R.BUREAU), same_region]],
    P.DRAFT_AMENDMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.SUBMIT_AMENDMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region, is_proxy]],
    P.WITHDRAW_AMENDMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region, is_proxy]],
    P.CHECK_AMENDMENT: [[_CLERK, same_region, not_proxy]],
    P.APPROVE_AMENDMENT: [[_REVIEWER, same_region, not_proxy, not_checker]],
    P.DECIDE_AMENDMENT: [[_LEADER, same_region, not_proxy, not_checker]],
    P.NOTE_CHANGE: [[_CLERK_OR_INSPECTOR, same_region], [_SYSTEM]],
    P.PROPOSE_CHANGE_GROUND: [[_SYSTEM]],
    P.SETTLE_CHANGE: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.DISMISS_CHANGE: [[_REVIEWER, same_region, not_recorder]],
    P.TELL_CHANGE: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.ACKNOWLEDGE_NOTICE: [[_CLERK, same_region]],
    P.REGISTER_CASE: [[_CLERK_OR_INSPECTOR, same_region]],
    P.EXTEND_CLUE: [[_LEADER, same_region, not_recorder, not_recused]],
    P.SET_ASIDE_CLUE: [[role(R.REVIEWER, R.CHIEF), same_region, not_recorder, not_recused]],
    P.RECORD_FINDING: [[_CLERK_OR_INSPECTOR, same_region, not_recused]],
    P.PLAN_MEASURE: [[_CLERK_OR_INSPECTOR, same_region, not_recused]],
    P.RECORD_EXECUTION: [[_CLERK_OR_INSPECTOR, same_region, not_recused]],
    P.SETTLE_MEASURE: [[role(R.REVIEWER, R.FINANCE, R.LEADER), same_region, not_recused]],
    P.RECORD_REMITTANCE: [[role(R.CLERK, R.INSPECTOR, R.FINANCE), same_region, not_recused]],
    P.CONFIRM_REMITTANCE: [[role(R.REVIEWER, R.FINANCE), same_region, not_recorder, not_recused]],
    P.WRITE_DOWN: [[_LEADER, same_region, not_recused]],
    P.GIVE_VIEWS_NOTICE: [[_CLERK_OR_INSPECTOR, same_region, not_recused]],
    P.RECORD_VIEWS: [
        [_CLERK_OR_INSPECTOR, same_region, not_recused],
        [_INSTITUTION, own_institution],
    ],
    P.PROPOSE_MEASURE: [[_CLERK_OR_INSPECTOR, same_region, not_recused]],
    P.DECIDE_EFFECT: [[role(R.CLERK, R.INSPECTOR, R.REVIEWER), same_region, not_recused]],
    P.REVIEW_MEASURE: [[_REVIEWER, same_region, not_recorder, not_recused]],
    P.APPROVE_MEASURE: [
        [_LEADER, same_region, not_recorder, not_reviewer, not_recused],
        [_CHIEF, same_region, not_recorder, not_reviewer, not_recused, chief_decides],
    ],
    P.CONVENE_DECISION: [[role(R.CHIEF, R.LEADER), same_region, not_recorder, not_recused]],
    P.VOTE: [[_AGENCY, same_region, on_council]],
    P.EXECUTE_MEASURE: [[_LEADER, same_region]],
    P.DISMISS_CASE: [[_REVIEWER, same_region, not_recorder, not_recused]],
    P.RECORD_SERVICE: [[_CLERK_OR_INSPECTOR, same_region, not_recused]],
    P.REQUEST_RESUMPTION: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.RESUME_AGREEMENT: [[_REVIEWER, same_region], [_SYSTEM]],
    P.NOTE_INDICATION: [[_CLERK_OR_INSPECTOR, same_region]],
    P.SET_ASIDE_INDICATION: [[role(R.REVIEWER, R.INSPECTOR), same_region, not_recorder]],
    P.RECEIVE_REGION_NOTICE: [[_CLERK_OR_INSPECTOR, same_region]],
    P.ORDER_RECTIFICATION: [
        [role(R.CLERK, R.INSPECTOR, R.REVIEWER, R.CHIEF, R.LEADER), same_region, not_recused]
    ],
    P.REPORT_RECTIFICATION: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.VERIFY_RECTIFICATION: [[role(R.INSPECTOR, R.REVIEWER), same_region, not_recorder]],
    P.EXTEND_RECTIFICATION: [[_CHIEF, same_region]],
    P.CANCEL_RECTIFICATION: [[role(R.REVIEWER, R.CHIEF), same_region, not_recorder]],
    P.ASSIGN_INSPECTOR: [[_CHIEF, same_region]],
    P.CALL_TALK: [[_CLERK_OR_INSPECTOR, same_region], [_SYSTEM]],
    P.HOLD_TALK: [
        [_CLERK_OR_INSPECTOR, same_region],
        [_INSTITUTION, own_institution, own_talk],
    ],
    P.FILE_TALK: [[_CLERK_OR_INSPECTOR, same_region]],
    P.CANCEL_TALK: [[_CHIEF, same_region], [_SYSTEM]],
    P.REQUEST_REINSTATEMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.DECIDE_REINSTATEMENT: [[_REVIEWER, same_region, not_recorder]],
    P.DRAFT_REFERRAL: [[_CLERK_OR_INSPECTOR, same_region, not_recused]],
    P.APPROVE_REFERRAL: [[_LEADER, same_region, not_recorder, not_recused]],
    P.FOLLOW_REFERRAL: [[_CLERK_OR_INSPECTOR, same_region, not_recused]],
    P.REQUEST_WITHDRAWAL: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.DECIDE_WITHDRAWAL: [[_REVIEWER, same_region, not_proxy]],
    P.CARRY_OUT_WITHDRAWAL: [[_REVIEWER, same_region], [_SYSTEM]],
    P.REGISTER_PRACTITIONER: [
        [_CLERK, same_region],
        [_INSTITUTION, own_institution],
        [_SYSTEM],
    ],
    P.PRINT_DOSSIER: [[role(R.CLERK, R.INSPECTOR, R.CHIEF, R.LEADER), same_region]],
    P.CORRECT_PERSON: [[_CLERK, same_region]],
    P.IMPORT_PRACTITIONERS: [[_CLERK], [_SYSTEM]],
    P.RECORD_DEDUCTION: [[_CLERK_OR_INSPECTOR, same_region]],
    P.CONFIRM_DEDUCTION: [[_REVIEWER, same_region, not_recorder]],
    P.REVERSE_DEDUCTION: [[_CLERK_OR_INSPECTOR, same_region]],
    P.CONFIRM_REVERSAL: [[role(R.REVIEWER, R.LEADER), same_region, not_recorder]],
    P.LODGE_APPEAL: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.EXAMINE_APPEAL: [[role(R.CHIEF, R.REVIEWER), same_region, not_involved]],
    P.DECIDE_APPEAL: [[_LEADER, same_region, not_involved, not_examiner]],
    P.REQUEST_RESTORATION: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.CONFIRM_RESTORATION: [[_REVIEWER, same_region, not_recorder]],
    P.VIEW_DRAFT_RATING: [[_AGENCY, same_region]],
    P.START_CYCLE: [[_CLERK, same_region], [_SYSTEM]],
    P.REVIEW_CYCLE: [[_REVIEWER, same_region, not_starter]],
    P.ANNOUNCE_CYCLE: [[_CLERK, same_region]],
    P.ASSESS_ONESELF: [[_INSTITUTION, own_institution]],
    P.OBJECT_TO_RATING: [[_INSTITUTION, own_institution], [_CLERK, same_region], [_SYSTEM]],
    P.HANDLE_RATING_OBJECTION: [[role(R.CHIEF, R.REVIEWER), same_region, not_involved]],
    P.REQUEST_GRADE_CHANGE: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.PROPOSE_GRADE_CHANGE: [[_CLERK_OR_INSPECTOR, same_region]],
    P.CONFIRM_GRADE_CHANGE: [[role(R.REVIEWER, R.LEADER), same_region, not_recorder, not_examiner]],
    P.PUBLISH_CYCLE: [[_LEADER, same_region, not_starter, not_reviewer]],
    P.RECORD_CREDIT_INFORMATION: [[_CLERK_OR_INSPECTOR, same_region]],
    P.CONFIRM_CREDIT_INFORMATION: [[_REVIEWER, same_region, not_recorder]],
    P.DECIDE_PROPOSAL: [[_LEADER, same_region]],
    P.END_PROPOSAL: [[role(R.REVIEWER, R.LEADER), same_region]],
    P.DRAFT_SCHEME: [[role(R.CLERK, R.REVIEWER, R.CHIEF), same_region]],
    P.VIEW_SCHEME_DRAFT: [[_STAFF, same_region]],
    P.ADOPT_SCHEME: [[role(R.LEADER, R.BUREAU), same_region, not_recorder]],
    P.PROPOSE_BLACKLISTING: [[_CLERK_OR_INSPECTOR, same_region]],
    P.REVIEW_BLACKLISTING: [[_REVIEWER, same_region, not_recorder]],
    P.DECIDE_BLACKLISTING: [[_CHIEF, same_region, not_recorder]],
    P.APPROVE_BLACKLISTING: [[_LEADER, same_region, not_recorder, not_reviewer]],
    P.DROP_BLACKLISTING: [[role(R.REVIEWER, R.LEADER), same_region, not_recorder]],
    P.REQUEST_DELISTING: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.DELIST: [[_REVIEWER, same_region, not_requester]],
    P.REVOKE_BLACKLISTING: [[_LEADER, same_region, not_recorder]],
    P.EXPIRE_BLACKLISTING: [[_SYSTEM]],
    P.SIGN_PLEDGE: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.ALLEGE_BREACH: [[_CLERK_OR_INSPECTOR, same_region]],
    P.CONFIRM_BREACH: [[_REVIEWER, same_region, not_recorder]],
    P.APPLY_RENEWAL: [[_INSTITUTION, own_institution]],
    P.COLLECT_RENEWAL: [[_CLERK, same_region]],
    P.ASSESS_RENEWAL: [[_CLERK, same_region]],
    P.PROPOSE_RENEWAL: [[_REVIEWER, same_region, not_recorder]],
    P.DECIDE_RENEWAL: [[_LEADER, same_region, not_recorder, not_reviewer]],
    P.OFFER_RENEWAL: [[_CLERK, same_region]],
    P.END_RENEWAL: [[_SYSTEM]],
    P.MANAGE_CAMPAIGN: [[_CLERK_OR_INSPECTOR, same_region]],
    P.IMPORT_STATEMENTS: [[_CLERK], [_SYSTEM]],
    P.WITHDRAW_STATEMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.AUDIT_STATEMENT: [[role(R.FIRST_AUDITOR), same_region, not_recorder]],
    P.REAUDIT_STATEMENT: [[role(R.SECOND_AUDITOR), same_region, not_recorder, not_first_auditor]],
    P.APPEAL_STATEMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.ACCEPT_FINDINGS: [
        [_INSTITUTION, own_institution],
        [_CLERK, same_region, not_auditor],
        [_SYSTEM],
    ],
    P.JUDGE_STATEMENT: [[_REVIEWER, same_region, not_involved]],
    P.SETTLE_STATEMENT: [[_CLERK, same_region, not_auditor]],
    P.SEND_BACK_SETTLEMENT: [[role(R.LEADER, R.FINANCE), same_region, not_auditor]],
    P.APPROVE_PAYMENT: [[_LEADER, same_region, not_auditor, not_settler]],
    P.DISBURSE: [[role(R.FINANCE), same_region, not_auditor, not_settler, not_approver]],
    P.RELEASE_HELD: [[_CLERK, same_region, not_auditor], [_SYSTEM]],
    P.PROPOSE_RETENTION: [[_FINANCE, same_region]],
    P.DECIDE_RETENTION: [[_LEADER, same_region, not_recorder]],
    P.RELEASE_RETENTION: [[_FINANCE, same_region]],
    P.DRAFT_BUDGET: [[_FINANCE, same_region]],
    P.FIX_BUDGET: [[_LEADER, same_region, not_recorder]],
    P.DRAFT_ANNUAL: [[_FINANCE, same_region]],
    P.CONFIRM_ANNUAL: [[_INSTITUTION, own_institution]],
    P.DECIDE_ANNUAL: [[_LEADER, same_region, not_recorder]],
    P.PAY_ANNUAL: [[_FINANCE, same_region]],
    P.REQUEST_PREPAYMENT: [[_INSTITUTION, own_institution], [_CLERK, same_region]],
    P.EXAMINE_PREPAYMENT: [[_FINANCE, same_region, not_recorder]],
    P.DECIDE_PREPAYMENT: [[_LEADER, same_region, not_recorder, not_examiner]],
    P.CLEAR_PREPAYMENT: [[role(R.FINANCE, R.LEADER), same_region]],
    P.START_BATCH: [[_AGENCY, same_region, started_it]],
    P.CANCEL_BATCH: [[_AGENCY, same_region, started_it], [_CHIEF, same_region]],
    P.RUN_BATCH: [[_SYSTEM]],
    P.MANAGE_CALENDAR: [[role(R.SYSADMIN)]],
    P.CREATE_USER: [[_SYSADMIN], [_SYSTEM]],
    P.DISABLE_USER: [[_SYSADMIN, not_oneself]],
    P.VIEW_TOKENS: [[role(R.SYSADMIN, R.SECADMIN)]],
    P.ISSUE_TOKEN: [[_SYSADMIN], [_SYSTEM]],
    P.APPROVE_TOKEN: [[_SECADMIN, not_recorder]],
    P.REVOKE_TOKEN: [[role(R.SYSADMIN, R.SECADMIN)], [_SYSTEM]],
    P.REISSUE_PASSWORD: [[_SYSADMIN, not_oneself, no_administrator], [_SYSTEM]],
    P.UNLOCK_USER: [[_SECADMIN]],
    P.CHANGE_ROLE: [[_SECADMIN, not_oneself]],
    P.RUN_JOB: [[role(R.CHIEF)]],
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
