"""信用异议: the list, one that came to the counter, and whoever had no part in the rating looking into it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import rating_objection_clocks
from actions import rating_objections as act
from actions.rating_corrections import Correction
from blueprints import case, evidence, files
from blueprints.access import done, look, may, permit, take
from blueprints.points_lists import points_list
from forms.credit import CorrectionForm, HelpForm, PersonalObjectionForm, RatingObjectionForm
from forms.documents import ServiceForm
from queries import credit_subjects, documents, rating_corrections, record_corrections
from queries import cycles as ask_cycles
from queries import rating_objections as ask
from queries import ratings as ask_ratings
from queries.paging import asked
from rules import permissions
from rules import rating_objections as rule
from rules.lifecycle import RATING_OBJECTION
from rules.permissions import Permission
from rules.refusal import Refused

rating_objections = Blueprint("rating_objections", __name__)
RATINGS = ("ratings.index", "查看信用评级")
COLUMNS = ["异议编号", "被评价对象", "评价周期", "来源", "提出日期", "办理期限", "答复日期", "状态"]


@rating_objections.get("/rating-objections")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = ask.page(g.actor, given, on=clock.today())
    cells = [
        [row.number, row.institution, row.cycle, row.source, row.raised_on, row.due.text,
         row.answered_on or "", row.light.text]
        for row in rows
    ]  # fmt: skip
    return points_list(
        "信用异议", COLUMNS, rows, cells, page, given, RATING_OBJECTION,
        "rating_objections.show", empty=RATINGS,
    )  # fmt: skip


@rating_objections.get("/rating-objections/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = look("rating_objection", key)
    return _page(row, _correction_form(row))


def _correction_form(row: Any) -> Any:
    form: Any = CorrectionForm()
    scheme = ask_cycles.scheme_of(row.rating.cycle)
    frozen = rating_corrections.as_corrected(row.rating.cycle, str(row.rating.subject))
    facts = [fact for fact in scheme.facts if fact.type != "text"]
    return form.offer((f.column, f"{f.label}：{ask.said(frozen.get(f.column))}") for f in facts)


def _page(row: Any, form: Any, status: int = 200) -> ResponseReturnValue:
    rating = row.rating
    scheme = ask_cycles.scheme_of(rating.cycle)
    handling = row.state == "accepted" and may("handle_rating_objection", row)
    frame = case.frame(row)
    frame["case"]["name"] = rating.name
    frame["over"] = [one for one in frame["clocks"] if one.remaining is None]
    if row.state in ask.OPEN:  # what has ended is one line of the facts
        frame["clocks"] = [one for one in frame["clocks"] if one.remaining is not None]
    else:
        frame["clocks"] = []
    frame["letters"] = [one for one in frame["letters"] if documents.is_open(one, g.actor)]
    page = render_template(
        "rating_objections/show.html",
        **frame,
        gone=record_corrections.of_rating(rating) if handling else [],
        behind=[(one, evidence.page(one.noun, one.id)) for one in _behind(row, handling)],
        crumbs_items=case.crumbs("信用异议", "rating_objections.index", row.number),
        rating=rating,
        cycle=rating.cycle,
        grade=scheme.grade(rating.grade).label,
        source=rule.SOURCES[row.source],
        window=ask.window(rating),
        judged=act.judged(row),
        grounds=rule.grounds_on(clock.today()),
        ground=rule.named(row.ground, row.answered_on).label if row.ground else "",
        said=ask.said,
        form=form,
        helping=HelpForm(formdata=None),
        help_days=rule.help_period(clock.today()),
        waiting=_waiting(row),
    )
    return page, status


def _waiting(row: Any) -> str:
    """Why this person has nothing to decide here, and who has."""
    said = case.waiting_for(row)
    if row.state not in ask.OPEN:
        return said
    names = "、".join(user.name for user in ask.judges(row))
    if names:
        return f"{said}没有参与本次评价、可以核查的人员：{names}。"
    return (
        "本统筹区没有可以核查的人员：科室负责人和复核人员都参与过本次评价、审定或者事实更正。"
        "请指定另一名科室负责人或者复核人员，由系统管理员开设账号后办理。"
    )


def _behind(row: Any, handling: bool) -> list[record_corrections.Record]:
    return record_corrections.behind(row.rating) if handling else []


@rating_objections.get("/rating-objections/<int:key>/files/<int:number>")
@permit(Permission.VIEW_BUSINESS)
def paper(key: int, number: int) -> ResponseReturnValue:
    row = look("rating_objection", key)
    return files.kept(row.files[number]) if number < len(row.files) else abort(404)


@rating_objections.route("/ratings/<int:key>/objection", methods=["GET", "POST"])
@permit(Permission.OBJECT_TO_RATING)
def new(key: int) -> ResponseReturnValue:
    """At the counter, for the institution or for a person; the institution itself uses its own page."""
    rating = ask_ratings.find(key, g.actor) or abort(404)
    alone = credit_subjects.addressee(rating) is None
    form: Any = PersonalObjectionForm() if alone else RatingObjectionForm()
    if form.validate_on_submit():
        uploads = files.uploads_of(form.files.data or [])
        number = form.id_number.data if alone else ""
        said = act.Said(
            rating.name, form.text.data, source=rule.COUNTER, uploads=uploads, id_number=number
        )
        row = act.raise_objection(rating, said, actor=g.actor, on=clock.today())
        return done(
            f"信用异议 {row.number} 已登记，等待受理", url_for("rating_objections.show", key=row.id)
        )
    page = render_template(
        "rating_objections/new.html",
        rating=rating,
        window=ask.window(rating),
        form=form,
        crumbs_items=case.crumbs("信用异议", "rating_objections.index", "登记异议"),
    )
    return page, 400 if form.errors else 200


@rating_objections.post("/rating-objections/<int:key>/accept")
@permit(Permission.HANDLE_RATING_OBJECTION)
def accept(key: int) -> ResponseReturnValue:
    row = take("rating_objection", key)
    act.accept(row, actor=g.actor, on=clock.today())
    return done("异议已受理，等级已标注", url_for("rating_objections.show", key=key))


@rating_objections.post("/rating-objections/<int:key>/decline")
@permit(Permission.HANDLE_RATING_OBJECTION)
def decline(key: int) -> ResponseReturnValue:
    row = take("rating_objection", key)
    ground, opinion = request.form.get("ground", ""), request.form.get("opinion", "")
    letter = act.decline(row, ground=ground, opinion=opinion, actor=g.actor, on=clock.today())
    return done(f"不予受理，印发 {letter.number}", url_for("rating_objections.show", key=key))


@rating_objections.post("/rating-objections/<int:key>/help")
@permit(Permission.HANDLE_RATING_OBJECTION)
def ask_others(key: int) -> ResponseReturnValue:
    """Another authority has to check a fact: the answer has longer, and whoever objected is told."""
    row, form = take("rating_objection", key), HelpForm()
    letter = rating_objection_clocks.ask_others(
        row, whom=form.whom.data or "", matter=form.matter.data or "", actor=g.actor, on=clock.today()
    )  # fmt: skip
    told = f"，印发 {letter.number}" if letter else "，请在送达答复时一并说明"
    return done(
        f"已登记请{row.assisted_by}协助核查{told}", url_for("rating_objections.show", key=key)
    )


@rating_objections.post("/rating-objections/<int:key>/uphold")
@permit(Permission.HANDLE_RATING_OBJECTION)
def uphold(key: int) -> ResponseReturnValue:
    row = take("rating_objection", key)
    opinion = request.form.get("opinion", "")
    letter = act.uphold(row, opinion=opinion, actor=g.actor, on=clock.today())
    return done(f"维持原等级，印发 {letter.number}", url_for("rating_objections.show", key=key))


@rating_objections.post("/rating-objections/<int:key>/correct")
@permit(Permission.HANDLE_RATING_OBJECTION)
def correct(key: int) -> ResponseReturnValue:
    row = take("rating_objection", key)
    form = _correction_form(row)
    if not form.validate_on_submit():
        return _page(row, form, 400)
    given = Correction(form.fact.data, form.after.data or "", form.reason.data, form.evidence.data)
    letter = act.correct(row, [given], opinion=form.opinion.data, actor=g.actor, on=clock.today())
    return done(
        f"事实已更正，印发 {letter.number}；请重新计算", url_for("rating_objections.show", key=key)
    )


@rating_objections.post("/rating-objections/<int:key>/correct-by-record")
@permit(Permission.HANDLE_RATING_OBJECTION)
def correct_by_record(key: int) -> ResponseReturnValue:
    """Records that were revoked or taken back since carry the correction; nobody types a number."""
    row = take("rating_objection", key)
    noun, opinion = request.form.get("record", ""), request.form.get("opinion", "")
    letter = act.correct_by_record(row, noun, opinion=opinion, actor=g.actor, on=clock.today())
    return done(
        f"事实已更正，印发 {letter.number}；请重新计算", url_for("rating_objections.show", key=key)
    )


@rating_objections.get("/rating-objections/<int:key>/posting")
@permit(Permission.HANDLE_RATING_OBJECTION)
def posting(key: int) -> ResponseReturnValue:
    """Name and address of whoever of the public objected, for the envelope; only for those who look into it."""
    row = look("rating_objection", key)
    permissions.require(g.actor, Permission.HANDLE_RATING_OBJECTION, row)
    answer = next(iter(documents.of("rating_objection", key)), None)
    if answer is None or answer.kind != documents.TO_THE_PUBLIC:
        abort(404)
    return _posting(row, answer, ServiceForm(formdata=None))


def _posting(row: Any, answer: Any, form: Any, status: int = 200) -> ResponseReturnValue:
    crumbs = case.crumbs("信用异议", "rating_objections.index", row.number)
    crumbs[1]["href"] = url_for("rating_objections.show", key=row.id)
    page = render_template(
        "rating_objections/posting.html",
        objection=row,
        letter=answer,
        form=form,
        today=clock.today(),
        crumbs_items=[*crumbs, {"label": "送达答复", "href": ""}],
    )
    return page, status


@rating_objections.post("/rating-objections/<int:key>/posting")
@permit(Permission.HANDLE_RATING_OBJECTION)
def post_answer(key: int) -> ResponseReturnValue:
    row, form = take("rating_objection", key), ServiceForm()
    if not form.validate_on_submit() or form.served_on.data is None:
        raise Refused("；".join(str(e) for errors in form.errors.values() for e in errors))
    if form.served_on.data > clock.today():
        raise Refused("送达日期不能晚于今天。")
    act.post_answer(
        row, on=form.served_on.data, method=form.method.data, proof=form.proof.data or "", actor=g.actor
    )  # fmt: skip
    return done("答复已登记送达", url_for("rating_objections.show", key=key))


@rating_objections.post("/rating-objections/<int:key>/withdraw")
@permit(Permission.OBJECT_TO_RATING)
def withdraw(key: int) -> ResponseReturnValue:
    act.withdraw(take("rating_objection", key), actor=g.actor, on=clock.today())
    return done("异议已撤回", url_for("rating_objections.show", key=key))
