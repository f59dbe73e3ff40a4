"""The people of the long walk and the steps they take, each through the pages of their own."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import clock
from actions import applications, materials
from database import session
from models import Agreement, Application, CollectiveDecision, Document, Evaluator, Institution
from rules.permissions import Actor, Role
from rules.persons import OfficeRole
from tests import factories
from tests import factories_agreement as made
from tests import factories_practitioner as people
from tests.chromium import Site
from tests.seat import Seat

COUNCIL = (Role.LEADER, Role.CHIEF, Role.FINANCE)
GRADERS = (Role.LEADER, Role.INSPECTOR, Role.FINANCE)  # the chief looks into objections
START = date(2026, 1, 12)  # a Monday
MEMBERS = {
    "insurance": Role.FIRST_AUDITOR,
    "medicine": Role.INSPECTOR,
    "finance": Role.FINANCE,
    "information": Role.SECOND_AUDITOR,
}


class House(NamedTuple):
    """Who and what there is before the walk begins; rows are known by their ids."""

    staff: dict[Role, Actor]
    owner: Actor
    own: Institution
    person: int
    other: Institution
    other_agreement: int
    sibling_agreement: int
    newcomer: Institution
    newcomer_owner: Actor


def furnish(site: Site, kind: str) -> House:
    """An applicant with a registered person, and three institutions in one hand, two of them designated."""
    with site.app.app_context():
        staff = factories.staff()
        for specialty, role in MEMBERS.items():
            session.add(Evaluator(user_id=staff[role].id, specialty=specialty))
        own, other, sibling, newcomer = (factories.institution(kind) for _ in range(4))
        hand = factories.id_number(977)
        for place in (other, sibling, newcomer):
            factories.office(place, OfficeRole.LEGAL_REPRESENTATIVE, hand)
        person, _ = people.practitioner(kind, own)
        agreements = [made.concluded(place) for place in (other, sibling)]
        for row in agreements:
            row.number = row.number.replace(
                "2026", "2025"
            )  # numbers this year's register will not give
        owners = [
            factories.actor(Role.INSTITUTION, institution=place, name=f"示例经办人{place.code}")
            for place in (own, newcomer)
        ]
        session.commit()
        return House(
            staff, owners[0], own, person.id, other, agreements[0].id, agreements[1].id, newcomer,
            owners[1],
        )  # fmt: skip


class Walk:
    """The windows of one house."""

    def __init__(self, site: Site, kind: str, folder) -> None:
        clock.hold(START)
        self.site, self.kind, self.house = site, kind, furnish(site, kind)
        self.paper = str(folder / "示例材料.pdf")
        page = site.browser.new_page()
        page.set_content("<h1>示例材料</h1>")
        page.pdf(path=self.paper)
        page.close()

    def at(self, who: Role | str) -> Seat:
        owners = {"owner": self.house.owner, "newcomer": self.house.newcomer_owner}
        return self.site.seat(
            owners[who] if isinstance(who, str) and who in owners else self.house.staff[who]
        )

    def open_work(self, who: Role, number: str) -> Seat:
        """From the work list to the case."""
        return self.at(who).go("/worklist").shot(f"worklist-{who}").follow(number)

    def ask(self, model, **known):
        """One row, with what stood in it at this moment."""
        with self.site.app.app_context():
            session.expire_all()
            return session.query(model).filter_by(**known).order_by(model.id.desc()).first()

    def application(self, key: int) -> Application:
        return self.ask(Application, id=key)

    def agreement(self, key: int) -> Agreement:
        return self.ask(Agreement, id=key)

    def wait_until(self, day: date) -> None:
        """Time passes; whoever sits before a screen has been signed out by then."""
        self.open_letters()
        clock.hold(day)

    def open_letters(self) -> None:
        for seat in self.site.seats.values():
            seat.open_letters()

    def kinds_of_letters(self) -> set[str]:
        """The kinds of all letters somebody opened as a PDF."""
        found = set()
        with self.site.app.app_context():
            for path in (path for seat in self.site.seats.values() for path in seat.bodies):
                key = int(re.search(r"/documents/(\d+)", path).group(1))
                found.add(session.get_one(Document, key).kind)
        return found

    def letters(self, institution: Institution) -> list[str]:
        with self.site.app.app_context():
            query = session.query(Document).filter_by(institution_id=institution.id)
            return [row.kind for row in query.order_by(Document.id)]

    # 定点申请

    def hand_in(self) -> int:
        """Every paper of the list, then the check of the answers, then the receipt. Returns the application's id."""
        owner = self.at("owner").go("/portal/").shot(f"portal-home-{self.kind}-empty")
        owner.press("开始填报定点申请").shot("portal-application-draft")
        key = int(owner.page.url.rsplit("/", 1)[1])
        items = owner.page.locator("a[href*='/materials/']").all()
        for path in [item.get_attribute("href") for item in items]:
            owner.go(path).press("上传", file=self.paper)
        owner.go(f"/portal/applications/{key}").follow("核对并提交").shot("portal-check")
        owner.press("承诺并提交申请").shot("portal-receipt")
        assert self.application(key).number in owner.text()
        return key

    def ask_for_more(self, key: int) -> str:
        """One paper goes back, the rest pass, and the institution is told once. Returns the paper's label."""
        number = self.application(key).number
        clerk = self.open_work(Role.CLERK, number).shot("case-submitted")
        form = clerk.page.locator("form[action*='/materials/']").nth(1).get_attribute("action")
        label = clerk.page.locator(f"li:has(form[action='{form}']) a").first.inner_text()
        case, sent = clerk.page.url, f"form[action='{form}']"
        with clerk.refused(409):
            clerk.press("审核", sent, result="returned", reason="").shot("refusal")
        clerk.follow("返回")
        assert clerk.page.url == case
        clerk.press("审核", sent, result="returned", reason="第三页缺少签名")
        clerk.press("其余材料全部通过").press("发出一次性补正告知").shot("case-paused")
        assert "停钟" in clerk.text()
        return label

    def supplement(self, label: str) -> None:
        owner = self.at("owner").go("/portal/").shot("portal-home-supplement").follow("现在去办")
        assert "第三页缺少签名" in owner.text()
        owner.follow(label).press("上传", file=self.paper).follow("核对并提交")
        owner.press("提交补正")

    def accept(self, key: int) -> None:
        clerk = self.open_work(Role.CLERK, self.application(key).number)
        case = clerk.press("其余材料全部通过").page.url
        for page, button in (("申请条件核验", "保存核验结果"), ("不予受理核对", "保存核对结果")):
            clerk.go(case).follow(page).shot(f"checks-{button}")
            clerk.press(button, **self._findings(clerk))
        clerk.go(case).press("受理").shot("case-accepted")
        assert "为什么是这一天" in clerk.text()

    def _findings(self, clerk: Seat) -> dict[str, str]:
        """What is typed into every line of the page that a person decides."""
        found = {}
        for line in clerk.page.locator("select[name^='result_']").all():
            name = str(line.get_attribute("name"))
            found |= {name: "fine", name.replace("result_", "fact_"): "现场查看属实。"}
        return found

    def evaluate(self, key: int) -> None:
        """The chief's team of four, each one's own opinion, the reviewer's confirmation."""
        number = self.application(key).number
        chief = self.open_work(Role.CHIEF, number).shot("case-team")
        chief.follow("组建评估组").shot("team")
        chief.press("抽取").shot("team-drawn")
        chief.press("按抽取结果组建并开始评估", visit_on=str(clock.today()))
        for role in MEMBERS.values():
            self.opinion(role, number)
        self.open_work(Role.REVIEWER, number).shot("case-evaluated").press("确认合格")

    def opinion(self, role: Role, number: str) -> None:
        member = self.open_work(role, number)
        if "/opinions/" not in member.page.url:
            member.follow("填写评估意见")
        names = {one.get_attribute("name") for one in member.page.locator("[name^=result_]").all()}
        assert names
        member.shot("opinion").press("签署评估意见", **dict.fromkeys(names, "yes"))

    def publish(self, key: int) -> date:
        """On notice; returns the last day of it."""
        clerk = self.open_work(Role.CLERK, self.application(key).number)
        clerk.press("发布公示").shot("case-on-notice")
        return self.application(key).notice_to

    def sign(self, key: int) -> int:
        """Offered, read, signed, countersigned. Returns the agreement's id."""
        clerk = self.open_work(Role.CLERK, self.application(key).number)
        clerk.press("结束公示，进入签约").press("按范本送机构签署")
        row = self.ask(Agreement, application_id=key)
        owner = self.at("owner").go("/portal/").follow("现在去办").shot("portal-agreement")
        owner.follow("已经读完，去确认签署").shot("portal-sign").press(
            "签署协议", read="y", capacity="agent", mandate="示例授权书1号"
        )
        leader = self.open_work(Role.LEADER, row.number).follow("核对并签署")
        leader.shot("agreement-countersign")
        leader.press(re.compile("^代表.*签署$"), read="y").shot("agreement")
        return row.id

    # 违规案件

    def register_case(self, agreement: int, ground: str) -> int:
        inspector = self.at(Role.INSPECTOR).go(f"/agreements/{agreement}").follow("登记违规案件")
        inspector.shot("case-new").press(
            "登记",
            "main form",
            source="inspection",
            ground=ground,
            facts_text="经查，部分费用与记录不符。",
        )
        return int(inspector.page.url.rsplit("/", 1)[1])

    def serve(self, seat: Seat, back: str) -> None:
        """Proof of service for every letter of this page that has none."""
        found = seat.page.locator(
            "li:has-text('未送达') a[href*='/documents/'], a[href*='/documents/']:has-text('登记送达')"
        )
        for path in dict.fromkeys(one.get_attribute("href") for one in found.all()):
            seat.go(path).shot("letter").press("登记送达", proof="示例回证1号")
        seat.go(back)

    def decide(self, case: int, owner: str | None) -> None:
        """Told, heard, proposed, reviewed, approved, served, closed."""
        path = f"/cases/{case}"
        inspector = self.at(Role.INSPECTOR).go(path).shot("violation-registered")
        self.serve(inspector.press("告知拟处理意见"), path)
        if owner:
            self.at(owner).go("/portal/").follow("现在去办").shot("portal-views").press(
                "提交陈述申辩", text="对事实无异议，愿意整改。"
            )
            inspector.go(path)
        else:
            inspector.press("记录", opinion="对事实无异议。")
        self.settle(inspector.press("送复核", opinion="建议按拟处理意见办理。"))
        self.at(Role.REVIEWER).go(path).press("复核通过", opinion="同意。")
        self.discuss(path)
        leader = self.at(Role.LEADER).go(path).shot("violation-reviewed")
        leader.press("批准并执行", opinion="同意。").shot("violation-decided")
        self.close(inspector.go(path), path)

    def settle(self, inspector: Seat) -> None:
        """The branch that is hit as well follows."""
        if inspector.page.locator("form[action*='/effects/']").count():
            inspector.press("保存决定", choice="follow")

    def discuss(self, path: str) -> None:
        """A major measure: the section convenes, three vote, the result is written down."""
        chief = self.at(Role.CHIEF).go(path).shot("violation-chief")
        if not chief.page.locator("form[action$='/discussions']").count():
            return
        chief.page.locator("details", has_text="参会人员").locator("summary").click()
        for role in COUNCIL:
            chief.page.get_by_label(re.compile(f"，{role.label}$")).first.check()
        chief.press("提交集体讨论")
        number = self.ask(CollectiveDecision).number
        for role in COUNCIL:
            self.open_work(role, number).shot("vote").press("提交表决", ballot="for")
        chief.go("/collective-decisions").shot("discussions").follow(number)
        chief.press("计票并形成决定", minutes="一致同意。").shot("discussion")

    def meet(self, page: str) -> None:
        """The grades of a cycle: the chief convenes, three vote, the result is written down."""
        chief = self.at(Role.CHIEF).go(page)
        for role in GRADERS:
            chief.page.get_by_label(re.compile(f"，{role.label}$")).first.check()
        chief.press("召集会议").shot("cycle-meeting")
        for role in GRADERS:
            self.at(role).go(f"{page}/vote").shot("cycle-vote").press("提交表决", ballot="for")
        chief.go(page).press("计票并形成决定", minutes="一致同意。").shot("cycle-decided")

    def close(self, inspector: Seat, path: str) -> None:
        self.serve_listed(inspector, path)
        inspector.press("办结案件").shot("violation-closed")

    def serve_listed(self, inspector: Seat, path: str) -> None:
        rows = inspector.page.locator("aside[aria-label='办理面板'] a[href*='/documents/']").all()
        for letter in [row.get_attribute("href") for row in rows]:
            inspector.go(letter).press("登记送达", proof="示例回证2号")
        inspector.go(path)

    # another applicant

    def hand_in_quietly(self, institution: Institution, owner: Actor) -> int:
        """The same as `hand_in`, by the actions alone: the pages were walked before."""
        with self.site.app.app_context():
            row = applications.open_draft(session.merge(institution), actor=owner, on=clock.today())
            session.flush()
            upload = materials.Upload("示例材料.pdf", b"%PDF-1.4 sample", "application/pdf")
            for item in row.materials:
                materials.hand_in(item, row, upload, actor=owner, on=clock.today())
            applications.submit(row, actor=owner, on=clock.today())
            session.commit()
            return row.id
