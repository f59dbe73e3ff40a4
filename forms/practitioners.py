from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form, choices
from rules.persons import PractitionerRole


class PersonForm(Form):
    institution_code = StringField(
        "机构国家编码", [InputRequired("请填写机构国家编码。"), Length(max=20)]
    )
    role = SelectField(
        "人员类别", choices=choices((role.value, role.label) for role in PractitionerRole)
    )
    code = StringField("人员编码", [InputRequired("请填写人员编码。"), Length(max=20)])
    name = StringField("姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    id_number = StringField(
        "居民身份证号码", [InputRequired("请填写居民身份证号码。"), Length(max=32)]
    )
    licence_number = StringField("执业证书编号", [Optional(), Length(max=64)])
    licence_valid_to = DayField("执业证书有效期至", [Optional()])
    from_on = DayField("登记备案起始日期", [InputRequired("请填写起始日期。")])


class LeaveForm(Form):
    to_on = DayField("在本机构的最后一日", [InputRequired("请填写最后一日。")])
