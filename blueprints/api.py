"""`/api/v1`: what other systems may ask, each with a key for its scope (`flask tokens`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, abort, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

import clock
from blueprints import api_description
from blueprints.access import public
from blueprints.typed import tidy
from queries import api_tokens, payment_book
from rules.api_scopes import Scope
from rules.eligibility import Reason
from scoring import payment_questions

api = Blueprint("api", __name__, url_prefix="/api/v1")
View = TypeVar("View", bound=Callable[..., Any])
Opening = Callable[[str, Scope, date], Any]  # the key sent, if it opens this door on this day
MOST = 10_000  # questions of one request; more are a file (`flask eligibility --bulk`)
FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}
KEY = "Bearer "
UNKNOWN = {
    "institution": "没有这个编码的机构，或者不在令牌的统筹区内。",
    "practitioner": "没有这个编码的人员。",
}


def scoped(
    scope: Scope, *, writes: bool = False, opening: Opening = api_tokens.opening
) -> Callable[[View], View]:
    """Open a door to whoever sends a key with this scope. One that writes keeps its own Idempotency-Key.

    `opening`: reads the key of a door that reads something else beside it.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            said = request.headers.get("Authorization", "")
            token = said.removeprefix(KEY).strip() if said.startswith(KEY) else ""
            g.token = opening(token, scope, clock.today()) if token else None
            if g.token is None:
                abort(401, "没有有效的接口令牌，或者令牌不含这项用途。")
            return view(*args, **kwargs)

        guarded.scope = scope  # type: ignore[attr-defined]  # read by the guard and the route-walk test
        guarded.writes = writes  # type: ignore[attr-defined]  # an attribute of ours, read by access.receive
        guarded.no_operation = True  # type: ignore[attr-defined]  # no form, so no number of a form
        return guarded  # type: ignore[return-value]  # wraps() keeps the signature

    return declare


@api.get("/openapi.json")
@public
def description() -> ResponseReturnValue:
    return jsonify(api_description.DESCRIPTION)


def _with_the_book(token: str, scope: Scope, on: date) -> Any:
    """The key and what the book says of the service, in one statement; only a key is told what is wrong with it."""
    try:
        g.question = _asked()
    except BadRequest:
        if api_tokens.opening(token, scope, on) is None:
            return None
        raise
    g.lines = payment_book.with_key(g.question, api_tokens.digest(token))
    key = g.lines[0] if g.lines else None
    return key if key is not None and api_tokens.opens(key, scope, on) else None


def _asked() -> payment_book.Question:
    asked = request.args
    return payment_book.Question(
        _needed("institution"),
        asked.get("practitioner", "").strip(),
        _day(_needed("service_date"), "service_date"),
        emergency=_flag(asked.get("emergency", "")),
        department=asked.get("department", "").strip(),
        known_at=_instant(asked.get("known_at", "")),
    )


@api.get("/eligibility")
@scoped(Scope.ELIGIBILITY, opening=_with_the_book)
def one() -> ResponseReturnValue:
    """May this service be paid? Refused with 400 for what cannot be understood, 404 for whom nobody knows."""
    try:
        verdict = payment_book.judged(g.question, g.lines, region=g.token.pooling_region)
    except payment_book.UnknownCode as unknown:
        abort(404, UNKNOWN[str(unknown)])
    return jsonify({"payable": verdict.payable, "reasons": [_plain(r) for r in verdict.reasons]})


@api.post("/eligibility/bulk")
@scoped(Scope.ELIGIBILITY)
def many() -> ResponseReturnValue:
    """Many services at once, answered in the order asked; unknown codes are not payable and say so."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    questions = body.get("questions") if isinstance(body, dict) else None
    if not isinstance(questions, list) or not all(isinstance(one, dict) for one in questions):
        abort(400, '请求正文应当是 JSON：{"questions": [{"institution": …, "service_date": …}]}。')
    if len(questions) > MOST:
        abort(413, f"一次最多询问 {MOST} 项服务。")
    rows = [_question(number, asked) for number, asked in enumerate(questions, 1)]
    places = payment_book.numbers_of_institutions(
        {row[0] for row in rows}, region=g.token.pooling_region
    )
    people = payment_book.numbers_of_people({row[1] for row in rows})
    lines = payment_book.lines(places=places.values(), people=people.values())
    answers = payment_questions.of_rows(rows, institutions=places, people=people, lines=lines)
    return jsonify({"answers": answers})


def _question(number: int, asked: dict[str, Any]) -> payment_questions.Row:
    """One question as it is looked up; 400 naming it when it cannot be understood."""
    words = {name: asked.get(name, "") for name in ("institution", "practitioner", "department")}
    if not all(isinstance(word, str) and storable(word) for word in words.values()):
        abort(400, f"第 {number} 项的编码和科室应当是文字。")
    day = _day(str(asked.get("service_date", "")), f"第 {number} 项的 service_date")
    emergency = asked.get("emergency", False)
    if not isinstance(emergency, bool):
        abort(400, f"第 {number} 项的 emergency 应当是 true 或者 false。")
    place, person, department = (tidy(word).strip() for word in words.values())
    return (
        place.upper(),
        person.upper(),
        department,
        day,
        emergency,
    )


def storable(text: str) -> bool:
    """No database keeps half a character or a zero byte."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _needed(name: str) -> str:
    found = request.args.get(name, "").strip()
    return found or abort(400, f"缺少参数 {name}。")


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(400, f"{name} 不是日期，请写成 2026-01-31 的样子。")


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=clock.SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        abort(400, "known_at 不是时间，请写成 2026-01-31T09:00:00+08:00 的样子。")


def _flag(word: str) -> bool:
    found = FLAGS.get(word.strip().lower())
    return abort(400, "emergency 应当是 true 或者 false。") if found is None else found


def _plain(reason: Reason) -> dict[str, Any]:
    days = {"from": reason.from_on, "to": reason.to_on}
    return {
        "code": reason.code,
        "article": reason.article,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }
