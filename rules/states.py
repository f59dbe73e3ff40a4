"""The states of every lifecycle, by noun. What each means stands in `rules.lifecycle`."""

from enum import StrEnum


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENTING = "supplementing"
    ACCEPTED = "accepted"
    EVALUATING = "evaluating"
    CLARIFYING = "clarifying"
    EVALUATED = "evaluated"
    PASSED = "passed"
    ON_NOTICE = "on_notice"
    OBJECTED = "objected"
    TO_SIGN = "to_sign"
    NEGOTIATING = "negotiating"
    SIGNING = "signing"
    SIGNED = "signed"
    UNSETTLED = "unsettled"
    FAILED = "failed"
    BARRED = "barred"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AgreementState(StrEnum):
    NEGOTIATING = "negotiating"
    OFFERED = "offered"
    COUNTERSIGNING = "countersigning"
    CONCLUDED = "concluded"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    FAILED = "failed"
    LAPSED = "lapsed"


class ObjectionState(StrEnum):
    RAISED = "raised"
    JOINT = "joint"
    REJECTED = "rejected"
    UPHELD = "upheld"


class FilingState(StrEnum):
    SENT = "sent"
    CONFIRMED = "confirmed"


class ViolationState(StrEnum):
    CLUE = "clue"
    SET_ASIDE = "set_aside"
    REGISTERED = "registered"
    HEARD = "heard"
    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    DECIDED = "decided"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class CaseMeasureState(StrEnum):
    PLANNED = "planned"
    STRUCK = "struck"
    DECIDED = "decided"
    EXECUTED = "executed"


class RemittanceState(StrEnum):
    RECORDED = "recorded"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class StatementState(StrEnum):
    RECEIVED = "received"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    FIRST_AUDITED = "first_audited"
    SAMPLED = "sampled"
    RE_AUDITED = "re_audited"
    NOTIFIED = "notified"
    APPEALED = "appealed"
    JUDGED = "judged"
    SETTLED = "settled"
    APPROVED = "approved"
    PAID = "paid"


class CollectiveState(StrEnum):
    CONVENED = "convened"
    PASSED = "passed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class DeductionState(StrEnum):
    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class ReversalState(StrEnum):
    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class AppealState(StrEnum):
    LODGED = "lodged"
    EXAMINED = "examined"
    UPHELD = "upheld"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class RestorationState(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class CycleState(StrEnum):
    FROZEN = "frozen"
    SELF_ASSESSING = "self_assessing"
    COMPUTED = "computed"
    REVIEWED = "reviewed"
    ANNOUNCED = "announced"
    DECIDED = "decided"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    SUPERSEDED = "superseded"


class CreditInformationState(StrEnum):
    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    REVOKED = "revoked"


class RatingObjectionState(StrEnum):
    RAISED = "raised"
    ACCEPTED = "accepted"
    UPHELD = "upheld"
    CORRECTED = "corrected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class GradeChangeState(StrEnum):
    REQUESTED = "requested"
    PROPOSED = "proposed"
    EFFECTIVE = "effective"
    REFUSED = "refused"


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    REFUSED = "refused"
    ENDED = "ended"
    REPLACED = "replaced"


class SchemeDraftState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADOPTED = "adopted"
    REFUSED = "refused"
    DROPPED = "dropped"


class AmendmentState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CHECKED = "checked"
    ESCALATED = "escalated"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class UnfiledChangeState(StrEnum):
    FOUND = "found"
    NOTED = "noted"
    OVERDUE = "overdue"
    CHARGED = "charged"
    SETTLED = "settled"
    DISMISSED = "dismissed"


class ChangeNoticeState(StrEnum):
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"


class RenewalState(StrEnum):
    COLLECTED = "collected"
    APPLIED = "applied"
    ASSESSED = "assessed"
    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    OFFERED = "offered"
    RENEWED = "renewed"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class BatchState(StrEnum):
    PREPARED = "prepared"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class WithdrawalState(StrEnum):
    REQUESTED = "requested"
    AGREED = "agreed"
    DONE = "done"
    DECLINED = "declined"
    RECALLED = "recalled"
    VOID = "void"


class IndicationState(StrEnum):
    OPEN = "open"
    TAKEN_UP = "taken_up"
    SET_ASIDE = "set_aside"


class RectificationState(StrEnum):
    ORDERED = "ordered"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class TalkState(StrEnum):
    CALLED = "called"
    MISSED = "missed"
    HELD = "held"
    FILED = "filed"
    CANCELLED = "cancelled"


class ReinstatementState(StrEnum):
    REQUESTED = "requested"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ReferralState(StrEnum):
    DRAFTED = "drafted"
    SENT = "sent"
    RECEIVED = "received"
    ANSWERED = "answered"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class RegionNoticeState(StrEnum):
    RECEIVED = "received"
    FOLLOWED = "followed"
    SET_ASIDE = "set_aside"


class BlacklistingState(StrEnum):
    PROPOSED = "proposed"
    NOTICED = "noticed"
    DECIDED = "decided"
    LISTED = "listed"
    REMOVING = "removing"
    REMOVED = "removed"
    DROPPED = "dropped"


class CreditPledgeState(StrEnum):
    SIGNED = "signed"
    ALLEGED = "alleged"
    BREACHED = "breached"
    REPLACED = "replaced"
