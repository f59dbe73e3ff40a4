"""费用结算: the month's statements, one statement with its lines and money, the transfers for the finance system."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from blueprints import case, files
from blueprints.access import look, permit
from blueprints.sheets import sheet
from forms import statements as counter
from forms.base import choices
from queries import ledger, offsets, statement_stops
from queries import settlement_lists as ask
from queries import statements as known
from queries.paging import Asked, asked
from rules import ledger as accounts
from rules import permissions
from rules import statements as rule
from rules.insurance import InsuranceKind
from rules.lifecycle import STATEMENT
from rules.permissions import Permission

settlements = Blueprint("settlements", __name__)
COLUMNS = [
    "申报编号", "机构名称", "医保编码", "类型", "申报月份", "险种", "申报日期", "笔数", "申报金额（元）", "拒付（元）",
    "暂缓（元）", "质量保证金（元）", "应付（元）", "已付（元）", "状态", "拨付时限",
]  # fmt: skip
LINE_COLUMNS = [
    "行号", "单据号", "服务日期", "入院日期", "人员编码", "科室", "住院", "急诊", "金额（元）", "拒付（元）",
    "拒付原因", "DRG组", "点数", "复审样本", "结果", "停止支付代码",
]  # fmt: skip
PAYMENT_COLUMNS = [
    "凭证号", "拨付日期", "金额（元）", "抵扣（元）", "收款机构", "医保编码", "申报编号", "申报月份", "险种", "拨付人",
]  # fmt: skip
SHOWN = [("sampled", "复审样本"), ("denied", "有拒付"), ("held", "暂缓")]
STEPS = (
    "received",
    "first_audited",
    "sampled",
    "re_audited",
    "judged",
    "settled",
    "approved",
    "paid",
)


@settlements.get("/settlements")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = ask.page(g.actor, given, on=on)
    if given.word("format"):
        return sheet("费用结算", COLUMNS, [_cells(row) for row in rows])
    return render_template(
        "settlements/list.html",
        heading="费用结算",
        filters=_filters(given),
        rows=rows,
        page=page,
        totals=_totals(ask.totals(g.actor, given)),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: ask.ListRow) -> list[Any]:
    one, place = row.statement, row.statement.institution
    money = [
        one.total,
        row.denied,
        *(row.amount(a) for a in ("held", "retained", "payable", "paid")),
    ]
    return [
        one.number, place.name, place.code, place.kind.label, f"{one.month:%Y-%m}", one.insurance.label, one.claimed_on,
        one.line_count, *map(formatting.yuan_number, money), row.state.text, row.due.text,
    ]  # fmt: skip


def _filters(given: Asked) -> list[dict[str, Any]]:
    months = [(f"{month:%Y-%m}", formatting.month(month)) for month in ask.months(g.actor)]
    states = [(word, state.label) for word, state in STATEMENT.states.items()]
    kinds = [(str(one), one.label) for one in InsuranceKind]
    return [
        {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/申报编号"},
        files.select_filter("month", "申报月份", given.word("month"), months),
        files.select_filter("insurance", "险种", given.word("insurance"), kinds),
        files.select_filter("state", "状态", given.word("state"), states),
        files.kind_filter(given.word("kind")),
    ]  # fmt: skip


def _totals(sums: dict[accounts.Account, int]) -> list[tuple[str, int, str]]:
    """(label, amount, destination) of every account that holds something; they add up to what was claimed."""
    rows = accounts.accounts(clock.today())
    return [
        (row.label, sums[one], row.extra["destination"])
        for one, row in rows.items()
        if sums.get(one) and row.extra["side"] != "outer"
    ]


@settlements.get("/settlements/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row, on = look("statement", key), clock.today()
    family = row.institution.kind.family
    sums = ledger.balances(statement_id=row.id)
    payable = sums.get(accounts.Account.PAYABLE, 0)
    findings = known.findings(row.id)
    judging = [one for one in findings if one.open and one.contested]
    letters = [("disbursement", one.id) for one in row.disbursements]
    return render_template(
        "settlements/show.html",
        **case.frame(row, related=letters),
        crumbs_items=case.crumbs("费用结算", "settlements.index", row.number),
        totals=_totals(sums),
        payable=payable,
        offsets=offsets.planned(row.id),
        doubtful=known.other_amounts(row),
        wrong=accounts.closes(ledger.entries(statement_id=row.id), on, known.expected(row)),
        findings=findings,
        draws=known.draws(row),
        wanted=rule.wanted(known.groups(row.id), on),
        first_size=rule.first_audit_size(row.line_count, on),
        group_words=rule.GROUP_WORDS,
        form=_finding_form(row),
        group=_group(row, payable),
        rates=rule.rates(on, family),
        waiting=case.waiting_for(row),
        judging=judging,
        untold=_untold(row),
        supplied=statement_stops.of_supplied(row, judging, on=on),
    )


def _untold(row: Any) -> int:
    """How many lines a further notice would deny; asked only for whoever may give it."""
    moves = STATEMENT.moves["notify_more"].sources
    if row.state not in moves or not permissions.may(g.actor, Permission.REAUDIT_STATEMENT, row):
        return 0
    return len(statement_stops.untold(row, on=clock.today()))


def _finding_form(row: Any) -> Any:
    """Reasons an auditor may choose; nothing where this person does not audit now."""
    form: Any = counter.FindingForm()
    form.reason.choices = reason_choices(row)
    return form


def reason_choices(row: Any) -> Any:
    rows = rule.reasons(clock.today(), row.institution.kind.family).values()
    return choices((one.key, one.label) for one in rows if one.extra["by"] == "person")


def _group(row: Any, payable: int) -> dict[str, Any] | None:
    """What the card of the collective decision needs, where a group decides."""
    on, family = clock.today(), row.institution.kind.family
    if row.state != "settled" or not rule.needs_group(payable, on, family):
        return None
    return case.council(row, rule.group_limit(on, family), on)


@settlements.get("/settlements/<int:key>/lines")
@permit(Permission.VIEW_BUSINESS)
def lines(key: int) -> ResponseReturnValue:
    row, given = look("statement", key), asked(request.args)
    drawn = known.sampled(row)
    rows, page = ask.lines(row, given, drawn)
    if given.word("format"):
        return sheet(f"费用明细-{row.number}", LINE_COLUMNS, [_line(one) for one in rows])
    return render_template(
        "settlements/lines.html",
        heading=f"费用明细 {row.number}",
        statement=row,
        filters=[
            {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "单据号/人员编码"},
            files.select_filter("show", "范围", given.word("show"), SHOWN),
        ],
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
        crumbs_items=[
            *case.crumbs("费用结算", "settlements.index", "")[:1],
            {"label": row.number, "href": url_for("settlements.show", key=key)},
            {"label": "费用明细", "href": ""},
        ],
    )  # fmt: skip


def _line(row: ask.LineRow) -> list[Any]:
    one = row.claim
    return [
        one.line, one.voucher, one.service_date, one.admission_date, one.practitioner_code, one.department,
        "是" if one.inpatient else "", "是" if one.emergency else "", formatting.yuan_number(one.amount),
        formatting.yuan_number(row.denied) if row.denied else "", "；".join(row.reasons), one.drg_group,
        "" if one.points is None else f"{one.points / 10000:.4f}", "是" if row.sampled else "",
        one.fate.label if one.fate else "", one.stopped,
    ]  # fmt: skip


@settlements.get("/settlements/payments")
@permit(Permission.VIEW_BUSINESS)
def payments() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.payments(g.actor, given)
    if given.word("format"):
        return sheet("拨付清单", PAYMENT_COLUMNS, [_payment(row) for row in rows])
    return render_template(
        "settlements/payments.html",
        heading="拨付清单",
        filters=[
            {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "机构/申报编号/凭证"},
            {"name": "from_on", "label": "拨付日期自", "type": "date", "value": given.word("from_on")},
            {"name": "to_on", "label": "至", "type": "date", "value": given.word("to_on")},
            files.kind_filter(given.word("kind")),
        ],
        rows=rows,
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )  # fmt: skip


def _payment(row: Any) -> list[Any]:
    place, of = row.institution, row.statement
    return [
        row.voucher, row.paid_on, formatting.yuan_number(row.amount), formatting.yuan_number(row.offset),
        place.name, place.code, of.number, f"{of.month:%Y-%m}", of.insurance.label, known.account_name(row.paid_by_id),
    ]  # fmt: skip
