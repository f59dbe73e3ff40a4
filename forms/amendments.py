from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from forms.base import AnswerField, DayField, Form, choices
from forms.institutions import LEVELS, NATURES
from forms.uploads import media_type_of
from rules.amendments import UNGRADED, Shape
from rules.kinds import MEDICAL, InstitutionKind

SOURCES = ("数据导入比对", "现场检查", "有关部门通报", "工作人员发现", "群众反映")
OPTIONS = {
    "nature": [(word, word) for word in NATURES if word],
    "level": [*((word, word) for word in LEVELS if word), (UNGRADED, UNGRADED)],
    "kind": [(str(one), one.label) for one in InstitutionKind if one.family == MEDICAL],
}


class ApprovalForm(Form):
    """What every changed fact comes with: who approved it, when, on which paper."""

    authority = StringField(
        "批准机关", [InputRequired("请填写批准机关。"), Length(max=100)],
    )  # fmt: skip
    document_number = StringField(
        "批准文号", [InputRequired("请填写批准文号。"), Length(max=100)],
        description="没有文号的，填写批准文件的名称。",
    )  # fmt: skip
    approved_on = DayField("批准日期", [InputRequired("请填写批准日期。")])
    effective_on = DayField("生效日期", [Optional()], description="与批准日期相同的留空。")
    file = FileField("批准文件", [Optional()])

    def validate_file(self, field: FileField) -> None:
        """Refuse what is neither PDF nor a picture, or only claims to be one."""
        if not getattr(field.data, "filename", ""):
            field.data = None
            return
        head = field.data.stream.read(16)
        field.data.stream.seek(0)
        if media_type_of(field.data.filename, head) is None:
            raise ValidationError("只接受 PDF、JPG、PNG 文件，且内容须与扩展名一致。")


class LineForm(ApprovalForm):
    new = StringField("变更为", [InputRequired("请填写变更后的内容。"), Length(max=200)])


class ScopeForm(ApprovalForm):
    new = TextAreaField("变更为", [InputRequired("请填写变更后的内容。"), Length(max=1000)])


class ChoiceForm(ApprovalForm):
    new = SelectField("变更为")


class PersonForm(ApprovalForm):
    new = StringField("新任人员姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    id_number = StringField(
        "新任人员身份证号码", [InputRequired("请填写身份证号码。"), Length(max=30)],
        description="加密保存，用于核查限制期。",
    )  # fmt: skip


class AccountForm(ApprovalForm):
    new = StringField(
        "新银行账号", [InputRequired("请填写银行账号。"), Length(max=40)],
        description="加密保存，页面只显示末四位。",
    )  # fmt: skip
    authority = StringField("开户银行", [InputRequired("请填写开户银行。"), Length(max=100)])
    document_number = StringField(
        "账户证明编号", [InputRequired("请填写账户证明编号。"), Length(max=100)],
        description="开户许可证或者基本存款账户信息的编号。",
    )  # fmt: skip
    approved_on = DayField("账户核准日期", [InputRequired("请填写核准日期。")])
    effective_on = DayField("启用日期", [Optional()], description="自该日起的拨付使用新账户。")


def item_form(shape: Shape, field: str, **given: Any) -> Any:
    """The form of one fact, filled with what was put before."""
    if shape is Shape.CHOICE:
        form = ChoiceForm(**given)
        form.new.choices = choices(OPTIONS[field])
        return form
    kinds = {Shape.PERSON: PersonForm, Shape.ACCOUNT: AccountForm}
    return kinds.get(shape, ScopeForm if field == "scope" else LineForm)(**given)


class FoundForm(Form):
    """A change that was not filed, as somebody found it."""

    field = AnswerField("变化的事项", [InputRequired("请选择变化的事项。")])
    source = SelectField("发现途径", choices=choices((word, word) for word in SOURCES))
    text = TextAreaField("发现的情况", [InputRequired("请写明发现的情况。"), Length(max=2000)])
    approved_on = DayField(
        "有关部门批准日期", [Optional()], description="尚未核实的留空，核实后再登记。"
    )
    authority = StringField("批准机关", [Optional(), Length(max=100)])


class VerifyForm(Form):
    approved_on = DayField("有关部门批准日期", [InputRequired("请填写批准日期。")])
    authority = StringField("批准机关", [InputRequired("请填写批准机关。"), Length(max=100)])


class NoticeForm(Form):
    """A change outside the list, told in writing."""

    matter = StringField("变更事项", [InputRequired("请填写变更事项。"), Length(max=100)])
    text = TextAreaField("变更内容", [InputRequired("请写明变更内容。"), Length(max=2000)])
    changed_on = DayField("变更日期", [InputRequired("请填写变更日期。")])
