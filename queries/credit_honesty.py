"""Whether an institution is on the list of serious dishonesty, and whether it kept its pledge."""

from __future__ import annotations

from sqlalchemy import select

from database import session
from models import Blacklisting, CreditPledge, Institution
from queries import blacklistings
from queries.credit_period import Life, Period, Source, Values, counted, note, regional
from rules.blacklistings import BlacklistSubject
from rules.lifecycle import CreditPledgeState as S


def _blacklisted(period: Period, _lives: list[Life]) -> Values:
    """On the list on the last day of the period, by the dates of the entry."""
    query = (
        select(Blacklisting.place_id, Blacklisting.number)
        .join(Institution, Institution.id == Blacklisting.place_id)
        .where(
            Institution.pooling_region == period.region,
            Blacklisting.subject == BlacklistSubject.INSTITUTION,
            blacklistings.on_list(period.to_on),
        )
    )
    return {
        key: {"blacklisted": True, "blacklist_evidence": number}
        for key, number in session.execute(query)
    }


def _pledges(period: Period, _lives: list[Life]) -> Values:
    """Signed by the last day and not broken by then; breaches confirmed in the period."""
    query = regional(
        select(
            CreditPledge.institution_id,
            CreditPledge.number,
            CreditPledge.state,
            CreditPledge.confirmed_on,
        ),
        CreditPledge,
        period,
    ).where(CreditPledge.signed_on <= period.to_on)
    found = counted("pledges_signed", "pledges_breached")
    for key, number, state, confirmed_on in session.execute(query.order_by(CreditPledge.id)):
        broken = state == S.BREACHED and confirmed_on <= period.to_on
        if not broken:
            found[key]["pledges_signed"] = 1
            note(found[key], "pledge_evidence", number)
        elif period.holds(confirmed_on):
            found[key]["pledges_breached"] += 1
            note(found[key], "breach_evidence", number)
    return found


SOURCES = (
    Source({"blacklisted": False, "blacklist_evidence": ""}, _blacklisted),
    Source(
        {"pledges_signed": 0, "pledges_breached": 0, "pledge_evidence": "", "breach_evidence": ""},
        _pledges,
    ),
)
