"""佐证: photos and papers an evaluator puts to an item, stored like any file handed in."""

from __future__ import annotations

from datetime import date

from actions import letters
from actions.materials import Upload
from database import session
from models import Evaluation, Exhibit, Opinion
from rules import evaluation as rule
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused

MOST = 40  # of one opinion: a case file, not an album


def add(
    opinion: Opinion,
    evaluation: Evaluation,
    item: str,
    upload: Upload,
    *,
    actor: Actor,
    on: date,
) -> Exhibit:
    """Put a file to an item of one's own unsigned opinion. Refused for an unknown item and beyond a case file."""
    require(actor, Permission.EVALUATE, evaluation)
    if opinion.evaluator.user_id != actor.id or opinion.signed_on is not None:
        raise Refused("只能在签署前为本人的评估意见添加佐证。")
    known = {row.key for row in rule.items(evaluation.institution.kind.family, on=on)}
    if item not in known:
        raise Refused("没有这一评估项目。")
    if len(opinion.exhibits) >= MOST:
        raise Refused(f"一份评估意见最多附 {MOST} 个佐证文件。", cure="请合并为 PDF 后上传。")
    row = Exhibit(
        opinion=opinion,
        item=item,
        file_name=upload.name,
        sha256=letters.keep(upload.content, upload.media_type),
        given_on=on,
    )
    session.add(row)
    session.flush()
    return row
