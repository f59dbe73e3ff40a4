"""From facts to an unrounded and a rounded score. Working columns are named part·item (`raw·…`, `points·…`)."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from scoring.formula import expression, finite, number, rounded
from scoring.scheme import Domain, Indicator, Item, Scheme
from scoring.steps import Step
from scoring.works import Work


def with_steps(frame: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """Derived columns, layer by layer: steps that do not read one another are worked out together."""
    layer_of: dict[str, int] = {}
    layers: dict[int, list[Step]] = defaultdict(list)
    for step in scheme.steps:
        layer = 1 + max((layer_of.get(name, 0) for name in step.reads), default=0)
        layer_of[step.name] = layer
        layers[layer].append(step)
    for layer in sorted(layers):
        frame = frame.with_columns(_step(step).alias(step.name) for step in layers[layer])
    return frame


def _step(step: Step) -> pl.Expr:
    """Rounded as the step says, or freed of binary noise."""
    value = _worked(step)
    if step.rounding is None:
        return number(value)
    return rounded(finite(value), step.rounding.mode, step.rounding.digits)


def _worked(step: Step) -> pl.Expr:
    if isinstance(step.rule, Work):
        return step.rule.column()
    raw = expression(step.sql) if step.sql else pl.col(step.fact or "")
    if step.rule is None:
        return raw
    return pl.when(number(raw).is_not_null()).then(step.rule.points(number(raw)))


def with_points(frame: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """Raw value, points, and whether the item concerns the subject at all. No points: it does not count."""
    items: list[Item] = [*scheme.indicators, *(item for _, item in scheme.extras)]
    frame = frame.with_columns(
        _applies(item, scheme).alias(f"applies·{item.key}") for item in items
    )
    frame = frame.with_columns(_raw(item).alias(f"raw·{item.key}") for item in items)
    return frame.with_columns(_points(item).alias(f"points·{item.key}") for item in items)


def with_domains(frame: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """A percentage for each domain (weighted mean) or its sum of points; empty when too little is known."""
    frame = frame.with_columns(
        [_known(domain, scheme).alias(f"known·{domain.key}") for domain in scheme.domains]
        + [_lost(domain, scheme).alias(f"lost·{domain.key}") for domain in scheme.domains]
    )
    return frame.with_columns(
        _domain(domain, scheme).alias(domain.key) for domain in scheme.domains
    )


def with_score(frame: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    """Weights in force for each subject, what each item gains, bonus and malus, limits, rounding."""
    frame = frame.with_columns(_total(scheme).alias("total·"))
    frame = frame.with_columns(
        _where_open(_weight(i, scheme), scheme).alias(f"weight·{i.key}") for i in scheme.indicators
    )
    frame = frame.with_columns(
        _where_open(_gain(i, scheme), scheme).alias(f"gain·{i.key}") for i in scheme.indicators
    )
    frame = frame.with_columns(_extra(scheme, name).alias(name) for name in ("bonus", "malus"))
    frame = frame.with_columns(
        number(pl.col("total·") + pl.col("bonus") - pl.col("malus")).alias("open·")
    )
    limits = scheme.combine
    frame = frame.with_columns(pl.col("open·").clip(limits.floor, limits.ceiling).alias("exact·"))
    rounding = scheme.rounding
    return frame.with_columns(
        rounded(pl.col("exact·"), rounding.mode, rounding.digits).alias("score")
    )


def _where_open(value: pl.Expr, scheme: Scheme) -> pl.Expr:
    """Without a score nothing is worth a share of it."""
    return pl.when(_open(scheme)).then(value)


def _applies(item: Item, scheme: Scheme) -> pl.Expr:
    kind = scheme.subject.kind
    return pl.col(kind).is_in(list(item.kinds)) if kind and item.kinds else pl.lit(True)


def _raw(item: Item) -> pl.Expr:
    value = expression(item.sql) if item.sql else pl.col(item.fact or "")
    return pl.when(f"applies·{item.key}").then(number(value))


def _points(item: Item) -> pl.Expr:
    """Bonus and malus give nothing where nothing is known; indicators follow their missing policy."""
    raw = pl.col(f"raw·{item.key}")
    missing = item.points_when_missing if isinstance(item, Indicator) else 0.0
    found = (
        pl.when(raw.is_not_null())
        .then(item.rule.points(raw))
        .otherwise(pl.lit(missing, pl.Float64))
    )
    return pl.when(f"applies·{item.key}").then(number(found))


def _known(domain: Domain, scheme: Scheme) -> pl.Expr:
    counted = [pl.col(f"points·{i.key}").is_not_null() for i in scheme.in_domain(domain.key)]
    return pl.sum_horizontal(counted) >= domain.minimum


def _lost(domain: Domain, scheme: Scheme) -> pl.Expr:
    """Something of it exists but is unknown, and the domain would count: whatever the others say would be wrong."""
    items = scheme.in_domain(domain.key)
    unknown = [expression(i.unknown.when).fill_null(False) for i in items if i.unknown]
    if not unknown:
        return pl.lit(False)
    counted = [pl.col(f"points·{i.key}").is_not_null() for i in items]
    return pl.any_horizontal(unknown) & (pl.sum_horizontal(counted + unknown) >= domain.minimum)


def _open(scheme: Scheme) -> pl.Expr:
    """No domain is lost, so there may be a score."""
    return ~pl.any_horizontal([f"lost·{domain.key}" for domain in scheme.domains])


def _inner(item: Indicator) -> pl.Expr:
    """The indicator's weight inside its domain where it counts, else nothing."""
    return pl.when(pl.col(f"points·{item.key}").is_not_null()).then(item.share).otherwise(0.0)


