"""变更: every listed fact of both orders, filed from the day of approval, approved by a second person, by period."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from database import session
from models import Document
from queries import registered
from tests import factories
from tests import factories_agreement as agreed
from tests import factories_amendment as made
from tests.factories_amendment import change

PHARMACY = {"PH37_01": "name", "PH37_02": "legal_representative", "PH37_03": "principal",
            "PH37_04": "controller", "PH37_05": "address", "PH37_06": "scope"}  # fmt: skip
MEDICAL = {"MI40_01": "name", "MI40_02": "legal_representative", "MI40_03": "principal", "MI40_04": "controller",
           "MI40_05": "address", "MI40_06": "bank_account", "MI40_07": "scope", "MI40_08": "beds",
           "MI40_09": "nature", "MI40_10": "level", "MI40_11": "kind"}  # fmt: skip
EVERY = [
    pytest.param(kind, field, id=key, marks=pytest.mark.law(row))
    for kind, row, table in (("pharmacy", "P3-37", PHARMACY), ("hospital", "M2-40", MEDICAL))
    for key, field in table.items()
]


@pytest.fixture
def place(db, kind):
    row = factories.institution(kind)
    agreed.concluded(row)
    return row


@pytest.fixture
def owner(place):
    return made.owner_of(place)


@pytest.mark.parametrize(("kind", "field"), EVERY)
def test_every_listed_fact_is_filed_and_carried_into_the_registry(db, staff, kind, field):
    place = factories.institution(kind)
    agreed.concluded(place)
    row = made.approved(place, made.owner_of(place), staff, change(field))
    assert (row.state, row.items[0].late) == ("approved", False)
    assert registered.present(place, field).text == row.items[0].new_text
    letter = session.scalars(select(Document).where(Document.kind == "amendment")).one()
    assert letter.facts["rows"][0]["new"] == row.items[0].new_text


def test_the_whole_chain(place, owner, staff):
    made.approved(place, owner, staff, change("name"), change("legal_representative"))
    session.commit()
