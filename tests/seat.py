"""One person before the screen, and everything that goes wrong there."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from database import session
from models import User
from rules.permissions import Actor, may
from tests.crawl import Form, Page
from tests.factories import PASSWORD

if TYPE_CHECKING:
    from tests.chromium import Site

READY = "domcontentloaded"
OF_A_KIND = 2  # links of one endpoint with the same words in the query, per person
SHOTS = os.environ.get("DINGDIAN_SHOTS", "")  # a folder: keep a picture of every page that is named


class Seat:
    """One person before the screen. Every page looked at is checked for links and buttons that do not answer."""

    def __init__(self, site: Site, actor: Actor | None, **options) -> None:
        self.site, self.actor = site, actor
        self.name = actor.name if actor else "访客"
        self.context = site.browser.new_context(
            base_url=site.address,
            locale="zh-CN",
            viewport={"width": 1366, "height": 768},
            **options,
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.letters: set[str] = set()
        self.bodies: dict[str, bytes] = {}
        self._expected: set[int] = set()
        self._twin = None
        self._checked: set[tuple] = set()
        self._kinds: Counter = Counter()
        self._client = site.app.test_client()
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self._complain(f"script: {error.error}"))

    # what the browser reports

    def _complain(self, text: str) -> None:
        self.site.complain(
            f"{self.name} on {self.page.url.removeprefix(self.site.address)}: {text}"
        )

    def _asked(self, request) -> None:
        own = (
            "data:",
            "about:",
            "chrome:",
            "chrome-extension:",
        )  # the last two: the browser's PDF viewer
        if not request.url.startswith((self.site.address, *own)):
            self._complain(f"leaves the host: {request.url}")

    def _answered(self, response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self._complain(f"{response.request.method} {response.url}: {response.status}")

    def _said(self, message) -> None:
        expected = self._expected and "Failed to load resource" in message.text
        if message.type in {"error", "warning"} and not expected:
            self._complain(f"console: {message.text}")

    @contextmanager
    def refused(self, *statuses: int) -> Iterator[None]:
        """What is answered inside may be one of these."""
        self._expected = set(statuses)
        try:
            yield
        finally:
            self._expected = set()

    # what the person does

    def go(self, path: str) -> Seat:
        """Open a page by its address and look at it."""
        return self.open(path).look()

    def open(self, path: str) -> Seat:
        """Open a page by its address; whoever is not signed in any more, signs in on the way."""
        self.page.goto(path, wait_until=READY)
        if urlsplit(self.page.url).path == "/login" and self.actor:
            self._sign_in()
        return self

    def _sign_in(self) -> None:
        with self.site.app.app_context():
            username = session.get(User, self.actor.id).username
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self._click(self.page.get_by_role("button", name="登录", exact=True))

    def _click(self, what) -> None:
        with self.page.expect_navigation(wait_until=READY) as gone:
            what.click()
        status = gone.value.status
        assert status < 400 or status in self._expected, f"{status} {self.text()}"

    def follow(self, name: str | re.Pattern, *, inside: str = "main") -> Seat:
        """Click the first link of this name."""
        exact = isinstance(name, str)
        link = self.page.locator(inside).get_by_role("link", name=name, exact=exact).first
        self._click(link)
        return self.look()

    def press(self, label: str, form: str = "form", **fields) -> Seat:
        """Fill the form that has this button, and press it."""
        button = self.page.get_by_role("button", name=label, exact=True)
        folded = self.page.locator("details:not([open])", has=self.page.locator("form"))
        while folded.count():
            folded.first.locator("summary").first.click()
        found = self.page.locator(form).filter(has=button).first
        for name, value in fields.items():
            self._fill(found, name, value)
        self._click(found.get_by_role("button", name=label, exact=True))
        return self.look()

    def _fill(self, form, name: str, value) -> None:
        for control in form.locator(f"[name='{name}']").all():
            tag = control.evaluate("e => e.tagName + ' ' + e.type")
            if tag.startswith("SELECT"):
                control.select_option(value)
            elif "file" in tag:
                control.set_input_files(value)
            elif "checkbox" in tag or control.get_attribute("value") == value:
                control.check()
            elif "radio" not in tag:
                control.fill(str(value))
                control.press("Escape")  # a calendar that opened would lie over the button

    def twin(self, **options):
        """A page of the same session in a browser set up otherwise."""
        if self._twin is None:
            self._twin = self.site.browser.new_page(base_url=self.site.address, **options)
        self._twin.context.add_cookies(self.context.cookies())
        return self._twin

    def close(self) -> None:
        self.context.close()
        if self._twin is not None:
            self._twin.close()

    def text(self) -> str:
        return self.page.inner_text("main")

    def shot(self, name: str) -> Seat:
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/{name}.png")
        return self

    # what is checked of every page

    def look(self) -> Seat:
        """Ask for every link and press every button once without effect."""
        page = Page(self.page.content())
        here = self.page.url.removeprefix(self.site.address)
        self._cookies()
        for href in page.links:
            if not href.startswith("#"):
                self._link(urljoin(self.page.url, href), here)
        for form in page.forms:
            self._form(urlsplit(urljoin(here, form.action)), form, here)
        return self

    def _cookies(self) -> None:
        """The same session, in a client whose answers the browser does not see."""
        for cookie in self.context.cookies():
            self._client.set_cookie(cookie["name"], cookie["value"])

    def _link(self, address: str, here: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"}:
            return
        if not address.startswith(self.site.address):
            self._complain(f"link to another host: {address}")
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if ("GET", path) in self._checked:
            return
        endpoint = self.site.endpoint(parts.path)
        if endpoint in {"documents.file", "portal.letter"}:
            self.letters.add(path)
            return
        kind = ("GET", endpoint, tuple(sorted(parse_qs(parts.query))))
        if self._known(path, kind) or endpoint == "static":
            return
        answer = self._client.get(path)
        if answer.status_code >= 400:
            self._complain(f"link {path} on {here}: {answer.status_code}")
        answer.close()

    def _known(self, path: str, kind: tuple) -> bool:
        known = (kind[0], path) in self._checked or self._kinds[kind] >= OF_A_KIND
        self._checked.add((kind[0], path))
        self._kinds[kind] += 1
        return known

    def _form(self, action, form: Form, here: str) -> None:
        """Its door is open to this person, and so is what lies behind it: pressed as it stands, then taken back."""
        endpoint = self.site.endpoint(action.path, "POST")
        view = self.site.app.view_functions.get(endpoint)
        permission = getattr(view, "permission", None)
        if view is None:
            self._complain(f"form {action.path} on {here}: {endpoint}")
        elif permission is not None and not may(self.actor, permission):
            self._complain(f"form {action.path} on {here}: no right of way")
        kind = ("POST", endpoint, form.fields.get("version"), here)
        if view is None or endpoint in {"access.sign_out", "access.sign_in"}:
            return
        if self._known(f"{action.path} {form.fields.get('version')}", kind):
            return
        status = self._press_without_effect(action.geturl(), form)
        if status in {403, 404, 405} or status >= 500:
            self._complain(f"button {action.path} on {here}: {status}")

    def _press_without_effect(self, action: str, form: Form) -> int:
        with pytest.MonkeyPatch.context() as held:
            held.setattr(session, "commit", session.rollback)
            answer = self._client.post(action, data=form.fields)
        answer.close()
        return answer.status_code

    def open_letters(self) -> int:
        """Fetch every PDF met and not yet opened, with this session."""
        for path in sorted(self.letters - set(self.bodies)):
            answer = self.context.request.get(path)
            self.bodies[path] = answer.body()
            if answer.status != 200 or not self.bodies[path].startswith(b"%PDF"):
                self._complain(f"letter {path}: {answer.status} {self.bodies[path][:20]!r}")
        return len(self.bodies)
