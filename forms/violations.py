from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import AmountField, AnswerField, DayField, Form, choices
from rules.ladder import CaseSource


class CaseForm(Form):
    source = AnswerField(
        "来源",
        [InputRequired("请选择来源。")],
        choices=choices((one.value, one.label) for one in CaseSource),
    )
    source_text = StringField(
        "来源编号", [Optional(), Length(max=200)], description="检查通知书、审核单或者来函的编号。"
    )
    ground = AnswerField(
        "对协议的处理和情形",
        [InputRequired("请选择情形。")],
        description="约谈、追回等其他措施在登记以后拟定。",
    )
    found_on = DayField("发现日期", [InputRequired("请填写发现日期。")])
    facts_text = TextAreaField(
        "查实的事实", [InputRequired("请写明查实的事实。"), Length(max=5000)]
    )
    from_on = DayField("拟生效日期", [Optional()], description="不填的，自决定之日起。")
    to_on = DayField(
        "中止截止日期", [Optional()], description="只用于中止；不填的，至整改合格恢复之日止。"
    )
    amount = AmountField("涉及金额（元）", [Optional(), Length(max=20)])


class OpinionForm(Form):
    opinion = TextAreaField("意见", [InputRequired("请填写意见。"), Length(max=2000)])


class ApproveForm(OpinionForm):
    ban_class = SelectField("限制类别", [Optional()], validate_choice=False)
    obligation = StringField(
        "尚未履行的责任",
        [Length(max=200)],
        description="如罚款、违约金未缴清。履行完毕前，限制期满也不受理申请。",
    )


class EffectForm(Form):
    choice = SelectField("处理方式", [InputRequired("请选择处理方式。")], validate_choice=False)
    reason = StringField("理由或者收函机构", [Optional(), Length(max=300)])


class MinutesForm(Form):
    minutes = TextAreaField("讨论记录", [InputRequired("请写明内容。"), Length(max=5000)])
