"""Portal and public site as seen: no fault of accessibility, never wider than the screen, nothing from elsewhere."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import clock
from actions import applications, violations
from database import session
from models import User
from rules.permissions import Role
from tests import factories, factories_agreement, factories_practitioner
from tests.conftest import TODAY
from tests.factories import PASSWORD
from tests.portal_world import World, fresh, rated
from tests.test_public import terminated

pytestmark = [pytest.mark.browser, pytest.mark.once]
AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
NARROWEST = 320
SIZES = [(1366, 768), (390, 844), (NARROWEST, 640)]
FAULTS = """axe.run(document, {resultTypes: ['violations']}).then(function (found) {
  return found.violations.map(function (v) { return v.id + ': ' + v.nodes[0].html.slice(0, 100); });
})"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Looked:
    """Pages opened by one person in a window whose policy lets the checker in. `wrong` collects complaints in words."""

    def __init__(self, site, who=None):
        self.context = site.browser.new_context(
            base_url=site.address, bypass_csp=True, locale="zh-CN"
        )
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("request", lambda request: self._asked(request.url, site.address))
        if who is not None:
            self.page.goto("/login")
            self.page.fill("[name=username]", who)
            self.page.fill("[name=password]", PASSWORD)
            self.page.click("main button")

    def _asked(self, url, address):
        if not url.startswith((address, "data:")):
            self.wrong.append(f"asks {url}")

    def at(self, path):
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            answer = self.page.goto(path)
            if answer.status != 200:
                self.wrong.append(f"{path}: {answer.status}")
            if self.page.evaluate(WIDER) > 0:
                self.wrong.append(f"{path} is wider than {width}")
            if width == NARROWEST:
                continue
            self.page.evaluate(AXE.read_text("utf-8"))
            self.wrong += [f"{path} at {width}: {fault}" for fault in self.page.evaluate(FAULTS)]
        self.page.goto(f"{path}{'&' if '?' in path else '?'}big=1")
        if self.page.evaluate(WIDER) > 0:
            self.wrong.append(f"{path} in large type is wider than {width}")
        self.context.clear_cookies(name="big")

    def close(self):
        self.context.close()
        return self.wrong


def supplementing(app, staff, kind):
    world = World(app, staff, kind)
    key = world.handed_in()
    item = world.returned(
        key, reason="示例执照复印件第三页缺少公章，且地址与申请表不一致，请重新提交"
    )
    applications.request_supplement(fresh("application", key), actor=staff[Role.CLERK], on=TODAY)
    session.commit()
    one = f"/portal/applications/{key}"
    parts = ("", f"/materials/{item}", "/check", "/receipt", "/withdraw")
    return world.user, ["/portal/", "/portal/applications", *(one + part for part in parts)]


def signing(app, staff, kind):
    world = World(app, staff, kind)
    with clock.at(TODAY.replace(month=5)):
        key = world.handed_in()
        world.accepted(key)
        world.evaluated(key)
        world.posted(key)
    agreement = world.offered(key, TODAY)
    one = f"/portal/agreements/{agreement}"
    return world.user, ["/portal/", one, f"{one}/sign", f"/portal/applications/{key}"]


def supervised(app, staff, kind):
    world = World(app, staff, kind)
    agreement = factories_agreement.concluded(world.own)
    factories_practitioner.practitioner(kind, world.own)
    rated(world.own)
    case = factories_agreement.case(agreement, staff, on=TODAY)
    violations.give_notice(case, actor=staff[Role.INSPECTOR], on=TODAY)
    pause = factories_agreement.suspended(agreement, staff, on=TODAY, served=TODAY)
    terminated(factories_agreement.concluded(factories.institution(kind)), TODAY)
    session.commit()
    paths = ["agreements", f"agreements/{agreement.id}", f"suspensions/{pause.id}/resumption"]
    paths += [f"violations/{case.id}", "practitioners", "grades", "documents"]
    return world.user, ["/portal/", *(f"/portal/{path}" for path in paths)]


PUBLIC = [
    "/login", "/public/institutions", "/public/institutions?q=没有这家", "/public/notices", "/public/terminated",
    "/public/reports", "/public/verify", "/public/verify/0000000000000000", "/public/guide", "/public/accessibility",
]  # fmt: skip


def test_every_page_reads_well_on_every_screen(site, app, kind, monkeypatch):
    monkeypatch.setattr(factories_agreement, "_serial", itertools.count(900))  # beside real numbers
    app.config["WTF_CSRF_ENABLED"] = False  # while the agency's side is prepared without pages
    with app.app_context(), clock.at(TODAY):
        staff = factories.staff()
        worlds = [made(app, staff, kind) for made in (supplementing, signing, supervised)]
        named = [(session.get_one(User, user.id).username, paths) for user, paths in worlds]
        shown = f"/public/institutions/{worlds[2][0].institution_id}"
        session.remove()
    app.config["WTF_CSRF_ENABLED"] = True
    clock.hold(TODAY)
    wrong = []
    for username, paths in [(None, [*PUBLIC, shown]), *named]:
        window = Looked(site, username)
        for path in paths:
            window.at(path)
        wrong += window.close()
    assert wrong == []
