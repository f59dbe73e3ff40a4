"""Forms about a grade: objecting to it, changing it, asking for its restoration."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf.file import MultipleFileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import Form, choices
from rules.rating_objections import LONGEST


class RatingObjectionForm(Form):
    text = TextAreaField(
        "异议的指标、事实和理由",
        [InputRequired("请写明有异议的指标、事实和理由。"), Length(max=LONGEST)],
    )
    files = MultipleFileField("证明材料（PDF、PNG、JPG，可以多选）")


class Personal(Form):
    """Of a person for whom no institution answers; the number is compared and not kept."""

    id_number = StringField(
        "被评价人身份证号码",
        [InputRequired("请填写被评价人的身份证号码。"), Length(max=18)],
        description="核对身份用，不保存。由他人代办的，授权委托书作为证明材料上传。",
    )


class PersonalObjectionForm(Personal, RatingObjectionForm):
    """Both at the counter."""


class HelpForm(Form):
    """Another authority has to check; the answer has longer."""

    whom = StringField("协助核查的单位", [InputRequired("请写明协助核查的单位。"), Length(max=100)])
    matter = TextAreaField(
        "需要核查的事项", [InputRequired("请写明需要核查的事项。"), Length(max=500)]
    )


class PublicRatingObjectionForm(Form):
    """From the public site. `website` is filled in by machines only."""

    raised_by = StringField(
        "姓名或者单位名称", [InputRequired("请填写姓名或者单位名称。"), Length(max=100)]
    )
    contact = StringField(
        "联系方式", [InputRequired("请填写联系方式，以便答复。"), Length(max=100)]
    )
    text = TextAreaField("事实和理由", [InputRequired("请写明具体事实。"), Length(max=LONGEST)])
    website = StringField("网站")


class CorrectionForm(Form):
    """A founded objection: one fact that was wrong, and what is right."""

    fact = SelectField("有误的事实", [InputRequired("请选择有误的事实。")])
    after = StringField(
        "正确的数", [Length(max=64)], description="数字；是或者否；留空表示没有数据。"
    )
    reason = TextAreaField("更正的理由", [InputRequired("请写明更正的理由。"), Length(max=500)])
    evidence = StringField("证据", [InputRequired("请写明证据的名称或者文号。"), Length(max=300)])
    opinion = TextAreaField("核查情况", [InputRequired("请写明核查情况。"), Length(max=4000)])

    def offer(self, facts: Iterable[tuple[str, str]]) -> CorrectionForm:
        """The facts of the scheme, each with what is frozen."""
        self.fact.choices = choices([("", "请选择"), *facts])
        return self


class GradeChangeForm(Form):
    to = SelectField("变动后的等级", [InputRequired("请选择变动后的等级。")])
    reason = TextAreaField(
        "理由（事实和证据）", [InputRequired("请写明变动的事实和证据。"), Length(max=1000)]
    )
    basis = StringField("依据", [InputRequired("请写明依据的文件和条款。"), Length(max=300)])

    def offer(self, grades: Iterable[tuple[str, str]]) -> GradeChangeForm:
        self.to.choices = choices([("", "请选择"), *grades])
        return self


class RestorationForm(Form):
    text = TextAreaField(
        "修复的理由", [InputRequired("请写明整改和纠正的情况。"), Length(max=4000)]
    )
    files = MultipleFileField("证明材料（PDF、PNG、JPG，可以多选）")


class PersonalRestorationForm(Personal, RestorationForm):
    """Both at the counter."""
