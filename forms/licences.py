from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from forms.base import AnswerField, DayField, Form, choices
from rules.licences import REVOKED


class RevokeForm(Form):
    how = AnswerField(
        "方式",
        [InputRequired("请选择吊销或者注销。")],
        choices=choices((word, word) for word in REVOKED),
    )
    revoked_on = DayField("吊销、注销日期", [InputRequired("请填写吊销、注销日期。")])
    document = StringField(
        "作出机关和文号",
        [InputRequired("请写明作出机关和文号。"), Length(max=200, message="最多 200 字。")],
    )
