from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from forms.base import AnswerField, DayField, Form, choices
from forms.uploads import media_type_of
from rules.recusal import TieNature

FORMS = ("现场评估", "书面评估")


class PlanForm(Form):
    """How the team works. Without a draw the reason says why these members."""

    form = SelectField("评估形式", choices=choices((word, word) for word in FORMS))
    visit_on = DayField("现场评估日期", [Optional()])
    third_party = StringField(
        "受托第三方机构", [Optional(), Length(max=100, message="机构名称最多 100 字。")]
    )
    reason = StringField("选定理由", [Optional(), Length(max=500, message="理由最多 500 字。")])


class DrawForm(Form):
    reason = StringField("重新抽取的理由", [Optional(), Length(max=500)])


class RecusalForm(Form):
    evaluator = AnswerField("评估人员", [InputRequired("请选择评估人员。")], coerce=int)
    reason = StringField(
        "回避理由",
        [InputRequired("请写明回避理由。"), Length(max=500, message="理由最多 500 字。")],
    )


class JoinForm(Form):
    user_id = SelectField("人员", coerce=int)
    specialty = SelectField("专业")
    organisation = StringField("所在单位", [Optional(), Length(max=100)])
    id_number = StringField(
        "证件号码",
        [Optional(), Length(max=32)],
        description="用于自动核对是否为申请机构的负责人，加密保存，页面不显示。",
    )


class TieForm(Form):
    institution_id = SelectField("机构", coerce=int)
    nature = SelectField("关系", choices=choices((str(one), one.label) for one in TieNature))
    note = StringField("说明", [Optional(), Length(max=200, message="说明最多 200 字。")])


class ExhibitForm(Form):
    item = SelectField("评估项目")
    file = FileField("佐证文件", [FileRequired("请选择要上传的照片或者文件。")])

    def validate_file(self, field: FileField) -> None:
        """Refuse what is neither PDF nor a picture, or only claims to be one."""
        head = field.data.stream.read(16)
        field.data.stream.seek(0)
        if media_type_of(field.data.filename or "", head) is None:
            raise ValidationError("只接受 PDF、JPG、PNG 文件，且内容须与扩展名一致。")


class ObjectionForm(Form):
    """The form of the public site and of the counter. `website` is for machines: people never see it."""

    raised_by = StringField(
        "姓名（单位名称）",
        [InputRequired("请填写姓名或者单位名称。"), Length(max=100, message="最多 100 字。")],
    )
    contact = StringField(
        "联系方式", [Optional(), Length(max=100, message="联系方式最多 100 字。")]
    )
    text = TextAreaField(
        "异议内容",
        [
            InputRequired("请写明异议的具体事实。"),
            Length(max=2000, message="异议内容最多 2000 字。"),
        ],
    )
    website = StringField("网址", [Optional(), Length(max=200)])


class PublicObjectionForm(ObjectionForm):
    contact = StringField(
        "联系方式",
        [
            InputRequired("请填写联系方式，以便送达答复。"),
            Length(max=100, message="联系方式最多 100 字。"),
        ],
    )


def faults(form: Any) -> str:
    """Every complaint of a form in one sentence."""
    return "；".join(str(error) for errors in form.errors.values() for error in errors)
