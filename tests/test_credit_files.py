"""Fact files as they come: encodings, separators, numerals people publish, columns that stand twice."""

from __future__ import annotations

import csv
import io
import re

import polars as pl
import pytest

from rules.refusal import Refused
from scoring import catalogue, credit, fact_files

pytestmark = pytest.mark.pure

FILES = """
key: sample_files
edition: "1"
label: 示例
status: draft
confidence: assumed
note: 请核对
basis: 本地参数
source: 测试
subject: {key: Facility ID, label: 机构}
missing_marks: [Not Available, "."]
facts:
  - {column: rate, header: Pass Rate, label: 合格率, unit: "%"}
  - {column: money, header: Paid, label: 金额, unit: 元, optional: true}
  - {column: points, header: Points, label: 得分, unit: 分, optional: true}
  - {column: town, header: City, label: 城市, type: text, optional: true}
steps:
  - {name: Whole, label: 整数, fact: rate, rounding: {mode: half_up, digits: 0}}
  - {name: Passed, label: 合格, sql: rate >= 60, says: {1: "Yes", 0: "No"}}
domains:
  - {key: all, label: 全部, weight: 1}
indicators:
  - {key: rate_points, label: 合格率, domain: all, fact: rate, rule: {operator: as_is, full: 100}, basis: 甲, confidence: assumed}
combine: {method: weighted_mean, floor: 0, ceiling: 100}
rounding: {mode: half_up, digits: 2}
ranking: {ties: min}
"""
SCHEME = credit.load(FILES)


def put(tmp_path, text, name="facts.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def rated(*paths):
    given = fact_files.read(paths, SCHEME)
    return credit.rate(given.facts, SCHEME, given.events)


def only(tmp_path, text, encoding="utf-8"):
    return rated(put(tmp_path, text, encoding=encoding)).working.row(0, named=True)


@pytest.mark.parametrize(
    ("encoding", "town"),
    [
        ("utf-8", "阜宁"),
        ("utf-8-sig", "阜宁"),
        ("utf-16", "阜宁"),
        ("utf-16-le", "阜宁"),
        ("utf-16-be", "阜宁"),
        ("utf-32", "阜宁"),
        ("utf-32-be", "阜宁"),
        ("gb18030", "阜宁"),
        ("cp1252", "Cañon – “Café”"),
        ("utf-8", "Cañon"),
    ],
)
def test_the_encoding_is_found_out(tmp_path, encoding, town):
    row = only(tmp_path, f"Facility ID,Pass Rate,City\n010001,38.33%,{town}\n", encoding)
    assert (row["Facility ID"], row["rate"], row["town"]) == ("010001", 38.33, town)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen_in_the_first_line(tmp_path, separator):
    row = only(tmp_path, separator.join(["Facility ID", "Pass Rate"]) + f"\n7{separator}50\n")
    assert row["rate"] == 50


def test_headings_may_differ_in_blanks_and_capitals(tmp_path):
    row = only(tmp_path, " FACILITY ID , pass rate ,x\n 7 , 50 % ,1\n")
    assert (row["Facility ID"], row["rate"]) == ("7", 50)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("10 out of 10", 10),
        ("7 out of 9", 7),
        ('"1,234.50"', 1234.5),
        ('"$1,234"', 1234),
        ("¥88", 88),
        ("-¥88.5", -88.5),
        ("0012", 12),
        ("1e3", 1000),
        ("Not Available", None),
        (".", None),
        ("", None),
        ("  ", None),
    ],
)
def test_numbers_are_read_as_people_publish_them(tmp_path, cell, number):
    row = only(tmp_path, f"Facility ID,Pass Rate,Paid\n7,50,{cell}\n")
    assert row["money"] == number


@pytest.mark.parametrize(
    ("heading", "cell", "why"),
    [
        ("Paid", "38%", "不是数字"),  # percent in a column that is not declared as such
        ("Paid", '"12,34"', "不是数字"),
        ("Paid", "n/a", "“n/a”"),
        ("Paid", "3 of 4", "不是数字"),
        ("Pass Rate", "38%%", "不是数字"),
        ("Points", "三", "不是数字"),
    ],
)
def test_what_is_no_number_is_refused_and_shown(tmp_path, heading, cell, why):
    head = {"Pass Rate": "50"} | {heading: cell}
    path = put(tmp_path, f"Facility ID,{','.join(head)}\n7,{','.join(head.values())}\n")
    with pytest.raises(Refused, match=why) as caught:
        rated(path)
    assert heading in caught.value.why


def test_a_percent_sign_out_of_place_names_its_cure(tmp_path):
    with pytest.raises(Refused) as caught:
        rated(put(tmp_path, "Facility ID,Pass Rate,Paid\n7,50,38%\n"))
    assert "unit" in caught.value.cure


def test_cells_with_line_breaks_and_quotes_stay_whole(tmp_path):
    row = only(tmp_path, 'Facility ID,City,Pass Rate\n7,"one, ""two""\nthree",50\n')
    assert (row["town"], row["rate"]) == ('one, "two"\nthree', 50)


def test_files_that_agree_are_laid_side_by_side(tmp_path):
    one = put(tmp_path, "Facility ID,City,Pass Rate\n1,甲,50\n2,乙,70\n", "one.csv")
    two = put(tmp_path, "Facility ID,City,Paid,Other\n2,乙,5,x\n1,,6,y\n3,丙,7,z\n", "two.csv")
    working = rated(one, two).working
    assert working["Facility ID"].to_list() == ["1", "2", "3"]
    assert working["money"].to_list() == [6, 5, 7]
    assert working["town"].to_list() == ["甲", "乙", "丙"]
    assert working["score"].to_list() == [50, 70, None]


