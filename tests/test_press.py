"""The printing process: bounded, restarted after every misfortune, gone with its parent."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pypdf
import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

import documents
from commands import house
from documents import fonts, glyphs
from documents.fonts import COMMON, FOLDER, SUPPLIED, Fonts
from documents.glyphs import NoGlyph
from documents.letters import freeze
from documents.press import MEBIBYTE, Limits, Press, RenderFailed
from tests.letter_facts import facts

pytestmark = pytest.mark.pure
ROOT = Path(__file__).resolve().parent.parent


def short() -> dict:
    return freeze("lapse", **facts("lapse", "pharmacy"))


def endless() -> dict:
    """An agreement that takes minutes to set."""
    clauses = [{"number": n, "text": "样例条款。" * 3000} for n in range(1, 60)]
    chapters = [{"title": "样例", "clauses": clauses}]
    return freeze("agreement", **facts("agreement", "medical", chapters=chapters))


@pytest.fixture
def new_press():
    made: list[Press] = []

    def make(fonts: Fonts | None = None, **limits) -> Press:
        made.append(Press(fonts or Fonts(), Limits(**limits)))
        return made[-1]

    yield make
    for press in made:
        press.close()


def gone(process: int) -> bool:
    """No such process, or only its entry waiting to be collected."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def gone_within(process: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not gone(process):
        time.sleep(0.05)
    return gone(process)


def test_a_letter_that_takes_too_long_is_killed_and_the_next_one_prints(new_press):
    press = new_press(seconds=0.8)
    begun = time.monotonic()
    with pytest.raises(RenderFailed, match="排版超过规定时间"):
        press.print("agreement", endless())
    assert press.child_id is None
    assert time.monotonic() - begun < 0.8 + 30  # starting on a busy machine included
    press.limits = Limits()
    assert press.print("lapse", short()).startswith(b"%PDF-")


def test_a_letter_that_waits_for_its_turn_is_not_late(new_press):
    """Its time is the processor's: stopped for longer than its limit, it prints all the same; for four times, it is late."""
    press = new_press(seconds=1.0)
    press.print("lapse", short())
    child = press.child_id
    os.kill(child, signal.SIGSTOP)
    threading.Timer(1.5, os.kill, (child, signal.SIGCONT)).start()
    begun = time.monotonic()
    assert press.print("lapse", short()).startswith(b"%PDF-")
    assert (time.monotonic() - begun > 1.4, press.child_id) == (True, child)
    press.limits = Limits(seconds=0.1)
    os.kill(child, signal.SIGSTOP)
    with pytest.raises(RenderFailed, match="排版超过规定时间"):
        press.print("lapse", short())
    assert gone_within(child, 5)


def test_a_press_that_died_or_did_its_number_of_letters_is_replaced(new_press):
    press = new_press(letters=2)
    processes = []
    for _ in range(3):
        press.print("lapse", short())
        processes.append(press.child_id)
    assert processes[0] == processes[1] != processes[2]
    assert gone(processes[0])
    os.kill(processes[2], signal.SIGKILL)
    press._child.wait(10)
    assert press.print("lapse", short()).startswith(b"%PDF-")
    assert press.child_id != processes[2]


def test_output_beyond_the_limit_is_refused(new_press):
    with pytest.raises(RenderFailed, match="文书超过规定大小"):
        new_press(output=5_000).print("lapse", short())


def test_memory_beyond_the_limit_is_refused_and_leaves_no_process(new_press):
    press = new_press(memory=200 * MEBIBYTE)
    with pytest.raises(RenderFailed, match="没有保存任何内容"):
        press.print("lapse", short())
    assert press.child_id is None


def test_the_limits_hold_in_the_process_and_no_secret_reaches_it(new_press, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "must-stay-with-the-parent")
    press = new_press()
    press.print("lapse", short())
    limits = Path(f"/proc/{press.child_id}/limits").read_text()
    bounds = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert bounds["Max address space"] == str(1024 * MEBIBYTE)
    assert bounds["Max core file size"] == "0"
    environment = Path(f"/proc/{press.child_id}/environ").read_text()
    assert "must-stay-with-the-parent" not in environment


def test_a_process_that_grew_large_does_not_go_on(new_press):
    press = new_press(resident=50 * MEBIBYTE)
    assert press.print("lapse", short()).startswith(b"%PDF-")
    assert press.child_id is None


def test_a_press_stays_small_and_what_a_letter_leaves_behind_goes_with_it(new_press):
    """Highest and present memory after the second and after the twentieth letter: 120 MB and 5 MB more at most."""
    press, given = new_press(), freeze("agreement", **facts("agreement", "medical"))
    held = []
    for number in range(20):
        press.print("agreement", given)
        if number in (1, 19):
            status = Path(f"/proc/{press.child_id}/status").read_text()
            lines = dict(line.split(":") for line in status.splitlines())
            held.append([int(lines[word].split()[0]) / 1024 for word in ("VmHWM", "VmRSS")])
    assert max(peak for peak, _ in held) < 120
    assert held[1][1] - held[0][1] < 5


