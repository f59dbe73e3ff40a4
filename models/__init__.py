"""Every table, imported so that the metadata is whole."""

from models.agreement import Agreement
from models.agreement_draft import AgreementDraft
from models.amendment import Amendment, AmendmentItem
from models.annual_budget import AnnualBudget, FundBalance
from models.annual_settlement import AnnualSettlement
from models.api_token import ApiToken
from models.appeal import Appeal
from models.application import Application
from models.ban import Ban
from models.batch import Batch, BatchRow
from models.blacklisting import Blacklisting
from models.blob import Blob
from models.calendar_day import CalendarDay, CalendarYear
from models.campaign import Campaign, CampaignResult
from models.case_measure import CaseMeasure
from models.change_notice import ChangeNotice
from models.claim import Claim
from models.clause_comment import ClauseComment
from models.collective_decision import CollectiveDecision, Vote
from models.commitment import Commitment
from models.counter import Counter
from models.credit_information import CreditInformation
from models.credit_pledge import CreditPledge
from models.cycle import Cycle, Proposal, Rating
from models.cycle_vote import CycleVote
from models.deduction import Deduction
from models.document import Document
from models.draw import Draw
from models.effect import Effect
from models.employment import Employment
from models.evaluation import Evaluation, Exhibit, Opinion
from models.evaluator import Evaluator, Recusal, Tie
from models.event import Event
from models.filing import Filing
from models.finding import Finding
from models.former_fact import FormerFact
from models.grade_change import GradeChange
from models.hold import Hold
from models.indication import Indication
from models.institution import Institution
from models.institution_key import InstitutionKey
from models.job_run import JobRun, Lease
from models.ledger_entry import LedgerEntry
from models.licence import Licence
from models.local_clause import LocalClause
from models.material import Material
from models.material_file import MaterialFile
from models.objection import Objection
from models.office import Office
from models.official_seal import OfficialSeal
from models.operation import Operation
from models.payment_period import PaymentPeriod
from models.penalty import Penalty
from models.points_account import PointsAccount
from models.points_entry import PointsEntry
from models.practitioner import Practitioner
from models.prepayment import Prepayment
from models.qualification_measure import QualificationMeasure
from models.rating_objection import FactCorrection, RatingObjection
from models.rectification import Rectification, RectificationFile, RectificationItem
from models.referral import Referral
from models.region_notice import RegionNotice
from models.registration import Registration
from models.reinstatement import Reinstatement
from models.reminder import Reminder
from models.remittance import Remittance, WriteDown
from models.renewal import Renewal
from models.responsible_inspector import ResponsibleInspector
from models.restoration import Restoration
from models.resumption import Resumption
from models.retention_release import RetentionRelease
from models.reversal import Reversal
from models.scheme_draft import SchemeDraft
from models.self_assessment import SelfAssessment
from models.service_consent import ServiceConsent
from models.special_clause import SpecialClause
from models.statement import AuditFinding, Disbursement, Statement
from models.statutory_clock import StatutoryClock
from models.suspension import Suspension
from models.talk import Attendee, Talk
from models.termination import Termination
from models.unfiled_change import UnfiledChange
from models.untrustworthy import Untrustworthy
from models.user import User
from models.verification import Verification
from models.violation import Violation
from models.web_session import WebSession
from models.withdrawal import Withdrawal
from models.work_item import WorkItem

__all__ = [
    "Agreement",
    "AgreementDraft",
    "Amendment",
    "AmendmentItem",
    "AnnualBudget",
    "AnnualSettlement",
    "ApiToken",
    "Appeal",
    "Application",
    "Attendee",
    "AuditFinding",
    "Ban",
    "Batch",
    "BatchRow",
    "Blacklisting",
    "Blob",
    "CalendarDay",
    "CalendarYear",
    "Campaign",
    "CampaignResult",
    "CaseMeasure",
    "ChangeNotice",
    "Claim",
    "ClauseComment",
    "CollectiveDecision",
    "Commitment",
    "Counter",
    "CreditInformation",
    "CreditPledge",
    "Cycle",
    "CycleVote",
    "Deduction",
    "Disbursement",
    "Document",
    "Draw",
    "Effect",
    "Employment",
    "Evaluation",
    "Evaluator",
    "Event",
    "Exhibit",
    "FactCorrection",
    "Filing",
    "Finding",
    "FormerFact",
    "FundBalance",
    "GradeChange",
    "Hold",
    "Indication",
    "Institution",
    "InstitutionKey",
    "JobRun",
    "Lease",
    "LedgerEntry",
    "Licence",
    "LocalClause",
    "Material",
    "MaterialFile",
    "Objection",
    "Office",
    "OfficialSeal",
    "Operation",
    "Opinion",
    "PaymentPeriod",
    "Penalty",
    "PointsAccount",
    "PointsEntry",
    "Practitioner",
    "Prepayment",
    "Proposal",
    "QualificationMeasure",
    "Rating",
    "RatingObjection",
    "Rectification",
    "RectificationFile",
    "RectificationItem",
    "Recusal",
    "Referral",
    "RegionNotice",
    "Registration",
    "Reinstatement",
    "Reminder",
    "Remittance",
    "Renewal",
    "ResponsibleInspector",
    "Restoration",
    "Resumption",
    "RetentionRelease",
    "Reversal",
    "SchemeDraft",
    "SelfAssessment",
    "ServiceConsent",
    "SpecialClause",
    "Statement",
    "StatutoryClock",
    "Suspension",
    "Talk",
    "Termination",
    "Tie",
    "UnfiledChange",
    "Untrustworthy",
    "User",
    "Verification",
    "Violation",
    "Vote",
    "WebSession",
    "Withdrawal",
    "WorkItem",
    "WriteDown",
]
