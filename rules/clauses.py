"""An agreement's text: the model's clauses of kind and form, local and special ones, their blanks filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import regulations
from regulations import clauses as model
from rules.agreement_forms import PARTS, AgreementForm
from rules.kinds import InstitutionKind
from rules.words import Labelled, cn

SPECIAL_CHAPTER = "专门约定"


class Rank(Labelled):
    """Who may change a clause: nobody here, the pooling region, the two parties."""

    MANDATORY = "mandatory", "国家规定"
    LOCAL = "local", "统筹区条款"
    SPECIAL = "special", "专门约定"


@dataclass(frozen=True)
class Added:
    """A clause that is not of the shipped model; with the key of a shipped local clause it stands in its place."""

    key: str
    text: str
    basis: str
    chapter: str = ""


@dataclass(frozen=True)
class Terms:
    """What an agreement fills into its own text."""

    term_from: date
    term_to: date
    parent_number: str = ""
    covers: str = ""


def chapters(
    law: regulations.Law,
    kind: InstitutionKind,
    form: AgreementForm,
    terms: Terms,
    *,
    local: Iterable[Added] = (),
    special: Iterable[Added] = (),
) -> list[dict[str, Any]]:
    """Chapters as an agreement stores them: [{title, clauses: [{number, key, text, rank, basis}]}], numbered."""
    blanks = _Blanks(law, terms)
    added = list(local)
    written = []
    for chapter in model.chapters():
        lines = _lines(chapter, law, kind, form, blanks, added)
        if lines:
            written.append({"title": chapter.titles[kind.family], "clauses": lines})
    agreed = [_line(one.key, one.text, Rank.SPECIAL, one.basis) for one in special]
    if agreed:
        written.insert(len(written) - 1, {"title": SPECIAL_CHAPTER, "clauses": agreed})
    return numbered(written)


def on_day(
    day: date,
    kind: InstitutionKind,
    form: AgreementForm,
    terms: Terms,
    *,
    local: Iterable[Added] = (),
    special: Iterable[Added] = (),
) -> list[dict[str, Any]]:
    """The same, by the law in force on a day."""
    law = regulations.at(day, kind.family)
    return chapters(law, kind, form, terms, local=local, special=special)


def numbered(written: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same chapters with their clauses numbered through."""
    number, result = 0, []
    for chapter in written:
        lines = []
        for clause in chapter["clauses"]:
            number += 1
            lines.append({**clause, "number": number})
        result.append({**chapter, "clauses": lines})
    return result


def by_key(written: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The clauses of stored chapters by their key, in order."""
    return {c["key"]: c for chapter in written for c in chapter["clauses"] if "key" in c}


def model_clauses(kind: InstitutionKind, form: AgreementForm) -> list[model.Clause]:
    """The clauses the model has for this kind and form, whatever the day."""
    return [
        clause
        for clause in model.clauses()
        if clause.binds(kind.family, kind) and clause.parts & PARTS[form]
    ]


def differing(kind: InstitutionKind, form: AgreementForm, text_on: date, day: date) -> list[str]:
    """Keys of the model clauses whose wording on `day` is not the one of the day the text was drawn up."""
    return [
        clause.key
        for clause in model_clauses(kind, form)
        if clause.wording(text_on) != clause.wording(day)
    ]


def _lines(
    chapter: model.Chapter,
    law: regulations.Law,
    kind: InstitutionKind,
    form: AgreementForm,
    blanks: _Blanks,
    added: list[Added],
) -> list[dict[str, Any]]:
    own = {one.key: one for one in added}
    lines, known = [], set()
    for clause in chapter.clauses:
        known.add(clause.key)
        wording = clause.wording(law.day)
        if wording and clause.binds(kind.family, kind) and clause.parts & PARTS[form]:
            cited = clause.citations[kind.family].basis
            if clause.rank == Rank.LOCAL and clause.key in own:
                replaced = own[clause.key]
                lines.append(_line(clause.key, replaced.text, Rank.LOCAL, replaced.basis))
            else:
                text = wording.text.format_map(blanks)
                lines.append(_line(clause.key, text, Rank(clause.rank), cited))
    if form is AgreementForm.MAIN or form is AgreementForm.ANNUAL:
        lines += [
            _line(one.key, one.text, Rank.LOCAL, one.basis)
            for one in added
            if one.chapter == chapter.key and one.key not in known
        ]
    return lines


def shown(text: str, day: date, family: str) -> str:
    """A wording as the library shows it: the figures of the day filled in, what an agreement fills in left open."""
    blanks = _Blanks(regulations.at(day, family), Terms(day, day))
    blanks |= dict.fromkeys(("term_from", "term_to", "parent_number", "covers"), "＿＿")
    return text.format_map(blanks)


def _line(key: str, text: str, rank: Rank, basis: str) -> dict[str, Any]:
    return {"number": 0, "key": key, "text": text, "rank": str(rank), "basis": basis}


class _Blanks(dict[str, Any]):
    """Looks a blank up in the law only when a clause asks for it: a figure not yet in force is then not needed."""

    def __init__(self, law: regulations.Law, terms: Terms) -> None:
        super().__init__(
            term_from=cn(terms.term_from),
            term_to=cn(terms.term_to),
            parent_number=terms.parent_number,
            covers=terms.covers,
        )
        self._law = _figures(law)

    def __missing__(self, name: str) -> Any:
        return self._law[name]()


def _figures(law: regulations.Law) -> dict[str, Callable[[], Any]]:
    return {
        "dept_beds": lambda: law.apply.mi.dept_beds.value,
        "suspend_at": lambda: law.staff.suspend_at.value,
        "terminate_at": lambda: law.staff.terminate_at.value,
        "keep_years": lambda: law.record.ph_keep.value,
        "pay_days": lambda: law.pay.deadline.value,
        "deposit_rate": lambda: law.deposit.rate.value,
        "views_days": lambda: law.views.due.value,
        "suspend_max": lambda: law.agreement.suspend_max.value,
        "suspend_count": lambda: law.agreement.suspend_count_terminate.value,
        "voluntary_months": lambda: law.agreement.voluntary_notice.value,
        "change_days": lambda: law.agreement.change_report.value,
        "renew_months": lambda: law.agreement.renew_before.value,
    }
