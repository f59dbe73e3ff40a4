"""Walking through the pages as somebody: follow every link, press every button, note what answers wrongly."""

from __future__ import annotations

import secrets
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from werkzeug.exceptions import HTTPException

OF_A_KIND = 2  # pages of one endpoint; with the same words in the query one is enough
QUESTIONS = 3  # different questions one list is asked
FEW = (1, 1)  # the same two for a second database: every door and every list once
# How often a kind of PDF is made, over all who walk: printing takes longer than the whole walk.
PRINTS = 2
MOST = 400


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The links of a page and its POST forms with whatever a browser would send untouched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._choice = self._long = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag, given):
        name, kind = given.get("name"), given.get("type", "")
        if "formaction" in given:
            self.forms.append(Form(given["formaction"], self._form.fields))
        if tag == "select" and name:
            self._choice = name
        elif tag == "option" and self._choice:
            if "selected" in given or not self._form.fields.get(self._choice):
                self._form.fields[self._choice] = given.get("value", "")
        elif tag == "textarea" and name:
            self._form.fields[name] = "样例文字"
        elif tag == "input" and name and kind not in {"checkbox", "radio", "file"}:
            self._form.fields[name] = given.get("value") or "样例"
        elif tag == "input" and name and kind in {"checkbox", "radio"} and "checked" in given:
            self._form.fields[name] = given.get("value", "on")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._choice = ""


class Walk:
    """Breadth first from a page; at most a few pages of a kind. `wrong` collects complaints in words."""

    def __init__(self, app, client, start="/", *, few=False, printed=None):
        """`printed`: how often exports, print views and PDFs were made for those before; they are the same for all."""
        self.app, self.client = app, client
        self.of_a_kind, self.questions = FEW if few else (OF_A_KIND, QUESTIONS)
        self.wrong: list[str] = []
        self.seen: dict[str, int] = {}
        self.forms: dict[str, Form] = {}
        self.printed: Counter = Counter() if printed is None else printed
        self._kinds: Counter = Counter()
        self._queue = deque([(start, "")])
        while self._queue and len(self.seen) < MOST:
            self._visit(*self._queue.popleft())

    def _visit(self, path, found_on):
        if path in self.seen:
            return
        answer = self.client.get(path)
        self.seen[path] = answer.status_code
        if answer.status_code >= 400:
            self.wrong.append(f"GET {path} (link on {found_on}): {answer.status_code}")
        if answer.status_code in {301, 302, 303}:
            self._follow(urljoin(path, answer.headers["Location"]), path)
        elif answer.mimetype == "text/html":
            self._read(path, Page(answer.text))
        elif answer.mimetype == "application/pdf":
            self.printed[self._endpoint(urlsplit(path).path)] += 1
        answer.close()

    def _read(self, path, page):
        for href in page.links:
            self._follow(urljoin(f"http://localhost{path}", href), path)
        for form in page.forms:
            action = urljoin(path, form.action)
            if action not in {"/login", "/logout", "/password"}:
                self.forms.setdefault(action, form)

    def _follow(self, address, found_on):
        parts = urlsplit(address)
        if parts.netloc not in {"", "localhost"} or parts.scheme not in {"", "http"}:
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        asked_for = parse_qs(parts.query)
        kind = (self._endpoint(parts.path), tuple(sorted(asked_for)))
        if asked_for.keys() & {"format", "print"} and self._kinds[kind] == 0:
            if self.printed[kind]:
                return
            self.printed[kind] += 1
        if self.printed[kind[0]] >= PRINTS:
            return
        enough = 1 if parts.query else self.of_a_kind
        asked = (kind[0], "asked")
        crowded = bool(parts.query) and self._kinds[asked] >= self.questions
        if kind[0] == "static" or path in self.seen or self._kinds[kind] >= enough or crowded:
            return
        self._kinds[kind] += 1
        self._kinds[asked] += bool(parts.query)
        self._queue.append((path, found_on))

    def _endpoint(self, path):
        try:
            return self.app.url_map.bind("localhost").match(path)[0]
        except HTTPException as error:
            return f"{error.code} {path}"

    def press_every_button(self):
        """Each form once, as it stands. The caller sees to it that nothing lasts."""
        for action, form in self.forms.items():
            data = {**form.fields, "operation_id": secrets.token_hex(8)}
            answer = self.client.post(action, data=data)
            if answer.status_code in {403, 404, 405} or answer.status_code >= 500:
                self.wrong.append(f"POST {action}: {answer.status_code}")
            answer.close()
        return len(self.forms)
