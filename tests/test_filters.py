"""What nearly every list is asked, answered in one place: by name, initials or number; hospital or pharmacy."""

import re

import pytest
from sqlalchemy import select

from models import Institution
from queries.filters import named, of_family
from queries.paging import asked
from tests import factories
from tests.test_picture import ROOT


@pytest.fixture
def found(db):
    hospital, pharmacy = (factories.institution(kind) for kind in ("hospital", "pharmacy"))
    hospital.name, hospital.pinyin, hospital.code = "示例甲医院", "sljyy", "H0000000001"
    pharmacy.name, pharmacy.pinyin, pharmacy.code = "示例乙大药房", "slydyf", "P0000000002"
    db.flush()

    def names(**words):
        ask = asked(words)
        query = select(Institution).where(*named(ask, Institution.code), *of_family(ask))
        return [row.name for row in db.scalars(query.order_by(Institution.code))]

    return names


BOTH = ["示例甲医院", "示例乙大药房"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ({}, BOTH),
        ({"q": "甲医"}, BOTH[:1]),
        ({"q": "SLYDYF"}, BOTH[1:]),  # initials typed with the shift key
        ({"q": "0000002"}, BOTH[1:]),
        ({"q": "_"}, []),  # taken literally
        ({"kind": "medical"}, BOTH[:1]),
        ({"kind": "pharmacy"}, BOTH[1:]),
        ({"kind": "nonsense"}, BOTH),
        ({"q": "示例", "kind": "pharmacy"}, BOTH[1:]),
    ],
)
def test_a_list_is_narrowed_by_what_was_asked(found, words, names):
    assert found(**words) == names


@pytest.mark.pure
def test_no_list_says_anew_what_a_pharmacy_is():
    assert [
        path.name
        for path in (ROOT / "queries").glob("*.py")
        if re.search(r'"retail_pharmacy"|word\("kind"\) in', path.read_text("utf-8"))
    ] == []
