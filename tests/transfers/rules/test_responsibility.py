"""One responsible officer at every moment, on any history."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfers.rules.codes import ResponsibilityModel, Side
from transfers.rules.responsibility import Ground, Span, faults, may_move, responsible_at

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
NOT_BY_MESSAGES = [Ground.COURT_REFERENCE, Ground.RETURNED]


def unbroken(hours: list[int]) -> list[Span]:
    moments = [START + timedelta(hours=h) for h in hours]
    closed = [
        Span(Side.SENDER, f"officer-{number}", since, until, Ground.HANDED_TO_COLLEAGUE)
        for number, (since, until) in enumerate(pairwise(moments))
    ]
    return [*closed, Span(Side.RECEIVER, "last", moments[-1], None, Ground.SIGNED_RECEIPT, "r")]


HOURS = st.lists(st.integers(0, 5000), min_size=1, max_size=12, unique=True).map(sorted)


@pytest.mark.rule("R37")
@given(hours=HOURS)
def test_an_unbroken_history_has_no_fault_and_one_officer_at_every_hour(hours: list[int]) -> None:
    history = unbroken(hours)

    assert faults(history) == ()
    for hour in range(hours[0], hours[-1] + 2, 7):
        moment = START + timedelta(hours=hour)
        assert (
            sum(s.since <= moment and (s.until is None or moment < s.until) for s in history) == 1
        )
        assert responsible_at(history, moment) is not None


@pytest.mark.rule("R37")
@given(hours=HOURS.filter(lambda found: len(found) > 1), data=st.data())
def test_any_gap_and_any_overlap_is_named(hours: list[int], data: st.DataObject) -> None:
    history = unbroken(hours)
    place = data.draw(st.integers(0, len(history) - 2))
    moved = data.draw(st.sampled_from([-1, 1]))
    span = history[place]
    assert span.until is not None
    history[place] = Span(
        span.side, span.officer, span.since, span.until + timedelta(minutes=moved), span.ground
    )

    codes = {gap.code for gap in faults(history)}

    assert codes == {"two_responsible" if moved > 0 else "nobody_responsible"}


@pytest.mark.rule("R37")
def test_a_history_that_ends_leaves_nobody_and_an_empty_one_too() -> None:
    ended = [Span(Side.SENDER, "a", START, START + timedelta(days=1), Ground.OPENED)]

    assert [gap.code for gap in faults(ended)] == ["nobody_responsible"]
    assert [gap.code for gap in faults([])] == ["nobody_responsible"]
    assert responsible_at(ended, START - timedelta(seconds=1)) is None


@pytest.mark.rule("R37")
@pytest.mark.parametrize("ground", [*NOT_BY_MESSAGES, Ground.HANDED_TO_COLLEAGUE])
def test_where_it_moves_on_receipt_only_the_signed_receipt_moves_it(ground: Ground) -> None:
    model = ResponsibilityModel.MOVES_ON_RECEIPT

    good = may_move(
        model, of=Side.SENDER, to=Side.RECEIVER, ground=Ground.SIGNED_RECEIPT, ref="h", officer="o"
    )
    unproven = may_move(
        model, of=Side.SENDER, to=Side.RECEIVER, ground=Ground.SIGNED_RECEIPT, ref="", officer="o"
    )
    other = may_move(model, of=Side.SENDER, to=Side.RECEIVER, ground=ground, ref="h", officer="o")

    assert good.is_possible
    assert [gap.code for gap in unproven.gaps] == ["responsibility_without_proof"]
    assert not other.is_possible
    within = may_move(model, of=Side.SENDER, to=Side.SENDER, ground=ground, ref="h", officer="o")
    assert within.is_possible is (ground is Ground.HANDED_TO_COLLEAGUE)


@pytest.mark.rule("R37")
@pytest.mark.parametrize(
    "model", [ResponsibilityModel.COURT_TRANSFER, ResponsibilityModel.RETAINED_BY_SENDER]
)
def test_where_a_court_decides_the_receipt_moves_nothing(model: ResponsibilityModel) -> None:
    by_receipt = may_move(
        model, of=Side.SENDER, to=Side.RECEIVER, ground=Ground.SIGNED_RECEIPT, ref="h", officer="o"
    )
    by_court = may_move(
        model,
        of=Side.SENDER,
        to=Side.RECEIVER,
        ground=Ground.COURT_REFERENCE,
        ref="ref",
        officer="o",
    )

    assert not by_receipt.is_possible
    assert by_court.is_possible


@pytest.mark.rule("R37")
def test_after_a_breakdown_the_sending_country_takes_it_back_and_nobody_else() -> None:
    model = ResponsibilityModel.MOVES_ON_RECEIPT

    back = may_move(
        model, of=Side.RECEIVER, to=Side.SENDER, ground=Ground.RETURNED, ref="h", officer="o"
    )
    forth = may_move(
        model, of=Side.SENDER, to=Side.RECEIVER, ground=Ground.RETURNED, ref="h", officer="o"
    )

    assert back.is_possible
    assert not forth.is_possible


def test_nobody_is_handed_to_no_one() -> None:
    answer = may_move(
        ResponsibilityModel.MOVES_ON_RECEIPT,
        of=Side.SENDER,
        to=Side.SENDER,
        ground=Ground.HANDED_TO_COLLEAGUE,
        ref="",
        officer="",
    )

    assert [gap.code for gap in answer.gaps] == ["responsible_officer_missing"]
