"""The printing process: reads letters from its standard input, answers with PDFs, dies with its parent.

Started by press.py as `python -m documents.child MEMORY OUTPUT`. One frame is a tag, a length, a body.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import resource
import shutil
import sys
import threading
import traceback
from typing import BinaryIO

from documents.frames import FAILED, PRINTED, READY, receive, send
from documents.glyphs import NoGlyph

LARGEST_FILE = 64 * 1024 * 1024  # of the font cache and temporary files
OPEN_FILES = 128
LEFT_BEHIND = 5_000  # objects: any layout leaves more, a letter that was stamped does not
COLLECT_AFTER = 50_000  # objects: in the middle of a letter only of a very long one


def main() -> None:
    memory, largest = int(sys.argv[1]), int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not land between two frames
    letters: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, letters), daemon=True).start()
    _limit(memory)
    from documents.paper import Paper  # noqa: PLC0415 under the limits, after the listener

    paper = Paper()
    try:
        _ = paper.style, paper.templates, paper.drawn
    except NoGlyph as missing:
        send(answers, FAILED, _told(missing))
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    send(answers, READY, b"")
    while True:
        request = json.loads(letters.get())
        send(answers, *_answer(paper, request, largest))
        if gc.get_count()[0] > LEFT_BEHIND:
            gc.collect()  # boxes know their parents: what a layout leaves behind goes at once, not in twenty letters


def _answer(paper, request: dict, largest: int) -> tuple[bytes, bytes]:  # type: ignore[no-untyped-def]
    try:
        pdf = paper.pdf(request["kind"], request["facts"])
    except Exception as error:  # noqa: BLE001 whatever went wrong, the parent must hear of it
        traceback.print_exc()
        return FAILED, _told(error)
    return (PRINTED, pdf) if len(pdf) <= largest else (FAILED, b"TooLarge")


def _told(error: Exception) -> bytes:
    more = str(error) if isinstance(error, NoGlyph) else ""
    return f"{type(error).__name__}:{more}".encode()


def _listen(source: BinaryIO, letters: queue.Queue[bytes]) -> None:
    """Passes letters on. The end of input means the parent is gone: leave at once, even in mid-letter."""
    try:
        while True:
            letters.put(receive(source)[1])
    except (EOFError, OSError):
        shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
        os._exit(0)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
