"""Facts → HTML → PDF. Runs in the child process only; see press.py for the parent's side."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from documents import charts, dossier, finish, glyphs, seal_drawing, stamping
from documents.letter import Letter
from documents.letters import KINDS, thaw
from documents.seal import seal
from formatting import date_cn, number_cn

ROOT = Path(__file__).resolve().parent.parent
STYLE = ROOT / "static" / "letter.css"
DOSSIER_STYLE = ROOT / "static" / "dossier.css"
TITLE_LINE = 20  # characters of a title line
UNBROKEN = re.compile(  # words of titles, and what a figure counts
    r"[A-Za-z0-9]+[年月日号]?|[上下]半年|第.季度|医疗保障|信用等级|医疗机构|零售药店|药店|医院|协议|机构|名单|公示"
)


class NothingFetched(URLFetcher):
    """Refuses every address: the style sheet is handed over, and fonts come from fontconfig."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: Any = None) -> NoReturn:
        raise ValueError(f"letters fetch nothing: {url[:80]}")


class Paper:
    """Templates, style sheet and fonts, read once and shared by every letter of this process."""

    @cached_property
    def templates(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(ROOT / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            date_cn=date_cn,
            number_cn=number_cn,
            inline=inline,
            sentence=sentence,
            lines=lines,
            field=stamping.field,
        )
        environment.filters["article"] = article
        environment.globals.update(seal=seal, head_size=head_size, balanced=balanced, qr=qr)
        environment.globals["number_cn"] = number_cn
        environment.globals["svg"] = picture
        return environment

    @cached_property
    def stamps(self) -> stamping.Stamps:
        return stamping.Stamps()

    @cached_property
    def fonts(self) -> FontConfiguration:
        return FontConfiguration()

    @cached_property
    def drawn(self) -> frozenset[int]:
        """Every character that our fonts draw; they lie beside the configuration that names them."""
        shelf = Path(os.environ["FONTCONFIG_FILE"]).parent / "fonts"
        found = glyphs.coverage(sorted(shelf.iterdir()))
        glyphs.require(glyphs.NEEDED, found)
        return found

    @cached_property
    def style(self) -> CSS:
        return self._sheet(STYLE)

    @cached_property
    def dossier_style(self) -> CSS:
        return self._sheet(DOSSIER_STYLE)

    def _sheet(self, file: Path) -> CSS:
        text = file.read_text("utf-8")
        return CSS(string=text, font_config=self.fonts, url_fetcher=NothingFetched())

    def html(self, kind: str, facts: Mapping[str, Any]) -> str:
        if kind == dossier.KEY:
            shown = dossier.thaw(facts)
            return self.templates.get_template("documents/dossier.html").render(dossier=shown)
        letter: Letter = thaw(kind, facts)
        register = KINDS[kind]
        return self.templates.get_template(register.template).render(letter=letter, kind=register)

    def pdf(self, kind: str, facts: Mapping[str, Any]) -> bytes:
        if kind == seal_drawing.KEY:
            return self._seal(**facts)
        text = self.html(kind, facts)
        glyphs.require(text, self.drawn)
        page = glyphs.boxed(text)
        style = self.dossier_style if kind == dossier.KEY else self.style
        return self.stamps.print(page) or self.in_full(page, style)

    def in_full(self, page: str, style: CSS | None = None) -> bytes:
        """Laid out; letters like it may be stamped from then on."""
        pdf = stamping.drawn(self.laid_out(page, style)[1])
        self.stamps.learn(page, pdf, self.laid_out)
        finish.finish(pdf)
        return stamping.written(pdf)

    def laid_out(self, page: str, style: CSS | None = None) -> tuple[HTML, Document]:
        html = HTML(string=page, url_fetcher=NothingFetched())
        return html, html.render(
            font_config=self.fonts,
            stylesheets=[style or self.style],
            pdf_variant=stamping.VARIANT,
        )

    def _seal(self, name: str, sample: bool) -> bytes:
        """A seal alone, on a page of its size: what a signature shows."""
        page = self.templates.get_template("documents/seal.html").render(name=name, sample=sample)
        html = HTML(string=page, url_fetcher=NothingFetched())
        pdf: bytes = html.write_pdf(font_config=self.fonts)
        return pdf


def qr(text: str) -> Markup:
    """The text as a QR, drawn."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return Markup(drawn)  # noqa: S704 its only content is a path that segno drew


def picture(kind: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """The chart of a table; every word in it is escaped where it is drawn."""
    return Markup(charts.svg(kind, columns, rows))  # noqa: S704 drawn by documents.charts, which escapes every word


def inline(text: str) -> str:
    """A fact inside a sentence: without its own full stop and line breaks."""
    return re.sub(r"\s*\n\s*", "", text).rstrip("。；;")


def sentence(text: str) -> str:
    """A fact as a sentence: exactly one stop at its end."""
    return text if text.endswith(("。", "！", "？", "：")) else text.rstrip("；;，, .") + "。"


def lines(text: str) -> list[str]:
    """The paragraphs of a longer text."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def article(number: str) -> str:
    """7 → 第七条; a number already written out stays as it is."""
    if number.startswith("第"):
        return number
    plain = number.isdecimal() and 0 < int(number) < 100  # noqa: PLR2004 what number_cn writes out
    return f"第{number_cn(int(number)) if plain else number}条"


def balanced(title: str) -> list[str]:
    """A long title in two lines of like length, broken after a 的 near its middle if there is one, never in a word."""
    if len(title) <= TITLE_LINE:
        return [title]
    half = len(title) / 2
    inside = {n for word in UNBROKEN.finditer(title) for n in range(word.start() + 1, word.end())}
    most = max(TITLE_LINE, math.ceil(half))
    breaks = [n for n in range(len(title) - most, most + 1) if n not in inside] or [math.ceil(half)]
    after_de = [n for n in breaks if title[n - 1] == "的" and abs(n - half) <= TITLE_LINE / 4]
    place = min(after_de or breaks, key=lambda n: abs(n - half))
    return [title[:place], title[place:]]


def head_size(name: str) -> str:
    """Class of the red head: the longer the agency's name, the smaller the type."""
    sizes = ((9, "huge"), (11, "large"), (13, "medium"), (16, "small"), (20, "tiny"))
    return next((size for most, size in sizes if len(name) <= most), "double")
