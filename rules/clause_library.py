"""The model agreement as a library: what is used on a day, how one clause changed, which days changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from regulations import clauses as model
from rules import differences
from rules.agreement_forms import PARTS, AgreementForm
from rules.clauses import Rank, model_clauses, shown
from rules.differences import Piece
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind
from rules.refusal import Refused

FAMILIES = {MEDICAL: "医疗机构", PHARMACY: "零售药店"}
CONFIDENCE = {
    "official": "有文件",
    "secondary": "转引",
    "local": "请按本地文件核对",
    "assumed": "请按本地文件核对",
}


@dataclass(frozen=True)
class Entry:
    """A clause of the library on a day. `kinds`: whom it binds, in words."""

    key: str
    chapter: str
    rank: Rank
    kinds: str
    forms: str
    text: str
    since: date
    until: date | None
    basis: str
    confidence: str
    wordings: int


@dataclass(frozen=True)
class Step:
    """One wording with what changed from the one before."""

    since: date
    until: date | None
    pieces: tuple[Piece, ...]


def chapters() -> list[tuple[str, str]]:
    """Key and title of every chapter; a title that differs by family shows both."""
    return [(one.key, "／".join(dict.fromkeys(one.titles.values()))) for one in model.chapters()]


def entries(day: date, *, family: str = "", rank: str = "") -> list[Entry]:
    """What new agreements take on the day, of one family and rank if asked."""
    titles = dict(chapters())
    return [
        _entry(clause, wording, titles[clause.chapter], day)
        for clause in model.clauses()
        if (wording := clause.wording(day))
        and (not family or family in clause.citations)
        and (not rank or clause.rank == rank)
    ]


def find(key: str) -> model.Clause | None:
    return next((one for one in model.clauses() if one.key == key), None)


def entry(key: str) -> Entry | None:
    """The clause in its latest wording."""
    clause = find(key)
    if clause is None:
        return None
    last = clause.wordings[-1]
    return _entry(clause, last, dict(chapters())[clause.chapter], last.since)


def history(key: str) -> list[Step]:
    """Every wording of a clause, newest first, each against the one before."""
    clause = find(key)
    wordings = clause.wordings if clause else ()
    before = ["", *(one.text for one in wordings)]
    steps = [
        Step(one.since, one.until, differences.words(old, one.text))
        for old, one in zip(before, wordings, strict=False)
    ]
    return steps[::-1]


def editions() -> list[date]:
    return model.editions()


def require_local(key: str, chapter: str) -> None:
    """Refused unless the clause is, or may be, one of the pooling region."""
    if chapter not in dict(chapters()):
        raise Refused("请选择条款所在的章。")
    clause = find(key) if key else None
    if clause and clause.rank != Rank.LOCAL:
        raise Refused(
            f"条款 {key} 执行国家规定，统筹区不能另行规定。",
            basis="；".join(dict.fromkeys(one.basis for one in clause.citations.values())),
            cure="请作为新的统筹区条款拟定，内容不得与国家规定抵触。",
        )


def changed_since(day: date, *, key: str = "") -> list[tuple[AgreementForm, InstitutionKind, date]]:
    """For each form and kind the last day up to `day` on which a clause (this one) of its model changed."""
    found = []
    for form in AgreementForm:
        for kind in InstitutionKind:
            days = [
                change
                for clause in model_clauses(kind, form)
                if not key or clause.key == key
                for change in _changes(clause)
                if change <= day
            ]
            if days:
                found.append((form, kind, max(days)))
    return found


def _changes(clause: model.Clause) -> list[date]:
    """The days on which the model changed by this clause; a clause that came first with the model is no change."""
    first = model.editions()[0]
    days = [one.since for one in clause.wordings if one.since > first]
    return days + [model.day_after(one.until) for one in clause.wordings if one.until]


def _entry(clause: model.Clause, wording: model.Wording, title: str, day: date) -> Entry:
    cited = {one.basis: one for one in clause.citations.values()}
    families = [FAMILIES[one] for one in clause.citations]
    kinds = [InstitutionKind(one).label for one in sorted(clause.kinds)]
    return Entry(
        key=clause.key,
        chapter=title,
        rank=Rank(clause.rank),
        kinds="、".join(kinds or families),
        forms="、".join(one.label for one in AgreementForm if clause.parts & PARTS[one]),
        text=shown(wording.text, day, next(iter(clause.citations))),
        since=wording.since,
        until=wording.until,
        basis="；".join(cited),
        confidence="；".join(dict.fromkeys(CONFIDENCE[one.confidence] for one in cited.values())),
        wordings=len(clause.wordings),
    )
