"""Facts of one fictitious hospital and one fictitious pharmacy for every kind of letter."""

from __future__ import annotations

from datetime import date

FAMILIES = ("medical", "pharmacy")
NAMES = {"medical": "示例县样例医院", "pharmacy": "示例县样例大药房"}
ORDERS = {
    "medical": "《医疗机构医疗保障定点管理暂行办法》",
    "pharmacy": "《零售药店医疗保障定点管理暂行办法》",
}
OPINION = "《关于建立定点医药机构相关人员医保支付资格管理制度的指导意见》"


def facts(kind: str, family: str, **changes) -> dict:
    """Facts as actions would hand them over: days as days, figures as numbers."""
    return {**common(family), **OWN[kind](family), **changes}


def common(family: str) -> dict:
    return {
        "number": "示医保试〔2026〕7号",
        "agency": "示例县医疗保障事业中心",
        "bureau": "示例县医疗保障局",
        "addressee": NAMES[family],
        "issued_on": date(2026, 11, 23),
        "signer": "甲乙丙",
        "sample": True,
        "verify_code": "A1B2-C3D4",
        "family": family,
    }


def _application(family):
    return {"institution": NAMES[family], "application_number": "SQ2026-000017"}


def _agreed(family):
    return {"institution": NAMES[family], "agreement_number": "示医保协〔2026〕12号"}


def _person(family):
    return {
        "practitioner": "丁戊己",
        "practitioner_code": "D990123000017",
        "institution": NAMES[family],
        "basis": OPINION,
    }


def _acceptance(family):
    return _application(family) | {
        "kind_label": "零售药店" if family == "pharmacy" else "综合医院",
        "received_on": date(2026, 11, 19),
        "accepted_on": date(2026, 11, 20),
        "evaluation_due_on": date(2027, 2, 22),
        "due_explain": ["受理当日不计", "最后一日为休息日，顺延至次一工作日"],
        "basis": ORDERS[family] + "第七条",
    }


def _supplement(family):
    return _application(family) | {
        "received_on": date(2026, 11, 19),
        "items": [
            {"name": "劳动合同", "reason": "缺少末页签章"},
            {"name": "财务制度文本", "reason": "没有提交"},
        ],
        "basis": ORDERS[family] + "第七条",
    }


def _decline(family):
    ground = {
        "text": "申请材料弄虚作假",
        "basis": ORDERS[family] + "第十一条",
        "until": date(2029, 3, 1),
    }
    open_one = {
        "text": "处罚尚未履行",
        "basis": ORDERS[family] + "第十一条",
        "cure": "先行缴清罚款",
    }
    return _application(family) | {"grounds": [ground, open_one]}


def _evaluation_result(family):
    passed = family == "pharmacy"
    return _application(family) | {
        "passed": passed,
        "evaluated_on": date(2026, 11, 18),
        "items": [
            {"name": "证照齐全", "basis": "评估标准第一项", "passed": True},
            {
                "name": "信息联网",
                "basis": "评估标准第二项",
                "passed": passed,
                "remark": "接口已测试",
            },
        ],
        "members": [
            {"specialty": "医疗保障"},
            {"specialty": "信息技术"},
        ],
        "reasons": "" if passed else "信息系统不能联网结算。",
        "advice": "" if passed else "完成接口改造并通过测试。",
        "retry_on": None if passed else date(2027, 2, 24),
        "basis": ORDERS[family] + "第八条",
    }


def _filing_result(family):
    passed = family == "pharmacy"
    return {
        "addressee": "示例县医疗保障局",
        **_application(family),
        "kind_label": "零售药店" if family == "pharmacy" else "综合医院",
        "address": "示例路1号",
        "accepted_on": date(2026, 9, 20),
        "round": 1,
        "form": "现场评估",
        "specialties": ["医疗保障", "医药卫生", "财务管理", "信息技术"],
        "members": 4,
        "evaluated_on": date(2026, 11, 18),
        "passed": passed,
        "failing": [] if passed else ["信息联网"],
        "reasons": "" if passed else "信息系统不能联网结算。",
        "result_number": "示医保评〔2026〕3号",
        "basis": ORDERS[family] + "第八条",
    }


