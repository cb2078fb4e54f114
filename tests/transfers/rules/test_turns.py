"""Whose turn it is, at every place where a transfer may stand."""

from datetime import date

import pytest

from transfers.rules.codes import Round, Side, TransferKind
from transfers.rules.machine import ENDED, OPEN, TRANSITIONS, TransferState, edge
from transfers.rules.turns import AWAITED, awaited, is_late, turn

KIND = TransferKind.FAMILY_REUNIFICATION
S = TransferState
ENQUIRY_STATES = {
    state
    for step in TRANSITIONS.values()
    if Round.ENQUIRY in step.rounds
    for state in step.sources
    if any(Round.ENQUIRY in s.rounds and s.to is state for s in TRANSITIONS.values())
    or state is S.DRAFT
}


@pytest.mark.parametrize("state", sorted(OPEN))
@pytest.mark.parametrize("kind", sorted(TransferKind))
def test_an_open_request_always_waits_for_somebody(
    state: TransferState, kind: TransferKind
) -> None:
    assert turn(state, Round.REQUEST, kind)


@pytest.mark.parametrize("state", sorted(ENQUIRY_STATES & OPEN))
def test_an_open_enquiry_always_waits_for_somebody(state: TransferState) -> None:
    assert turn(state, Round.ENQUIRY, KIND)


@pytest.mark.parametrize("state", sorted(ENDED))
@pytest.mark.parametrize("of_round", sorted(Round))
def test_nobody_is_waited_for_once_it_has_ended(state: TransferState, of_round: Round) -> None:
    assert turn(state, of_round, KIND) == ()


@pytest.mark.rule("R36")
def test_every_awaited_step_is_one_of_the_machine() -> None:
    wrong = [
        (state, step)
        for state, steps in AWAITED.items()
        for step in steps
        if not any(edge(step, state, side, of_round) for side in Side for of_round in Round)
    ]

    assert set(AWAITED) == OPEN
    assert wrong == []


@pytest.mark.parametrize(
    ("state", "side"),
    [
        (S.DRAFT, Side.SENDER),
        (S.DELIVERED, Side.RECEIVER),
        (S.INFO_REQUESTED, Side.SENDER),
        (S.INFO_SUPPLIED, Side.RECEIVER),
        (S.ACCEPTED, Side.SENDER),
        (S.HANDED_OVER, Side.RECEIVER),
        (S.CLOSED_BY_RECEIVER, Side.SENDER),
    ],
)
def test_the_side_that_has_the_step_has_the_turn(state: TransferState, side: Side) -> None:
    assert turn(state, Round.REQUEST, KIND) == (side,)


def test_either_side_says_that_a_suspended_journey_can_go_on() -> None:
    assert turn(S.SUSPENDED, Round.REQUEST, KIND) == (Side.SENDER, Side.RECEIVER)


def test_after_the_package_of_a_child_who_has_moved_the_receiver_signs() -> None:
    assert turn(S.PACKAGE_RELEASED, Round.REQUEST, KIND) == (Side.SENDER,)
    assert turn(S.PACKAGE_RELEASED, Round.REQUEST, TransferKind.CASE_ONLY) == (Side.RECEIVER,)
    assert len(awaited(S.ACKNOWLEDGED, Round.ENQUIRY, KIND)) == 1


def test_a_reply_is_late_the_day_after_it_was_due_and_only_while_it_is_owed() -> None:
    due = date(2026, 5, 1)

    assert not is_late(S.DELIVERED, due, today=due)
    assert is_late(S.DELIVERED, due, today=date(2026, 5, 2))
    assert not is_late(S.ACCEPTED, due, today=date(2026, 5, 2))
    assert not is_late(S.DRAFT, due, today=date(2026, 5, 2))
    assert not is_late(S.SENT, None, today=due)
