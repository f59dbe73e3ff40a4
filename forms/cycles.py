from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import DayField, Form, choices

COMPUTE, FREEZE = "compute", "freeze"


class CycleForm(Form):
    name = StringField(
        "评价周期名称",
        [InputRequired("请填写名称，如 2026年度。"), Length(max=64)],
        description="如 2026年度。同名而未公布的测算会被新的测算取代，旧结果仍然保留。",
    )
    from_on = DayField("评价期自", [InputRequired("请填写评价期的起始日期。")])
    to_on = DayField(
        "评价期至",
        [InputRequired("请填写评价期的截止日期。")],
        description="不得晚于今天。记分按截止日期所在的自然年度计算。",
    )
    scheme = SelectField("评价方案")
    file = FileField(
        "事实表",
        [Optional()],
        description="只在评价参保人员时上传：CSV 或者 XLSX，列为居民身份证号码、姓名和方案所列事实。完整号码不保存。",
    )
    begin = SelectField(
        "下一步",
        choices=choices([(COMPUTE, "立即测算"), (FREEZE, "只冻结事实，测算前请机构自评")]),
        default=COMPUTE,
    )

    def offer(self, schemes: list[tuple[str, str]]) -> CycleForm:
        """Fill the choice of schemes."""
        self.scheme.choices = choices(schemes)
        return self


class OpinionForm(Form):
    opinion = TextAreaField("意见", [Length(max=500, message="意见不超过 500 字。")])


class RefusalForm(Form):
    reason = TextAreaField(
        "不采用的理由",
        [InputRequired("请填写不采用的理由。"), Length(max=500, message="理由不超过 500 字。")],
    )
