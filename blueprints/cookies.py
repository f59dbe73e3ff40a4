"""Which doors come with the signed cookie of forms."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

INTERFACE = "/api/"


class FormCookies(SecureCookieSessionInterface):
    """The signed cookie of forms; where a key opens the door there is none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(INTERFACE):
            return self.make_null_session(app)
        return super().open_session(app, request)
