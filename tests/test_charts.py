"""Charts on paper are drawn from the printed table: the same words, the same figures, nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from documents import charts
from documents.dossier import section
from formatting import grade_colours

pytestmark = pytest.mark.pure

HEAD = ("等级", "本期", "上期")
ROWS = (("优秀", "12", "8"), ("良好", "30", "31"), ("合格", "4", "7"), ("不达标", "1", "0"))
SHARES = (("二级医院（4）", "50", "25", "25"), ("零售药店（20）", "5", "90", "5"))


def drawn(kind, head, rows):
    """The picture as a tree; its namespace is left out."""
    return ET.fromstring(
        charts.svg(kind, head, rows).replace(' xmlns="http://www.w3.org/2000/svg"', "")
    )


def words(tree):
    return [one.text for one in tree.iter("text")]


def test_columns_are_as_high_as_the_figures_of_the_table():
    tree = drawn("columns", HEAD, ROWS)
    bars = [
        box for box in tree.iter("rect") if float(box.get("height")) != 10
    ]  # the legend's are 10 high
    # the largest, 31, takes 102 of the 170: 170 − 24 below − 44 above
    assert [float(box.get("height")) for box in bars[:2]] == [
        round(102 * 12 / 31, 1),
        round(102 * 8 / 31, 1),
    ]
    assert set(words(tree)) == {"本期", "上期", *(cell for row in ROWS for cell in row)}
    assert [box.get("fill") for box in bars[::2]] == grade_colours(4)
    assert {box.get("fill") for box in bars[1::2]} == {charts.BEFORE}


def test_a_stacked_bar_is_a_hundred_percent_wide_and_a_small_piece_bears_no_number():
    tree = drawn("stacked", ("类型", "优秀", "合格", "不达标"), SHARES)
    bars = [box for box in tree.iter("rect") if box.get("height") == "19.0"]
    # 640 − 150 − 20 = 470
    assert [float(box.get("width")) for box in bars] == [235.0, 117.5, 117.5, 23.5, 423.0, 23.5]
    assert words(tree).count("5") == 0
    assert words(tree).count("90") == 1


def test_every_figure_of_a_line_and_of_a_migration_is_written_beside_it():
    for kind in ("lines", "heat"):
        tree = drawn(kind, ("上期＼本期", "优秀", "良好"), (("优秀", "7", "2"), ("良好", "3", "9")))
        assert {"7", "2", "3", "9", "优秀", "良好"} <= set(words(tree)), kind


def test_a_migration_tells_rise_from_fall_by_colour():
    tree = drawn("heat", ("上期＼本期", "优秀", "良好"), (("优秀", "7", "2"), ("良好", "3", "0")))
    fills = [box.get("fill") for box in tree.iter("rect")]
    assert fills == [charts.SAME, charts.FALL, charts.RISE, "#ffffff"]
    assert "·" in words(tree)


def test_a_radar_reaches_its_rim_at_a_hundred_percent_and_its_middle_without_a_figure():
    tree = drawn(
        "radar",
        ("维度", "本机构", "同类平均"),
        (("甲", "100", "50"), ("乙", "—", "50"), ("丙", "0", "50")),
    )
    first = next(one for one in tree.iter("polygon")).get("points").split()
    assert first == ["320.0,34.0", "320.0,106.0", "320.0,106.0"]  # 106 − 72 = 34
    dashed = [one for one in tree.iter("polyline") if one.get("stroke-dasharray")]
    # the mean is half everywhere: 106 − 36 = 70 above the middle
    assert dashed[0].get("points").split()[0] == "320.0,70.0"
    assert len(dashed) == 1


def test_two_corners_make_no_radar_but_columns():
    head, rows = ("维度", "本机构", "同类平均"), (("甲", "100", "50"), ("乙", "80", "50"))
    assert charts.svg("radar", head, rows) == charts.svg("columns", head, rows)


def test_a_name_cannot_become_markup():
    tree = drawn("columns", HEAD, (("<b>&", "1", "2"), ("良好", "1", "2")))
    assert "<b>&" in words(tree)


def test_an_empty_table_has_no_picture():
    assert charts.svg("columns", HEAD, ()) == ""


def test_a_section_draws_from_what_it_prints():
    shown = section("等级分布", HEAD, [list(row) for row in ROWS], chart="columns")
    assert shown.rows == ROWS
    assert charts.svg(shown.chart, shown.columns, shown.rows) == charts.svg("columns", HEAD, ROWS)


@pytest.mark.parametrize("count", range(1, 10))
def test_every_number_of_grades_has_its_colours(count):
    assert len(grade_colours(count)) == count
    assert grade_colours(count)[0] == grade_colours(4)[0]
