"""The register of letters: each prints what its frozen facts say, and asks no clock, no database and no law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from documents import case_letters, credit_letters, rectification_letters, year_letters
from documents import facts as checked
from documents.agreement_letters import (
    Agreement,
    Lapse,
    Report,
    Resumption,
    Suspension,
    Termination,
    Views,
)
from documents.amendment_letters import Amendment, AmendmentRefusal
from documents.application_letters import (
    Acceptance,
    Decline,
    EvaluationResult,
    PublicNotice,
    Supplement,
)
from documents.blacklist_letters import BLACKLIST_KINDS
from documents.conduct_letters import Grade, Points, Qualification
from documents.evaluation_letters import (
    Clarification,
    FilingResult,
    NoticeStatement,
    ObjectionAnswer,
    Removal,
    SiteEvaluation,
)
from documents.exit_letters import LEAVING, PERSONS, RegionNotice, WithdrawalAnswer
from documents.facts import WrongFact
from documents.letter import (
    FUND_REGULATIONS,
    MEDICAL_ORDER,
    PHARMACY_ORDER,
    QUALIFICATION_OPINION,
    Letter,
)
from documents.letter_kind import LetterKind
from documents.negotiation_letters import Unsettled
from documents.points_letters import POINTS_KINDS
from documents.renewal_letters import NonRenewal, RenewalNotice, TermEnd
from documents.service_letters import KINDS as SERVICE_KINDS
from documents.settlement_letters import SETTLEMENT_KINDS
from documents.talk_letters import TALKS

KINDS: Mapping[str, LetterKind] = {
    kind.key: kind
    for kind in (
        LetterKind(
            "acceptance",
            "D01",
            "医疗保障定点申请受理通知书",
            "受",
            Acceptance,
            f"{PHARMACY_ORDER}第七条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "supplement",
            "D02",
            "医疗保障定点申请材料一次性补正告知书",
            "补",
            Supplement,
            f"{PHARMACY_ORDER}第七条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "decline",
            "D03",
            "医疗保障定点申请不予受理告知书",
            "不受",
            Decline,
            f"{PHARMACY_ORDER}第十一条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "site_evaluation",
            "D04",
            "医疗保障定点现场评估通知书",
            "评通",
            SiteEvaluation,
            f"{PHARMACY_ORDER}第八条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "clarification",
            "D04",
            "医疗保障定点评估补充材料通知书",
            "评补",
            Clarification,
            f"{PHARMACY_ORDER}第八条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "evaluation_result",
            "D05",
            "医疗保障定点评估结果告知书",
            "评",
            EvaluationResult,
            f"{PHARMACY_ORDER}第八条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "filing_result",
            "D06",
            "医疗保障定点评估结果备案表",
            "评备",
            FilingResult,
            f"{PHARMACY_ORDER}第八条；{MEDICAL_ORDER}",
            head_suffix="文件",
        ),
        LetterKind(
            "public_notice",
            "D07",
            "公示",
            "示",
            PublicNotice,
            f"{PHARMACY_ORDER}第八条；{MEDICAL_ORDER}",
            head_suffix="文件",
        ),
        LetterKind(
            "notice_statement",
            "D07",
            "公示情况说明",
            "示说",
            NoticeStatement,
            f"{PHARMACY_ORDER}第八条；{MEDICAL_ORDER}",
            head_suffix="文件",
        ),
        LetterKind(
            "removal",
            "D07",
            "不列入拟签订医疗保障服务协议名单告知书",
            "示除",
            Removal,
            f"{PHARMACY_ORDER}第八条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "objection_answer",
            "D25",
            "公示异议处理结果告知书",
            "异",
            ObjectionAnswer,
            f"{PHARMACY_ORDER}第八条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "agreement", "D08", "医疗保障服务协议", "协", Agreement, f"{FUND_REGULATIONS}第十一条"
        ),
        LetterKind(
            "amendment",
            "D09",
            "医疗保障定点信息变更确认书",
            "变",
            Amendment,
            f"{PHARMACY_ORDER}第三十七条；{MEDICAL_ORDER}第四十条",
        ),
        LetterKind(
            "amendment_refusal",
            "D09",
            "医疗保障定点信息不予变更告知书",
            "不变",
            AmendmentRefusal,
            f"{PHARMACY_ORDER}第三十七条；{MEDICAL_ORDER}第四十条",
        ),
        LetterKind(
            "unsettled",
            "D08",
            "协议协商未达成一致告知书",
            "商",
            Unsettled,
            f"{PHARMACY_ORDER}第九条；{MEDICAL_ORDER}",
        ),
        LetterKind(
            "lapse",
            "D10",
            "医疗保障服务协议终止告知书",
            "终协",
            Lapse,
            f"{MEDICAL_ORDER}第四十一条、第四十二条；{PHARMACY_ORDER}第三十九条",
        ),
        LetterKind(
            "renewal_notice",
            "D10",
            "医疗保障服务协议续签通知书",
            "续协",
            RenewalNotice,
            f"{MEDICAL_ORDER}第四十一条；{PHARMACY_ORDER}第三十八条",
        ),
        LetterKind(
            "non_renewal",
            "D10",
            "医疗保障服务协议不予续签告知书",
            "不续",
            NonRenewal,
            f"{MEDICAL_ORDER}第四十一条；{PHARMACY_ORDER}第三十八条",
        ),
        LetterKind(
            "term_end",
            "D10",
            "医疗保障服务协议期满解除告知书",
            "满解",
            TermEnd,
            f"{PHARMACY_ORDER}第三十八条",
        ),
        *TALKS,
        PERSONS,
        LetterKind("views", "D12", "处理意见告知书", "意", Views, f"{FUND_REGULATIONS}第十三条"),
        LetterKind(
            "suspension",
            "D18",
            "中止医疗保障服务协议通知书",
            "停协",
            Suspension,
            f"{MEDICAL_ORDER}第四十二条；{PHARMACY_ORDER}第三十九条",
        ),
        LetterKind(
            "resumption",
            "D19",
            "恢复履行医疗保障服务协议通知书",
            "复协",
            Resumption,
            f"{MEDICAL_ORDER}第四十二条；{PHARMACY_ORDER}第三十九条",
        ),
        LetterKind(
            "termination",
            "D20",
            "解除医疗保障服务协议通知书",
            "解协",
            Termination,
            f"{MEDICAL_ORDER}第四十三条；{PHARMACY_ORDER}第四十条",
        ),
        LetterKind(
            "report",
            "D21",
            "关于处理定点医药机构医疗保障服务协议情况的报告",
            "报",
            Report,
            f"{PHARMACY_ORDER}第四十六条；{MEDICAL_ORDER}",
            head_suffix="文件",
        ),
        LetterKind(
            "region_notice",
            "D21",
            "跨统筹区通报函",
            "函",
            RegionNotice,
            LEAVING,
            head_suffix="文件",
        ),
        LetterKind(
            "withdrawal_answer",
            "D18",
            "服务协议退出申请答复通知书",
            "退",
            WithdrawalAnswer,
            LEAVING,
        ),
        LetterKind(
            "points", "D22", "医疗保障支付资格记分告知书", "记", Points, QUALIFICATION_OPINION
        ),
        LetterKind(
            "qualification",
            "D23",
            "医疗保障支付资格处理通知书",
            "资",
            Qualification,
            QUALIFICATION_OPINION,
        ),
        LetterKind(
            "grade", "D24", "医疗保障信用等级告知书", "信", Grade, f"{FUND_REGULATIONS}第三十三条"
        ),
        *BLACKLIST_KINDS,
        *case_letters.KINDS,
        *credit_letters.KINDS,
        *rectification_letters.KINDS,
        *SERVICE_KINDS,
        *POINTS_KINDS,
        *SETTLEMENT_KINDS,
        *year_letters.KINDS,
    )
}


def thaw(kind: str, given: Mapping[str, Any]) -> Letter:
    """The frozen dataclass of a letter, from facts as people or the database hold them."""
    if kind not in KINDS:
        raise WrongFact(f"没有“{kind}”这种文书。")
    return checked.build(KINDS[kind].shape, given, kind)


def freeze(kind: str, /, **facts: Any) -> dict[str, Any]:
    """JSON-ready facts (days as ISO text) for the Document row; raises WrongFact, naming the fact."""
    letter: dict[str, Any] = checked.dump(thaw(kind, facts))
    return letter