def _site_evaluation(family):
    return _application(family) | {
        "visit_on": date(2026, 11, 2),
        "due_on": date(2027, 2, 22),
        "round": 2,
        "specialties": ["医疗保障", "医药卫生", "财务管理", "信息技术"],
        "members": 5,
        "third_party": "示例第三方机构",
        "items": [{"name": "证照齐全", "basis": ORDERS[family] + "第一项"}],
        "basis": ORDERS[family] + "第八条",
    }


def _clarification(family):
    return _application(family) | {
        "requested_on": date(2026, 11, 4),
        "items": [{"name": "信息系统材料", "reason": "缺少接口测试报告"}],
        "basis": ORDERS[family] + "第八条",
    }


def _objection_answer(family):
    return {
        "addressee": "己庚辛",
        "objection_number": "YY2026000003",
        "institution": NAMES[family],
        "notice_number": "示医保示〔2026〕4号",
        "raised_on": date(2026, 11, 25),
        "text": "反映公示人员与在岗人员不一致。",
        "upheld": family == "pharmacy",
        "answer": "经现场核查，人员情况已经核实。",
        "consequence": "公示继续进行。",
        "answered_on": date(2026, 11, 27),
        "basis": ORDERS[family] + "第八条",
    }


def _notice_statement(family):
    return _application(family) | {
        "addressee": "",
        "notice_number": "示医保示〔2026〕4号",
        "from_on": date(2026, 11, 24),
        "to_on": date(2026, 12, 2),
        "channel": "示例县医疗保障事业中心一号窗口",
        "paused": ["2026年11月25日至2026年11月27日，异议核查"],
        "objections": [
            {
                "number": "YY2026000003",
                "raised_on": date(2026, 11, 25),
                "answered_on": date(2026, 11, 27),
                "upheld": False,
            }
        ],
        "conclusion": "公示期满，异议经核查不成立，进入协商签约。",
        "basis": ORDERS[family] + "第八条",
    }


def _removal(family):
    return _application(family) | {
        "notice_number": "示医保示〔2026〕4号",
        "decided_on": date(2026, 11, 27),
        "reasons": "公示人员未实际在岗。",
        "consequence": "不列入拟签订协议名单，本次申请终结。",
        "basis": ORDERS[family] + "第八条",
    }


def _public_notice(family):
    return {
        "addressee": "",
        "subject": "拟签订协议的机构名单",
        "rows": [
            {"name": NAMES[family], "kind_label": "样例类别", "address": "示例路1号"},
            {"name": "示例县另一机构", "kind_label": "样例类别", "address": "示例路2号"},
        ],
        "from_on": date(2026, 11, 24),
        "to_on": date(2026, 11, 30),
        "channel": "示例县医疗保障事业中心一号窗口",
        "basis": ORDERS[family] + "第八条",
    }


def _agreement(family):
    return {
        "institution": NAMES[family],
        "form": "年度协议",
        "agreement_number": "XY2026000321",
        "parent_number": "XY2026000320",
        "uscc": "91990123MA0000000X",
        "code": "P99012300001" if family == "pharmacy" else "H99012300001",
        "address": "示例县示例路1号",
        "term_from": date(2026, 12, 1),
        "term_to": date(2027, 11, 30),
        "chapters": [
            {"title": "总则", "clauses": [{"number": 1, "text": "双方应当诚信履约。"}]},
            {
                "title": "结算",
                "clauses": [{"number": n, "text": f"样例条款甲{n}。" * 12} for n in range(2, 22)],
            },
        ],
        "institution_signer": "辛一",
        "institution_capacity": "授权代理人",
        "institution_mandate": "样例授权委托书第三号",
        "institution_signed_on": date(2026, 11, 21),
        "agency_signer": "辛二",
        "agency_mandate": "样例委托文件第五号",
        "agency_signed_on": date(2026, 11, 22),
    }


def _views(family):
    return {
        "institution": NAMES[family],
        "facts_text": "抽查十二份记录，三份金额不符。",
        "found": "1．虚记服务，涉及3件、金额820.00元。收费记录与底单不符。",
        "basis": ORDERS[family] + "和协议第九条",
        "planned": "中止协议。",
        "views_due_on": date(2026, 12, 7),
        "objection_route": "送交一号窗口",
    }


