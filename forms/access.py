from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from forms.base import Form


class SignInForm(Form):
    username = StringField("用户名", [InputRequired("请输入用户名。"), Length(max=64)])
    password = PasswordField("密码", [InputRequired("请输入密码。"), Length(max=128)])
