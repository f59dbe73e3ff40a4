"""整改事项: what the institution says and proves of one problem, and what whoever verifies finds."""

from __future__ import annotations

from datetime import date

from actions import events, letters
from actions.materials import Upload
from database import session
from models import Rectification, RectificationFile, RectificationItem
from rules.lifecycle import RectificationState as S
from rules.permissions import Actor, Permission, require
from rules.rectifications import ItemState, ProofStage
from rules.refusal import Refused

MOST = 20  # files of one item: a proof, not an album
WITH_INSTITUTION = (S.ORDERED, S.RETURNED)
TO_DO = (ItemState.OPEN, ItemState.RETURNED)


def answer(
    item: RectificationItem, *, text: str, unit: str, person: str, actor: Actor, on: date
) -> None:
    """What was done, by which unit, under whom. It may be written anew until it is handed in."""
    row = _with_institution(item, actor)
    if not text.strip():
        raise Refused("请写明整改情况。", cure="逐条写明采取的措施和完成日期。")
    item.answer, item.answered_on = text.strip(), on
    item.unit, item.person = unit.strip(), person.strip()
    _note(row, item, "answer_item", "填报整改情况", item.answer, actor=actor, on=on)


def prove(
    item: RectificationItem, upload: Upload, *, stage: ProofStage, actor: Actor, on: date
) -> RectificationFile:
    """Put a proof to an item: by the institution while it puts things right, by the agency while it verifies.

    How it was found may also be shown by whoever ordered it. Refused beyond a case file.
    """
    row = item.rectification
    if row.state is S.SUBMITTED:
        require(actor, Permission.VERIFY_RECTIFICATION, row)
    elif stage is ProofStage.BEFORE and actor.institution_id is None:
        require(actor, Permission.ORDER_RECTIFICATION, row)
    else:
        _with_institution(item, actor)
    if item.state is ItemState.CLOSED or row.state in (S.CLOSED, S.CANCELLED):
        raise Refused("该事项已经办结，不再接收证明材料。")
    if len(item.files) >= MOST:
        raise Refused(f"一个整改事项最多附 {MOST} 个文件。", cure="请合并为 PDF 后上传。")
    sha256 = letters.keep(upload.content, upload.media_type)
    file = RectificationFile(
        stage=stage, round=item.round, file_name=upload.name, sha256=sha256, given_on=on, given_by=actor.name
    )  # fmt: skip
    item.files.append(file)
    if stage is ProofStage.AFTER:
        item.proof_sha256 = sha256
    session.flush()
    _note(row, item, "add_proof", f"提交{stage.label}证明", upload.name, actor=actor, on=on)
    return file


def close_out(item: RectificationItem, *, remark: str, actor: Actor, on: date) -> None:
    """销号. Refused without a proof of the state afterwards, and by whoever ordered the rectification."""
    row = _to_verify(item, actor)
    if item.proof_sha256 is None:
        raise Refused(
            f"第 {item.position} 项没有整改后的证明材料，不能销号。",
            cure="请机构补充，或者由验收人员上传现场核验的照片、记录。",
        )
    item.state, item.verdict = ItemState.CLOSED, remark.strip()
    item.closed_on, item.closed_by_id = on, actor.id
    _note(row, item, "close_out", "整改事项销号", item.verdict, actor=actor, on=on)


def send_back(item: RectificationItem, *, reason: str, actor: Actor, on: date) -> None:
    """Not put right yet: back to the institution with the reason; a new proof is asked for."""
    row = _to_verify(item, actor)
    if not reason.strip():
        raise Refused("退回整改事项须写明理由。", cure="请写明还差什么，便于机构继续整改。")
    item.state, item.verdict = ItemState.RETURNED, reason.strip()
    item.proof_sha256, item.round = None, item.round + 1
    _note(row, item, "send_back", "退回整改事项", item.verdict, actor=actor, on=on)


def _with_institution(item: RectificationItem, actor: Actor) -> Rectification:
    row = item.rectification
    require(actor, Permission.REPORT_RECTIFICATION, row)
    if row.state not in WITH_INSTITUTION or item.state not in TO_DO:
        raise Refused("该事项已经提交验收或者办结，不能再填报。", cure="退回整改的，可以继续填报。")
    return row


def _to_verify(item: RectificationItem, actor: Actor) -> Rectification:
    row = item.rectification
    require(actor, Permission.VERIFY_RECTIFICATION, row)
    if row.state is not S.SUBMITTED or item.state is not ItemState.SUBMITTED:
        raise Refused("该事项现在不在验收环节。", cure="请刷新页面，核对最新情况。")
    return row


def _note(
    row: Rectification,
    item: RectificationItem,
    verb: str,
    title: str,
    text: str,
    *,
    actor: Actor,
    on: date,
) -> None:
    said = f"第 {item.position} 项" + (f"：{text}" if text else "")
    events.record(row, verb, title, actor=actor, on=on, text=said)
