"""The application as gunicorn serves it in production, with the naive pages beside it."""

from __future__ import annotations

from flask import Flask

from app import create_app
from benchmarks import naive, naive_gate, naive_what_if


def create() -> Flask:
    """The real application; the pages under `/naive` are the peers, behind the same sign-in."""
    app = create_app()
    app.register_blueprint(naive.naive)
    app.register_blueprint(naive_what_if.naive_what_if)
    app.register_blueprint(naive_gate.naive_gate)
    return app
