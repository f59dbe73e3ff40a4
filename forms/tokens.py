from __future__ import annotations

from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import DayField, Form, choices
from rules.api_scopes import Scope


class MultiCheckboxField(SelectMultipleField):
    """Several answers, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TokenForm(Form):
    name = StringField(
        "名称",
        [InputRequired("请写明哪个系统使用、做什么用。"), Length(max=100)],
        description="写明使用的系统和用途，如 示例县结算系统查询。",
    )
    scopes = MultiCheckboxField(
        "可以做什么",
        [InputRequired("请选择可以做什么。")],
        choices=choices((str(scope), scope.label) for scope in Scope),
    )
    expires_on = DayField(
        "有效期至", [InputRequired("请填写截止日期。")], description="最长一年，到期重新签发。"
    )
