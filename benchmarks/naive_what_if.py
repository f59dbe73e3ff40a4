"""The trial page as a first version would be written: the facts read as objects, rated one by one, entities for names.

It is only ever measured; the grades it finds are handed out so that they can be compared.
"""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template, request

from benchmarks import naive_scores
from database import session
from models import Cycle, Institution
from queries import cycles
from scoring import changes as change

naive_what_if = Blueprint("naive_what_if", __name__, template_folder="templates")


@naive_what_if.get("/naive/cycles/<int:key>/what-if")
def show(key: int) -> str:
    cycle = session.get_one(Cycle, key)
    changes = {name: value for name, value in request.args.items() if "." in name}
    before = naive_scores.rated(cycles.scheme_of(cycle), cycle.facts)
    after = naive_scores.rated(change.scheme(cycle.scheme_text, changes), cycle.facts)
    moved = [place for place in before if before[place] != after[place]]
    moved.sort(key=lambda place: before[place][1] == after[place][1])
    return render_template(
        "naive_what_if.html",
        cycle=cycle,
        then=Counter(grade for _, grade, _ in before.values()),
        now=Counter(grade for _, grade, _ in after.values()),
        total=len(moved),
        rows=[
            (session.get_one(Institution, place), before[place], after[place])
            for place in moved[:50]
        ],
    )


show.signed_in = True  # type: ignore[attr-defined]  # the guard lets every signed-in person in
