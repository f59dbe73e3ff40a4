"""What follows from a score, in plain Chinese: vetoes, grades, the bottom, and what a grade leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from scoring.operators import said
from scoring.scheme import Scheme, Veto
from scoring.scheme_words import CONFIDENCE, Section, kinds_of, measured_in, trusted
from scoring.step_words import bottom_words


def vetoes_section(scheme: Scheme) -> Section:
    if not scheme.vetoes:
        return Section("一票否决", ("本方案没有一票否决事项。",))
    rows = [
        (str(n), v.label, kinds_of(scheme, v), effect(scheme, v), v.basis, trusted(v))
        for n, v in enumerate(scheme.vetoes, 1)
    ]
    text = "按顺序核对，不论得分高低；直接定级的，其后各项不再改变等级。事实不明的不否决。"
    return Section(
        "一票否决", (text,), ("序号", "事项", "适用", "后果", "依据", "可信程度"), tuple(rows)
    )


def effect(scheme: Scheme, veto: Veto) -> str:
    """What the veto does to the grade, in words."""
    if veto.grade:
        return f"等级定为{scheme.grade(veto.grade).label}"
    return f"等级不高于{scheme.grade(veto.cap or '').label}"


def grades_section(scheme: Scheme) -> Section:
    if not scheme.grades:
        return Section("等级", ("本方案只评分排名，不定等级。",))
    rows = [
        (grade.label, span, grade.meaning)
        for grade, span in zip(scheme.grades, _spans(scheme), strict=True)
    ]
    text = [f"按“{scheme.labels[scheme.graded_by]}”定等级。"] if scheme.graded_by else []
    return Section("等级", tuple(text), ("等级", "分数", "含义"), tuple(rows))


def bottom_section(scheme: Scheme) -> Iterator[Section]:
    rule = scheme.elimination
    if rule and rule.percent:
        trust = CONFIDENCE[rule.confidence] + (f"。{rule.note}" if rule.note else "")
        text = (f"{bottom_words(scheme)}。", f"依据：{rule.basis}。数值可信程度：{trust}。")
        yield Section("末位", text)


def _spans(scheme: Scheme) -> Iterable[str]:
    bounds = [said(g.at_least) for g in scheme.grades if g.at_least is not None]
    unit = measured_in(scheme)
    yield f"{bounds[0]}{unit}及以上"
    for upper, lower in pairwise(bounds):
        yield f"{lower}{unit}及以上，不足{upper}{unit}"
    yield f"不足{bounds[-1]}{unit}"


def uses_section(scheme: Scheme) -> Sequence[Section]:
    if not scheme.uses:
        return ()
    head = ("用途", "自何日起", *(grade.label for grade in scheme.grades), "依据", "可信程度")
    rows = []
    for key, use in scheme.uses.items():
        for day in sorted(use.values):
            found = [scheme.use(key, grade.key, on=day) for grade in scheme.grades]
            trust = f"{CONFIDENCE[use.confidence]}（{use.note}）"
            texts = (value.text for value in found)
            rows.append((use.label, str(day), *texts, use.basis, trust))
    return (
        Section("等级的用途", ("以下只是建议，由人采纳，或写明理由不采纳。",), head, tuple(rows)),
    )
