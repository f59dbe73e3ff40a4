"""The measures on the agreement track in words, and the remedies a decision has to name."""

from __future__ import annotations

from datetime import date

import regulations
from rules.refusal import Refused, whole_article
from rules.words import cn

SUSPEND, TERMINATE = "suspend", "terminate"
WORDS = {SUSPEND: "中止协议", TERMINATE: "解除协议"}
NO_CONSEQUENCE = "提示信息，未规定连带后果"


def grounds(measure: str, day: date, family: str) -> tuple[regulations.Row, ...]:
    """The enumerated grounds of this measure for this kind of institution."""
    law = regulations.at(day, family)
    if measure == SUSPEND:
        return law.table("suspension_grounds")
    return law.table("termination_grounds")


def ground(key: str, measure: str, day: date, family: str) -> regulations.Row | None:
    rows = (*grounds(measure, day, family), cross_region(measure, day, family))
    return next((row for row in rows if row.key == key), None)


def named_ground(key: str, measure: str, day: date, family: str) -> regulations.Row:
    """The ground of this key; Refused when the law of the day does not list it for the kind."""
    row = ground(key, measure, day, family)
    if row is None:
        raise Refused(
            f"{WORDS[measure]}只能依据列明的情形。",
            basis=whole_article(grounds(measure, day, family)[0].basis),
            cure="请从列表中选择情形。",
        )
    return row


def as_columns(row: regulations.Row) -> dict[str, str]:
    """A ground as a decision keeps it."""
    return {"ground": row.key, "ground_text": row.label, "basis": row.basis}


def by_trigger(trigger: str, day: date, family: str) -> regulations.Row | None:
    """The termination ground that the machine notices by this trigger, where the kind has one."""
    return next(
        (row for row in grounds(TERMINATE, day, family) if row.extra["trigger"] == trigger), None
    )


def cross_region(measure: str, day: date, family: str) -> regulations.Row:
    """The ground on which we follow the agency of another pooling region (令3 Art 41, 令2 Art 44)."""
    ending = "cross_region_suspended" if measure == SUSPEND else "cross_region"
    rows = regulations.at(day, family).table("end_reasons")
    return next(row for row in rows if row.key.endswith(ending))


def cross_region_basis(day: date, family: str) -> str:
    """Why other pooling regions follow."""
    rows = regulations.at(day, family).table("end_reasons")
    return next(row.basis for row in rows if row.key.endswith("cross_region"))


def planned(measure: str, from_on: date | None, to_on: date | None, amount: int) -> str:
    """What is intended, as the notice before the decision says it. `amount` in 分."""
    start = f"自{cn(from_on)}起" if from_on else "自决定载明之日起"
    if measure == TERMINATE:
        text = f"拟{start}解除医疗保障服务协议，并向社会公布。"
    elif to_on:
        text = f"拟{start}中止医疗保障服务协议，至{cn(to_on)}止，中止期间发生的费用不予结算。"
    else:
        text = f"拟{start}中止医疗保障服务协议，至整改合格恢复之日止，中止期间发生的费用不予结算。"
    if amount:
        text += f"涉及医疗保障基金{amount // 100:,}.{amount % 100:02d}元，依照协议约定追回。"
    return text


def remedy(day: date, family: str) -> str:
    """The routes against a decision, with the time limits in force on the day."""
    law = regulations.at(day, family)
    limits = {
        "reconsider": f"自收到本决定之日起{law.remedy.reconsider.value}日内",
        "sue": f"自收到本决定之日起{law.remedy.sue.value}个月内",
    }
    routes = [
        f"{limits.get(row.extra['route'], '')}{row.label}" for row in law.table("remedy_routes")
    ]
    return f"对本决定有异议的，可以{'，或者'.join(routes)}。"
