"""What every counter form shares: Chinese messages, trimmed text, days and amounts typed strictly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import DateField, Field, SelectField, StringField, ValidationError
from wtforms.fields import SelectFieldBase
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.widgets import Select

OPEN = Markup('<option value="">请选择</option>')


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        locales: ClassVar[list[str]] = ["zh"]

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(unbound_field.field_class, StringField):
                filters.append(_trimmed)
            return unbound_field.bind(form=form, filters=filters, **options)


def _trimmed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.strip()


class DayField(DateField):
    """A day typed 2026-11-23; anything else is named, not guessed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError(text)
            self.data = date.fromisoformat(text)
        except ValueError:
            self.data = None
            raise ValueError(
                f"{self.label.text}“{text[:20]}”不是日期，请按 2026-11-23 的格式填写。"
            ) from None


class AmountField(StringField):
    """An amount in 元 with at most two decimals, kept in 分 as `fen`."""

    fen: int | None = None

    def pre_validate(self, form: Any) -> None:
        text = (self.data or "").replace(",", "")
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", text):
            raise ValidationError(f"{self.label.text}应为金额（元），最多两位小数。")
        whole, _, cents = text.partition(".")
        self.fen = int(whole) * 100 + int(cents.ljust(2, "0") or 0)


class OpenSelect(Select):
    """A select that opens on 请选择, which is no answer; groups of options stay as they are."""

    def __call__(self, field: SelectFieldBase, **kwargs: Any) -> Markup:
        head, bracket, rest = super().__call__(field, **kwargs).partition(">")
        return Markup("{}{}{}{}").format(head, bracket, OPEN, rest)


class AnswerField(SelectField):
    """What a person decides: nothing is preselected, so that nobody decides by not looking."""

    widget = OpenSelect()


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Pairs of value and label as the options of a select field."""
    return [SelectChoice(value=str(value), label=label) for value, label in pairs]
