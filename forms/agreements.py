from __future__ import annotations

from wtforms import BooleanField
from wtforms.validators import InputRequired

from forms.base import DayField, Form


class OfferForm(Form):
    term_from = DayField("协议起始日期", [InputRequired("请填写协议起始日期。")])


class SignForm(Form):
    read = BooleanField("我单位已逐条阅读协议，同意签署")
