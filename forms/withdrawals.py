from __future__ import annotations

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from forms.base import DayField, Form


class RequestForm(Form):
    """Which day is needed depends on the act; the rule says so when it is missing."""

    act = HiddenField("申请事项")
    from_on = DayField("计划起始日期")
    to_on = DayField("中止截止日期")
    reason = TextAreaField(
        "申请的理由",
        [DataRequired("请写明申请的理由。"), Length(max=2000, message="理由最多 2000 字。")],
    )


class AnswerForm(Form):
    opinion = TextAreaField("答复意见", [Optional(), Length(max=1000)])
