"""A refused step, with the words the person at the counter needs."""


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
        return " ".join(part for part in (self.why, self.basis, self.cure) if part)

    def __reduce__(self) -> tuple:
        """Keep basis and cure when the refusal crosses a process border."""
        return _again, (self.why, self.basis, self.cure)


def _again(why: str, basis: str, cure: str) -> Refused:
    return Refused(why, basis=basis, cure=cure)
