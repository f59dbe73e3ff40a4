"""A demo county in a database of its own, built once for all the tests that look at it."""

from __future__ import annotations

import json
import shutil
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import clock
import database
from database import session
from tests import conftest

END = date(2026, 11, 20)  # a Friday, so that every light of a working-day clock can burn


@dataclass
class World:
    app: object
    accounts_file: Path
    output: str
    url: str = ""

    def settle(self):
        """Take the one app of this process back from whoever looked at another database meanwhile."""
        conftest.house(self.url, self.accounts_file.parent)

    @property
    def accounts(self) -> dict[str, dict[str, str]]:
        return json.loads(self.accounts_file.read_text("utf-8"))

    def run(self, *options):
        arguments = ["demo", "--accounts", str(self.accounts_file), *options]
        with self.app.app_context():
            return self.app.test_cli_runner().invoke(args=arguments)


@contextmanager
def cloned(template, folder):
    """A copy of the migrated template for one module."""
    if conftest.KIND == "postgresql":
        name = f"demo_{uuid.uuid4().hex[:12]}"
        conftest.clone(template, name)
        yield f"{conftest.SERVER}/{name}"
        conftest._server(f'DROP DATABASE "{name}" WITH (FORCE)')
        return
    shutil.copy(template, folder / "demo.db")
    yield f"sqlite:///{folder / 'demo.db'}"


@contextmanager
def copied(world, folder):
    """The same county in a file of its own, to be changed by a test. SQLite alone."""
    place = Path(world.url.removeprefix("sqlite:///"))
    shutil.copytree(place.parent, folder, dirs_exist_ok=True)
    url = f"sqlite:///{folder / place.name}"
    app = conftest.house(url, folder)
    with app.app_context():
        yield World(app, folder / world.accounts_file.name, "", url)
        session.remove()
        app.extensions["engine"].dispose()


@contextmanager
def county(template, folder, *options):
    """The demo county as `flask demo` builds it, with the clock held on its last day."""
    with cloned(template, folder) as url, clock.at(END):
        app = conftest.house(url, folder)
        world = World(app, folder / "demo-accounts.json", "", url)
        answer = world.run(*options)
        assert answer.exit_code == 0, (answer.output, answer.exception)
        world.output = answer.output
        app.extensions["engine"].dispose()
        yield world
        session.remove()
        database.start_reading(False)
        app.extensions["engine"].dispose()
