from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from forms.base import AnswerField, Form, choices
from forms.uploads import media_type_of


class OpenForm(Form):
    institution_id = AnswerField("申请机构", [InputRequired("请选择申请机构。")], coerce=int)


class MaterialForm(Form):
    file = FileField("材料文件", [FileRequired("请选择要上传的文件。")])

    def validate_file(self, field: FileField) -> None:
        """Refuse what is neither PDF nor a picture, or only claims to be one."""
        head = field.data.stream.read(16)
        field.data.stream.seek(0)
        if media_type_of(field.data.filename or "", head) is None:
            raise ValidationError("只接受 PDF、JPG、PNG 文件，且内容须与扩展名一致。")


class CheckForm(Form):
    result = AnswerField(
        "审核结论",
        [InputRequired("请选择通过或者退回补正。")],
        choices=choices([("passed", "通过"), ("returned", "退回补正")]),
    )
    reason = StringField("退回原因", [Optional(), Length(max=500)])


class NoticeForm(Form):
    channel = StringField(
        "异议受理渠道", [InputRequired("请填写受理异议的电话或者地址。"), Length(max=200)]
    )