def _domain(domain: Domain, scheme: Scheme) -> pl.Expr:
    items = scheme.in_domain(domain.key)
    points = [pl.col(f"points·{i.key}") for i in items]
    if scheme.combine.method != "weighted_mean":
        value = pl.sum_horizontal(points)
    else:
        parts = [p / i.rule.full * i.share for p, i in zip(points, items, strict=True)]
        value = pl.sum_horizontal(parts) / pl.sum_horizontal([_inner(i) for i in items]) * 100
    return number(
        pl.when(pl.col(f"known·{domain.key}") & ~pl.col(f"lost·{domain.key}")).then(value)
    )


def _outer(scheme: Scheme) -> pl.Expr:
    """The weights of the domains that are known, added up."""
    return pl.sum_horizontal(
        pl.when(f"known·{d.key}").then(d.weight).otherwise(0.0) for d in scheme.domains
    )


def _total(scheme: Scheme) -> pl.Expr:
    combine = scheme.combine
    if combine.method == "step":
        return pl.col(combine.step or "")
    known = pl.sum_horizontal(pl.col(f"known·{d.key}") for d in scheme.domains)
    if combine.method == "sum":
        total = combine.base + pl.sum_horizontal(d.key for d in scheme.domains)
    else:
        parts = [pl.col(d.key) * d.weight for d in scheme.domains]
        total = pl.sum_horizontal(parts) / _outer(scheme) * combine.scale / 100
    return pl.when((known >= combine.minimum) & _open(scheme)).then(total)


def _weight(item: Indicator, scheme: Scheme) -> pl.Expr:
    """How many points of the score full marks here are worth for this subject, after missing ones stepped out."""
    if scheme.combine.method == "step":
        return pl.lit(None, pl.Float64)
    if scheme.combine.method == "sum":
        return pl.when(f"known·{item.domain}").then(_counted(item, item.rule.full)).otherwise(0.0)
    domain = next(d for d in scheme.domains if d.key == item.domain)
    inner = pl.sum_horizontal([_inner(i) for i in scheme.in_domain(domain.key)])
    worth = scheme.combine.scale * domain.weight / _outer(scheme) * _inner(item) / inner
    return number(pl.when(f"known·{domain.key}").then(worth).otherwise(0.0))


def _counted(item: Indicator, worth: float) -> pl.Expr:
    return pl.when(pl.col(f"points·{item.key}").is_not_null()).then(float(worth)).otherwise(0.0)


def _gain(item: Indicator, scheme: Scheme) -> pl.Expr:
    points = pl.col(f"points·{item.key}").fill_null(0.0)
    if scheme.combine.method == "step":
        return pl.lit(0.0)
    if scheme.combine.method == "sum":
        return pl.when(f"known·{item.domain}").then(points).otherwise(0.0)
    return number(pl.col(f"weight·{item.key}") * points / item.rule.full)


def _extra(scheme: Scheme, name: str) -> pl.Expr:
    """Bonus or malus, all items together, held by the cap."""
    part = scheme.bonus if name == "bonus" else scheme.malus
    if part is None:
        return pl.lit(0.0)
    return number(pl.sum_horizontal(f"points·{item.key}" for item in part.items).clip(0, part.cap))
