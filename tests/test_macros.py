"""Repeated widgets say the same everywhere: in words, with their figures, with their hidden fields."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from flask import Flask

from blueprints.icons import icon

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def environment() -> jinja2.Environment:
    """The macros alone, with stand-ins for what the app brings."""
    loader = jinja2.FileSystemLoader(ROOT / "templates")
    env = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.globals.update(
        icon=lambda name: "", csrf_token=lambda: "token", operation_id=lambda: "one-time",
        url_for=lambda endpoint, **_: f"/{endpoint}", request=SimpleNamespace(args={}, path="/list"),
    )  # fmt: skip
    env.filters.update(day=str, instant=str)
    return env


def draw(environment: jinja2.Environment, source: str, **values: object) -> str:
    return environment.from_string(source).render(**values)


def test_an_unknown_icon_is_an_error_in_tests_and_blank_for_readers():
    app = Flask(__name__)
    with app.app_context():
        assert icon("no-such-drawing") == ""
        assert icon("bell").startswith("<svg")
        app.testing = True
        with pytest.raises(LookupError):
            icon("no-such-drawing")


def test_a_form_that_writes_brings_its_token_and_its_one_time_number(environment):
    html = draw(
        environment,
        "{% from 'macros/forms.html' import post_form %}{% call post_form('/go') %}inside{% endcall %}",
    )
    assert 'name="csrf_token" value="token"' in html
    assert 'name="operation_id" value="one-time"' in html
    assert "inside" in html


def test_a_picture_is_not_drawn_without_its_figures(environment):
    source = (
        "{% from 'macros/charts.html' import chart %}{{ chart('c', {'kind': 'columns'}, table) }}"
    )
    head = ["等级", "本期"]
    with_figures = draw(
        environment, source, table={"caption": "分布", "head": head, "rows": [["A", 3]]}
    )
    without = draw(environment, source, table={"caption": "分布", "head": head, "rows": []})
    assert "data-chart" in with_figures
    assert "<table" in with_figures
    assert "data-chart" not in without


@pytest.mark.parametrize(
    ("remaining", "state", "words"),
    [
        (63, "ok", ">剩余</text>"),
        (-2, "over", ">超期</text>"),
        (0, "over", ">不足 1</text>"),
        (None, "paused", ">停钟</text>"),
    ],
)
def test_the_clock_says_in_words_what_its_ring_shows(environment, remaining, state, words):
    clock = {
        "rule_label": "评估", "length_text": "3 个月", "started_on": "2026-10-30", "due_on": "2027-02-17",
        "paused_text": "", "remaining": remaining, "unit_label": "天", "used_percent": 40,
        "light": {"state": state, "text": "灯"}, "explain": ["首日不计"], "provisional": False,
    }  # fmt: skip
    html = draw(environment, "{% from 'macros/ui.html' import clock %}{{ clock(c) }}", c=clock)
    ring = 40 * 2.765  # percent used × length of one percent
    assert words in html
    assert f'stroke-dasharray="{ring:.1f} 277"' in html
    assert "为什么是这一天" in html


def test_a_list_without_rows_says_what_to_do_next(environment):
    html = draw(
        environment,
        "{% from 'macros/lists.html' import data_table %}"
        "{% call(row) data_table('清单', ['名称'], [], empty_text='没有', empty_href='/new', empty_label='新建') %}"
        "<td></td>{% endcall %}",
    )
    assert "没有" in html
    assert 'href="/new"' in html
    assert "<table" not in html
