from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import DayField, Form, choices
from rules.kinds import InstitutionKind
from rules.persons import OfficeRole

NATURES = ["", "公立", "民营", "合资", "外资", "军队"]
LEVELS = [
    "",
    "三级特等",
    *(f"{level}{grade}" for level in "三二一" for grade in ("级甲等", "级乙等", "级丙等", "级")),
]
LICENCES = [
    "医疗机构执业许可证",
    "中医诊所备案证",
    "诊所备案凭证",
    "军队医疗机构为民服务许可证",
    "药品经营许可证",
    "营业执照",
    "事业单位法人证书",
    "其他",
]


class InstitutionForm(Form):
    name = StringField("机构名称", [InputRequired("请填写机构名称。"), Length(max=200)])
    kind = SelectField("机构类型", choices=choices((kind, kind.label) for kind in InstitutionKind))
    code = StringField(
        "医保编码",
        [Optional(), Length(max=20)],
        description="已赋码的按医保编码填写，赋码后不能改写。",
    )
    uscc = StringField("统一社会信用代码", [Optional(), Length(max=30)])
    nature = SelectField(
        "机构性质", [Optional()], choices=choices((word, word or "未注明") for word in NATURES)
    )
    level = SelectField(
        "等级", [Optional()], choices=choices((word, word or "未定级") for word in LEVELS)
    )
    beds = IntegerField(
        "床位数", [Optional(), NumberRange(0, 100_000, "床位数应为 0 至 100000 的整数。")]
    )
    scope = TextAreaField("经营范围（诊疗科目）", [Optional(), Length(max=1000)])
    division = StringField("行政区划", [Optional(), Length(max=100)])
    address = StringField("地址", [Optional(), Length(max=300)])
    phone = StringField("联系电话", [Optional(), Length(max=40)])
    operating_since = DayField("开业日期", [Optional()])
    address_since = DayField(
        "现地址启用日期",
        [Optional()],
        description="注册地址变更过的填写；零售药店在现地址的经营时间从这一天起算。",
    )


class AmendForm(InstitutionForm):
    bank_account = StringField(
        "银行账号", [Optional(), Length(max=40)], description="加密保存；留空表示不变。"
    )
    reason = StringField("变更依据", [InputRequired("请写明变更依据。"), Length(max=300)])


class OfficeForm(Form):
    role = SelectField("职务", choices=choices((role, role.label) for role in OfficeRole))
    name = StringField("姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    id_number = StringField("身份证号码", [InputRequired("请填写身份证号码。"), Length(max=30)])
    from_on = DayField("任职日期", [InputRequired("请填写任职日期。")])


class LicenceForm(Form):
    kind = SelectField("证照种类", choices=choices((word, word) for word in LICENCES))
    number = StringField("证照编号", [InputRequired("请填写证照编号。"), Length(max=64)])
    valid_from = DayField("有效期自", [InputRequired("请填写起始日期。")])
    valid_to = DayField("有效期至", [Optional()], description="长期有效的留空。")


class UploadForm(Form):
    file = FileField(
        "文件",
        [FileRequired("请选择文件。")],
        description="CSV（UTF-8 或 GBK）或者 XLSX，不超过 10 MB。",
    )
