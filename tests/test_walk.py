"""The whole chain once in a browser: every step by the right person, through the pages, with forms protected."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

import clock
from database import session
from jobs import nightly
from models import Amendment, Cycle, Filing, Institution, Penalty
from queries import eligibility
from rules.permissions import Role
from tests import factories_agreement as made
from tests.walk import Walk

pytestmark = pytest.mark.browser
ILLEGAL = {"pharmacy": 4, "hospital": 3}  # grounds of termination that are violations of law
LETTERS = {
    "acceptance", "agreement", "decline", "evaluation_result", "grade", "lapse", "points", "public_notice",
    "qualification", "report", "supplement", "suspension", "termination", "views",
}  # fmt: skip


@pytest.fixture(
    params=[
        pytest.param("hospital", marks=pytest.mark.once),
        pytest.param("pharmacy", marks=pytest.mark.elsewhere),
    ]
)
def kind(request):
    """Both kinds; on PostgreSQL the one whose end reaches further."""
    return request.param


@pytest.fixture
def walk(site, kind, tmp_path):
    return Walk(site, kind, tmp_path)


def designated(walk) -> int:
    """From the first page of the portal to the agreement in force."""
    key = walk.hand_in()
    walk.supplement(walk.ask_for_more(key))
    walk.accept(key)
    walk.evaluate(key)
    walk.wait_until(walk.publish(key) + timedelta(days=1))
    return walk.sign(key)


def payable(walk, day) -> bool:
    """By the command other systems ask, and by the query behind it."""
    code = walk.house.own.code
    given = ["eligibility", "--institution", code, "--service-date", str(day), "--json"]
    answer = walk.site.app.test_cli_runner().invoke(args=given)
    with walk.site.app.app_context():
        place = session.get(Institution, walk.house.own.id)
        asked = eligibility.of_service(place, None, day).payable
    told = json.loads(answer.stdout)
    assert told.get("data", told)["payable"] is asked
    return asked


def filed(walk, agreement: int) -> None:
    """The bureau confirms what the agency sent, with a number of its own."""
    row = walk.ask(Filing, subject="agreement", subject_id=agreement)
    bureau = walk.at(Role.BUREAU).go("/filings").shot("filings").follow(row.number).shot("filing")
    bureau.press("确认备案", number="示例备案〔2026〕1号")
    assert walk.ask(Filing, id=row.id).state == "confirmed"


def amended(walk) -> None:
    """Asked for by the institution, checked by one person, approved by another: the archive shows the new fact."""
    owner, scope = walk.at("owner").go("/portal/amendments"), "示例范围、新增示例项目"
    owner.shot("portal-amendments").press("开始填报变更申请").shot("portal-amendment")
    row = walk.ask(Amendment, institution_id=walk.house.own.id)
    owner.go(f"/portal/amendments/{row.id}/items/scope").shot("portal-amendment-item").press(
        "保存", new=scope, authority="示例批准机关", document_number="示准1号",
        approved_on=str(clock.today()), file=walk.paper,
    )  # fmt: skip
    owner.press("承诺并提交变更申请")
    clerk = walk.open_work(Role.CLERK, row.number).shot("amendment-submitted")
    clerk.press("审核通过，送复核", opinion="与批准文件一致。")
    reviewer = walk.open_work(Role.REVIEWER, row.number).shot("amendment-checked")
    reviewer.press("批准变更", opinion="同意变更。").shot("amendment-approved")
    assert walk.ask(Amendment, id=row.id).state == "approved"
    assert walk.ask(Institution, id=walk.house.own.id).scope == scope


def penalised(walk) -> int:
    """What another authority decided is put on record, and that it was performed."""
    inspector, today = walk.at(Role.INSPECTOR).go("/penalties/new"), str(clock.today())
    inspector.press(
        "登记", institution_code=walk.house.own.code, number="示罚〔2026〕1号", authority="示例行政机关",
        article="《示例条例》第一条", amount="100.00", decided_on=today, due_on=today, act="other",
    )  # fmt: skip
    row = walk.ask(Penalty, institution_id=walk.house.own.id)
    inspector.go(f"/penalties/{row.id}").shot("penalty")
    inspector.press("登记履行完毕", proof="示例缴款书")
    return row.id


def points(walk) -> None:
    """Nine points on a penalty, recorded by one and confirmed by another: the person is suspended."""
    basis = penalised(walk)
    path = f"/practitioners/{walk.house.person}"
    inspector = walk.at(Role.INSPECTOR).go(path).shot("practitioner").follow("登记记分")
    inspector.press(
        "登记，交复核", basis=f"penalty-{basis}", item="serious_other", responsibility="main", points="9",
        conduct_on=str(clock.today()), facts_text="示例事实",
    )  # fmt: skip
    inspector.shot("deduction")
    page = inspector.page.url.removeprefix(walk.site.address)
    walk.at(Role.REVIEWER).go(page).press("确认记分", warned=True)
    assert "暂停" in walk.at(Role.CLERK).go(path).shot("practitioner-suspended").text()


def suspended(walk, agreement: int) -> None:
    """A case leads to the suspension; its services are not payable from that day."""
    today = clock.today()
    assert payable(walk, today)
    ground = f"suspend:{made.ground(walk.house.own, 'suspend', 1, today)}"
    walk.decide(walk.register_case(agreement, ground), "owner")
    assert (
        "中止"
        in walk.at(Role.CLERK).go(f"/agreements/{agreement}").shot("agreement-suspended").text()
    )
    assert "中止" in walk.at("owner").go("/portal/").shot("portal-home-suspended").text()
    assert not payable(walk, today + timedelta(days=3))


def lapsed(walk, agreement: int) -> None:
    """Nobody asked for resumption in 180 days after service: the night ends the agreement, and says so in a letter."""
    last = clock.today() + timedelta(days=180)
    for day, state in ((last, "suspended"), (last + timedelta(days=1), "lapsed")):
        walk.wait_until(day)
        with walk.site.app.app_context():
            report = nightly.run("end-overdue-suspensions", day)
        assert report.failed == []
        assert walk.agreement(agreement).state == state
    assert walk.letters(walk.house.own)[-1] == "lapse"
    clerk = walk.at(Role.CLERK).go(f"/agreements/{agreement}").shot("agreement-lapsed")
    assert "终止" in clerk.text()


def terminated(walk) -> None:
    """Violations of law end the agreement and bar the persons; of pharmacies in one hand, all end."""
    house, today = walk.house, clock.today()
    ground = f"terminate:{made.ground(house.other, 'terminate', ILLEGAL[walk.kind], today)}"
    walk.decide(walk.register_case(house.other_agreement, ground), None)
    assert walk.agreement(house.other_agreement).state == "terminated"
    chained = {"pharmacy": "terminated", "hospital": "concluded"}[walk.kind]
    assert walk.agreement(house.sibling_agreement).state == chained


def declined(walk) -> None:
    """Whoever was in charge there is not let in elsewhere."""
    house = walk.house
    key = walk.hand_in_quietly(house.newcomer, house.newcomer_owner)
    clerk = walk.open_work(Role.CLERK, walk.application(key).number).press("其余材料全部通过")
    assert "存在不予受理情形" in clerk.shot("case-barred").text()
    clerk.press("作出不予受理决定").shot("case-declined")
    assert walk.application(key).state == "declined"
    assert walk.letters(house.newcomer) == ["decline"]
    assert "不予受理" in walk.at("newcomer").go("/portal/").text()


def approved(walk) -> None:
    """The bureau approves the scheme as it is written: before that nobody is told a grade."""
    clerk = walk.at(Role.CLERK).go("/schemes/county_four_grades")
    clerk.press("提请按原文批准", purpose="逐项核对无误。").shot("scheme-asked")
    page = clerk.page.url.removeprefix(walk.site.address)
    walk.at(Role.BUREAU).go(page).press(
        "批准方案", in_force_on=str(clock.today()), minutes="局务会审议通过。"
    ).shot("scheme-approved")


def rated(walk) -> None:
    """The first cycle: rated, reviewed, put on notice, decided on in a meeting, published; its proposals are decided."""
    clerk = walk.at(Role.CLERK).go("/ratings").shot("board-empty").follow("开展信用评价")
    clerk.shot("cycle-new").press(
        "冻结事实并测算", name="2026年上半年", from_on="2026-01-01", to_on=str(clock.today()),
        scheme="county_four_grades",
    )  # fmt: skip
    page = clerk.shot("cycle-computed").page.url.removeprefix(walk.site.address)
    walk.at(Role.REVIEWER).go(page).press("复核通过", opinion="同意。")
    approved(walk)
    walk.at(Role.CLERK).go(page).press("公示", channel="示例县医疗保障局门户网站").shot(
        "cycle-on-notice"
    )
    cycle = walk.ask(Cycle)
    notice = (
        walk.site.seat(None).go(f"/public/credit-notices/{cycle.id}").shot("public-credit-notice")
    )
    assert walk.house.own.name in notice.text()
    walk.wait_until(cycle.notice_to + timedelta(days=1))
    walk.meet(page)
    leader = walk.at(Role.LEADER).go(page).press("公布等级", opinion="同意公布。", read="y")
    leader.shot("cycle-published").go("/ratings").shot("board")
    leader.go("/ratings/list").shot("ratings").follow(walk.house.own.name).shot("rating")
    assert walk.house.own.name in leader.text()
    grades = walk.at("owner").go("/portal/grades").shot("portal-grades").text()
    assert "2026年上半年" in grades
    assert "county_four" not in grades
    for path in ("/proposals/renewals", "/proposals/retention"):
        assert walk.house.own.name in leader.go(path).shot(path.strip("/")).text()
    leader.follow(re.compile("^决定")).shot("proposal").press("采用建议")
    assert "已采用" in leader.text()


def test_the_whole_chain(walk):
    agreement = designated(walk)
    text = walk.at(Role.CLERK).go(f"/agreements/{agreement}").shot("agreement-in-force").text()
    assert "有效" in text
    filed(walk, agreement)
    amended(walk)
    points(walk)
    suspended(walk, agreement)
    lapsed(walk, agreement)
    terminated(walk)
    declined(walk)
    rated(walk)
    walk.at(Role.CLERK).go("/documents").shot("letters")
    walk.at("owner").go("/portal/documents").shot("portal-letters")
    walk.open_letters()
    assert walk.kinds_of_letters() >= LETTERS
    assert walk.site.wrong == []


def test_the_walk_notices_what_it_is_there_to_notice(walk):
    """A button shown to everybody, and a script that calls elsewhere."""
    key = walk.hand_in_quietly(walk.house.newcomer, walk.house.newcomer_owner)
    walk.site.app.jinja_env.globals["may"] = lambda *asked: True
    leader = walk.at(Role.LEADER).go(f"/applications/{key}")
    accept = f"form /applications/{key}/check-all on /applications/{key}: no right of way"
    assert any(accept in one for one in walk.site.wrong)
    assert any(one.endswith(f"/applications/{key}: 403") for one in walk.site.wrong)
    walk.site.wrong.clear()
    leader.page.evaluate("fetch('http://192.0.2.1/').catch(() => 0)")
    assert any("Content Security Policy" in one for one in walk.site.wrong)
