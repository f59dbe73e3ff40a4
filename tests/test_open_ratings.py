"""`/api/v1/ratings/{cycle}`: the grades of a published cycle, no more of them than everybody may see."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

import clock
from actions import api_tokens, grade_changes, rating_objections
from actions.rating_objections import Said
from models import Rating
from rules.api_scopes import AGENCY, Scope
from rules.permissions import Role
from tests import factories, factories_cycle
from tests.factories_cycle import ON

DAY = timedelta(days=1)
NAME = "2026年上半年"


@pytest.fixture
def ask(app, db, staff):
    """Ask for the grades of a cycle with a key of the region, or of another; say (status, body)."""
    keys = {}
    for region in (factories.REGION, "990999"):
        admin = factories.actor(Role.SYSADMIN, region=region)
        name = f"示例系统{region}"
        keys[region] = api_tokens.issue(name, [Scope.RATINGS], ON + 30 * DAY, actor=admin, on=ON)[1]
    db.commit()

    def send(name=NAME, *, region=factories.REGION, on=ON, **asked):
        db.commit()
        heads = {"Authorization": f"Bearer {keys[region]}"}
        with clock.at(on):
            answer = app.test_client().get(
                f"/api/v1/ratings/{quote(name)}", headers=heads, query_string=asked
            )
        return answer.status_code, answer.get_json()

    return send


def rating_of(db, place):
    return db.scalars(select(Rating).where(Rating.institution_id == place.id)).one()


def test_a_published_cycle_is_answered_with_grades_and_without_points(ask, staff, kind):
    place = factories_cycle.quiet(kind)
    factories_cycle.published(staff)
    status, body = ask()
    (row,) = body.pop("ratings")
    word = ("retail_pharmacy", "零售药店") if kind == "pharmacy" else ("general_hospital", "综合医院")  # fmt: skip
    assert (status, row) == (
        200,
        {
            "fixmedins_code": place.code, "fixmedins_name": place.name, "kind": word[0], "kind_label": word[1],
            "grade": row["grade"], "since": ON.isoformat(), "objected": False,
        },
    )  # fmt: skip
    assert body == {
        "cycle": NAME, "poolarea_no": factories.REGION, "from": "2026-01-01", "to": "2026-05-31",
        "published_on": ON.isoformat(), "scheme": body["scheme"],
        "article": "《医疗保障基金使用监督管理条例》第三十三条", "page": 1, "pages": 1, "total": 1,
    }  # fmt: skip


def test_the_grade_is_the_one_in_force_and_the_public_page_says_the_same(app, ask, db, staff, kind):
    place = factories_cycle.quiet(kind)
    scheme = factories_cycle.published(staff).scheme
    rating = rating_of(db, place)
    before = ask()[1]["ratings"][0]
    plan = grade_changes.Plan("failing", "评价后查实。", "方案第八条")
    change = grade_changes.propose(rating, plan, actor=staff[Role.CLERK], on=ON + DAY)
    assert ask(on=ON + DAY)[1]["ratings"] == [before]  # proposed is not in force
    grade_changes.confirm(change, opinion="同意。", actor=staff[Role.REVIEWER], on=ON + 2 * DAY)
    (after,) = ask(on=ON + 2 * DAY)[1]["ratings"]
    assert (scheme, after["since"]) == ("county_four_grades", (ON + 2 * DAY).isoformat())
    assert after["grade"] != before["grade"]
    (earlier,) = ask(on=ON + DAY)[1]["ratings"]
    assert (earlier["grade"], earlier["since"]) == (before["grade"], ON.isoformat())
    with clock.at(ON + 2 * DAY):
        shown = app.test_client().get(f"/public/institutions/{place.id}").text
    assert after["grade"] in shown


def test_a_grade_that_is_objected_to_bears_the_mark(ask, db, staff, kind):
    place = factories_cycle.quiet(kind)
    factories_cycle.published(staff)
    said, owner = Said("示例机构", "不属实。"), factories.actor(Role.INSTITUTION, institution=place)
    row = rating_objections.raise_objection(rating_of(db, place), said, actor=owner, on=ON)
    assert [one["objected"] for one in ask()[1]["ratings"]] == [False]
    rating_objections.accept(row, actor=staff[Role.CHIEF], on=ON)
    assert [one["objected"] for one in ask()[1]["ratings"]] == [True]


def test_what_is_not_published_is_not_there(ask, staff, kind):
    factories_cycle.quiet(kind)
    factories_cycle.announced(staff)
    assert ask()[0] == 404


@pytest.mark.once
def test_unknown_of_another_region_or_before_its_day_it_is_not_there(ask, staff):
    factories_cycle.quiet("pharmacy")
    factories_cycle.published(staff)
    status, problem = ask("2025年")
    assert (status, problem["status"]) == (404, 404)
    assert "已公布" in problem["detail"]
    assert ask(region="990999")[0] == 404
    assert (ask(on=ON - DAY)[0], ask(on=ON)[0]) == (404, 200)


@pytest.mark.once
def test_grades_of_persons_are_not_answered(ask, db, staff):
    factories_cycle.quiet("pharmacy")
    factories_cycle.published(staff).subject = "practitioner"
    db.commit()
    assert ask()[0] == 404


@pytest.mark.once
def test_pages_follow_the_codes_and_leave_nobody_out(ask, staff):
    places = [factories_cycle.quiet(kind) for kind in ("pharmacy", "hospital", "pharmacy")]
    factories_cycle.published(staff)
    found = [ask(page=n, per_page=2)[1] for n in (1, 2, 3)]
    assert [(one["pages"], one["total"], len(one["ratings"])) for one in found] == [
        (2, 3, 2),
        (2, 3, 1),
        (2, 3, 0),
    ]
    codes = [row["fixmedins_code"] for one in found for row in one["ratings"]]
    assert codes == sorted(place.code for place in places)


@pytest.mark.once
def test_a_grade_gathered_under_one_code_holds_at_each_of_its_places(ask, staff):
    first = factories_cycle.quiet("hospital")
    second = factories_cycle.quiet("hospital", uscc=first.uscc)
    factories_cycle.published(staff)
    rows = ask()[1]["ratings"]
    assert {row["fixmedins_code"] for row in rows} == {first.code, second.code}
    assert len({row["grade"] for row in rows}) == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"page": "0"}, "page"), ({"page": "一"}, "page"), ({"page": "9" * 10}, "page"),
        ({"per_page": "1001"}, "per_page"), ({"per_page": "-1"}, "per_page"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_is_refused(ask, asked, why):
    status, problem = ask(**asked)
    assert (status, problem["detail"].split()[0]) == (400, why)


@pytest.mark.once
def test_a_key_for_something_else_does_not_open_it(app, db, staff):
    key = api_tokens.issue(
        "示例结算系统", [Scope.ELIGIBILITY, Scope.STATEMENTS], ON + DAY, sender=AGENCY, actor=staff[Role.SYSADMIN], on=ON
    )[1]  # fmt: skip
    db.commit()
    for heads in ({"Authorization": f"Bearer {key}"}, {}):
        with clock.at(ON):
            assert app.test_client().get("/api/v1/ratings/x", headers=heads).status_code == 401
