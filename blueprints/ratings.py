"""信用评级: the board, the list behind every number, and one rating explained down to its evidence."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
import formatting
from blueprints import case, evidence, lists
from blueprints import rating_tables as tables
from blueprints.access import permit
from queries import (
    credit_subjects,
    documents,
    grade_changes,
    grade_standing,
    proposals,
    rating_boards,
    rating_details,
    rating_objections,
    reaches,
)
from queries import cycles as ask_cycles
from queries import ratings as ask
from queries.paging import Asked, asked
from rules import peers
from rules.credit_subjects import CreditSubject
from rules.lifecycle import CYCLE, RATING_OBJECTION
from rules.lifecycles_credit import VALID
from rules.permissions import Permission, may

ratings = Blueprint("ratings", __name__)
COLUMNS = [
    "名次", "机构名称", "医保编码", "同类机构", "得分", "等级", "上期等级", "主要失分事项",
]  # fmt: skip
PERSONS = {"机构名称": "姓名", "同类机构": "同类人员"}
LACKING = {  # who has no code, or stands in no group
    CreditSubject.INSURED_PERSON: {"医保编码", "同类机构"},
    CreditSubject.LEGAL_REPRESENTATIVE: {"医保编码"},
}
ALL_KINDS = [("", "全部类型"), *ask.KINDS]


@ratings.get("/ratings")
@permit(Permission.VIEW_BUSINESS)
def index() -> ResponseReturnValue:
    if request.args.get("view") == "list":
        return listing()
    return board()


def board() -> ResponseReturnValue:
    """The board of the cycle and kind asked for."""
    cycle, given = cycle_asked(), asked(request.args)
    if cycle is None:
        return render_template("ratings/board.html", heading="信用评级看板", start=_start())
    shown = rating_boards.board(cycle, narrowed(given))
    return render_template("ratings/board.html", **frame(shown, given), **_charts(shown))


def narrowed(given: Asked) -> Asked:
    """Only what narrows the whole board: the kind and the area."""
    return Asked(words={name: given.word(name) for name in rating_boards.NARROWING})


def cycle_asked() -> Any:
    """The cycle asked for; one that is not this person's to see is not found."""
    key = request.args.get("cycle", type=int)
    found = ask_cycles.chosen(key, g.actor)
    if key is not None and (found is None or found.id != key):
        abort(404)
    return found


def _start() -> dict[str, str] | None:
    if may(g.actor, Permission.START_CYCLE):
        return {"href": url_for("cycles.new"), "label": "开展信用评价"}
    return None


def frame(shown: rating_boards.Board, given: Asked) -> dict[str, Any]:
    """Heading, filters, and what stands on paper."""
    cycle, kind, area = shown.cycle, given.word("kind"), given.word("area")
    asked_for = "，".join([dict(ALL_KINDS).get(kind, "全部类型"), *([area] if area else [])])
    scheme = f"{shown.scheme.label}（{shown.scheme.edition}版）"
    return {
        "heading": f"信用评级看板　{cycle.name}",
        "cycle": cycle,
        "state": CYCLE.states[cycle.state],
        "filters": [_cycle_filter(cycle.id), *_narrowing(cycle, kind, area)],
        "conditions": f"{cycle.name}（{cycle.from_on} 至 {cycle.to_on}），{asked_for}，方案 {scheme}",
        "printed": {"by": g.actor.name, "at": clock.now()},
    }


def _narrowing(cycle: Any, kind: str, area: str) -> list[dict[str, Any]]:
    """Kind and area of institutions; an area only where there are several."""
    if cycle.of_persons:
        return []
    found = [{"name": "kind", "label": "类型", "options": ALL_KINDS, "value": kind}]
    places = rating_boards.divisions(cycle)
    if len(places) > 1 or area:
        options = [("", "全部辖区"), *((place, place) for place in places)]
        found.append({"name": "area", "label": "辖区", "options": options, "value": area})
    return found