def _case(family):
    return {
        "institution": NAMES[family],
        "case_number": "WG2026000088",
        "facts_text": "抽查十二份记录，三份金额不符。",
        "basis": ORDERS[family] + ("第三十五条" if family == "pharmacy" else "第三十八条"),
        "remedy": "对本决定有异议的，可以协商，也可以请求协调。",
    }


def _claimed(family):
    line = {"label": "串换药品、医用耗材、诊疗项目和服务设施", "records": 3, "amount": 1234567}
    return _case(family) | {"lines": [line], "amount": 1234567}


def _recovery(family):
    return _claimed(family) | {
        "paid_on": date(2026, 9, 30),
        "days": 15,
        "account": "退回基金财政专户",
        "account_basis": "《医疗保障基金使用监督管理条例》第四十五条",
        "bank": "示例县财政专户，示例银行，账号 0000 0001",
    }


def _damages(family):
    return _claimed(family) | {
        "agreement_number": "XY2026000321",
        "clause": "第三十二条",
        "formula": "违规费用的百分之三十",
        "days": 15,
        "account": "协议约定的违约金账户",
        "bank": "示例县医疗保障事业中心，示例银行，账号 0000 0002",
    }


def _payment_hold(family):
    return _case(family) | {"from_on": date(2026, 12, 1), "to_on": date(2026, 12, 31)}


def _staff_suspension(family):
    return _case(family) | {
        "whom": "样一（D990123000001）" if family == "medical" else "处方药柜台",
        "is_person": family == "medical",
        "from_on": date(2026, 12, 1),
        "to_on": date(2027, 2, 28),
    }


def _suspension(family):
    return _agreed(family) | {
        "ground_text": "提供的数据不真实",
        "basis": ORDERS[family] + ("第三十九条" if family == "pharmacy" else "第四十二条"),
        "facts_text": "抽查十二份记录，三份金额不符。",
        "from_on": date(2026, 12, 1),
        "to_on": date(2027, 1, 29),
        "rectification": "核对全部结算数据。",
        "resume_route": "期满前书面申请恢复。",
        "remedy": "可以协商，也可以请求协调。",
    }


def _resumption(family):
    return _agreed(family) | {"from_on": date(2027, 1, 30), "basis": ORDERS[family]}


def _unsettled(family):
    return {
        **_agreed(family),
        "application_number": "DD2026000017",
        "reason": "双方就年度费用的申报方式经两次协商未能一致。",
        "basis": ORDERS[family] + "第九条",
    }


def _lapse(family):
    return _agreed(family) | {
        "ended_on": date(2026, 11, 30),
        "reason": "中止期满未申请恢复",
        "basis": ORDERS[family],
    }


def _service_receipt(family):
    return {
        "addressee": "",
        "institution": NAMES[family],
        "served_title": "中止医疗保障服务协议通知书",
        "served_number": "示医保中〔2026〕9号",
        "address": "示例县示例路1号",
        "basis": "《中华人民共和国民事诉讼法》第八十七条",
    }


def _renewal_notice(family):
    return _agreed(family) | {
        "term_to": date(2026, 12, 31),
        "next_number": "XY2026000654",
        "next_from": date(2027, 1, 1),
        "next_to": date(2027, 12, 31),
        "basis": ORDERS[family] + ("第三十八条" if family == "pharmacy" else "第四十一条"),
    }


def _ending(family):
    return _agreed(family) | {
        "term_to": date(2026, 12, 31),
        "ended_on": date(2027, 1, 1),
        "reason": "专项行动要求清除的陈列物品逾期没有清除",
        "basis": ORDERS[family] + ("第三十八条" if family == "pharmacy" else "第四十一条"),
    }


def _termination(family):
    return _agreed(family) | {
        "ground_text": "以欺骗手段取得定点",
        "basis": ORDERS[family] + ("第四十条" if family == "pharmacy" else "第四十三条"),
        "facts_text": "申请材料中的证书系伪造。",
        "effective_on": date(2026, 12, 2),
        "bans": [{"text": "不受理定点申请", "until": date(2029, 12, 1), "basis": ORDERS[family]}],
        "remedy": "可以协商，也可以请求协调。",
    }


