"""An institution, its neighbour and the agency, for tests of the portal and the public site."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import clock
from actions import agreements, evaluations, materials, notices, signatures
from actions.teams import Plan
from database import session
from models import Agreement, Application, Cycle, Evaluator, Institution, Rating
from queries import scope
from rules.lifecycle import CycleState
from rules.permissions import Role
from tests import factories, factories_intake
from tests.web import client_for, post

PDF = b"%PDF-1.4 sample"
SECRET = "内部意见勿外传"
EVALUATORS = ("隐名评估员甲", "隐名评估员乙", "隐名评估员丙", "隐名评估员丁")
SPECIALTIES = ("insurance", "medicine", "finance", "information")
SCHEME = Path(__file__).parent.parent / "schemes" / "county_four_grades.yaml"


class World:
    """Steps of the agency are called directly, those of the institution go through its pages."""

    def __init__(self, app, staff, kind):
        self.app, self.staff, self.kind = app, staff, kind
        self.own, self.other = factories.institution(kind), factories.institution(kind)
        self.user = factories.actor(Role.INSTITUTION, institution=self.own, name="示例机构经办人")
        self.neighbour = factories.actor(Role.INSTITUTION, institution=self.other)
        self.team = []
        for name, specialty in zip(EVALUATORS, SPECIALTIES, strict=True):
            member = factories.user(Role.INSPECTOR, name=name)
            self.team.append(Evaluator(user_id=member.id, specialty=specialty))
        session.add_all(self.team)
        session.commit()
        self.client = client_for(app, self.user)

    def get(self, path, who=None):
        return (who or self.client).get(path)

    def send(self, path, **data):
        return post(self.client, path, **data)

    def upload(self, key, item, content=PDF, name="样张.pdf"):
        path = f"/portal/applications/{key}/materials/{item}"
        return self.send(path, file=(io.BytesIO(content), name))

    def started(self) -> int:
        answer = self.send("/portal/applications")
        assert answer.status_code == 303, answer.text
        return int(answer.headers["Location"].rsplit("/", 1)[1])

    def handed_in(self) -> int:
        key = self.started()
        for item in fresh("application", key).materials:
            assert self.upload(key, item.id).status_code == 303
        assert self.send(f"/portal/applications/{key}/submit").status_code == 303
        return key

    def by(self, role):
        return self.staff[role]

    def returned(self, key, reason="第三页缺少签名") -> int:
        """All passed but the second item; told to the institution. Returns the item's id."""
        row = fresh("application", key)
        for number, item in enumerate(row.materials):
            passed = number != 1
            materials.check_material(
                item,
                row,
                passed=passed,
                reason="" if passed else reason,
                actor=self.by(Role.CLERK),
                on=clock.today(),
            )
        session.commit()
        return row.materials[1].id

    def accepted(self, key) -> None:
        row = fresh("application", key)
        factories_intake.accepted(row, actor=self.by(Role.CLERK), on=clock.today())
        session.commit()

    def evaluated(self, key, *, confirm=True) -> None:
        row = fresh("application", key)
        plan = Plan("现场评估", reason="样例理由")
        found = evaluations.start(row, self.team, plan, actor=self.by(Role.CHIEF), on=clock.today())
        session.commit()
        items = [item.key for item in _evaluation_items(row)]
        for opinion in found.opinions:
            member = scope.find("account", opinion.evaluator.user_id, self.by(Role.CHIEF))
            evaluations.give_opinion(
                opinion,
                found,
                {name: {"passed": True, "remark": ""} for name in items},
                remark=SECRET,
                actor=factories.sessions.actor_of(member),
                on=clock.today(),
            )
        if confirm:
            evaluations.confirm(
                found,
                passed=True,
                reasons="",
                advice="",
                actor=self.by(Role.REVIEWER),
                on=clock.today(),
            )
        session.commit()

    def posted(self, key) -> None:
        row = fresh("application", key)
        notices.post(row, channel="示例县样例路1号", actor=self.by(Role.CLERK), on=clock.today())
        session.commit()

    def offered(self, key, term_from) -> int:
        row = fresh("application", key)
        notices.end(row, actor=self.by(Role.CLERK), on=clock.today())
        agreement = agreements.offer(
            row, term_from=term_from, actor=self.by(Role.CLERK), on=clock.today()
        )
        session.commit()
        return agreement.id

    def countersigned(self, key) -> None:
        row = fresh("agreement", key)
        signatures.countersign(row, actor=self.by(Role.LEADER), on=clock.today())
        session.commit()


def _evaluation_items(application):
    import regulations

    return regulations.at(clock.today(), application.institution.kind.family).table(
        "evaluation_items"
    )


MODELS = {"application": Application, "agreement": Agreement, "institution": Institution}


def fresh(noun, key):
    session.expire_all()
    return session.get_one(MODELS[noun], key)


def rated(
    institution, *, state="published", published_on=date(2026, 6, 1), grade="good", name="2025年度"
):
    """A cycle with this one rating, by the shipped scheme."""
    published = state == "published"
    cycle = Cycle(
        name=name,
        pooling_region=institution.pooling_region,
        state=CycleState(state),
        state_since=published_on,
        scheme="county_four_grades",
        edition="2026",
        scheme_text=SCHEME.read_text("utf-8"),
        facts=[],
        from_on=date(2025, 1, 1),
        to_on=date(2025, 12, 31),
        frozen_on=date(2026, 1, 10),
        published_on=published_on if published else None,
    )
    line = {
        "label": "样例指标",
        "raw": 2.0,
        "points": 8.0,
        "full": 10.0,
        "basis": "样例依据",
        "rule": "每件扣1分",
    }
    cycle.ratings = [
        Rating(institution=institution, score_milli=87650, grade=grade, rank=1, lines=[line])
    ]
    session.add(cycle)
    session.flush()
    return cycle


def text_of(html):
    """What a reader sees: without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def same_page(one, other):
    """Equal but for the one-time numbers of their forms and the address that was asked for."""

    def plain(html):
        return re.sub(r'value="[^"]*"|href="[^"]*[?&]big=[^"]*"', "", html)

    return plain(one.text) == plain(other.text)
