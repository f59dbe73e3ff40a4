"""The folder of the law: every figure has a source that was in force, a reader or a capability that awaits it."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

import regulations
from tests import law_readers

pytestmark = pytest.mark.pure

BOOK = regulations.book()
TODAY = date(2026, 11, 26)
PEGS = {"conduct_on", "decided_on", "applied_on", "started_on", "signed_on", "year_end"}
CAPABILITY = re.compile(r"^[A-I]\d{1,2}$")
FIGURES = yaml.safe_load(
    (Path(__file__).parent / "scenarios" / "parameters.yaml").read_text("utf-8")
)


def cited() -> list[tuple[str, date, str]]:
    """Where, from which day, by which source: of parameters and of table rows."""
    values = [
        (parameter.key, edition.since, citation.source)
        for parameter in BOOK.parameters.values()
        for edition in parameter.editions
        for citation in edition.citations.values()
    ]
    rows = [
        (f"{t.name}.{row.key}", row.since, row.source)
        for t in BOOK.tables.values()
        for row in t.rows
    ]
    return values + rows


def test_every_figure_of_the_consolidated_list_is_loaded_as_it_stands_there():
    law = regulations.at(TODAY)
    loaded = {key: [law.value(key).value, law.value(key).unit] for key in FIGURES}
    assert loaded == FIGURES


def test_every_source_exists_and_was_in_force_on_the_first_day_of_what_it_carries():
    missing = [(where, source) for where, _, source in cited() if source not in BOOK.sources]
    asleep = [
        (where, since)
        for where, since, source in cited()
        if not BOOK.sources[source].in_force(since)
    ]
    assert (missing, asleep) == ([], [])


def test_no_source_is_listed_for_nothing():
    assert set(BOOK.sources) == {source for _, _, source in cited()}


def test_a_source_comes_into_force_after_it_was_issued_and_before_it_was_repealed():
    for source in BOOK.sources.values():
        assert source.issued_on is None or source.issued_on <= source.in_force_on, source.key
        assert source.repealed_on is None or source.in_force_on < source.repealed_on, source.key
        assert source.level in (
            "law",
            "regulation",
            "rule",
            "normative",
            "standard",
            "local",
            "practice",
            "assumption",
        )


def test_days_ascend_and_a_repealed_source_is_followed_by_another():
    for parameter in BOOK.parameters.values():
        days = [edition.since for edition in parameter.editions]
        assert days == sorted(set(days)), parameter.key
        for citation in parameter.editions[-1].citations.values():
            assert BOOK.sources[citation.source].repealed_on is None, parameter.key


def test_every_parameter_says_what_governs_it_and_when_it_was_checked():
    for parameter in BOOK.parameters.values():
        assert parameter.pegged_to in PEGS, parameter.key
        assert parameter.checked_on <= TODAY, parameter.key
        assert not any(key.startswith(parameter.key + ".") for key in BOOK.parameters), (
            parameter.key
        )


def test_what_is_assumed_or_local_is_never_called_official():
    for where, _, source in cited():
        if BOOK.sources[source].level == "assumption":
            key = where.rsplit(".", 1)
            found = BOOK.parameters.get(where) or next(
                r for r in BOOK.tables[key[0]].rows if r.key == key[1]
            )
            assert found.confidence == "assumed", where


def test_each_key_is_read_or_awaited_never_both():
    read = law_readers.readers(BOOK)
    named = dict(BOOK.parameters) | {f"table {name}": table for name, table in BOOK.tables.items()}
    neither = sorted(key for key, one in named.items() if not one.awaits and key not in read)
    both = {
        key: (one.awaits, sorted(read[key]))
        for key, one in named.items()
        if one.awaits and key in read
    }
    assert neither == [], (
        "nobody reads these: read them, or say under `awaits` which capability will"
    )
    assert both == {}, "these are read now: delete their `awaits` line"


def test_what_is_awaited_is_a_capability():
    awaited = {
        one.awaits for one in (*BOOK.parameters.values(), *BOOK.tables.values()) if one.awaits
    }
    assert [name for name in awaited if not CAPABILITY.match(name)] == []


def test_no_code_asks_for_what_no_file_holds():
    assert law_readers.unknown(BOOK) == []


def test_a_citation_names_the_order_of_the_family():
    assert regulations.at(TODAY, "pharmacy").eval.max.basis.endswith(
        "（国家医疗保障局令第3号）第八条"
    )
    assert regulations.at(TODAY, "medical").eval.max.basis.endswith(
        "（国家医疗保障局令第2号）第九条"
    )
    assert regulations.at(TODAY, "medical").eval.max.confidence == "assumed"
    both = regulations.at(TODAY).eval.max
    assert (both.basis.count("《"), both.confidence, both.value) == (2, "assumed", 3)


def test_nothing_in_force_raises_and_so_does_a_key_that_never_was():
    with pytest.raises(regulations.NotInForce):
        _ = regulations.at(date(2020, 12, 31), "pharmacy").eval.max
    with pytest.raises(regulations.NotInForce):
        regulations.at(TODAY, "medical").value("record.ph_keep")
    with pytest.raises(regulations.NotInForce):
        regulations.at(date(2020, 12, 31)).table("termination_grounds")
    with pytest.raises(regulations.UnknownKey):
        _ = regulations.at(TODAY).eval.maximum
    with pytest.raises(ValueError, match="kind"):
        regulations.at(TODAY, "hospital")


def test_a_source_that_was_replaced_is_cited_for_its_own_days():
    old, new = (
        regulations.at(day).remedy.reconsider for day in (date(2023, 12, 31), date(2024, 1, 1))
    )
    assert ("2017年修正" in old.basis, "2023年修订" in new.basis) == (True, True)
