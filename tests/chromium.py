"""Chromium before a real server: one browser for a run, a window for each signed-in person, and what went wrong in it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

import clock
from rules.permissions import Actor
from tests.seat import Seat

ROOT = Path(__file__).resolve().parent.parent
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
</fontconfig>"""
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def started(folder: Path) -> Iterator[Browser]:
    """The browser, with the fonts the pages are written for; skipped aloud where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed: what the pages do in a browser is not tested")
    conf = folder / "fonts.conf"
    conf.write_text(FONTS.format(fonts=ROOT / "static/vendor/fonts", cache=folder / "cache"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=ARGS, env={**os.environ, "FONTCONFIG_FILE": str(conf)}
        )
        yield browser
        browser.close()


class Quiet(WSGIRequestHandler):
    def log_request(self, code="-", size="-"):
        """Say nothing of what went well."""


@contextmanager
def served(app) -> Iterator[str]:
    """The address of a threaded server with forms protected as in earnest."""
    app.config["WTF_CSRF_ENABLED"] = True
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        clock.hold(None)


class Site:
    """The house as seen from its windows. `wrong` collects complaints in words; `letters` the PDF links met."""

    def __init__(self, app, browser: Browser, address: str) -> None:
        self.app, self.browser, self.address = app, browser, address
        self.wrong: list[str] = []
        self.seats: dict[int | None, Seat] = {}

    def complain(self, text: str) -> None:
        print(text)  # shown when the walk stops halfway
        self.wrong.append(text)

    def seat(self, actor: Actor | None, **options) -> Seat:
        """This person's window (None: a stranger's), opened on first need."""
        key = actor.id if actor else None
        if key not in self.seats:
            self.seats[key] = Seat(self, actor, **options)
        return self.seats[key]

    def endpoint(self, path: str, method: str = "GET") -> str:
        try:
            return self.app.url_map.bind("127.0.0.1").match(path, method)[0]
        except HTTPException as error:
            return f"{error.code} {path}"
