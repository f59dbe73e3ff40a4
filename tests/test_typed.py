"""What is typed in: nothing that cannot be printed or turns the reading gets in, whichever way a form is sent."""

import io

import pytest
from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from blueprints import typed
from queries import scope
from rules.permissions import Role
from tests.web import client_for, post

FORM = "/form"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("示例 Sample 1", "示例 Sample 1"),
        ("甲\x00乙", "甲乙"),
        ("a\x07b\x7fc", "abc"),
        ("一\t二\r\n三\n四", "一\t二\r\n三\n四"),
        ("一\x0b二\x0c三\x85四\u2028五\u2029六", "一\n二\n三\n四\n五\n六"),
        ("甲\ud800乙", "甲乙"),
        ("单\u202e位\u2066名\u2069称\u200f", "单位名称"),
        ("👩‍⚕️𠮷", "👩‍⚕️𠮷"),
    ],
)
def test_what_is_kept_of_a_text(given, kept):
    assert typed.tidy(given) == kept


def test_what_was_ticked_is_whole_numbers_of_rows():
    words = ["3", "12", "", "x", "-1", "１", "²", "1.0", "9" * 10, "999999999"]
    assert typed.keys(words) == [3, 12, 999999999]


@pytest.mark.parametrize("files", [{}, {"file": (io.BytesIO(b"\x00\x07"), "样\u202e张.pdf")}])
def test_a_form_of_either_encoding_and_its_address_are_tidied_but_no_bytes_of_a_file(app, files):
    data = {"text": "甲\u202e乙", "many": ["a\x00", "b"], **files}
    with app.test_request_context(f"{FORM}?q=%00x%E2%80%AE&q=y", method="POST", data=data):
        assert request.form.get("text") == "甲乙"
        assert request.form.getlist("many") == ["a", "b"]
        assert request.args == ImmutableMultiDict([("q", "x"), ("q", "y")])
        for file in request.files.values():
            assert (file.filename, file.read()) == ("样张.pdf", b"\x00\x07")
        assert len(request.files) == len(files)


@pytest.mark.parametrize(
    ("key", "exists"),
    [(-(2**70), False), (-1, False), (0, False), (1, True), (2**31 - 1, True), (2**31, False)],
)
def test_which_numbers_a_row_can_have(key, exists):
    assert scope.may_exist(key) is exists


HUGE = 2**70
NOWHERE = [
    (Role.CLERK, f"/documents/{HUGE}"),
    (Role.CLERK, f"/cases/new?agreement=-{HUGE}"),
    (Role.CHIEF, f"/evaluators/{HUGE}"),
    (Role.CHIEF, f"/evaluations/opinions/{HUGE}"),
    (Role.CHIEF, f"/collective-decisions/votes/{HUGE}"),
    (Role.SYSADMIN, f"/users/{HUGE}"),
]


def test_a_number_no_database_knows_is_not_found_and_no_failure(app, staff):
    clients = {}
    for role, path in NOWHERE:
        if role not in clients:
            clients[role] = client_for(app, staff[role])
        assert clients[role].get(path).status_code == 404, path
    leader = client_for(app, staff[Role.LEADER])
    ticked = post(leader, "/proposals/adopt/renewal", id=["9" * 30, "²"])
    assert (ticked.status_code, "没有勾选" in ticked.text) == (409, True)
