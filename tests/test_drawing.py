"""The draw: anybody can recompute it, nobody can steer it, and every member has the same chance."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from rules import drawing
from rules.drawing import Entry
from rules.refusal import Refused

pytestmark = pytest.mark.pure
POOL = [Entry("000002", "medicine"), Entry("000001", "insurance"), Entry("000003", "medicine")]


def test_the_pool_is_hashed_by_its_sorted_lines():
    text = "000001\tinsurance\n000002\tmedicine\n000003\tmedicine\n"
    wanted = hashlib.sha256(text.encode()).hexdigest()
    assert drawing.hash_of(POOL) == drawing.hash_of(reversed(POOL)) == wanted


def test_a_ticket_is_the_hash_of_seed_pool_and_key():
    pool_hash = drawing.hash_of(POOL)
    wanted = hashlib.sha256(f"seed\n{pool_hash}\n000002".encode()).hexdigest()
    assert drawing.ticket_of("seed", pool_hash, "000002") == wanted


def test_the_smallest_tickets_of_each_group_are_drawn_and_a_stranger_comes_to_the_same():
    result = drawing.draw(POOL, {"insurance": 1, "medicine": 1}, "abc")
    pool_hash = drawing.hash_of(POOL)
    by_hand = min(("000002", "000003"), key=lambda k: drawing.ticket_of("abc", pool_hash, k))
    assert sorted(result.drawn) == sorted(["000001", by_hand])
    assert drawing.draw(list(reversed(POOL)), {"insurance": 1, "medicine": 1}, "abc") == result


def test_another_seed_or_another_pool_gives_other_tickets():
    first = drawing.draw(POOL, {"medicine": 1}, "a")
    assert first.tickets != drawing.draw(POOL, {"medicine": 1}, "b").tickets
    more = [*POOL, Entry("000004", "finance")]
    assert first.pool_hash != drawing.draw(more, {"medicine": 1}, "a").pool_hash


def test_nobody_is_favoured():
    pool = [Entry(f"{n:06d}", "medicine") for n in range(4)]
    found = Counter(drawing.draw(pool, {"medicine": 1}, str(n)).drawn[0] for n in range(2000))
    assert set(found) == {entry.key for entry in pool}
    assert all(430 <= number <= 570 for number in found.values())  # 500 ± 3.6 standard deviations


@pytest.mark.parametrize(("wanted", "enough"), [(1, True), (2, True), (3, False)])
def test_as_many_as_are_wanted_or_none(wanted, enough):
    if enough:
        assert len(drawing.draw(POOL, {"medicine": wanted}, "s").drawn) == wanted
        return
    with pytest.raises(Refused, match="只有 2 名"):
        drawing.draw(POOL, {"medicine": wanted}, "s")


def test_a_key_that_stands_twice_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="twice"):
        drawing.draw([*POOL, Entry("000001", "medicine")], {"medicine": 1}, "s")
