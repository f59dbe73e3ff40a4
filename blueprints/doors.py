"""Every door, and the side menu that leads to them."""

from __future__ import annotations

from flask import Blueprint

from blueprints.access import access
from blueprints.administration import administration
from blueprints.agreements import agreements
from blueprints.amendments import amendments
from blueprints.annual_budgets import annual_budgets
from blueprints.annual_settlements import annual_settlements
from blueprints.api_ratings import api
from blueprints.appeals import appeals
from blueprints.applications import applications
from blueprints.batches import batches
from blueprints.blacklistings import blacklistings
from blueprints.campaigns import campaigns
from blueprints.case_measures import case_measures
from blueprints.change_notices import change_notices
from blueprints.clauses import clauses
from blueprints.clues import clues
from blueprints.collective_decisions import collective_decisions
from blueprints.credit_forms import credit_forms
from blueprints.credit_information import credit_information
from blueprints.credit_pledges import credit_pledges
from blueprints.cycle_steps import cycle_steps
from blueprints.cycles import cycles
from blueprints.dashboards import dashboards
from blueprints.deductions import deductions
from blueprints.documents import documents
from blueprints.effects import effects
from blueprints.employments import employments
from blueprints.evaluations import evaluations
from blueprints.evaluators import evaluators
from blueprints.filings import filings
from blueprints.findings import findings
from blueprints.grade_changes import grade_changes
from blueprints.house import house
from blueprints.imports import imports, people_imports, statement_imports
from blueprints.indications import indications
from blueprints.inspection_draws import inspection_draws
from blueprints.institutions import institutions
from blueprints.intake import intake
from blueprints.licences import licences
from blueprints.money_board import money_board
from blueprints.negotiations import negotiations
from blueprints.notices import notices
from blueprints.penalties import penalties
from blueprints.portal import portal
from blueprints.portal_agreements import portal_agreements
from blueprints.portal_amendments import portal_amendments
from blueprints.portal_applications import portal_applications
from blueprints.portal_claims import portal_claims
from blueprints.portal_credit import portal_credit
from blueprints.portal_forms import portal_forms
from blueprints.portal_keys import portal_keys
from blueprints.portal_negotiations import portal_negotiations
from blueprints.portal_people import portal_people
from blueprints.portal_points import portal_points
from blueprints.portal_ratings import portal_ratings
from blueprints.portal_rectifications import portal_rectifications
from blueprints.portal_reinstatements import portal_reinstatements
from blueprints.portal_renewals import portal_renewals
from blueprints.portal_settlements import portal_settlements
from blueprints.portal_talks import portal_talks
from blueprints.portal_withdrawals import portal_withdrawals
from blueprints.portal_year import portal_year
from blueprints.post_rotation import post_rotation
from blueprints.practitioners import practitioners
from blueprints.prepayments import prepayments
from blueprints.proposals import proposals
from blueprints.public import public
from blueprints.public_credit import public_credit
from blueprints.public_objections import public_objections
from blueprints.rating_objections import rating_objections
from blueprints.ratings import ratings
from blueprints.rectifications import rectifications
from blueprints.referrals import referrals
from blueprints.region_notices import region_notices
from blueprints.registrations import registrations
from blueprints.reinstatements import reinstatements
from blueprints.remittances import remittances
from blueprints.renewals import renewals
from blueprints.responsible_inspectors import responsible_inspectors
from blueprints.restorations import restorations
from blueprints.retention_releases import retention_releases
from blueprints.reversals import reversals
from blueprints.scheme_drafts import scheme_drafts
from blueprints.scheme_texts import scheme_texts
from blueprints.schemes import schemes
from blueprints.settlement_steps import settlement_steps
from blueprints.settlements import settlements
from blueprints.suspensions import suspensions
from blueprints.talks import talks
from blueprints.teams import teams
from blueprints.unfiled_changes import unfiled_changes
from blueprints.violations import violations
from blueprints.what_ifs import what_ifs
from blueprints.withdrawals import withdrawals
from blueprints.worklist import worklist
from rules.permissions import Permission