def _cycle_filter(key: int) -> dict[str, Any]:
    options = [(row.id, _named(row)) for row in ask_cycles.visible(g.actor)]
    return {"name": "cycle", "label": "评价周期", "options": options, "value": key}


def _named(cycle: Any) -> str:
    label = CYCLE.states[cycle.state].label
    return cycle.name if cycle.state in VALID else f"{cycle.name}（{label}）"


def _charts(shown: rating_boards.Board) -> dict[str, Any]:
    moved = rating_boards.changes(shown)
    links = evidence.links([{"evidence": one.evidence} for one in moved])
    number = shown.up + shown.down
    one, radar = beside_peers(shown, moved)
    words: dict[str, Any] = dict(shown.narrowed)
    return {
        "colours": formatting.grade_colours(len(shown.keys)),
        "radar": radar,
        "radar_name": one,
        "brief_href": url_for("dashboards.brief", cycle=shown.cycle.id, **words),
        "kpis": tables.kpis(shown),
        "distribution": tables.distribution(shown),
        "by_kind": tables.by_group(shown),
        "trend": tables.trend(shown),
        "migration": tables.migration(shown),
        "changes": tables.changes(shown, moved, links),
        "changes_more": {
            "href": tables.to_list(shown, change="changed"),
            "label": f"全部 {number} {shown.cycle.unit}",
        },
        "first": not shown.met_before,
        "areas": tables.areas(shown),
        "grade_href": tables.to_list(shown, grade="%s").replace("%25s", "%s"),
    }


def beside_peers(
    shown: rating_boards.Board, moved: list[rating_boards.Change]
) -> tuple[str, dict[str, Any] | None]:
    """The subject asked for beside the mean of its peers; else the one whose score moved most, else the lowest."""
    key = request.args.get("rating", type=int)
    entries = {entry.id: entry for entry in shown.entries}
    most = max(moved, key=lambda one: abs(one.difference), default=None)
    last = shown.entries[-1] if shown.entries else None
    entry = entries.get(key or 0) or (most.entry if most else last)
    rating = ask.find(entry.id, g.actor) if entry else None
    if rating is None:
        return "", None
    return rating.name, tables.radar(rating_details.detail(rating), rating.name)


@ratings.get("/ratings/list")
@permit(Permission.VIEW_BUSINESS)
def listing() -> ResponseReturnValue:
    cycle, given = cycle_asked(), asked(request.args)
    if cycle is None:
        return render_template("ratings/board.html", heading="信用评级", start=_start())
    rows, page = ask.page(cycle, given)
    scheme = ask_cycles.scheme_of(cycle)
    names = {grade.key: grade.label for grade in scheme.grades}
    lines = ask.lines_of([row.id for row in rows])
    losses = {key: rating_boards.main_loss(own) for key, own in lines.items()}
    lacking = LACKING.get(cycle.subject, set())
    shown = [column for column in COLUMNS if column not in lacking]
    return lists.answer(
        "ratings/list.html",
        f"信用等级　{cycle.name}",
        given,
        rows,
        page,
        cells=(_cells(row, names, losses[row.id], shown) for row in rows),
        head=[PERSONS.get(one, one) for one in shown] if cycle.of_persons else shown,
        shown=shown,
        title=f"信用等级{cycle.name}",
        cycle=cycle,
        state=CYCLE.states[cycle.state],
        filters=_filters(cycle, given, names),
        applied=_applied(given, names),
        names=names,
        tones=ask.tones(scheme),
        losses=losses,
        marked=rating_objections.marked([row.id for row in rows]),
    )


def _cells(row: ask.Entry, names: dict[str, str], loss: str, shown: list[str]) -> list[Any]:
    grade, before = names[row.grade], names.get(row.before or "", "")
    cells = [row.rank, row.name, row.code, row.peers.label, row.score, grade, before, loss]
    return [cell for column, cell in zip(COLUMNS, cells, strict=True) if column in shown]


