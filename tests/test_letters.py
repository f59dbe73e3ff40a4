"""Letters as printed: every kind for a hospital and a pharmacy, looked at as PDF and as pixels."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from itertools import pairwise

import pypdf
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps, ImageStat

import documents
from documents.fonts import FOLDER
from documents.letters import KINDS, freeze
from documents.paper import balanced
from formatting import date_cn, yuan
from tests.letter_facts import FAMILIES, NAMES, facts

pytestmark = pytest.mark.pure
MM = 25.4 / 72
EVERY = [(kind, family) for kind in KINDS for family in FAMILIES]
every_letter = pytest.mark.parametrize(("kind", "family"), EVERY)

# facts that choose the wording, or that this kind of letter has no place for
NOT_PRINTED = {"family", "sample", "measure", "passed", "host", "outcome"}
MONEY = {
    "amount",
    "claimed_total",
    "denied",
    "claimed",
    "payable",
    "held",
    "released",
    "kept",
    "due",
    "asked",
    "monthly",
}  # in 分
ONE_TEXT = {
    "person_notice",
    "credit_notice",
    "service_receipt",
}  # to or about both at once, or a form for all
TO_NOBODY_ELSE = (
    "talk_notice", "talk_record", "person_notice", "referral", "points_correction", "appeal_receipt",
    "denial", "recovery", "damages", "payment_hold", "staff_suspension",
    "denial_detail", "settlement_sheet", "disbursement_notice",
)  # fmt: skip
NO_PLACE = {key: {"bureau"} for key in TO_NOBODY_ELSE} | {
    "agreement": {"addressee", "signer", "bureau", "issued_on"},
    "public_notice": {"addressee", "bureau"},
    "notice_statement": {"addressee", "bureau"},
    "site_evaluation": {"bureau"},
    "clarification": {"bureau"},
    "amendment": {"bureau"},  # these are copied to nobody
    "renewal_notice": {"bureau"},
    "service_receipt": {"bureau"},
    "region_notice": {"bureau"},
    "credit_notice": {"addressee"},
    "withdrawal_answer": {"act"},  # the word that chooses the sentences
}


@cache
def printed(kind: str, family: str) -> bytes:
    return documents.render(kind, freeze(kind, **facts(kind, family)))


@cache
def text_of(pdf: bytes) -> str:
    """All text without white space: a fact may run over a line's end."""
    pages = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)


def seals(pdf: bytes) -> list[tuple[int, list[float]]]:
    """Page index and left, bottom, right, top in mm of each seal: the one 42 mm red circle."""
    found = []
    for index, page in enumerate(pypdfium2.PdfDocument(pdf)):
        for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = (edge * MM for edge in shape.get_bounds())
            # the bounds count the 1.2 mm ring twice
            if abs(right - left - 1.2 - 42) < 0.3 and abs(top - bottom - 1.2 - 42) < 0.3:
                found.append((index, [left + 0.6, bottom + 0.6, right - 0.6, top - 0.6]))
    return found


def line_feet(page: pypdfium2.PdfPage) -> list[float]:
    """Height above the paper's foot of each text line inside the type area, from the top, in mm."""
    text = page.get_textpage()
    feet = {round(text.get_rect(n)[1] * MM) for n in range(text.count_rects())}
    return sorted((foot for foot in feet if 34 < foot < 261), reverse=True)


def leaves(value, name=""):
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, name)
    elif value not in (None, "") and not isinstance(value, bool):
        yield name, _in_words(name, value)


def _in_words(name, value):
    if isinstance(value, date):
        return date_cn(value)
    return yuan(value) if name in MONEY and isinstance(value, int) else str(value)


@every_letter
def test_a_letter_prints_all_its_facts(kind, family):
    text = text_of(printed(kind, family))
    silent = NOT_PRINTED | NO_PLACE.get(kind, set())
    expected = [(n, v[:12]) for n, v in leaves(facts(kind, family)) if n not in silent]
    if kind == "agreement":
        expected.append(("clause", "第二十一条"))
    missing = [(n, v) for n, v in expected if "".join(v.split()).rstrip("。") not in text]
    assert missing == []
    assert len(expected) > 8


@every_letter
def test_a_letter_speaks_to_a_hospital_or_a_pharmacy(kind, family):
    text = text_of(printed(kind, family))
    wrong = "你单位" if family == "pharmacy" else "你店"
    assert wrong not in text
    if kind in ONE_TEXT:
        return
    hospital, pharmacy = text_of(printed(kind, "medical")), text_of(printed(kind, "pharmacy"))
    swapped = hospital.replace(NAMES["medical"], NAMES["pharmacy"]).replace("你单位", "你店")
    assert swapped != pharmacy


