"""约谈: called by letter, postponed, missed, held with attendance and minutes, filed with the signed record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from actions import events, letters, lifecycle, numbering, work_items
from actions.materials import Upload
from models import Attendee, Document, Institution, Practitioner, Talk
from queries import calendar_days
from rules import talks as rule
from rules.lifecycle import TalkState
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused
from rules.talks import Host, Person, Side


def call(
    institution: Institution,
    *,
    source: tuple[str, int] | None,
    called: Sequence[Person],
    reason: str,
    basis: str,
    planned_on: date,
    place: str,
    actor: Actor,
    on: date,
    practitioner: Practitioner | None = None,
    host: Host = Host.AGENCY,
    planned_time: str = "",
) -> Talk:
    """Call somebody of the institution to a talk and issue the notice. `source`: table and id of what it comes from.

    Refused without anybody called, reason or place, and for a day sooner than the notice has to reach ahead.
    """
    require(actor, Permission.CALL_TALK, institution)
    rule.check_called(called)
    _check_plan(institution, reason, place, planned_on, on)
    talk = Talk(
        institution=institution,
        practitioner=practitioner,
        host=host,
        source=source[0] if source else "",
        source_id=source[1] if source else None,
        reason=reason.strip(),
        basis=basis,
        called_on=on,
        planned_on=planned_on,
        planned_time=planned_time.strip()[:20],
        place=place.strip()[:200],
        recorded_by_id=actor.id,
        attendees=[_attendee(Side.CALLED, one) for one in called],
    )
    return _begin(talk, actor=actor, on=on)


def _begin(talk: Talk, *, actor: Actor, on: date) -> Talk:
    talk.number, talk.state = numbering.case_number("YT", on.year), TalkState.CALLED
    planned = talk.planned_on
    lifecycle.begin(
        talk, "summon", "通知约谈", actor=actor, on=on, basis=talk.basis, planned_on=planned
    )
    work_items.wait_until(talk, planned)
    _tell(talk, actor=actor, on=on)
    return talk


def postpone(
    talk: Talk,
    *,
    planned_on: date,
    reason: str,
    actor: Actor,
    on: date,
    place: str = "",
    planned_time: str = "",
) -> Document:
    """Another day, for a reason, with a new notice; also after nobody came."""
    if not reason.strip():
        raise Refused("请写明改期的理由。")
    _check_day(talk.institution, planned_on, on)
    before = talk.planned_on
    talk.planned_time = planned_time.strip()[:20] or talk.planned_time
    talk.place = place.strip()[:200] or talk.place
    _uncertain(talk)
    lifecycle.move(
        talk, "postpone", actor=actor, on=on, basis=talk.basis, note=reason.strip(),
        planned_on=planned_on,
    )  # fmt: skip
    work_items.wait_until(talk, planned_on)
    return _tell(talk, actor=actor, on=on, moved_from=before, moved_for=reason.strip())


def miss(talk: Talk, *, remark: str, actor: Actor, on: date) -> None:
    """Nobody of those called came. Refused before the planned day, or without what was done to reach them."""
    if on < talk.planned_on:
        raise Refused(
            f"约谈定在 {talk.planned_on}，日期未到。", cure="请在约谈日期当天或者以后登记。"
        )
    if not remark.strip():
        raise Refused("请写明未到场的情况。", cure="写明通知送达情况和对方说明的理由。")
    for one in talk.called:
        one.came = False
    lifecycle.move(talk, "miss", actor=actor, on=on, remark=remark.strip()[:500])


def hold(
    talk: Talk,
    *,
    held_on: date,
    came: Collection[int],
    staff: Sequence[Person],
    minutes: str,
    demands: str,
    actor: Actor,
    on: date,
    others: Sequence[Person] = (),
) -> Document:
    """Put the talk on record: who came (attendee ids), who held it, what was said and demanded; issue the record.

    Refused when none of those called came, with too few who held it, before the notice or for a day to come.
    """
    require(actor, Permission.HOLD_TALK, talk)
    if not talk.called_on <= held_on <= on:
        raise Refused("约谈日期应在通知之后、今天之前（含当日）。", cure="请核对约谈日期。")
    present = [one for one in talk.called if one.id in set(came)]
    family = talk.institution.kind.family
    rule.check_record(minutes, [one.person for one in present], staff, held_on, family)
    for one in talk.called:
        one.came = one in present
    for side, persons in ((Side.STAFF, staff), (Side.OTHER, others)):
        talk.attendees += [_attendee(side, one, came=True) for one in persons]
    lifecycle.move(
        talk, "hold", actor=actor, on=on, basis=talk.basis, held_on=held_on,
        minutes=minutes.strip(), demands=demands.strip(), remark="",
    )  # fmt: skip
    return _record(talk, actor=actor, on=on)


def file(talk: Talk, signed: Upload | None, *, actor: Actor, on: date) -> None:
    """File the record with its signed copy; None where the institution handed it in already."""
    if signed is not None:
        _keep(talk, signed)
    if talk.sha256 is None and talk.state == TalkState.HELD:
        raise Refused("还没有签字的约谈记录。", cure="请上传各方签字的约谈记录，再归档。")
    lifecycle.move(talk, "file", actor=actor, on=on, filed_on=on, file_name=talk.file_name)


def hand_in(talk: Talk, signed: Upload, *, actor: Actor, on: date) -> None:
    """The institution hands in the signed record of its own talk; the agency looks at it before it files it."""
    require(actor, Permission.HOLD_TALK, talk)
    if talk.state != TalkState.HELD:
        raise Refused("约谈记录登记以后、归档以前才能上传签字件。")
    _keep(talk, signed)
    events.record(talk, "hand_in", "上传签字的约谈记录", actor=actor, on=on, file=talk.sha256)


def _keep(talk: Talk, signed: Upload) -> None:
    if signed.media_type == "application/octet-stream":
        raise Refused("签字的约谈记录不是可以接收的文件。", cure="请上传 PDF、PNG 或者 JPG。")
    talk.file_name, talk.sha256 = signed.name, letters.keep(signed.content, signed.media_type)


def file_missed(talk: Talk, *, remark: str, actor: Actor, on: date) -> None:
    """File a talk to which nobody came: what follows is decided in the case."""
    if not remark.strip():
        raise Refused("请写明归档的理由。", cure="写明几次通知、为什么不再改期。")
    lifecycle.move(
        talk, "file_missed", actor=actor, on=on, filed_on=on, remark=remark.strip()[:500]
    )


def cancel(talk: Talk, *, reason: str, actor: Actor, on: date) -> None:
    """No talk, for a written reason."""
    if not reason.strip():
        raise Refused("请写明取消约谈的理由。")
    lifecycle.move(talk, "cancel", actor=actor, on=on, remark=reason.strip()[:500])


def _attendee(side: Side, one: Person, *, came: bool | None = None) -> Attendee:
    return Attendee(side=side, name=one.name.strip(), capacity=one.capacity.strip(), came=came)


def _uncertain(talk: Talk) -> None:
    """Who failed to come once is called again."""
    for one in talk.called:
        one.came = None


def _check_plan(
    institution: Institution, reason: str, place: str, planned_on: date, on: date
) -> None:
    if not reason.strip():
        raise Refused("请写明约谈的事由。", cure="写明发现的问题，便于对方准备。")
    if not place.strip():
        raise Refused("请写明约谈的地点。")
    _check_day(institution, planned_on, on)


def _check_day(institution: Institution, planned_on: date, on: date) -> None:
    family, workdays = institution.kind.family, calendar_days.workdays()
    rule.check_planned(planned_on, told_on=on, family=family, workdays=workdays)


def _tell(
    talk: Talk,
    *,
    actor: Actor,
    on: date,
    moved_from: date | None = None,
    moved_for: str = "",
) -> Document:
    person = talk.practitioner
    return letters.issue(
        "talk_notice",
        talk,
        talk.institution,
        actor=actor,
        on=on,
        institution=talk.institution.name,
        talk_number=talk.number,
        host=str(talk.host),
        called=[one.person.text for one in talk.called],
        practitioner=person.name if person else "",
        practitioner_code=person.code if person else "",
        reason=talk.reason,
        planned_on=talk.planned_on,
        planned_time=talk.planned_time,
        place=talk.place,
        moved_from=moved_from,
        moved_for=moved_for,
        basis=talk.basis,
    )


def _record(talk: Talk, *, actor: Actor, on: date) -> Document:
    def there(side: Side) -> list[str]:
        return [one.person.text for one in talk.attendees if one.side is side and one.came]

    return letters.issue(
        "talk_record",
        talk,
        talk.institution,
        actor=actor,
        on=on,
        addressee="",
        institution=talk.institution.name,
        talk_number=talk.number,
        host=str(talk.host),
        held_on=talk.held_on,
        place=talk.place,
        came=there(Side.CALLED),
        absent=[one.person.text for one in talk.called if not one.came],
        staff=there(Side.STAFF),
        others=there(Side.OTHER),
        reason=talk.reason,
        minutes=talk.minutes,
        demands=talk.demands,
        basis=talk.basis,
    )
