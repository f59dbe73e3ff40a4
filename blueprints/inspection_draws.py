"""双随机抽查: whom a campaign checks, drawn by the ratio that was adopted for each; anybody can work it out again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import campaigns as act
from actions import draws
from blueprints import case
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from queries import campaigns as ask
from rules import inspection_draws as rule
from rules.permissions import Permission

inspection_draws = Blueprint("inspection_draws", __name__)
COLUMNS = ["机构名称", "医保编码", "类型", "抽查比例", "签号"]


@inspection_draws.get("/campaigns/<int:key>/draw")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    """The pool of today, and every draw there was; the newest one as a list that can be taken along."""
    campaign, on = look("campaign", key), clock.today()
    pool, found = ask.pool(campaign, on=on), ask.draws(campaign)
    rows = _drawn(found[0]) if found else []
    if request.args.get("format"):
        return sheet(f"{campaign.name}检查对象", COLUMNS, [_cells(row) for row in rows])
    plan, usual = rule.plan({row.key: row.percent for row in pool}), rule.usual(on, campaign.family)
    crumbs = case.crumbs("专项行动", "campaigns.index", campaign.name)
    crumbs[1]["href"] = url_for("campaigns.show", key=key)
    return render_template(
        "campaigns/draw.html",
        campaign=campaign,
        plan=plan,
        adopted=sum(1 for row in pool if row.by),
        usual=usual,
        rows=rows,
        draws=[{"row": row, "holds": draws.holds(row)} for row in found],
        printed={"by": g.actor.name, "at": clock.now()},
        crumbs_items=[*crumbs, {"label": "抽取检查对象", "href": ""}],
    )


def _drawn(row: Any) -> list[dict[str, Any]]:
    """Who was drawn, those of the highest ratio first; the tickets as they were kept."""
    places = ask.institutions([int(key) for key in row.drawn])
    tickets = {key: (group, ticket) for key, group, ticket in row.tickets}
    order = list(row.wanted)
    drawn = sorted(row.drawn, key=lambda key: (order.index(tickets[key][0]), tickets[key][1]))
    return [
        {"institution": places[int(key)], "group": tickets[key][0], "ticket": tickets[key][1]}
        for key in drawn
    ]


def _cells(row: dict[str, Any]) -> list[Any]:
    place = row["institution"]
    return [place.name, place.code, place.kind.label, row["group"], row["ticket"]]


@inspection_draws.post("/campaigns/<int:key>/draw")
@permit(Permission.MANAGE_CAMPAIGN)
def draw(key: int) -> ResponseReturnValue:
    campaign, reason = take("campaign", key), request.form.get("reason", "")
    row = act.draw(campaign, reason=reason, actor=g.actor, on=clock.today(), at=clock.now())
    return done(
        f"已抽取 {len(row.drawn)} 家，记录已保存", url_for("inspection_draws.show", key=key)
    )