def _report(family):
    return _agreed(family) | {
        "addressee": "示例县医疗保障局",
        "measure": "termination",
        "decided_on": date(2026, 11, 22),
        "ground_text": "以欺骗手段取得定点",
        "basis": ORDERS[family],
    }


def _region_notice(family):
    return _agreed(family) | {
        "addressee": "999000 统筹区医疗保障经办机构",
        "measure": "terminate",
        "decided_on": date(2026, 11, 22),
        "effective_on": date(2026, 11, 23),
        "ground_text": "以欺骗手段取得定点",
        "basis": ORDERS[family],
        "subject_name": NAMES[family],
        "subject_code": "P999000000017",
        "relation": "同一机构在其他统筹区",
        "article": ORDERS[family],
    }


def _withdrawal_answer(family):
    return _agreed(family) | {
        "act": "terminate",
        "agreed": True,
        "requested_on": date(2026, 11, 20),
        "from_on": date(2027, 3, 1),
        "to_on": None,
        "opinion": "",
        "basis": ORDERS[family],
    }


def _points(family):
    return _person(family) | {
        "act_text": "替他人冒名结算",
        "item_text": "为非登记备案人员冒名提供医疗保障费用结算",
        "band": "7—9分",
        "responsibility": "主要责任",
        "conduct_on": date(2026, 10, 12),
        "decided_on": date(2026, 11, 20),
        "points": 7,
        "year": 2026,
        "total": 11,
        "objection_days": 10,
        "objection_due_on": date(2026, 12, 4),
    }


def _points_correction(family):
    anew = family == "pharmacy"
    return _person(family) | {
        "deduction_number": "JF2026000012",
        "decided_on": date(2026, 11, 2),
        "points": 7,
        "instead": 3 if anew else 0,
        "instead_text": "其他应记1至3分的情形" if anew else "",
        "cause": "登记有误（人员、情形、分值）",
        "reason": "行为人登记错误，经核对处方签名更正。",
        "year": 2026,
        "total": 3 if anew else 0,
        "annuls": True,
    }


def _appeal(family):
    return _person(family) | {
        "appeal_number": "SS2026000003",
        "deduction_number": "JF2026000012",
        "points": 7,
        "year": 2026,
        "lodged_on": date(2026, 11, 10),
        "held": True,
    }


def _appeal_result(family):
    corrected = family == "pharmacy"
    return _appeal(family) | {
        "explained_on": date(2026, 11, 16),
        "outcome": "correct" if corrected else "uphold",
        "instead": 3 if corrected else 0,
        "opinion": "申诉人提出当日未在岗。经核对考勤和处方签名，当日在岗。",
        "total": 3 if corrected else 7,
    }


def _restoration_result(family):
    return _person(family) | {
        "restoration_number": "XF2026000002",
        "activity": "医保政策宣传",
        "organiser": "示例县医疗保障局",
        "took_part_on": date(2026, 10, 20),
        "points": 1,
        "year": 2026,
        "total": 6,
        "adjusts": family == "pharmacy",
    }


def _reinstatement_result(family):
    revoked = family == "medical"
    return _person(family) | {
        "reinstatement_number": "HF2026000002",
        "requested_on": date(2026, 11, 20),
        "agreed": revoked,
        "revoked": revoked,
        "from_on": date(2026, 12, 1) if revoked else None,
        "opinion": "已参加医保政策培训并考核合格" if revoked else "没有提交参加培训的证明",
    }


def _qualification(family):
    suspended = family == "pharmacy"
    return _person(family) | {
        "measure": "suspend" if suspended else "revoke",
        "from_on": date(2026, 12, 1),
        "until": date(2027, 1, 31) if suspended else None,
        "bar_until": None if suspended else date(2027, 11, 30),
        "total": 9 if suspended else 12,
    }


def _amendment(family):
    article = "第三十七条" if family == "pharmacy" else "第四十条"
    rows = [
        ("名称", "示例县旧样例店", NAMES[family], date(2026, 10, 8), date(2026, 10, 8)),
        ("法定代表人", "甲某某", "乙某某", date(2026, 9, 1), date(2026, 9, 1)),
    ]
    return {
        "institution": NAMES[family],
        "amendment_number": "BG2026000017",
        "agreement_number": "示医保协〔2026〕12号",
        "filed_on": date(2026, 11, 19),
        "rows": [
            {
                "label": label,
                "old": old,
                "new": new,
                "approval": "示例县市场监督管理局 示市监准〔2026〕8号",
                "approved_on": approved,
                "effective_on": effective,
            }
            for label, old, new, approved, effective in rows
        ],
        "late": ["法定代表人"],
        "basis": ORDERS[family] + article,
    }