def _filters(cycle: Any, given: Asked, names: dict[str, str]) -> list[dict[str, Any]]:
    groups = [(group.key, group.label) for group in peers.GROUPS]
    selects: list[lists.Choice] = [
        lists.KIND, ("peers", "同类", groups), ("grade", "等级", list(names.items())),
        ("before", "上期", list(names.items())), ("change", "变动", ask.CHANGES),
    ]  # fmt: skip
    if cycle.of_persons:  # in no group of institutions
        selects = [one for one in selects if one[0] not in ("kind", "peers")]
    hint = "姓名/编码" if cycle.of_persons else "机构/编码/拼音"
    text, *chosen = lists.filters(given, hint, *selects)
    return [text, _cycle_filter(cycle.id) | {"type": "select"}, *chosen]


def _applied(given: Asked, names: dict[str, str]) -> list[dict[str, str]]:
    """Filters the selects cannot show: several grades at once, an area."""
    found = []
    if "," in given.word("grade"):
        said = "、".join(names.get(key, key) for key in given.word("grade").split(","))
        found.append({"name": "grade", "label": "等级", "value": said})
    if given.word("area"):
        found.append({"name": "area", "label": "辖区", "value": given.word("area")})
    return [{**one, "href": _without(one["name"])} for one in found]


def _without(name: str) -> str:
    words: dict[str, Any] = {
        key: value
        for key, value in request.args.items()
        if key not in {name, "page", "key", "endpoint"} and not key.startswith("_")
    }
    return url_for("ratings.listing", **words)


@ratings.get("/ratings/<int:key>")
@permit(Permission.VIEW_BUSINESS)
def show(key: int) -> ResponseReturnValue:
    rating = ask.find(key, g.actor) or abort(404)
    found = rating_details.detail(rating)
    crumbs = case.crumbs("信用评级", "ratings.index", rating.name)
    list_href = url_for("ratings.listing", cycle=rating.cycle_id)
    return render_template(
        "ratings/show.html",
        rating=rating,
        cycle=rating.cycle,
        state=CYCLE.states[rating.cycle.state],
        detail=found,
        grade=found.scheme.grade(rating.grade),
        names={grade.key: grade.label for grade in found.scheme.grades},
        tones=ask.tones(found.scheme),
        identity=_identity(rating),
        links=evidence.links(
            rating.lines,
            institution_id=rating.institution_id,
            person_index=rating.person_index,
        ),
        losses=rating_details.losses(rating.lines),
        radar=tables.radar(found, rating.name),
        advice=reaches.of_rating(rating, on=clock.today()),
        proposals=proposals.of_rating(rating.id),
        uses=ask_cycles.uses_of(
            found.scheme, rating.grade, rating.cycle.published_on or clock.today()
        ),
        letters=documents.of("rating", rating.id),
        **_since(rating),
        crumbs_items=[crumbs[0], {"label": rating.cycle.name, "href": list_href}, crumbs[1]],
    )


def _since(rating: Any) -> dict[str, Any]:
    """What was objected and what was changed since; `now` is the grade in force where this rating gives it."""
    on = clock.today()
    if rating.institution_id:
        standing = ask.standing(rating.institution_id, on=on)
    else:
        standing = grade_standing.of_rating(rating, on=on)
    return {
        "place": credit_subjects.addressee(rating),
        "now": standing if standing and standing.rating.id == rating.id else None,
        "open_own": rating_objections.open_own(rating.id) is not None,
        "marked": bool(rating_objections.marked([rating.id])),
        "objections": rating_objections.of_rating(rating.id),
        "objection_states": RATING_OBJECTION.states,
        "changes": [grade_changes.row_of(row) for row in grade_changes.of_rating(rating.id)],
    }


def _identity(rating: Any) -> list[dict[str, str]]:
    """Who this is about. Of a person known only by an index nothing is shown but name and group."""
    if rating.institution is not None:
        return case.identity(rating.institution)
    code = rating.practitioner.code if rating.practitioner else ""
    facts = [
        {"label": "医保编码", "value": code},
        {"label": "评价对象", "value": CreditSubject(rating.cycle.subject).label},
        {"label": "类别", "value": rating.peer_group},
    ]
    return [fact for fact in facts if fact["value"]]
