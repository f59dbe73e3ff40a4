"""The application as gunicorn serves it in production, with the naive page beside it."""

from __future__ import annotations

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from app import create_app
from benchmarks import naive
from config import ROOT


def create() -> Flask:
    """The real application; `/naive/worklist` is the peer, behind the same sign-in."""
    app = create_app()
    app.register_blueprint(naive.naive)
    own = FileSystemLoader(ROOT / "benchmarks" / "templates")
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader or own, own])
    return app
