"""严重失信名单: list, proposal from an institution's page, and every step to the listing and off it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import blacklistings as act
from actions.blacklistings import Given, Sat
from blueprints import case, lists
from blueprints.access import done, look, permit, take
from blueprints.typed import valid
from forms import blacklistings as counter
from queries import blacklistings as ask
from queries.paging import asked
from rules import blacklistings as rule
from rules import permissions
from rules.blacklistings import BlacklistSubject
from rules.collective import Ballot
from rules.permissions import Permission
from rules.refusal import Refused

blacklistings = Blueprint("blacklistings", __name__)
COLUMNS = [
    "编号", "对象", "名称", "证件号码", "所在机构", "情形", "依据", "状态", "列入日期",
    "期限至", "公开至", "移出日期", "移出原因",
]  # fmt: skip
RECUSED = "recused"


@blacklistings.get("/blacklist")
@permit(Permission.VIEW_CASES)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given)
    chosen = (("subject", "对象", ask.SUBJECTS), ("state", "状态", ask.STATES), lists.KIND)
    return lists.answer(
        "blacklistings/list.html",
        "严重失信名单",
        given,
        [(row, ask.badge(row)) for row in rows],
        page,
        cells=map(_cells, rows),
        head=COLUMNS,
        filters=lists.filters(given, "机构/姓名/编号", *chosen),
    )


def _cells(row: Any) -> list[Any]:
    return [
        row.number, row.subject.label, row.about, row.masked_id, row.place.name, row.ground_label, row.basis,
        ask.badge(row).text, row.listed_on, row.until, row.public_until, row.removed_on,
        row.cause.label if row.cause else "",
    ]  # fmt: skip


@blacklistings.route("/institutions/<int:key>/blacklist", methods=["GET", "POST"])
@permit(Permission.PROPOSE_BLACKLISTING)
def new(key: int) -> ResponseReturnValue:
    place, on = look("institution", key), clock.today()
    form: Any = counter.ProposalForm()
    form.offer(ask.SUBJECTS, _grounds(place, on), ask.people(key, on))
    if form.validate_on_submit():
        row = act.propose(take("institution", key), _given(form), actor=g.actor, on=on)
        return done(
            f"{row.number} 已送复核，复核后告知当事人", url_for("blacklistings.show", key=row.id)
        )
    page = render_template(
        "blacklistings/new.html",
        form=form,
        place=place,
        crumbs_items=case.crumbs("严重失信名单", "blacklistings.index", f"{place.name} 拟列入"),
    )
    return page, 400 if form.errors else 200


def _grounds(place: Any, on: Any) -> list[tuple[str, str]]:
    """Every ground of this kind of institution, each with whom it is about."""
    family = place.kind.family
    return [
        (row.key, f"{who.label}：{row.label}")
        for who in BlacklistSubject
        for row in rule.grounds(who, on, family)
    ]


def _given(form: Any) -> Given:
    who, _, person = (form.person.data or "").partition(":")
    if who and who != form.subject.data:
        raise Refused("所选人员与对象不一致。", cure="请核对对象和人员。")
    return Given(
        subject=BlacklistSubject(form.subject.data),
        ground=form.ground.data,
        facts_text=form.facts_text.data,
        act_ended_on=form.act_ended_on.data,
        evidence=form.evidence.data or "",
        person=int(person) if person else None,
        name=form.name.data or "",
        id_number=form.id_number.data or "",
    )


@blacklistings.get("/blacklist/<int:key>")
@permit(Permission.VIEW_CASES)
def show(key: int) -> ResponseReturnValue:
    row, on = look("blacklisting", key), clock.today()
    permissions.require(g.actor, Permission.VIEW_CASES, row)
    frame = case.frame(row)
    frame["case"]["name"] = row.about
    return render_template(
        "blacklistings/show.html",
        **frame,
        crumbs_items=case.crumbs("严重失信名单", "blacklistings.index", row.number),
        shown=rule.shown(row.subject, row.proposed_on),
        term=rule.term(row.listed_on or on, row.act_ended_on),
        effects=rule.consequences(row.subject, row.proposed_on),
        council=ask.council(row) if row.state == "noticed" else [],
        ballots=[*((str(one), one.label) for one in Ballot), (RECUSED, "回避")],
        voted={str(one): one.label for one in Ballot},
        waiting=case.waiting_for(row),
    )


@blacklistings.post("/blacklist/<int:key>/notify")
@permit(Permission.REVIEW_BLACKLISTING)
def notify(key: int) -> ResponseReturnValue:
    act.notify(take("blacklisting", key), actor=g.actor, on=clock.today())
    return done("复核通过，告知书已印发，请送达当事人", _page(key))


@blacklistings.post("/blacklist/<int:key>/views")
@permit(Permission.RECORD_VIEWS)
def hear(key: int) -> ResponseReturnValue:
    row, form = take("blacklisting", key), valid(counter.TextForm())
    act.hear(row, text=form.text.data, actor=g.actor, on=clock.today())
    return done("陈述申辩已记录", _page(key))


@blacklistings.post("/blacklist/<int:key>/decide")
@permit(Permission.DECIDE_BLACKLISTING)
def decide(key: int) -> ResponseReturnValue:
    row, form = take("blacklisting", key), valid(counter.TextForm())
    passed = act.decide(row, _seats(row), minutes=form.text.data, actor=g.actor, on=clock.today())
    return done(
        "集体讨论通过，等待负责人批准" if passed else "集体讨论不通过，不予列入", _page(key)
    )


def _seats(row: Any) -> list[Sat]:
    """Who was chosen present: the form has one answer for each member of the staff."""
    found = []
    for user in ask.council(row):
        word = request.form.get(f"ballot-{user.id}", "")
        if word == RECUSED:
            found.append(Sat(user.id, user.name, recused=True))
        elif word in list(Ballot):
            found.append(Sat(user.id, user.name, Ballot(word)))
    return found


@blacklistings.post("/blacklist/<int:key>/list")
@permit(Permission.APPROVE_BLACKLISTING)
def enlist(key: int) -> ResponseReturnValue:
    row = take("blacklisting", key)
    act.enlist(row, actor=g.actor, on=clock.today())
    return done(f"已列入严重失信名单，期限至 {row.until}", _page(key))


@blacklistings.post("/blacklist/<int:key>/drop")
@permit(Permission.DROP_BLACKLISTING)
def drop(key: int) -> ResponseReturnValue:
    act.drop(take("blacklisting", key), reason=_reason(), actor=g.actor, on=clock.today())
    return done("已决定不予列入", _page(key))


@blacklistings.post("/blacklist/<int:key>/request")
@permit(Permission.REQUEST_DELISTING)
def ask_off(key: int) -> ResponseReturnValue:
    row, form = take("blacklisting", key), valid(counter.RequestForm())
    said = {"correction": form.correction.data, "corrected_on": form.corrected_on.data}
    act.request(row, **said, actor=g.actor, on=clock.today())
    return done("移出申请已登记，等待核对", _page(key))


@blacklistings.post("/blacklist/<int:key>/remove")
@permit(Permission.DELIST)
def remove(key: int) -> ResponseReturnValue:
    act.remove(take("blacklisting", key), actor=g.actor, on=clock.today())
    return done("已移出名单，结果告知书已印发", _page(key))


@blacklistings.post("/blacklist/<int:key>/keep")
@permit(Permission.DELIST)
def keep(key: int) -> ResponseReturnValue:
    act.keep(take("blacklisting", key), reason=_reason(), actor=g.actor, on=clock.today())
    return done("已决定不予移出，结果告知书已印发", _page(key))


@blacklistings.post("/blacklist/<int:key>/revoke")
@permit(Permission.REVOKE_BLACKLISTING)
def revoke(key: int) -> ResponseReturnValue:
    act.revoke(take("blacklisting", key), reason=_reason(), actor=g.actor, on=clock.today())
    return done("已撤销列入，结果告知书已印发", _page(key))


def _page(key: int) -> str:
    return url_for("blacklistings.show", key=key)


def _reason() -> str:
    return str(valid(counter.ReasonForm()).reason.data)
