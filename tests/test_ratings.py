"""The credit pages: every number leads to its list, who sees what, who may press what, on screen and as a sheet."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select

import clock
from actions import credit_briefs
from blueprints import dashboards
from models import Cycle, Proposal, Rating
from queries import rating_boards, ratings
from queries.paging import Asked
from rules import peers, penalties
from rules.kinds import InstitutionKind
from rules.permissions import Role
from tests import factories, factories_cycle
from tests import factories_practitioner as people
from tests.web import client_for, forms, post

READERS = (Role.CLERK, Role.REVIEWER, Role.CHIEF, Role.LEADER, Role.INSPECTOR, Role.FINANCE)
SERVES = (Role.CLERK, Role.INSPECTOR)
FIRST = {"from_on": date(2026, 1, 1), "to_on": date(2026, 2, 28)}


@pytest.fixture
def place(db, staff, kind):
    return factories_cycle.troubled(kind, staff)


@pytest.fixture
def two(db, staff, place, kind):
    """Two published cycles: before March all is well, afterwards much is not. With a quiet neighbour of the kind."""
    factories_cycle.quiet(kind)
    before = factories_cycle.published(staff, "2026年前两月", **FIRST)
    now = factories_cycle.published(staff)
    db.commit()
    return before, now


def rating_of(db, cycle, place):
    query = select(Rating).where(Rating.cycle_id == cycle.id, Rating.institution_id == place.id)
    return db.scalars(query).one()


def total(html):
    """How many rows a list says it has."""
    return int(re.search(r"共 (\d+) 条", html).group(1))


def cells(html):
    """Every number of the board that is a link to a list: (number, address)."""
    found = re.findall(r'<td[^>]*><a href="(/ratings/list[^"]*)"[^>]*>([\d.]+)</a>', html)
    kpis = re.findall(
        r'<a class="kpi" href="(/ratings/list[^"]*)">\s*<span>[^<]*</span>\s*<b>(\d+)</b>', html
    )
    return [
        (int(number), href.replace("&amp;", "&"))
        for href, number in [*found, *kpis]
        if "." not in number
    ]


# --- the board ------------------------------------------------------------------------------------


def test_every_count_on_the_board_is_the_length_of_the_list_it_leads_to(app, staff, two):
    client = client_for(app, staff[Role.LEADER])
    board = client.get("/ratings").text
    counted = [(number, href) for number, href in cells(board) if "peers=" not in href]
    assert len(counted) >= 8
    for number, href in counted:
        page = client.get(href).text
        assert (href, total(page)) == (href, number) if number else "没有符合条件" in page


def test_each_picture_stands_on_its_table(app, staff, two):
    board = client_for(app, staff[Role.CLERK]).get("/ratings").text
    drawn = re.findall(r'data-chart=.*? data-table="([\w-]+)"', board)
    assert len(drawn) == 4  # distribution, by kind, trend, one beside its peers
    assert all(f'id="{name}"' in board for name in drawn)
    assert board.count('class="grid migration"') == 1


def test_the_board_shows_what_moved_and_why(app, db, staff, two, place):
    before, now = two
    then, this = rating_of(db, before, place), rating_of(db, now, place)
    assert then.grade != this.grade
    board = client_for(app, staff[Role.CLERK]).get("/ratings").text
    row = re.search(r"<tr><td>2026-06-15</td>.*?</tr>", board, re.DOTALL).group()
    assert place.name in row
    assert f"{this.score - then.score:+g}" in row
    assert re.search(r'href="/(cases|documents|deductions|applications)/\d+"', row)


def test_the_kind_is_a_filter_of_the_whole_board(app, staff, two, kind):
    client = client_for(app, staff[Role.CLERK])
    other = "medical" if kind == "pharmacy" else "pharmacy"
    assert ">0</b>" in client.get(f"/ratings?kind={other}").text
    own = {"pharmacy": "pharmacy"}.get(kind, "medical")
    assert ">2</b>" in client.get(f"/ratings?kind={own}").text


def test_a_first_cycle_has_nothing_to_compare_with(app, db, staff, place):
    factories_cycle.published(staff)
    db.commit()
    board = client_for(app, staff[Role.CLERK]).get("/ratings").text
    assert "首次评价" in board
    assert "等级迁移" not in board


def test_without_any_cycle_only_who_may_start_one_is_invited(app, db, staff):
    db.commit()
    assert "/ratings/cycles/new" in client_for(app, staff[Role.CLERK]).get("/ratings").text
    assert "/ratings/cycles/new" not in client_for(app, staff[Role.LEADER]).get("/ratings").text


# --- the list --------------------------------------------------------------------------------------


FILTERS = {
    "change=down": 1, "change=same": 1, "change=up": 0, "change=new": 0,
    "grade=优秀": 0, "q=没有这家": 0, "q=示例": 2, "area=无": 0,
}  # fmt: skip


def test_filters_of_the_list(app, staff, two):
    client = client_for(app, staff[Role.CLERK])
    for query, expected in FILTERS.items():
        page = client.get(f"/ratings/list?{query}").text
        assert (query, total(page) if "共" in page and expected else 0) == (query, expected)
        assert ("没有符合条件的机构" in page) == (expected == 0)


def test_the_list_as_sheet_and_on_paper_has_the_same_rows(app, staff, two):
    client = client_for(app, staff[Role.CLERK])
    sheet = client.get("/ratings/list?format=csv").data.decode("utf-8-sig").splitlines()
    assert len(sheet) == 1 + 2
    paper = client.get("/ratings/list?change=down&print=1").text
    assert "变动=降级" in re.search(r"条件：(.*?)</p>", paper, re.DOTALL).group(1)
    assert client.get("/ratings/list?format=xlsx").data[:2] == b"PK"
    assert client.get("/ratings/list?print=1").text.count('aria-label="查看 ') == 2
    assert client.get("/ratings?view=list").text.count('aria-label="查看 ') == 2


def test_every_institution_has_exactly_one_group_of_peers():
    for word in InstitutionKind:
        for level in ("", "一级甲等", "二级", "三级甲等"):
            group = peers.group_of(word, level)
            assert [one for one in peers.GROUPS if one is group] == [group]
            assert word in group.kinds


def test_the_filter_by_peers_in_the_database_is_the_same_rule(db, staff):
    for word in InstitutionKind:
        for level in ("", "二级甲等", "三级"):
            factories_cycle.quiet("hospital", level=level).kind = word
    cycle = factories_cycle.started(staff)
    everybody = ratings.entries(cycle, Asked(words={}))
    for group in peers.GROUPS:
        found = ratings.entries(cycle, Asked(words={"peers": group.key}))
        assert {e.id for e in found} == {e.id for e in everybody if e.peers is group}


# --- one rating ----------------------------------------------------------------------------------------


def test_a_grade_is_explained_down_to_the_page_of_its_evidence(app, db, staff, two, place):
    rating = rating_of(db, two[1], place)
    client = client_for(app, staff[Role.CLERK])
    page = client.get(f"/ratings/{rating.id}").text
    linked = set(re.findall(r'href="(/(?:cases|documents|deductions|applications)/\d+)"', page))
    assert {href.split("/")[1] for href in linked} == {
        "cases",
        "documents",
        "deductions",
        "applications",
    }
    assert {client.get(href).status_code for href in linked} == {200}
    assert all(line["label"] in page for line in rating.lines)
    assert "请按本地文件核对" in page


def test_a_veto_for_fraud_leads_to_the_penalty_and_to_no_other_of_its_number(app, db, staff, kind):
    place, other = factories_cycle.quiet(kind), factories.institution(kind, region="990999")
    decided, number = date(2026, 3, 2), "示罚〔2026〕9号"
    fraud = min(penalties.frauds(decided))
    row = people.penalty(place, decided, act=fraud, number=number)
    same = people.penalty(other, decided, number=number)
    rating = rating_of(db, factories_cycle.published(staff), place)
    db.commit()
    page = client_for(app, staff[Role.CLERK]).get(f"/ratings/{rating.id}").text
    assert "认定欺诈骗保" in page
    assert f'href="/penalties/{row.id}"' in page
    assert f'href="/penalties/{same.id}"' not in page


def test_another_region_and_another_institution_do_not_find_it(app, db, staff, two, place):
    rating = rating_of(db, two[1], place)
    stranger = factories.actor(Role.CLERK, region="990999")
    owner = factories.actor(Role.INSTITUTION, institution=place)
    assert client_for(app, stranger).get(f"/ratings/{rating.id}").status_code == 404
    assert client_for(app, owner).get(f"/ratings/{rating.id}").status_code == 403


# --- before publication ------------------------------------------------------------------------------------


def test_before_publication_the_bureau_and_the_institution_see_nothing(app, db, staff, place):
    cycle = factories_cycle.started(staff)
    rating = rating_of(db, cycle, place)
    owner = factories.actor(Role.INSTITUTION, institution=place)
    db.commit()
    bureau = client_for(app, staff[Role.BUREAU])
    for path in (
        f"/ratings/{rating.id}",
        f"/ratings?cycle={cycle.id}",
        f"/ratings/cycles/{cycle.id}",
    ):
        assert bureau.get(path).status_code == 404
        assert client_for(app, staff[Role.INSPECTOR]).get(path).status_code == 200
    assert "还没有评级结果" in bureau.get("/ratings").text
    assert "还没有公布的信用等级" in client_for(app, owner).get("/portal/grades").text
    factories_cycle.closed(cycle, staff)
    db.commit()
    assert bureau.get(f"/ratings/{rating.id}").status_code == 200
    with clock.at(cycle.published_on):
        assert cycle.name in client_for(app, owner).get("/portal/grades").text


# --- three persons through the pages ------------------------------------------------------------------------


def test_a_cycle_goes_through_the_pages_by_three_persons(app, db, staff, place):
    db.commit()
    clerk, reviewer, leader = (
        client_for(app, staff[r]) for r in (Role.CLERK, Role.REVIEWER, Role.LEADER)
    )
    given = {
        "name": "2026年上半年",
        "from_on": "2026-01-01",
        "to_on": "2026-05-31",
        "scheme": factories_cycle.SCHEME,
    }
    answer = post(clerk, "/ratings/cycles/new", **given)
    path = answer.headers["Location"]
    assert forms(clerk.get(path).text)[1:] == [f"{path}/supersede"]
    assert forms(reviewer.get(path).text)[1:] == [f"{path}/review"]
    assert forms(leader.get(path).text)[1:] == []
    assert post(clerk, f"{path}/review").status_code == 403
    assert post(reviewer, f"{path}/review", opinion="同意。").status_code == 303
    assert forms(leader.get(path).text)[1:] == []
    answer = post(leader, f"{path}/publish", read="y")
    assert answer.status_code == 409  # neither on notice nor decided
    assert forms(clerk.get(path).text)[1:] == [f"{path}/supersede"]  # its scheme is not approved
    factories_cycle.approved(db.scalars(select(Cycle)).one(), staff)
    db.commit()
    assert forms(clerk.get(path).text)[1:] == [f"{path}/announcement", f"{path}/supersede"]
    assert post(clerk, f"{path}/announcement", channel="").status_code == 409
    assert post(clerk, f"{path}/announcement", channel="示例网站").status_code == 303
    assert "期满前不能审定" in leader.get(path).text
    with clock.at(clock.today() + timedelta(days=30)):
        _decided(app, staff, path)
        clerk, leader = client_for(app, staff[Role.CLERK]), client_for(app, staff[Role.LEADER])
        assert forms(leader.get(path).text)[1:] == [f"{path}/publish"]
        assert post(leader, f"{path}/publish").status_code == 409  # not ticked
        assert post(leader, f"{path}/publish", read="y").status_code == 303
        assert "已公布" in leader.get(path).text
        # Letters to print; no filing, for somebody may still object.
        assert forms(clerk.get(path).text)[1:] == [f"{path}/letters"]
    for role in READERS:
        seen = forms(client_for(app, staff[role]).get(path).text)[1:]  # but for signing out
        assert seen == ([f"{path}/letters"] if role in SERVES else [])


def _decided(app, staff, path):
    """The head of the section calls three together; each votes on a page of its own."""
    chief = client_for(app, staff[Role.CHIEF])
    members = [staff[role] for role in factories_cycle.COUNCIL]
    assert post(chief, f"{path}/meeting", members=[members[0].id]).status_code == 409  # no quorum
    assert post(chief, f"{path}/meeting", members=[one.id for one in members]).status_code == 303
    for one in members:
        assert "去表决" in client_for(app, one).get(path).text
        assert post(client_for(app, one), f"{path}/vote", ballot="for").status_code == 303
    assert (
        post(client_for(app, members[0]), f"{path}/vote", ballot="for").status_code == 409
    )  # once only
    assert chief.get(f"{path}/vote").status_code == 404  # no seat
    assert post(chief, f"{path}/conclusion", minutes="").status_code == 409
    assert post(chief, f"{path}/conclusion", minutes="同意。").status_code == 303


def test_a_wrong_form_says_what_is_wrong(app, db, staff):
    db.commit()
    clerk = client_for(app, staff[Role.CLERK])
    answer = post(clerk, "/ratings/cycles/new", name="", from_on="昨天", to_on="", scheme="none")
    assert answer.status_code == 400
    assert "不是日期" in answer.text
    assert "请填写名称" in answer.text


def test_a_run_is_declared_void_with_a_reason(app, db, staff, place):
    cycle = factories_cycle.started(staff)
    db.commit()
    clerk, path = client_for(app, staff[Role.CLERK]), f"/ratings/cycles/{cycle.id}"
    assert post(clerk, f"{path}/supersede", opinion="").status_code == 409
    assert post(clerk, f"{path}/supersede", opinion="方案有误").status_code == 303
    assert "已作废" in clerk.get(path).text


# --- proposals -------------------------------------------------------------------------------------------------

PAGES = {
    "renewal": "/proposals/renewals",
    "retention_release": "/proposals/retention",
    "inspection_ratio": "/proposals/inspection",
}


def test_each_use_has_its_list_with_its_confidence(app, db, staff, place):
    factories_cycle.published(staff)
    said = {row.use: row.label for row in db.scalars(select(Proposal))}
    db.commit()
    client = client_for(app, staff[Role.CLERK])
    for use, path in PAGES.items():
        page = client.get(path).text
        assert (use, total(page)) == (use, 1)
        assert said[use] in page
        assert "请按本地文件核对" in page
        assert client.get(f"{path}?format=csv").data.count(b"\n") == 1 + 1


def test_only_the_leader_sees_the_buttons_and_decides(app, db, staff, place):
    factories_cycle.published(staff)
    proposal = db.scalars(select(Proposal).where(Proposal.use == "renewal")).one()
    db.commit()
    path = f"/proposals/{proposal.id}"
    leader, clerk = client_for(app, staff[Role.LEADER]), client_for(app, staff[Role.CLERK])
    assert forms(clerk.get(path).text)[1:] == []
    assert forms(leader.get(path).text)[1:] == [f"{path}/adopt", f"{path}/refuse"]
    assert post(clerk, f"{path}/adopt").status_code == 403
    assert post(leader, f"{path}/refuse", reason="").status_code == 409
    assert (
        post(leader, f"{path}/refuse", reason="整改已经完成", version=proposal.version).status_code
        == 303
    )
    assert "整改已经完成" in clerk.get("/proposals/renewals?state=refused").text
    assert post(leader, f"{path}/adopt").status_code == 409


def test_many_are_adopted_at_once_and_each_that_is_not_says_why(app, db, staff, place, kind):
    factories_cycle.quiet(kind)
    factories_cycle.published(staff)
    found = db.scalars(select(Proposal).where(Proposal.use == "retention_release")).all()
    keys = [row.id for row in found]
    db.commit()
    leader = client_for(app, staff[Role.LEADER])
    assert post(leader, "/proposals/adopt/retention_release").status_code == 409
    assert post(leader, f"/proposals/{keys[0]}/adopt").status_code == 303
    assert post(leader, "/proposals/adopt/retention_release", id=keys[:1]).status_code == 409
    assert total(leader.get("/proposals/retention?state=proposed").text) == 1
    assert post(leader, "/proposals/adopt/retention_release", id=keys).status_code == 303
    assert "已采用 1 条建议，1 条没有采用" in leader.get("/proposals/retention").text
    assert total(leader.get("/proposals/retention?state=adopted").text) == 2


# --- schemes ------------------------------------------------------------------------------------------------------


def test_a_scheme_is_told_in_words_and_a_frozen_one_stays_as_it_was(app, db, staff, place):
    cycle = factories_cycle.started(staff)
    cycle.scheme_text = cycle.scheme_text.replace("label: 基金使用", "label: 基金使用（旧）")
    db.commit()
    client = client_for(app, staff[Role.CLERK])
    assert "/schemes/county_four_grades" in client.get("/schemes").text
    page = client.get("/schemes/county_four_grades").text
    assert "维度：基金使用" in page
    assert "基金使用（旧）" not in page
    assert "基金使用（旧）" in client.get(f"/schemes/county_four_grades?cycle={cycle.id}").text
    assert client.get("/schemes/none").status_code == 404


def test_ratings_others_have_published_are_told_in_words_and_rate_no_cycle(app, db, staff, place):
    client = client_for(app, staff[Role.CLERK])
    assert "/schemes/five_star_2021_08" in client.get("/schemes").text
    assert "只评分，不定等级" in client.get("/schemes").text
    page = client.get("/schemes/five_star_2021_08").text
    assert "人员配备四星以上且高于检查星级的加1" in page
    assert "本系统尚无来源的事实" not in page
    assert "five_star_2021_08" not in client.get("/ratings").text


def test_the_line_that_moved_most_is_named_as_the_cause():
    def line(key, gain, part="fund_use"):
        return {"indicator": key, "gain_milli": gain, "part": part, "weight_milli": 10_000}

    now, then = [line("a", 10_000), line("b", 2_000)], [line("a", 9_000), line("b", 10_000)]
    assert rating_boards.cause(now, then)["indicator"] == "b"
    veto = line("v", 0, "veto")
    assert rating_boards.cause([*now, veto], then) is veto


@pytest.mark.once
def test_the_board_of_the_leaders_has_a_brief_on_paper_with_the_same_figures(app, db, staff, place):
    cycle = factories_cycle.published(staff)
    db.commit()
    client = client_for(app, staff[Role.LEADER])
    page = client.get("/dashboards/credit").text
    assert "与同类平均" in page
    (href,) = re.findall(r'href="(/dashboards/credit/brief.pdf[^"]*)"', page)
    answer = client.get(href)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = "".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    assert all(word in text for word in ("信用评价简报", "等级分布", "参评机构", cycle.name))
    assert client.get("/dashboards/credit/brief.pdf?cycle=999").status_code == 404


@pytest.mark.once
def test_each_picture_of_the_brief_is_drawn_from_the_table_below_it(
    app, staff, two, place, monkeypatch
):
    taken = []
    printed = credit_briefs.printed

    def watched(name, facts, parts, **words):
        taken.append(parts)
        shown = parts if len(taken) == 1 else [replace(one, chart="") for one in parts]
        return printed(name, facts, shown, **words)

    def brief():
        data = client.get("/dashboards/credit/brief.pdf").data
        pages = pypdf.PdfReader(io.BytesIO(data)).pages
        return "".join(page.extract_text() for page in pages)

    monkeypatch.setattr(dashboards.credit_briefs, "printed", watched)
    client = client_for(app, staff[Role.LEADER])
    whole, bare = brief(), brief()
    drawn = [one for one in taken[0] if one.chart]
    assert [one.chart for one in drawn] == ["columns", "stacked", "heat", "lines", "radar"]
    for one in drawn:  # the first name of the table stands in the picture once more
        name = str(one.rows[0][0])
        assert whole.count(name) > bare.count(name) >= 1


@pytest.mark.once
def test_what_the_text_of_the_brief_has_no_room_for_is_in_its_annex(
    app, staff, two, place, monkeypatch
):
    client = client_for(app, staff[Role.LEADER])

    def brief():
        data = client.get("/dashboards/credit/brief.pdf").data
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)

    whole = brief()
    assert place.name in whole
    assert "附表" not in whole
    monkeypatch.setattr(dashboards, "most_changes", lambda day: 0)
    cut = brief()
    assert "另有 1 家见附表" in cut
    assert cut.index("附表　其余等级变动（1 家）") < cut.rindex(place.name)


@pytest.mark.once
def test_the_board_and_all_its_numbers_are_narrowed_to_an_area(app, db, staff, kind):
    one, two = factories_cycle.quiet(kind), factories_cycle.quiet(kind)
    one.division, two.division = "示例甲镇", "示例乙镇"
    factories_cycle.published(staff)
    db.commit()
    client = client_for(app, staff[Role.CLERK])
    assert '<option value="示例甲镇">' in client.get("/ratings").text
    board = client.get("/ratings?area=示例甲镇").text
    counted = [(number, href) for number, href in cells(board) if "peers=" not in href]
    assert (
        1,
        f"/ratings/list?cycle={db.scalars(select(Rating)).first().cycle_id}&area=%E7%A4%BA%E4%BE%8B%E7%94%B2%E9%95%87",
    ) in counted
    for number, href in counted:
        page = client.get(href).text
        assert (href, total(page)) == (href, number) if number else "没有符合条件" in page
