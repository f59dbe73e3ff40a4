from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.base import DayField, Form, choices

BY_HAND = "直接送达"
METHODS = [BY_HAND, "邮寄送达", "留置送达", "电子送达"]


class ServiceForm(Form):
    served_on = DayField("送达日期", [InputRequired("请填写送达日期。")])
    method = SelectField("送达方式", choices=choices((word, word) for word in METHODS))
    proof = StringField(
        "送达凭证", [InputRequired("请填写送达回证编号或者签收人。"), Length(max=300)]
    )
    id_number = StringField("收件人身份证号码", [Length(max=18)])  # of a person, handed over
