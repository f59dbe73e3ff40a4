"""The main pages of every role in a browser: axe finds nothing, nothing scrolls sideways, all reads without scripts."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

import clock
from database import session
from rules.permissions import Actor, Role
from tests import designation_pages, factories, supervision_pages, whole_county
from tests.chromium import ROOT
from tests.county import County, furnish
from tests.seat import READY, Seat

pytestmark = [pytest.mark.browser, pytest.mark.once]
DAY = date(2026, 6, 15)
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
NARROW = (683, 320)  # 200 % of a small desktop, and 400 %
GENERAL = {
    Role.CLERK: ["/parameters", "/calendar", "/imports"],
    Role.SYSADMIN: ["/users", "/users/new", "/jobs"],
    Role.LOGADMIN: ["/events"],
    None: [
        "/login", "/public/institutions", "/public/notices", "/public/terminated", "/public/reports",
        "/public/verify", "/public/blacklist", "/public/pledges", "/public/guide", "/public/accessibility",
    ],
}  # fmt: skip
SCROLLS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDE = """() => {
    const over = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
    let guilty = document.body;
    for (let inner = guilty; inner; ) {
        guilty = inner;
        inner = [...guilty.children].find(e => {
            const before = e.style.display;
            e.style.display = 'none';
            const cured = !over();
            e.style.display = before;
            return cured;
        });
    }
    return guilty.outerHTML.slice(0, 150);
}"""
SETTLED = (
    "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
)
FOUND = """async () => (await axe.run({rules: {'label-content-name-mismatch': {enabled: true}}})).violations.flatMap(
    rule => rule.nodes.map(node => rule.id + ' ' + node.target.join(' ') + ': ' + rule.help))"""
READ = """() => ({
    heading: [...document.querySelectorAll('main h1')].map(e => e.innerText.replace(/\\s+/g, ' ').trim()).filter(Boolean),
    rows: document.querySelectorAll('main tr').length})"""


class Examination:
    """Looks at pages through one seat and two twins of it; complaints in words."""

    def __init__(self, seat: Seat, *, pressing: bool = True, plain: bool = True) -> None:
        """`pressing`: the links and buttons are tried too; not where test_doors.py tries the same ones.

        `plain`: the page is read without scripts too; once for two pages of one template.
        """
        self.seat, self.complaints, self.plain = seat, [], plain
        self.opens = seat.go if pressing else seat.open

    def of(self, path: str, name: str) -> list[str]:
        """Everything there is to say against one page."""
        seat = self.opens(path).shot(name)
        self.path = path
        self._axe(seat)
        with_scripts = seat.page.evaluate(READ)
        for width in NARROW:
            seat.page.set_viewport_size({"width": width, "height": 768})
            seat.page.evaluate(SETTLED)
            over = seat.page.evaluate(SCROLLS)
            if over > 0:
                self._say(f"{over} px too wide at {width}: {seat.page.evaluate(WIDE)}")
            seat.shot(f"{name}-{width}")
        seat.page.set_viewport_size({"width": 1366, "height": 768})
        if self.plain:
            self._without_scripts(with_scripts)
        return self.complaints

    def _say(self, text: str) -> None:
        self.complaints.append(f"{self.seat.name} {self.path}: {text}")
        print(self.complaints[-1])

    def _axe(self, seat: Seat) -> None:
        seat.page.evaluate(AXE)
        for found in seat.page.evaluate(FOUND):
            self._say(f"axe {found}")

    def _without_scripts(self, expected: dict) -> None:
        twin = self.seat.twin(java_script_enabled=False)
        twin.goto(self.path, wait_until=READY)
        found = twin.evaluate(READ)
        same = found["heading"] == expected["heading"] and found["rows"] >= expected["rows"]
        if not found["heading"] or not same:  # a log has more rows each time it is read out
            self._say(f"without scripts {found}, with scripts {expected}")


def named(path: str) -> str:
    """A page's file name for its picture."""
    parts = urlsplit(path)
    words = [part for part in parts.path.split("/") if part and not part.isdigit()]
    words += parse_qs(parts.query).get("tab", [])
    return "page-" + ("-".join(words) or "home")


@pytest.fixture(params=[pytest.param("hospital", marks=pytest.mark.slow), "pharmacy"])
def kind(request):
    """Both kinds; the second through the same templates is a sweep (test_doors.py opens every page for both)."""
    return request.param


@pytest.fixture
def county(site, kind) -> County:
    clock.hold(DAY)
    with site.app.app_context():
        return furnish(kind)


@pytest.fixture
def whole(app, kind) -> tuple[dict[str, Actor], dict[str, list[str]]]:
    """Who looks, and what there is to look at. Before the server starts: the portal is used without its guard."""
    clock.hold(DAY)
    with app.app_context():
        staff = factories.staff()
        whole_county.judge(kind, staff)
        who = {role.value: actor for role, actor in staff.items()}
        who |= whole_county.furnish(app, kind, staff)
        supervision_pages.furnish(kind, staff, who)
        pages = designation_pages.addresses(kind, staff)
        for name, paths in supervision_pages.addresses(kind, who).items():
            pages[name] = pages.get(name, []) + paths
        return who, pages


def test_the_pages_of_the_chain(site, county, kind):
    who = {
        "clerk": county.staff[Role.CLERK],
        "inspector": county.staff[Role.INSPECTOR],
        "leader": county.staff[Role.LEADER],
        "applicant": county.applicant,
        "suspended": county.suspended,
        "negotiator": county.negotiator,
    }
    complaints = []
    for name, paths in county.pages.items():
        seat = site.seat(who.get(name), bypass_csp=True)
        for number, path in enumerate(paths):
            eye = Examination(seat, pressing=False, plain=kind == "pharmacy")
            complaints += eye.of(path, f"{named(path)}-{name}{number}-{kind}")
    assert complaints == []
    assert site.wrong == []


def test_the_pages_of_designation_and_supervision(whole, site, kind):
    clock.hold(DAY)
    who, pages = whole
    complaints = []
    for name, paths in pages.items():
        if kind == "hospital" and name in set(Role):
            continue  # the agency looks at both kinds through one template; test_doors.py opens it for both
        seat = site.seat(who.get(name), bypass_csp=True)
        for path in paths:
            eye = Examination(seat, pressing=False, plain=kind == "pharmacy")
            complaints += eye.of(path, f"{named(path)}-{name.split()[0]}-{kind}")
    assert complaints == []
    assert site.wrong == []


def test_the_pages_of_the_house(site):
    clock.hold(DAY)
    with site.app.app_context():
        staff = factories.staff()
        session.commit()
    complaints = []
    for role, paths in GENERAL.items():
        seat = site.seat(staff.get(role), bypass_csp=True)
        for path in paths:
            complaints += Examination(seat).of(path, named(path))
    clerk = site.seat(staff[Role.CLERK])
    for path in ("/applications/999999", "/users"):
        with clerk.refused(404, 403):
            complaints += Examination(clerk).of(path, f"page-error{path.replace('/', '-')}")
    assert complaints == []
    assert site.wrong == []
