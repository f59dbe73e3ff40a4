from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from forms.base import Form


class ConfirmForm(Form):
    number = StringField(
        "备案号", [InputRequired("请填写备案号。"), Length(max=64, message="备案号最多 64 字。")]
    )
