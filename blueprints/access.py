"""The doorkeeper: who comes in, by which door, with which one-time form."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

import clock
import database
from actions import operations, sessions
from blueprints import previews
from blueprints.cookies import INTERFACE
from database import session
from forms.access import SignInForm
from queries import scope
from rules import permissions
from rules.permissions import Actor, Denied, Permission, Role
from rules.refusal import Refused

access = Blueprint("access", __name__)
View = TypeVar("View", bound=Callable[..., Any])
COOKIE = "dingdian"
OPEN_WHILE_CONFINED = {
    "administration.password",
    "administration.change_password",
    "access.sign_out",
    "house.alive",
    "house.ready",
}


def permit(permission: Permission) -> Callable[[View], View]:
    """Open a door to whoever may hold this permission for some subject; the action asks again for this subject.

    An institution comes in by the portal alone, even where it has the permission: its doors ask what others need not.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if g.actor.role is Role.INSTITUTION and not of_portal(request.endpoint or ""):
                raise Denied(permission)
            permissions.require(g.actor, permission)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the guard and the route-walk test
        return guarded  # type: ignore[return-value]  # wraps() keeps the signature

    return declare


def opens(endpoint: str) -> bool:
    """May whoever looks hold the permission of this door for some subject?"""
    permission = getattr(current_app.view_functions[endpoint], "permission", None)
    return permission is None or permissions.may(g.actor, permission)


def of_portal(endpoint: str) -> bool:
    """Is it a door of the portal? People and contracts are stated by both sides through the same doors."""
    return endpoint.startswith(("portal", "employments."))


def public(view: View) -> View:
    """Declare a door open to everybody."""
    view.public = True  # type: ignore[attr-defined]  # read by the guard and the route-walk test
    return view


def signed_in(view: View) -> View:
    """Declare a door open to every signed-in person (home, sign-out)."""
    view.signed_in = True  # type: ignore[attr-defined]  # read by the guard and the route-walk test
    return view


def receive() -> ResponseReturnValue | None:
    """Before every request: read or write, who, and whether this form was already carried out."""
    database.start_reading(request.method in {"GET", "HEAD", "OPTIONS"})
    g.actor = g.web_session = None
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return None
    if hasattr(view, "scope"):  # a key opens it, whoever may be signed in besides
        database.start_reading(not getattr(view, "writes", False))
        return None
    _recognise()
    if g.actor is None and not hasattr(view, "public"):
        if request.path.startswith(INTERFACE):
            abort(401)
        return redirect(url_for("access.login", next=request.full_path.rstrip("?")))
    if g.actor is not None and _confined():
        return redirect(url_for("administration.password"), 303)
    if request.method == "POST" and not getattr(view, "no_operation", False):
        return _operation()
    return None


def _confined() -> bool:
    """Whoever still has a password that somebody else has seen changes it before anything else."""
    return g.web_session.user.must_change_password and request.endpoint not in OPEN_WHILE_CONFINED


def _recognise() -> None:
    token = request.cookies.get(COOKIE)
    found = sessions.current(token, limits()) if token else None
    if found is None:
        return
    if sessions.is_stale(found) and not request.args.get("poll"):
        _touch(found.digest)
    g.web_session, g.actor = found, sessions.actor_of(found.user)


def _touch(digest: str) -> None:
    """Its own short writing transaction, also while a page is only read."""
    only_reading = request.method != "POST"
    session.rollback()
    database.start_reading(False)
    sessions.touch(digest)
    session.commit()
    database.start_reading(only_reading)


def _operation() -> ResponseReturnValue | None:
    previews.bring()
    key = request.form.get("operation_id") or request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= 64:
        abort(400, "表单缺少一次性编号，请返回原页面刷新后重新提交。")
    user_id = g.actor.id if g.actor else None
    done = operations.begin(key, user_id, request.endpoint or "", _body_hash(), at=clock.now())
    if done is None:
        return None
    flash(f"{done.message}（重复提交，未再次执行）", "info")
    return redirect(done.location, 303)


