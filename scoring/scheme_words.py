"""What the parts of a scheme's page share: a section, words for trust and standing, who a part concerns."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.scheme import Item, Scheme, Veto
from scoring.sources import Parameter

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


@dataclass(frozen=True)
class Section:
    title: str
    text: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def kinds_of(scheme: Scheme, part: Item | Veto) -> str:
    return "、".join(scheme.subject.kinds[kind] for kind in part.kinds) or "全部"


def trusted(part: Item | Veto | Parameter) -> str:
    return CONFIDENCE[part.confidence] + (f"（{part.note}）" if part.note else "")


def measured_in(scheme: Scheme) -> str:
    """分, or the unit of the step that is the score."""
    named = scheme.graded_by or scheme.combine.step
    return scheme.units.get(named, "") or "分" if named else "分"
