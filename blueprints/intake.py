"""受理前的核对: conditions, grounds of refusal and papers of an application, and the letters a decision would send."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import intake_letters, verifications
from blueprints import case, files
from blueprints.access import done, look, permit, take
from queries import applications as ask
from queries import conditions, lookalikes, material_files, refusals
from rules.checks import CONDITION_WORDS, GROUND_WORDS, LIGHTS, PERSON, Line, Result
from rules.permissions import Permission
from rules.refusal import Refused

intake = Blueprint("intake", __name__)

RESULTS = {str(one): one for one in Result}
PHRASES = ("经核对申请材料，与原件一致。", "现场查看属实。", "申请材料和现场查看均未发现。")


@intake.get("/applications/<int:key>/conditions")
@permit(Permission.VIEW_BUSINESS)
def conditions_page(key: int) -> ResponseReturnValue:
    application = look("application", key)
    lines = conditions.of(application, on=clock.today())
    return render_template(
        "applications/conditions.html",
        lines=[shown(line, CONDITION_WORDS) for line in lines],
        papers={row.item: row for row in application.materials},
        **_frame(application, "申请条件核验"),
    )


@intake.get("/applications/<int:key>/refusal-checks")
@permit(Permission.VIEW_BUSINESS)
def refusal_checks(key: int) -> ResponseReturnValue:
    """Screen 6: each ground with its result, and person by person what was found where."""
    application, on = look("application", key), clock.today()
    grounds = refusals.check(application, on)
    return render_template(
        "applications/refusal_checks.html",
        grounds=[(shown(one.line, GROUND_WORDS, one.result), one.hits) for one in grounds],
        holders=refusals.holders(application.institution, on),
        alike=lookalikes.resembling(application.institution, on),
        **_frame(application, "不予受理核对"),
    )


def shown(line: Line, words: dict[Result, str], result: Result | None = None) -> dict[str, Any]:
    """A line as its table shows it: the result in the words of conditions or of grounds."""
    found = result or line.result
    return {
        "line": line,
        "light": {"state": LIGHTS[found], "text": words[found]},
        "open": line.check == PERSON,
        "said": line.result if line.by else None,
        "choices": [(str(one), words[one]) for one in (Result.FINE, Result.AGAINST)],
    }


def _frame(application: Any, title: str) -> dict[str, Any]:
    here = url_for("applications.show", key=application.id)
    return {
        "subject": application,
        "title": title,
        "identity": case.identity(application.institution, application.number, "受理号"),
        "state": ask.badge(application.state),
        "crumbs_items": [
            {"label": "定点申请", "href": url_for("applications.index")},
            {"label": application.number, "href": here},
            {"label": title, "href": ""},
        ],
        "phrases": PHRASES,
        "today": clock.today(),
    }


@intake.post("/applications/<int:key>/verify")
@permit(Permission.CHECK_MATERIAL)
def verify(key: int) -> ResponseReturnValue:
    """What the clerk found, for as many lines as were filled in."""
    application = take("application", key)
    number = verifications.state(application, _found(), actor=g.actor, on=clock.today())
    page = request.form.get("page", "")
    back = "intake.refusal_checks" if page == "refusal_checks" else "intake.conditions_page"
    message = f"已保存 {number} 项核验结果" if number else "没有新的核验结果"
    return done(message, url_for(back, key=key))


def _found() -> list[verifications.Found]:
    found = []
    for name, word in request.form.items():
        if name.startswith("result_") and word:
            item = name.removeprefix("result_")
            if word not in RESULTS:
                abort(400)
            fact, remark = (request.form.get(f"{part}_{item}", "") for part in ("fact", "remark"))
            found.append(verifications.Found(item, RESULTS[word], fact[:1000], remark[:500]))
    return found


@intake.get("/applications/<int:key>/materials")
@permit(Permission.VIEW_BUSINESS)
def materials_page(key: int) -> ResponseReturnValue:
    """Screen 5: the list at the left, the file at the right; of a supplemented item old and new side by side."""
    application = look("application", key)
    rows = application.materials
    asked = request.args.get("item", type=int)
    chosen = next((row for row in rows if row.id == asked), None) or material_files.first(rows)
    return render_template(
        "applications/materials.html",
        materials=ask.materials(application),
        materials_note=ask.materials_note(application),
        chosen=chosen,
        compared=material_files.compared(chosen),
        following=material_files.following(rows, chosen),
        **_frame(application, "材料审核"),
    )


@intake.get("/applications/<int:key>/files/<int:file>")
@permit(Permission.VIEW_BUSINESS)
def material_file(key: int, file: int) -> ResponseReturnValue:
    """Any edition of a paper, to be looked at in the page or, with `download`, to be kept."""
    return files.edition(look("application", key), file, inline="download" not in request.args)


@intake.get("/applications/<int:key>/preview/<kind>.pdf")
@permit(Permission.CHECK_MATERIAL)
def preview(key: int, kind: str) -> ResponseReturnValue:
    """The letter that this decision would send, from the same facts, without a number."""
    application = look("application", key)
    if kind not in intake_letters.PREVIEWED:
        abort(404)
    if kind == "supplement" and not any(row.state == "returned" for row in application.materials):
        raise Refused("没有被退回的材料，补正告知书没有内容可以预览。")
    ground, reason = request.args.get("ground", ""), request.args.get("reason", "")
    content = intake_letters.preview(
        kind, application, actor=g.actor, on=clock.today(), ground=ground, reason=reason[:1000]
    )
    return files.send(content, f"预览-{application.number}.pdf", "application/pdf", inline=True)
