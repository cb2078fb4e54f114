"""A child is given into the hands that were agreed, where and when it was agreed; whatever differs is said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfers.rules.handover import (
    LATE_AFTER,
    Agreed,
    Given,
    is_as_agreed,
    may_tell,
    unknown_papers,
)

HOUR = datetime(2026, 5, 20, 13, tzinfo=UTC)
AGREED = Agreed("Invented Receiver", "Border post", HOUR)


def given_over(**changes: object) -> Given:
    values = {
        "person": "Invented Receiver", "place": "Border post", "at": HOUR, "identity_checked": True,
    } | changes  # fmt: skip
    return Given(**values)  # type: ignore[arg-type]


def gaps(one: Given, *, now: datetime = HOUR + timedelta(days=3)) -> list[str]:
    return [gap.code for gap in may_tell(AGREED, one, now=now).gaps]


def test_a_handover_as_agreed_is_told_without_a_reason() -> None:
    assert gaps(given_over(person=" invented  RECEIVER", place="border post")) == []


@pytest.mark.rule("R39")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at": HOUR - timedelta(minutes=1)}, "handover_before_the_hour"),
        ({"at": HOUR + LATE_AFTER + timedelta(minutes=1)}, "handover_on_another_day"),
        ({"place": "The bridge"}, "handover_at_another_place"),
    ],
)
def test_another_hour_or_place_needs_its_reason(change: dict[str, object], code: str) -> None:
    assert gaps(given_over(**change)) == [code]
    assert gaps(given_over(**change, reason="  ")) == [code]
    assert gaps(given_over(**change, reason="The bus was early.")) == []
    assert not is_as_agreed(AGREED, given_over(**change, reason="The bus was early."))


@pytest.mark.rule("R39")
def test_no_reason_gives_the_child_to_another_person_or_tells_what_has_not_happened() -> None:
    reason = {"reason": "He said that he was sent."}

    assert gaps(given_over(person="Somebody Else", **reason)) == ["handover_to_another_person"]
    assert gaps(given_over(identity_checked=False, **reason)) == ["handover_identity_unchecked"]
    assert gaps(given_over(**reason), now=HOUR - timedelta(minutes=1)) == ["handover_not_yet"]


@pytest.mark.rule("R39")
def test_without_a_plan_nobody_was_agreed_on() -> None:
    found = may_tell(None, given_over(), now=HOUR)

    assert [gap.code for gap in found.gaps] == ["handover_to_another_person"]


@given(minutes=st.integers(-10_000, 10_000), reason=st.sampled_from(["", "The road was closed."]))
def test_what_is_as_agreed_never_needs_a_reason(minutes: int, reason: str) -> None:
    one = given_over(at=HOUR + timedelta(minutes=minutes), reason=reason)

    told = not gaps(one, now=HOUR + timedelta(days=30))

    assert told is (bool(reason) or is_as_agreed(AGREED, one))


def test_papers_nobody_knows_are_named_in_their_order() -> None:
    assert unknown_papers(["decision", "x", "passport", "a"], {"passport"}) == ("x", "a")
