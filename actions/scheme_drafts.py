"""信用方案草案: from a trial or a file, revised, submitted, approved by another after a discussion; then an edition.

Nothing here touches a cycle or a rating: an edition is only what the next cycle may be started with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from actions import events, lifecycle
from database import session
from models import Cycle, SchemeDraft
from queries import scheme_drafts as ask
from queries import schemes
from rules.lifecycle import SchemeDraftState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from scoring import catalogue, own_schemes
from scoring import changes as change
from scoring.operators import said

OPEN = ("draft", "submitted")
LONGEST, FILE = 32, 120  # of an edition, of the name of a file
BASIS = "《医疗保障基金使用监督管理条例》第三十三条"


def draft(
    cycle: Cycle, name: str, changes: Mapping[str, str], purpose: str, *, actor: Actor, on: date
) -> SchemeDraft:
    """Keep what was tried on a cycle as a whole scheme. Refused without a change, a name or a reason."""
    require(actor, Permission.DRAFT_SCHEME, cycle)
    real = change.real(cycle.scheme_text, changes)
    row = _written(cycle.pooling_region, name, purpose, actor=actor, on=on)
    if not real:
        raise Refused("没有改动任何数值，不必另存草案。", cure="请先改动权重、分数线等再试算。")
    row.scheme, row.cycle, row.changes = cycle.scheme, cycle, real
    row.base_text = cycle.scheme_text
    row.scheme_text = _stamped(change.changed(cycle.scheme_text, real), status="draft")
    lifecycle.begin(
        row,
        "draft_scheme",
        "拟订方案草案",
        actor=actor,
        on=on,
        scheme=cycle.scheme,
        cycle=cycle.name,
        changes=real,
    )
    session.flush()
    return row


def ask_as_written(key: str, purpose: str, *, actor: Actor, on: date) -> SchemeDraft:
    """按原文批准: ask the bureau to approve a scheme on file without a change, so that grades may be given by it.

    Refused without a reason, while it is asked for already, and where it was approved.
    """
    text = catalogue.text(key)
    scheme, region = catalogue.parsed(text), actor.pooling_region
    label = schemes.approved_label(scheme.label)
    if not purpose.strip():
        raise Refused("请写明提请批准的理由。", basis=BASIS, cure="说明适用范围和核对情况。")
    earlier = schemes.as_written(key, region)
    if any(row.state in OPEN for row in earlier):
        raise Refused(f"《{scheme.label}》已经提请批准。", basis=BASIS, cure="请等待批准。")
    if schemes.approval(key, text, region) is not None:
        raise Refused(f"《{scheme.label}》已经批准。", basis=BASIS, cure="请直接选用已批准的版本。")
    row = SchemeDraft(
        name=f"{label[:40]}（{scheme.edition}版）按原文{len(earlier) or ''}",
        pooling_region=region,
        state=SchemeDraftState.DRAFT,
        scheme=key,
        changes={},
        base_text=text,
        scheme_text=_stamped(text, status="draft"),
        purpose=purpose.strip()[:500],
        author_id=actor.id,
        drafted_on=on,
    )
    require(actor, Permission.DRAFT_SCHEME, row)
    lifecycle.begin(
        row, "draft_scheme", "拟提请按原文批准", actor=actor, on=on, basis=BASIS, scheme=key
    )
    session.flush()
    lifecycle.move(row, "submit", actor=actor, on=on, submitted_on=on)
    return row


def upload(text: str, file: str, name: str, purpose: str, *, actor: Actor, on: date) -> SchemeDraft:
    """Keep a whole scheme written elsewhere, beside the edition in force. Raises SchemeError with every fault's line.

    Where a cycle of the same subject and grades was rated, the scheme is tried on its facts.
    """
    region = actor.pooling_region
    require(actor, Permission.DRAFT_SCHEME, SchemeDraft(pooling_region=region))
    scheme = own_schemes.load(text)
    row = _written(region, name, purpose, actor=actor, on=on)
    row.scheme, row.file, row.changes = scheme.key, file.strip()[:FILE], {}
    row.cycle = ask.trial_cycle(scheme, region)
    row.base_text = schemes.in_force(scheme.key, region, on=on)
    row.scheme_text = _stamped(text, status="draft")
    given = {"scheme": scheme.key, "file": row.file, "sha256": fingerprint(row)}
    lifecycle.begin(row, "upload_scheme", "导入整份方案", actor=actor, on=on, **given)
    session.flush()
    return row


def _written(region: str, name: str, purpose: str, *, actor: Actor, on: date) -> SchemeDraft:
    """A draft by its name and reason, not yet in the session. Refused without either, or with a name that is taken."""
    name, purpose = name.strip(), purpose.strip()
    if not name:
        raise Refused("请填写草案的名称。", cure="如 2027年提高基金使用权重。")
    if not purpose:
        raise Refused("请写明理由。", cure="说明为什么改、依据什么。")
    taken = select(SchemeDraft.id).where(
        SchemeDraft.pooling_region == region, SchemeDraft.name == name
    )
    if session.scalar(taken) is not None:
        raise Refused(f"已经有名为“{name}”的草案。", cure="请另取名称。")
    return SchemeDraft(
        name=name,
        pooling_region=region,
        state=SchemeDraftState.DRAFT,
        purpose=purpose,
        author_id=actor.id,
        drafted_on=on,
    )


def require_open(row: SchemeDraft) -> None:
    """Refused once it is submitted, and for what is to be approved as it is written."""
    if row.state != SchemeDraftState.DRAFT:
        raise Refused("草案已经提交，不能再改。", cure="请先撤回，再修改。")
    if row.as_written:
        raise Refused(
            "这是提请按原文批准的方案，不能改动。",
            cure="需要修改的，下载 YAML 修改后导入整份方案，或者在权重试算中另存草案。",
        )


def numbers(row: SchemeDraft) -> tuple[str, dict[str, str]]:
    """The text whose numbers may be changed, and what of it is switched off: a veto of the base may come back.

    Of a file handed in, only what it says itself.
    """
    return change.with_vetoes(row.scheme_text, "" if row.file else row.base_text)


def revise(row: SchemeDraft, changes: Mapping[str, str], *, actor: Actor, on: date) -> int:
    """Other numbers in a draft that is not submitted: how many changed. Raises ChangeError; refused without one."""
    require(actor, Permission.DRAFT_SCHEME, row)
    require_open(row)
    text, off = numbers(row)
    wanted = {**off, **changes}
    real = change.real(text, wanted)
    moved = {path: wanted[path] for path in {**off, **real} if real.get(path) != off.get(path)}
    if not moved:
        raise Refused("没有改动任何数值。", cure="请改动后再保存。")
    row.scheme_text = change.changed(text, real)
    if not row.file:
        row.changes = change.real(row.base_text, {**row.changes, **moved})
    events.record(row, "revise_scheme", "修改草案的数值", actor=actor, on=on, changes=moved)
    return len(moved)


def _stamped(text: str, **fields: str) -> str:
    return change.written({**change.loaded(text), **fields})


def submit(row: SchemeDraft, *, actor: Actor, on: date) -> None:
    """Ask for approval. Refused when the weights no longer add up to what they did."""
    before = change.weights(catalogue.parsed(row.base_text)) if not row.file else None
    after = change.weights(catalogue.parsed(row.scheme_text))
    if before is not None and round(before - after, 6):
        raise Refused(
            f"维度权重合计为{said(after)}，原方案合计为{said(before)}，不能提交审批。",
            cure="请另拟草案，把各维度权重调到合计不变。",
        )
    lifecycle.move(row, "submit", actor=actor, on=on, submitted_on=on)


def take_back(row: SchemeDraft, *, actor: Actor, on: date) -> None:
    lifecycle.move(row, "take_back", actor=actor, on=on, submitted_on=None)


def drop(row: SchemeDraft, *, actor: Actor, on: date, reason: str) -> None:
    """Never to be submitted; it stays on file. Refused without a reason."""
    if not reason.strip():
        raise Refused("请写明撤销的理由。")
    lifecycle.move(row, "drop", actor=actor, on=on, note=reason.strip())


def adopt(
    row: SchemeDraft, *, edition: str, in_force_on: date, minutes: str, actor: Actor, on: date
) -> None:
    """Make it an edition from a day on. Refused for its author, for a day gone by, for an edition that exists.

    Neither cycles nor ratings change: the edition is offered when the next cycle is started.
    """
    edition, minutes = edition.strip(), minutes.strip()
    if not minutes:
        raise Refused("请写明集体审议的情况。", cure="写明审议日期、参加人员和结论。")
    if in_force_on < on:
        raise Refused("施行日期不得早于批准之日。", cure=f"请填写 {on} 或者以后的日期。")
    _check_edition(row, edition)
    note = f"{on} 经集体审议批准，{in_force_on} 起施行；数值请按本地文件核对"
    label = schemes.approved_label(catalogue.parsed(row.scheme_text).label)
    row.scheme_text = _stamped(
        row.scheme_text, status="published", edition=edition, note=note, label=label
    )
    lifecycle.move(
        row,
        "adopt",
        actor=actor,
        on=on,
        basis=BASIS,
        note=f"方案文本 SHA-256：{fingerprint(row)}",
        edition=edition,
        in_force_on=in_force_on,
        minutes=minutes,
        decided_by_id=actor.id,
        decided_on=on,
    )


def _check_edition(row: SchemeDraft, edition: str) -> None:
    if not edition or "@" in edition or len(edition) > LONGEST:
        raise Refused("请填写版本，不超过32个字，不含“@”。", cure="如 2027。")
    known = [] if row.as_written else [catalogue.on_file(row.scheme), row.base_text]
    on_file = [catalogue.parsed(text).edition for text in known if text]
    approved = select(SchemeDraft.edition).where(
        SchemeDraft.pooling_region == row.pooling_region,
        SchemeDraft.scheme == row.scheme,
        SchemeDraft.state == SchemeDraftState.ADOPTED,
    )
    if edition in {*on_file, *session.scalars(approved)}:
        raise Refused(f"这个方案已经有{edition}版。", cure="已有的版本不再改动，请另取版本号。")


def refuse(row: SchemeDraft, *, actor: Actor, on: date, reason: str) -> None:
    """Turn it down with the reason. Refused without one."""
    if not reason.strip():
        raise Refused("不批准的，请写明理由。")
    lifecycle.move(
        row,
        "refuse",
        actor=actor,
        on=on,
        decided_by_id=actor.id,
        decided_on=on,
        minutes=reason.strip(),
    )


def fingerprint(row: SchemeDraft) -> str:
    """The SHA-256 of the text, shown beside an edition so that anybody can see it is still the same."""
    return hashlib.sha256(row.scheme_text.encode()).hexdigest()
