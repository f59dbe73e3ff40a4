"""Freezing: facts are checked one by one, and what is frozen thaws to the same letter."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

import documents
from documents.letters import KINDS, freeze, thaw
from tests.letter_facts import FAMILIES, facts

pytestmark = pytest.mark.pure
every_letter = pytest.mark.parametrize(
    ("kind", "family"), [(kind, family) for kind in KINDS for family in FAMILIES]
)


@every_letter
def test_frozen_facts_are_json_and_freeze_to_themselves(kind, family):
    frozen = freeze(kind, **facts(kind, family))
    assert json.loads(json.dumps(frozen)) == frozen
    assert freeze(kind, **frozen) == frozen


@every_letter
def test_a_missing_or_unknown_fact_is_named(kind, family):
    given = facts(kind, family)
    may_be_left_out = {
        field
        for field, spec in KINDS[kind].shape.__dataclass_fields__.items()
        if spec.default in ("", (), None)
    }
    for name in set(given) - may_be_left_out:
        rest = {key: value for key, value in given.items() if key != name}
        with pytest.raises(documents.WrongFact, match=f"缺少事实 .*{name}"):
            freeze(kind, **rest)
    with pytest.raises(documents.WrongFact, match="不认识的事实 weather"):
        freeze(kind, **given, weather="晴")


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("points", {"points": "7"}, "points.points：应为整数"),
        ("points", {"points": True}, "points.points：应为整数"),
        ("points", {"conduct_on": "去年"}, "points.conduct_on：应为日期"),
        ("points", {"conduct_on": datetime(2026, 1, 1, tzinfo=UTC)}, "points.conduct_on：应为日期"),
        ("points", {"practitioner": ""}, "points.practitioner：不能为空"),
        ("points", {"practitioner": 5}, "points.practitioner：应为文字"),
        ("points", {"act_text": "甲\x00乙"}, "points.act_text：含有不能打印的控制字符"),
        ("points", {"act_text": "长" * 20_001}, "points.act_text：最多 20000 字"),
        ("points", {"sample": 1}, "points.sample：应为是否"),
        ("grade", {"score": float("nan")}, "grade.score：应为有限的数"),
        ("grade", {"lines": []}, "grade.lines：至少应有一项"),
        ("grade", {"uses": "协议续签"}, "grade.uses：应为一列"),
        (
            "supplement",
            {"items": [{"name": "劳动合同"}]},
            r"supplement.items\[0\]：缺少事实 reason",
        ),
        ("supplement", {"items": ["劳动合同"]}, r"supplement.items\[0\]：应为一组事实"),
        ("suspension", {"to_on": date(2026, 1, 1)}, "早于起始日"),
        ("evaluation_result", {"passed": False, "reasons": ""}, "必须写明理由"),
        ("qualification", {"measure": "pause"}, "qualification.measure：应为"),
        ("qualification", {"measure": "suspend", "until": None}, "必须写明截止日"),
    ],
)
def test_a_fact_of_the_wrong_shape_is_refused_with_its_name(kind, change, words):
    with pytest.raises(documents.WrongFact, match=words):
        freeze(kind, **facts(kind, "pharmacy", **change))


def test_a_family_other_than_the_two_is_refused():
    given = facts("points", "pharmacy") | {"family": "school"}
    with pytest.raises(documents.WrongFact, match=r"points.family：应为 medical、pharmacy 之一"):
        freeze("points", **given)


def test_without_a_family_the_order_cited_decides_and_else_the_wording_is_neutral():
    cited = facts("lapse", "pharmacy") | {"family": ""}
    assert thaw("lapse", cited).you == "你店"
    silent = facts("points", "pharmacy") | {"family": ""}
    assert thaw("points", silent).you == "你单位"


def test_an_unknown_kind_is_refused():
    with pytest.raises(documents.WrongFact, match="没有“poem”这种文书"):
        freeze("poem")
