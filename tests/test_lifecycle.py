"""The lifecycle tables: whole, closed, and every (state × verb) answered."""

from __future__ import annotations

import pytest

from rules import states, states_year
from rules.lifecycle import LIFECYCLES
from rules.permissions import PERMISSIONS, Permission
from rules.refusal import Refused

WORDS = {
    "application": states.ApplicationState,
    "agreement": states.AgreementState,
    "filing": states.FilingState,
    "amendment": states.AmendmentState,
    "unfiled_change": states.UnfiledChangeState,
    "change_notice": states.ChangeNoticeState,
    "objection": states.ObjectionState,
    "indication": states.IndicationState,
    "rectification": states.RectificationState,
    "referral": states.ReferralState,
    "region_notice": states.RegionNoticeState,
    "withdrawal": states.WithdrawalState,
    "violation": states.ViolationState,
    "case_measure": states.CaseMeasureState,
    "remittance": states.RemittanceState,
    "deduction": states.DeductionState,
    "reversal": states.ReversalState,
    "appeal": states.AppealState,
    "restoration": states.RestorationState,
    "collective_decision": states.CollectiveState,
    "cycle": states.CycleState,
    "rating_objection": states.RatingObjectionState,
    "grade_change": states.GradeChangeState,
    "proposal": states.ProposalState,
    "scheme_draft": states.SchemeDraftState,
    "credit_information": states.CreditInformationState,
    "blacklisting": states.BlacklistingState,
    "credit_pledge": states.CreditPledgeState,
    "renewal": states.RenewalState,
    "batch": states.BatchState,
    "statement": states.StatementState,
    "retention_release": states_year.RetentionReleaseState,
    "annual_budget": states_year.AnnualBudgetState,
    "annual_settlement": states_year.AnnualSettlementState,
    "prepayment": states_year.PrepaymentState,
    "talk": states.TalkState,
    "reinstatement": states.ReinstatementState,
}
CASES = [
    (noun, state, verb)
    for noun, table in LIFECYCLES.items()
    for state in table.states
    for verb in table.moves
]


def test_every_noun_has_its_states_as_words():
    assert {noun: list(words) for noun, words in WORDS.items()} == {
        noun: list(table.states) for noun, table in LIFECYCLES.items()
    }


@pytest.mark.parametrize(("noun", "state", "verb"), CASES)
def test_a_verb_is_allowed_from_its_sources_and_refused_from_every_other_state(noun, state, verb):
    table = LIFECYCLES[noun]
    move = table.moves[verb]
    if state in move.sources:
        assert table.check(state, verb) is move
        return
    with pytest.raises(Refused) as refused:
        table.check(state, verb)
    assert table.states[state].label in refused.value.why
    assert move.label in refused.value.cure


@pytest.mark.parametrize("noun", LIFECYCLES)
def test_every_state_is_reached_and_every_move_ends_in_a_state(noun):
    table = LIFECYCLES[noun]
    first = next(iter(table.states))
    reached = {first} | {move.target for move in table.moves.values()}
    assert reached == set(table.states)
    assert all(move.sources <= set(table.states) for move in table.moves.values())


def test_every_permission_has_its_predicates():
    assert set(PERMISSIONS) == set(Permission)
    assert all(alternatives and all(alternatives) for alternatives in PERMISSIONS.values())
