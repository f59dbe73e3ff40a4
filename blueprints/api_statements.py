"""`POST /api/v1/statements`: an institution's system hands a month's statement in, once, however often it is sent."""

from __future__ import annotations

import hashlib
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import abort, g, jsonify, request
from flask.typing import ResponseReturnValue

import clock
import formatting
from actions import operations, statements
from blueprints.api import api, scoped, storable
from database import session
from queries import statements as ask
from rules import amounts, codes
from rules import statements as rule
from rules.api_scopes import Scope, may_send
from rules.insurance import InsuranceKind
from rules.roles import Actor, Role
from rules.statements import MOST_LINES, Declared, Line

__all__ = ["api"]  # the door of statements opens with the others of the interface
LONGEST = {"voucher": 64, "practitioner_code": 32, "department": 200, "drg_group": 32}
KEY_LENGTHS = range(8, 65)


@api.post("/statements")
@scoped(Scope.STATEMENTS, writes=True)
def declare() -> ResponseReturnValue:
    """Take a statement up. The same key with the same body gives the first answer again; with another body 409."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) not in KEY_LENGTHS:
        abort(400, "缺少 Idempotency-Key（8 至 64 个字符）。")
    own = hashlib.sha256(f"{g.token.name}:{key}".encode()).hexdigest()
    body = hashlib.sha256(request.get_data(cache=True)).hexdigest()
    earlier = operations.begin(own, None, "api.declare", body, at=clock.now())
    if earlier is not None:
        return jsonify(_plain(earlier.message)), HTTPStatus.OK
    given = _object()
    place = ask.place(_text(given, "fixmedins_code"), g.token.pooling_region)
    if place is None:
        abort(404, "没有这个编码的机构，或者不在令牌的统筹区内。")
    if not may_send(g.token.institution_id, place.id, agency=g.token.for_agency):
        abort(403, "该令牌没有写明这家机构，只能报送令牌所写机构的申报。请向经办机构申请签发。")
    declared = _declared(given)
    agreement = ask.agreement_of(place.id, declared.month)
    if agreement is None:
        abort(404, f"该机构{formatting.month(declared.month)}没有已经签订的服务协议。")
    actor = Actor(None, g.token.name, Role.SYSTEM, pooling_region=g.token.pooling_region)
    row = statements.receive(agreement, declared, actor=actor, on=clock.today())
    operations.answer(f"/settlements/{row.id}", row.number)
    session.commit()
    return jsonify(_plain(row.number)), HTTPStatus.CREATED


def _plain(number: str) -> dict[str, Any]:
    """The statement as it stands now; what was found by the machine alone is not told before the notice."""
    row = ask.by_number(number)
    return {
        "number": row.number,
        "state": str(row.state),
        "insurance": str(row.insurance),
        "month": f"{row.month:%Y-%m}",
        "total": f"{row.total // 100}.{row.total % 100:02d}",
        "line_count": row.line_count,
    }


def _object() -> dict[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("lines"), list):
        abort(400, '请求正文应当是 JSON：{"fixmedins_code": …, "lines": […]}。')
    if len(body["lines"]) > MOST_LINES:
        abort(413, f"一份申报最多 {MOST_LINES} 笔明细。")
    return body


def _declared(given: dict[str, Any]) -> Declared:
    insurance = _text(given, "insurance")
    if insurance not in set(InsuranceKind):
        abort(400, f"insurance 应当是 {'、'.join(InsuranceKind)} 之一。")
    count = given.get("line_count")
    if not isinstance(count, int) or isinstance(count, bool):
        abort(400, "line_count 应当是整数。")
    return Declared(
        insurance=InsuranceKind(insurance),
        month=_day(_text(given, "month") + "-01", "month"),
        claimed_on=_day(_text(given, "claimed_on"), "claimed_on"),
        total=_amount(given.get("total"), "total"),
        line_count=count,
        lines=tuple(_line(place, one) for place, one in enumerate(given["lines"], 1)),
        source=f"接口：{g.token.name}",
    )


def _line(place: int, one: Any) -> Line:
    where = f"第 {place} 笔的 "
    if not isinstance(one, dict):
        abort(400, f"第 {place} 笔明细应当是 JSON 对象。")
    texts = {name: _text(one, name, where, needed=name == "voucher") for name in LONGEST}
    admitted = one.get("admission_date")
    texts["practitioner_code"] = codes.tidy(texts["practitioner_code"])
    line = Line(
        line=place,
        service_date=_day(_text(one, "service_date", where), f"{where}service_date"),
        amount=_amount(one.get("amount"), f"{where}amount"),
        emergency=_flag(one, "emergency", where),
        inpatient=_flag(one, "inpatient", where),
        admission_date=_day(admitted, f"{where}admission_date") if admitted else None,
        points=_amount(one["points"], f"{where}points", 10_000) if one.get("points") else None,
        **texts,
    )
    if line.inpatient and line.admission_date is None:
        abort(400, f"{where}admission_date 不能为空：住院费用须有入院日期。")
    if line.admission_date and line.admission_date > line.service_date:
        abort(400, f"{where}admission_date 晚于 service_date。")
    if not rule.judged_by_law(line.service_date):
        abort(400, f"{where}service_date 不能受理：{rule.too_early(line.service_date)}")
    if line.amount == 0:
        abort(400, f"{where}amount 应当大于零。")
    return line


def _text(given: dict[str, Any], name: str, where: str = "", *, needed: bool = True) -> str:
    text = given.get(name, "")
    if not isinstance(text, str) or len(text) > LONGEST.get(name, 64) or not storable(text):
        abort(400, f"{where}{name} 应当是文字，不超过 {LONGEST.get(name, 64)} 字。")
    if needed and not text.strip():
        abort(400, f"{where}{name} 不能为空。")
    return text.strip()


def _day(text: Any, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        abort(400, f"{name} 不是日期，请写成 2026-01-31 的样子（月份 2026-01）。")


def _amount(text: Any, name: str, unit: int = 100) -> int:
    """Amounts come as text in 元, so that no machine rounds them; points likewise in ten-thousandths."""
    found = amounts.whole(text, unit) if isinstance(text, str) else None
    if found is None:
        abort(400, f'{name} 应当是文字写的数字，如 "120.50"。')
    return found


def _flag(one: dict[str, Any], name: str, where: str) -> bool:
    found = one.get(name, False)
    return (
        found if isinstance(found, bool) else abort(400, f"{where}{name} 应当是 true 或者 false。")
    )
