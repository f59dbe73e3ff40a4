"""What the registry of the demo county knows of its people: departments, titles, certificates, signed commitments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.practitioners import Person
from rules.clocks import add_months
from rules.persons import PractitionerRole

DEPARTMENTS = ("内科", "外科", "妇产科", "儿科", "中医科", "急诊科")
TITLES = ("主治医师", "副主任医师", "住院医师")
UNSIGNED = 4  # of so many one has not handed in the commitment yet
ENDING = 30  # of so many one has a certificate that ends soon
LONG, SOON = 60, 2  # months


def dressed(who: Person, start: date, end: date, *, on: date) -> Person:
    """The person as registered on a day; certificate and title are the same at every site."""
    number = int(who.code[-6:])
    treats = who.role in (PractitionerRole.PHYSICIAN, PractitionerRole.NURSE)
    physician = who.role is PractitionerRole.PHYSICIAN
    ends = add_months(end, SOON) if number % ENDING == 1 else add_months(start, LONG)
    return replace(
        who,
        licence_valid_to=ends,
        licence_scope="内科专业" if physician else "",
        title=TITLES[number % len(TITLES)] if physician else "",
        department=DEPARTMENTS[number % len(DEPARTMENTS)] if treats else "",
        committed_on=None if number % UNSIGNED == 0 else on,
    )
