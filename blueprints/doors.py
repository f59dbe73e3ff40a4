"""Every door, and the side menu that leads to them."""

from __future__ import annotations

from flask import Blueprint

from blueprints.access import access
from blueprints.agreements import agreements
from blueprints.applications import applications
from blueprints.documents import documents
from blueprints.evaluations import evaluations
from blueprints.worklist import worklist
from rules.permissions import Permission

DOORS: list[Blueprint] = [
    access,
    agreements,
    applications,
    documents,
    evaluations,
    worklist,
]

# group → entries (label, endpoint, icon, permission)
MENU: list[tuple[str, list[tuple[str, str, str, Permission]]]] = [
    (
        "办理",
        [
            ("待办事项", "worklist.index", "inbox", Permission.VIEW_WORKLIST),
            ("定点申请", "applications.index", "file-earmark-check", Permission.VIEW_BUSINESS),
            ("评估评分", "evaluations.index", "clipboard-check", Permission.VIEW_BUSINESS),
            ("公示", "evaluations.notice_list", "megaphone", Permission.VIEW_BUSINESS),
            ("服务协议", "agreements.index", "pen", Permission.VIEW_BUSINESS),
        ],
    ),
    ("监管", []),
    (
        "综合",
        [
            ("公文文书", "documents.index", "file-earmark-text", Permission.VIEW_BUSINESS),
        ],
    ),
    ("系统", []),
]
