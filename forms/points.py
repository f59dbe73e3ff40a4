"""Forms of what becomes of points: correction, appeal, restoration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import DayField, Form, choices
from rules import negative_list, points_causes
from rules.points_basis import Instead

MOST = 12
WHOLE = "分值应为 1 至 12 的整数。"


class _InsteadFields(Form):
    """What is to stand instead: all three, or none."""

    item = SelectField("更正后的情形", [Optional()])
    responsibility = SelectField("更正后的责任程度", [Optional()])
    points = IntegerField("更正后的分值", [Optional(), NumberRange(1, MOST, message=WHOLE)])

    def offer_items(self, day: date) -> None:
        items = [(one.key, f"{one.band} {one.label}") for one in negative_list.items(day)]
        self.item.choices = choices([("", "请选择"), *items])
        degrees = negative_list.responsibilities(day).items()
        self.responsibility.choices = choices([("", "请选择"), *degrees])

    def instead(self) -> Instead | None:
        if not (self.item.data or self.points.data):
            return None
        return Instead(self.item.data or "", self.responsibility.data or "", self.points.data or 0)


class ReversalForm(_InsteadFields):
    cause = SelectField("更正原因", [InputRequired("请选择更正的原因。")])
    reason = TextAreaField(
        "更正理由", [InputRequired("请写明错在哪里、依据什么更正。"), Length(max=2000)]
    )

    def offer(self, on: date, decided_on: date) -> None:
        """The causes in force today, and the list of the day of the decision."""
        rows = points_causes.stated(on)
        self.cause.choices = choices(
            [("", "请选择"), *((key, row.label) for key, row in rows.items())]
        )
        self.offer_items(decided_on)


class AppealForm(Form):
    text = TextAreaField(
        "申诉理由", [InputRequired("请写明对事实、情形或者分值的意见。"), Length(max=4000)]
    )
    signed = BooleanField("申诉书由本人签名")
    stamped = BooleanField("申诉书加盖所在机构公章")
    file = FileField("申诉书（签名盖章后的扫描件）", [FileRequired("请选择要上传的申诉书。")])


class FindingForm(_InsteadFields):
    explained_on = DayField("向本人作出解释的日期", [InputRequired("请填写作出解释的日期。")])
    proposal = SelectField("核查结论", [InputRequired("请选择核查结论。")])
    opinion = TextAreaField(
        "核查意见", [InputRequired("请写明核查的事实和理由。"), Length(max=4000)]
    )

    def offer(self, proposals: Mapping[str, str], decided_on: date) -> FindingForm:
        self.proposal.choices = choices([("", "请选择"), *proposals.items()])
        self.offer_items(decided_on)
        return self


class RestorationForm(Form):
    institution_id = SelectField("申请的机构", coerce=int)
    activity = SelectField("参加的活动", [InputRequired("请选择参加的活动。")])
    organiser = StringField("组织单位", [InputRequired("请填写组织活动的单位。"), Length(max=200)])
    took_part_on = DayField("参加日期", [InputRequired("请填写参加日期。")])
    file = FileField("参加证明", [FileRequired("请选择要上传的参加证明。")])
    remark = TextAreaField("说明", [Optional(), Length(max=2000)])

    def offer(self, places: Sequence[tuple[int, str]], on: date) -> None:
        self.institution_id.choices = choices(places)
        rows = points_causes.activities(on)
        self.activity.choices = choices([("", "请选择"), *rows.items()])


class ReinstatementForm(Form):
    measure_id = SelectField("期满的措施", [InputRequired("请选择期满的措施。")], coerce=int)
    place = StringField(
        "申请机构编码", [InputRequired("请填写申请机构的编码。"), Length(max=20)],
        description="暂停的，为现在登记备案的机构；终止的，为原登记机构或者拟聘用的机构。",
    )  # fmt: skip
    text = TextAreaField("申请理由", [InputRequired("请写明整改、学习的情况。"), Length(max=4000)])
    file = FileField("证明材料", [Optional()])

    def offer(self, measures: Sequence[tuple[int, str]], code: str) -> None:
        self.measure_id.choices = choices(measures)
        self.place.data = self.place.data or code


class AnswerForm(Form):
    opinion = TextAreaField("审核意见", [Optional(), Length(max=2000)])


class ReasonForm(Form):
    reason = StringField("理由", [Optional(), Length(max=500)])
