"""The machine between two countries: nobody acts for the other side, and nothing but a yes lets a child travel."""

from collections.abc import Collection

import pytest

from core.actors import Role
from transfers.rules.codes import Round, Side
from transfers.rules.machine import (
    ENDED,
    OPEN,
    TRANSITIONS,
    WITH_RECEIVER,
    Step,
    TransferState,
    edge,
    state_after,
    steps_from,
)

S = TransferState


def reachable(
    start: TransferState, of_round: Round, *, without: Collection[Step] = ()
) -> set[TransferState]:
    """Every state that some sequence of steps leads to, on either side's record, interruptions included."""
    return {
        state for side in Side for state in on_record_of(side, start, of_round, without=without)
    }


def on_record_of(
    own: Side, start: TransferState, of_round: Round, *, without: Collection[Step] = ()
) -> set[TransferState]:
    """The same on one side's record: its own steps, and those of the other as they are learned."""
    seen: set[tuple[TransferState, TransferState | None]] = set()
    waiting: list[tuple[TransferState, TransferState | None]] = [(start, None)]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        state, interrupted = here
        for side in Side:
            for step in steps_from(state, side, of_round, learned=side is not own):
                if step.code in without or (step.to is None and interrupted is None):
                    continue
                to = state_after(step, state, interrupted)
                kept = state if step.code in {Step.SUSPEND, Step.MISS} else None
                waiting.append((to, kept))
    return {state for state, _ in seen}


@pytest.mark.rule("R33")
@pytest.mark.rule("R34")
def test_no_child_travels_without_an_acceptance_whatever_else_happens() -> None:
    accepting = {Step.ACCEPT, Step.ACCEPT_WITH_CONDITIONS}

    assert S.IN_TRANSIT in reachable(S.DRAFT, Round.REQUEST)
    refused = reachable(S.DRAFT, Round.REQUEST, without=accepting)
    assert not refused & {S.PACKAGE_RELEASED, S.CLEARED_TO_TRAVEL, S.IN_TRANSIT, S.RECEIVED}


@pytest.mark.rule("R33")
def test_no_child_travels_without_clearance() -> None:
    assert not {S.IN_TRANSIT, S.HANDED_OVER} & on_record_of(
        Side.SENDER, S.DRAFT, Round.REQUEST, without={Step.CLEAR}
    )


@pytest.mark.rule("R34")
def test_an_enquiry_never_leads_to_a_movement() -> None:
    assert reachable(S.DRAFT, Round.ENQUIRY) <= (
        WITH_RECEIVER
        | {
            S.DRAFT,
            S.INTERNAL_CHECK,
            S.ANSWERED_POSITIVE,
            S.ANSWERED_NEGATIVE,
            S.NO_ANSWER_ESCALATED,
            S.WITHDRAWN,
            S.SUSPENDED,
            S.WRONG_RECIPIENT,
        }
    )


@pytest.mark.rule("R36")
@pytest.mark.parametrize(
    ("side", "step"),
    [
        (Side.SENDER, Step.ACKNOWLEDGE),
        (Side.SENDER, Step.ACCEPT),
        (Side.SENDER, Step.ACCEPT_WITH_CONDITIONS),
        (Side.SENDER, Step.DECLINE),
        (Side.SENDER, Step.ANSWER_YES),
        (Side.SENDER, Step.RECEIVE),
        (Side.SENDER, Step.CLOSE_BY_RECEIVER),
        (Side.RECEIVER, Step.WITHDRAW),
        (Side.RECEIVER, Step.CANCEL),
        (Side.RECEIVER, Step.CLEAR),
        (Side.RECEIVER, Step.DEPART),
        (Side.RECEIVER, Step.RELEASE),
        (Side.RECEIVER, Step.CLOSE_BY_SENDER),
    ],
)
def test_nobody_takes_the_other_side_s_step(side: Side, step: Step) -> None:
    assert all(edge(step, state, side, one) is None for state in TransferState for one in Round)


