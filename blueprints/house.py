"""Is the house standing? For load balancers and monitors."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, abort, current_app, request

from blueprints.access import public
from queries import metrics, schema

house = Blueprint("house", __name__)
HERE = {"127.0.0.1", "::1"}
TEXT = "text/plain; charset=utf-8"


@house.get("/healthz")
@public
def alive() -> Response:
    """The process answers. Says nothing about the database."""
    return Response("ok\n", content_type=TEXT)


@house.get("/readyz")
@public
def ready() -> Response:
    """The database answers and has the schema of this version; else 503."""
    trouble = schema.trouble()
    return Response(f"{trouble or 'ok'}\n", 503 if trouble else 200, content_type=TEXT)


@house.get("/metrics")
@public
def figures() -> Response:
    """Only for this machine itself: not through a proxy, and nobody else learns that it exists."""
    if request.remote_addr not in HERE or "X-Forwarded-For" in request.headers:
        abort(404)
    answered: Counter[str] = current_app.extensions["answered"]
    lines = {f'dingdian_requests_total{{status="{code}"}}': n for code, n in answered.items()}
    text = "".join(f"{name} {value}\n" for name, value in {**lines, **metrics.figures()}.items())
    return Response(text, content_type=TEXT)


@house.record_once
def _count(state: object) -> None:
    """Answers of this process by their first digit, since it started."""
    app = state.app  # type: ignore[attr-defined]  # flask hands its setup state
    app.extensions["answered"] = Counter()

    @app.after_request
    def count(response: Response) -> Response:
        app.extensions["answered"][f"{response.status_code // 100}xx"] += 1
        return response
