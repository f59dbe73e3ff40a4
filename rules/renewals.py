"""续签: when it may be asked for, what speaks against it, and what is advised. Nothing is decided here.

令3 Art 38 and 令2 Art 41: asked for three months before the end or organised by the agency; decided on how the
agreement was performed and on the assessment. The last day counts backwards and is never put off by a holiday.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import regulations
from rules.clocks import add_months
from rules.refusal import Refused
from rules.words import Labelled


class Advice(Labelled):
    """The order is the order in which they are looked at: exceptions first."""

    NOT_RENEW = "not_renew", "建议不续签", "over"
    ATTENTION = "attention", "须逐家研究", "due"
    RENEW = "renew", "建议续签", "ok"


class ReminderKind(Labelled):
    WINDOW = "window", "可以申请续签"
    DUE = "due", "续签申请期限已到"


class Clearing(Labelled):
    """How a campaign's finding stands on a day."""

    PASSED = "passed", "通过", "ok"
    OPEN = "open", "整改期内", "soon"
    NOT_CLEARED = "not_cleared", "逾期未整改", "over"


@dataclass(frozen=True)
class Window:
    """`opens_on` … `due_on` is in time; from the day after until the end of the term an application is late."""

    opens_on: date
    due_on: date
    term_to: date
    months: int
    basis: str
    window_basis: str
    window_confidence: str

    def is_late(self, day: date) -> bool:
        return day > self.due_on

    @property
    def doubt(self) -> str:
        official = self.window_confidence == "official"
        return "" if official else "（受理窗口按本地做法，请按本地文件核对）"

    @property
    def explain(self) -> list[str]:
        """Why these days: sentences for the page."""
        return [
            f"协议期满日为 {self.term_to}。",
            f"应当在期满前 {self.months} 个月申请（{self.basis}），即最迟 {self.due_on}。",
            "按公历月往前推算，当月没有同日的取月末，遇节假日不顺延。",
            f"{self.opens_on} 起可以申请{self.doubt}。",
        ]


@dataclass(frozen=True)
class Fact:
    """One line of what is looked at. `hit`: it is an exception; `trigger` names the row that says what follows."""

    trigger: str
    label: str
    value: str
    source: str
    hit: bool = False


@dataclass(frozen=True)
class Line:
    """A fact with what follows from it: advice and article where it is an exception, else empty."""

    label: str
    value: str
    source: str
    advice: str = ""
    reason: str = ""
    basis: str = ""
    confidence: str = ""


def window(term_to: date, day: date, family: str) -> Window:
    """When renewal of a term that ends on `term_to` may be asked for, by the law of the day."""
    law = regulations.at(day, family)
    before, opens = law.agreement.renew_before, law.agreement.renew_window
    return Window(
        opens_on=add_months(term_to, -opens.value),
        due_on=add_months(term_to, -before.value),
        term_to=term_to,
        months=before.value,
        basis=before.basis,
        window_basis=opens.basis,
        window_confidence=opens.confidence,
    )


def last_end_in_window(day: date, family: str) -> date:
    """The latest end of a term whose window is open on the day: the exact inverse of `window`, for queries."""
    months = regulations.at(day, family).agreement.renew_window.value
    last = add_months(day, months)
    if (day + timedelta(days=1)).day > 1:
        return last
    return date(last.year, last.month, monthrange(last.year, last.month)[1])


def check_application(term_to: date, day: date, family: str) -> Window:
    """The window, or Refused before it opens and after the term is over. A late application is taken up."""
    found = window(term_to, day, family)
    if day < found.opens_on:
        raise Refused(
            f"协议 {term_to} 才到期，续签窗口 {found.opens_on} 开放。",
            basis=found.window_basis,
            cure=f"请在 {found.opens_on} 至 {found.due_on} 之间申请{found.doubt}。",
        )
    if day > term_to:
        raise Refused(
            f"协议已于 {term_to} 到期，不能续签。",
            basis=found.basis,
            cure="需要继续提供定点服务的，请重新申请定点。",
        )
    return found


def check_wanted(exit_number: str, day: date, family: str) -> None:
    """Refused while the institution's own request not to renew stands; `exit_number` is its number, or empty."""
    if not exit_number:
        return
    row = exit_row(day, family)
    raise Refused(
        f"{row.label}（{exit_number}），经办机构已经同意，不再办理续签。",
        basis=row.basis,
        cure="需要续签的，请机构先撤回该退出申请。",
    )


def exit_row(day: date, family: str) -> regulations.Row:
    """What the law says of an institution that does not want to go on."""
    rows = regulations.at(day, family).table("renewal_exceptions")
    return next(row for row in rows if row.extra["trigger"] == "exit_requested")


def reminders(term_to: date, day: date, family: str) -> list[tuple[ReminderKind, date]]:
    """The reminders whose day has come, each with its day; none when the term is over."""
    if day > term_to:
        return []
    found = window(term_to, day, family)
    days = [(ReminderKind.WINDOW, found.opens_on), (ReminderKind.DUE, found.due_on)]
    return [(kind, due) for kind, due in days if due <= day]


def clearing(due_on: date | None, cleared_on: date | None, day: date) -> Clearing:
    """Cleared on the due day is in time; a day later it is not, whenever it is cleared afterwards."""
    if due_on is None or (cleared_on is not None and cleared_on <= due_on):
        return Clearing.PASSED
    return Clearing.OPEN if cleared_on is None and day <= due_on else Clearing.NOT_CLEARED


def sheet(facts: Iterable[Fact], day: date, family: str) -> tuple[list[dict[str, str]], Advice]:
    """The decision sheet: every fact with its source, exceptions first, and the advice that follows from all.

    LookupError for an exception that the law of the family does not know.
    """
    rows = {
        row.extra["trigger"]: row for row in regulations.at(day, family).table("renewal_exceptions")
    }
    lines = [_line(fact, rows) for fact in facts]
    order = list(Advice)
    lines.sort(key=lambda line: order.index(Advice(line.advice)) if line.advice else len(order))
    return [asdict(line) for line in lines], advice(lines)


def exceptions(lines: Iterable[Mapping[str, str]]) -> set[str]:
    """The reasons of a sheet's exceptions: two sheets with the same ones say the same."""
    return {line["reason"] for line in lines if line["advice"]}


def advice(lines: Iterable[Line]) -> Advice:
    """The gravest of them; renewal where there is no exception."""
    found = {line.advice for line in lines}
    return next((word for word in Advice if word in found), Advice.RENEW)


def _line(fact: Fact, rows: Mapping[str, regulations.Row]) -> Line:
    if not fact.hit:
        return Line(fact.label, fact.value, fact.source)
    row = rows[fact.trigger]
    return Line(
        fact.label,
        fact.value,
        fact.source,
        advice=str(row.extra["advice"]),
        reason=row.label,
        basis=row.basis,
        confidence=row.confidence,
    )
