"""Letters set into a page that was laid out once: as their full layout to the pixel, and nothing of one in another."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
from datetime import date

import pypdf
import pypdfium2  # type: ignore[import-untyped]  # published without types
import pytest

import documents
from commands.demo_seals import PASSPHRASE, sample_key
from documents import glyphs, seal_keys, signatures, signing, stamping
from documents.fonts import Fonts, write_configuration
from documents.letters import freeze
from documents.paper import Paper
from tests.letter_facts import facts

pytestmark = [
    pytest.mark.pure,
    pytest.mark.once,
    # the engine leaves its colour profile open; letters are else laid out in the printing process
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
LONG, RARE = "示例县城关镇中心卫生院（第二门诊部）", "䶮堃喆镕医院"
ADDRESS = "https://example.invalid/public/verify/"


@pytest.fixture(scope="module")
def new_paper(tmp_path_factory):
    """A printing process that has printed nothing yet, in this one."""
    folder = tmp_path_factory.mktemp("fonts")
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(write_configuration(Fonts(), folder))
    yield Paper
    os.environ.pop("FONTCONFIG_FILE")
    if before is not None:
        os.environ["FONTCONFIG_FILE"] = before


@pytest.fixture(scope="module")
def paper(new_paper):
    return new_paper()


def page(paper, kind, family, number, name="示例县样例医院", **changes):
    """The HTML of one letter of many."""
    own = {
        "number": f"示医保试〔2026〕{number}号",
        "verify_code": f"{number * 7919:016X}",
        "verify_address": ADDRESS,
        "addressee": name,
        "institution": name,
        "sample": False,
        "sealed_by": "1F",
    }
    return glyphs.boxed(paper.html(kind, freeze(kind, **facts(kind, family) | own | changes)))


def primed(paper, kind, family, **changes):
    """The letters that are laid out before the first one is stamped."""
    for number in (1, 22):
        first = page(paper, kind, family, number, "示例县某某医院", **changes)
        if paper.stamps.print(first) is None:
            paper.in_full(first)


def pictures(pdf):
    return [one.render(scale=1.1).to_pil().tobytes() for one in pypdfium2.PdfDocument(pdf)]


def words(pdf):
    return [one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(pdf)]


@pytest.mark.parametrize(
    ("kind", "family", "names"),
    [
        ("agreement", "medical", {3: LONG, 444: RARE}),
        ("agreement", "pharmacy", {55: "样例大药房123店"}),
        ("renewal_notice", "medical", {3: "甲院", 44: LONG, 555: RARE}),
        ("renewal_notice", "pharmacy", {3: "甲店", 44: "样例大药房123店", 555: RARE}),
        ("grade", "medical", {3: "甲院", 444: LONG}),
        ("grade", "pharmacy", {55: RARE}),
        ("settlement_sheet", "medical", {3: LONG}),
        ("settlement_sheet", "pharmacy", {444: RARE}),
        ("disbursement_notice", "medical", {3: RARE}),
        ("disbursement_notice", "pharmacy", {444: LONG}),
    ],
)
def test_a_stamped_letter_is_its_full_layout_to_the_pixel(paper, kind, family, names):
    primed(paper, kind, family)
    for number, name in names.items():
        letter = page(paper, kind, family, number, name)
        stamped, full = paper.stamps.print(letter), paper.in_full(letter)
        assert stamped
        assert pictures(stamped) == pictures(full)
        assert words(stamped) == words(full)
        assert f"〔2026〕{number}号" in "".join(words(stamped))


def test_what_was_printed_before_leaves_no_trace_in_a_letter(new_paper):
    """The same bytes, whichever letters the base was made and proven with."""
    made = []
    for others in (("甲甲医院", "乙乙医院"), ("丙丙药房连锁", "丁丁诊所")):
        paper = new_paper()
        for number, name in enumerate(others):
            paper.in_full(page(paper, "renewal_notice", "medical", 70 + number, name))
        made.append(paper.stamps.print(page(paper, "renewal_notice", "medical", 3)))
    assert made[0]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "超长" * 24},
        {"name": "㐂㐂医院"},
        {"name": "全角　空格医院"},
        {"name": "软连字\u00ad符医院"},
        {"preview": True, "sealed_by": ""},
        {"sample": True, "sealed_by": ""},
        {"agency": "另一县医疗保障事业中心"},
        {"issued_on": date(2026, 11, 24)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_is_not_certain_to_stay_in_its_place_is_laid_out_in_full(paper, changes):
    primed(paper, "renewal_notice", "medical")
    letter = page(paper, "renewal_notice", "medical", 9, **changes)
    assert paper.stamps.print(letter) is None
    assert paper.in_full(letter).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "body",
    [
        "<p>" + "行文" * 40 + '<span class="field">甲</span></p>',
        '<p style="text-align-last: justify"><span class="field">甲</span></p>',
        '<p><span style="display: inline-block"><span class="field">甲</span></span>乙</p>',
        '<table><tr><td><span class="field">甲</span></td><td>乙</td></tr></table>',
        '<p style="float: left"><span class="field">甲</span></p><p>乙</p>',
        '<p style="visibility: hidden"><span class="field">甲</span></p>',
    ],
)
def test_a_field_that_can_move_something_makes_no_base(paper, body):
    made = f"<!doctype html><html lang='zh-CN'><head><title>题</title></head><body>{body}</body></html>"
    for _ in range(3):
        paper.in_full(made)
    assert paper.stamps.print(made) is None


def test_a_base_that_differs_from_a_full_layout_is_not_used(paper):
    letter = page(paper, "renewal_notice", "medical", 8)
    skeleton, filling = stamping.taken_apart(letter)
    base = stamping.Base(skeleton, filling, paper.laid_out)
    full = stamping.drawn(paper.laid_out(letter)[1])
    base.prove(filling, full)
    base.places.lines[-1][1].left += 0.01
    with pytest.raises(stamping.Unstampable, match="not what its full layout is"):
        base.prove(filling, full)


def test_a_letter_is_printed_though_stamping_breaks(new_paper, monkeypatch, capsys):
    """As when another version of the engine has other insides."""
    paper = new_paper()
    letters = [page(paper, "renewal_notice", "medical", number) for number in (1, 2, 3)]
    with monkeypatch.context() as broken:
        broken.setattr(stamping, "Places", None)
        for letter in letters[:2]:
            assert paper.in_full(letter).startswith(b"%PDF-")
    assert "NoneType" in capsys.readouterr().err
    paper.in_full(letters[2])
    assert paper.stamps.print(letters[0])
    monkeypatch.setattr(stamping.File, "written", None)
    assert paper.stamps.print(letters[1]) is None
    assert paper.in_full(letters[1]).startswith(b"%PDF-")


def test_a_long_letter_gets_no_base(new_paper, monkeypatch):
    paper = new_paper()
    monkeypatch.setattr(stamping, "MOST_PAGES", 1)
    for number in (1, 2, 3):
        paper.in_full(page(paper, "renewal_notice", "medical", number))
    assert paper.stamps.print(page(paper, "renewal_notice", "medical", 4)) is None


def test_a_letter_that_does_not_fit_makes_a_base_for_those_that_do(new_paper):
    paper = new_paper()
    for number in (1, 2):
        paper.in_full(page(paper, "renewal_notice", "medical", number, "超长" * 24))
    letter = page(paper, "renewal_notice", "medical", 3)
    stamped = paper.stamps.print(letter)
    assert stamped
    assert pictures(stamped) == pictures(paper.in_full(letter))


def test_a_letter_taken_apart_and_put_together_is_the_same(paper):
    letter = page(paper, "agreement", "medical", 8, "“甲&乙”<医院>")
    assert stamping.put_together(*stamping.taken_apart(letter)) == letter


@pytest.fixture(scope="module")
def signed(paper):
    primed(paper, "agreement", "pharmacy")
    stamped = paper.stamps.print(page(paper, "agreement", "pharmacy", 7))
    key = seal_keys.key_of(sample_key("示例县医疗保障事业中心", on=date(2026, 1, 1)), PASSPHRASE)
    drawing = documents.render_seal("示例县医疗保障事业中心", sample=True)
    return signing.sign(stamped, "agency", key, seal=drawing, making=["agency"]), key


def test_a_stamped_letter_is_signed_and_checked_like_any_other(signed):
    pdf, key = signed
    roots = [seal_keys.certificate(seal_keys.certificate_of(key).pem)]
    (found,) = signatures.read(pdf, roots)
    assert found.valid
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    with contextlib.suppress(ValueError):  # not even readable any more
        assert not any(one.valid for one in signatures.read(bytes(changed), roots))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("qpdf", "--check"), "No syntax or stream encoding errors"),
        (("pdfsig",), "Signature is Valid"),
        (("pdfinfo",), "Tagged:          yes"),
    ],
)
def test_other_programs_agree(signed, tmp_path, command, said):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    file = tmp_path / "stamped.pdf"
    file.write_bytes(signed[0])
    assert (
        said in subprocess.run([*command, file], capture_output=True, text=True, check=False).stdout
    )


def test_every_font_of_a_stamped_letter_is_embedded(signed, tmp_path):
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts is not installed")
    file = tmp_path / "stamped.pdf"
    file.write_bytes(signed[0])
    said = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    fonts = [line.split() for line in said.splitlines()[2:]]
    assert len(fonts) > 3
    assert {font[-5:-2] == ["yes", "yes", "yes"] for font in fonts} == {True}


def test_the_tags_of_a_stamped_letter_are_those_of_its_full_layout(paper):
    primed(paper, "grade", "medical")
    letter = page(paper, "grade", "medical", 5)
    trees = [structure(pdf) for pdf in (paper.stamps.print(letter), paper.in_full(letter))]
    assert trees[0] == trees[1]
    assert len(trees[0]) > 100


def structure(pdf):
    """Kinds and marks of its tags, in their order."""
    found = []

    def walk(node):
        node = node.get_object()
        if not isinstance(node, pypdf.generic.DictionaryObject):
            found.append(str(node))
            return
        found.append(str(node.get("/S")))
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            walk(kid)

    walk(pypdf.PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"])
    return found
