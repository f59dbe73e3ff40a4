"""The grid pasted from a spreadsheet: read whole or not at all, each wrong row named."""

from __future__ import annotations

import pytest

from rules.score_sheet import Line, read

pytestmark = pytest.mark.pure
LINES = [Line(1, "A_01", "证照"), Line(2, "A_02", "人员", 10)]


@pytest.mark.parametrize(
    "text",
    [
        "1\t符合\n2\t不符合\t缺证书\t6",
        "项目\t结论\t说明\r\nA_01\t合格\r\nA_02\t×\t缺证书\t6\r\n",
        "\n证照\t√\n\n2. 人员\tno\t缺证书\t6\n",
    ],
)
def test_items_are_named_by_number_key_or_label_and_results_in_the_usual_words(text):
    sheet = read(text, LINES)
    assert sheet.errors == []
    assert sheet.answers == {
        "A_01": {"passed": True, "remark": ""},
        "A_02": {"passed": False, "remark": "缺证书", "score": 6},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3\t符合", "第 1 行：没有“3”"),
        ("1\t符合\n1\t符合", "第 2 行：“证照”重复"),
        ("1\t也许", "第 1 行：结论"),
        ("1", "第 1 行：结论"),
        ("2\t符合\t\t11", "第 1 行：分值应为0 到 10"),
        ("2\t符合\t\t-1", "第 1 行：分值"),
        ("1\t符合\t\t5", "第 1 行：分值应为空白"),
        ("1\t符合\t" + "长" * 501, "第 1 行：说明最多"),
        ("", "没有可以读取的内容"),
        ("\n" * 300, "最多粘贴 200 行"),
    ],
)
def test_a_wrong_row_is_named(text, said):
    sheet = read(text, LINES)
    assert len(sheet.errors) == 1
    assert said in sheet.errors[0]


def test_every_wrong_row_is_named_not_only_the_first():
    sheet = read("9\t符合\n1\t也许\n2\t符合", LINES)
    assert [error[:6] for error in sheet.errors] == ["第 1 行：", "第 2 行："]
