from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import AmountField, DayField, Form, choices


class PenaltyForm(Form):
    institution_code = StringField(
        "机构医保编码",
        [Optional(), Length(max=20)],
        description="处罚机构的填写；处罚个人的留空，填写下面两项。",
    )
    person_name = StringField("被处罚人姓名", [Optional(), Length(max=64)])
    id_number = StringField("被处罚人居民身份证号码", [Optional(), Length(max=32)])
    number = StringField("决定书文号", [InputRequired("请填写决定书文号。"), Length(max=100)])
    authority = StringField("处罚机关", [InputRequired("请填写处罚机关。"), Length(max=200)])
    article = StringField("处罚依据条款", [InputRequired("请填写处罚依据条款。"), Length(max=200)])
    amount = AmountField("罚款金额（元）", [Optional()])
    decided_on = DayField("决定日期", [InputRequired("请填写决定日期。")])
    due_on = DayField("履行期限", [InputRequired("请填写履行期限的最后一日。")])

    act = SelectField("适用条款", [InputRequired("请选择适用条款，都不符合的选“其他”。")])
    conduct_on = DayField("违法行为日期", [Optional()], description="持续的，填终了之日。")
    loss = AmountField("造成基金损失（元）", [Optional()])
    department = StringField("暂停的责任部门", [Optional(), Length(max=100)])
    department_months = IntegerField("暂停月数", [Optional(), NumberRange(0, 120)])
    filed_on = DayField("立案日期", [Optional()])
    told_on = DayField("事先告知日期", [Optional()])
    served_on = DayField("决定书送达日期", [Optional()])

    def offer(self, acts: list[tuple[str, str]]) -> None:
        self.act.choices = choices([("", "请选择"), *acts, ("other", "其他条款")])


class ServiceForm(Form):
    served_on = DayField("决定书送达日期", [InputRequired("请填写送达日期。")])


class PerformForm(Form):
    performed_on = DayField("履行日期", [InputRequired("请填写履行日期。")])
    proof = StringField("履行凭证", [InputRequired("请填写履行凭证。"), Length(max=300)])


class ListForm(Form):
    file = FileField(
        "名单文件",
        [FileRequired("请选择文件。")],
        description="CSV 或者 XLSX，不超过 10 MB。列：姓名、证件号码、案号、列入机关、列入日期、移出日期。",
    )
