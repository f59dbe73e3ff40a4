from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form, choices
from rules.persons import EmploymentRole

CERTIFICATES = (
    "执业药师注册证",
    "药学（中药学、临床药学）专业技术资格证书",
    "医师执业证书",
    "乡村医生执业证书",
    "中医（专长）医师资格证书",
    "其他",
)


class EmploymentForm(Form):
    role = SelectField("类别", choices=choices((role.value, role.label) for role in EmploymentRole))
    name = StringField("姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    id_number = StringField(
        "居民身份证号码",
        [InputRequired("请填写居民身份证号码。"), Length(max=32)],
        description="加密保存，不在页面显示。",
    )
    certificate = SelectField(
        "证书种类", [Optional()], choices=choices([("", "没有"), *((w, w) for w in CERTIFICATES)])
    )
    certificate_number = StringField("证书编号", [Optional(), Length(max=64)])
    registered_here = BooleanField("注册地（医师为第一注册地）是本机构")
    full_time = BooleanField("专职")
    contract_from = DayField("劳动合同自", [InputRequired("请填写劳动合同起始日期。")])
    contract_to = DayField("劳动合同至", [Optional()], description="无固定期限的留空。")


class RenewForm(Form):
    contract_to = DayField("续签至", [Optional()])


class LeaveForm(Form):
    left_on = DayField("在本机构的最后一日", [InputRequired("请填写最后一日。")])


class DepartmentForm(Form):
    name = StringField(
        "内部医保管理部门",
        [Optional(), Length(max=100)],
        description="没有设立的留空。床位达到规定数的医疗机构应当设立，并配专职人员。",
    )
