"""The addresses of designation there are to look at in a furnished county, by who sees most on each page."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from database import session
from models import (
    Agreement,
    Amendment,
    Application,
    Batch,
    CampaignResult,
    ChangeNotice,
    CollectiveDecision,
    Document,
    Evaluator,
    Filing,
    Indication,
    Licence,
    Objection,
    Opinion,
    RegionNotice,
    Renewal,
    UnfiledChange,
    Untrustworthy,
    Withdrawal,
)
from rules.permissions import Actor, Role
from tests import factories_renewal as renewals


def addresses(kind: str, staff: dict[Role, Actor]) -> dict[str, list[str]]:
    """Walker → pages, of a county that `whole_county.furnish` and `judge` furnished with this one kind."""
    return {**_agency(kind, staff), **_portal(kind), "guest": _public()}


def _of_kind(kind: str, pages: dict[str, list[str]]) -> dict[str, list[str]]:
    """A page of one thing differs by its kind; a list or an empty form does not, and is looked at once."""
    numbered = re.compile(r"\d")
    return {
        name: [path for path in paths if kind == "pharmacy" or numbered.search(path)]
        for name, paths in pages.items()
    }


def _first(model: Any, **given: object) -> Any:
    return session.scalars(select(model).filter_by(**given).order_by(model.id)).first()


def _id(model: Any, **given: object) -> int:
    return int(_first(model, **given).id)


def _agency(kind: str, staff: dict[Role, Actor]) -> dict[str, list[str]]:
    agreement = _id(Agreement, state="concluded")
    decision = _first(CollectiveDecision)
    vote = next(row for row in decision.votes if row.user_id == staff[Role.LEADER].id)
    own = _id(Evaluator, user_id=staff[Role.FIRST_AUDITOR].id)
    pages = {
        "chief": [
            "/evaluators", f"/evaluators/{own}", "/evaluations", f"/applications/{_without_team()}/team",
            "/notices", "/objections", f"/objections/{_id(Objection)}",
            "/collective-decisions", f"/collective-decisions/{decision.id}", "/filings",
            "/batches", f"/batches/{_id(Batch, state='running')}", f"/amendments/{_id(Amendment, state='escalated')}",
        ],
        "first_auditor": [f"/evaluations/opinions/{_id(Opinion, evaluator_id=own)}"],
        "reviewer": [
            f"/amendments/{_id(Amendment, state='checked')}", f"/withdrawals/{_id(Withdrawal, state='requested')}",
            f"/renewals/{_id(Renewal, state='assessed')}",
        ],
        "leader": [
            f"/collective-decisions/votes/{vote.id}", f"/renewals/{_id(Renewal, state='proposed')}",
            f"/cases/{decision.violation_id}",
        ],
        "bureau": [f"/filings/{_id(Filing, state='sent')}"],
        "inspector": _inspector(agreement),
        "clerk": _clerk(agreement),
    }  # fmt: skip
    return _of_kind(kind, pages)


def _inspector(agreement: int) -> list[str]:
    found = _first(UnfiledChange)
    return [
        "/indications", f"/indications/{_id(Indication)}", f"/indications/new?agreement={agreement}",
        "/region-notices", f"/region-notices/{_id(RegionNotice)}", f"/region-notices/new?agreement={agreement}",
        f"/institutions/{found.institution_id}/unfiled-changes", f"/amendments/unfiled/{found.id}",
    ]  # fmt: skip


def _clerk(agreement: int) -> list[str]:
    told = _first(ChangeNotice)
    left = _first(CampaignResult, cleared_on=None)
    return [
        f"/applications/{_id(Application, state='on_notice')}/findings",
        "/amendments", "/amendments/new", f"/amendments/{_id(Amendment, state='submitted')}",
        "/amendments/unfiled", "/amendments/notices", f"/amendments/notices/{told.id}",
        f"/institutions/{told.institution_id}/change-notices",
        "/institutions/licences", f"/licences/{_id(Licence)}",
        "/renewals", f"/renewals/{_id(Renewal, state='agreed')}", f"/batches/{_id(Batch, state='prepared')}",
        "/campaigns", "/campaigns/new", f"/campaigns/{left.campaign_id}", f"/campaigns/results/{left.id}/clear",
        "/withdrawals", f"/withdrawals/new?agreement={agreement}",
        "/penalties", "/penalties/new", "/untrustworthy", "/untrustworthy/import",
        f"/untrustworthy/{_id(Untrustworthy)}",
    ]  # fmt: skip


def _without_team() -> int:
    waiting = session.scalars(
        select(Application).filter_by(state="accepted").order_by(Application.id)
    )
    return next(row.id for row in waiting if not row.evaluations)


def _portal(kind: str) -> dict[str, list[str]]:
    draft = _id(Amendment, state="draft")
    asked, renewal = _first(Renewal, state="applied"), _ending()
    return {
        f"changing {kind}": [
            "/portal/amendments", f"/portal/amendments/{draft}", f"/portal/amendments/{draft}/items/address",
            f"/portal/amendments/{draft}/withdraw", "/portal/change-notices",
        ],
        f"leaving {kind}": [
            "/portal/withdrawals", f"/portal/withdrawals/{_id(Withdrawal, state='agreed')}",
        ],
        f"renewal asked {kind}": [
            f"/portal/renewals/{asked.id}", "/portal/withdrawals/new/terminate", "/portal/withdrawals/new/suspend",
        ],
        f"renewal to ask {kind}": ["/portal/renewals", f"/portal/agreements/{renewal}/renewal"],
    }  # fmt: skip


def _ending() -> int:
    """The agreement whose institution is about to ask for its renewal: the newest that ends."""
    newest = select(Agreement).filter_by(term_to=renewals.TO).order_by(Agreement.id.desc())
    return session.scalars(newest).first().id


def _public() -> list[str]:
    notice = _first(Document, kind="public_notice").verify_code
    return [
        "/public/notices",
        f"/public/notices/{notice}/objection",
        f"/public/notices/{notice}/thanks",
    ]
