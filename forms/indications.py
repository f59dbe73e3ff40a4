from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from forms.base import AnswerField, DayField, Form


class NoteForm(Form):
    ground = AnswerField("指向的情形", [InputRequired("请选择情形。")])
    found_on = DayField("发现日期", [InputRequired("请填写发现日期。")])
    facts_text = TextAreaField("发现的事实", [DataRequired("请写明发现的事实。"), Length(max=2000)])


class ReasonForm(Form):
    reason = TextAreaField("理由", [DataRequired("请写明理由。"), Length(max=500)])
