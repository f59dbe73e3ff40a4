"""A press: a printing process, started with the first letter, never trusted.

The child gets no secrets, no network library call, limited memory, time and output. When it fails,
nothing of it is kept, and the next letter starts another one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from documents.fonts import FontMissing, Fonts, write_configuration
from documents.frames import FAILED, LETTER, PRINTED, READY, receive, send

ROOT = Path(__file__).resolve().parent.parent
MEBIBYTE = 1024 * 1024
LOOKS = 20  # how often a letter is looked after in its time


class RenderFailed(Exception):
    """A letter could not be printed; nothing was stored. The text is one Chinese sentence."""


@dataclass(frozen=True)
class Limits:
    """Seconds a letter, seconds to start, bytes, letters a process; `resident`: with how much it goes on.

    Seconds are of the processor: on a busy machine a long letter waits for its turn, and that is not its fault. Who
    waits for it waits `patience` times as long at most.
    """

    seconds: float = 15
    patience: int = 4
    start_seconds: float = 60
    memory: int = 1024 * MEBIBYTE
    output: int = 24 * MEBIBYTE
    letters: int = 400
    resident: int = 200 * MEBIBYTE


class Press:
    """Prints one letter at a time; threads of one process wait for each other."""

    def __init__(self, fonts: Fonts, limits: Limits) -> None:
        self.fonts = fonts
        self.limits = limits
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._printed = 0

    def forget(self) -> None:
        """After a fork: the child belongs to the process that started it, so leave it alone."""
        if self._child:
            self._child.returncode = 0  # this process must neither wait for it nor warn about it
            _close_pipes(self._child)
        self.__init__(self.fonts, self.limits)  # type: ignore[misc]

    @property
    def child_id(self) -> int | None:
        """Process id of the running child."""
        return self._child.pid if self._child else None

    def print(self, kind: str, facts: Mapping[str, Any]) -> bytes:
        """The PDF; raises RenderFailed with a sentence for people."""
        body = json.dumps({"kind": kind, "facts": facts}, ensure_ascii=False).encode()
        with self._lock:
            if self._worn_out():
                self._stop()
            if self._child is None:
                self._start()
            self._printed += 1
            tag, answer = self._exchange(LETTER, body, self.limits.seconds)
            if tag == PRINTED and answer.startswith(b"%PDF-"):
                if self._resident() > self.limits.resident:
                    self._stop()  # a long table leaves its memory behind
                return answer
            self._stop()
            raise RenderFailed(_sentence(answer.decode(errors="replace") if tag == FAILED else ""))

    def check(self) -> None:
        """Start it unless it runs: fonts are there and draw what they must. Raises RenderFailed."""
        with self._lock:
            if self._child is None:
                self._start()

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _worn_out(self) -> bool:
        child = self._child
        return child is not None and (
            child.poll() is not None or self._printed >= self.limits.letters
        )

    def _resident(self) -> int:
        """Bytes of memory the child holds."""
        pages = Path(f"/proc/{self.child_id}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _start(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="letters-")
        try:
            configuration = write_configuration(self.fonts, Path(self._folder))
        except FontMissing as missing:
            self._stop()
            raise RenderFailed(str(missing)) from None
        sizes = (str(self.limits.memory), str(self.limits.output))
        self._child = subprocess.Popen(
            [sys.executable, "-s", "-W", "ignore", "-m", "documents.child", *sizes],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=_environment(self._folder, configuration),
            start_new_session=True,  # Ctrl-C in a terminal is for the parent
        )
        self._printed = 0
        tag, answer = self._exchange(b"", b"", self.limits.start_seconds)
        if tag != READY:
            self._stop()
            raise RenderFailed(_sentence(answer.decode(errors="replace") or "NotReady"))

    def _exchange(self, tag: bytes, body: bytes, seconds: float) -> tuple[bytes, bytes]:
        """Sends a frame (if any) and reads the answer; a child that is late is killed."""
        child = self._child
        late, over = threading.Event(), threading.Event()
        given = (child, late, over, seconds, self.limits.patience)
        threading.Thread(target=_watch, args=given, daemon=True).start()
        try:
            if tag:
                send(cast(BinaryIO, child and child.stdin), tag, body)
            return receive(cast(BinaryIO, child and child.stdout), self.limits.output)
        except (EOFError, OSError):
            self._stop()
            raise RenderFailed(_sentence("Late" if late.is_set() else "Gone")) from None
        finally:
            over.set()

    def _stop(self) -> None:
        """Ends this press's own child, whatever it is doing, and removes its folder."""
        child, self._child = self._child, None
        if child:
            child.kill()
            _close_pipes(child)
            child.wait()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = ""


def _watch(
    child: subprocess.Popen[bytes],
    late: threading.Event,
    over: threading.Event,
    seconds: float,
    patience: int,
) -> None:
    """Kills the child when it has worked for so long, or was waited for `patience` times as long, before it is over."""
    begun = _worked(child)
    for _ in range(LOOKS * patience):
        if over.wait(seconds / LOOKS):
            return
        if _worked(child) - begun >= seconds:
            break
    late.set()
    child.kill()


def _worked(child: subprocess.Popen[bytes]) -> float:
    """Seconds of the processor that it has used; of one that is gone none."""
    try:
        told = Path(f"/proc/{child.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _close_pipes(child: subprocess.Popen[bytes]) -> None:
    for stream in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):  # what was still in the buffer has no reader any more
            cast(BinaryIO, stream).close()


def _environment(folder: str, configuration: Path) -> dict[str, str]:
    """What the child may know: no setting of the application, so no secret."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {
        **kept,
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "FONTCONFIG_FILE": str(configuration),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


_REASONS = {
    "Late": "排版超过规定时间",
    "Gone": "排版进程意外退出",
    "NotReady": "排版进程未能启动",
    "TooLarge": "文书超过规定大小",
    "MemoryError": "排版所需内存超过限额",
}


def _sentence(reason: str) -> str:
    reason, _, more = reason.partition(":")
    if reason == "NoGlyph":
        return (
            f"文书未能生成：字体中没有“{more}”的字形，或者画错。没有保存任何内容，"
            "请系统管理员在设置 FONT_FANGSONG 中换用字形完整的字体。"
        )
    why = _REASONS.get(reason, f"排版程序报告错误（{reason or '无回应'}）")
    return f"文书未能生成：{why}。没有保存任何内容，请稍后重试；仍不成功的，请告知系统管理员。"