DOORS: list[Blueprint] = [
    access,
    administration,
    agreements,
    amendments,
    annual_budgets,
    annual_settlements,
    api,
    appeals,
    applications,
    change_notices,
    clauses,
    batches,
    blacklistings,
    campaigns,
    case_measures,
    clues,
    collective_decisions,
    credit_forms,
    credit_information,
    credit_pledges,
    cycles,
    cycle_steps,
    dashboards,
    deductions,
    documents,
    employments,
    effects,
    evaluations,
    evaluators,
    filings,
    findings,
    grade_changes,
    house,
    imports,
    indications,
    inspection_draws,
    institutions,
    intake,
    money_board,
    negotiations,
    notices,
    penalties,
    people_imports,
    licences,
    portal,
    portal_agreements,
    portal_amendments,
    portal_applications,
    portal_keys,
    portal_forms,
    portal_negotiations,
    portal_rectifications,
    portal_people,
    portal_points,
    portal_reinstatements,
    portal_renewals,
    portal_claims,
    portal_credit,
    portal_ratings,
    portal_settlements,
    portal_talks,
    portal_withdrawals,
    portal_year,
    practitioners,
    post_rotation,
    prepayments,
    proposals,
    public,
    public_credit,
    public_objections,
    rating_objections,
    ratings,
    rectifications,
    reinstatements,
    remittances,
    registrations,
    renewals,
    restorations,
    retention_releases,
    reversals,
    referrals,
    region_notices,
    responsible_inspectors,
    scheme_drafts,
    scheme_texts,
    schemes,
    settlements,
    settlement_steps,
    statement_imports,
    suspensions,
    talks,
    teams,
    unfiled_changes,
    violations,
    what_ifs,
    withdrawals,
    worklist,
]

