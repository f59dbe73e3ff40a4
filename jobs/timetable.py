"""Which cases each job walks, and what it does to one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import (
    bans,
    batches,
    blacklistings,
    indications,
    licences,
    night,
    rectifications,
    registrations,
    reminders,
    renewal_ends,
    service,
    settlements,
    statement_appeals,
    suspensions,
    unfiled_changes,
)
from actions import points_talks as call_talks
from actions import withdrawals as act_withdrawals
from queries import (
    agreement_terms,
    applications,
    evaluation_windows,
    points_talks,
    qualification_measures,
    renewals,
    withdrawals,
)
from queries import bans as barred
from queries import batches as batched
from queries import blacklistings as listed
from queries import indications as indicated
from queries import jobs as ask
from queries import licences as ending_licences
from queries import rectifications as ordered
from queries import registrations as registered
from queries import service as served
from queries import statements as claimed
from queries import suspensions as suspended
from queries import unfiled_changes as unfiled
from rules.timetable import Outcome


@dataclass(frozen=True)
class Walk:
    """`due` lists the cases of a day; `act` asks the rule again under the lock and acts, or says why not.

    Long work that only reads is `make`: done before, while others may write, and handed to `act`.
    """

    subject: str
    due: Callable[[date], list[int]]
    act: Callable[..., Outcome]
    make: Callable[[int], Any] | None = None


WALKS = {
    "recompute-provisional-clocks": Walk(
        "statutory_clock", ask.provisional_clocks, night.recompute_clocks
    ),
    "end-due-suspensions": Walk("suspension", suspended.ending, suspensions.end_due),
    "end-overdue-suspensions": Walk(
        "suspension", suspended.running_long, suspensions.lapse_overdue
    ),
    "expire-agreements": Walk("agreement", agreement_terms.run_out, night.expire_agreement),
    "end-renewals": Walk("agreement", renewals.over, renewal_ends.end),
    "remind-renewals": Walk("agreement", renewals.to_remind, renewal_ends.remind),
    "remind-supplements": Walk("application", applications.awaiting_supplement, reminders.remind),
    "carry-out-withdrawals": Walk("withdrawal", withdrawals.due, act_withdrawals.carry_out),
    "find-grounds": Walk("agreement", indicated.due, indications.find),
    "end-notices": Walk("application", applications.notices_due, night.end_notice),
    "open-retries": Walk("application", evaluation_windows.opening, night.open_retry),
    "end-bans": Walk("ban", barred.ending, bans.end),
    "end-blacklistings": Walk("blacklisting", listed.ending, blacklistings.expire),
    "end-public-service": Walk("document", served.announced, service.end_announcement),
    "call-talks": Walk("practitioner", points_talks.due, call_talks.follow),
    "end-qualification-suspensions": Walk(
        "qualification_measure",
        qualification_measures.suspensions_over,
        night.end_qualification_suspension,
    ),
    "propose-unfiled-changes": Walk("unfiled_change", unfiled.running, unfiled_changes.propose),
    "call-overdue-rectifications": Walk(
        "rectification", ordered.overdue, rectifications.call_overdue
    ),
    "run-batches": Walk("batch_row", batched.to_run, batches.run_row, make=batches.make_row),
    "end-denial-appeals": Walk("statement", claimed.unopposed, statement_appeals.end_appeals),
    "release-held-costs": Walk("statement", claimed.holding, settlements.release_held),
    "warn-licences": Walk("licence", ending_licences.ending, licences.warn),
    "warn-personal-licences": Walk("registration", registered.ending, registrations.warn),
    "render-letters": Walk(
        "document", ask.pending_letters, night.store_letter, make=night.print_letter
    ),
}
