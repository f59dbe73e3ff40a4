"""中止、解除的法定情形, one by one: for its own kind only, with its article and the ban class that the table says."""

from __future__ import annotations

from datetime import date

import pytest

from rules import bans, measures
from rules.refusal import Refused
from tests import factories
from tests import factories_agreement as made

DAY = date(2026, 6, 15)
OTHER = {"pharmacy": "medical", "medical": "pharmacy"}
# Twelve, thirty-six and sixty months from 15 June 2026.
STARTED = {
    "illegal": {("terminated_illegal", date(2029, 6, 15)), ("person", date(2031, 6, 15))},
    "breach": {("terminated_breach", date(2027, 6, 15))},
    "none": set(),
}
FRAUD = {"PH40_03", "MI43_02"}  # got the designation by fraud: barred from the discovery as well

# kind, number, key, article, ban class, whether a person has to state the class
TERMINATION = [
    pytest.param("pharmacy", 1, "PH40_01", "第四十条第一项", "breach", False, marks=pytest.mark.law("P3-40.1", refuses=True, passes=True)),
    pytest.param("pharmacy", 2, "PH40_02", "第四十条第二项", "illegal", True, marks=pytest.mark.law("P3-40.2", refuses=True, passes=True)),
    pytest.param("pharmacy", 3, "PH40_03", "第四十条第三项", "illegal", False, marks=pytest.mark.law("P3-40.3", refuses=True, passes=True)),
    pytest.param("pharmacy", 4, "PH40_04", "第四十条第四项", "illegal", False, marks=pytest.mark.law("P3-40.4", refuses=True, passes=True)),
    pytest.param("pharmacy", 5, "PH40_05", "第四十条第五项", "illegal", False, marks=pytest.mark.law("P3-40.5", refuses=True, passes=True)),
    pytest.param("pharmacy", 6, "PH40_06", "第四十条第六项", "illegal", False, marks=pytest.mark.law("P3-40.6", refuses=True, passes=True)),
    pytest.param("pharmacy", 7, "PH40_07", "第四十条第七项", "illegal", True, marks=pytest.mark.law("P3-40.7", refuses=True, passes=True)),
    pytest.param("pharmacy", 8, "PH40_08", "第四十条第八项", "breach", True, marks=pytest.mark.law("P3-40.8", refuses=True, passes=True)),
    pytest.param("pharmacy", 9, "PH40_09", "第四十条第九项", "breach", False, marks=pytest.mark.law("P3-40.9", refuses=True, passes=True)),
    pytest.param("pharmacy", 10, "PH40_10", "第四十条第十项", "illegal", False, marks=pytest.mark.law("P3-40.10", "P3-45", refuses=True, passes=True)),
    pytest.param("pharmacy", 11, "PH40_11", "第四十条第十一项", "illegal", True, marks=pytest.mark.law("P3-40.11", refuses=True, passes=True)),
    pytest.param("pharmacy", 12, "PH40_12", "第四十条第十二项", "illegal", False, marks=pytest.mark.law("P3-40.12", refuses=True, passes=True)),
    pytest.param("pharmacy", 13, "PH40_13", "第四十条第十三项", "breach", True, marks=pytest.mark.law("P3-40.13", refuses=True, passes=True)),
    pytest.param("pharmacy", 14, "PH40_14", "第四十条第十四项", "none", True, marks=pytest.mark.law("P3-40.14", refuses=True, passes=True)),
    pytest.param("pharmacy", 15, "PH40_15", "第四十条第十五项", "none", False, marks=pytest.mark.law("P3-40.15", refuses=True, passes=True)),
    pytest.param("pharmacy", 16, "PH40_16", "第四十条第十六项", "breach", True, marks=pytest.mark.law("P3-40.16", refuses=True, passes=True)),
    pytest.param("pharmacy", 17, "PH40_17", "第四十条第十七项", "none", True, marks=pytest.mark.law("P3-40.17", refuses=True, passes=True)),
    pytest.param("medical", 1, "MI43_01", "第四十三条第一项", "breach", False, marks=pytest.mark.law("M2-43.1", refuses=True, passes=True)),
    pytest.param("medical", 2, "MI43_02", "第四十三条第二项", "illegal", False, marks=pytest.mark.law("M2-43.2", refuses=True, passes=True)),
    pytest.param("medical", 3, "MI43_03", "第四十三条第三项", "illegal", False, marks=pytest.mark.law("M2-43.3", refuses=True, passes=True)),
    pytest.param("medical", 4, "MI43_04", "第四十三条第四项", "illegal", False, marks=pytest.mark.law("M2-43.4", refuses=True, passes=True)),
    pytest.param("medical", 5, "MI43_05", "第四十三条第五项", "breach", True, marks=pytest.mark.law("M2-43.5", refuses=True, passes=True)),
    pytest.param("medical", 6, "MI43_06", "第四十三条第六项", "breach", False, marks=pytest.mark.law("M2-43.6", refuses=True, passes=True)),
    pytest.param("medical", 7, "MI43_07", "第四十三条第七项", "breach", False, marks=pytest.mark.law("M2-43.7", refuses=True, passes=True)),
    pytest.param("medical", 8, "MI43_08", "第四十三条第八项", "illegal", False, marks=pytest.mark.law("M2-43.8", refuses=True, passes=True)),
    pytest.param("medical", 9, "MI43_09", "第四十三条第九项", "illegal", True, marks=pytest.mark.law("M2-43.9", refuses=True, passes=True)),
    pytest.param("medical", 10, "MI43_10", "第四十三条第十项", "breach", True, marks=pytest.mark.law("M2-43.10", refuses=True, passes=True)),
    pytest.param("medical", 11, "MI43_11", "第四十三条第十一项", "illegal", False, marks=pytest.mark.law("M2-43.11", refuses=True, passes=True)),
    pytest.param("medical", 12, "MI43_12", "第四十三条第十二项", "none", False, marks=pytest.mark.law("M2-43.12", refuses=True, passes=True)),
    pytest.param("medical", 13, "MI43_13", "第四十三条第十三项", "breach", True, marks=pytest.mark.law("M2-43.13", refuses=True, passes=True)),
    pytest.param("medical", 14, "MI43_14", "第四十三条第十四项", "none", True, marks=pytest.mark.law("M2-43.14", refuses=True, passes=True)),
]  # fmt: skip
SUSPENSION = [
    pytest.param("pharmacy", 1, "PH39_01", "第三十九条第一项", marks=pytest.mark.law("P3-39.1", refuses=True, passes=True)),
    pytest.param("pharmacy", 2, "PH39_02", "第三十九条第二项", marks=pytest.mark.law("P3-39.2", refuses=True, passes=True)),
    pytest.param("pharmacy", 3, "PH39_03", "第三十九条第三项", marks=pytest.mark.law("P3-39.3", refuses=True, passes=True)),
    pytest.param("pharmacy", 4, "PH39_04", "第三十九条第四项", marks=pytest.mark.law("P3-39.4", refuses=True, passes=True)),
    pytest.param("medical", 1, "MI42_01", "第四十二条第一项", marks=pytest.mark.law("M2-42b", refuses=True, passes=True)),
    pytest.param("medical", 2, "MI42_02", "第四十二条第二项", marks=pytest.mark.law("M2-42b", refuses=True, passes=True)),
    pytest.param("medical", 3, "MI42_03", "第四十二条第三项", marks=pytest.mark.law("M2-42b", refuses=True, passes=True)),
    pytest.param("medical", 4, "MI42_04", "第四十二条第四项", marks=pytest.mark.law("M2-42b", refuses=True, passes=True)),
]  # fmt: skip


