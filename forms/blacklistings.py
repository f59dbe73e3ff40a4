from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form, choices


class ProposalForm(Form):
    subject = SelectField("对象", [InputRequired("请选择对象。")])
    person = SelectField(
        "人员",
        [Optional()],
        description="对象为法定代表人等或者相关人员的，从本机构的任职、登记人员中选择。",
    )
    name = StringField("参保人员姓名", [Optional(), Length(max=64)])
    id_number = StringField(
        "参保人员证件号码",
        [Optional(), Length(max=18)],
        description="只留存遮盖后的号码和不可还原的检索值。",
    )
    ground = SelectField("情形", [InputRequired("请选择情形。")])
    facts_text = TextAreaField("事实和证据", [InputRequired("请写明事实。"), Length(max=5000)])
    evidence = StringField(
        "案件、处罚编号", [Optional(), Length(max=300)], description="多个编号用顿号隔开。"
    )
    act_ended_on = DayField(
        "失信行为终止日期",
        [InputRequired("请填写失信行为终止日期。")],
        description="公示的最长期限从这一天起算。",
    )

    def offer(self, subjects: Any, grounds: Any, people: dict[str, Any]) -> None:
        """`people`: by subject, (key, name); the value of an option says both."""
        self.subject.choices = choices([("", "请选择"), *subjects])
        self.ground.choices = choices([("", "请选择"), *grounds])
        named = [(f"{who}:{key}", label) for who, rows in people.items() for key, label in rows]
        self.person.choices = choices([("", "不适用"), *named])


class TextForm(Form):
    text = TextAreaField("内容", [InputRequired("请填写内容。"), Length(max=3000)])


class ReasonForm(Form):
    reason = TextAreaField("理由", [InputRequired("请填写理由。"), Length(max=500)])


class RequestForm(Form):
    correction = TextAreaField(
        "纠正情况和证明", [InputRequired("请写明怎样纠正了失信行为。"), Length(max=3000)]
    )
    corrected_on = DayField("纠正日期", [InputRequired("请填写纠正日期。")])


class SignForm(Form):
    signer = StringField("签署人", [InputRequired("请填写签署人姓名。"), Length(max=64)])
    signed_on = DayField("签署日期", [InputRequired("请填写签署日期。")])


class BreachForm(Form):
    facts_text = TextAreaField(
        "违背承诺的事实", [InputRequired("请写明违背承诺的事实。"), Length(max=3000)]
    )
    found_on = DayField("发现日期", [InputRequired("请填写发现日期。")])
    evidence = StringField("案件、整改编号", [Optional(), Length(max=300)])


class TickForm(Form):
    signer = StringField("签署人", [InputRequired("请填写签署人姓名。"), Length(max=64)])
    read = BooleanField("已阅读并同意", [InputRequired("请先确认已阅读承诺书全文。")])