def test_a_table_without_end_is_refused_at_once():
    """60,000 rows: refused before anything is printed, and this process grows by less than 50 MB."""
    row = facts("grade", "medical")["lines"][0]
    before, begun = _resident(), time.monotonic()
    with pytest.raises(documents.WrongFact, match="最多 2000 项"):
        documents.render("grade", facts("grade", "medical", lines=[row] * 60_000))
    assert time.monotonic() - begun < 20
    assert _resident() - before < 50 * MEBIBYTE


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def test_hostile_text_is_printed_as_it_stands_and_nobody_is_called(new_press):
    """A listener on this machine hears nothing; a picture of a thousand million pixels is text as well."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        hostile = (
            f'<img src="{address}/a.png" width="1000000000" height="1e9px"><img src=file:///etc/passwd>'
            f'<link rel=attachment href="{address}/b"><div style="width:1e9px;height:1e9px;'
            f'background:url({address}/c.png)">样</div>'
        )
        begun = time.monotonic()
        given = freeze("views", **facts("views", "pharmacy", facts_text=hostile))
        pdf = new_press().print("views", given)
        assert time.monotonic() - begun < 20
        with pytest.raises(TimeoutError):
            listener.accept()
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert "".join(hostile.split()) in text
    assert not reader.attachments
    assert not any(page.images for page in reader.pages)
    assert len(reader.pages) < 5


@pytest.mark.parametrize("sign", ["\U0001f600", "\U000f0000"])
def test_a_character_that_no_font_draws_is_named_instead_of_printed_as_nothing(new_press, sign):
    given = freeze("views", **facts("views", "pharmacy", facts_text=f"药师{sign}堃"))
    with pytest.raises(RenderFailed, match=f"没有“{sign}”的字形.*FONT_FANGSONG"):
        new_press().print("views", given)


def test_fonts_that_lack_what_letters_need_or_draw_the_yuan_as_a_dollar_are_found_at_the_start(
    new_press, tmp_path
):
    supplied = FOLDER / "NotoSansSC_400Regular.ttf"
    with TTFont(supplied) as font:
        for table in font["cmap"].tables:
            if ord("$") in table.cmap:
                table.cmap[ord("￥")] = table.cmap[ord("$")]
        font.save(tmp_path / "own.ttf")
    with pytest.raises(RenderFailed, match="没有“￥”的字形，或者画错"):
        new_press(Fonts(fangsong=str(tmp_path / "own.ttf"))).check()
    with pytest.raises(NoGlyph, match="\U0001f3e5"):
        glyphs.require("\U0001f3e5堃", glyphs.coverage([supplied]))


def outline(font: TTFont, sign: str) -> list:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[font.getBestCmap()[ord(sign)]].draw(pen)
    return pen.value


def test_reduced_fonts_draw_what_the_whole_ones_draw_and_leave_rare_characters_to_them(new_press):
    """The whole font is embedded for 㼆 alone: every other character of the letter comes from the reduced one."""
    for name in SUPPLIED:
        with TTFont(COMMON / name) as small, TTFont(FOLDER / name) as whole:
            for sign in (
                "医保定点协议䶮堃〔￥√啊齄𬸦赟A～—"
            ):  # 啊 and 齄: the first and the last hanzi of GB 2312
                assert outline(small, sign) == outline(whole, sign), (name, sign)
            assert ord("㼆") not in small.getBestCmap()
            assert ord("㼆") in whole.getBestCmap()
    shown = {}
    for text in ("样例药师", "样例药师㼆"):
        given = freeze("views", **facts("views", "pharmacy", facts_text=text))
        pages = pypdf.PdfReader(io.BytesIO(new_press().print("views", given))).pages
        shown[text] = {
            font["/BaseFont"].split("+")[1] for font in pages[0]["/Resources"]["/Font"].values()
        }
    assert shown["样例药师㼆"] - shown["样例药师"] == {"Letter-Serif-Whole"}


def test_without_reduced_fonts_the_whole_ones_print_and_the_doctor_says_so(
    new_press, monkeypatch, tmp_path
):
    assert house._press() == "ok"
    monkeypatch.setattr(fonts, "COMMON", tmp_path)
    assert new_press().print("lapse", short()).startswith(b"%PDF-")
    assert "没有精简字体" in house._press()


def test_a_missing_font_is_named_with_its_cure(new_press, tmp_path):
    press = new_press(Fonts(fangsong=str(tmp_path / "own-fangsong.ttf")))
    with pytest.raises(RenderFailed, match=r"缺少字体文件 own-fangsong.ttf.*FONT_FANGSONG"):
        press.print("lapse", short())


def test_the_fonts_of_a_bureau_are_used(new_press):
    own = ROOT / "static" / "vendor" / "fonts" / "NotoSansSC_400Regular.ttf"
    pdf = new_press(Fonts(fangsong=str(own), title=str(own))).print("lapse", short())
    fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    names = {font["/BaseFont"].split("+")[1] for font in fonts}
    assert {"Letter-FangSong", "Letter-Title-Bold"} <= {*names}, names


def test_wrong_facts_are_refused_before_anything_is_printed():
    with pytest.raises(documents.WrongFact, match="lapse：缺少事实"):
        documents.render("lapse", {"institution": "示例县样例医院"})


PARENT = """
import os, signal, sys
import documents
from documents.letters import freeze
from tests.letter_facts import facts
letter = freeze("lapse", **facts("lapse", "medical"))
first = documents.render("lapse", letter)
mine = documents.press().child_id
if os.fork() == 0:
    assert documents.press().child_id is None
    assert documents.render("lapse", letter) == first
    assert documents.press().child_id != mine
    documents.press().close()
    os._exit(0)
assert os.wait()[1] == 0
assert documents.render("lapse", letter) == first
assert documents.press().child_id == mine
print(mine, os.environ["HOW"], flush=True)
if os.environ["HOW"] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("how", ["killed", "ended"])
def test_a_fork_gets_its_own_press_and_the_press_goes_with_its_parent(how, tmp_path):
    environment = {**os.environ, "HOW": how, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", PARENT], env=environment, cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == (-signal.SIGKILL if how == "killed" else 0), run.stderr
    process, _ = run.stdout.split()
    assert gone_within(int(process), 10)
    end = time.monotonic() + 10
    while time.monotonic() < end and list(tmp_path.iterdir()):
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == [], "fonts and caches were left behind"
