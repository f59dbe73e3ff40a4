from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import Form


class RequestForm(Form):
    text = TextAreaField("整改情况", [InputRequired("请写明整改情况。"), Length(max=5000)])


class DecisionForm(Form):
    opinion = TextAreaField("核查意见", [InputRequired("请写明核查意见。"), Length(max=200)])
