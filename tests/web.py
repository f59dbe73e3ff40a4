"""Walking through the doors in tests."""

from __future__ import annotations

import re
import secrets

from database import session
from models import User
from tests.factories import PASSWORD


def client_for(app, who):
    """A browser signed in as this actor or user."""
    client = app.test_client()
    user = session.get(User, who.id)
    session.commit()
    answer = client.post("/login", data={"username": user.username, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def post(client, path, **data):
    """Send a form once, with a fresh one-time id."""
    data.setdefault("operation_id", secrets.token_hex(8))
    return client.post(path, data=data)


def forms(html):
    """The actions of all POST forms of a page: what a person could press."""
    return re.findall(r'<form method="post" action="([^"]*)"', html)


def flashes(client, answer):
    """The page a successful post leads to."""
    return client.get(answer.headers["Location"])
