from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form, choices
from rules import clause_library
from rules.signing import SignerCapacity


class OfferForm(Form):
    term_from = DayField("协议起始日期", [InputRequired("请填写协议起始日期。")])


class SupplementForm(OfferForm):
    covers = StringField(
        "补充的内容",
        [InputRequired("请填写互联网医院名称或者所增加的服务。"), Length(max=200)],
    )


class LocalClauseForm(Form):
    key = StringField(
        "条款编号",
        [Optional(), Length(max=16)],
        description="修改现有统筹区条款时填写；新增条款不填。",
    )
    chapter = SelectField("所在的章", choices=choices(clause_library.chapters()))
    family = SelectField(
        "适用", choices=choices([("", "医疗机构和零售药店"), *clause_library.FAMILIES.items()])
    )
    text = TextAreaField("条款内容", [InputRequired("请填写条款内容。"), Length(max=2000)])
    basis = StringField("依据文件", [InputRequired("请填写依据文件。"), Length(max=200)])
    reason = StringField("理由", [InputRequired("请填写理由。"), Length(max=500)])
    since = DayField("起用日期", [InputRequired("请填写起用日期。")])
    until = DayField("停用日期", [Optional()])


class SignForm(Form):
    capacity = SelectField(
        "签署身份",
        [InputRequired("请选择签署身份。")],
        choices=choices((one, one.label) for one in SignerCapacity),
        default=str(SignerCapacity.AGENT),
    )
    mandate = StringField(
        "授权委托书",
        [Optional(), Length(max=200)],
        description="授权代理人填写名称、编号和日期；法定代表人、主要负责人本人签署的不填。",
    )
    read = BooleanField("我单位已逐条阅读协议，同意签署")
