"""The same letter as a first version would print it: all made anew for each document, the machine's fonts.

`python -m benchmarks.naive_pdf HTML` leaves the page there for other engines, then prints a document for every line of
its standard input and answers what it cost as JSON.
"""

from __future__ import annotations

import json
import os
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
    pages = Path(sys.argv[1])
    _fonts(pages.parent)
    text = STYLE.read_text("utf-8")
    for own, usual in FAMILIES.items():
        text = text.replace(f'"{own}"', usual or '"Noto Serif CJK SC"')
    html = Paper().html("agreement", freeze("agreement", **facts()))
    pages.write_text(html.replace("</head>", f"<style>{text}</style></head>"), "utf-8")
    for _asked in sys.stdin:
        used, started = time.process_time(), time.perf_counter()
        _print(html, text)
        wall, cpu = time.perf_counter() - started, time.process_time() - used
        print(json.dumps({"cpu": cpu, "wall": wall, "memory": _peak()}), flush=True)


def _print(html: str, text: str) -> bytes:
    """As accessible as ours, but no PDF/A; nothing is kept from one document to the next."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 — after the fonts are known
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 — likewise

    fonts = FontConfiguration()
    style = CSS(string=text, font_config=fonts)
    pdf: bytes = HTML(string=html).write_pdf(stylesheets=[style], font_config=fonts, pdf_tags=True)
    return pdf


def _peak() -> float:
    """Highest memory in MB. Not from getrusage, which begins with what the parent had."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _fonts(folder: Path) -> None:
    """The machine's Chinese fonts; where it has none, the ones of the product, found the usual way."""
    # fc-list by name: where it lies differs between systems
    ask = ["fc-list", ":lang=zh-cn", "file"]
    listed = subprocess.run(ask, check=False, stdout=subprocess.PIPE, text=True).stdout
    if listed.strip():
        collections = sum(".ttc" in line for line in listed.splitlines())
        note(f"naive WeasyPrint: the machine's Chinese fonts, {collections} of them in collections")
        return
    note(
        "naive WeasyPrint: no Chinese font on this machine, so it is given the product's own font files"
    )
    file = Path(tempfile.mkdtemp(dir=folder)) / "fonts.conf"
    file.write_text(CONFIGURATION.format(folder=ROOT / "static" / "vendor" / "fonts"), "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(file)


if __name__ == "__main__":
    main()
