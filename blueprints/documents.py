"""公文文书: the register, each letter's only bytes, its service."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import batches, letters, service
from blueprints import files, letter_lists, typed, worklist
from blueprints.access import done, look, opens, permit, take
from blueprints.sheets import sheet
from forms.documents import AnnounceForm, ServiceForm
from queries import credit_subjects, cycle_archives, cycles, timeline
from queries import documents as ask
from queries import service as ask_service
from queries.paging import Asked, asked
from rules import event_words
from rules import service as rule
from rules.permissions import Permission, may
from rules.refusal import Refused
from rules.service import BY_HAND, METHODS

documents = Blueprint("documents", __name__)
NARROWED = ("q", "kind", "served", "cycle")
PAGES = {**worklist.PAGES, "rating": "ratings.show", "suspension": "suspensions.show"}
COLUMNS = ["文号", "文书名称", "送达对象", "印发日期", "送达日期", "送达方式"]


@documents.get("/documents")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    given, cycle = asked(request.args), _cycle()
    rows, page = ask.page(g.actor, given, cycle_archives.untold(cycle) if cycle else None)
    if given.word("format"):
        cells = [
            [r.number, r.title, r.recipient, r.issued_on, r.served_on, r.service_method]
            for r in rows
        ]
        return sheet("公文文书", COLUMNS, cells)
    served = [("no", "未送达"), ("yes", "已送达")]
    return render_template(
        "letters/list.html",
        heading="公文文书",
        filters=[
            {
                "name": "q",
                "label": "关键字",
                "type": "text",
                "value": given.q,
                "placeholder": "文号/名称/机构",
            },
            files.select_filter("kind", "文书", given.word("kind"), letters.titles()),
            files.select_filter("served", "送达", given.word("served"), served),
        ],
        applied=[{"label": "未告知的等级", "value": cycle.name, "href": url_for("documents.index")}]
        if cycle
        else [],
        rows=rows,
        page=page,
        verbs=_batches(given),
        exportable=True,
        printed={"by": g.actor.name, "at": clock.now()},
    )


def _cycle() -> Any:
    """The cycle whose grades nobody has been told yet; one that is not this person's to see is not found."""
    key = request.args.get("cycle", type=int)
    return None if key is None else cycles.find(key, g.actor) or abort(404)


def _batches(given: Asked) -> list[dict[str, Any]]:
    """What is done with chosen letters, for whoever may; the filter goes along."""
    if not may(g.actor, Permission.RECORD_SERVICE):
        return []
    chosen: dict[str, Any] = {n: given.word(n) for n in NARROWED if given.word(n)}
    verbs = (("print", "印制"), ("serve", "电子送达"))
    return [
        {"label": label, "href": url_for("documents.prepare", do=kind, **chosen)}
        for kind, label in verbs
    ]


@documents.post("/documents/batches")
@permit(Permission.RECORD_SERVICE)
def prepare() -> ResponseReturnValue:
    """The ticked letters, or all of the filter, as a batch that waits to be confirmed: printed, or served."""
    kind = request.args.get("do", "print")
    if kind not in ("print", "serve"):
        abort(404)
    cycle = _cycle()
    narrowed = cycle_archives.untold(cycle) if cycle else None
    rows, _ = ask.page(g.actor, asked({**request.args, "format": "all"}), narrowed)
    if request.form.get("which") != "all":
        ticked = set(typed.keys(request.form.getlist("id")))
        rows = [row for row in rows if row.id in ticked]
    items = letter_lists.items(reversed(rows))
    batch = batches.prepare(kind, items, actor=g.actor, on=clock.today())
    return done(f"已列出 {len(items)} 件，请核对后确认", url_for("batches.show", key=batch.id))


@documents.get("/documents/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    row = _letter(key)
    today, since = clock.today(), row.announced_on
    return render_template(
        "letters/show.html",
        document=row,
        matter=_matter(row),
        events=timeline.of([("document", row.id)]),
        methods=METHODS,
        form=ServiceForm(),
        announce_form=AnnounceForm(since=today),
        announcement=rule.announcement(today),
        announced_until=ask.announced_until(since) if since else None,
        consent=ask_service.consent(row.institution_id, today),
        today=today,
    )


def _matter(row: Any) -> tuple[str, str]:
    """What the letter is about, and the address of its page if it has one that opens for whoever looks."""
    endpoint = PAGES.get(row.subject, "")
    href = url_for(endpoint, key=row.subject_id) if endpoint and opens(endpoint) else ""
    return event_words.subject(row.subject), href


def _letter(key: int) -> Any:
    """In scope, and of no case in which this person stepped aside; else 404."""
    row = look("document", key)
    return row if ask.is_open(row, g.actor) else abort(404)


@documents.get("/documents/<int:key>/file.pdf")
@permit(Permission.VIEW_BUSINESS)
def file(key: int) -> ResponseReturnValue:
    """The letter. On first need its bytes are made and stored; from then on only read."""
    return files.letter(key, _letter)


@documents.post("/documents/<int:key>/service")
@permit(Permission.RECORD_SERVICE)
def serve(key: int) -> ResponseReturnValue:
    row = take("document", _letter(key).id)
    form = ServiceForm()
    if not form.validate_on_submit() or form.served_on.data is None:
        raise Refused("；".join(str(e) for errors in form.errors.values() for e in errors))
    if form.served_on.data > clock.today():
        raise Refused("送达日期不能晚于今天。")
    if row.institution_id is None and form.method.data == BY_HAND:
        credit_subjects.require_same(ask.rating_of(row), form.id_number.data or "")
    service.serve(
        row,
        actor=g.actor,
        on=form.served_on.data,
        method=form.method.data,
        proof=form.proof.data or "",
    )
    return done(f"{row.number} 已登记送达", url_for("documents.show", key=key))


@documents.post("/documents/<int:key>/announcement")
@permit(Permission.RECORD_SERVICE)
def announce(key: int) -> ResponseReturnValue:
    """Service by public notice: it counts as served when its days are over."""
    row = take("document", _letter(key).id)
    form: Any = AnnounceForm()
    if not form.validate_on_submit():
        raise Refused("；".join(str(e) for errors in form.errors.values() for e in errors))
    due = service.announce(
        row,
        since=form.since.data,
        where=form.where.data,
        reason=form.reason.data,
        actor=g.actor,
        on=clock.today(),
    )
    return done(f"{row.number} 公告送达，到 {due} 视为送达", url_for("documents.show", key=key))


@documents.get("/documents/<int:key>/receipt.pdf")
@permit(Permission.RECORD_SERVICE)
def receipt(key: int) -> ResponseReturnValue:
    """送达回证 to be signed by whoever receives the letter."""
    row = _letter(key)
    content = letters.receipt(row, actor=g.actor)
    return files.send(content, f"送达回证 {row.number}.pdf", "application/pdf", inline=True)
