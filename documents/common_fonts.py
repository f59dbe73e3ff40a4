"""The supplied fonts reduced to the characters of almost every letter; `script/setup` makes them once.

A printing process reads a font whole for each letter. Of 31,000 glyphs a letter takes a few hundred, so that the
files of 8,000 are a quarter of the memory and of the time; the whole font stands behind them for rare characters.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]  # published without types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # published without types

from documents.fonts import COMMON, FOLDER, SUPPLIED
from documents.glyphs import NEEDED

ROWS = range(0xA1, 0xF8)  # of GB/T 2312: signs, then hanzi of both levels
CELLS = range(0xA1, 0xFF)
SIGNS = (  # Latin, punctuation, arrows, mathematics, numbers in circles, squared units, full width
    *range(0x20, 0x250), *range(0x2000, 0x2300), *range(0x2460, 0x2700), *range(0x3000, 0x3040),
    *range(0x3200, 0x3400), *range(0xFF00, 0xFFF0),
)  # fmt: skip
NAMES = (  # what names of people and places bring most often from outside GB/T 2312
    "〇乂仝伃佺倓倢偲傕儇凃勍勐匜厍叡吔呙喆囍圳坤垚垟垲埇埕埗堃堉墘壵夔妤姁姈姞婳婵媃媖嫄嫚嬿孖孜宬宥寔"
    "尕屾岍岏岘岚峤峣崟崧嵊巘帆幂弢彧彣徕忞恺惇懿戬扆抻攸敉旻旼昀昇昉昊昕昙昪昫昳昴晁晅晗晙晞晟晢晧晳暄暅暐暠暻曈曌"
    "朊杪杼枋柘栩桢桦梓梣棽楙楠楷榕樾橦欤歆毓氚汐汭沄沅沐沣泓泖泠泫泽洙洢洧洸浔浠浥涵淏淇淼渌渼湉湜溁滢滟漪潆潇潼澔澍瀚灏"
    "炆炅炘炜炫炯烜烨焓焜焱焯煊煜煦熠熹燊燚爔犇玎玕玘玙玚玠玢玥玦玮玹珅珈珏珑珝珣珥珩珮珺琀琇琏琛琤琦琨琪琬琭琮琰瑀瑄瑆瑗瑛瑜瑢瑨瑱瑶瑾"
    "璇璐璘璟璠璨璪瓅瓒甡甯畇畹皓皛皞眙睿矞砚祎祐祚祜祯禔禛禤秾竑竣筠筱箐篪綦绮缃缦羿翀翃翊翎翙翚翯聃胤臻舸艮芃芊芮苡茉茗茜荃荟莙菁菡萱葳蓁蓓蔺蕙薏蘅蘧"
    "虓袆袗裬觅訚誉諠譞诩谧谡贇赟赪赫跞轶轺轾辚邗邡邰郄郐郗郦郯郾鄄鄌鄞鄢釉鈺鋆錡鎏钊钏钰钶铖铠铭铱铳锐锜锟锳锴镕镠闫闱闳阅阗阚阡陟隗霁霂霄霈霏霖霰靓靖韫頔颉颋颍颖颙颢飏飔馥骁骅骆骉骐骙骢骥"
    "鱻鲲鳌鸢鸿鹍鹓鹭麒麟黛鼐龑䶮㛃𬸦𬍛𬭎𬱖𬸣𫍯𫖮"
)
STAMP = "made-from"


def characters() -> frozenset[str]:
    """GB/T 2312 as GB 18030 reads it, the characters of names, and signs."""
    listed = (
        bytes((row, cell)).decode("gb18030", errors="ignore") for row in ROWS for cell in CELLS
    )
    return frozenset("".join(listed) + NAMES + NEEDED + "".join(map(chr, SIGNS)))


def make() -> None:
    """One small file for each supplied one, in `COMMON`; nothing to do when they are of these very files."""
    mark = _mark()
    stamp = COMMON / STAMP
    if stamp.is_file() and stamp.read_text() == mark:
        return
    COMMON.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name in SUPPLIED:
        _reduce(FOLDER / name, COMMON / name)
    stamp.write_text(mark)
    print(f"{COMMON.name}: {len(SUPPLIED)} fonts")


def _reduce(source: Path, target: Path) -> None:
    wanted = subset.Subsetter(subset.Options(notdef_outline=True))
    wanted.populate(unicodes=map(ord, characters()))
    with TTFont(source, lazy=True) as font:
        wanted.subset(font)
        unfinished = target.with_suffix(".part")
        font.save(unfinished)
    unfinished.replace(target)  # a press that runs keeps the file it opened


def _mark() -> str:
    read = [FOLDER / name for name in SUPPLIED] + [Path(__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in read)).hexdigest()


if __name__ == "__main__":
    make()
