from __future__ import annotations

from typing import Any

from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form, choices

ROWS, MOST = 3, 30


class ItemForm(Form):
    """One problem; a row that is left empty is none."""

    class Meta(Form.Meta):
        csrf = False

    problem = TextAreaField("存在的问题", [Optional(), Length(max=1000)])
    measure = TextAreaField("整改要求", [Optional(), Length(max=1000)])
    unit = StringField("责任单位或者科室", [Optional(), Length(max=100)])
    person = StringField("责任人", [Optional(), Length(max=64)])
    due_on = DayField("单项期限", [Optional()], description="不填的，按总期限。")


class OrderForm(Form):
    source = SelectField("来源", [InputRequired("请选择来源。")])
    source_text = StringField(
        "来源文书",
        [Optional(), Length(max=120)],
        description="检查、稽核填写文书名称和文号；从案件等事项下达的，可以不填。",
    )
    basis = StringField("依据", [InputRequired("请填写依据。"), Length(max=300)])
    due_on = DayField("整改期限", [InputRequired("请填写整改期限。")])
    items = FieldList(FormField(ItemForm), "整改事项", min_entries=ROWS, max_entries=MOST)

    def offer(self, sources: Any) -> None:
        self.source.choices = choices([("", "请选择"), *sources])
        for field in (self.items[0].problem, self.items[0].measure):
            field.flags.optional = False  # one problem at least: the other rows may stay empty


class AnswerItemForm(Form):
    text = TextAreaField("整改情况", [InputRequired("请写明整改情况。"), Length(max=3000)])
    unit = StringField("责任单位或者科室", [InputRequired("请填写责任单位。"), Length(max=100)])
    person = StringField("责任人", [InputRequired("请填写责任人。"), Length(max=64)])


class RemarkForm(Form):
    remark = StringField("说明", [Optional(), Length(max=500)])


class ConcludeForm(Form):
    opinion = TextAreaField("验收意见", [InputRequired("请填写验收意见。"), Length(max=2000)])
    due_on = DayField("继续整改的期限", [Optional()])


class ExtendForm(Form):
    due_on = DayField("延长至", [InputRequired("请填写延长后的期限。")])
    reason = StringField("延长的理由", [InputRequired("请填写延长的理由。"), Length(max=300)])
