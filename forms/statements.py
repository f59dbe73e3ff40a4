from __future__ import annotations

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import AmountField, AnswerField, Form


class FindingForm(Form):
    line = IntegerField(
        "行号", [InputRequired("请填写行号。"), NumberRange(1, 10**6, "请填写行号。")]
    )
    reason = AnswerField("拒付原因", [InputRequired("请选择拒付原因。")])
    amount = AmountField("拒付金额（元）", [InputRequired("请填写拒付金额。"), Length(max=20)])
    remark = StringField("说明", [Optional(), Length(max=300)])


class ReasonForm(Form):
    reason = TextAreaField("理由", [InputRequired("请写明理由。"), Length(max=500)])


class StrikeForm(ReasonForm):
    code = StringField("补报的人员编码", [Optional(), Length(max=32)])


class OpinionForm(Form):
    opinion = TextAreaField("复审意见", [InputRequired("请写明复审意见。"), Length(max=500)])


class DrawForm(Form):
    reason = StringField("重新抽取的理由", [Optional(), Length(max=500)])


class PaymentForm(Form):
    voucher = StringField("拨付凭证号", [InputRequired("请填写拨付凭证号。"), Length(max=100)])


class AppealForm(Form):
    text = TextAreaField("申诉说明", [Optional(), Length(max=2000)])
