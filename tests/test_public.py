"""The public site: true, complete for what was published, silent about everything else."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import clock
from actions import letters, objections
from database import session
from models import Document, Institution, Suspension, Termination
from queries import public_institutions, public_standing
from rules.permissions import Role
from tests import factories, factories_agreement, factories_practitioner
from tests.conftest import TODAY
from tests.portal_world import World, fresh, rated, text_of
from tests.web import client_for

DAY = timedelta(days=1)
PAGES = [
    "/public/institutions", "/public/notices", "/public/terminated", "/public/reports", "/public/verify",
    "/public/guide", "/public/guide?kind=medical", "/public/accessibility",
]  # fmt: skip


@pytest.fixture
def visitor(app, db):
    return app.test_client()


@pytest.fixture
def world(app, db, staff, kind):
    return World(app, staff, kind)


def found(visitor, **query):
    """Names on the first page of the lookup, and the number it claims."""
    html = visitor.get("/public/institutions", query_string=query).text
    number = re.search(r"共找到 (\d+) 家机构", html)
    return re.findall(r"<h2><a [^>]*>([^<]+)</a></h2>", html), int(number[1]) if number else 0


def terminated(agreement, effective_on):
    row = Termination(
        institution=agreement.institution,
        agreement=agreement,
        ground="sample",
        ground_text="示例解除情形",
        basis="示例依据",
        ban_class="none",
        decided_on=effective_on - DAY,
        effective_on=effective_on,
    )
    session.add(row)
    session.flush()
    return row


def paused(agreement, from_on, to_on=None, ended_on=None):
    row = Suspension(
        institution=agreement.institution,
        agreement=agreement,
        ground="sample",
        ground_text="示例中止情形",
        basis="示例依据",
        decided_on=from_on,
        from_on=from_on,
        to_on=to_on,
        ended_on=ended_on,
        end_reason="示例" if ended_on else "",
    )
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_without_signing_in_and_may_be_kept_a_minute(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


def test_a_page_for_somebody_is_kept_nowhere(app, staff):
    client = client_for(app, staff[Role.CLERK])
    assert client.get("/public/institutions").headers["Cache-Control"] == "no-store"


def test_large_type_is_a_link_and_stays_without_scripts(visitor):
    assert 'class="public big"' not in visitor.get("/public/institutions").text
    chosen = visitor.get("/public/institutions?big=1")
    assert 'class="public big"' in chosen.text
    assert chosen.headers["Cache-Control"] == "no-store"  # it hands out a cookie
    assert 'class="public big"' in visitor.get("/public/notices").text
    assert 'class="public big"' in visitor.get("/login").text
    visitor.get("/public/notices?big=0")
    assert 'class="public big"' not in visitor.get("/public/notices").text


@pytest.mark.parametrize(
    ("offset", "word"), [(-1, "有效"), (0, "中止"), (1, "中止"), (2, "有效")],
    ids=["the day before", "its first day", "its last day", "the day after"],
)  # fmt: skip
def test_a_suspension_shows_from_its_first_day_to_its_last(visitor, kind, offset, word):
    institution = factories.institution(kind)
    paused(factories_agreement.concluded(institution), TODAY, TODAY + DAY)
    session.commit()
    with clock.at(TODAY + offset * DAY):
        other = "中止" if word == "有效" else "有效"
        entry = public_institutions.one(institution.id, on=clock.today())
        assert entry.light.text == word
        assert word in text_of(visitor.get(f"/public/institutions/{institution.id}").text)
        words = {"有效": "in_force", "中止": "suspended"}
        assert found(visitor, status=words[word]) == ([institution.name], 1)
        assert found(visitor, status=words[other]) == ([], 0)


def test_a_suspension_lifted_today_is_over_today(visitor, kind):
    institution = factories.institution(kind)
    paused(factories_agreement.concluded(institution), TODAY - 9 * DAY, None, ended_on=TODAY)
    session.commit()
    assert public_institutions.one(institution.id, on=TODAY - DAY).light.text == "中止"
    assert public_institutions.one(institution.id, on=TODAY).light.text == "有效"


@pytest.mark.parametrize(("offset", "word"), [(-1, "有效"), (0, "已解除")])
def test_a_termination_shows_from_the_day_it_takes_effect(visitor, kind, offset, word):
    institution = factories.institution(kind)
    terminated(factories_agreement.concluded(institution), TODAY)
    session.commit()
    with clock.at(TODAY + offset * DAY):
        assert public_institutions.one(institution.id, on=clock.today()).light.text == word
        listed = institution.name in visitor.get("/public/terminated").text
        assert listed is (word == "已解除")
        assert (institution.name in visitor.get("/public/terminated?format=csv").text) is listed


@pytest.mark.parametrize(("offset", "word"), [(0, "有效"), (1, "已到期")])
@pytest.mark.law("P3-10", "M2-11", passes=True)
def test_an_agreement_holds_through_the_last_day_of_its_term(visitor, kind, offset, word):
    institution = factories.institution(kind)
    factories_agreement.concluded(institution, term_to=TODAY)
    session.commit()
    with clock.at(TODAY + offset * DAY):
        assert word in text_of(visitor.get(f"/public/institutions/{institution.id}").text)


def test_the_list_counts_as_the_rule_judges(db, kind):
    """Four hundred played histories: the SQL of the lookup and rules.standing say the same word on every day asked."""
    draw = random.Random(20260615)
    for _ in range(100):
        institution = factories.institution(kind)
        for _ in range(draw.choice([1, 1, 2])):
            _played(institution, draw)
    session.commit()
    for day in (TODAY - 40 * DAY, TODAY, TODAY + DAY, TODAY + 40 * DAY):
        told = public_standing.words(day)
        by_list = dict(session.execute(select(told.c.institution_id, told.c.word)).all())
        designated = select(Institution.id).where(public_standing.designated(day))
        assert set(by_list) == set(session.scalars(designated))
        by_rule = public_standing.standings(list(by_list), day)
        assert by_list == {key: str(one.word) for key, one in by_rule.items()}
        assert len(set(by_list.values())) > 3


def _played(institution, draw):
    begins = TODAY + draw.randint(-300, 20) * DAY
    ends = begins + draw.randint(1, 400) * DAY
    agreement = factories_agreement.concluded(
        institution, on=begins, term_from=begins, term_to=ends
    )
    if draw.random() < 0.5:
        from_on = TODAY + draw.randint(-60, 30) * DAY
        to_on = from_on + draw.randint(0, 60) * DAY if draw.random() < 0.7 else None
        ended = from_on + draw.randint(0, 60) * DAY if draw.random() < 0.4 else None
        paused(agreement, from_on, to_on, ended)
    if draw.random() < 0.25:
        terminated(agreement, TODAY + draw.randint(-60, 60) * DAY)
    elif draw.random() < 0.25:
        agreement.state, agreement.lapsed_on = "lapsed", TODAY + draw.randint(-60, 60) * DAY


@pytest.mark.law("P3-10", "M2-11", refuses=True)
def test_whoever_was_never_designated_is_not_there(world, visitor):
    """Not by id, not by search, not by count, at no step before both have signed."""
    key = world.handed_in()

    def seen():
        by_id = visitor.get(f"/public/institutions/{world.own.id}")
        missing = visitor.get("/public/institutions/999999")
        assert by_id.status_code == missing.status_code == 404
        by_name = found(visitor, q=world.own.name)[1] + found(visitor, q=world.own.code)[1]
        counted = sum(public_institutions.by_kind_and_word(clock.today()).values())
        return by_name + counted

    assert seen() == 0
    world.accepted(key)
    world.evaluated(key)
    assert seen() == 0
    assert world.own.name not in visitor.get("/public/notices").text  # passed, but not posted
    world.posted(key)
    assert seen() == 0
    assert world.own.name in visitor.get("/public/notices").text
    with clock.at(TODAY + 30 * DAY):
        world.client = client_for(world.app, world.user)
        agreement = world.offered(key, clock.today() + 5 * DAY)
        assert seen() == 0
        agent = {"capacity": "agent", "mandate": "样例授权委托书"}
        assert (
            world.send(f"/portal/agreements/{agreement}/sign", read="y", **agent).status_code == 303
        )
        assert seen() == 0
        world.countersigned(agreement)
        page = text_of(visitor.get(f"/public/institutions/{world.own.id}").text)
        assert "待生效" in page
        assert found(visitor, q=world.own.name) == ([world.own.name], 1)
    with clock.at(TODAY + 35 * DAY):
        assert "有效" in text_of(visitor.get(f"/public/institutions/{world.own.id}").text)


def test_a_notice_counts_its_days_and_ends(world, visitor):
    key = world.handed_in()
    world.accepted(key)
    world.evaluated(key)
    world.posted(key)
    last = fresh("application", key).notice_to
    working = [
        date(2026, 6, 16),
        date(2026, 6, 17),
        date(2026, 6, 18),
        date(2026, 6, 22),
        date(2026, 6, 23),
    ]
    assert last == working[-1]  # 端午节 19 June and the weekend do not count
    assert "还剩 5 个工作日" in visitor.get("/public/notices").text
    with clock.at(last):
        assert "今日截止" in visitor.get("/public/notices").text
    with clock.at(last + DAY):
        html = visitor.get("/public/notices").text
        assert "公示已结束" in html
        assert "还剩" not in html
        assert "目前没有正在公示的名单" in html


def test_an_objection_is_not_announced(world, visitor):
    key = world.handed_in()
    world.accepted(key)
    world.evaluated(key)
    world.posted(key)
    before = visitor.get("/public/notices").text
    said = objections.Said("示例居民", "示例异议")
    objections.raise_objection(
        fresh("application", key), said, actor=world.by(Role.CLERK), on=TODAY
    )
    session.commit()
    assert visitor.get("/public/notices").text == before


def test_an_unpublished_grade_changes_no_public_page(visitor, kind):
    institution = factories.institution(kind)
    factories_agreement.concluded(institution)
    session.commit()
    paths = [f"/public/institutions/{institution.id}", "/public/institutions", "/public/reports"]
    before = [visitor.get(path).text for path in paths]
    rated(institution, state="reviewed", name="2025年度")
    rated(institution, published_on=TODAY + DAY, name="2024年度")
    session.commit()
    assert [visitor.get(path).text for path in paths] == before
    with clock.at(TODAY + DAY):
        assert all("良好" in visitor.get(path).text for path in paths)


def test_the_lookup_takes_wildcards_literally_and_survives_nonsense(visitor, kind):
    plain = factories.institution(kind, name="示例百分百药房", pinyin="slbfbyf")
    odd = factories.institution(kind, name="示例100%_\\药房", pinyin="sl100yf")
    for institution in (plain, odd):
        factories_agreement.concluded(institution)
    session.commit()
    for sign in ("%", "_", "\\", "100%_"):
        assert found(visitor, q=sign) == ([odd.name], 1), sign
    assert found(visitor, q="SLBFB") == ([plain.name], 1)
    assert found(visitor, q=plain.code[:-1])[1] >= 1
    for nonsense in ("\x00", "'" * 400, "\ud800", "药" * 5000, "' OR 1=1 --"):
        assert (
            visitor.get(
                "/public/institutions", query_string={"q": nonsense.encode("utf-8", "replace")}
            ).status_code
            == 200
        )
    for query in (
        "kind=nothing&status=none&page=-1",
        "page=99999999999999999999999",
        "page=" + "9" * 5000,
        "page=²",
        "per_page=1e9",
    ):
        assert visitor.get(f"/public/institutions?{query}").status_code == 200
    assert visitor.get("/public/institutions/99999999999999999999999").status_code == 404


def test_facets_count_what_they_would_show(visitor):
    hospital, pharmacy, ended = (
        factories.institution(kind) for kind in ("hospital", "pharmacy", "pharmacy")
    )
    for institution in (hospital, pharmacy):
        factories_agreement.concluded(institution)
    terminated(factories_agreement.concluded(ended), TODAY)
    session.commit()
    everything = public_institutions.lookup(public_institutions.Wanted(), on=TODAY)
    assert {(one.label, one.count) for one in everything.kinds} == {
        ("综合医院", 1),
        ("零售药店", 2),
    }
    assert {(one.label, one.count) for one in everything.words} == {("有效", 2), ("已解除", 1)}
    for option in everything.kinds:
        assert found(visitor, kind=option.value)[1] == option.count
    for option in everything.words:
        assert found(visitor, status=option.value)[1] == option.count
    assert found(visitor, kind="retail_pharmacy", status="terminated") == ([ended.name], 1)


def test_pages_of_the_lookup_are_whole(visitor, kind):
    names = set()
    for number in range(45):
        institution = factories.institution(kind, name=f"示例分页{number:02d}")
        factories_agreement.concluded(institution)
        names.add(institution.name)
    session.commit()
    pages = [found(visitor, page=page)[0] for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert set().union(*pages) == names


def test_the_reports_are_the_numbers_of_the_database(visitor):
    hospital, pharmacy = factories.institution("hospital"), factories.institution("pharmacy")
    agreement = factories_agreement.concluded(hospital)
    paused(agreement, date(2026, 2, 1), date(2026, 2, 10), ended_on=date(2026, 2, 11))
    paused(agreement, date(2026, 6, 1), None)
    terminated(factories_agreement.concluded(pharmacy), TODAY)
    rated(hospital)
    session.commit()
    text = text_of(visitor.get("/public/reports").text)
    assert "综合医院 1 0 1" in text  # 中止, 已解除, 合计
    assert "零售药店 0 1 1" in text
    assert "中止协议 2 1" in text  # twice, one institution
    assert "解除协议 1 1" in text
    assert "良好 1 100.0%" in text


def test_the_terminated_list_is_the_same_in_every_format(visitor):
    rows = []
    for kind in ("hospital", "pharmacy"):
        rows.append(factories.institution(kind))
        terminated(factories_agreement.concluded(rows[-1]), TODAY)
    session.commit()
    html = visitor.get("/public/terminated").text
    sheet = visitor.get("/public/terminated?format=csv").data.decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(sheet)))
    assert {row[0] for row in cells[1:]} == {row.name for row in rows}
    assert all(row.name in html for row in rows)
    assert visitor.get("/public/terminated?format=xlsx").data.startswith(b"PK")


def letter_of_points(staff):
    """A letter about a person, the most personal there is."""
    person, place = factories_practitioner.practitioner("hospital")
    entry = factories_practitioner.recorded(person, place, 4, staff[Role.CLERK], on=TODAY)
    from actions import deductions

    deductions.confirm(entry, actor=staff[Role.REVIEWER], on=TODAY)
    letter = session.scalars(select(Document).where(Document.kind == "points")).one()
    letter.sha256 = letters.keep(b"%PDF-1.7 sample letter", "application/pdf")
    session.commit()
    return person, place, letter


def test_a_letter_is_verified_by_code_and_by_hash_without_naming_anybody(visitor, staff):
    person, place, letter = letter_of_points(staff)
    for path in (f"/public/verify/{letter.verify_code}", f"/public/verify?sha256={letter.sha256}"):
        html = visitor.get(path).text
        assert "核验通过" in html
        for shown in (letter.number, letter.title, letter.issued_on.isoformat(), letter.sha256):
            assert shown in html
        for hidden in (person.name, person.code, place.name, "示例事实"):
            assert hidden not in html
    assert "核验通过" in visitor.get(f"/public/verify/{letter.verify_code.lower()}").text
    followed = visitor.get(f"/public/verify?code={letter.verify_code}")
    assert followed.headers["Location"].endswith(letter.verify_code)


@pytest.mark.parametrize("code", ["0" * 16, "x", "%25", "../../etc", "0" * 500, "%00"])
def test_an_unknown_code_says_so_and_nothing_else(visitor, code):
    answer = visitor.get(f"/public/verify/{code}")
    assert answer.status_code in (200, 404)
    assert "核验通过" not in answer.text
    assert "核验通过" not in visitor.get(f"/public/verify?sha256={code}").text


def test_the_command_knows_our_letters_by_their_bytes(app, staff, tmp_path):
    _person, _place, letter = letter_of_points(staff)
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(b"%PDF-1.7 sample letter")
    bad.write_bytes(b"%PDF-1.7 sample letter.")
    runner = app.test_cli_runner()
    yes = runner.invoke(args=["documents", "verify", str(good), "--json"])
    assert yes.exit_code == 0
    assert json.loads(yes.output) == {
        "known": True, "kind": "points", "number": letter.number, "sha256": letter.sha256, "signatures": [],
    }  # fmt: skip
    no = runner.invoke(args=["documents", "verify", str(bad), "--json"])
    assert no.exit_code == 1
    assert json.loads(no.output)["known"] is False
    assert runner.invoke(args=["documents", "verify", str(tmp_path / "none.pdf")]).exit_code == 2


@pytest.mark.parametrize(
    ("family", "other"), [("medical", "药品经营许可证"), ("pharmacy", "执业许可证、中医")]
)
def test_the_guide_lists_the_papers_of_its_kind(visitor, family, other):
    import regulations

    text = visitor.get(f"/public/guide?kind={family}").text
    law = regulations.at(TODAY, family)
    assert all(row.label in text for row in law.table("application_materials"))
    assert other not in text
    months = f"{law.eval.max.value} 个月"
    assert months in text