def _amendment_refusal(family):
    given = _amendment(family)
    kept = ("institution", "amendment_number", "filed_on", "basis")
    return {
        **{name: given[name] for name in kept},
        "labels": ["法定代表人"],
        "reason": "拟任法定代表人在限制期内，分管负责人决定不予变更。",
    }


def _grade(family):
    return {
        "institution": NAMES[family],
        "cycle": "2026",
        "scheme": "示例县信用评价方案",
        "score": 87.5,
        "grade": "良好",
        "lines": [
            {"name": "履约情况", "raw": "0次", "points": 60, "basis": "方案第一项"},
            {
                "name": "数据质量",
                "raw": "98.6%",
                "points": 27.5,
                "basis": "方案第二项",
                "evidence": [
                    {"number": "XX2026000004", "day": date(2026, 3, 1)},
                    {"number": "示例市监罚〔2026〕4号"},
                ],
            },
        ],
        "uses": ["协议续签", "检查频次"],
        "objection_days": 5,
        "objection_due_on": date(2026, 11, 30),
        "basis": "《医疗保障基金使用监督管理条例》第三十三条",
    }


def _grade_correction(family):
    return _grade(family) | {
        "before_score": 82.5,
        "before_grade": "合格",
        "reason": "已认定违规案件由2更正为1；“已认定违规案件”计入总分10→15",
    }


def _credit_notice(family):
    return {
        "addressee": "",
        "cycle": "2026年上半年",
        "scheme": "示例县信用评价方案",
        "rows": [
            {"name": NAMES[family], "kind_label": "样例类别", "grade": "良好"},
            {"name": "示例县另一机构", "kind_label": "样例类别", "grade": "合格"},
        ],
        "from_on": date(2026, 11, 24),
        "to_on": date(2026, 12, 1),
        "channel": "示例县医疗保障局门户网站，电话0990-0000000",
        "basis": "《医疗保障基金使用监督管理条例》第三十三条",
    }


def _rating_objection(family):
    return {
        "institution": NAMES[family],
        "cycle": "2026年上半年信用评价",
        "objection_number": "XY2026000004",
        "raised_on": date(2026, 11, 25),
        "grade": "合格",
        "basis": "《医疗保障基金使用监督管理条例》第三十三条",
    }


def _rating_objection_receipt(family):
    return _rating_objection(family) | {"answer_due_on": date(2026, 12, 2)}


def _rating_objection_extension(family):
    return _rating_objection_receipt(family) | {
        "assisted_by": "示例县市场监督管理局" if family == "pharmacy" else "示例县卫生健康局",
        "matter": "核实机构变更登记的日期",
        "before_due_on": date(2026, 11, 30),
    }


def _rating_objection_decline(family):
    return _rating_objection(family) | {
        "outcome": "超过提出异议的期限",
        "opinion": "等级于2026年11月2日告知，期限至11月9日届满。",
    }


def _rating_objection_result(family):
    corrected = family == "pharmacy"
    return _rating_objection(family) | {
        "outcome": "更正事实，重新计算得分和等级" if corrected else "维持原得分和等级",
        "opinion": "经调取案卷核对，其中一件在评价期内已经撤销。"
        if corrected
        else "经调取案卷核对，评价所用的事实与案卷一致。",
        "corrections": [{"label": "已认定违规案件", "before": "2", "after": "1"}]
        if corrected
        else [],
    }


def _rating_objection_answer(family):
    return _rating_objection_result(family) | {"addressee": "己庚辛"}


def _grade_change(family):
    return {
        "institution": NAMES[family],
        "cycle": "2026年上半年信用评价",
        "change_number": "BD2026000002",
        "before": "良好",
        "after": "不达标",
        "reason": "评价公布以后，2026年11月20日被认定骗取医疗保障基金（WG2026000031）。",
        "from_on": date(2026, 11, 26),
        "basis": "《示例县信用评价方案》一票否决第一项",
    }


