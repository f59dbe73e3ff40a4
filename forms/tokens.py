from __future__ import annotations

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import DayField, Form, choices
from rules.api_scopes import AGENCY, Scope


class MultiCheckboxField(SelectMultipleField):
    """Several answers, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TokenForm(Form):
    @property
    def sender(self) -> str:
        """Whose statements the key hands in; both ways at once are refused by the rule."""
        named = str(self.institution.data or "").strip()
        return AGENCY if self.agency.data and not named else named

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
    institution = StringField(
        "报送机构的医保编码",
        [Optional(), Length(max=20)],
        description="报送费用申报的令牌写明一家机构，只能报送该机构的申报。",
    )
    agency = BooleanField("经办机构自己的系统（报送本统筹区各机构的申报）")
    expires_on = DayField(
        "有效期至", [InputRequired("请填写截止日期。")], description="最长一年，到期重新签发。"
    )
