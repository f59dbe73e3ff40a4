"""Accounts: who may sign in, and on which desk.

The system administrator opens and closes them; the security administrator unlocks them and says which desk. Neither
can do the other's part.
"""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import func, select

from actions import events, sessions
from database import session
from models import Institution, User
from rules import passwords, permissions
from rules.permissions import ADMINISTRATORS, Actor, Permission, Role
from rules.refusal import Refused

USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,31}")


def create(
    *, username: str, name: str, role: Role, institution: Institution | None, actor: Actor, on: date
) -> tuple[User, str]:
    """Open an account; returns it with its initial password, which nobody can read again.

    Refused for a name in use, for a desk without its institution, and when a person (not the command line) would
    make an administrator: that takes the security administrator's change of role.
    """
    permissions.require(actor, Permission.CREATE_USER)
    _check_new(username, role, institution, actor)
    password = passwords.initial()
    user = User(
        username=username,
        name=name,
        role=role,
        pooling_region=institution.pooling_region if institution else actor.pooling_region,
        institution_id=institution.id if institution else None,
        password_hash=sessions.hash_password(password),
        password_changed_on=on,
        must_change_password=True,
    )
    session.add(user)
    session.flush()
    events.record(user, "create_user", f"新建用户 {username}", actor=actor, on=on, role=str(role))
    return user, password


def reissue_password(user: User, *, actor: Actor, on: date) -> str:
    """A new initial password in place of a forgotten one; every session of the user ends."""
    permissions.require(actor, Permission.REISSUE_PASSWORD, user)
    _living(user)
    password = passwords.initial()
    _set_password(user, password, must_change=True, on=on)
    events.record(user, "reissue_password", "重新签发初始密码", actor=actor, on=on)
    return password


def change_password(user: User, *, old: str, new: str, actor: Actor, on: date) -> None:
    """The user's own choice. Refused when the old one is wrong, the new one is the same, or the policy says no.

    Every session of the user ends; the door opens a new one.
    """
    if not sessions.fits(user, old):
        raise Refused("原密码不正确，密码没有修改。", cure="请重新填写原密码。")
    if old == new:
        raise Refused("新密码与原密码相同，密码没有修改。", cure="请换一个新密码。")
    faults = passwords.faults(new, user.username)
    if faults:
        raise Refused("".join(faults), cure="请换一个符合要求的密码。")
    _set_password(user, new, must_change=False, on=on)
    events.record(user, "change_password", "修改密码", actor=actor, on=on)


def disable(user: User, *, actor: Actor, on: date) -> None:
    """From the next request on the user is out. Refused for the last one of an administrator's desk."""
    permissions.require(actor, Permission.DISABLE_USER, user)
    _living(user)
    _keep_one(user)
    user.disabled_on = on
    sessions.end_all(user.id)
    events.record(user, "disable_user", f"停用用户 {user.username}", actor=actor, on=on)


def enable(user: User, *, actor: Actor, on: date) -> None:
    """Let a disabled user in again, with the password of before."""
    permissions.require(actor, Permission.DISABLE_USER, user)
    if user.disabled_on is None:
        raise Refused("该用户没有停用。", cure="请刷新页面。")
    user.disabled_on = None
    events.record(user, "enable_user", f"启用用户 {user.username}", actor=actor, on=on)


def unlock(user: User, *, actor: Actor, on: date) -> None:
    """End the lock after wrong passwords before its time."""
    permissions.require(actor, Permission.UNLOCK_USER, user)
    if user.locked_until is None:
        raise Refused("该用户没有锁定。", cure="请刷新页面。")
    user.failed_count, user.locked_until = 0, None
    events.record(user, "unlock_user", f"解锁用户 {user.username}", actor=actor, on=on)


def change_role(user: User, role: Role, *, actor: Actor, on: date) -> None:
    """Move a member of staff to another desk; open sessions end, so that the change holds at once.

    Refused for users of an institution and for the last one of an administrator's desk.
    """
    permissions.require(actor, Permission.CHANGE_ROLE, user)
    if Role.INSTITUTION in (user.role, role) or role is Role.SYSTEM:
        raise Refused("机构用户与经办机构岗位之间不能互相调整。", cure="请新建用户。")
    if user.role is role:
        raise Refused(f"该用户已经是{role.label}。", cure="请选择另一个岗位。")
    _living(user)
    _keep_one(user)
    before, user.role = user.role, role
    sessions.end_all(user.id)
    title = f"岗位由{before.label}调整为{role.label}"
    events.record(user, "change_role", title, actor=actor, on=on, states=(before, role))


def _check_new(username: str, role: Role, institution: Institution | None, actor: Actor) -> None:
    if not USERNAME.fullmatch(username):
        raise Refused(
            "用户名应以小写字母开头，由 3 到 32 位小写字母、数字、点、横线、下划线组成。",
            cure="请修改用户名。",
        )
    if session.scalar(select(User.id).where(User.username == username)):
        raise Refused(f"用户名 {username} 已被使用（包括停用的用户）。", cure="请换一个用户名。")
    if role in ADMINISTRATORS and actor.role is not Role.SYSTEM:
        raise Refused(
            "系统管理员不能建立管理员账号，三员相互分立。",
            cure="请先按业务岗位建立，再由安全管理员调整岗位。",
        )
    if (role is Role.INSTITUTION) != (institution is not None) or role is Role.SYSTEM:
        raise Refused("机构用户须选择所属机构，其他岗位不选。", cure="请核对岗位和所属机构。")


def _living(user: User) -> None:
    if user.disabled_on is not None:
        raise Refused("该用户已停用。", cure="请先启用。")


def _keep_one(user: User) -> None:
    """Without one of the three, nobody could let the next one in."""
    if user.role not in ADMINISTRATORS:
        return
    others = select(func.count()).where(
        User.role == user.role, User.disabled_on.is_(None), User.id != user.id
    )
    if not session.scalar(others):
        raise Refused(
            f"这是最后一名{user.role.label}，不能停用或者调离。", cure="请先另行安排一名。"
        )


def _set_password(user: User, password: str, *, must_change: bool, on: date) -> None:
    user.password_hash = sessions.hash_password(password)
    user.password_changed_on, user.must_change_password = on, must_change
    user.failed_count, user.locked_until = 0, None
    sessions.end_all(user.id)
