"""The lifecycles, as tables: states with their meaning, moves with their sources.

Menus, badges, public states, work-list steps and the (state × verb) tests are read from here.
"""

from __future__ import annotations

from rules.lifecycles_amendment import AMENDMENT as AMENDMENT
from rules.lifecycles_amendment import CHANGE_NOTICE as CHANGE_NOTICE
from rules.lifecycles_amendment import UNFILED_CHANGE as UNFILED_CHANGE
from rules.lifecycles_blacklist import BLACKLISTING as BLACKLISTING
from rules.lifecycles_blacklist import CREDIT_PLEDGE as CREDIT_PLEDGE
from rules.lifecycles_credit import CREDIT_INFORMATION as CREDIT_INFORMATION
from rules.lifecycles_credit import CYCLE as CYCLE
from rules.lifecycles_credit import GRADE_CHANGE as GRADE_CHANGE
from rules.lifecycles_credit import PROPOSAL as PROPOSAL
from rules.lifecycles_credit import RATING_OBJECTION as RATING_OBJECTION
from rules.lifecycles_credit import SCHEME_DRAFT as SCHEME_DRAFT
from rules.lifecycles_designation import AGREEMENT as AGREEMENT
from rules.lifecycles_designation import APPLICATION as APPLICATION
from rules.lifecycles_designation import FILING as FILING
from rules.lifecycles_designation import OBJECTION as OBJECTION
from rules.lifecycles_exit import COLLECTIVE_DECISION as COLLECTIVE_DECISION
from rules.lifecycles_exit import INDICATION as INDICATION
from rules.lifecycles_exit import REGION_NOTICE as REGION_NOTICE
from rules.lifecycles_exit import WITHDRAWAL as WITHDRAWAL
from rules.lifecycles_money import STATEMENT as STATEMENT
from rules.lifecycles_points import APPEAL as APPEAL
from rules.lifecycles_points import DEDUCTION as DEDUCTION
from rules.lifecycles_points import RESTORATION as RESTORATION
from rules.lifecycles_points import REVERSAL as REVERSAL
from rules.lifecycles_rectification import RECTIFICATION as RECTIFICATION
from rules.lifecycles_rectification import REFERRAL as REFERRAL
from rules.lifecycles_renewal import BATCH as BATCH
from rules.lifecycles_renewal import RENEWAL as RENEWAL
from rules.lifecycles_supervision import CASE_MEASURE as CASE_MEASURE
from rules.lifecycles_supervision import REMITTANCE as REMITTANCE
from rules.lifecycles_supervision import VIOLATION as VIOLATION
from rules.lifecycles_talk import REINSTATEMENT as REINSTATEMENT
from rules.lifecycles_talk import TALK as TALK
from rules.lifecycles_year import ANNUAL_BUDGET as ANNUAL_BUDGET
from rules.lifecycles_year import ANNUAL_SETTLEMENT as ANNUAL_SETTLEMENT
from rules.lifecycles_year import PREPAYMENT as PREPAYMENT
from rules.lifecycles_year import RETENTION_RELEASE as RETENTION_RELEASE
from rules.moves import Lifecycle as Lifecycle
from rules.moves import Move as Move
from rules.moves import State as State
from rules.states import AgreementState as AgreementState
from rules.states import AmendmentState as AmendmentState
from rules.states import AppealState as AppealState
from rules.states import ApplicationState as ApplicationState
from rules.states import BatchState as BatchState
from rules.states import BlacklistingState as BlacklistingState
from rules.states import CaseMeasureState as CaseMeasureState
from rules.states import ChangeNoticeState as ChangeNoticeState
from rules.states import CollectiveState as CollectiveState
from rules.states import CreditInformationState as CreditInformationState
from rules.states import CreditPledgeState as CreditPledgeState
from rules.states import CycleState as CycleState
from rules.states import DeductionState as DeductionState
from rules.states import FilingState as FilingState
from rules.states import GradeChangeState as GradeChangeState
from rules.states import IndicationState as IndicationState
from rules.states import ObjectionState as ObjectionState
from rules.states import ProposalState as ProposalState
from rules.states import RatingObjectionState as RatingObjectionState
from rules.states import RectificationState as RectificationState
from rules.states import ReferralState as ReferralState
from rules.states import RegionNoticeState as RegionNoticeState
from rules.states import ReinstatementState as ReinstatementState
from rules.states import RemittanceState as RemittanceState
from rules.states import RenewalState as RenewalState
from rules.states import RestorationState as RestorationState
from rules.states import ReversalState as ReversalState
from rules.states import SchemeDraftState as SchemeDraftState
from rules.states import StatementState as StatementState
from rules.states import TalkState as TalkState
from rules.states import UnfiledChangeState as UnfiledChangeState
from rules.states import ViolationState as ViolationState
from rules.states import WithdrawalState as WithdrawalState
from rules.states_year import AnnualBudgetState as AnnualBudgetState
from rules.states_year import AnnualSettlementState as AnnualSettlementState
from rules.states_year import PrepaymentState as PrepaymentState
from rules.states_year import RetentionReleaseState as RetentionReleaseState

TABLES = (
    APPLICATION,
    AGREEMENT,
    AMENDMENT,
    UNFILED_CHANGE,
    CHANGE_NOTICE,
    FILING,
    OBJECTION,
    VIOLATION,
    CASE_MEASURE,
    REMITTANCE,
    DEDUCTION,
    REVERSAL,
    APPEAL,
    RESTORATION,
    CYCLE,
    RATING_OBJECTION,
    GRADE_CHANGE,
    PROPOSAL,
    SCHEME_DRAFT,
    CREDIT_INFORMATION,
    BLACKLISTING,
    CREDIT_PLEDGE,
    RENEWAL,
    BATCH,
    COLLECTIVE_DECISION,
    WITHDRAWAL,
    INDICATION,
    REGION_NOTICE,
    RECTIFICATION,
    TALK,
    REINSTATEMENT,
    REFERRAL,
    STATEMENT,
    RETENTION_RELEASE,
    ANNUAL_BUDGET,
    ANNUAL_SETTLEMENT,
    PREPAYMENT,
)
LIFECYCLES = {table.noun: table for table in TABLES}
