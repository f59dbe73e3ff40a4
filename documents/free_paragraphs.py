"""Which facts of a letter are wording that the law leaves to the writer. Everything else of it is computed.

Not here, though they are texts: what a person writes row by row on the form that issues the letter (items of a
rectification, of a supplement, of a clarification), what somebody else said (views, objections), the record of a talk,
and whatever a rule says (grounds, articles, remedies, consequences).
"""

from __future__ import annotations

from collections.abc import Mapping

FACTS = {"facts_text": "查实的事实"}
OPINION = {"opinion": "意见"}
REASON = {"reason": "理由"}

FREE: Mapping[str, Mapping[str, str]] = {
    "supplement": {"again_reason": "再次告知的理由"},
    "evaluation_result": {"reasons": "不合格的理由", "advice": "整改建议"},
    "objection_answer": {"answer": "核查情况"},
    "removal": {"reasons": "撤下公示的理由"},
    "amendment_refusal": REASON,
    "unsettled": {"reason": "未达成一致的原因"},
    "non_renewal": REASON,
    "talk_notice": {"reason": "约谈的事由", "moved_for": "改期的理由"},
    "views": {"facts_text": "拟认定的事实"},
    "suspension": FACTS | {"rectification": "整改的要求"},
    "termination": FACTS,
    "denial": FACTS,
    "recovery": FACTS,
    "damages": FACTS,
    "payment_hold": FACTS,
    "staff_suspension": FACTS,
    "withdrawal_answer": OPINION,
    "points": {"act_text": "查实的行为"},
    "points_correction": {"reason": "更正的理由"},
    "appeal_result": {"opinion": "核查意见"},
    "reinstatement_result": OPINION,
    "blacklist_notice": {"facts_text": "拟认定的事实"},
    "blacklist_listing": {"facts_text": "事由"},
    "blacklist_removal": REASON,
    "rating_objection_extension": {"matter": "请其他单位核查的内容"},
    "rating_objection_decline": {"opinion": "不予受理的理由"},
    "rating_objection_result": {"opinion": "核查意见"},
    "rating_objection_answer": {"opinion": "核查意见"},
    "grade_change": {"reason": "变动的理由"},
    "credit_restoration": REASON,
    "rectification_result": {"opinion": "验收意见"},
    "referral": {"facts_text": "移送的事实"},
    "prepayment_result": OPINION,
}
