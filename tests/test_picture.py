"""The picture of the house: who may look at whom, who asks the time, who commits, how long a thing may be.

Plan the tables first; change them on purpose, with one sentence why.
"""

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "app": "blueprints forms actions queries models documents jobs commands rules scoring regulations "
    "clock config database formatting",  # the only file that sees every room
    "commands": "actions queries models documents jobs benchmarks rules scoring regulations clock config database "
    "formatting",  # a door as wide as app: it wires files, clock and settings to actions
    "blueprints": "clock database formatting forms actions queries rules scoring",
    "jobs": "clock database actions queries rules",
    "forms": "formatting rules scoring",
    "actions": "database queries models documents scoring rules regulations",
    "queries": "database models rules scoring",
    "documents": "formatting rules scoring",
    "models": "database rules scoring",
    "scoring": "rules regulations",
    "rules": "regulations",
    "regulations": "",
    "database": "",
    "formatting": "",
    "clock": "",
    "config": "",
    "benchmarks": "config clock database actions queries models documents rules scoring formatting",
    "tools": "",  # single files a stranger runs with a bare Python
}
PACKAGES = {
    "app": "flask flask_wtf werkzeug",
    "commands": "click flask sqlalchemy",
    "blueprints": "flask markupsafe werkzeug",
    "jobs": "apscheduler",
    "forms": "flask_wtf markupsafe wtforms",
    "actions": "sqlalchemy argon2",
    "queries": "sqlalchemy",
    "documents": "jinja2 markupsafe segno weasyprint",
    "models": "sqlalchemy cryptography",  # encrypted columns
    "scoring": "pydantic pydantic_core polars yaml",  # schemes are validated YAML, rated as whole columns
    "regulations": "yaml",
    "config": "dotenv",
    "database": "sqlalchemy",
    "benchmarks": "flask sqlalchemy",
}
EXTRA = {  # one file, one allowance, one reason
    "rules/codes.py": "stdnum",  # check digits are a library's job
    "database.py": "clock",  # how long a connection rested before it is asked whether it lives
    "actions/batches.py": "clock",  # the instant a row was done, for whoever watches the progress
    "actions/events.py": "clock",  # the instant a line is written down; legal days are always told
    "actions/payment_book.py": "clock",  # from when on an answer is known; the days of service are told
    "actions/sessions.py": "clock",  # sign-in runs on instants, not on legal days
    "blueprints/errors.py": "flask_wtf sqlalchemy",  # their exceptions become pages here
    "commands/demo_county.py": "stdnum",  # the demo's numbers need check digits as well
    "commands/demo_seals.py": "cryptography",  # a certificate of nobody, for the demo's seal
    "commands/house.py": "alembic",  # `flask migrate`
    "commands/imports.py": "yaml",  # mapping files and calendars are written by hand
    "rules/names.py": "pypinyin",  # initials are a dictionary's job
    "actions/sheet_child.py": "python_calamine",  # opens a workbook, in a process of its own
    "actions/import_workbook.py": "xlsxwriter",  # the workbook of the rows sent back
    "benchmarks/agreement.py": "regulations",  # the measured letter has the clauses in force
    "benchmarks/served.py": "app",  # what gunicorn serves while it is measured
    "benchmarks/django_page.py": "django",  # the peer, in an environment of its own
    "benchmarks/engines.py": "playwright",  # drives the browser that prints the same page
    "benchmarks/sealed.py": "cryptography",  # a certificate of nobody, to sign with
    "benchmarks/naive_pdf.py": "weasyprint",  # the peer without our press
    "documents/common_fonts.py": "fontTools",  # fonts with fewer characters
    "documents/finish.py": "pydyf",  # the objects of a PDF
    "documents/stamped_file.py": "pydyf",  # likewise
    "documents/glyphs.py": "fontTools PIL",  # which characters a font file has, and whether two look alike
    "documents/print_file.py": "pyhanko",  # pages of one PDF put into another
    "documents/seal_keys.py": "asn1crypto cryptography pkcs11 pyhanko pyhanko_certvalidator",  # its own keys
    "documents/signatures.py": "asn1crypto pyhanko pyhanko_certvalidator",
    "documents/signed_child.py": "asn1crypto pyhanko",  # reads what somebody else signed
    "documents/signing.py": "pkcs11 pyhanko",
    "queries/exports.py": "xlsxwriter",  # the list as a workbook
    "queries/schema.py": "alembic",  # which revision this version expects
}
CLOCK_EXEMPT = {
    "clock.py": "the clock itself",
}
ASKS_TIME = re.compile(
    r"\b(datetime|date)\.(now|utcnow|today)$|\btime\.(time|time_ns|localtime|gmtime|monotonic)$"
    r"|\bfunc\.(now|current_\w+)$"
)
SKIP = {".git", ".venv", "node_modules", "static", "var", "tests", "migrations"}
SOURCES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
    for path in sorted(ROOT.rglob("*.py"))
    if not SKIP & set(path.relative_to(ROOT).parts)
}


