"""用户: the system administrator opens and closes accounts, the security administrator unlocks and sets the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import users as act
from blueprints.access import done, may, permit
from forms.users import RoleForm, UserForm
from queries import users as ask
from queries.paging import asked
from rules.permissions import Permission, Role
from rules.refusal import Refused

TONES = {"active": "ok", "locked": "due", "initial": "soon", "disabled": "na"}


@permit(Permission.VIEW_USERS)
def user_list() -> ResponseReturnValue:
    given, now = asked(request.args), clock.now()
    rows, page = ask.page(given, now=now)
    return render_template(
        "administration/users.html",
        heading="用户",
        filters=[
            {"name": "q", "label": "关键字", "type": "text", "value": given.q, "placeholder": "用户名/姓名"},
            _pick("role", "岗位", given.word("role"), [(r, r.label) for r in Role if r is not Role.SYSTEM]),
            _pick("state", "状态", given.word("state"), list(ask.STATES.items())),
        ],
        rows=[{"user": row, **_state(row)} for row in rows],
        page=page,
        creates={"label": "新建用户", "href": url_for("administration.new_user")} if may("create_user") else None,
        printed={"by": g.actor.name, "at": now},
    )  # fmt: skip


def _pick(name: str, label: str, value: str, options: list[Any]) -> dict[str, Any]:
    return {"name": name, "label": label, "type": "select", "value": value, "options": options}


def _state(user: Any) -> dict[str, str]:
    word = ask.state(user, clock.now())
    return {"state": ask.STATES[word], "tone": TONES[word]}


@permit(Permission.VIEW_USERS)
def user(key: int) -> ResponseReturnValue:
    row = ask.find(key) or abort(404)
    form = RoleForm(role=str(row.role)) if request.method == "GET" else RoleForm()
    return render_template("administration/user.html", user=row, form=form, **_state(row))


@permit(Permission.CREATE_USER)
def new_user() -> ResponseReturnValue:
    return render_template("administration/new_user.html", form=UserForm())


@permit(Permission.CREATE_USER)
def create_user() -> ResponseReturnValue:
    form = UserForm()
    if not form.validate_on_submit():
        return render_template("administration/new_user.html", form=form), 400
    row, password = act.create(
        username=form.username.data or "",
        name=form.name.data or "",
        role=Role(form.role.data),
        institution=_institution(form.institution_code.data),
        actor=g.actor,
        on=clock.today(),
    )
    return _shown_once(row, password, f"已建立用户 {row.username}")


def _institution(code: str | None) -> Any:
    if not code:
        return None
    found = ask.institution(code)
    if found is None:
        raise Refused(f"没有编码为 {code} 的机构。", cure="请核对机构编码。")
    return found


@permit(Permission.REISSUE_PASSWORD)
def reissue_password(key: int) -> ResponseReturnValue:
    row = _take(key)
    password = act.reissue_password(row, actor=g.actor, on=clock.today())
    return _shown_once(row, password, f"已为 {row.username} 重新签发初始密码")


def _shown_once(row: Any, password: str, message: str) -> ResponseReturnValue:
    """The answer itself shows the password: neither the address nor the database remembers it."""
    done(message, url_for("administration.user", key=row.id))
    return render_template("administration/initial_password.html", user=row, password=password)


@permit(Permission.DISABLE_USER)
def disable_user(key: int) -> ResponseReturnValue:
    return _decide(key, act.disable, "已停用")


@permit(Permission.DISABLE_USER)
def enable_user(key: int) -> ResponseReturnValue:
    return _decide(key, act.enable, "已启用")


@permit(Permission.UNLOCK_USER)
def unlock_user(key: int) -> ResponseReturnValue:
    return _decide(key, act.unlock, "已解锁")


def _decide(key: int, action: Callable[..., None], word: str) -> ResponseReturnValue:
    row = _take(key)
    action(row, actor=g.actor, on=clock.today())
    return done(f"{word} {row.username}", url_for("administration.user", key=key))


@permit(Permission.CHANGE_ROLE)
def change_role(key: int) -> ResponseReturnValue:
    form, row = RoleForm(), _take(key)
    if not form.validate_on_submit():
        return render_template("administration/user.html", user=row, form=form, **_state(row)), 400
    act.change_role(row, Role(form.role.data), actor=g.actor, on=clock.today())
    message = f"{row.username} 的岗位已调整为{row.role.label}"
    return done(message, url_for("administration.user", key=key))


def _take(key: int) -> Any:
    """The account for a decision: locked, and still the one the person looked at."""
    row = ask.find(key, lock=True) or abort(404)
    seen = request.form.get("version")
    if seen is not None and seen != str(row.version):
        raise Refused(
            "该用户在您打开页面后已被他人修改，您的操作没有执行。", cure="请刷新页面后再办理。"
        )
    return row
