"""One client without a network, and a million questions by columns, in a fresh process.

`python -m benchmarks.gate_single PLACES PEOPLE COUNT MANY` reads its settings from the environment and prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from flask import Flask
from sqlalchemy import select

import database
from benchmarks import gate_questions
from benchmarks.filling_gate import TOKEN
from benchmarks.served import create
from database import session
from models import Institution
from queries import eligibility, payment_book, practitioners
from scoring import payment_questions
from scoring.payment_questions import Row

CHECKED = 200


def main() -> None:
    places, people, count, many = map(int, sys.argv[1:])
    app = create()
    found: dict[str, Any] = {"single": _single(app, places, people, count)}
    with app.app_context(), database.reading():
        found |= _many(places, people, many)
    print(json.dumps(found))


def _single(app: Flask, places: int, people: int, count: int) -> dict[str, list[float]]:
    client = app.test_client()
    taken: dict[str, list[float]] = {path: [] for path in gate_questions.PATHS}
    heads = {"Authorization": f"Bearer {TOKEN}"}
    for number, query in zip(
        range(count + 10), gate_questions.queries(places, people, 1), strict=False
    ):
        answers = []
        for path in gate_questions.PATHS:
            started = time.perf_counter()
            answer = client.get(f"{path}?{query}", headers=heads)
            passed = (time.perf_counter() - started) * 1000
            answers.append(answer.get_json()["payable"])
            if number >= 10:  # the first ones warm up
                taken[path].append(passed)
        if len(set(answers)) != 1:
            raise RuntimeError(f"{query}: {answers}")
    return taken


def _many(places: int, people: int, many: int) -> dict[str, float]:
    """Seconds for reading the whole book and for answering, and how many services may be paid."""
    started = time.perf_counter()
    lines = payment_book.lines()
    keys = payment_book.numbers_of_institutions(), payment_book.numbers_of_people()
    read = time.perf_counter()
    rows = gate_questions.rows(places, people, many)
    asked = time.perf_counter()
    answers = payment_questions.table_of_rows(
        rows, institutions=keys[0], people=keys[1], lines=lines
    )
    ended = time.perf_counter()
    compare(rows[:CHECKED], answers["payable"].to_list()[:CHECKED])
    payable = int(answers["payable"].sum())
    return {"read": read - started, "answer": ended - asked, "payable": payable, "questions": many}


def compare(rows: list[Row], answers: list[bool]) -> None:
    """What is fast must be right: the rule asked of the tables says the same."""
    for (place, person, department, day, emergency), payable in zip(rows, answers, strict=True):
        verdict = eligibility.of_service(
            session.scalars(select(Institution).where(Institution.code == place)).one(),
            practitioners.by_code(person), day, emergency=emergency, department=department,
        )  # fmt: skip
        if verdict.payable != payable:
            raise RuntimeError(f"{place} {person} {day}: {payable}")


if __name__ == "__main__":
    main()
