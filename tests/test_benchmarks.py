"""What a benchmark measures works: its key opens, and its fast answers are those of the rule. Small, never for time."""

from __future__ import annotations

import pytest

from benchmarks import filling_gate, gate_questions, gate_single
from database import session
from queries import api_tokens, payment_book
from rules.api_scopes import Scope
from scoring import payment_questions
from tests.conftest import TODAY

PLACES, PEOPLE, ASKED = 20, 60, 150


@pytest.mark.once
def test_the_gate_is_measured_on_answers_that_are_right(app, db):
    session.remove()
    filling_gate.fill(
        app.extensions["engine"].url.render_as_string(hide_password=False), PLACES, PEOPLE
    )
    assert api_tokens.opening(filling_gate.TOKEN, Scope.ELIGIBILITY, TODAY)
    rows = gate_questions.rows(PLACES, PEOPLE, ASKED)
    answers = payment_questions.table_of_rows(
        rows,
        institutions=payment_book.numbers_of_institutions(),
        people=payment_book.numbers_of_people(),
        lines=payment_book.lines(),
    )["payable"].to_list()
    assert 0 < sum(answers) < ASKED
    gate_single.compare(rows, answers)
    with pytest.raises(RuntimeError):
        gate_single.compare(rows, [not one for one in answers])
