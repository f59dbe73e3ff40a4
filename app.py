"""The only file that sees every room: it wires settings, database, doors, filters and commands together."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, g
from flask_wtf import CSRFProtect

import clock
import commands
import config
import database
import documents
import formatting
import regulations
from actions import events, letters, official_seals, payment_book, sessions
from blueprints import access, cookies, errors, menu, typed
from blueprints.api import api
from blueprints.doors import DOORS
from blueprints.icons import icon
from jobs import nightly
from models import sealed

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(settings: config.Settings | None = None) -> Flask:
    """The product with these settings (default: environment and `.env`). Raises config.WrongSetting."""
    settings = settings or config.load()
    app = Flask(__name__)
    app.request_class = typed.Typed
    app.session_interface = cookies.FormCookies()
    _configure(app, settings)
    CSRFProtect(app).exempt(api)  # no cookie opens it, so no page can be made to send one
    app.before_request(access.receive)
    app.after_request(_send)
    app.teardown_appcontext(_leave)
    for door in DOORS:
        app.register_blueprint(door)
    errors.register(app)
    _dress(app, settings)
    commands.register(app)
    return app


def _configure(app: Flask, settings: config.Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="dingdian_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.session_secure,
        MAX_CONTENT_LENGTH=25 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        WTF_I18N_ENABLED=False,
        WTF_CSRF_TIME_LIMIT=None,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SETTINGS=settings,
    )
    app.extensions["run_job"] = nightly.run  # doors may not look at jobs
    app.extensions["engine"] = database.configure(settings.database_url)
    app.extensions["limits"] = sessions.Limits(
        idle_minutes=settings.session_idle_minutes, hours=settings.session_hours
    )
    sealed.configure(settings.data_key, settings.index_key)
    events.anchor_to(settings.anchor_file)
    payment_book.follow()
    regulations.use_overlay(settings.local_overlay or None)
    fonts = (settings.font_fangsong, settings.font_title)
    documents.configure(*fonts, at_once=settings.letters_at_once)
    official_seals.use(
        official_seals.Devices(settings.pkcs11_module, settings.pkcs11_pin, settings.timestamp_url)
    )
    letters.issue_as(_letterhead(settings))


def _letterhead(settings: config.Settings) -> letters.Letterhead:
    return letters.Letterhead(
        settings.agency,
        settings.bureau,
        settings.letter_prefix,
        settings.demo,
        settings.agency_level,
        settings.mandate,
        settings.verify_address,
        settings.accounts,
    )


def _dress(app: Flask, settings: config.Settings) -> None:
    """What templates may call. Arithmetic and permission arrive as values or `may(...)`."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        {
            name: getattr(formatting, name)
            for name in (
                "day",
                "instant",
                "date_cn",
                "yuan",
                "month",
                "mask_id",
                "mask_name",
                "mask_code",
            )
        }
    )
    app.jinja_env.globals.update(
        icon=icon,
        may=access.may,
        menu=menu.groups,
        operation_id=access.new_operation_id,
        site={"name": settings.site_name, "agency": settings.agency, "bureau": settings.bureau},
        today=clock.today,
    )
    app.context_processor(lambda: {"me": menu.me(), "worklist_count": menu.waiting()})


def _send(response: Response) -> Response:
    """Headers of every answer; a page of a signed-in person is kept nowhere."""
    said = set(response.headers.keys())
    response.headers.extend({name: value for name, value in HEADERS.items() if name not in said})
    if g.get("actor") is not None:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _leave(_error: BaseException | None) -> None:
    database.session.remove()
    database.start_reading(False)
