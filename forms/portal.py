from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from forms.base import Form


class ResumptionForm(Form):
    text = TextAreaField(
        "整改情况",
        [DataRequired("请写明整改情况。"), Length(max=2000, message="整改情况最多 2000 字。")],
    )


class ViewsForm(Form):
    text = TextAreaField(
        "陈述申辩",
        [
            DataRequired("请写明陈述申辩的内容。"),
            Length(max=2000, message="陈述申辩最多 2000 字。"),
        ],
    )


class RetryForm(Form):
    text = TextAreaField(
        "整改情况",
        [
            DataRequired("请逐项写明整改情况。"),
            Length(max=2000, message="整改情况最多 2000 字。"),
        ],
    )
