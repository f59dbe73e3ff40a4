from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from forms.base import AnswerField, DayField, Form


class ReceiptForm(Form):
    letter_number = StringField("来函文号", [DataRequired("请填写来函文号。"), Length(max=100)])
    agency = StringField("来函的经办机构", [DataRequired("请填写来函机构。"), Length(max=200)])
    measure = AnswerField("对方作出的处理", [InputRequired("请选择处理。")])
    decided_on = DayField("对方决定日期", [InputRequired("请填写决定日期。")])
    received_on = DayField("收函日期", [InputRequired("请填写收函日期。")])
    ground_text = TextAreaField(
        "对方认定的情形", [DataRequired("请写明对方认定的情形。"), Length(max=2000)]
    )
