from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form


class DraftForm(Form):
    name = StringField(
        "草案名称",
        [InputRequired("请填写草案的名称。"), Length(max=64, message="名称不超过 64 字。")],
        description="如 2027年提高基金使用权重。",
    )
    purpose = TextAreaField(
        "修改的理由",
        [InputRequired("请写明修改的理由。"), Length(max=500, message="理由不超过 500 字。")],
    )


class WholeForm(Form):
    """A whole scheme: a file, or its text where a fault is put right on the page."""

    name = StringField(
        "草案名称",
        [InputRequired("请填写草案的名称。"), Length(max=64, message="名称不超过 64 字。")],
        description="如 2027年本地信用评价办法。",
    )
    purpose = TextAreaField(
        "制定或修改的理由",
        [InputRequired("请写明理由。"), Length(max=500, message="理由不超过 500 字。")],
        description="写明依据的文件和主要改动。",
    )
    file = FileField("方案文件（YAML）", [Optional()])
    text = TextAreaField("或者粘贴方案全文", [Optional()], description="选了文件的，以文件为准。")


class AdoptForm(Form):
    edition = StringField(
        "版本",
        [InputRequired("请填写版本。"), Length(max=32, message="版本不超过 32 字。")],
        description="如 2027。已有的版本不能再用。",
    )
    in_force_on = DayField("自何日起施行", [InputRequired("请填写施行日期。")])
    minutes = TextAreaField(
        "集体审议情况",
        [InputRequired("请写明集体审议的情况。"), Length(max=2000, message="不超过 2000 字。")],
        description="审议日期、参加人员、主要意见和结论。",
    )


class ReasonForm(Form):
    reason = TextAreaField(
        "理由",
        [InputRequired("请写明理由。"), Length(max=500, message="理由不超过 500 字。")],
    )
