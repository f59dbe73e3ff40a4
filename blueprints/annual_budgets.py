"""年度总额预算 and 基金收支: entered by finance, the value of a point fixed by the leader."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import annual_budgets as act
from blueprints.access import done, permit, take
from blueprints.typed import valid
from blueprints.year_lists import tabs, typed_yuan
from forms import year as counter
from queries import annual_settlements as ask
from rules import annual_settlement, prepayment
from rules.insurance import InsuranceKind
from rules.lifecycle import ANNUAL_BUDGET
from rules.permissions import Permission
from rules.prepayment import Fund

annual_budgets = Blueprint("annual_budgets", __name__)


@annual_budgets.get("/annual-budgets")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    on = clock.today()
    budget, fund = counter.BudgetForm(), counter.FundForm()
    budget.year.data, fund.year.data = on.year - 1, on.year
    for form, name in ((budget, "budget"), (fund, "fund")):
        for field in form:
            field.id = f"{name}-{field.name}"
    return render_template(
        "year/budgets.html",
        heading="预算和基金收支",
        tabs=tabs(),
        budgets=[_budget(row) for row in ask.budgets(g.actor)],
        funds=[_fund(row) for row in ask.funds(g.actor)],
        budget_form=budget,
        fund_form=fund,
    )


def _budget(row: Any) -> dict[str, Any]:
    members = ask.by_points(row.pooling_region, row.year, row.insurance)
    return {
        "row": row,
        "state": ANNUAL_BUDGET.states[row.state],
        "members": members,
        "value": annual_settlement.point_value(row.rest, row.points or 0),
        "shares": sum(one.share or 0 for one in members),
        "typed": typed_yuan(row.total),
    }


def _fund(row: Any) -> dict[str, Any]:
    facts = Fund(row.insurance, row.balance, row.monthly, row.last_year, row.forecast)
    on = prepayment.window(row.year)[0]
    return {
        "row": row,
        "tests": prepayment.tests(facts, on),
        "months": prepayment.months_held(facts),
    }


@annual_budgets.post("/annual-budgets")
@permit(Permission.DRAFT_BUDGET)
def draft() -> ResponseReturnValue:
    form = valid(counter.BudgetForm())
    given = {"total": form.total.fen or 0, "source": form.source.data}
    kind = InsuranceKind(form.insurance.data)
    act.draft(form.year.data, kind, **given, actor=g.actor, on=clock.today())
    return done(f"{form.year.data} 年度{kind.label}总额预算已登记", url_for("annual_budgets.index"))


@annual_budgets.post("/annual-budgets/<int:key>")
@permit(Permission.DRAFT_BUDGET)
def change(key: int) -> ResponseReturnValue:
    row, form = take("annual_budget", key), valid(counter.BudgetChangeForm())
    given = {"total": form.total.fen or 0, "source": form.source.data}
    act.change(row, **given, actor=g.actor, on=clock.today())
    return done(
        f"{row.year} 年度{row.insurance.label}总额预算已修改", url_for("annual_budgets.index")
    )


@annual_budgets.post("/annual-budgets/<int:key>/fix")
@permit(Permission.FIX_BUDGET)
def fix(key: int) -> ResponseReturnValue:
    row = take("annual_budget", key)
    act.fix(row, actor=g.actor, on=clock.today())
    return done(f"{row.year} 年度{row.insurance.label}点值已核定", url_for("annual_budgets.index"))


@annual_budgets.post("/annual-budgets/<int:key>/reopen")
@permit(Permission.FIX_BUDGET)
def reopen(key: int) -> ResponseReturnValue:
    row, form = take("annual_budget", key), valid(counter.TextForm())
    act.reopen(row, reason=form.text.data, actor=g.actor, on=clock.today())
    return done(
        f"{row.year} 年度{row.insurance.label}点值重新核定", url_for("annual_budgets.index")
    )


@annual_budgets.post("/annual-budgets/funds")
@permit(Permission.DRAFT_BUDGET)
def record_balance() -> ResponseReturnValue:
    form = valid(counter.FundForm())
    if None in (form.balance.fen, form.monthly.fen, form.last_year.fen, form.forecast.fen):
        abort(400)
    fund = Fund(
        InsuranceKind(form.insurance.data), form.balance.fen, form.monthly.fen,
        form.last_year.fen, form.forecast.fen,
    )  # fmt: skip
    act.record_balance(
        form.year.data, fund, source=form.source.data, actor=g.actor, on=clock.today()
    )
    return done("基金收支已登记", url_for("annual_budgets.index"))
