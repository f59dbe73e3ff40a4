from __future__ import annotations

from datetime import date

from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from forms.base import DayField, Form, choices
from rules import negative_list

MOST = 12  # the scale of one year; the band of the item is asked by the rule


class DeductionForm(Form):
    institution_id = SelectField("行为所在机构", coerce=int)
    conduct_on = DayField("行为发生日期", [InputRequired("请填写行为发生日期。")])
    decided_on = DayField("处理决定日期", [InputRequired("请填写处理决定日期。")])
    measure_basis = StringField(
        "所依据的行政处罚或者协议处理",
        [InputRequired("请填写处罚或者协议处理的文书名称和文号。"), Length(max=300)],
    )
    item = SelectField("负面清单情形")
    responsibility = RadioField("责任程度")
    points = IntegerField(
        "记分",
        [InputRequired("请填写分值。"), NumberRange(1, MOST, message="分值应为 1 至 12 的整数。")],
    )
    facts_text = TextAreaField(
        "行为事实",
        [InputRequired("请填写行为事实。"), Length(max=2000, message="行为事实不超过 2000 字。")],
    )

    def offer(self, institutions: list[tuple[int, str]], day: date) -> DeductionForm:
        """Fill the choices: the places of the person, and the list in force on the day of the decision."""
        items = [(one.key, f"{one.band} {one.label}") for one in negative_list.items(day)]
        self.institution_id.choices = choices(institutions)
        self.item.choices = choices([("", "请选择"), *items])
        self.responsibility.choices = choices(negative_list.responsibilities(day).items())
        return self


class RejectForm(Form):
    reason = StringField("退回理由", [InputRequired("请填写退回的理由。"), Length(max=500)])