def _body_hash() -> str:
    """Keyed, because a form may hold a password: the hash alone must not let anybody try words."""
    secret = str(current_app.secret_key).encode()
    digest = hmac.new(secret, request.full_path.encode(), hashlib.sha256)
    for name in sorted(request.form):
        if name != "csrf_token":
            digest.update(f"{name}={request.form.getlist(name)!r};".encode())
    for name in sorted(request.files):
        for file in request.files.getlist(name):
            digest.update(f"{name}:{file.filename}:".encode() + file.stream.read())
            file.stream.seek(0)
    return digest.hexdigest()


def limits() -> sessions.Limits:
    return current_app.extensions["limits"]


def take(noun: str, key: int) -> Any:
    """The row for a decision: in scope (else 404), locked, still the version the person looked at (else Refused)."""
    row = scope.find(noun, key, g.actor, lock=True)
    if row is None:
        abort(404)
    seen, present = request.form.get("version"), getattr(row, "version", None)
    if seen is not None and present is not None and seen != str(present):
        raise Refused(
            "该事项在您打开页面后已被他人处理，您的操作没有执行。",
            cure="请刷新页面，核对最新情况后再办理。",
        )
    return row


def look(noun: str, key: int) -> Any:
    """The row for reading: in scope, else 404."""
    row = scope.find(noun, key, g.actor)
    if row is None:
        abort(404)
    return row


def chosen(name: str, *, yes: str, no: str) -> bool:
    """The yes or no of a person; no answer is not a no."""
    word = request.form.get(name, "")
    if word not in (yes, no):
        raise Refused("没有选择处理结论，您的操作没有执行。", cure="请选择结论后再提交。")
    return word == yes


def done(message: str, location: str) -> ResponseReturnValue:
    """The one way a POST succeeds: remember the answer under the form's id, commit both, say so, go on."""
    if (letter := previews.asked()) is not None:
        return letter
    operations.answer(location, message)
    session.commit()
    flash(message, "success")
    return redirect(location, 303)


@access.get("/login")
@public
def login() -> ResponseReturnValue:
    return render_template(
        "login.html", form=SignInForm(), next=_inside(request.args.get("next", ""))
    )


@access.post("/login")
@public
def sign_in() -> ResponseReturnValue:
    form, target = SignInForm(), _inside(request.form.get("next", ""))
    if not form.validate_on_submit():
        return render_template("login.html", form=form, next=target), 400
    user = sessions.count_attempt(form.username.data or "", limits())
    session.commit()
    try:
        token = sessions.sign_in(user, form.password.data or "", limits())
    except Refused as refused:
        session.commit()
        form.password.errors = [str(refused)]
        return render_template("login.html", form=form, next=target), 403
    if g.web_session is not None:
        sessions.sign_out(g.web_session)
    session.commit()
    return carry(redirect(target or url_for("access.home"), 303), token)


sign_in.no_operation = True  # type: ignore[attr-defined]  # signing in twice does no harm


def carry(answer: Response, token: str) -> Response:
    """Give the browser the key of its session: only for this site, out of reach of scripts."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure)
    return answer


def _inside(target: str) -> str:
    """Only a path of this site: never another host, whatever a browser reads into the signs."""
    plain = target.isprintable() and "\\" not in target
    return target if plain and re.match(r"/(?!/)", target) else ""


@access.post("/logout")
@signed_in
def sign_out() -> ResponseReturnValue:
    sessions.sign_out(g.web_session)
    session.commit()
    answer = redirect(url_for("access.login"), 303)
    answer.delete_cookie(COOKIE)
    return answer


sign_out.no_operation = True  # type: ignore[attr-defined]  # signing out twice does no harm


@access.get("/")
@signed_in
def home() -> ResponseReturnValue:
    homes = {
        Role.INSTITUTION: "portal.home",
        Role.LOGADMIN: "administration.event_list",
        Role.SYSADMIN: "administration.user_list",
        Role.SECADMIN: "administration.user_list",
    }
    return redirect(url_for(homes.get(g.actor.role, "worklist.index")))


def may(permission: str, subject: Any = None) -> bool:
    """For templates: shall this button be shown?"""
    actor: Actor | None = g.get("actor")
    return actor is not None and permissions.may(actor, Permission(permission), subject)


def new_operation_id() -> str:
    return secrets.token_hex(16)