def _credit_restoration(family):
    granted = family == "pharmacy"
    return _grade_change(family) | {
        "before": "不达标",
        "after": "合格" if granted else "不达标",
        "reason": "整改已经验收，违规款项全部退回。" if granted else "整改还没有验收。",
        "requested_on": date(2026, 11, 20),
        "granted": granted,
    }


def _rectification(family):
    return {
        "institution": NAMES[family],
        "rectification_number": "ZG2026000017",
        "source": "违规案件 WG2026000021",
        "items": [
            {
                "problem": "抽查的十份处方中有三份没有药师审核签名"
                if family == "pharmacy"
                else "三份住院病历的护理记录和收费清单不一致",
                "measure": "核对本年度全部记录，补正缺漏，建立双人复核",
                "unit": "处方审核岗" if family == "pharmacy" else "护理部",
                "person": "丁戊己",
                "due_on": date(2026, 12, 10),
            },
            {
                "problem": "医保服务标识没有在收费窗口公示",
                "measure": "在收费窗口公示",
                "due_on": date(2026, 12, 23),
            },
        ],
        "due_on": date(2026, 12, 23),
        "basis": "服务协议第二十一条",
    }


def _rectification_result(family):
    passed = family == "pharmacy"
    return {
        "institution": NAMES[family],
        "rectification_number": "ZG2026000017",
        "passed": passed,
        "submitted_on": date(2026, 12, 9),
        "opinion": "现场核验，整改到位。" if passed else "第二项没有到位。",
        "due_on": None if passed else date(2026, 12, 31),
        "items": [
            {"problem": "记录不完整", "closed": True, "remark": "抽查五份，均已补正"},
            {"problem": "标识没有公示", "closed": passed, "remark": "" if passed else "仍未公示"},
        ],
        "basis": "服务协议第二十一条",
    }


def _talk_notice(family):
    return {
        "institution": NAMES[family],
        "talk_number": "YT2026000003",
        "host": "agency",
        "called": ["法定代表人辛壬癸", "医保办负责人子丑寅"],
        "reason": "2026年11月检查发现，部分收费项目没有相应的记录。",
        "planned_on": date(2026, 11, 30),
        "planned_time": "上午9时",
        "place": "示例县医疗保障事业中心二楼会议室",
        "basis": ORDERS[family] + {"pharmacy": "第三十五条", "medical": "第三十八条"}[family],
    }


def _talk_record(family):
    kept = ("institution", "talk_number", "host", "place", "reason", "basis")
    given = _talk_notice(family)
    return {
        **{name: given[name] for name in kept},
        "addressee": "",
        "held_on": date(2026, 11, 30),
        "came": ["法定代表人辛壬癸"],
        "absent": ["医保办负责人子丑寅"],
        "staff": ["稽核岗甲乙丙", "经办岗丁戊己"],
        "minutes": "经办机构指出收费记录不全。\n法定代表人说明系统升级造成缺漏，愿意补正。",
        "demands": "12月10日前补全记录，报送整改情况。",
    }


def _person_notice(family):
    return {
        "practitioner": "丁戊己",
        "practitioner_code": "D990123000017",
        "measure": "suspend",
        "from_on": date(2026, 11, 23),
        "until": date(2026, 12, 23),
        "total": 9,
        "places": [NAMES[family]],
        "basis": OPINION,
    }


def _referral(family):
    return {
        "addressee": "示例县卫生健康局" if family == "medical" else "示例县市场监督管理局",
        "institution": NAMES[family],
        "institution_code": "H99012300001" if family == "medical" else "P99012300001",
        "referral_number": "YS2026000003",
        "case_number": "WG2026000021",
        "facts_text": "经查，该机构三名人员不在注册地点执业，证书长期由他人使用。\n以上情形属于贵单位职责。",
        "about_institution": family == "medical",
        "persons": 3,
        "materials": [{"name": "现场检查记录", "copies": 1}, {"name": "询问笔录", "copies": 3}],
        "receipt_due_on": date(2026, 12, 7),
        "basis": "《医疗保障基金使用监督管理条例》第二十二条",
    }


