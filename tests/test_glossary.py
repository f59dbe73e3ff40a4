"""docs/glossary.md names every table, names nothing the code does not know, and uses no word for two things."""

import re

import pytest

from database import Base
from models import Institution
from rules.event_words import SUBJECTS
from tests.test_picture import ROOT, SOURCES

pytestmark = pytest.mark.pure

ROWS = re.findall(
    r"^\| ([^|]+) \| `(\w+)` \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE
)
WORDS = [word for _, word in ROWS]
TERMS = [term for term, _ in ROWS]


def test_every_table_stands_in_the_glossary():
    assert Institution.__tablename__ in Base.metadata.tables
    assert set(Base.metadata.tables) - set(WORDS) == set()


def test_the_log_speaks_of_a_thing_as_the_glossary_does():
    terms = {word: term for term, word in ROWS}
    assert {word: terms[word] for word in SUBJECTS if word in terms} == {
        word: label for word, label in SUBJECTS.items() if word in terms
    }


def test_every_word_of_the_glossary_is_one_of_the_code():
    code = " ".join([*SOURCES, *((ROOT / file).read_text("utf-8") for file in SOURCES)])
    assert set(WORDS) - set(re.findall(r"\w+", code)) == set()


@pytest.mark.parametrize("names", [WORDS, TERMS], ids=["word", "term"])
def test_nothing_stands_twice(names):
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
