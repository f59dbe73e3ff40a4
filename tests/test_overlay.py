"""Local rules: they outrank the nation from their own day, and can invent nothing."""

import shutil
from datetime import date
from pathlib import Path

import pytest

import regulations
from regulations import reader

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(
        regulations.ROOT, tmp_path / "law", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    (tmp_path / "law" / "local" / "990100").mkdir(parents=True)
    return tmp_path / "law"


def overlay(folder: Path, file: str, text: str) -> regulations.Law:
    path = folder / "local" / "990100" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return regulations.Law(TODAY, "pharmacy", reader.read(folder, "990101"))


def test_an_overlay_outranks_the_nation_from_its_own_day(folder):
    law = overlay(
        folder, "publicity.yaml", "apply: {values: {2025-01-01: {value: 7, source: house}}}"
    )
    before = regulations.Law(date(2024, 12, 31), "pharmacy", reader.read(folder, "990101"))
    assert (
        law.publicity.apply.value,
        law.publicity.apply.local,
        law.publicity.apply.confidence,
    ) == (7, True, "local")
    assert (before.publicity.apply.value, before.publicity.apply.local) == (5, False)


def test_an_overlay_may_rewrite_a_row(folder):
    text = "rows: {PH06_08: {kind: pharmacy, since: 2025-01-01, source: house, required: true, label: 经营场所平面图}}"
    law = overlay(folder, "tables/application_materials.yaml", text)
    row = law.table("application_materials")[7]
    assert (row.key, row.label, row.extra["required"], row.confidence) == (
        "PH06_08",
        "经营场所平面图",
        True,
        "local",
    )


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("publicity.yaml", "grade: {values: {2025-01-01: {value: 7, source: house}}}"),
        ("novel.yaml", "apply: {values: {2025-01-01: {value: 7, source: house}}}"),
        ("publicity.yaml", "apply: {unit: day, values: {2025-01-01: {value: 7, source: house}}}"),
        ("tables/novel.yaml", "rows: {a: {since: 2025-01-01, source: house, label: 甲}}"),
        (
            "tables/application_materials.yaml",
            "rows: {PH06_09: {since: 2025-01-01, source: house, label: 甲}}",
        ),
        (
            "sources.yaml",
            "house: {title: 甲, number: '', issuer: 乙, level: local, issued_on: null, in_force_on: 2025-01-01, repealed_on: null}",
        ),
    ],
)
def test_an_overlay_cannot_invent(folder, file, text):
    with pytest.raises(regulations.Invalid):
        overlay(folder, file, text)


def test_a_value_that_is_no_whole_number_is_refused(folder):
    with pytest.raises(regulations.Invalid, match="whole number"):
        overlay(
            folder, "publicity.yaml", "apply: {values: {2025-01-01: {value: 七, source: house}}}"
        )


def test_the_setting_switches_the_overlay_for_everybody_and_back(folder, monkeypatch):
    overlay(folder, "publicity.yaml", "apply: {values: {2025-01-01: {value: 7, source: house}}}")
    monkeypatch.setattr(regulations, "ROOT", folder)
    regulations._book.cache_clear()
    try:
        regulations.use_overlay("990101")
        assert regulations.at(TODAY).publicity.apply.value == 7
        regulations.use_overlay(None)
        assert regulations.at(TODAY).publicity.apply.value == 5
    finally:
        monkeypatch.undo()
        regulations._book.cache_clear()
        regulations.use_overlay(None)
