"""How one application of the demo county goes, and in which state it is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rules.lifecycle import AgreementState as A
from rules.lifecycle import ApplicationState as S

SPECIALTIES = ("insurance", "medicine", "finance", "information")


@dataclass(frozen=True)
class Course:
    """How one application goes. `until`: the state in which it is left; `fails`: the item found wanting.

    `again`: the supplement is not good enough either, and a second notice goes out with its reason.
    `twice`: it fails a second time as well; `clarify`: the team asks for one more paper; `upheld`, `joint`: how the
    objection goes. `signed`: specialties whose members sign in time; `substitute`: the fifth of the pool sits in.
    `pace`: working days between two steps of the agency. `ground`: key of the refusal stated by the clerk where the
    machine finds none. `then`: what follows the signature.
    """

    until: str = S.SIGNED
    supplement: bool = False
    again: bool = False
    fails: bool = False
    twice: bool = False
    clarify: bool = False
    objection: bool = False
    upheld: bool = False
    joint: bool = False
    signed: tuple[str, ...] = SPECIALTIES
    substitute: bool = False
    agreement_until: str = A.CONCLUDED
    ground: str = ""
    pace: int = 1
    then: Callable[[date], object] | None = None
