"""What is asked of an actor and a subject before a permission holds. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rules.roles import ADMINISTRATORS, Actor, Role

Predicate = Callable[[Actor, Any], bool]
ABOUT_ACTOR: set[Predicate] = set()
SEPARATED: set[Predicate] = set()  # who handled another step of the same case


def role(*roles: Role) -> Predicate:
    def holds(actor: Actor, _subject: Any) -> bool:
        return actor.role in roles

    ABOUT_ACTOR.add(holds)
    return holds


def separated(predicate: Predicate) -> Predicate:
    """Mark a condition that keeps the steps of one case in different hands."""
    SEPARATED.add(predicate)
    return predicate


def same_region(actor: Actor, subject: Any) -> bool:
    """Row scope of the agency's staff."""
    return bool(actor.pooling_region == subject.pooling_region)


def own_institution(actor: Actor, subject: Any) -> bool:
    return actor.institution_id is not None and actor.institution_id == subject.institution_id


def own_talk(_actor: Actor, subject: Any) -> bool:
    """A talk that the institution itself holds with its practitioner."""
    return str(subject.host) == "institution"


@separated
def not_proxy(actor: Actor, subject: Any) -> bool:
    """Whoever typed an application in for an institution takes no further part in it."""
    return actor.id is None or actor.id != subject.proxy_by_id


def is_proxy(actor: Actor, subject: Any) -> bool:
    """A clerk hands in only what the same clerk typed in: the institution's own application is the institution's."""
    return actor.id is not None and actor.id == subject.proxy_by_id


@separated
def not_recorder(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id != subject.recorded_by_id


@separated
def not_checker(actor: Actor, subject: Any) -> bool:
    """Whoever checked a change does not approve it."""
    return actor.id is not None and actor.id != subject.checked_by_id


@separated
def not_reviewer(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id != subject.reviewed_by_id


@separated
def not_involved(actor: Actor, subject: Any) -> bool:
    """Whoever took part in the decision does not judge what is said against it."""
    return actor.id is not None and actor.id not in subject.involved_user_ids


@separated
def not_examiner(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id != subject.examined_by_id


@separated
def not_first_auditor(actor: Actor, subject: Any) -> bool:
    """Nor whoever found or gave up something in the first audit and left its end to a colleague."""
    return actor.id is not None and actor.id not in subject.first_auditor_ids


@separated
def not_auditor(actor: Actor, subject: Any) -> bool:
    """Whoever audited a statement, whatever post it is now, neither settles nor pays it (令3 第二十八条)."""
    return actor.id is not None and actor.id not in subject.auditor_user_ids


@separated
def not_settler(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id not in subject.settler_user_ids


@separated
def not_approver(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id != subject.approved_by_id


@separated
def not_payer(actor: Actor, subject: Any) -> bool:
    """Whoever transferred money of a statement does not settle or approve the next transfer."""
    return actor.id is not None and actor.id not in subject.payer_user_ids


@separated
def not_decider(actor: Actor, subject: Any) -> bool:
    """Whoever decided that something is paid does not pay it (令3 第二十八条)."""
    return actor.id is not None and actor.id != subject.decided_by_id


@separated
def not_requester(actor: Actor, subject: Any) -> bool:
    """Whoever asked for something does not grant it."""
    return actor.id is not None and actor.id != subject.requested_by_id


@separated
def not_starter(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id != subject.started_by_id


def started_it(actor: Actor, subject: Any) -> bool:
    """What is carried out in somebody's name is begun by that person alone."""
    return actor.id is not None and actor.id == subject.started_by_id


def not_oneself(actor: Actor, subject: Any) -> bool:
    """Nobody switches off or promotes the own account."""
    return actor.id is not None and actor.id != subject.id


def no_administrator(_actor: Actor, subject: Any) -> bool:
    """Whoever issues a password could sign in with it: that would join two of the three administrators."""
    return subject.role not in ADMINISTRATORS


def not_recused(actor: Actor, subject: Any) -> bool:
    """Whoever stepped aside in a case loses it altogether."""
    return actor.id not in getattr(subject, "recused_user_ids", ())


def chief_decides(_actor: Actor, subject: Any) -> bool:
    """The measures of the case are within what the head of a section decides."""
    return getattr(subject, "approval", None) == "chief"


def on_council(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id in subject.council_user_ids


def on_team(actor: Actor, subject: Any) -> bool:
    return actor.id is not None and actor.id in subject.team_user_ids
