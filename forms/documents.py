from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.base import DayField, Form, choices

METHODS = ["直接送达", "邮寄送达", "留置送达", "电子送达"]


class ServiceForm(Form):
    served_on = DayField("送达日期", [InputRequired("请填写送达日期。")])
    method = SelectField("送达方式", choices=choices((word, word) for word in METHODS))
    proof = StringField(
        "送达凭证", [InputRequired("请填写送达回证编号或者签收人。"), Length(max=300)]
    )