# group → entries (label, endpoint, icon, permission)
MENU: list[tuple[str, list[tuple[str, str, str, Permission]]]] = [
    (
        "办理",
        [
            ("待办事项", "worklist.index", "inbox", Permission.VIEW_WORKLIST),
            ("定点申请", "applications.index", "file-earmark-check", Permission.VIEW_BUSINESS),
            ("评估评分", "evaluations.index", "clipboard-check", Permission.VIEW_BUSINESS),
            ("评估人员库", "evaluators.index", "award", Permission.FORM_TEAM),
            ("公示", "notices.index", "megaphone", Permission.VIEW_BUSINESS),
            ("服务协议", "agreements.index", "pen", Permission.VIEW_BUSINESS),
            ("条款库", "clauses.index", "book", Permission.VIEW_BUSINESS),
            ("备案", "filings.index", "archive", Permission.VIEW_BUSINESS),
            ("信息变更", "amendments.index", "arrow-clockwise", Permission.VIEW_BUSINESS),
            ("协议续签", "renewals.index", "arrow-repeat", Permission.VIEW_BUSINESS),
            ("主动退出", "withdrawals.index", "box-arrow-right", Permission.VIEW_BUSINESS),
            ("机构档案", "institutions.index", "hospital", Permission.VIEW_BUSINESS),
            ("导入", "imports.index", "upload", Permission.IMPORT_INSTITUTIONS),
        ],
    ),
    (
        "监管",
        [
            ("违规案件", "violations.index", "shield-exclamation", Permission.VIEW_CASES),
            ("约谈", "talks.index", "people", Permission.VIEW_CASES),
            ("行政处罚", "penalties.index", "file-earmark-text", Permission.VIEW_CASES),
            ("失信人名单", "penalties.listed", "shield-exclamation", Permission.VIEW_CASES),
            ("疑似情形", "indications.index", "exclamation-triangle", Permission.VIEW_CASES),
            ("跨区通报", "region_notices.index", "envelope", Permission.VIEW_CASES),
            (
                "集体讨论",
                "collective_decisions.index",
                "people",
                Permission.VIEW_CASES,
            ),
            ("移送", "referrals.index", "send", Permission.VIEW_CASES),
            ("问题整改", "rectifications.index", "list-check", Permission.VIEW_BUSINESS),
            ("分片包干", "responsible_inspectors.index", "person-check", Permission.VIEW_BUSINESS),
            ("医师药师记分", "practitioners.index", "person-badge", Permission.VIEW_BUSINESS),
            ("记分记录", "deductions.index", "journal-text", Permission.VIEW_BUSINESS),
            ("记分申诉", "appeals.index", "chat-left-text", Permission.VIEW_BUSINESS),
            ("记分更正", "reversals.index", "arrow-counterclockwise", Permission.VIEW_BUSINESS),
            ("记分修复", "restorations.index", "patch-check", Permission.VIEW_BUSINESS),
            ("恢复支付资格", "reinstatements.index", "person-check", Permission.VIEW_BUSINESS),
            ("严重失信名单", "blacklistings.index", "exclamation-triangle", Permission.VIEW_CASES),
            ("信用承诺", "credit_pledges.index", "patch-check", Permission.VIEW_BUSINESS),
            ("信用看板", "dashboards.credit", "bar-chart", Permission.VIEW_BUSINESS),
            ("信用评级", "ratings.index", "bar-chart", Permission.VIEW_BUSINESS),
            ("信用信息", "credit_information.index", "journal-text", Permission.VIEW_BUSINESS),
            ("信用异议", "rating_objections.index", "chat-left-text", Permission.VIEW_BUSINESS),
            ("等级变动", "grade_changes.index", "arrow-repeat", Permission.VIEW_BUSINESS),
            ("信用方案", "schemes.index", "list-check", Permission.VIEW_BUSINESS),
            ("专项行动", "campaigns.index", "clipboard-check", Permission.VIEW_BUSINESS),
            ("信用续签建议", "proposals.renewals", "bar-chart", Permission.VIEW_BUSINESS),
        ],
    ),
    (
        "结算",
        [
            ("费用结算", "settlements.index", "cash-stack", Permission.VIEW_BUSINESS),
            ("拨付清单", "settlements.payments", "cash-stack", Permission.VIEW_BUSINESS),
            ("年度清算", "annual_settlements.index", "calendar3", Permission.VIEW_BUSINESS),
            ("质量保证金", "retention_releases.index", "cash-stack", Permission.VIEW_BUSINESS),
            ("基金预付", "prepayments.index", "cash-stack", Permission.VIEW_BUSINESS),
            ("预算和基金收支", "annual_budgets.index", "sliders", Permission.VIEW_BUSINESS),
            ("岗位轮换", "post_rotation.index", "people", Permission.VIEW_BUSINESS),
            ("资金看板", "money_board.show", "bar-chart", Permission.VIEW_BUSINESS),
        ],
    ),
    (
        "综合",
        [
            ("办理批次", "batches.index", "list-check", Permission.VIEW_BUSINESS),
            ("公文文书", "documents.index", "file-earmark-text", Permission.VIEW_BUSINESS),
        ],
    ),
    (
        "系统",
        [
            ("用户", "administration.user_list", "people", Permission.VIEW_USERS),
            ("操作日志", "administration.event_list", "shield-lock", Permission.VIEW_EVENTS),
            ("参数依据", "administration.parameter_list", "sliders", Permission.VIEW_PARAMETERS),
            ("工作日历", "administration.calendar", "calendar3", Permission.VIEW_PARAMETERS),
            ("电子印章", "administration.seal_list", "patch-check", Permission.VIEW_SEALS),
            ("单位签名证书", "administration.key_list", "patch-check", Permission.VIEW_SEALS),
            ("定时任务", "administration.job_list", "clock-history", Permission.VIEW_JOBS),
            ("接口令牌", "administration.token_list", "shield-lock", Permission.VIEW_TOKENS),
        ],
    ),
]
