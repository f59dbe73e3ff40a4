"""严重失信名单 and 信用承诺 in the demo county: every state of both, in each family, and each kind of subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from actions import blacklistings, credit_pledges, letters
from actions.blacklistings import Given, Sat
from commands.demo_agenda import Agenda
from commands.demo_county import person
from commands.demo_people import Cast
from database import session
from models import Blacklisting, CreditPledge
from queries import blacklistings as ask
from rules.blacklistings import BlacklistSubject as Who
from rules.collective import Ballot
from rules.lifecycle import BlacklistingState as S

GROUNDS = {Who.INSTITUTION: "refuse", Who.PRACTITIONER: "part", Who.INSURED: "person"}
FACTS = {
    Who.INSTITUTION: "两次拒绝现场检查，经责令改正后仍不提供进销存资料。",
    Who.PRACTITIONER: "将本人的医保编码借给他人使用，协助虚记服务 38 人次。",
    Who.INSURED: "将医保凭证交他人使用，并转卖由医保基金支付的药品 12 盒。",
}
VIEWS = "认识到错误，愿意退回费用。"
COUNCIL = ("chief", "leader", "finance")
FIRST = 7600  # nobody else in the county has these numbers
EARLY, LATE = 60, -45  # days after the start; working days before the end
HALF = timedelta(days=190)  # longer than the shortest time on the list


@dataclass(frozen=True)
class Story:
    """One entry. `number`: of the institution; `day`: after the start, or working days before the end."""

    number: int
    who: Who
    until: S
    day: int = LATE


STORIES = (
    Story(0, Who.INSURED, S.REMOVED, EARLY),
    Story(0, Who.INSURED, S.REMOVING, EARLY),
    Story(0, Who.PRACTITIONER, S.LISTED),
    Story(0, Who.INSURED, S.DROPPED),
    Story(0, Who.INSURED, S.DECIDED),
    Story(0, Who.INSURED, S.NOTICED, -3),
    Story(0, Who.INSURED, S.PROPOSED, -1),
    Story(12, Who.INSTITUTION, S.LISTED),
)
FAMILIES = ("medical", "pharmacy")


def write(agenda: Agenda, cast: Cast, code: Callable[[str, int], str | None]) -> None:
    """Entries of every kind, and what each of three institutions makes of its pledge."""
    for turn, family in enumerate(FAMILIES):
        for number, story in enumerate(STORIES):
            if place := code(family, story.number):
                serial = FIRST + 100 * turn + number
                entry = Entry(agenda, cast, place, story, serial)
                agenda.put(_day(agenda, story.day), entry.propose)
        for number, course in enumerate((Pledge.alleged, Pledge.renewed)):
            if place := code(family, number):
                pledge = Pledge(agenda, cast, place)
                agenda.put(agenda.start + timedelta(days=EARLY + 40), pledge.sign)
                agenda.put(agenda.work(agenda.end, -12), partial(course, pledge))


def _day(agenda: Agenda, day: int) -> date:
    return agenda.work(agenda.end, day) if day < 0 else agenda.start + timedelta(days=day)


class Entry:
    """One subject from the proposal to as far as its story goes."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str, story: Story, serial: int) -> None:
        self.agenda, self.cast, self.code, self.story = agenda, cast, code, story
        self.serial, self.key = serial, 0

    @property
    def row(self) -> Blacklisting:
        return session.get_one(Blacklisting, self.key)

    def propose(self, on: date) -> None:
        place, who = self.cast.institution(self.code), self.story.who
        insured = person(self.serial)
        registered = ask.people(place.id, on)[str(Who.PRACTITIONER)]
        given = Given(
            who, GROUNDS[who], FACTS[who], on - timedelta(days=30),
            person=registered[-1][0] if who is Who.PRACTITIONER else None,
            name=insured.name, id_number=insured.id_number,
        )  # fmt: skip
        row = blacklistings.propose(place, given, actor=self.cast["inspector_a"], on=on)
        session.flush()
        self.key = row.id
        if self.story.until != S.PROPOSED:
            self.agenda.later(1, self.tell)

    def tell(self, on: date) -> None:
        blacklistings.notify(self.row, actor=self.cast["reviewer"], on=on)
        (notice,) = letters.of(self.row, "blacklist_notice")
        letters.serve(
            notice, actor=self.cast["inspector_a"], on=on, method="直接送达", proof="示例送达回证"
        )
        if self.story.until != S.NOTICED:
            self.agenda.later(2, self.decide)

    def decide(self, on: date) -> None:
        cast, against = self.cast, self.story.until == S.DROPPED
        blacklistings.hear(self.row, text=VIEWS, actor=cast["clerk"], on=on)
        ballot = Ballot.AGAINST if against else Ballot.FOR
        seats = [Sat(int(cast[who].id or 0), cast[who].name, ballot) for who in COUNCIL]
        said = "情节较轻，已经退款。" if against else "事实清楚，证据充分，情节严重。"
        blacklistings.decide(self.row, seats, minutes=said, actor=cast["chief"], on=on)
        if self.story.until in (S.LISTED, S.REMOVING, S.REMOVED):
            self.agenda.later(1, self.enlist)

    def enlist(self, on: date) -> None:
        blacklistings.enlist(self.row, actor=self.cast["leader"], on=on)
        if self.story.until == S.REMOVED:
            self.agenda.put(self.agenda.work(on + HALF), self.ask)
        elif self.story.until == S.REMOVING:
            self.agenda.put(self.agenda.work(self.agenda.end, -1), self.ask)

    def ask(self, on: date) -> None:
        blacklistings.request(
            self.row, correction="已经全额退回费用。", corrected_on=on, actor=self.cast["clerk"], on=on
        )  # fmt: skip
        if self.story.until == S.REMOVED:
            self.agenda.later(1, self.remove)

    def remove(self, on: date) -> None:
        blacklistings.remove(self.row, actor=self.cast["reviewer"], on=on)


class Pledge:
    """One institution's pledge: signed early in the year, then broken or signed anew."""

    def __init__(self, agenda: Agenda, cast: Cast, code: str) -> None:
        self.agenda, self.cast, self.code, self.key = agenda, cast, code, 0

    def sign(self, on: date) -> None:
        place = self.cast.institution(self.code)
        signer = person(FIRST + 50).name
        row = credit_pledges.sign(
            place, signer=signer, signed_on=on, actor=self.cast.owners[self.code], on=on
        )
        session.flush()
        self.key = row.id

    def alleged(self, on: date) -> None:
        """Broken and confirmed; signed again, and something else is looked into on the last days."""
        self._allege(on)
        self.agenda.later(1, self._confirm)
        self.agenda.later(3, self.sign)
        self.agenda.later(5, self._allege)

    def renewed(self, on: date) -> None:
        """Signed anew in the wording of the day."""
        self.sign(on)

    def _allege(self, on: date) -> None:
        credit_pledges.allege(
            session.get_one(CreditPledge, self.key), facts_text="整改没有按期完成，也没有说明原因。",
            found_on=on, evidence="", actor=self.cast["inspector_a"], on=on,
        )  # fmt: skip

    def _confirm(self, on: date) -> None:
        row = session.get_one(CreditPledge, self.key)
        credit_pledges.confirm(row, actor=self.cast["reviewer"], on=on)
