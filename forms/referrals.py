from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import DayField, Form, choices


class DraftForm(Form):
    authority = SelectField("受移送机关的类别", [InputRequired("请选择受移送机关的类别。")])
    name = StringField("受移送机关名称", [InputRequired("请填写受移送机关名称。"), Length(max=200)])
    institution = BooleanField("移送机构")
    persons = IntegerField("移送人数", [Optional(), NumberRange(0, 999)])
    facts_text = TextAreaField(
        "移送的事实和理由", [InputRequired("请写明移送的事实和理由。"), Length(max=5000)]
    )
    materials = TextAreaField(
        "材料清单",
        [InputRequired("请填写材料清单。"), Length(max=3000)],
        description="每行一项，份数写在最后，用空格隔开，如“询问笔录 3”；不写的按 1 份。",
    )

    def offer(self, authorities: Any) -> None:
        self.authority.choices = choices([("", "请选择"), *authorities])


class ReceiptForm(Form):
    receipt_on = DayField("回执日期", [InputRequired("请填写回执日期。")])
    number = StringField("回执编号", [InputRequired("请填写回执编号。"), Length(max=100)])


class ResultForm(Form):
    result_on = DayField("处理日期", [InputRequired("请填写处理日期。")])
    number = StringField("处理文号", [Optional(), Length(max=100)])
    text = TextAreaField("处理结果", [InputRequired("请写明处理结果。"), Length(max=3000)])


class ReasonForm(Form):
    reason = StringField("理由", [InputRequired("请填写内容。"), Length(max=500)])
