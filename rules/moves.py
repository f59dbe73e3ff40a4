"""What a lifecycle is made of: states with their meaning, moves with their sources."""

from __future__ import annotations

from dataclasses import dataclass

from rules.permissions import Permission, Role
from rules.refusal import Refused


@dataclass(frozen=True)
class State:
    """`desk` is the role that acts next and `step` what it does; no desk: nobody is waited for."""

    label: str
    meaning: str
    public: str
    light: str = "na"
    desk: Role | None = None
    step: str = ""


@dataclass(frozen=True)
class Move:
    label: str
    sources: frozenset[str]
    target: str
    permission: Permission


@dataclass(frozen=True)
class Lifecycle:
    noun: str
    label: str
    states: dict[str, State]
    moves: dict[str, Move]

    def check(self, state: str, verb: str) -> Move:
        """The move of this verb, or Refused with the states from which it would be possible."""
        move = self.moves[verb]
        if state in move.sources:
            return move
        possible = "、".join(self.states[s].label for s in self.states if s in move.sources)
        raise Refused(
            f"{self.label}当前为“{self.states[state].label}”，不能{move.label}。",
            cure=f"{move.label}只在“{possible}”时可以进行。",
        )

    def verbs_from(self, state: str) -> list[str]:
        return [verb for verb, move in self.moves.items() if state in move.sources]


def from_(*states: str) -> frozenset[str]:
    return frozenset(states)
