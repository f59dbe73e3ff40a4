"""A scheme in plain Chinese, for people who will not read YAML: sections of sentences and tables for a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoring.operators import said
from scoring.scheme import Adjustment, Indicator, Item, Scheme, Veto
from scoring.sql_words import said_sql
from scoring.step_words import bottom_words, item_words, rounding_words, step_rows, tally_rows

CONFIDENCE = {
    "official": "法规原文",
    "secondary": "转载件",
    "local": "外地或本地做法，请核对",
    "assumed": "假定值，请核对",
}
STATUS = {
    "editable_default": "可编辑的默认方案，启用前须由医保局核对批准",
    "draft": "草案",
    "published": "已公布，不再改动",
    "superseded": "已被新方案取代，只用于旧周期",
}
MISSING = {
    "reweight": "不计入，权重由其他指标分担",
    "zero": "按0分计",
    "neutral": "按满分的一半计",
    "stated": "按写明的分数计",
}
TIES = {
    "min": "并列者取同一较前名次，其后空出相应名次",
    "max": "并列者取同一较后名次",
    "dense": "并列者取同一名次，其后名次不空",
}


@dataclass(frozen=True)
class Section:
    title: str
    text: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def describe(scheme: Scheme) -> list[Section]:
    """Everything the scheme does, in the order in which it does it."""
    return [
        _identity(scheme),
        _facts(scheme),
        *_derived(scheme),
        *(_domain(scheme, domain.key) for domain in scheme.domains),
        *_extras(scheme),
        _score(scheme),
        _vetoes(scheme),
        _grades(scheme),
        *_uses(scheme),
    ]


def _identity(scheme: Scheme) -> Section:
    kinds = "、".join(scheme.subject.kinds.values())
    text = [
        f"{scheme.label}，{scheme.edition}版。{STATUS[scheme.status]}。",
        f"评价对象：{scheme.subject.label}{f'（{kinds}）' if kinds else ''}。",
        *_gathered(scheme),
        f"依据：{scheme.basis}。来源：{scheme.source}。",
        f"数值可信程度：{CONFIDENCE[scheme.confidence]}。{scheme.note}。",
    ]
    return Section("方案", tuple(text))


def _gathered(scheme: Scheme) -> list[str]:
    if scheme.subject.one_per is None:
        return []
    return [
        "同一统一社会信用代码的各执业地点合为一个信用主体，事实合并计算，等级对各地点同样适用。"
    ]


def _facts(scheme: Scheme) -> Section:
    rows = [(f.label, f.unit, _default(f.default), f.meaning, f.heading) for f in scheme.facts]
    return Section("用到的事实", (), ("事实", "单位", "空缺时", "含义", "列名"), tuple(rows))


def _default(value: float | bool | str | None) -> str:
    if value is None:
        return "视为缺数"
    if isinstance(value, bool):
        return "视为是" if value else "视为否"
    return (f"视为{value}" if value else "留空") if isinstance(value, str) else f"视为{said(value)}"


def _derived(scheme: Scheme) -> Iterator[Section]:
    if scheme.sources:
        head = ("名称", "结果列名", "事件表", "计数办法", "评价日", "含义")
        yield Section("由事件计数得出的数", (), head, tally_rows(scheme))
    if scheme.steps:
        text = ("按顺序计算，后一步可以用前面的结果；缺少所需的数的，结果为空。",)
        head = ("名称", "结果列名", "单位", "算法", "依据", "说明")
        yield Section("计算步骤", text, head, step_rows(scheme))


def _domain(scheme: Scheme, key: str) -> Section:
    domain = next(d for d in scheme.domains if d.key == key)
    items = scheme.in_domain(key)
    head = ("指标", "适用", "取数", "计分办法", "没有数据时", "依据", "可信程度")
    text = [f"至少要有{domain.minimum}个指标有数据，否则本维度不计，权重由其他维度分担。"]
    if scheme.combine.method == "step":
        text = ["下列各数是总分的由来，逐项列入评分说明。"]
    if scheme.combine.method == "weighted_mean":
        total = sum(d.weight for d in scheme.domains)
        text.insert(0, f"权重{said(domain.weight)}，各维度权重合计{said(total)}。")
    rows = tuple(_indicator(scheme, item) for item in items)
    return Section(f"维度：{domain.label}", tuple(text), head, rows)


def _indicator(scheme: Scheme, item: Indicator) -> tuple[str, ...]:
    missing = "由计算步骤处理" if scheme.combine.method == "step" else MISSING[item.missing]
    if item.missing_points is not None:
        missing = f"按{said(item.missing_points)}分计"
    rule = item_words(item, scheme) + (f"；权重{said(item.weight)}" if item.weight else "")
    return (
        item.label, _kinds(scheme, item), _source(scheme, item), rule, missing, item.basis, _trust(item),
    )  # fmt: skip


def _kinds(scheme: Scheme, part: Item | Veto) -> str:
    return "、".join(scheme.subject.kinds[kind] for kind in part.kinds) or "全部"


def _source(scheme: Scheme, item: Item) -> str:
    """The Chinese name of the column, or the expression when there is none."""
    names = scheme.labels
    return said_sql(item.sql, names) if item.sql else names.get(item.fact or "", "")


def _trust(part: Item | Veto) -> str:
    return CONFIDENCE[part.confidence] + (f"（{part.note}）" if part.note else "")


def _extras(scheme: Scheme) -> Iterator[Section]:
    for title, sign, part in (("加分", "加", scheme.bonus), ("减分", "减", scheme.malus)):
        if part:
            yield _extra(scheme, title, sign, part)


def _extra(scheme: Scheme, title: str, sign: str, part: Adjustment) -> Section:
    head = ("事项", "适用", "取数", "计分办法", "依据", "可信程度")
    rows = [
        (
            i.label,
            _kinds(scheme, i),
            _source(scheme, i),
            item_words(i, scheme),
            i.basis,
            _trust(i),
        )
        for i in part.items
    ]
    return Section(
        title, (f"各项合计最多{sign}{said(part.cap)}分；没有数据的不计。",), head, tuple(rows)
    )


def _score(scheme: Scheme) -> Section:
    c = scheme.combine
    place = f"在同一{scheme.peers.label}内排名" if scheme.peers else "全部对象一起排名"
    order = "比等级，再比得分" if scheme.grades else "比得分"
    better = "" if scheme.ranking.better == "high" else "（低者在前）"
    text = [
        f"{_how(scheme)}，最低{said(c.floor)}分，最高{said(c.ceiling)}分。",
        f"{rounding_words(scheme.rounding)}{'，以此定等级' if scheme.grades else ''}。",
        f"{place}：先{order}{better}{_tiebreaks(scheme)}；{TIES[scheme.ranking.ties]}。",
    ]
    if c.minimum > 1:
        text.insert(1, f"至少要有{c.minimum}个维度有结果，否则没有总分。")
    return Section("总分与名次", tuple(text))


def _how(scheme: Scheme) -> str:
    c = scheme.combine
    if c.method == "step":
        return f"总分就是“{scheme.labels[c.step or '']}”"
    if c.method == "sum":
        how = f"基准分{said(c.base)}分，加上各指标得分"
    else:
        how = f"各维度得分率按权重平均，换算为{said(c.scale)}分"
    return how + ("，再加加分、减减分" if scheme.extras else "")


def _tiebreaks(scheme: Scheme) -> str:
    names = scheme.labels
    order = {"low": "少者在前", "high": "多者在前"}
    return "".join(
        f"，再比{names.get(t.fact, t.fact)}（{order[t.first]}）" for t in scheme.ranking.then
    )


def _vetoes(scheme: Scheme) -> Section:
    if not scheme.vetoes:
        return Section("一票否决", ("本方案没有一票否决事项。",))
    rows = [
        (str(n), v.label, _kinds(scheme, v), effect(scheme, v), v.basis, _trust(v))
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


def _grades(scheme: Scheme) -> Section:
    if not scheme.grades:
        return Section("等级", ("本方案只评分排名，不定等级。",))
    rows = [
        (grade.label, span, grade.meaning)
        for grade, span in zip(scheme.grades, _spans(scheme), strict=True)
    ]
    text = [f"按“{scheme.labels[scheme.graded_by]}”定等级。"] if scheme.graded_by else []
    text += [f"{bottom_words(scheme)}。"] if bottom_words(scheme) else []
    return Section("等级", tuple(text), ("等级", "分数", "含义"), tuple(rows))


def _spans(scheme: Scheme) -> Iterable[str]:
    bounds = [said(g.at_least) for g in scheme.grades if g.at_least is not None]
    yield f"{bounds[0]}分及以上"
    for upper, lower in pairwise(bounds):
        yield f"{lower}分及以上，不足{upper}分"
    yield f"不足{bounds[-1]}分"


def _uses(scheme: Scheme) -> Sequence[Section]:
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