def _blacklist(family):
    return {
        "subject": NAMES[family],
        "personal": False,
        "entry_number": "SX2026000003",
        "ground": "以骗取医疗保障基金为目的实施欺诈骗保行为，情节严重",
        "basis": "《医疗保障基金使用监督管理条例》（国务院令第735号）第四十条",
    }


BLACKLISTED = ["信用等级按方案的一票否决评定", "申请定点不予受理，续签逐家研究"]


def _blacklist_notice(family):
    return _blacklist(family) | {
        "facts_text": "经查，该机构三个月内虚记服务46人次，涉及金额82300元。",
        "evidence": "WG2026000021",
        "months": 36,
        "consequences": BLACKLISTED,
        "views_due_on": date(2026, 11, 30),
    }


def _blacklist_listing(family):
    person = {"subject": "辛某（证件号码990****0017）", "personal": True, "addressee": "辛某"}
    return (
        _blacklist(family)
        | {
            "facts_text": "经查，虚记服务46人次，涉及金额82300元。",
            "statement": "系统操作失误，已经退款。" if family == "medical" else "",
            "council": "到会表决 3 人，同意 3，不同意 0，弃权 0；通过",
            "listed_on": date(2026, 11, 23),
            "until": date(2029, 11, 23),
            "public_until": date(2029, 11, 23) if family == "medical" else None,
            "removal_from": date(2027, 5, 23),
            "consequences": BLACKLISTED,
        }
        | ({} if family == "medical" else person)
    )


def _blacklist_removal(family):
    granted = family == "medical"
    return _blacklist(family) | {
        "granted": granted,
        "cause": "纠正移出" if granted else "",
        "removed_on": date(2027, 6, 1) if granted else None,
        "until": date(2029, 11, 23),
        "listed_on": date(2026, 11, 23),
        "reason": "" if granted else "退款没有到账。",
    }


def _month(family):
    return {
        "institution": NAMES[family],
        "statement_number": "FY2026000017",
        "month": "2026年10月",
        "insurance": "职工基本医疗保险",
        "claimed_on": date(2026, 11, 3),
        "claimed_total": 123_456_78,
        "line_count": 1200,
    }


def _denial_detail(family):
    line = {"line": 17, "voucher": "MZ202610150017", "service_date": date(2026, 10, 15)}
    money = {"claimed": 860_00, "denied": 120_50}
    why = {
        "reason": "超量开药（超出处方限量）",
        "basis": "《医疗保障基金使用监督管理条例》第三十八条第二项",
    }
    return _month(family) | {
        "denied": 241_00,
        "denied_lines": 3,
        "sampled": 60,
        "basis": ORDERS[family] + "第三十条",
        "days": 5,
        "days_basis": "本系统按通行做法设定，请按本地文件核对",
        "lines": [line | money | why, line | money | why | {"line": 18}],
    }


def _denial_appeal(family):
    answer = {
        "line": 17,
        "denied": 120_50,
        "reason": "超量开药",
        "contested": "患者外出，医师注明了原因。",
    }
    return _month(family) | {
        "appealed_on": date(2026, 11, 16),
        "denied": 120_50,
        "basis": ORDERS[family] + "第三十条",
        "answers": [
            answer | {"upheld": False, "answer": "病历有记载，理由成立。"},
            answer | {"line": 18, "upheld": True, "answer": "没有提供凭据，理由不成立。"},
        ],
    }


def _settlement_sheet(family):
    parts = [
        ("拒付", 241_00, "未拨付，留在医疗保障基金"),
        ("质量保证金", 6_160_79, "考核后返还或者扣除"),
    ]
    parts.append(("应付", 117_054_99, "待拨付机构"))
    return _month(family) | {
        "payable": 117_054_99,
        "basis": ORDERS[family] + "第二十九条",
        "parts": [
            {"label": label, "amount": amount, "note": note} for label, amount, note in parts
        ],
    }


def _disbursement_notice(family):
    return _month(family) | {
        "amount": 117_054_99,
        "paid_on": date(2026, 11, 20),
        "voucher": "BK20261120-08",
        "approved_on": date(2026, 11, 19),
        "basis": ORDERS[family] + "第二十九条",
    }


