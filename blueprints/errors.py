"""What people read when something does not go on: what happened, on what basis, what to do next."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

import clock
import database
from actions import events
from database import session
from rules.permissions import Denied
from rules.refusal import Refused

WORDS = {
    400: ("提交的内容无法识别", "请返回上一页检查后重新提交。"),
    401: ("需要登录", "请先登录。"),
    403: ("没有权限", "如确有需要，请联系安全管理员调整岗位权限。"),
    404: ("没有找到", "内容不存在，或者不在您的管辖范围内。"),
    405: ("不支持的操作", "请从页面上的按钮进入。"),
    409: ("没有执行", "请刷新页面后核对。"),
    413: ("文件过大", "单次提交不超过 25 MB，请压缩或者分次上传。"),
    503: ("系统暂时繁忙", "您的操作没有执行，请稍后重试。"),
}


def register(app: Flask) -> None:
    """One handler for each way of not going on; all roll back first."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Denied, _denied)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)


def _answer(
    status: int, what: str, *, why: str = "", basis: str = "", cure: str = ""
) -> ResponseReturnValue:
    session.rollback()
    database.start_reading(True)
    title, usual_cure = WORDS.get(status, ("出错了", "请稍后重试。"))
    if request.path.startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": what,
            "basis": basis,
        }
        heads = {"Content-Type": "application/problem+json"}
        if status == HTTPStatus.UNAUTHORIZED:
            heads["WWW-Authenticate"] = "Bearer"
        return jsonify(problem), status, heads
    return (
        render_template(
            "error.html",
            status=status,
            title=title,
            what=what,
            why=why,
            basis=basis,
            cure=cure or usual_cure,
            back_href=_back(),
        ),
        status,
    )


def _back() -> str:
    """The page a refused form was sent from, when it is one of this site; else home."""
    came = urlsplit(request.referrer or "")
    if request.method != "POST" or came.netloc != request.host or came.path.startswith("//"):
        return "/"
    return came.path + (f"?{came.query}" if came.query else "")


def _refused(error: Refused) -> ResponseReturnValue:
    return _answer(409, error.why, basis=error.basis, cure=error.cure)


def _denied(error: Denied) -> ResponseReturnValue:
    session.rollback()
    database.start_reading(False)
    events.record(
        None, "denied", "越权访问被拒绝", actor=g.actor, on=clock.today(), path=request.path,
        permission=str(error.permission),
    )  # fmt: skip
    session.commit()
    return _answer(403, str(error), cure=error.cure)


def _overtaken(_error: Exception) -> ResponseReturnValue:
    return _answer(409, "该事项同时被他人处理，您的操作没有执行。")


def _busy(_error: OperationalError) -> ResponseReturnValue:
    answer = make_response(_answer(503, "数据库暂时不可用。"))
    answer.headers["Retry-After"] = "5"
    return answer


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _answer(400, "页面已过期或者不是从本系统提交。", cure="请刷新页面后重新提交。")


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    title, _cure = WORDS.get(error.code, ("出错了", ""))
    what = str(error.description) if _chinese(error.description) else title
    return _answer(error.code, what)


def _chinese(text: str | None) -> bool:
    return bool(text) and any("一" <= sign <= "鿿" for sign in str(text))
