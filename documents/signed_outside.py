"""A file of ours that came back with a signature made by somebody else's program: is it ours, and nothing but signed?

A key on a device (PKCS#11, USB) cannot be reached from here, so its holder signs outside. The file is read in a
process of its own with limited memory and time: what comes from outside is not trusted before it is checked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_ADDED = 4 * 1024 * 1024  # bytes a signature with its seal and time stamp may add
SECONDS = 30
AGAIN = "请重新下载文件，用密码设备附带的签名程序签名，增量保存，不作其他改动。"


class NotSound(Exception):
    """The file is not taken; the text is one Chinese sentence."""


def certificate_in(ours: bytes, theirs: bytes, field: str = "") -> str:
    """The certificate (PEM) of the one signature that was added to `ours`, in `field` (empty: in a field of its own).

    NotSound unless `theirs` is `ours`, byte for byte, with this one signature after it, which covers the whole file
    and changes nothing else: no page, no other field, no annotation.
    """
    if len(theirs) > len(ours) + MOST_ADDED:
        most = (len(ours) + MOST_ADDED) // 1024 // 1024 + 1
        raise NotSound(f"文件过大，签名后的文件不会超过 {most} MB。")
    if not theirs.startswith(ours):
        raise NotSound("上传的不是由系统下载的文件签成的：开头的内容与下载的文件不一致。")
    if not theirs[len(ours) :].strip():
        raise NotSound("上传的文件还没有签名。")
    return _asked(ours, theirs, field)


def _asked(ours: bytes, theirs: bytes, field: str) -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", "documents.signed_child", str(len(ours)), field],
            input=theirs,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise NotSound("文件读不出签名：文件不完整，或者不是 PDF。") from None
    if "certificate" not in answer:
        raise NotSound(answer["why"])
    return str(answer["certificate"])
