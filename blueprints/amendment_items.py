"""One changed fact on either side's pages: its form, its paper, taking it out again."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue

import clock
from actions import amendment_items as act
from blueprints import files
from blueprints.access import done, look, take
from forms.amendments import OPTIONS, item_form
from queries import amendments as ask
from queries import registered
from rules import amendments as rule


def page(key: int, field: str, back: str, template: str) -> ResponseReturnValue:
    """The form of one fact; posted, it puts the change to the request and leads back."""
    row, on = look("amendment", key), clock.today()
    if row.state not in act.OWN:
        abort(404)
    family = row.institution.kind.family
    listed = rule.named(field, on, family)
    item = _put(row, field)
    form = item_form(listed.shape, field, **_given(item, field))
    if form.validate_on_submit():
        return _store(key, field, form, back)
    context = {
        "listed": listed, "item": item, "form": form, "back": back, "amendment": row,
        "old": registered.present(row.institution, field).text,
        "effect": rule.effect(field, on, family),
    }  # fmt: skip
    return render_template(template, **context), 400 if form.errors else 200


def _store(key: int, field: str, form: Any, back: str) -> ResponseReturnValue:
    upload = files.upload_of(form.file.data) if form.file.data else None
    change = act.Change(
        field=field,
        new=form.new.data or "",
        authority=form.authority.data or "",
        document_number=form.document_number.data or "",
        approved_on=form.approved_on.data,
        effective_on=form.effective_on.data,
        id_number=form.id_number.data or "" if "id_number" in form else "",
    )
    item = act.put(take("amendment", key), change, upload, actor=g.actor, on=clock.today())
    return done(f"已填写{item.label}的变更", back)


def _given(item: Any, field: str) -> dict[str, Any]:
    """What was put before. Whole numbers are typed again, they are never sent to a page."""
    if item is None:
        return {}
    labels = {label: word for word, label in OPTIONS.get(field, [])}
    given = {
        "authority": item.authority,
        "document_number": item.document_number,
        "approved_on": item.approved_on,
        "effective_on": item.effective_on if item.effective_on != item.approved_on else None,
    }
    if field != "bank_account":
        given["new"] = labels.get(item.new_text, item.new_text)
    return given


def drop(key: int, field: str, back: str) -> ResponseReturnValue:
    row = take("amendment", key)
    item = _put(row, field) or abort(404)
    act.drop(row, item, actor=g.actor)
    return done(f"已删除{item.label}的变更", back)


def file(row: Any, field: str) -> ResponseReturnValue:
    item = _put(row, field)
    if item is None:
        abort(404)
    return files.handed_in(item)


def _put(row: Any, field: str) -> Any:
    return next(
        (one["item"] for one in ask.open_choices(row, clock.today()) if one["field"] == field), None
    )
