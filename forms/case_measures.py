from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import AmountField, AnswerField, DayField, Form, choices
from rules.findings import MOST_RECORDS, Found
from rules.ladder import CaseSource, Plan, Step


class ClueForm(Form):
    source = AnswerField(
        "来源",
        [InputRequired("请选择来源。")],
        choices=choices((one.value, one.label) for one in CaseSource),
    )
    source_text = StringField(
        "来源编号",
        [Optional(), Length(max=200)],
        description="举报登记、检查通知书或者来函的编号。",
    )
    found_on = DayField("发现日期", [InputRequired("请填写发现日期。")])
    clue_text = TextAreaField(
        "线索内容",
        [InputRequired("请写明线索的内容。"), Length(max=5000)],
        description="不写举报人的姓名、电话等身份信息。",
    )


class FindingForm(Form):
    item = AnswerField("违规情形", [InputRequired("请选择违规情形。")])
    text = TextAreaField("具体事实", [Optional(), Length(max=2000)])
    amount = AmountField("涉及金额（元）", [Optional(), Length(max=20)])
    records = IntegerField(
        "涉及件数",
        [Optional(), NumberRange(0, MOST_RECORDS, "请填写件数。")],
        description="按处方、病历或者结算单计数。",
    )
    from_on = DayField("行为起始日期", [Optional()])
    to_on = DayField("行为截止日期", [Optional()])
    department = StringField("责任部门", [Optional(), Length(max=100)])
    practitioner = SelectField("责任人员", [Optional()])
    file = FileField("证据文件", description="PDF、PNG 或者 JPG，一项一个文件。")

    def found(self) -> Found:
        """What was typed, as the rules reason about it."""
        person = self.practitioner.data
        return Found(
            item=self.item.data or "",
            text=self.text.data or "",
            amount=self.amount.fen or 0,
            records=self.records.data or 0,
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            department=self.department.data or "",
            practitioner_id=int(person) if person else None,
        )


class PlanForm(Form):
    """Only the fields of the chosen measure are kept: see `of`."""

    amount = AmountField("金额（元）", [InputRequired("请填写金额。"), Length(max=20)])
    paid_on = DayField("拨付日期", [InputRequired("请填写拨付日期。")])
    clause = StringField(
        "协议条款",
        [InputRequired("请写明协议条款。"), Length(max=200)],
        description="如：第三十二条。",
    )
    formula = StringField("计算方法", [InputRequired("请写明计算方法。"), Length(max=300)])
    practitioner = SelectField("责任人员", [Optional()])
    subject_text = StringField("约谈对象", [Optional(), Length(max=200)])
    from_on = DayField("起始日期", [Optional()], description="不填的，自决定之日起。")
    to_on = DayField("截止日期", [Optional()])

    @classmethod
    def of(cls, step: Step) -> Any:
        """The form of one measure."""
        form = cls()
        for name in set(FIELDS) - set(KEPT[step]):
            delattr(form, name)
        if step is Step.SUSPEND_STAFF:
            form.subject_text.label.text = "责任部门"
            form.subject_text.description = "中止个人的，选择责任人员；中止部门的，只写部门名称。"
        return form

    def plan(self, step: Step) -> Plan:
        """What was typed, as the rules reason about it."""
        person = self.practitioner.data if self.practitioner else ""
        return Plan(
            step=step,
            amount=(self.amount.fen or 0) if self.amount else 0,
            paid_on=self.paid_on.data if self.paid_on else None,
            from_on=self.from_on.data if self.from_on else None,
            to_on=self.to_on.data if self.to_on else None,
            subject_text=(self.subject_text.data or "") if self.subject_text else "",
            practitioner_id=int(person) if person else None,
            clause=(self.clause.data or "") if self.clause else "",
            formula=(self.formula.data or "") if self.formula else "",
        )


FIELDS = (
    "amount", "paid_on", "clause", "formula", "practitioner", "subject_text", "from_on", "to_on",
)  # fmt: skip
KEPT: dict[Step, tuple[str, ...]] = {
    Step.TALK: ("subject_text",),
    Step.HOLD_PAYMENT: ("from_on", "to_on"),
    Step.DENY: ("amount",),
    Step.RECOVER: ("amount", "paid_on"),
    Step.DAMAGES: ("amount", "clause", "formula"),
    Step.SUSPEND_STAFF: ("practitioner", "subject_text", "from_on", "to_on"),
}


class EndingForm(Form):
    ground = SelectField("对协议的处理", [Optional()])
    from_on = DayField("拟生效日期", [Optional()], description="不填的，自决定之日起。")
    to_on = DayField(
        "中止截止日期", [Optional()], description="只用于中止；不填的，至整改合格恢复之日止。"
    )


class ReasonForm(Form):
    reason = StringField("理由", [InputRequired("请写明理由。"), Length(max=500)])


class AmountForm(ReasonForm):
    amount = AmountField("金额（元）", [InputRequired("请填写金额。"), Length(max=20)])


class RemittanceForm(Form):
    amount = AmountField("金额（元）", [InputRequired("请填写金额。"), Length(max=20)])
    received_on = DayField("到账日期", [InputRequired("请填写到账日期。")])
    voucher = StringField("凭证号", [InputRequired("请填写凭证号。"), Length(max=100)])


class OffsetForm(Form):
    statement = IntegerField("申报编号", [InputRequired("请选择从哪笔费用中抵扣。")])
    amount = AmountField("金额（元）", [InputRequired("请填写金额。"), Length(max=20)])


class ExecutionForm(Form):
    executed_on = DayField("执行日期", [InputRequired("请填写执行日期。")])
    proof = StringField("执行情况和凭证", [InputRequired("请写明凭证。"), Length(max=300)])


class HoldEndForm(ReasonForm):
    last_on = DayField("最后一个暂停日", [InputRequired("请填写日期。")])


class TalkForm(Form):
    name = StringField("被约谈人员姓名", [InputRequired("请填写姓名。"), Length(max=64)])
    capacity = StringField("职务", [InputRequired("请填写职务。"), Length(max=64)])
    planned_on = DayField("约谈日期", [InputRequired("请填写约谈日期。")])
    place = StringField("地点", [InputRequired("请填写地点。"), Length(max=200)])


class OrderForm(Form):
    due_on = DayField("整改期限", [InputRequired("请填写整改期限。")])
    measure = StringField("整改要求", [InputRequired("请写明整改要求。"), Length(max=500)])
