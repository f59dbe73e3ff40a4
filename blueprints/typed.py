"""What came in with a form or a query string, as somebody could have typed it.

Signs that cannot be printed, or that turn the order of what is read, have no place in a register: a letter could not
be issued with them, PostgreSQL keeps no NUL, and a name could be shown as another. They go before anybody sees them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

from rules.refusal import Refused

_LINES = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")  # of word processors
_TURNING = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_CHANGED = {**_LINES, **_TURNING}


def tidy(text: str) -> str:
    """Without control signs but tab and line ends, without surrogates and signs that turn the direction."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        sign for sign in text.translate(_CHANGED) if sign in "\t\r\n" or not _is_control(sign)
    )


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"}


def keys(words: Iterable[str]) -> list[int]:
    """The numbers of rows among what was ticked; whatever is none, or too long to be one, is left out."""
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 10]


def valid(form: Any) -> Any:
    """The form, when it is filled in; else Refused with what is wrong."""
    if not form.validate_on_submit():
        raise Refused("；".join(str(one) for errors in form.errors.values() for one in errors))
    return form


class Parser(FormDataParser):
    """Reads a form of either encoding; values and file names are tidied, the bytes of files are not."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        for file in (one for given in files.listvalues() for one in given):
            file.filename = tidy(file.filename or "")
        return rest, self.cls([(name, tidy(text)) for name, text in form.items(multi=True)]), files


class Typed(Request):
    """Every door reads its input through it, so that none has to think of it."""

    form_data_parser_class = Parser

    @cached_property
    def args(self) -> MultiDict[str, str]:
        return ImmutableMultiDict(
            [(name, tidy(text)) for name, text in super().args.items(multi=True)]
        )
