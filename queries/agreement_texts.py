"""The texts of an agreement: the model as it would be drawn up on a day, its drafts, and their differences."""

from __future__ import annotations

from datetime import date
from typing import Any

from models import Agreement
from models.special_clause import SpecialState
from queries import local_clauses
from rules import clauses, differences
from rules.agreement_forms import AgreementForm
from rules.differences import ClauseChange

MODEL, PREVIOUS = "model", "previous"


def drawn_up(agreement: Agreement, *, on: date) -> list[dict[str, Any]]:
    """The model text of the day for this institution and form, with its agreed special clauses."""
    institution = agreement.institution
    terms = clauses.Terms(
        agreement.term_from,
        agreement.term_to,
        agreement.parent.number if agreement.parent else "",
        agreement.covers,
    )
    return clauses.on_day(
        on,
        institution.kind,
        agreement.form,
        terms,
        local=local_clauses.in_force(institution.pooling_region, institution.kind.family, on),
        special=special(agreement),
    )


def moved(agreement: Agreement, *, on: date) -> list[str]:
    """Keys of the clauses that the model or the region words otherwise since the text was drawn up."""
    kind, region = agreement.institution.kind, agreement.institution.pooling_region
    keys = clauses.differing(kind, agreement.form, agreement.text_on, on)
    if agreement.form is AgreementForm.MAIN or agreement.form is AgreementForm.ANNUAL:
        keys += local_clauses.begun_since(region, kind.family, agreement.text_on, on)
    return list(dict.fromkeys(keys))


def special(agreement: Agreement) -> list[clauses.Added]:
    """The special clauses both sides may sign, in the order in which they were proposed."""
    return [
        clauses.Added(one.key, one.text, f"双方约定：{one.reason}")
        for one in agreement.special_clauses
        if one.state is SpecialState.AGREED
    ]


def versions(agreement: Agreement, *, on: date) -> list[tuple[str, str]]:
    """What a text may be compared with: the model of today, the previous agreement, each draft."""
    offered = [(MODEL, f"现行范本（{on}）")]
    if agreement.previous and agreement.previous.chapters:
        offered.append((PREVIOUS, f"上期协议 {agreement.previous.number}"))
    drafts = [
        (str(one.serial), f"第 {one.serial} 稿（{one.made_on}，{one.note[:16]}）")
        for one in agreement.drafts
    ]
    return offered + drafts


def text(agreement: Agreement, version: str, *, on: date) -> list[dict[str, Any]]:
    """The chapters of one of these versions; an unknown one is the text as it stands."""
    if version == MODEL:
        return drawn_up(agreement, on=on)
    if version == PREVIOUS and agreement.previous:
        return list(agreement.previous.chapters)
    found = next((one for one in agreement.drafts if str(one.serial) == version), None)
    return list(found.chapters if found else agreement.chapters)


def compared(agreement: Agreement, old: str, new: str, *, on: date) -> list[ClauseChange]:
    """Clause by clause, what changed from one version to the other."""
    before, after = text(agreement, old, on=on), text(agreement, new, on=on)
    return differences.changed(differences.clauses(before, after))
