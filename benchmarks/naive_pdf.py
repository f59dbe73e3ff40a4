"""The same letter as a first version would print it: all made anew for each document, the machine's fonts.

`python -m benchmarks.naive_pdf WARM MEASURED HTML` prints its cost as JSON and leaves the page for other engines.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.agreement import facts
from benchmarks.figures import note
from config import ROOT
from documents.letters import freeze
from documents.paper import STYLE, Paper

FAMILIES = {
    "Letter FangSong": "",
    "Letter Title": "",
    "Letter Serif": "serif",
    "Letter Sans": "sans-serif",
}
CONFIGURATION = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>"""


def main() -> None:
    warm, measured, pages = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    _fonts(pages.parent)
    text = STYLE.read_text("utf-8")
    for own, usual in FAMILIES.items():
        text = text.replace(f'"{own}"', usual or '"Noto Serif CJK SC"')
    html = Paper().html("agreement", freeze("agreement", **facts()))
    pages.write_text(html.replace("</head>", f"<style>{text}</style></head>"), "utf-8")
    cpu, wall = [], []
    for number in range(warm + measured):
        used, started = time.process_time(), time.perf_counter()
        _print(html, text)
        if number >= warm:
            wall.append(time.perf_counter() - started)
            cpu.append(time.process_time() - used)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "wall": wall, "memory": memory}))


def _print(html: str, text: str) -> bytes:
    """As accessible as ours; nothing is kept from one document to the next."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 — after the fonts are known
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 — likewise

    fonts = FontConfiguration()
    style = CSS(string=text, font_config=fonts)
    pdf: bytes = HTML(string=html).write_pdf(stylesheets=[style], font_config=fonts, pdf_tags=True)
    return pdf


def _fonts(folder: Path) -> None:
    """The machine's Chinese fonts; where it has none, the ones of the product, found the usual way."""
    # fc-list by name: where it lies differs between systems
    listed = subprocess.run(["fc-list", ":lang=zh"], check=False, stdout=subprocess.PIPE).stdout  # noqa: S607 — see above
    if listed.strip():
        return
    note(
        "naive WeasyPrint: no Chinese font on this machine, so it is given the product's own font files"
    )
    file = Path(tempfile.mkdtemp(dir=folder)) / "fonts.conf"
    file.write_text(CONFIGURATION.format(folder=ROOT / "static" / "vendor" / "fonts"), "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(file)


if __name__ == "__main__":
    main()