def test_files_that_contradict_each_other_are_refused(tmp_path):
    one = put(tmp_path, "Facility ID,Pass Rate\n1,50\n", "one.csv")
    two = put(tmp_path, "Facility ID,Pass Rate\n1,51\n", "two.csv")
    with pytest.raises(Refused, match=r"two\.csv 的列 Pass Rate 与前面的事实表不一致，如“1”"):
        rated(one, two)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Name,Pass Rate\n7,50\n", "没有列 Facility ID"),
        ("Facility ID,Pass Rate\n7,50\n8,1\n7,50\n", "“7”出现了不止一次（第2行、第4行）"),
        ("Facility ID,Pass Rate\n7,50\n7,50,51,52\n", "第3行有4格，列名只有2个"),
        ('Facility ID,Pass Rate\n"7,50\n8,51\n', "引号没有成对"),
        ("", "文件是空的"),
        ("\n\n", "文件是空的"),
        ("Facility ID,Pass Rate\n", "只有列名，没有数据行"),
        ("Facility ID,Pass Rate\n,\n", "只有列名，没有数据行"),
        ("Facility ID,Rate\n7,50\n", "缺少列：Pass Rate"),
        ("Facility ID,Pass Rate, Pass Rate\n7,50,51\n", "列名“Pass Rate”出现了不止一次"),
        ("Facility ID,Pass Rate\n8,1\n,50\n", "第3行没有机构的编号"),
        ("Facility ID,Pass Rate\n8,1\n7,many\n", "有1格不是数字，如“7”的“many”"),
        ("PK\x03\x04", "Excel 工作簿，不是 CSV"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_reason(tmp_path, text, why):
    with pytest.raises(Refused, match=re.escape(why)):
        rated(put(tmp_path, text))


def test_rows_without_a_single_cell_are_passed_over_and_a_lone_return_ends_a_line(tmp_path):
    path = put(tmp_path, "Facility ID,Pass Rate\r7,50\r,\r\r8,60\r")
    assert rated(path).working["Facility ID"].to_list() == ["7", "8"]


def test_numbers_that_lost_their_noughts_in_one_of_two_files_are_refused(tmp_path):
    one = put(tmp_path, "Facility ID,Pass Rate\n0007,50\n", "one.csv")
    two = put(tmp_path, "Facility ID,Paid\n7,5\n", "two.csv")
    with pytest.raises(Refused, match="“7”与前面事实表中的“0007”只差前面的零"):
        rated(one, two)
    alike = put(tmp_path, "Facility ID,Pass Rate\n0007,50\n7,60\n", "both.csv")
    assert rated(alike).working["rate"].to_list() == [50, 60]


def test_a_row_without_its_group_is_refused_for_it_would_be_the_best_of_its_own(tmp_path):
    grouped = FILES.replace("missing_marks", "peers: {column: State, label: 州}\nmissing_marks")
    path = put(tmp_path, "Facility ID,Pass Rate,State\n7,50,AL\n8,60,\n")
    with pytest.raises(Refused, match="第3行没有“State”（州）"):
        fact_files.read([path], credit.load(grouped))


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_bytes(b"Facility ID,Pass Rate\n\x81\x8d\x90,50\n")
    with pytest.raises(Refused, match="编码无法识别"):
        rated(path)


def test_a_list_of_events_is_known_by_its_headings(tmp_path):
    events = """
sources:
  - name: fines
    label: 罚款表
    key: Facility ID
    facts: [{column: amount, header: Fine, label: 罚款}]
    tallies: [{column: fined, label: 罚款额, sum: amount}]
steps:"""
    text = SCHEME.model_dump_json(indent=1, exclude_defaults=True)
    assert credit.load(text) == SCHEME
    scheme = credit.load(FILES.replace("\nsteps:", events))
    facts = put(tmp_path, "Facility ID,Pass Rate\n1,50\n2,60\n", "facts.csv")
    one = put(tmp_path, "Facility ID,Fine\n1,5\n1,6\n", "fines_1.csv")
    two = put(tmp_path, "Fine,Facility ID,Note\n7,1,x\n", "fines_2.csv")
    given = fact_files.read([one, facts, two], scheme)
    assert given.facts.columns == ["Facility ID", "Pass Rate"]
    assert credit.rate(given.facts, scheme, given.events).working["fined"].to_list() == [18, 0]
    none = put(tmp_path, "Facility ID,Fine\n", "no_fines.csv")
    assert fact_files.read([none, facts], scheme).events["fines"].height == 0
    with pytest.raises(Refused, match="只有事件表"):
        fact_files.read([one], scheme)


def test_whole_steps_are_written_whole_and_words_as_words(tmp_path):
    path = put(tmp_path, "Facility ID,Pass Rate\n1,59.5\n2,.\n3,60\n")
    out, lines = tmp_path / "out.csv", tmp_path / "lines.csv"
    fact_files.write(rated(path), out, lines)
    content = out.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["Whole"] for row in rows] == ["60", "", "60"]
    assert [row["Passed"] for row in rows] == ["No", "", "Yes"]
    assert list(rows[0])[:3] == ["Facility ID", "Whole", "Passed"]
    assert {"score", "grade"} <= set(rows[0])
    reasons = pl.read_csv(lines)
    assert reasons.columns[:4] == ["Facility ID", "indicator", "label", "raw"]
    assert reasons.height == 3


def test_published_files_are_told_apart_from_the_schemes_of_the_house():
    assert [one.key for one in catalogue.published()] == [
        "five_star_2021_08", "hac_fy2024", "hvbp_fy2024",
    ]  # fmt: skip
    assert all(one.status == "published" for one in catalogue.published())
