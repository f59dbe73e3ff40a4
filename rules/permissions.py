"""Who may do what: one map of predicates, read by doors, templates, actions and tests alike.

A permission is a list of alternatives; an alternative is a list of predicates that must all hold. Without a subject
(a menu entry, a list page) only the predicates about the actor are asked.
"""

from __future__ import annotations

from typing import Any

from rules.permission_map import PERMISSIONS as PERMISSIONS
from rules.permission_words import Permission as Permission
from rules.predicates import ABOUT_ACTOR
from rules.roles import ADMINISTRATORS as ADMINISTRATORS
from rules.roles import PUBLIC as PUBLIC
from rules.roles import SYSTEM as SYSTEM
from rules.roles import Actor as Actor
from rules.roles import Role as Role


class Denied(Exception):
    """The actor may not do this at all (403). An object outside one's scope is «not found» instead."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"当前岗位没有“{permission.label}”的权限。")
        self.permission = permission


def may(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Does one alternative hold? Without a subject: could it hold for some subject?"""
    return any(
        all(
            asked(actor, subject)
            for asked in alternative
            if subject is not None or asked in ABOUT_ACTOR
        )
        for alternative in PERMISSIONS[permission]
    )


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Raise Denied unless `may`."""
    if not may(actor, permission, subject):
        raise Denied(permission)