@every_letter
def test_a_letter_is_tagged_a4_with_every_font_embedded(kind, family):
    reader = pypdf.PdfReader(io.BytesIO(printed(kind, family)))
    fonts = set()
    for page in reader.pages:
        assert [round(float(edge) * MM) for edge in page.mediabox[2:]] == [210, 297]
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert "/FontFile2" in descriptor
            fonts.add(font["/BaseFont"].split("+")[1])
        assert not page.get("/Annots")
    assert {"Letter-Serif", "Letter-Serif-Bold"} <= fonts
    assert all(font.startswith("Letter-") for font in fonts), "a font of the machine slipped in"
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "zh-CN"
    assert "/EmbeddedFiles" not in root.get("/Names", {})


@every_letter
def test_a_letter_carries_its_seal_whole_and_its_code_at_the_foot(kind, family):
    pdf = printed(kind, family)
    marks = seals(pdf)
    assert len(marks) == (2 if kind == "agreement" else 1)
    last = len(pypdfium2.PdfDocument(pdf)) - 1
    for page, (left, bottom, right, top) in marks:
        assert page == last
        assert 28 <= left < right <= 210 - 26
        assert 30 <= bottom < top <= 297 - 30
    assert "样章·无效" in text_of(pdf)
    for page in pypdfium2.PdfDocument(pdf):
        foot = page.get_textpage().get_text_bounded(bottom=0, top=30 / MM)
        assert "核验码A1B2-C3D4" in "".join(foot.split())


@pytest.mark.parametrize(
    ("kind", "family", "lengths"),
    [
        ("suspension", "medical", range(1, 24)),
        ("suspension", "pharmacy", range(1, 24, 2)),
        ("views", "medical", range(1, 24, 2)),
        ("views", "pharmacy", range(2, 25, 2)),
    ],
)
def test_the_seal_keeps_two_body_lines_wherever_the_page_ends(kind, family, lengths):
    """Body lengths line by line over a whole page: with 版记 (suspension) and without (views)."""
    pages = set()
    for extra in lengths:
        lines = "\n".join(["样" * 20] * extra)
        pdf = documents.render(kind, freeze(kind, **facts(kind, family, facts_text=lines)))
        paper = pypdfium2.PdfDocument(pdf)
        pages.add(len(paper))
        [(page, (_, bottom, _, top))] = seals(pdf)
        assert page == len(paper) - 1, extra
        assert bottom > 35, extra
        body_above = [foot for foot in line_feet(paper[page]) if foot > top - 1]
        assert len(body_above) >= 2, extra
        assert body_above[-1] - top < 10.3, "the seal hangs within a line of the text"
        if page > 0:
            white = line_feet(paper[page - 1])[-1] - 35
            assert white < 225 / 2, f"{extra}: {white} mm of the page before are white"
    assert len(pages) == 2, "the sweep crossed no page boundary"


def test_the_type_area_holds_lines_of_28_characters_at_a_22nd_of_its_height():
    pdf = documents.render(
        "views", freeze("views", **facts("views", "medical", facts_text="田" * 200))
    )
    rows: dict[int, int] = {}
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        for n in range(text.count_chars()):
            if text.get_text_range(n, 1) == "田":
                left, bottom, right, _ = (edge * MM for edge in text.get_charbox(n))
                assert 28 <= left < right <= 184.2
                rows[round(bottom * 10)] = rows.get(round(bottom * 10), 0) + 1
    feet = sorted(rows, reverse=True)
    assert [rows[foot] for foot in feet[:3]] == [26, 28, 28]  # the first line is indented by two
    pitches = [above - below for above, below in pairwise(feet[:4])]
    assert pitches == pytest.approx([102.27] * 3, abs=1)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    paper = pypdfium2.PdfDocument(printed("suspension", "medical"))
    for number, page in enumerate(paper, 1):
        text = page.get_textpage()
        start, _ = text.search(f"— {number} —").get_next()
        left = text.get_charbox(start)[0] * MM
        assert (left > 105) is (number % 2 == 1)


def test_the_agreement_counts_its_pages_and_repeats_its_number():
    paper = pypdfium2.PdfDocument(printed("agreement", "pharmacy"))
    total = len(paper)
    assert total > 3
    for number in range(2, total + 1):
        text = "".join(paper[number - 1].get_textpage().get_text_bounded().split())
        assert f"第{number}页共{total}页" in text
        assert "协议编号：XY2026000321" in text