def room(name: str) -> str:
    """`actions/imports.py` and `actions.imports` are both in `actions`; `clock.py` is its own room."""
    return re.split(r"[/.]", name)[0]


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def looks_at(tree: ast.AST) -> set[str]:
    return {
        room(name) for node in ast.walk(tree) for name in imported(node)
    } - sys.stdlib_module_names


def test_every_file_belongs_to_a_room():
    assert {room(file) for file in SOURCES} - set(ROOMS) == set()


@pytest.mark.parametrize("file", SOURCES)
def test_a_room_looks_only_downstairs(file):
    may = set(f"{ROOMS[room(file)]} {PACKAGES.get(room(file), '')} {EXTRA.get(file, '')}".split())
    assert looks_at(SOURCES[file]) - may - {room(file)} == set()


def test_no_room_looks_back_upstairs():
    TopologicalSorter({name: below.split() for name, below in ROOMS.items()}).prepare()


def test_no_file_waits_for_itself():
    modules = {
        file.removesuffix(".py").removesuffix("/__init__").replace("/", "."): tree
        for file, tree in SOURCES.items()
    }
    graph = {}
    for name, tree in modules.items():
        names = [found for node in tree.body for found in imported(node)]
        graph[name] = {
            found if found in modules else found.rpartition(".")[0] for found in names
        } & set(modules) - {name}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("file", SOURCES)
def test_only_the_clock_asks_the_time(file):
    asked = [
        ast.unparse(node.func) for node in ast.walk(SOURCES[file]) if isinstance(node, ast.Call)
    ]
    named = [name for node in ast.walk(SOURCES[file]) for name in imported(node)]
    assert file in CLOCK_EXEMPT or [call for call in asked + named if ASKS_TIME.search(call)] == []


@pytest.mark.parametrize("file", SOURCES)
def test_only_doors_and_jobs_commit(file):
    calls = [node.func for node in ast.walk(SOURCES[file]) if isinstance(node, ast.Call)]
    commits = [call for call in calls if isinstance(call, ast.Attribute) and call.attr == "commit"]
    assert room(file) in {"blueprints", "commands", "jobs"} or commits == []


@pytest.mark.parametrize("file", SOURCES)
def test_a_function_is_one_thought_and_a_file_is_read_in_one_go(file):
    functions = [node for node in ast.walk(SOURCES[file]) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.end_lineno - node.lineno + 1 >= 40] == []
    assert len((ROOT / file).read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("page", sorted(map(str, ROOT.glob("templates/**/*.html"))))
def test_a_page_carries_no_script_and_no_style(page):
    if (
        "templates/documents/" not in page
    ):  # letters are laid out on paper, where no browser policy reaches
        text = re.sub(r"{#.*?#}", "", Path(page).read_text("utf-8"), flags=re.DOTALL)
        assert (
            re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", text)
            == []
        )
