from __future__ import annotations

from typing import Any

from wtforms import SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import DayField, Form
from rules.talks import Person

LONGEST = 32
EACH_LINE = "一人一行，先写职务，空一格写姓名，例如：法定代表人 某某。"


class PersonsField(TextAreaField):
    """People, one a line: capacity, a space, name."""

    @property
    def persons(self) -> list[Person]:
        lines = (line.split() for line in (self.data or "").splitlines() if line.strip())
        return [Person(words[-1], "".join(words[:-1])) for words in lines]

    def pre_validate(self, form: Any) -> None:
        if any(not one.capacity or len(one.name) > LONGEST for one in self.persons):
            raise ValidationError(f"{self.label.text}有一行没有写明职务和姓名。{EACH_LINE}")
        if any(len(one.capacity) > LONGEST for one in self.persons):
            raise ValidationError(f"{self.label.text}的职务最多 {LONGEST} 字。")


class TicksField(SelectMultipleField):
    """Several of a list, ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CallForm(Form):
    called = PersonsField("被约谈人员", [DataRequired("请写明约谈谁。")], description=EACH_LINE)
    planned_on = DayField("约谈日期", [InputRequired("请填写约谈日期。")])
    planned_time = StringField("时间", [Optional(), Length(max=20)])
    place = StringField("地点", [DataRequired("请写明约谈的地点。"), Length(max=200)])
    reason = TextAreaField("约谈的事由", [DataRequired("请写明约谈的事由。"), Length(max=2000)])


class PostponeForm(Form):
    planned_on = DayField("改定的日期", [InputRequired("请填写改定的日期。")])
    planned_time = StringField("时间", [Optional(), Length(max=20)])
    place = StringField("地点", [Optional(), Length(max=200)])
    reason = StringField("改期的理由", [DataRequired("请写明改期的理由。"), Length(max=300)])


class RecordForm(Form):
    held_on = DayField("约谈日期", [InputRequired("请填写约谈日期。")])
    came = TicksField("到场的被约谈人员", coerce=int)
    staff = PersonsField("约谈人员", [DataRequired("请写明由谁约谈。")], description=EACH_LINE)
    others = PersonsField("其他参加人员", [Optional()], description=EACH_LINE)
    minutes = TextAreaField("约谈情况", [DataRequired("请填写约谈记录。"), Length(max=5000)])
    demands = TextAreaField("提出的要求", [Optional(), Length(max=2000)])


class RemarkForm(Form):
    remark = StringField("说明", [DataRequired("请写明情况或者理由。"), Length(max=500)])
