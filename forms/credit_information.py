from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form, choices


class CreditInformationForm(Form):
    subject = SelectField("信用主体")
    code = StringField(
        "机构或者人员的医保编码",
        [Optional(), Length(max=20)],
        description="机构和相关人员填写；法定代表人和参保人员留空，填写下面两项。",
    )
    person_name = StringField("姓名", [Optional(), Length(max=64)])
    id_number = StringField(
        "居民身份证号码",
        [Optional(), Length(max=32)],
        description="只用来生成比对码，系统不保存完整号码。",
    )
    kind = SelectField("种类")
    happened_on = DayField("认定日期", [InputRequired("请填写认定日期。")])
    text = TextAreaField("内容", [InputRequired("请写明内容。"), Length(max=2000)])
    source = StringField(
        "来源",
        [InputRequired("请填写作出认定的单位和文号。"), Length(max=200)],
        description="作出认定的单位和文号。",
    )
    figures = TextAreaField(
        "数值",
        [Optional(), Length(max=2000)],
        description="带数值的种类填写，一行一项，如“有效问卷 60”。各种类的项目见页面右侧。",
    )
    file = FileField(
        "依据文件", [FileRequired("请上传依据文件。")], description="PDF、PNG 或者 JPG。"
    )

    def offer(self, subjects: list[tuple[str, str]], kinds: list[tuple[str, str]]) -> None:
        self.subject.choices = choices(subjects)
        self.kind.choices = choices(kinds)


class ReasonForm(Form):
    reason = TextAreaField(
        "理由",
        [InputRequired("请填写理由。"), Length(max=500, message="理由不超过 500 字。")],
    )