def test_an_unsigned_agreement_bears_no_seal_and_says_so():
    unsigned = {
        "institution_signer": "", "institution_signed_on": None,
        "agency_signer": "", "agency_signed_on": None,
    }  # fmt: skip
    pdf = documents.render(
        "agreement", freeze("agreement", **facts("agreement", "medical", **unsigned))
    )
    assert seals(pdf) == []
    assert "不具有协议效力" in text_of(pdf)


def test_without_an_electronic_seal_only_a_sample_is_drawn():
    """A real letter leaves the place to the stamp of the house or to the signature; a preview shows a sample."""
    for more in ({}, {"sealed_by": "1F"}):
        facts_ = facts("lapse", "pharmacy", sample=False, **more)
        assert seals(documents.render("lapse", freeze("lapse", **facts_))) == []
        preview = documents.render("lapse", freeze("lapse", **facts_, preview=True))
        assert len(seals(preview)) == 1
        assert "样章·无效" in text_of(preview)


def test_the_same_facts_give_the_same_bytes():
    again = documents.render("grade", freeze("grade", **facts("grade", "medical")))
    assert again == printed("grade", "medical")


def test_hostile_text_is_printed_as_text():
    hostile = (
        '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd">'
        "<style>@import 'file:///etc/passwd';</style>{{ 7 * 7 }}&amp;</p></body>"
    )
    pdf = documents.render(
        "views", freeze("views", **facts("views", "medical", facts_text=hostile))
    )
    assert "".join(hostile.split()) in text_of(pdf)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert not reader.attachments
    assert "root:" not in text_of(pdf)
    assert not any(page.images for page in reader.pages)


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">',
        '<img src="data:image/png;base64,AAAA">',
        "<p style=\"background: url('https://127.0.0.1:9/b.png')\">样</p>",
    ],
)
def test_the_fetcher_refuses_every_address(tag):
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    from documents.paper import NothingFetched

    with pytest.raises(FatalURLFetchingError):
        HTML(string=f"<html><body>样{tag}</body></html>", url_fetcher=NothingFetched()).write_pdf()


OUTSIDE = "㼆䲟𠅤㐂"  # of every font but the whole ones


@pytest.mark.parametrize("rare", ["䶮堃喆犇镕㛃𬸦□√㎡℃￥", "䶮" + OUTSIDE])
def test_rare_characters_of_names_are_drawn_with_their_own_glyphs(rare):
    """Text extraction would not notice a wrong glyph, so pixels are compared with the font's own drawing."""
    pdf = documents.render(
        "points", freeze("points", **facts("points", "medical", practitioner=rare))
    )
    page = pypdfium2.PdfDocument(pdf)[0]
    text, scale = page.get_textpage(), 6
    picture = page.render(scale=scale).to_pil().convert("L")
    font = ImageFont.truetype(str(FOLDER / "NotoSerifSC_400Regular.ttf"), 96)
    references = {c: _drawn(c, font) for c in rare + "\U000f0000"}  # the last has no glyph: .notdef
    place = -1
    for character in (
        rare
    ):  # beyond the first plane of Unicode pdfium finds none: it stands behind the one before
        found = text.search(character).get_next()
        place = found[0] if found else place + 1
        left, bottom, right, top = text.get_charbox(place)
        box = (left, page.get_height() - top, right, page.get_height() - bottom)
        seen = _trimmed(picture.crop(tuple(round(edge * scale) for edge in box)))
        distances = {c: _distance(seen, image) for c, image in references.items()}
        assert min(distances, key=distances.__getitem__) == character
        assert distances[character] < 0.6 * sorted(distances.values())[1]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于拟签订协议的机构名单的公示", ["关于拟签订协议的机构名单的公示"]),
        ("关于2026年上半年医疗保障信用等级的公示", ["关于2026年上半年", "医疗保障信用等级的公示"]),
        (
            "关于拟解除医疗保障服务协议的定点零售药店名单的公示",
            ["关于拟解除医疗保障服务协议的", "定点零售药店名单的公示"],
        ),
    ],
)
def test_a_long_title_is_broken_between_words(title, lines):
    assert balanced(title) == lines


def _drawn(character: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    canvas = Image.new("L", (160, 160), 255)
    ImageDraw.Draw(canvas).text((20, 10), character, font=font, fill=0)
    return _trimmed(canvas)


def _trimmed(image: Image.Image) -> Image.Image:
    """The ink alone, at one size."""
    return image.crop(ImageOps.invert(image).getbbox()).resize((48, 48))


def _distance(one: Image.Image, other: Image.Image) -> float:
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]
