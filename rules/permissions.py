"""Who may do what: one map of predicates, read by doors, templates, actions and tests alike.

A permission is a list of alternatives; an alternative is a list of predicates that must all hold. Without a subject
(a menu entry, a list page) only the predicates about the actor are asked.
"""

from __future__ import annotations

from typing import Any

from rules.permission_map import PERMISSIONS as PERMISSIONS
from rules.permission_words import Permission as Permission
from rules.predicates import ABOUT_ACTOR, SEPARATED, Predicate
from rules.roles import ADMINISTRATORS as ADMINISTRATORS
from rules.roles import PUBLIC as PUBLIC
from rules.roles import SYSTEM as SYSTEM
from rules.roles import Actor as Actor
from rules.roles import Role as Role


class Denied(Exception):
    """The actor may not do this at all (403). An object outside one's scope is «not found» instead."""

    def __init__(self, permission: Permission, *, apart: bool = False) -> None:
        what = f"“{permission.label}”应当由没有办理过本件其他环节的人员办理。"
        super().__init__(what if apart else f"当前岗位没有“{permission.label}”的权限。")
        self.permission = permission
        self.cure = "您已经参与过本件，请由同岗位的其他人员办理。" if apart else ""


def may(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Does one alternative hold? Without a subject: could it hold for some subject?"""
    return _holds(actor, permission, subject, ABOUT_ACTOR if subject is None else None)


def _holds(
    actor: Actor, permission: Permission, subject: Any, alone: set[Predicate] | None
) -> bool:
    """Does one alternative hold, of whose conditions only these are asked?"""
    return any(
        all(asked(actor, subject) for asked in alternative if alone is None or asked in alone)
        for alternative in PERMISSIONS[permission]
    )


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Raise Denied unless `may`."""
    if not may(actor, permission, subject):
        raise Denied(permission, apart=_apart(actor, permission, subject))


def _apart(actor: Actor, permission: Permission, subject: Any) -> bool:
    """Would this person be let through, had somebody else handled the earlier steps?"""
    others = {one for way in PERMISSIONS[permission] for one in way} - SEPARATED
    return subject is not None and _holds(actor, permission, subject, others)
