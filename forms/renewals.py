from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from forms.base import AnswerField, DayField, Form, choices

ADVICE = [("renew", "续签"), ("not_renew", "不予续签")]


class RenewalForm(Form):
    """The institution's application. What it once stated of an earlier agreement is not filled in again."""

    statement = TextAreaField(
        "协议履行情况",
        [DataRequired("请写明本协议期的履行情况。"), Length(max=2000, message="最多 2000 字。")],
    )
    true = BooleanField("以上内容真实", [InputRequired("请确认内容真实后再提交。")])


class OpinionForm(Form):
    decision = AnswerField(
        "评议意见", [InputRequired("请选择续签或者不予续签。")], choices=choices(ADVICE)
    )
    opinion = TextAreaField("意见和理由", [Length(max=1000, message="最多 1000 字。")])


class DecisionForm(OpinionForm):
    """The same two fields under the words of whoever decides."""

    decision = AnswerField(
        "决定", [InputRequired("请选择续签或者不予续签。")], choices=choices(ADVICE)
    )
    opinion = TextAreaField("理由", [Length(max=1000, message="最多 1000 字。")])


class SendBackForm(Form):
    reason = TextAreaField(
        "退回的理由",
        [DataRequired("请写明退回的理由。"), Length(max=500, message="最多 500 字。")],
    )


class CampaignForm(Form):
    name = StringField("行动名称", [DataRequired("请填写行动名称。"), Length(max=100)])
    family = SelectField(
        "检查对象", choices=choices([("pharmacy", "零售药店"), ("medical", "医疗机构")])
    )
    subject_text = TextAreaField(
        "检查内容", [DataRequired("请写明检查内容。"), Length(max=2000, message="最多 2000 字。")]
    )
    basis = StringField("依据文件", [Length(max=200)])
    from_on = DayField("开始日期", [InputRequired("请填写开始日期。")])
    due_on = DayField("清除期限", [InputRequired("请填写清除期限。")])


class ResultForm(Form):
    code = StringField("机构医保编码", [DataRequired("请填写机构医保编码。"), Length(max=32)])
    checked_on = DayField("检查日期", [InputRequired("请填写检查日期。")])
    found_text = TextAreaField(
        "发现的问题",
        [Length(max=1000, message="最多 1000 字。")],
        description="没有发现问题的留空，记为通过。",
    )
    due_on = DayField("清除期限", description="发现问题的必填，没有填写时按行动的清除期限。")


class ClearForm(Form):
    cleared_on = DayField("清除日期", [InputRequired("请填写清除日期。")])
    proof = StringField("核实凭证", [DataRequired("请写明核实凭证。"), Length(max=200)])
