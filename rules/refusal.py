"""A refused step, with the words the person at the counter needs."""

import re

_ITEM = re.compile(r"第[一二三四五六七八九十]+项$")


def whole_article(basis: str) -> str:
    """The citation without its last 第…项: for what the whole list says, not one line of it."""
    return _ITEM.sub("", basis)


class Refused(Exception):
    """The law or the state of the case does not allow this step.

    `why` is one Chinese sentence, `basis` the citation (《…》第…条), `cure` what to do next.
    """

    def __init__(self, why: str, *, basis: str = "", cure: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.basis = basis
        self.cure = cure

    def __str__(self) -> str:
        basis = f"依据：{self.basis.rstrip('。')}。" if self.basis else ""
        return f"{self.why}{basis}{self.cure}"

    def __reduce__(self) -> tuple:
        """Keep basis and cure when the refusal crosses a process border."""
        return _again, (self.why, self.basis, self.cure)


def _again(why: str, basis: str, cure: str) -> Refused:
    return Refused(why, basis=basis, cure=cure)
