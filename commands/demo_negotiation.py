"""Agreements of the demo county that are negotiated, fail, or are supplemented: what each side says and decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from actions import agreements, dependent_agreements, local_clauses, negotiations, signatures
from commands.demo_agenda import Agenda
from commands.demo_people import Cast
from database import session
from models import Agreement, Application
from queries import agreements as ask
from rules.agreement_forms import AgreementForm
from rules.lifecycle import AgreementState

_SHARE = "甲方每季度向乙方反馈审核发现的常见问题，乙方据此组织培训。"
_NIGHT = "乙方夜间服务时段变化的，提前三日告知甲方。"
MANDATE = "示例授权委托书"


class Table:
    """Both sides at one table about one application."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str) -> None:
        self.agenda, self.cast, self.code = agenda, cast, code

    @property
    def agreement(self) -> Agreement:
        query = select(Agreement).where(Agreement.institution_id == self.cast.ids[self.code])
        return session.scalars(query.order_by(Agreement.id.desc()).limit(1)).one()

    def sit_down(self, application: Application, on: date, *, fails: bool) -> None:
        """A first draft, one opinion, one clause of each side; later, perhaps, no agreement."""
        clerk, owner = self.cast["clerk"], self.cast.owners[self.code]
        found = agreements.negotiate(application, term_from=self.agenda.end, actor=clerk, on=on)
        session.flush()
        negotiations.comment(
            found, clause="A05", text="季度自查报告的格式希望由甲方提供。", actor=owner, on=on
        )
        negotiations.propose(found, text=_SHARE, reason="便于共同改进", actor=clerk, on=on)
        negotiations.propose(found, text=_NIGHT, reason="本单位轮班安排", actor=owner, on=on)
        if fails:
            self.agenda.later(2, self.fail)

    def fail(self, on: date) -> None:
        negotiations.fail(
            self.agreement,
            reason="双方就质量保证金的预留方式经两次协商未能一致。",
            actor=self.cast["chief"],
            on=on,
        )

    def supplement(self, on: date) -> None:
        """What is added to a living agreement, drafted and signed by the institution; the agency signs in a batch."""
        parent = next((one for one in ask.designating(self.cast.ids[self.code])), None)
        if parent is None or parent.state is not AgreementState.CONCLUDED:
            return
        medical = parent.institution.kind.family == "medical"
        covers = f"{parent.institution.name}互联网医院" if medical else "门诊慢特病用药供应"
        dependent_agreements.supplement(
            parent, covers=covers, term_from=on, actor=self.cast["clerk"], on=on
        )
        self._next(self.send)

    def _next(self, step: Callable[[date], object]) -> None:
        self.agenda.put(self.agenda.today, step)

    def send(self, on: date) -> None:
        negotiations.send(self.supplementary, actor=self.cast["clerk"], on=on)
        self._next(self.sign)

    def sign(self, on: date) -> None:
        owner = self.cast.owners[self.code]
        signatures.sign_for_institution(
            self.supplementary, read=True, mandate=MANDATE, actor=owner, on=on
        )

    @property
    def supplementary(self) -> Agreement:
        query = select(Agreement).where(
            Agreement.institution_id == self.cast.ids[self.code],
            Agreement.form == AgreementForm.SUPPLEMENTARY,
        )
        return session.scalars(query.order_by(Agreement.id.desc())).one()


def local_rules(cast: Cast, on: date) -> None:
    """One clause of the pooling region approved, one waiting."""
    first = local_clauses.propose(
        local_clauses.Wording(
            chapter="assessment",
            text="乙方应当在每年十月参加甲方组织的医保政策培训。",
            basis="示例县医疗保障事业中心年度培训安排（样例）",
            reason="统一培训安排",
            since=on,
        ),
        actor=cast["clerk"],
        on=on,
    )
    local_clauses.review(first, approved=True, answer="同意。", actor=cast["reviewer"], on=on)
    local_clauses.propose(
        local_clauses.Wording(
            chapter="settlement",
            text="乙方应当于每月五日前申报上月费用。",
            basis="示例县费用申报安排（样例）",
            reason="明确申报时间",
            since=on,
            family="medical",
        ),
        actor=cast["clerk"],
        on=on,
    )
