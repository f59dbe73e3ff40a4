"""The letters of a decision, looked at before it is taken: the decision is carried out, and taken back.

`look=letter` answers with their free paragraphs beside the print, to be worded and then issued by the same form;
`look=sheet` with the print alone.
"""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, render_template, request

import database
from actions import letters, wordings
from blueprints import files
from database import session
from rules.permissions import Role
from rules.refusal import Refused

OWN = {"csrf_token", "operation_id", "look"}


def bring() -> None:
    """The wordings that came with the form: of the agency's own people, nobody else words its letters."""
    if g.actor and g.actor.role is not Role.INSTITUTION:
        wordings.bring(request.form)


def asked() -> Response | None:
    """The letters this form would issue, if that is what its sender asked to see; nothing of it is kept."""
    look = request.form.get("look")
    if look not in ("letter", "sheet"):
        wordings.require_used()
        return None
    drafts = letters.drafted()
    session.rollback()
    if not drafts:
        raise Refused("按所填内容办理这一步，不印发文书。", cure="请返回原页面继续办理。")
    free = wordings.paragraphs(drafts)
    if look == "letter" and free and not any(one.filename for one in request.files.values()):
        return _editor(free)
    answer = files.send(
        letters.print_drafts(drafts), "样章·无效.pdf", "application/pdf", inline=True
    )
    answer.headers["Content-Security-Policy"] = files.INSIDE
    return answer


def _editor(free: list[wordings.Paragraph]) -> Response:
    """The form once more, with the free paragraphs; a file that came along could not be sent again."""
    database.start_reading(True)
    kept = [
        (name, value)
        for name in request.form
        if name not in OWN and not name.startswith(wordings.PREFIX)
        for value in request.form.getlist(name)
    ]
    context: dict[str, Any] = {
        "paragraphs": free,
        "kept": kept,
        "action": request.full_path.rstrip("?"),
        "operation": request.form.get("operation_id", ""),
        "longest": wordings.LONGEST,
    }
    return make_response(render_template("letters/wording.html", **context))
