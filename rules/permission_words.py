"""What may be permitted, by name. Who may stands in `rules.permissions`."""

from __future__ import annotations

from enum import StrEnum

from rules.words import labelled


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
    STATE_EMPLOYMENT = "state_employment", "登记人员与劳动合同"
    IMPORT_UNTRUSTWORTHY = "import_untrustworthy", "导入失信人名单"
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
    REQUEST_EVIDENCE = "request_evidence", "要求补充评估材料"
    RETRY_EVALUATION = "retry_evaluation", "申请再次评估"
    CONFIRM_EVALUATION = "confirm_evaluation", "确认评估结果"
    POST_NOTICE = "post_notice", "发布公示"
    REGISTER_OBJECTION = "register_objection", "登记异议"
    ANSWER_OBJECTION = "answer_objection", "答复异议"
    END_NOTICE = "end_notice", "结束公示"
    DRAFT_AGREEMENT = "draft_agreement", "拟定协议"
    NEGOTIATE = "negotiate", "协商协议条款"
    ANSWER_SPECIAL_CLAUSE = "answer_special_clause", "答复专门约定"
    REOPEN_NEGOTIATION = "reopen_negotiation", "退回协商"
    END_NEGOTIATION = "end_negotiation", "认定谈判不成"
    ADD_LOCAL_CLAUSE = "add_local_clause", "增加统筹区条款"
    APPROVE_LOCAL_CLAUSE = "approve_local_clause", "批准统筹区条款"
    SIGN_FOR_INSTITUTION = "sign_for_institution", "机构签署协议"
    SIGN_FOR_AGENCY = "sign_for_agency", "经办机构签署协议"
    CONFIRM_FILING = "confirm_filing", "确认备案"
    # changes
    DRAFT_AMENDMENT = "draft_amendment", "填报变更申请"
    SUBMIT_AMENDMENT = "submit_amendment", "提交变更申请"
    WITHDRAW_AMENDMENT = "withdraw_amendment", "撤回变更申请"
    CHECK_AMENDMENT = "check_amendment", "审核变更申请"
    APPROVE_AMENDMENT = "approve_amendment", "复核变更申请"
    DECIDE_AMENDMENT = "decide_amendment", "决定受限人员的变更"
    NOTE_CHANGE = "note_change", "登记未申请变更"
    PROPOSE_CHANGE_GROUND = "propose_change_ground", "提示逾期未申请变更"
    SETTLE_CHANGE = "settle_change", "补办未申请变更"
    DISMISS_CHANGE = "dismiss_change", "认定未申请变更不成立"
    TELL_CHANGE = "tell_change", "书面告知变更"
    ACKNOWLEDGE_NOTICE = "acknowledge_notice", "登记变更告知"
    # supervision
    REGISTER_PENALTY = "register_penalty", "登记行政处罚"
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
    # renewal
    APPLY_RENEWAL = "apply_renewal", "申请续签"
    COLLECT_RENEWAL = "collect_renewal", "组织续签"
    ASSESS_RENEWAL = "assess_renewal", "生成续签评议表"
    PROPOSE_RENEWAL = "propose_renewal", "提出续签评议意见"
    DECIDE_RENEWAL = "decide_renewal", "决定续签"
    OFFER_RENEWAL = "offer_renewal", "送签续签协议"
    END_RENEWAL = "end_renewal", "结束续签"
    MANAGE_CAMPAIGN = "manage_campaign", "登记专项行动"
    # batches
    START_BATCH = "start_batch", "确认批次"
    CANCEL_BATCH = "cancel_batch", "取消批次"
    RUN_BATCH = "run_batch", "办理批次"
    # administration
    MANAGE_CALENDAR = "manage_calendar", "维护工作日历"
    CREATE_USER = "create_user", "新建用户"
    DISABLE_USER = "disable_user", "停用和启用用户"
    REISSUE_PASSWORD = "reissue_password", "重新签发初始密码"
    UNLOCK_USER = "unlock_user", "解锁用户"
    CHANGE_ROLE = "change_role", "调整岗位"
    RUN_JOB = "run_job", "手动运行任务"
    USE_PORTAL = "use_portal", "机构服务门户"
