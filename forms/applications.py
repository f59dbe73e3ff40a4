from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from forms.base import Form
from forms.uploads import media_type_of


class OpenForm(Form):
    institution_id = SelectField("申请机构", coerce=int)


class MaterialForm(Form):
    file = FileField("材料文件", [FileRequired("请选择要上传的文件。")])

    def validate_file(self, field: FileField) -> None:
        head = field.data.stream.read(16)
        field.data.stream.seek(0)
        if media_type_of(field.data.filename or "", head) is None:
            raise ValidationError("只接受 PDF、JPG、PNG 文件，且内容须与扩展名一致。")


class CheckForm(Form):
    result = SelectField("审核结论", choices=[("passed", "通过"), ("returned", "退回补正")])
    reason = StringField("退回原因", [Optional(), Length(max=500)])


class DeclineForm(Form):
    ground = SelectField("不予受理的情形", choices=[])
    reason = TextAreaField("认定的事实", [Optional(), Length(max=1000)])


class TeamForm(Form):
    evaluators = SelectMultipleField("评估组成员", [InputRequired("请选择评估组成员。")], coerce=int)
    form = SelectField("评估形式", choices=[("现场评估", "现场评估"), ("书面评估", "书面评估")])


class ConfirmForm(Form):
    reasons = TextAreaField("不合格的理由", [Optional(), Length(max=2000)])
    advice = TextAreaField("整改建议", [Optional(), Length(max=2000)])


class NoticeForm(Form):
    channel = StringField("异议受理渠道", [InputRequired("请填写受理异议的电话或者地址。"), Length(max=200)])


class ObjectionForm(Form):
    raised_by = StringField("异议人", [InputRequired("请填写异议人。"), Length(max=100)])
    text = TextAreaField("异议内容", [InputRequired("请填写异议内容。"), Length(max=2000)])


class AnswerForm(Form):
    upheld = SelectField("核查结论", choices=[("no", "异议不成立"), ("yes", "异议成立")])
    answer = TextAreaField("核查情况和理由", [InputRequired("请填写核查情况和理由。"), Length(max=2000)])
