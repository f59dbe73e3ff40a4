"""The application as gunicorn serves it in production, with the naive page beside it."""

from __future__ import annotations

from flask import Flask

from app import create_app
from benchmarks import naive


def create() -> Flask:
    """The real application; `/naive/worklist` is the peer, behind the same sign-in."""
    app = create_app()
    app.register_blueprint(naive.naive)
    return app
