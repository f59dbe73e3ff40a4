"""Forms of the money of a year: retention, budget, annual settlement, prepayment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import AmountField, AnswerField, Form, choices
from rules.annual_settlement import Method
from rules.insurance import InsuranceKind
from rules.retention import Way

FIRST_YEAR, LAST_YEAR = 2021, 2100
MOST_CASES = 1_000_000


class NumberField(StringField):
    """A number of nothing or more with at most `digits` decimals, kept as `number`."""

    number: Decimal | None = None

    def __init__(self, *args: Any, digits: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.digits = digits

    def pre_validate(self, form: Any) -> None:
        text = (self.data or "").replace(",", "")
        if not text:
            return
        if not re.fullmatch(rf"[0-9]{{1,9}}(\.[0-9]{{1,{self.digits}}})?", text):
            raise ValidationError(f"{self.label.text}应为数字，最多{self.digits}位小数。")
        self.number = Decimal(text)


class SignedAmountField(AmountField):
    """An amount that may stand below nothing: a deficit is written with a minus."""

    def pre_validate(self, form: Any) -> None:
        text = (self.data or "").strip()
        below = text.startswith(("-", "−"))
        self.data = text[1:] if below else text
        try:
            super().pre_validate(form)
        finally:
            self.data = text
        if self.fen is not None and below:
            self.fen = -self.fen


class YearForm(Form):
    year = IntegerField(
        "年度",
        [InputRequired("请填写年度。"), NumberRange(FIRST_YEAR, LAST_YEAR, "年度应为四位数字。")],
    )


class RetentionForm(Form):
    way = AnswerField(
        "返还依据", [InputRequired("请选择返还依据。")],
        choices=choices((one.value, one.label) for one in Way),
    )  # fmt: skip
    ladder = SelectField("返还阶梯", [Optional()])
    score = NumberField(
        "考核得分", [Optional(), Length(max=10)], description="百分制，最多两位小数。"
    )
    score_source = StringField(
        "得分出处", [Optional(), Length(max=200)], description="考核通报的名称或者文号。"
    )
    judged = NumberField(
        "酌情确定的比例（%）",
        [Optional(), Length(max=10)],
        description="只在阶梯写明酌情返还时填写。",
    )
    reason = TextAreaField("理由", [Optional(), Length(max=500)])

    def offer(self, ladders: Sequence[tuple[str, str]]) -> RetentionForm:
        self.ladder.choices = choices(ladders)
        return self


def _insurance() -> AnswerField:
    return AnswerField(
        "险种", [InputRequired("请选择险种。")],
        choices=choices((one.value, one.label) for one in InsuranceKind),
    )  # fmt: skip


class BudgetForm(YearForm):
    insurance = _insurance()
    total = AmountField("总额预算（元）", [InputRequired("请填写总额预算。"), Length(max=20)])
    source = StringField("下达文件", [InputRequired("请填写下达预算的文件。"), Length(max=200)])


class BudgetChangeForm(Form):
    total = AmountField("总额预算（元）", [InputRequired("请填写总额预算。"), Length(max=20)])
    source = StringField("下达文件", [InputRequired("请填写下达预算的文件。"), Length(max=200)])


class FundForm(YearForm):
    insurance = _insurance()
    balance = AmountField("累计结余（元）", [InputRequired("请填写累计结余。"), Length(max=20)])
    monthly = AmountField("月均支出（元）", [InputRequired("请填写月均支出。"), Length(max=20)])
    last_year = SignedAmountField(
        "上年当期结余（元）", [InputRequired("请填写上年当期结余。"), Length(max=20)],
        description="赤字前加减号。",
    )  # fmt: skip
    forecast = SignedAmountField(
        "滚动12个月预测结余（元）", [InputRequired("请填写预测结余。"), Length(max=20)],
        description="赤字前加减号。",
    )  # fmt: skip
    source = StringField("数据出处", [InputRequired("请填写数据出处。"), Length(max=200)])


class FiguresForm(Form):
    method = AnswerField(
        "清算方式", [InputRequired("请选择清算方式。")],
        choices=choices((one.value, one.label) for one in Method),
    )  # fmt: skip
    points = NumberField("全年点数", [Optional(), Length(max=16)], digits=3)
    deducted_points = NumberField(
        "违规病例扣除点数", [Optional(), Length(max=16)], digits=3,
        description="低标入院等违规病例的点数，在清算中扣除。",
    )  # fmt: skip
    violating_cases = IntegerField(
        "违规病例数", [Optional(), NumberRange(0, MOST_CASES, "请填写病例数。")]
    )
    cap = AmountField(
        "年度总额（元）", [Optional(), Length(max=20)],
        description="按项目清算、下达了年度总额的填写。",
    )  # fmt: skip
    reduction = NumberField(
        "控费总额核减比例（%）", [Optional(), Length(max=10)],
        description="不填的，按已采用的信用建议；另定的须写明理由。",
    )  # fmt: skip
    reduction_reason = StringField("核减理由", [Optional(), Length(max=300)])


class SettlementForm(FiguresForm):
    """`agreement`: its key and the kind of insurance, as one choice."""

    agreement = SelectField("服务协议和险种", [InputRequired("请选择服务协议和险种。")])

    def offer(self, offered: Sequence[tuple[str, str]]) -> SettlementForm:
        self.agreement.choices = choices(offered)
        return self


class TextForm(Form):
    text = TextAreaField("内容", [InputRequired("请写明理由。"), Length(max=2000)])


class VoucherForm(Form):
    voucher = StringField("凭证号", [InputRequired("请填写凭证号。"), Length(max=100)])


class PrepaymentForm(Form):
    agreement_id = SelectField("服务协议", [InputRequired("请选择服务协议。")], coerce=int)
    insurance = _insurance()
    purpose = AnswerField("用途", [InputRequired("请选择用途。")])
    amount = AmountField("申请金额（元）", [InputRequired("请填写申请金额。"), Length(max=20)])
    text = TextAreaField("说明", [Optional(), Length(max=1000)])

    def offer(
        self, agreements: Sequence[tuple[int, str]], purposes: Sequence[tuple[str, str]]
    ) -> PrepaymentForm:
        self.agreement_id.choices = choices(agreements)
        self.purpose.choices = choices(purposes)
        return self


class ExaminationForm(Form):
    first = AmountField(
        "上一年拨付（元）", [InputRequired("请填写上一年拨付金额。"), Length(max=20)]
    )
    second = AmountField("前两年拨付（元）", [Optional(), Length(max=20)])
    third = AmountField("前三年拨付（元）", [Optional(), Length(max=20)])
    amount = AmountField("核定金额（元）", [InputRequired("请填写核定金额。"), Length(max=20)])
    opinion = TextAreaField("审核意见", [InputRequired("请写明审核意见。"), Length(max=1000)])

    @property
    def years(self) -> list[int]:
        """Paid in the last years, newest first, in 分."""
        return [one.fen or 0 for one in (self.first, self.second, self.third)]


class OpinionForm(Form):
    opinion = TextAreaField("审批意见", [Optional(), Length(max=1000)])
