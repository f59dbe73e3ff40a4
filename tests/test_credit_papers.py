"""What is written about schemes says what they do: the generated pages and the page about the language."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from scoring import catalogue, credit, scheme_paper
from scoring.operators import Operator
from scoring.scheme import Scheme
from scoring.sql_words import said_sql
from scoring.steps import Rule

pytestmark = pytest.mark.pure

DOCS = catalogue.FOLDER.parent / "docs"
FILES = sorted(catalogue.FOLDER.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_page_of_every_scheme_is_the_one_its_file_makes(path):
    page = (DOCS / "schemes" / f"{path.stem}.md").read_text("utf-8")
    assert page == scheme_paper.markdown(credit.load(path)), f"run: flask scheme {path} --out …"


def test_there_is_no_page_without_a_scheme():
    pages = {path.stem for path in (DOCS / "schemes").glob("*.md")}
    assert pages == {path.stem for path in FILES}


def operators(union):
    members = get_args(get_args(union)[0])
    return {word for one in members for word in get_args(one.model_fields["operator"].annotation)}


def test_the_page_about_the_language_names_every_operator_and_every_part():
    named = set(re.findall(r"`(\w+)`", (DOCS / "scheme-language.zh-CN.md").read_text("utf-8")))
    assert operators(Operator) | operators(Rule) <= named
    assert set(Scheme.model_fields) <= named
    assert {one.key for one in [*catalogue.defaults(), *catalogue.published()]} <= named


def test_a_page_survives_the_signs_of_a_table():
    text = (catalogue.FOLDER / "county_four_grades.yaml").read_text("utf-8")
    scheme = credit.load(text.replace("meaning: 履约良好，日常监管从简", "meaning: 甲|乙"))
    assert "| 优秀 | 90分及以上 | 甲\\|乙 |" in scheme_paper.markdown(scheme)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("a * 100 / NULLIF(b, 0)", "“甲” × 100 ÷ “乙”"),
        ('"c d" IS NULL', "“丙” 没有数据"),
        ("a >= 3 AND NOT b <> 2", "“甲” ≥ 3 并且 并非 “乙” ≠ 2"),
        ("CASE WHEN a > 1 THEN 2 ELSE b END", "如果 “甲” > 1，则为 2；否则为 “乙”"),
        ("e IN ('and', 'x')", "“戊” 属于 (“and”, “x”)"),
        ("unknown + a", "unknown + “甲”"),
    ],
)
def test_an_expression_is_said_in_words(sql, said):
    assert said_sql(sql, {"a": "甲", "b": "乙", "c d": "丙", "e": "戊"}) == said


def test_the_command_prints_the_page_and_writes_it(app, tmp_path):
    path = catalogue.FOLDER / "published" / "hac_fy2024.yaml"
    runner = app.test_cli_runner()
    shown = runner.invoke(args=["scheme", str(path)])
    runner.invoke(args=["scheme", str(path), "--out", str(tmp_path / "page.md")])
    assert shown.exit_code == 0
    assert shown.stdout == (tmp_path / "page.md").read_text("utf-8")
    assert shown.stdout.startswith("# 美国医院获得性疾病减少项目2024财年")
