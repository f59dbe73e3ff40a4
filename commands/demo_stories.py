"""The stories of the year as tables: (family, running number, when, what)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands.demo_courses import Course
from commands.demo_points import Fault
from commands.demo_renewals import Course as Renewing
from commands.demo_supervision import Charge
from rules.lifecycle import AgreementState as A
from rules.lifecycle import ApplicationState as S
from rules.lifecycle import DeductionState as D
from rules.lifecycle import RenewalState as W
from rules.lifecycle import ViolationState as V

M, P = "medical", "pharmacy"
SUSPEND, TERMINATE = "suspend", "terminate"

_RISK = "抽查结算记录，部分费用没有对应的诊疗或者销售记录，存在较大基金安全风险。"
_DATA = "抽查上传数据，进销存数据与库存不符，且逾期未说明。"
_AGREED = "考核得分低于协议约定的下限，且未按期整改。"
_FORGED = "经查，伪造处方和费用清单，骗取医疗保障基金。"
_FRAUD = "经查，虚构住院治疗，骗取医疗保障基金。"
_CHANGED = "注册地址和法定代表人已经变更，超过规定期限未办理变更。"

_TWICE, _AGAIN = ("cancelled", "passed"), ("rejected", "passed")

# Days after the start.
CASES = (
    (M, 0, 95, Charge(SUSPEND, 2, _DATA, days=30, amount=1_268_000)),
    (M, 1, 90, Charge(SUSPEND, 1, _RISK, amount=845_300)),
    (M, 2, 150, Charge(SUSPEND, 3, _AGREED, until=V.DISMISSED)),
    (M, 4, 70, Charge(SUSPEND, 1, _RISK, served=False, until=V.DECIDED)),
    (M, 10, 105, Charge(SUSPEND, 2, _DATA, days=60)),
    (M, 19, 62, Charge(SUSPEND, 1, _RISK, heard=False, amount=2_310_000)),
    (M, 20, 160, Charge(TERMINATE, 3, _FRAUD, heard=False, amount=15_622_500)),
    (M, 21, 290, Charge(SUSPEND, 3, _AGREED, recorder="clerk")),
    (M, 22, 230, Charge(TERMINATE, 6, _CHANGED, recorder="inspector_b", discussions=_TWICE)),
    (P, 0, 110, Charge(SUSPEND, 2, _DATA, until=V.DISMISSED)),
    (P, 2, 140, Charge(TERMINATE, 4, _FORGED, heard=False, amount=6_480_000)),
    (P, 4, 64, Charge(SUSPEND, 1, _RISK, amount=312_400)),
    (P, 5, 92, Charge(SUSPEND, 1, _RISK, heard=False)),
    (P, 6, 300, Charge(SUSPEND, 3, _AGREED, recorder="inspector_b")),
    (P, 7, 75, Charge(SUSPEND, 2, _DATA, served=False, until=V.DECIDED)),
    (P, 8, 200, Charge(SUSPEND, 2, _DATA, days=45, recorder="clerk")),
    (P, 9, 220, Charge(TERMINATE, 9, _CHANGED, recorder="inspector_b", discussions=_AGAIN)),
    (P, 15, 180, Charge(SUSPEND, 1, _RISK, until=V.DISMISSED)),
    (P, 17, 330, Charge(SUSPEND, 1, _RISK)),
    (M, 23, 300, Charge(TERMINATE, 6, _CHANGED, recorder="inspector_b")),
    (P, 27, 300, Charge(TERMINATE, 9, _CHANGED, recorder="inspector_b")),
)

# Working days before the end: one case in every state for each family.
NOW = (
    (M, 5, 1, Charge(SUSPEND, 2, _DATA, until=V.REGISTERED)),
    (M, 0, 3, Charge(SUSPEND, 3, _AGREED, until=V.HEARD, recorder="clerk")),
    (M, 6, 15, Charge(SUSPEND, 1, _RISK, until=V.HEARD)),
    (M, 7, 6, Charge(SUSPEND, 1, _RISK, until=V.PROPOSED)),
    (M, 8, 8, Charge(TERMINATE, 6, _CHANGED, until=V.REVIEWED, discussions=())),
    (M, 9, 9, Charge(SUSPEND, 3, _AGREED, until=V.DECIDED)),
    (P, 10, 1, Charge(SUSPEND, 2, _DATA, until=V.REGISTERED)),
    (P, 0, 3, Charge(SUSPEND, 3, _AGREED, until=V.HEARD, recorder="clerk")),
    (P, 11, 15, Charge(SUSPEND, 1, _RISK, until=V.HEARD)),
    (P, 12, 6, Charge(SUSPEND, 1, _RISK, until=V.PROPOSED)),
    (P, 13, 8, Charge(TERMINATE, 4, _FORGED, until=V.REVIEWED, discussions=())),
    (P, 14, 9, Charge(SUSPEND, 3, _AGREED, until=V.DECIDED)),
)

# Penalties of the administrative side, days before the end: number, 元, and whether it was performed.
PENALTIES = (
    (M, 6, 40, 12_000, True),
    (P, 16, 50, 3_000, False),
)

# Days after the start, or before the end where negative, on which the institution asks to go on; whether it may.
REQUESTS = (
    (M, 1, 150, True),
    (M, 21, -4, False),
    (P, 5, 155, True),
    (P, 6, -3, False),
)

_ILLEGIBLE = "病历记录与收费项目不符。"
_SWAPPED = "将非医保药品按医保药品结算。"
_LENT = "出借本人的处方账号。"

# Days after the day from which points add up, or working days before the end where negative.
FAULTS = (
    (M, 0, 0, Fault(0, "heavier_scope", "general", 5, _ILLEGIBLE)),
    (M, 0, 40, Fault(0, "heavier_other", "important", 4, _ILLEGIBLE)),
    (M, 1, 2, Fault(1, "heavier_penalty", "general", 5, _ILLEGIBLE)),
    (M, 1, 30, Fault(1, "heavier_other", "important", 4, _LENT)),
    (M, 1, 65, Fault(1, "light_other", "general", 3, _ILLEGIBLE)),
    (M, 3, -28, Fault(2, "worst_other", "important", 10, _LENT)),
    (M, 6, 20, Fault(0, "light_other", "general", 2, _ILLEGIBLE)),
    (M, 7, 25, Fault(1, "light_other", "general", 1, _ILLEGIBLE)),
    (M, 11, 50, Fault(2, "heavier_other", "general", 6, _LENT)),
    (M, 2, 33, Fault(4, "light_procurement", "general", 3, _ILLEGIBLE, until=D.REJECTED)),
    (P, 0, 36, Fault(1, "light_other", "general", 3, _SWAPPED)),
    (P, 5, 90, Fault(0, "worst_fraud", "main", 12, _SWAPPED)),
    (P, 16, 44, Fault(0, "serious_impersonation", "main", 9, _SWAPPED)),
    (P, 18, 47, Fault(1, "light_other", "general", 2, _SWAPPED, until=D.REJECTED)),
    (M, 0, -1, Fault(3, "light_other", "general", 2, _ILLEGIBLE, until=D.RECORDED)),
    (P, 1, -1, Fault(0, "heavier_other", "main", 4, _SWAPPED, until=D.RECORDED)),
)


@dataclass(frozen=True)
class Late:
    """An application left in a state on the last day.

    Begun `before` working days before the end, or before a day `months` back from it and `days` on. `grounds`:
    family → refusal that the clerk states.
    """

    before: int
    plan: Course
    months: int = 0
    days: int = 0
    grounds: tuple[tuple[str, str], ...] = ()

    def course(self, family: str) -> Course:
        return replace(self.plan, ground=dict(self.grounds).get(family, ""))


LATE = (
    Late(0, Course(until=S.SUBMITTED)),
    Late(12, Course(until=S.SUPPLEMENTING, supplement=True, again=True)),
    Late(4, Course(until=S.ACCEPTED)),
    Late(7, Course(until=S.EVALUATING, signed=("finance", "information"))),
    Late(9, Course(until=S.EVALUATED)),
    Late(10, Course(until=S.PASSED)),
    Late(13, Course(until=S.ON_NOTICE)),
    Late(13, Course(until=S.OBJECTED, objection=True)),
    Late(17, Course(until=S.TO_SIGN)),
    Late(18, Course(agreement_until=A.OFFERED)),
    Late(20, Course(agreement_until=A.COUNTERSIGNING)),
    Late(19, Course(until=S.NEGOTIATING)),
    Late(24, Course(until=S.UNSETTLED)),
    Late(1, Course(until=S.DRAFT)),
    Late(8, Course(until=S.SUBMITTED)),
    Late(5, Course(until=S.SUBMITTED)),
    Late(3, Course(until=S.SUBMITTED)),
    Late(9, Course(until=S.ACCEPTED), months=3),
    Late(1, Course(until=S.EVALUATING, signed=("medicine",), substitute=True), months=3, days=3),
    Late(30, Course(until=S.FAILED, fails=True)),
    Late(0, Course(until=S.BARRED, fails=True, twice=True), months=4, days=-15),
    Late(8, Course(until=S.CLARIFYING, clarify=True)),
    Late(15, Course(until=S.OBJECTED, objection=True, joint=True)),
    Late(20, Course(until=S.FAILED, objection=True, upheld=True)),
    Late(25, Course(until=S.WITHDRAWN)),
    Late(26, Course(until=S.DECLINED), grounds=((M, "MI12_01"), (P, "PH11_07"))),
)

_STATES = (
    (30, Renewing(W.RENEWED)),
    (25, Renewing(W.OFFERED, asked=False)),
    (22, Renewing(W.REFUSED)),
    (16, Renewing(W.AGREED)),
    (12, Renewing(W.PROPOSED, asked=False)),
    (10, Renewing(W.ASSESSED)),
    (6, Renewing(W.APPLIED)),
    (5, Renewing(W.COLLECTED, asked=False)),
)

# Working days before the end: one renewal left in every state for each family; the first two are terminated on the way.
SEASON = (
    (M, 23, 50, Renewing(W.COLLECTED, asked=False)),
    (P, 27, 50, Renewing(W.COLLECTED, asked=False)),
    (M, 3, 7, Renewing(W.WITHDRAWN)),
    (P, 26, 7, Renewing(W.WITHDRAWN)),
    *(
        (family, first + number, before, renewing)
        for family, first in ((M, 11), (P, 28))
        for number, (before, renewing) in enumerate(_STATES)
    ),
)
CLEARED = slice(40, 46)  # pharmacies that the clearing of shelves looked at