@pytest.mark.rule("R56")
def test_a_case_is_closed_only_when_both_closed() -> None:
    first = edge(Step.CLOSE_BY_SENDER, S.FOLLOW_UP, Side.SENDER, Round.REQUEST)
    second = edge(Step.CLOSE_BY_RECEIVER, S.CLOSED_BY_SENDER, Side.RECEIVER, Round.REQUEST)
    assert first is not None
    assert second is not None

    assert state_after(first, S.FOLLOW_UP, None) is S.CLOSED_BY_SENDER
    assert state_after(second, S.CLOSED_BY_SENDER, None) is S.CLOSED
    for alone in (Step.CLOSE_BY_SENDER, Step.CLOSE_BY_RECEIVER):
        assert S.CLOSED not in reachable(S.FOLLOW_UP, Round.REQUEST, without={alone})


def test_a_clearance_does_not_outlive_an_interruption() -> None:
    resume = TRANSITIONS[Step.RESUME]

    assert state_after(resume, S.SUSPENDED, S.CLEARED_TO_TRAVEL) is S.PRE_DEPARTURE
    assert state_after(resume, S.SUSPENDED, S.IN_TRANSIT) is S.IN_TRANSIT
    with pytest.raises(ValueError, match="interrupted"):
        state_after(resume, S.SUSPENDED, None)


@pytest.mark.rule("R26")
@pytest.mark.rule("R42")
@pytest.mark.parametrize(
    "state", sorted(WITH_RECEIVER | {S.ACCEPTED, S.CLEARED_TO_TRAVEL, S.IN_TRANSIT})
)
def test_everything_on_its_way_can_be_stopped_by_either_side(state: TransferState) -> None:
    assert all(edge(Step.SUSPEND, state, side, Round.REQUEST) for side in Side)


def test_no_machine_takes_a_step_but_arrival_and_stopping() -> None:
    by_machine = {step.code for step in TRANSITIONS.values() if Role.PROCEDURE in step.who}

    assert by_machine == {Step.DELIVER, Step.UNCLEAR, Step.SUSPEND, Step.RESUME}


def test_every_state_is_reached_and_every_open_one_can_be_left() -> None:
    found = reachable(S.DRAFT, Round.REQUEST) | reachable(S.DRAFT, Round.ENQUIRY)

    assert found == set(TransferState)
    for state in OPEN:
        assert any(steps_from(state, side, one) for side in Side for one in Round), state
    for state in ENDED - {S.CLOSED}:
        assert not any(steps_from(state, side, one) for side in Side for one in Round), state


@pytest.mark.rule("R33")
def test_a_child_leaves_only_by_the_sender_s_own_acts() -> None:
    """No message of the other side brings the sender's record to a cleared or travelling child."""
    for state in TransferState:
        for one in Round:
            for step in steps_from(state, Side.RECEIVER, one, learned=True):
                assert step.to not in {S.CLEARED_TO_TRAVEL, S.IN_TRANSIT, S.HANDED_OVER}


@pytest.mark.rule("R37")
def test_a_receipt_for_a_child_that_never_left_changes_nothing_at_home() -> None:
    for state in (S.ACCEPTED, S.PRE_DEPARTURE, S.CLEARED_TO_TRAVEL):
        assert edge(Step.RECEIVE, state, Side.RECEIVER, Round.REQUEST, learned=True) is None
    for state in (S.IN_TRANSIT, S.HANDED_OVER):
        assert edge(Step.RECEIVE, state, Side.RECEIVER, Round.REQUEST, learned=True) is not None


@pytest.mark.parametrize("state", sorted(WITH_RECEIVER | {S.NO_ANSWER_ESCALATED}))
def test_an_answer_that_overtook_earlier_messages_counts(state: TransferState) -> None:
    for step in (Step.ACCEPT, Step.ACCEPT_WITH_CONDITIONS, Step.DECLINE):
        assert edge(step, state, Side.RECEIVER, Round.REQUEST, learned=True) is not None
