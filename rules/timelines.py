"""The sorts by which the log of an institution is narrowed: which nouns belong together for whoever looks for one."""

from __future__ import annotations

from typing import NamedTuple

OTHER = "other"


class Sort(NamedTuple):
    label: str
    nouns: frozenset[str]


def _sort(label: str, nouns: str) -> Sort:
    return Sort(label, frozenset(nouns.split()))


SORTS = {
    "registry": _sort(
        "登记事项",
        "institution responsible_inspector office licence former_fact employment amendment change_notice "
        "unfiled_change",
    ),
    "designation": _sort(
        "定点申请", "application material evaluation evaluator opinion objection ban"
    ),
    "agreement": _sort(
        "协议和续签",
        "agreement agreement_draft local_clause renewal withdrawal suspension termination campaign campaign_result "
        "effect",
    ),
    "case": _sort(
        "案件、处罚和整改",
        "violation case_measure finding receipt collective_decision vote indication region_notice penalty referral "
        "talk rectification",
    ),
    "people": _sort(
        "人员和记分",
        "practitioner registration commitment deduction qualification_measure appeal restoration reinstatement",
    ),
    "money": _sort(
        "结算", "hold retention_release annual_budget annual_settlement prepayment fund_balance"
    ),
    "credit": _sort(
        "信用",
        "cycle rating proposal scheme_draft rating_objection fact_correction grade_change self_assessment "
        "blacklisting credit_pledge",
    ),
    "letter": _sort("文书", "document filing"),
}
SORTED = frozenset().union(*(sort.nouns for sort in SORTS.values()))
OPTIONS = [*((key, sort.label) for key, sort in SORTS.items()), (OTHER, "其他")]
