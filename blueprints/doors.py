"""Every door, and the side menu that leads to them."""

from __future__ import annotations

from flask import Blueprint

from blueprints.access import access
from rules.permissions import Permission

DOORS: list[Blueprint] = [access]

# group → entries (label, endpoint, icon, permission)
MENU: list[tuple[str, list[tuple[str, str, str, Permission]]]] = []
