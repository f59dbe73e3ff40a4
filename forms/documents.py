from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.base import DayField, Form, choices
from rules.service import METHODS


class ServiceForm(Form):
    served_on = DayField("送达日期", [InputRequired("请填写送达日期。")])
    method = SelectField("送达方式", choices=choices((word, word) for word in METHODS))
    proof = StringField(
        "送达凭证", [InputRequired("请填写送达回证编号或者签收人。"), Length(max=300)]
    )
    id_number = StringField("收件人身份证号码", [Length(max=18)])  # of a person, handed over


class AnnounceForm(Form):
    since = DayField("公告日期", [InputRequired("请填写公告日期。")])
    where = StringField(
        "公告的地方",
        [InputRequired("请填写公告的地方。"), Length(max=100)],
        description="如本单位公告栏、政府网站的栏目和网址。",
    )
    reason = StringField(
        "原因和经过",
        [InputRequired("请填写采用公告送达的原因和经过。"), Length(max=190)],
        description="写明哪一天以什么方式送达，因何没有送达。",
    )


class ConsentForm(Form):
    contact = StringField("联系人和电话", [InputRequired("请填写联系人和电话。"), Length(max=200)])
    agreed = BooleanField("我单位同意以电子方式接收文书，文书在机构服务中登记送达之日为送达日期")
