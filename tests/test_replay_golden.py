"""A cycle of 2024, its scheme and its result are written down: the engine of any later day must give that very text. Pure.

Another result is a change of what was decided then. A fixture is never made anew to make this pass.
"""

import hashlib
import json

import pytest

from tests import replays

pytestmark = pytest.mark.pure

WRITTEN = {
    "county_four_grades.scheme.yaml": "3e662881a5ef0c161aafb733ad2f330129199b2070b82b7c9d08a2afff8b10a4",
    "county_four_grades.facts.json": "498aea84692599ace90b0aa344836403fe0b7b4e76af578b603ba11dd8d25f63",
    "county_four_grades.result.json": "f772ca78d59d1cc06ab35b262dee7dd30b6c8123a0733d4a71c290d6f9e60b33",
    "thousand_points.scheme.yaml": "77b729aba5a922a0941213fa784a92f9a2edcf5d11687b92370f5e4d7c54b8fd",
    "thousand_points.facts.json": "681c2c087a4d06c4938c4e5f4a0be432d6acfc70dc0a4f02d8ac59a3382d4c8a",
    "thousand_points.result.json": "51cb384077628547399aef91e7ce79a37c2480d7063d8bc9151ab4796c13e1e4",
}
KEYS = ["county_four_grades", "thousand_points"]


@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_written_down_is_as_it_was(name):
    assert hashlib.sha256((replays.FOLDER / name).read_bytes()).hexdigest() == WRITTEN[name]


def test_nothing_else_is_written_down():
    assert {path.name for path in replays.FOLDER.iterdir()} == WRITTEN.keys()


@pytest.mark.parametrize("key", KEYS)
def test_the_engine_of_today_gives_the_result_of_then_to_the_letter(key):
    assert replays.result(key) == replays.read(key, "result.json")


@pytest.mark.parametrize("key", KEYS)
def test_both_kinds_and_several_grades_are_written_down(key):
    facts = {row["institution"]: row for row in json.loads(replays.read(key, "facts.json"))}
    rows = json.loads(replays.read(key, "result.json"))
    kinds = {(facts[row["subject"]]["family"], row["grade"]) for row in rows}
    assert {family for family, _ in kinds} == {"medical", "pharmacy"}
    assert len({grade for _, grade in kinds}) >= 3


@pytest.mark.parametrize(
    ("key", "subject", "milli", "grade"),
    [
        # cases 5 of 20, open 8, days 12: 25 of 40; points 12, stopped 0: 12 of 20; 12 + 6 of 20: 22.5 of 25;
        # one of nine items failed: 10 × (1 − 11.11 / 50) = 7.78, no year 2: 9.78 of 15; together 69.28
        ("county_four_grades", 202, 69280, "passing"),
        # 1000; cost 13.75 from 75.05, 18.32 %: 11.68; denial 0.55 above: 26.7; data 17.5; one case − 50, pledge − 30
        ("thousand_points", 202, 975900, "B"),
        # what was found settles the grade, whatever the score
        ("county_four_grades", 103, 86960, "failing"),
        ("thousand_points", 203, 1000000, "D_minus"),
    ],
)
def test_some_of_it_worked_out_by_hand(key, subject, milli, grade):
    rows = {row["subject"]: row for row in json.loads(replays.read(key, "result.json"))}
    assert (rows[subject]["score_milli"], rows[subject]["grade"]) == (milli, grade)
