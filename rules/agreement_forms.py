"""Forms of agreement: 服务协议; 补充协议 to a living one; 固定协议 with its yearly 年度协议 (令2 Art 41)."""

from __future__ import annotations

from datetime import date

import regulations
from rules.refusal import Refused
from rules.words import Labelled


class AgreementForm(Labelled):
    MAIN = "main", "服务协议"
    SUPPLEMENTARY = "supplementary", "补充协议"
    FIXED = "fixed", "固定协议"
    ANNUAL = "annual", "年度协议"


# the parts of the model agreement each form is made of
PARTS = {
    AgreementForm.MAIN: frozenset({"fixed", "annual"}),
    AgreementForm.FIXED: frozenset({"fixed", "fixed_only"}),
    AgreementForm.ANNUAL: frozenset({"annual", "annex"}),
    AgreementForm.SUPPLEMENTARY: frozenset({"supplementary"}),
}
# an institution is designated by one of these; the other two only stand beside it
DESIGNATING = (AgreementForm.MAIN, AgreementForm.ANNUAL)


def require_fixed(family: str, grade: str, *, on: date) -> None:
    """固定 + 年度 is for medical institutions whose assessment was good. Refused with the article otherwise."""
    rows = regulations.at(on, "medical").table("fixed_agreement_grades")
    basis = rows[0].basis
    if family != "medical":
        raise Refused(
            "零售药店不能签订固定协议和年度协议。",
            basis=basis,
            cure="该方式只适用于绩效考核结果好的医疗机构，请拟定服务协议。",
        )
    good = {row.key: row.label for row in rows}
    if grade not in good:
        raise Refused(
            f"最近一次考核或者信用评价结果不是“{'”“'.join(good.values())}”，不能签订固定协议和年度协议。",
            basis=basis,
            cure="请拟定服务协议，或者待考核结果达到要求后办理。",
        )
