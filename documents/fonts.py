"""Which fonts a letter may use: those in static/vendor and a bureau's own, and no font of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).resolve().parent.parent / "static" / "vendor" / "fonts"
COMMON = (
    FOLDER.parent / "common-fonts"
)  # the same fonts with the characters of GB/T 2312 only, made by common_fonts
WHOLE = " Whole"  # behind the name of a family: the font with all its characters
SUPPLIED = {
    "NotoSerifSC_400Regular.ttf": "Letter Serif",
    "NotoSerifSC_700Bold.ttf": "Letter Serif",
    "NotoSansSC_400Regular.ttf": "Letter Sans",
    "NotoSansSC_700Bold.ttf": "Letter Sans",
}


class FontMissing(Exception):
    """A font file is not there; the sentence names it and the cure."""


@dataclass(frozen=True)
class Fonts:
    """Files of a bureau's licensed 仿宋 and 小标宋; empty means the supplied open fonts."""

    fangsong: str = ""
    title: str = ""

    def files(self) -> Iterator[tuple[Path, str]]:
        """Each file with the family name the style sheet calls it by. Raises FontMissing.

        Of a supplied font the reduced file if there is one; what that lacks is drawn by the whole one behind it.
        """
        own = ((self.fangsong, "Letter FangSong"), (self.title, "Letter Title"))
        yield from ((_present(Path(file)), family) for file, family in own if file)
        for name, family in SUPPLIED.items():
            if (COMMON / name).is_file():
                yield COMMON / name, family
            yield _present(FOLDER / name), family + WHOLE


def reduced() -> bool:
    """Whether every supplied font has its reduced file."""
    return all((COMMON / name).is_file() for name in SUPPLIED)


def write_configuration(fonts: Fonts, folder: Path) -> Path:
    """A fontconfig file in `folder` that knows these fonts alone, linked there under our names."""
    shelf = folder / "fonts"
    shelf.mkdir()
    rules = []
    for number, (file, family) in enumerate(fonts.files()):
        link = shelf / f"{number}{file.suffix}"
        link.symlink_to(file.resolve())
        rules.append(
            _RULE.format(file=escape(str(link)), family=family, more=_MORE.get(family, ""))
        )
    target = folder / "fonts.conf"
    text = _CONFIGURATION.format(
        shelf=escape(str(shelf)), cache=escape(str(folder)), rules="".join(rules) + _BEHIND
    )
    target.write_text(text, "utf-8")
    return target


def _present(file: Path) -> Path:
    if not file.is_file():
        raise FontMissing(
            f"缺少字体文件 {file.name}，请运行 script/setup，或检查设置 FONT_FANGSONG、FONT_TITLE。"
        )
    return file


_RULE = """
  <match target="scan">
    <test name="file" compare="eq"><string>{file}</string></test>
    <edit name="family" mode="prepend"><string>{family}</string></edit>{more}
  </match>"""

# 小标宋 comes in one weight: called bold, so that nothing thickens it artificially
_MORE = {"Letter Title": '<edit name="weight" mode="assign"><const>bold</const></edit>'}

# whoever asks for a family is given the whole font behind it as well: for a rare character, or where none is reduced
_BEHIND = "".join(
    f"""
  <match target="pattern">
    <test name="family" qual="any"><string>{family}</string></test>
    <edit name="family" mode="append" binding="same"><string>{family}{WHOLE}</string></edit>
  </match>"""
    for family in sorted({*SUPPLIED.values()})
)

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{shelf}</dir>
  <cachedir>{cache}</cachedir>{rules}
</fontconfig>
"""