def _retention_release(family):
    return _agreed(family) | {
        "release_number": "BZJ2026000003",
        "year": 2025,
        "held": 2_960_500_00,
        "released": 2_649_647_50,
        "kept": 310_852_50,
        "percent": "89.5",
        "ground": "2025年度考核得分76.50分（年度考核通报），60分以上不足80分，比80分每低1分扣3%",
        "basis": ORDERS[family] + "第三十四条",
    }


def _annual_settlement(family):
    rows = [
        ("全年申报", 60_000_000_00, "全年各月申报金额之和", False),
        ("清算应付", 58_554_510_00, "点数应得 − 核减", True),
        ("本次应拨付", -5_645_490_00, "清算应付 − 质量保证金 − 已经拨付", True),
    ]
    return _agreed(family) | {
        "settlement_number": "QS2026000004",
        "year": 2025,
        "insurance": "职工基本医疗保险",
        "method": "按病组点数",
        "lines": [
            {
                "label": label,
                "amount": amount,
                "formula": formula,
                "basis": "样例",
                "to_check": check,
            }
            for label, amount, formula, check in rows
        ],
        "violating_cases": 3,
        "due": -5_645_490_00,
        "basis": ORDERS[family] + "第二十九条",
    }


def _prepayment_result(family):
    return _agreed(family) | {
        "prepayment_number": "YF2026000002",
        "requested_on": date(2026, 1, 6),
        "insurance": "职工基本医疗保险",
        "purpose": "支付药品费用",
        "asked": 500_000_00,
        "granted": True,
        "amount": 480_000_00,
        "monthly": 480_000_00,
        "opinion": "资金用于集中采购药品结算",
        "basis": "《关于做好医保基金预付工作的通知》（医保办函〔2024〕101号）",
    }


OWN = {
    "denial_detail": _denial_detail,
    "denial_appeal": _denial_appeal,
    "settlement_sheet": _settlement_sheet,
    "disbursement_notice": _disbursement_notice,
    "blacklist_notice": _blacklist_notice,
    "blacklist_listing": _blacklist_listing,
    "blacklist_removal": _blacklist_removal,
    "referral": _referral,
    "rectification": _rectification,
    "rectification_result": _rectification_result,
    "acceptance": _acceptance,
    "supplement": _supplement,
    "decline": _decline,
    "evaluation_result": _evaluation_result,
    "filing_result": _filing_result,
    "site_evaluation": _site_evaluation,
    "clarification": _clarification,
    "objection_answer": _objection_answer,
    "notice_statement": _notice_statement,
    "removal": _removal,
    "public_notice": _public_notice,
    "agreement": _agreement,
    "views": _views,
    "suspension": _suspension,
    "resumption": _resumption,
    "amendment": _amendment,
    "amendment_refusal": _amendment_refusal,
    "unsettled": _unsettled,
    "lapse": _lapse,
    "renewal_notice": _renewal_notice,
    "service_receipt": _service_receipt,
    "non_renewal": _ending,
    "term_end": _ending,
    "termination": _termination,
    "report": _report,
    "region_notice": _region_notice,
    "withdrawal_answer": _withdrawal_answer,
    "person_notice": _person_notice,
    "talk_notice": _talk_notice,
    "talk_record": _talk_record,
    "denial": _claimed,
    "recovery": _recovery,
    "damages": _damages,
    "payment_hold": _payment_hold,
    "staff_suspension": _staff_suspension,
    "points": _points,
    "points_correction": _points_correction,
    "appeal_receipt": _appeal,
    "appeal_result": _appeal_result,
    "restoration_result": _restoration_result,
    "reinstatement_result": _reinstatement_result,
    "retention_release": _retention_release,
    "annual_settlement": _annual_settlement,
    "prepayment_result": _prepayment_result,
    "qualification": _qualification,
    "grade": _grade,
    "grade_correction": _grade_correction,
    "credit_notice": _credit_notice,
    "rating_objection_receipt": _rating_objection_receipt,
    "rating_objection_extension": _rating_objection_extension,
    "rating_objection_decline": _rating_objection_decline,
    "rating_objection_result": _rating_objection_result,
    "rating_objection_answer": _rating_objection_answer,
    "grade_change": _grade_change,
    "credit_restoration": _credit_restoration,
}
