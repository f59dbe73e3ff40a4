"""移送: list, draft from a case, approval, receipt and result."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import referrals as act
from blueprints import case, files
from blueprints.access import done, look, permit, take
from blueprints.sheets import sheet
from blueprints.typed import valid
from forms import referrals as counter
from queries import referrals as ask
from queries.paging import asked
from rules import permissions
from rules import referrals as rule
from rules.lifecycle import REFERRAL
from rules.permissions import Permission
from rules.referrals import Paper

referrals = Blueprint("referrals", __name__)
COLUMNS = [
    "移送编号", "机构名称", "类型", "案件编号", "受移送机关", "移送机构", "移送人数", "发出日期", "状态", "回执日期",
    "回执编号", "处理日期", "处理文号", "处理结果",
]  # fmt: skip
STATES = [(word, state.label) for word, state in REFERRAL.states.items()]
PAPER = re.compile(r"(?P<name>.+?)(?:[\s，,×]+(?P<copies>[0-9]{1,3})\s*份?)?")


@referrals.get("/referrals")
@permit(Permission.VIEW_CASES)
def index() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = ask.page(g.actor, given)
    if given.word("format"):
        return sheet("移送", COLUMNS, [_cells(row) for row in rows])
    search = {"name": "q", "label": "关键字", "type": "text", "value": given.q}
    kinds = [(row.key, row.label) for row in rule.authorities(on)]
    return render_template(
        "referrals/list.html",
        heading="移送",
        filters=[
            search | {"placeholder": "机构/编号/受移送机关"},
            files.select_filter("authority", "受移送机关", given.word("authority"), kinds),
            files.select_filter("state", "状态", given.word("state"), STATES),
            files.kind_filter(given.word("kind")),
        ],
        rows=[(row, ask.badge(row), ask.receipt_light(row, on)) for row in rows],
        page=page,
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cells(row: Any) -> list[Any]:
    institution = row.institution
    return [
        row.number, institution.name, institution.kind.label, row.violation.number, row.authority_name,
        "是" if row.about_institution else "否", row.persons, row.sent_on, ask.badge(row).text, row.receipt_on,
        row.receipt_number, row.result_on, row.result_number, row.result,
    ]  # fmt: skip


@referrals.route("/cases/<int:key>/referrals", methods=["GET", "POST"])
@permit(Permission.DRAFT_REFERRAL)
def new(key: int) -> ResponseReturnValue:
    violation, on = look("violation", key), clock.today()
    permissions.require(g.actor, Permission.VIEW_CASES, violation)
    form: Any = counter.DraftForm()
    form.offer([(row.key, row.label) for row in rule.authorities(on)])
    if form.validate_on_submit():
        given = act.Draft(
            authority=form.authority.data,
            name=form.name.data,
            facts_text=form.facts_text.data,
            materials=papers(form.materials.data),
            institution=form.institution.data,
            persons=form.persons.data or 0,
        )
        row = act.draft(take("violation", key), given, actor=g.actor, on=on)
        return done(f"移送 {row.number} 已送负责人批准", url_for("referrals.show", key=row.id))
    page = render_template(
        "referrals/new.html",
        form=form,
        violation=violation,
        crumbs_items=case.crumbs("违规案件", "violations.index", f"{violation.number} 移送"),
    )
    return page, 400 if form.errors else 200


def papers(text: str) -> list[Paper]:
    """The list of materials as typed: one a line, the number of copies at its end."""
    found = (PAPER.fullmatch(line.strip()) for line in text.splitlines() if line.strip())
    return [Paper(one["name"], int(one["copies"] or 1)) for one in found if one]


@referrals.get("/referrals/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row, on = look("referral", key), clock.today()
    permissions.require(g.actor, Permission.VIEW_CASES, row)
    return render_template(
        "referrals/show.html",
        **case.frame(row),
        crumbs_items=case.crumbs("移送", "referrals.index", row.number),
        authority=rule.authority(row.authority, row.drafted_on),
        receipt=ask.receipt_light(row, on),
        waiting=case.waiting_for(row),
    )


@referrals.post("/referrals/<int:key>/approve")
@permit(Permission.APPROVE_REFERRAL)
def approve(key: int) -> ResponseReturnValue:
    act.approve(take("referral", key), actor=g.actor, on=clock.today())
    return done("已批准，移送函已印发", url_for("referrals.show", key=key))


@referrals.post("/referrals/<int:key>/cancel")
@permit(Permission.APPROVE_REFERRAL)
def cancel(key: int) -> ResponseReturnValue:
    act.cancel(take("referral", key), reason=_reason(), actor=g.actor, on=clock.today())
    return done("已决定不予移送", url_for("referrals.show", key=key))


@referrals.post("/referrals/<int:key>/receive")
@permit(Permission.FOLLOW_REFERRAL)
def receive(key: int) -> ResponseReturnValue:
    row, form = take("referral", key), valid(counter.ReceiptForm())
    act.receive(
        row, receipt_on=form.receipt_on.data, number=form.number.data, actor=g.actor, on=clock.today()
    )  # fmt: skip
    return done("已登记回执", url_for("referrals.show", key=key))


@referrals.post("/referrals/<int:key>/decline")
@permit(Permission.FOLLOW_REFERRAL)
def decline(key: int) -> ResponseReturnValue:
    act.decline(take("referral", key), reason=_reason(), actor=g.actor, on=clock.today())
    return done("已登记对方不予接收", url_for("referrals.show", key=key))


@referrals.post("/referrals/<int:key>/answer")
@permit(Permission.FOLLOW_REFERRAL)
def answer(key: int) -> ResponseReturnValue:
    row, form = take("referral", key), valid(counter.ResultForm())
    act.answer(
        row, result_on=form.result_on.data, number=form.number.data or "", text=form.text.data,
        actor=g.actor, on=clock.today(),
    )  # fmt: skip
    return done("已登记处理结果，案件按原程序继续办理", url_for("referrals.show", key=key))


@referrals.post("/referrals/<int:key>/chase")
@permit(Permission.FOLLOW_REFERRAL)
def chase(key: int) -> ResponseReturnValue:
    act.chase(take("referral", key), text=_reason(), actor=g.actor, on=clock.today())
    return done("已登记催办", url_for("referrals.show", key=key))


def _reason() -> str:
    return str(valid(counter.ReasonForm()).reason.data)
