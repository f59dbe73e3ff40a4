"""The log's own words in Chinese. What a lifecycle table names is taken from there."""

from __future__ import annotations

from rules.lifecycle import LIFECYCLES
from rules.permissions import Role

SUBJECTS = {
    "account": "用户",
    "agreement": "服务协议",
    "attendee": "参加人员",
    "ban": "限制期",
    "batch_row": "批次中的一件",
    "campaign": "专项行动",
    "campaign_result": "专项行动结果",
    "commitment": "服务承诺书",
    "document": "文书",
    "former_fact": "曾用登记事项",
    "employment": "人员与劳动合同",
    "effect": "对他人的影响",
    "evaluation": "评估",
    "evaluator": "评估人员",
    "hold": "暂缓结算",
    "institution": "机构",
    "licence": "执业许可",
    "local_clause": "统筹区条款",
    "material": "申请材料",
    "objection": "异议",
    "office": "机构负责人",
    "opinion": "评估意见",
    "penalty": "行政处罚",
    "practitioner": "备案人员",
    "qualification_measure": "支付资格措施",
    "rating": "信用评价结果",
    "rectification_item": "整改事项",
    "registration": "执业登记",
    "responsible_inspector": "责任稽核员",
    "statutory_clock": "法定时限",
    "suspension": "协议中止",
    "termination": "协议解除",
    "vote": "表决",
} | {noun: table.label for noun, table in LIFECYCLES.items()}
VERBS = {
    "add_licence": "登记许可",
    "amend": "修改登记",
    "announce": "公告",
    "answer_special": "答复专门约定",
    "appoint": "登记负责人",
    "approve": "批准",
    "add_proof": "提交整改证明",
    "answer_item": "填报整改",
    "assign": "指定责任稽核员",
    "call": "督促整改",
    "change_password": "修改密码",
    "change_role": "调整岗位",
    "clear": "登记整改完成",
    "close_out": "整改事项销号",
    "collect": "列入续签",
    "check_events": "核验日志",
    "comment": "提出条款意见",
    "cast_vote": "表决",
    "convene": "提交集体讨论",
    "create_user": "新建用户",
    "decide_effect": "决定对他人的影响",
    "denied": "越权被拒",
    "draw": "抽取",
    "disable_user": "停用用户",
    "employ": "登记人员与合同",
    "enable_user": "启用用户",
    "end": "结束",
    "end_ban": "限制期结束",
    "expire": "到期",
    "extend": "延长期限",
    "hand_in": "上传材料",
    "file": "报送备案",
    "export_events": "导出日志",
    "import_untrustworthy": "导入失信人名单",
    "issue": "制发文书",
    "join_pool": "加入评估人员库",
    "leave": "登记离开",
    "leave_pool": "退出评估人员库",
    "load_calendar": "载入日历",
    "lock": "锁定账号",
    "look_at_effects": "核对影响范围",
    "meet_obligation": "登记履行义务",
    "note": "登记",
    "name_department": "登记医保管理部门",
    "notify_region": "告知其他统筹区",
    "notice": "发现疑似情形",
    "order": "下达整改",
    "open": "建立",
    "prepare": "准备",
    "open_retry": "可以申请再次评估",
    "recuse": "登记回避",
    "receive": "收到",
    "record": "登记",
    "record_views": "记录陈述申辩",
    "register": "登记",
    "perform": "登记履行",
    "propose": "提出",
    "refresh": "按现行范本更新",
    "refuse": "不批准",
    "revise": "修改条款",
    "remind_renewal": "提醒续签",
    "reinstate": "恢复资格",
    "reissue_password": "重新签发密码",
    "remind": "提醒补正",
    "remind_licence": "提醒换证",
    "renew": "续签合同",
    "request": "提出申请",
    "return_request": "退回恢复申请",
    "request_resumption": "申请恢复",
    "reveal_id": "查看完整证件号码",
    "revoke": "终止资格",
    "revoke_licence": "登记证照吊销、注销",
    "run_job": "手动运行任务",
    "send_back": "退回整改事项",
    "serve": "送达",
    "sign_in": "登录",
    "sign_opinion": "签署评估意见",
    "sign_out": "退出",
    "start": "开始",
    "suspend": "暂停资格",
    "tell": "书面告知",
    "terminate": "解除",
    "try_job": "试算任务",
    "tie": "登记利害关系",
    "unlock_user": "解锁用户",
    "warn": "提示",
    "verify": "核验",
}
ROLES = {str(role): role.label for role in Role}


def subject(name: str) -> str:
    return SUBJECTS.get(name, name)


def verb(word: str, of: str = "") -> str:
    """A move by the label of its own table; without a table by the first one that knows it."""
    tables = [LIFECYCLES[of]] if of in LIFECYCLES else []
    known = [table.moves[word].label for table in tables if word in table.moves]
    anywhere = [t.moves[word].label for t in LIFECYCLES.values() if word in t.moves]
    return next(iter([*known, *([VERBS[word]] if word in VERBS else []), *anywhere]), word)


def state(word: str, of: str) -> str:
    """A state by the label of its table; of an account, the desk."""
    if of in LIFECYCLES and word in LIFECYCLES[of].states:
        return LIFECYCLES[of].states[word].label
    return ROLES.get(word, word)
