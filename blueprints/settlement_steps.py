"""The steps of a statement, each a button on its page: audit, sample, notice, appeal, settlement, payment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, abort, g, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import settlements as act
from actions import statement_appeals as appeals
from actions import statement_findings, statements
from blueprints import money_doors
from blueprints import settlements as pages
from blueprints.access import done, permit
from blueprints.typed import valid
from forms import statements as counter
from rules import ladder
from rules.permissions import Permission
from rules.refusal import Refused

settlement_steps = Blueprint("settlement_steps", __name__)


def held(key: int) -> Any:
    """The statement for a decision."""
    return money_doors.held("statement", key)


@dataclass(frozen=True)
class Step:
    """A button that does one thing and says so. `asks`: the only word its form has."""

    name: str
    path: str
    permission: Permission
    act: Callable[..., Any]
    said: str
    asks: str = ""


STEPS = (
    Step("send_back", "return", Permission.AUDIT_STATEMENT, statements.send_back, "申报已退回", "reason"),
    Step("withdraw", "withdrawal", Permission.WITHDRAW_STATEMENT, statements.withdraw, "申报已撤回"),
    Step("first_audit", "first-audit", Permission.AUDIT_STATEMENT, statements.first_audit, "初审完成，待抽取复审样本"),
    Step("re_audit", "re-audit", Permission.REAUDIT_STATEMENT, statements.re_audit, "复审完成", "opinion"),
    Step("tell_more", "further-notice", Permission.REAUDIT_STATEMENT, statements.tell_more, "补充告知书已印发，请送达"),
    Step("accept", "acceptance", Permission.ACCEPT_FINDINGS, appeals.accept, "已确认没有申诉，转入结算"),
    Step("back", "back", Permission.SEND_BACK_SETTLEMENT, act.send_back, "已退回，原结算的台账已经冲销", "reason"),
    Step("approve", "approval", Permission.APPROVE_PAYMENT, act.approve, "支付已批准，等待拨付"),
    Step("pay", "payment", Permission.DISBURSE, act.pay, "已拨付，拨付通知书已印发", "voucher"),
)  # fmt: skip
FORMS = {
    "reason": counter.ReasonForm,
    "opinion": counter.OpinionForm,
    "voucher": counter.PaymentForm,
}


def take_step(step: Step, key: int) -> ResponseReturnValue:
    row = held(key)
    typed = {step.asks: valid(FORMS[step.asks]())[step.asks].data} if step.asks else {}
    step.act(row, **typed, actor=g.actor, on=clock.today())
    return done(step.said, _page(key))


for _step in STEPS:
    settlement_steps.add_url_rule(
        f"/settlements/<int:key>/{_step.path}",
        _step.name,
        permit(_step.permission)(partial(take_step, _step)),
        methods=["POST"],
    )


@settlement_steps.post("/settlements/<int:key>/findings")
@permit(Permission.VIEW_BUSINESS)
def find(key: int) -> ResponseReturnValue:
    row, form = held(key), counter.FindingForm()
    form.reason.choices = pages.reason_choices(row)
    valid(form)
    statement_findings.find(
        row, form.line.data or 0, reason=form.reason.data, amount=form.amount.fen or 0,
        remark=form.remark.data or "", actor=g.actor, on=clock.today(),
    )  # fmt: skip
    return done(f"已登记第 {form.line.data} 行的拒付", _page(key, "findings"))


@settlement_steps.post("/settlements/<int:key>/findings/<int:finding>/strike")
@permit(Permission.VIEW_BUSINESS)
def strike(key: int, finding: int) -> ResponseReturnValue:
    row, form = held(key), valid(counter.StrikeForm())
    found = next((one for one in row.findings if one.id == finding), None) or abort(404)
    code = form.code.data or ""
    statement_findings.strike(
        found, reason=form.reason.data, code=code, actor=g.actor, on=clock.today()
    )
    return done("已撤销该项拒付", _page(key, "findings"))


@settlement_steps.post("/settlements/<int:key>/sample")
@permit(Permission.REAUDIT_STATEMENT)
def sample(key: int) -> ResponseReturnValue:
    row, form = held(key), valid(counter.DrawForm())
    reason = form.reason.data or ""
    statements.sample(row, actor=g.actor, on=clock.today(), at=clock.now(), reason=reason)
    return done("复审样本已抽取", _page(key, "sample"))


@settlement_steps.post("/settlements/<int:key>/notice")
@permit(Permission.REAUDIT_STATEMENT)
def tell(key: int) -> ResponseReturnValue:
    row = held(key)
    statements.tell(row, actor=g.actor, on=clock.today())
    word = "拒付明细告知书已印发，请登记送达" if row.state == "notified" else "没有拒付，转入结算"
    return done(word, _page(key))


@settlement_steps.post("/settlements/<int:key>/appeal")
@permit(Permission.APPEAL_STATEMENT)
def appeal(key: int) -> ResponseReturnValue:
    contested(held(key))
    return done("已登记申诉，等待审理", _page(key))


def contested(row: Any) -> None:
    """What was typed against each denial; the portal's form is the same."""
    form: Any = valid(counter.AppealForm())
    supplied, given = _typed("code", row), _typed("why", row)
    given = {key: f"补报人员编码 {code}。" for key, code in supplied.items()} | given
    appeals.appeal(
        row, given, text=form.text.data or "", actor=g.actor, on=clock.today(), supplied=supplied
    )


def _typed(word: str, row: Any) -> dict[int, str]:
    """Finding → what was typed in its field of this name."""
    typed = {one.id: request.form.get(f"{word}-{one.id}", "").strip() for one in row.findings}
    return {key: text for key, text in typed.items() if text}


@settlement_steps.post("/settlements/<int:key>/judgment")
@permit(Permission.JUDGE_STATEMENT)
def judge(key: int) -> ResponseReturnValue:
    row = held(key)
    answers = {}
    for one in row.findings:
        word = request.form.get(f"verdict-{one.id}", "")
        if word in ("upheld", "struck"):
            answers[one.id] = (word == "upheld", request.form.get(f"answer-{one.id}", ""))
    appeals.judge(row, answers, actor=g.actor, on=clock.today())
    return done("申诉处理结果已告知，转入结算", _page(key))


@settlement_steps.post("/settlements/<int:key>/settlement")
@permit(Permission.SETTLE_STATEMENT)
def settle(key: int) -> ResponseReturnValue:
    row = held(key)
    act.settle(row, actor=g.actor, on=clock.today())
    return done(f"结算单已印发，应付 {ladder.yuan(act.payable(row))} 元，等待支付审批", _page(key))


@settlement_steps.post("/settlements/<int:key>/release")
@permit(Permission.RELEASE_HELD)
def release(key: int) -> ResponseReturnValue:
    amount = act.release(held(key), actor=g.actor, on=clock.today())
    if not amount:
        raise Refused(
            "暂缓的费用仍然处于停止支付期间，或者没有暂缓的费用。",
            cure="停止支付的措施结束以后再办理。",
        )
    return done(f"{ladder.yuan(amount)} 元转为应付，等待支付审批", _page(key))


def _page(key: int, anchor: str | None = None) -> str:
    return url_for("settlements.show", key=key, _anchor=anchor)
