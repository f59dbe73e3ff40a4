"""Facts about insured persons from a file: the product keeps no register of them, and of the file only what it needs.

The ID number becomes a salted index before anything is stored, the name is masked, the file itself is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import regulations
from actions import sheets
from models.sealed import blind_index
from queries import credit_entered, credit_persons
from queries.credit_period import Period
from queries.credit_subjects import NAMED
from rules import codes, names
from rules.credit_subjects import CreditSubject, masked
from rules.refusal import Refused
from scoring.facts import NO, YES
from scoring.scheme import Fact, Scheme

ID_HEADINGS = ("居民身份证号码", "身份证号码", "证件号码")
NAME_HEADINGS = ("姓名",)
WRONG = object()
TOLD = 10  # faults told at once
SEPARATOR = re.compile(r"\s*[,，;；]\s*")  # between numbers of papers
HOUSE = {
    "rated_on",
    "blacklisted",
    "blacklist_evidence",
    *credit_entered.NO_RECORDS,
}  # what the product knows itself


class FactFile(NamedTuple):
    """A table as it was uploaded."""

    content: bytes
    name: str


def rows(
    given: FactFile, scheme: Scheme, region: str, *, from_on: date, to_on: date
) -> list[dict[str, Any]]:
    """One row per person, ready to be frozen. Refused when a column is missing or any row is wrong."""
    if scheme.subject.key != CreditSubject.INSURED_PERSON:
        raise Refused(
            f"{scheme.subject.label}的事实由本系统取数，不收事实表。",
            cure="请不要上传文件，或者改选参保人员的方案。",
        )
    grid = sheets.read(given.content, given.name).grid
    wanted = [fact for fact in scheme.facts if fact.column not in HOUSE]
    columns = _columns(grid[0] if grid else [], wanted)
    proofs = _proofs(scheme, wanted)
    found: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    for number, cells in enumerate(grid[1:], start=2):
        if any(cell.strip() for cell in cells):
            texts = {key: cells[n].strip() if n < len(cells) else "" for key, n in columns.items()}
            _read(number, texts, wanted, proofs, to_on, found, faults)
    if faults or not found:
        more = f"等 {len(faults)} 处" if len(faults) > TOLD else ""
        said = "；".join(faults[:TOLD]) or "表中没有人员"
        raise Refused(f"事实表有错误，没有采用：{said}{more}。", cure="请更正后重新上传整个文件。")
    house = credit_persons.insured(Period(region, from_on, to_on, scheme), set(found))
    return [found[key] | house[key] for key in sorted(found)]


def _columns(head: Sequence[str], wanted: Sequence[Fact]) -> dict[str, int]:
    heads = {names.name_key(cell): n for n, cell in reversed(list(enumerate(head)))}
    words: dict[str, tuple[str, ...]] = {"id_number": ID_HEADINGS, "name": NAME_HEADINGS}
    words |= {fact.column: (fact.label, fact.heading, fact.column) for fact in wanted}
    found = {
        key: heads[names.name_key(word)]
        for key, own in words.items()
        for word in reversed(own)
        if names.name_key(word) in heads
    }
    missing = [own[0] for key, own in words.items() if key not in found]
    if missing:
        raise Refused(
            f"事实表没有列：{'、'.join(missing)}。", cure="请补齐各列，没有数据的格留空。"
        )
    return found


def _proofs(scheme: Scheme, wanted: Sequence[Fact]) -> dict[str, Fact]:
    """Column of what was found → the column of the file that holds the number of its paper."""
    asked = {fact.column: fact for fact in wanted}
    items = [*scheme.indicators, *(item for _, item in scheme.extras)]
    pairs = [(item.fact, item.evidence) for item in items]
    pairs += [(veto.when, veto.evidence) for veto in scheme.vetoes]
    return {one: asked[two] for one, two in pairs if one in asked and two in asked}


def _read(
    number: int,
    texts: Mapping[str, str],
    wanted: Sequence[Fact],
    proofs: Mapping[str, Fact],
    day: date,
    found: dict[str, dict[str, Any]],
    faults: list[str],
) -> None:
    id_number = codes.tidy(texts["id_number"])
    values = {fact.column: _value(fact, texts[fact.column]) for fact in wanted}
    wrong = [f"{fact.label}不正确" for fact in wanted if values[fact.column] is WRONG]
    wrong += [
        f"没有写明{proof.label}"
        for column, proof in proofs.items()
        if values[column] and values[column] is not WRONG and not values[proof.column]
    ]
    if codes.resident_id_fault(id_number, regulations.at(day)):
        wrong.append("证件号码不正确")
    if not texts["name"]:
        wrong.append("没有姓名")
    index = blind_index(id_number)
    if index in found:
        wrong.append("与前面某行是同一人")
    if wrong:
        faults.append(f"第 {number} 行{'，'.join(wrong)}")
        return
    name, shown = masked(texts["name"], id_number)
    found[index] = {
        CreditSubject.INSURED_PERSON.value: index,
        NAMED: f"{name}（{shown}）",
        **values,
    }


def _value(fact: Fact, text: str) -> Any:
    """The cell as the fact's type; `WRONG` where it is something else."""
    if not text:
        return None
    if fact.type == "flag":
        known = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
        return known.get(text.lower(), WRONG)
    if fact.type == "text":
        return SEPARATOR.sub("、", text)
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return WRONG
    return value if 0 <= value < float("inf") else WRONG
