from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import DayField, Form, choices
from rules import negative_list

MOST = 12  # the scale of one year; the band of the item is asked by the rule
WHOLE = "分值应为 1 至 12 的整数。"


class DeductionForm(Form):
    basis = SelectField("所依据的处理决定", [InputRequired("请选择处理决定。")])
    institution_id = SelectField("行为所在机构", coerce=int)
    conduct_on = DayField("行为发生日期", [InputRequired("请填写行为发生日期。")])
    item = SelectField("负面清单情形", [InputRequired("请选择情形。")])
    responsibility = RadioField("责任程度", [InputRequired("请选择责任程度。")])
    points = IntegerField(
        "记分", [InputRequired("请填写分值。"), NumberRange(1, MOST, message=WHOLE)]
    )
    item_2 = SelectField("同一行为触及的其他情形（二）", [Optional()])
    points_2 = IntegerField("情形（二）应记分值", [Optional(), NumberRange(1, MOST, message=WHOLE)])
    item_3 = SelectField("同一行为触及的其他情形（三）", [Optional()])
    points_3 = IntegerField("情形（三）应记分值", [Optional(), NumberRange(1, MOST, message=WHOLE)])
    facts_text = TextAreaField(
        "行为事实",
        [InputRequired("请填写行为事实。"), Length(max=2000, message="行为事实不超过 2000 字。")],
    )
    another_act = StringField("与已记分行为的区别", [Optional(), Length(max=300)])

    def offer(
        self,
        bases: Sequence[tuple[str, str]],
        institutions: Sequence[tuple[int, str]],
        day: date,
    ) -> DeductionForm:
        """Fill the choices: the decisions there are, the places of the person, and the list in force on the day."""
        items = [(one.key, f"{one.band} {one.label}") for one in negative_list.items(day)]
        self.basis.choices = choices([("", "请选择"), *bases])
        self.institution_id.choices = choices(institutions)
        for field in (self.item, self.item_2, self.item_3):
            field.choices = choices([("", "请选择"), *items])
        self.responsibility.choices = choices(negative_list.responsibilities(day).items())
        return self

    def also(self) -> list[tuple[str, int]]:
        """The further items that were filled in; points without an item count as none."""
        pairs = ((self.item_2.data, self.points_2.data), (self.item_3.data, self.points_3.data))
        return [(item, points or 0) for item, points in pairs if item]


class RejectForm(Form):
    reason = StringField("退回理由", [InputRequired("请填写退回的理由。"), Length(max=500)])
