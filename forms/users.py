from __future__ import annotations

from typing import Any

from wtforms import PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from forms.base import Form, choices
from rules.permissions import ADMINISTRATORS, Role

BUSINESS = [(str(r), r.label) for r in Role if r not in ADMINISTRATORS and r is not Role.SYSTEM]
STAFF = [(str(r), r.label) for r in Role if r not in (Role.INSTITUTION, Role.SYSTEM)]


class UserForm(Form):
    username = StringField(
        "用户名",
        [InputRequired("请填写用户名。"), Length(max=32)],
        description="小写字母开头，3 到 32 位小写字母、数字、点、横线、下划线；以后不能更改。",
    )
    name = StringField("姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    role = SelectField("岗位", choices=choices([("", "请选择"), *BUSINESS]))
    institution_code = StringField(
        "所属机构编码", [Length(max=32)], description="只有机构用户填写。"
    )

    def validate_role(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("请选择岗位。")


class RoleForm(Form):
    role = SelectField("新岗位", choices=choices(STAFF))


class PasswordForm(Form):
    old = PasswordField("原密码", [InputRequired("请填写原密码。"), Length(max=128)])
    new = PasswordField("新密码", [InputRequired("请填写新密码。"), Length(max=128)])
    again = PasswordField("再次填写新密码", [InputRequired("请再次填写新密码。"), Length(max=128)])

    def validate_again(self, field: Any) -> None:
        if field.data != self.new.data:
            raise ValidationError("两次填写的新密码不一致。")
