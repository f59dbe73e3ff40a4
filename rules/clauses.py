"""An agreement's text: the model clauses of the kind, their blanks filled from the law in force."""

from __future__ import annotations

from datetime import date
from typing import Any

import regulations
from regulations import clauses as model


def chapters(law: regulations.Law, *, term_from: date, term_to: date) -> list[dict[str, Any]]:
    """Chapters as the agreement stores them: [{title, clauses: [{number, key, text}]}], numbered through."""
    blanks = _blanks(law) | {"term_from": _cn(term_from), "term_to": _cn(term_to)}
    number, written = 0, []
    for chapter in model.edition(law.day).chapters:
        lines = []
        for clause in chapter.clauses:
            if clause.kind in ("", law.kind):
                number += 1
                lines.append(
                    {"number": number, "key": clause.key, "text": clause.text.format(**blanks)}
                )
        written.append({"title": chapter.title, "clauses": lines})
    return written


def _blanks(law: regulations.Law) -> dict[str, Any]:
    return {
        "dept_beds": law.apply.mi.dept_beds.value if law.kind == "medical" else "",
        "suspend_at": law.staff.suspend_at.value,
        "terminate_at": law.staff.terminate_at.value,
        "keep_years": law.record.ph_keep.value if law.kind == "pharmacy" else "",
        "pay_days": law.pay.deadline.value,
        "deposit_rate": law.deposit.rate.value,
        "views_days": law.views.due.value,
        "suspend_max": law.agreement.suspend_max.value,
        "suspend_count": law.agreement.suspend_count_terminate.value,
        "voluntary_months": law.agreement.voluntary_notice.value,
        "change_days": law.agreement.change_report.value,
        "renew_months": law.agreement.renew_before.value,
    }


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
