"""A scheme in plain Chinese, for people who will not read YAML: sections of sentences and tables for a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.credit_subjects import CreditSubject
from scoring.explain_ends import bottom_section, grades_section, uses_section, vetoes_section
from scoring.operators import said, taken
from scoring.scheme import Adjustment, Domain, Indicator, Item, Scheme
from scoring.scheme_words import CONFIDENCE, STATUS, Section, kinds_of, measured_in, trusted
from scoring.sql_words import said_sql
from scoring.step_words import item_words, rounding_words, step_rows, tally_rows

TIES = {
    "min": "并列者取同一较前名次，其后空出相应名次",
    "max": "并列者取同一较后名次",
    "dense": "并列者取同一名次，其后名次不空",
}
MISSING = {
    "reweight": "不计入，权重由其他指标分担",
    "zero": "按0分计",
    "neutral": "按满分的一半计",
    "stated": "按写明的分数计",
}


def describe(scheme: Scheme) -> list[Section]:
    """Everything the scheme does, in the order in which it does it."""
    return [
        _identity(scheme),
        _facts(scheme),
        *_derived(scheme),
        *(_domain(scheme, domain.key) for domain in scheme.domains),
        *_extras(scheme),
        _score(scheme),
        vetoes_section(scheme),
        grades_section(scheme),
        *bottom_section(scheme),
        *uses_section(scheme),
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
    """What is counted or asked; numbers of papers only prove it. Headings matter where a published file is read."""
    counted = [fact for fact in scheme.facts if fact.type != "text" or fact.meaning]
    rows = [(f.label, f.unit, _default(f.default), f.meaning, f.heading) for f in counted]
    head = ("事实", "单位", "空缺时", "含义", "公布文件的列名")
    shown = len(head) if _published(scheme) else len(head) - 1
    proof = "另取各项记录的编号作为证据列在评分说明里，不参与计分。"
    text = (proof,) if len(counted) < len(scheme.facts) else ()
    return Section("用到的事实", text, head[:shown], tuple(row[:shown] for row in rows))


def _published(scheme: Scheme) -> bool:
    """A rating of others, whose results are laid side by side with their published file, column by column."""
    return scheme.subject.key not in list(CreditSubject)


def _default(value: float | bool | str | None) -> str:
    if value is None:
        return "视为缺数"
    if isinstance(value, bool):
        return "视为是" if value else "视为否"
    return (f"视为{value}" if value else "留空") if isinstance(value, str) else f"视为{said(value)}"


def _derived(scheme: Scheme) -> Iterator[Section]:
    if scheme.sources:
        head = ("名称", "事件表", "计数办法", "算到何日", "含义")
        yield Section("由事件计数得出的数", (), head, tally_rows(scheme))
    if scheme.parameters:
        yield _parameters(scheme)
    if scheme.steps:
        yield _steps(scheme)


def _parameters(scheme: Scheme) -> Section:
    rows = tuple((p.label, p.said, p.basis, trusted(p)) for p in scheme.parameters)
    head = ("名称", "数值", "依据", "可信程度")
    return Section("算式和条件中的数", ("可以在权重试算里改。",), head, rows)


def _steps(scheme: Scheme) -> Section:
    text = ("按顺序计算，后一步可以用前面的结果；缺少所需的数的，结果为空。",)
    head = ("名称", "单位", "算法", "依据", "说明", "公布文件的列名")
    shown = len(head) if _published(scheme) else len(head) - 1
    pairs = zip(step_rows(scheme), scheme.steps, strict=True)
    rows = tuple((*row, step.name)[:shown] for row, step in pairs)
    return Section("计算步骤", text, head[:shown], rows)


def _domain(scheme: Scheme, key: str) -> Section:
    domain = next(d for d in scheme.domains if d.key == key)
    items = scheme.in_domain(key)
    head = ("指标", "适用", "取数", "计分办法", "没有数据时", "依据", "可信程度")
    text = _domain_text(scheme, domain, items)
    rows = tuple(_indicator(scheme, item) for item in items)
    return Section(f"维度：{domain.label}", tuple(text), head, rows)


def _domain_text(scheme: Scheme, domain: Domain, items: Sequence[Indicator]) -> list[str]:
    if scheme.combine.method == "step":
        return ["下列各数是总分的由来，逐项列入评分说明。"]
    if scheme.combine.method == "sum":
        earned, lost = sum(i.rule.full for i in items), sum(taken(i.rule) for i in items)
        most = [f"加{said(earned)}分"] if earned else []
        most += [f"减{said(lost)}分"] if lost else []
        return [f"各项得分直接计入总分，合计最多{'、最多'.join(most)}。"]
    total = sum(d.weight for d in scheme.domains)
    return [
        f"权重{said(domain.weight)}，各维度权重合计{said(total)}。",
        f"至少要有{domain.minimum}个指标有数据，否则本维度不计，权重由其他维度分担。",
    ]


def _indicator(scheme: Scheme, item: Indicator) -> tuple[str, ...]:
    missing = "由计算步骤处理" if scheme.combine.method == "step" else MISSING[item.missing]
    if item.missing_points is not None:
        missing = f"按{said(item.missing_points)}分计"
    if item.missing == "zero" and not item.rule.full and scheme.combine.method == "sum":
        missing = "不扣分"
    if item.unknown:
        condition = said_sql(item.unknown.when, scheme.labels)
        missing += f"；{condition}的：{item.unknown.says}"
    rule = item_words(item, scheme) + (f"；权重{said(item.weight)}" if item.weight else "")
    rule += _remarks(scheme, item)
    return (
        item.label, kinds_of(scheme, item), _source(scheme, item), rule, missing, item.basis, trusted(item),
    )  # fmt: skip


def _remarks(scheme: Scheme, item: Item) -> str:
    said = [f"；{said_sql(one.when, scheme.labels)}的注明“{one.says}”" for one in item.remarks]
    return "".join(said)


def _source(scheme: Scheme, item: Item) -> str:
    """The Chinese name of the column, or the expression when there is none."""
    names = scheme.labels
    return said_sql(item.sql, names) if item.sql else names.get(item.fact or "", "")


def _extras(scheme: Scheme) -> Iterator[Section]:
    for title, sign, part in (("加分", "加", scheme.bonus), ("减分", "减", scheme.malus)):
        if part:
            yield _extra(scheme, title, sign, part)


def _extra(scheme: Scheme, title: str, sign: str, part: Adjustment) -> Section:
    head = ("事项", "适用", "取数", "计分办法", "依据", "可信程度")
    rows = [
        (
            i.label,
            kinds_of(scheme, i),
            _source(scheme, i),
            item_words(i, scheme) + _remarks(scheme, i),
            i.basis,
            trusted(i),
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
    unit = measured_in(scheme)
    text = [
        f"{_how(scheme)}，最低{said(c.floor)}{unit}，最高{said(c.ceiling)}{unit}。",
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
        how = f"起始分{said(c.base)}分，逐项加分、减分" if c.base else "各维度的得分逐项相加减"
    else:
        how = f"各维度得分率按权重平均，换算为{said(c.scale)}分"
    return how + ("，再加加分、减减分" if scheme.extras else "")


def _tiebreaks(scheme: Scheme) -> str:
    names = scheme.labels
    order = {"low": "少者在前", "high": "多者在前"}
    return "".join(
        f"，再比{names.get(t.fact, t.fact)}（{order[t.first]}）" for t in scheme.ranking.then
    )