def refused_elsewhere(key, measure, family):
    for other in (
        (measure, OTHER[family]),
        ({"suspend": "terminate", "terminate": "suspend"}[measure], family),
    ):
        with pytest.raises(Refused, match="列明") as refused:
            measures.named_ground(key, other[0], DAY, other[1])
        assert refused.value.cure


@pytest.mark.parametrize(("family", "number", "key", "article", "ban", "stated"), TERMINATION)
def test_a_ground_of_termination_is_of_its_kind_with_its_article_and_its_ban(
    family, number, key, article, ban, stated
):
    row = measures.named_ground(key, measures.TERMINATE, DAY, family)
    assert (row.extra["number"], row.article) == (number, article)
    assert row.basis.endswith(article)
    refused_elsewhere(key, measures.TERMINATE, family)
    if stated:
        with pytest.raises(Refused, match="明确认定") as refused:
            bans.class_of(row, None)
        assert refused.value.basis == row.basis
        assert [bans.class_of(row, word) for word in STARTED] == list(STARTED)
        assert row.extra["ban"] == ban
    else:
        assert {bans.class_of(row, word) for word in (None, *STARTED)} == {ban}
    begun = bans.started_by(
        row, ban, effective_on=DAY, found_on=date(2026, 6, 1), obligation="", family=family
    )
    fraud = {("fraud_apply", date(2029, 6, 1))} if key in FRAUD else set()
    assert {(bar.ground, bar.until) for bar in begun} == STARTED[ban] | fraud


@pytest.mark.parametrize(("family", "number", "key", "article"), SUSPENSION)
def test_a_ground_of_suspension_is_of_its_kind_with_its_article(family, number, key, article):
    row = measures.named_ground(key, measures.SUSPEND, DAY, family)
    assert (row.extra["number"], row.article) == (number, article)
    assert row.basis.endswith(article)
    refused_elsewhere(key, measures.SUSPEND, family)


@pytest.mark.parametrize("family", ["pharmacy", "medical"])
@pytest.mark.parametrize(
    ("measure", "table"), [("suspend", SUSPENSION), ("terminate", TERMINATION)]
)
def test_the_law_of_the_day_lists_these_and_no_other(family, measure, table):
    listed = {row.key for row in measures.grounds(measure, DAY, family)}
    assert listed == {one.values[2] for one in table if one.values[0] == family}


@pytest.mark.parametrize(
    ("measure", "table"), [("suspend", SUSPENSION), ("terminate", TERMINATION)]
)
def test_a_case_is_opened_on_each_of_them(db, staff, kind, measure, table):
    family = {"hospital": "medical"}.get(kind, kind)
    for one in (row.values for row in table if row.values[0] == family):
        agreement = made.concluded(factories.institution(kind))
        case = made.case(agreement, staff, on=DAY, measure=measure, number=one[1])
        assert (case.ground, case.state) == (one[2], "registered")
        assert case.basis.endswith(one[3])
