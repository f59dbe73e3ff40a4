"""`GET /api/v1/ratings/{cycle}`: the published grades of a cycle, as everybody may see them."""

from __future__ import annotations

from typing import Any

from flask import abort, g, jsonify, request
from flask.typing import ResponseReturnValue

import clock
from blueprints.api import scoped
from blueprints.api_statements import api
from queries import cycles, open_ratings
from queries.open_ratings import Row
from queries.paging import LONGEST, Asked
from rules.api_scopes import Scope

__all__ = ["api"]  # the door of ratings opens with the others of the interface
USUAL, MOST = 100, 1000  # rows of one page


@api.get("/ratings/<path:cycle>")
@scoped(Scope.RATINGS)
def ratings(cycle: str) -> ResponseReturnValue:
    """404 for a cycle that is unknown, of another region, of persons, or not published."""
    on, ask = clock.today(), Asked(page=_number("page", 1), size=_number("per_page", USUAL, MOST))
    known = open_ratings.find(cycle.strip(), g.token.pooling_region, on=on)
    if known is None:
        abort(404, "没有这个名称的已公布评价周期，或者不在令牌的统筹区内。")
    found, published_on = known
    rows, page = open_ratings.page(found, ask, on=on)
    scheme = cycles.scheme_of(found)
    return jsonify(
        {
            "cycle": found.name,
            "poolarea_no": found.pooling_region,
            "from": found.from_on.isoformat(),
            "to": found.to_on.isoformat(),
            "published_on": published_on.isoformat(),
            "scheme": f"{scheme.label}（{found.edition}版）",
            "article": scheme.basis,
            "page": page.number,
            "pages": page.pages,
            "total": page.total,
            "ratings": [_plain(row) for row in rows],
        }
    )


def _plain(row: Row) -> dict[str, Any]:
    return {
        "fixmedins_code": row.code,
        "fixmedins_name": row.name,
        "kind": str(row.kind),
        "kind_label": row.kind.label,
        "grade": row.grade,
        "since": row.since.isoformat(),
        "objected": row.objected,
    }


def _number(name: str, otherwise: int, most: int = 10**LONGEST - 1) -> int:
    text = request.args.get(name, "").strip()
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST and 1 <= int(text) <= most):
        abort(400, f"{name} 应当是 1 至 {most} 的整数。")
    return int(text)
