"""The letters of a decision, looked at before it is taken: the decision is carried out, and taken back."""

from __future__ import annotations

from flask import Response, request

from actions import letters
from blueprints import files
from database import session
from rules.refusal import Refused


def asked() -> Response | None:
    """The letters this form would issue, if that is what its sender asked to see; nothing of it is kept."""
    if request.form.get("look") != "letter":
        return None
    drafts = letters.drafted()
    session.rollback()
    if not drafts:
        raise Refused("按所填内容办理这一步，不印发文书。", cure="请返回原页面继续办理。")
    return files.send(letters.print_drafts(drafts), "样章·无效.pdf", "application/pdf", inline=True)
