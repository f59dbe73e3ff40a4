from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from forms.base import Form


class YearForm(Form):
    title = StringField(
        "通知标题",
        [InputRequired("请填写通知标题。"), Length(max=200)],
        description="例如：国务院办公厅关于某年部分节假日安排的通知",
    )
    number = StringField("文号", [InputRequired("请填写文号。"), Length(max=60)])
    file = FileField(
        "放假安排文件",
        [FileRequired("请选择文件。")],
        description="CSV 或者 XLSX，三列：日期、类型（休息或者上班）、名称；也可以是 JSON。",
    )
