"""抽取 anyone can recompute: pool frozen and hashed first, a seed nobody could know, one ticket for each in the pool.

The recipe, for whoever checks it without this program: write every member of the pool as «key TAB group» on a line of
its own, lines in ascending order of their code points, each ended by LF, in UTF-8: SHA-256 of that text is the hash of
the pool. The ticket of a member is SHA-256 of «seed LF pool hash LF key» in UTF-8, as lower-case hexadecimal. In each
group those with the smallest tickets are drawn, as many as are wanted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.refusal import Refused

SEED_BYTES = 32


@dataclass(frozen=True, order=True)
class Entry:
    """One member of the pool. `key` is unique in the pool, `group` what is drawn apart (a specialty, a kind)."""

    key: str
    group: str


@dataclass(frozen=True)
class Ticket:
    key: str
    group: str
    ticket: str
    drawn: bool


@dataclass(frozen=True)
class Result:
    pool_hash: str
    tickets: tuple[Ticket, ...]

    @property
    def drawn(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.tickets if one.drawn)


def hash_of(pool: Iterable[Entry]) -> str:
    """The hash of the frozen pool. The order in which it was given does not matter. ValueError for a doubled key."""
    lines = sorted(f"{entry.key}\t{entry.group}\n" for entry in pool)
    keys = [line.partition("\t")[0] for line in lines]
    if len(keys) != len(set(keys)):
        raise ValueError("a key stands twice in the pool")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def ticket_of(seed: str, pool_hash: str, key: str) -> str:
    return hashlib.sha256(f"{seed}\n{pool_hash}\n{key}".encode()).hexdigest()


def draw(pool: Iterable[Entry], wanted: Mapping[str, int], seed: str) -> Result:
    """Draw `wanted` of each group. Refused when a group has fewer than are wanted; same facts, same result, always."""
    entries = sorted(pool)
    for group, number in wanted.items():
        present = sum(entry.group == group for entry in entries)
        if present < number:
            raise Refused(
                f"可抽取的人员不足：需要 {number} 名，只有 {present} 名（{group}）。",
                cure="请补充人员库，或者减少抽取人数后重新抽取。",
            )
    pool_hash = hash_of(entries)
    order = sorted((entry.group, ticket_of(seed, pool_hash, entry.key), entry) for entry in entries)
    taken: dict[str, int] = {}
    tickets = []
    for group, ticket, entry in order:
        drawn = taken.get(group, 0) < wanted.get(group, 0)
        taken[group] = taken.get(group, 0) + drawn
        tickets.append(Ticket(entry.key, group, ticket, drawn))
    return Result(pool_hash, tuple(tickets))
