from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form, choices
from rules.persons import PractitionerRole, is_kept_at


class PersonForm(Form):
    """`family` narrows the roles to those its institutions register."""

    role = SelectField("人员类别")
    code = StringField("人员编码", [InputRequired("请填写人员编码。"), Length(max=20)])
    name = StringField("姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    id_number = StringField(
        "居民身份证号码", [InputRequired("请填写居民身份证号码。"), Length(max=32)]
    )
    department = StringField("科室", [Optional(), Length(max=60)])
    title = StringField("专业技术职务", [Optional(), Length(max=40)])
    licence_number = StringField("执业证书编号", [Optional(), Length(max=64)])
    licence_scope = StringField("执业范围", [Optional(), Length(max=100)])
    licence_valid_to = DayField("执业证书有效期至", [Optional()])
    from_on = DayField("登记备案起始日期", [InputRequired("请填写起始日期。")])
    committed_on = DayField("服务承诺书签署日期", [Optional()])

    def __init__(self, *, family: str = "", **given: object) -> None:
        super().__init__(**given)
        roles = [role for role in PractitionerRole if not family or is_kept_at(role, family)]
        self.role.choices = choices([("", "请选择"), *((role.value, role.label) for role in roles)])
        self.role.validators = [InputRequired("请选择人员类别。")]

    @property
    def chosen_role(self) -> PractitionerRole:
        return PractitionerRole(str(self.role.data))


class CounterPersonForm(PersonForm):
    institution_code = StringField(
        "机构医保编码", [InputRequired("请填写机构医保编码。"), Length(max=20)]
    )


class LeaveForm(Form):
    to_on = DayField("在本机构的最后一日", [InputRequired("请填写最后一日。")])


class DepartmentForm(Form):
    department = StringField("科室", [Optional(), Length(max=60)])


class CommitmentForm(Form):
    signed_on = DayField("签署日期", [InputRequired("请填写签署日期。")])
    copy = FileField(
        "签署件扫描或者照片", [Optional()], description="PDF、PNG 或者 JPG，可以以后再补。"
    )


class PersonalLicenceForm(Form):
    number = StringField(
        "执业证书编号", [Optional(), Length(max=64)], description="编号没有变化的不填。"
    )
    valid_to = DayField("新的有效期至", [InputRequired("请填写新的有效期。")])


class CorrectForm(Form):
    name = StringField("姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    code = StringField("人员编码", [InputRequired("请填写人员编码。"), Length(max=20)])
    reason = TextAreaField("更正依据", [InputRequired("请写明更正依据。"), Length(max=300)])


class RevealForm(Form):
    reason = StringField("理由（记入日志）", [InputRequired("请填写理由。"), Length(max=200)])
