"""Letters of the demo county in batches: signed, printed and served; keys of institutions; service by public notice.

Supplementary agreements go the whole way: two institutions have a key and a consent; a letter to another one, which
has neither, is refused in the batch that serves.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from actions import batches, institution_keys, service
from actions.batches import Item
from commands.demo_agenda import Agenda
from commands.demo_people import Cast
from commands.demo_seals import PASSPHRASE, sample_key
from database import session
from models import Agreement, BatchRow, Document
from queries import institution_keys as keys
from rules.agreement_forms import AgreementForm
from rules.lifecycle import AgreementState
from rules.permissions import Actor

WAITED = timedelta(days=20)  # by then the demo has carried whatever it carries
ANNOUNCED = (
    "termination", "lapse", "suspension", "resumption", "amendment", "decline", "rectification_result",
    "rating_objection_result",
)  # fmt: skip
WHERE = "示例县医疗保障局门户网站，示例县医疗保障事业中心公告栏"
WHY = "先后两次直接送达、一次邮寄送达，均无人签收（样例）"


def write(agenda: Agenda, cast: Cast, codes: list[str | None]) -> None:
    """Those have a key before the supplements are drafted; the day after, the agency signs, prints and serves."""
    papers = Papers(agenda, cast, [code for code in codes if code])
    agenda.put(agenda.work(agenda.end, -13), papers.keys)
    agenda.put(agenda.work(agenda.end, -11), papers.sign)
    for before in (45, 5):
        agenda.put(agenda.work(agenda.end - timedelta(days=before)), partial(announce, cast))


class Papers:
    """`codes`: who has a key and consents to electronic service."""

    def __init__(self, agenda: Agenda, cast: Cast, codes: list[str]) -> None:
        self.agenda, self.cast, self.codes = agenda, cast, codes
        self.files: dict[int, bytes] = {}
        self.signed: list[int] = []

    def keys(self, on: date) -> None:
        for code in self.codes:
            place, owner = self.cast.institution(code), self.cast.owners[code]
            content = self.files[place.id] = sample_key(place.name, on=on)
            row = institution_keys.register(place, content, PASSPHRASE, actor=owner, on=on)
            institution_keys.approve(row, actor=self.cast["secadmin"], on=on)
            contact = f"{owner.name}，0990-0000000"
            service.give_consent(place, contact=contact, actor=owner, on=on)

    def sign(self, on: date) -> None:
        """The agency signs in a batch what waits for it."""
        query = select(Agreement).where(
            Agreement.form == AgreementForm.SUPPLEMENTARY,
            Agreement.state == AgreementState.COUNTERSIGNING,
        )
        found = list(session.scalars(query.order_by(Agreement.id)))
        self.signed = [row.id for row in found]
        items = [Item("agreement", row.id, row.institution.name, row.number) for row in found]
        self._batch("countersign", items, self.cast["leader"], on)
        self.agenda.put(on, self.print)

    def print(self, on: date) -> None:
        self._batch("print", self._items(), self.cast["clerk"], on)
        self.agenda.put(on, self.seal)

    def seal(self, on: date) -> None:
        """Whoever has a key signs after the agency."""
        for letter in self._letters():
            if keys.awaits_signature(letter):
                owner = self.cast.owners[str(letter.institution.code)]
                content = self.files[letter.institution.id]
                institution_keys.sign(letter, content, PASSPHRASE, actor=owner, on=on)
        self.agenda.put(on, self.serve)

    def serve(self, on: date) -> None:
        """Refused for one without consent, which shows in the batch."""
        others = [row for row in _unserved(on) if row.institution.id not in self.files]
        self._batch("serve", self._items() + _as_items(others[:1]), self.cast["clerk"], on)

    def _letters(self) -> list[Document]:
        query = select(Document).where(
            Document.kind == "agreement",
            Document.subject == "agreement",
            Document.subject_id.in_(self.signed),
        )
        return list(session.scalars(query.order_by(Document.id)))

    def _items(self) -> list[Item]:
        return _as_items(self._letters())

    def _batch(self, kind: str, items: list[Item], actor: Actor, on: date) -> None:
        """Prepared, confirmed and carried out as the clockwork does."""
        if not items:
            return
        batch = batches.prepare(kind, items, actor=actor, on=on)
        batches.start(batch, actor=actor, on=on)
        session.flush()
        query = select(BatchRow.id).where(BatchRow.batch_id == batch.id).order_by(BatchRow.id)
        for key in list(session.scalars(query)):
            batches.run_row(key, on, batches.make_row(key))


def announce(cast: Cast, on: date) -> None:
    """One letter of each family that nobody took is announced."""
    found: dict[str, Document] = {}
    for letter in _unserved(on):
        found.setdefault(letter.institution.kind.family, letter)
    for letter in found.values():
        service.announce(letter, since=on, where=WHERE, reason=WHY, actor=cast["clerk"], on=on)


def _unserved(on: date) -> list[Document]:
    """Letters that were not carried when the others of their time were."""
    query = select(Document).where(
        Document.kind.in_(ANNOUNCED),
        Document.served_on.is_(None),
        Document.announced_on.is_(None),
        Document.issued_on < on - WAITED,
        Document.institution_id.is_not(None),
    )
    return list(session.scalars(query.order_by(Document.id)))


def _as_items(letters: list[Document]) -> list[Item]:
    return [Item("document", row.id, row.recipient, f"{row.title} {row.number}") for row in letters]
