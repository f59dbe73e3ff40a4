"""资金看板 for leaders and the bureau: where the money of a year is, beside the year before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from blueprints import files
from blueprints.access import permit
from blueprints.sheets import sheet
from blueprints.year_lists import money
from queries import money_boards as ask
from queries.money_boards import Board
from queries.paging import asked
from rules.insurance import InsuranceKind
from rules.ledger import Account
from rules.permissions import Permission

money_board = Blueprint("money_board", __name__)
COLUMNS = ["账户", "去向", "本年（元）", "上年（元）", "依据"]
YEARS = range(2000, 2101)
WAN = 1_000_000  # 分 in 万元


@money_board.get("/dashboards/money")
@permit(Permission.VIEW_BUSINESS)
def show() -> ResponseReturnValue:
    given = asked(request.args)
    known = ask.years(g.actor.pooling_region)
    year, kind = _year(given.word("year"), known), given.word("kind")
    fund = InsuranceKind(word) if (word := given.word("insurance")) in set(InsuranceKind) else None
    found = ask.board(g.actor.pooling_region, year, kind, fund)
    if given.word("format"):
        cells = [
            [one.label, one.destination, money(one.now)["value"], money(one.before)["value"], one.basis]
            for one in found.destinations
        ]  # fmt: skip
        return sheet(f"{year}年度资金", COLUMNS, cells)
    return render_template(
        "year/board.html",
        heading=f"资金看板　{year}年度",
        filters=[
            files.select_filter("year", "年度", str(year), [(str(one), str(one)) for one in known]),
            files.kind_filter(kind) | {"all": "两类机构"},
            files.select_filter(
                "insurance", "险种", fund or "", [(str(one), one.label) for one in InsuranceKind]
            )
            | {"all": "各险种"},
        ],
        board=found,
        kpis=_kpis(found),
        destinations=_destinations(found),
        months=_months(found),
        cases=_cases(found),
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _year(text: str, known: list[int]) -> int:
    """The year asked for, else the newest with entries, else this one."""
    asked_for = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    newest = known[0] if known else clock.today().year
    return asked_for if asked_for in YEARS else newest


def _kpis(board: Board) -> list[dict[str, Any]]:
    now, before = board.now, board.before
    denied = now.get(Account.DENIED, 0) + now.get(Account.DISALLOWED, 0)
    share = f"占申报 {denied * 10000 // board.claimed / 100:g}%" if board.claimed else "没有申报"
    shown = [
        ("申报（元）", board.claimed, "全年各月"),
        ("拒付扣款（元）", denied, share),
        *((label, now.get(one, 0), _before(before.get(one, 0))) for label, one in FIGURES),
    ]
    return [
        {"label": label, "value": formatting.yuan(sum_), "note": note}
        for label, sum_, note in shown
    ]


FIGURES = (
    ("已付（元）", Account.PAID),
    ("应付未付（元）", Account.PAYABLE),
    ("暂缓（元）", Account.HELD),
    ("保证金余额（元）", Account.RETAINED),
    ("退回财政专户（元）", Account.REFUNDS),
    ("罚没上缴国库（元）", Account.FINES),
)


def _before(fen: int) -> str:
    return f"上年 {formatting.yuan(fen)}"


def _destinations(board: Board) -> dict[str, Any]:
    rows = [
        [one.label, f"{one.now / WAN:.2f}", f"{one.before / WAN:.2f}"]
        for one in board.destinations
        if one.now or one.before
    ]
    return {"caption": "各账户余额（万元）", "head": ["账户", "本年", "上年"], "rows": rows}


def _months(board: Board) -> dict[str, Any]:
    rows = [
        [f"{one.number}月", *(f"{sum_ / WAN:.2f}" for sum_ in (one.claimed, one.denied, one.paid))]
        for one in board.months
    ]
    return {
        "caption": "各月申报、拒付和拨付（万元）",
        "head": ["月份", "申报", "拒付", "拨付"],
        "rows": rows,
    }


LISTS = {
    "annual_settlement": "annual_settlements.index",
    "retention_release": "retention_releases.index",
    "prepayment": "prepayments.index",
}


def _cases(board: Board) -> list[dict[str, Any]]:
    """Counts that lead to the list they count."""
    return [
        {
            "label": label,
            "counts": [
                (shown.label, count[word], url_for(LISTS[table.noun], year=board.year, state=word))
                for word, shown in table.states.items()
                if count[word]
            ],
        }
        for label, table, count in board.cases
    ]
