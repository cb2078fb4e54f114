"""Quorum, seats and attendance without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panels.errors import QuorumNotMet
from panels.rules.attendance import Movement, Passage, present_at
from panels.rules.quorum import Need, QuorumRules, quorum, weaker_than
from panels.rules.roster import SeatRole, bars_to_sitting, entitled, seated
from tests.builders.panels import TODAY, USUAL_RULES, a_holder, five_seats

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.rule("R17")
def test_worked_example_four_eligible_of_five_meet_a_quorum_of_three() -> None:
    everybody_but_police = [one for one in five_seats() if one.sector != "police"]

    assert quorum(everybody_but_police, USUAL_RULES).is_met


@pytest.mark.rule("R17")
def test_the_answer_says_what_is_missing_requirement_by_requirement() -> None:
    found = quorum([a_holder("one"), a_holder("two", agency="agency-one")], USUAL_RULES)

    assert [(gap.code, gap.facts.get("present")) for gap in found.missing] == [
        ("voters_missing", 2),
        ("agencies_missing", 1),
        ("presiding_missing", 0),
        ("sector_missing", 0),
    ]
    with pytest.raises(QuorumNotMet):
        found.require()


@pytest.mark.rule("R17")
def test_a_joint_panel_needs_a_voter_of_each_country() -> None:
    each = (Need(countries=frozenset({"ZM"})), Need(countries=frozenset({"NA"})))

    found = quorum(five_seats(), QuorumRules(3, 2, each))

    assert [gap.facts["wanted"] for gap in found.missing] == ["NA"]


@given(
    st.sets(st.sampled_from(["chair", "deputy", "welfare", "police", "school"])),
    st.sampled_from(range(5)),
)
def test_another_voter_never_lowers_the_quorum(names: set[str], extra: int) -> None:
    present = [one for one in five_seats() if one.member_id[2:] in names]
    more = [*present, *(one for one in [five_seats()[extra]] if one not in present)]

    assert len(quorum(more, USUAL_RULES).missing) <= len(quorum(present, USUAL_RULES).missing)


def test_an_alternate_in_the_chairs_seat_votes_and_does_not_preside() -> None:
    stand_in = a_holder("stand-in", role=SeatRole.CHAIR, sector="social_welfare", alternate_rank=1)

    found = quorum([stand_in, a_holder("one"), a_holder("two")], USUAL_RULES)

    assert [gap.code for gap in found.missing] == ["presiding_missing"]


def test_rules_of_a_panel_may_be_stricter_than_the_countrys_and_never_laxer() -> None:
    laxer = QuorumRules(2, 2, USUAL_RULES.needs)
    stricter = QuorumRules(4, 2, USUAL_RULES.needs)

    assert [gap.facts["rule"] for gap in weaker_than(laxer, USUAL_RULES)] == ["voters"]
    assert weaker_than(stricter, USUAL_RULES) == ()
    assert weaker_than(QuorumRules(3, 2), USUAL_RULES) != ()


@pytest.mark.rule("R16")
def test_an_expired_undertaking_or_term_keeps_a_member_out() -> None:
    expired = a_holder(undertaking_until=TODAY - timedelta(days=1))
    not_yet = a_holder(term_from=date(2026, 4, 1))

    assert [gap.code for gap in bars_to_sitting(expired, TODAY)] == ["undertaking_missing"]
    assert [gap.code for gap in bars_to_sitting(not_yet, TODAY)] == ["outside_term"]
    assert entitled([expired, not_yet, a_holder("ok")], TODAY, ()) == [a_holder("ok")]


def test_of_titular_and_alternate_at_most_one_sits() -> None:
    titular = a_holder("titular", seat_id="s")
    alternate = a_holder("alternate", seat_id="s", alternate_rank=1)
    both = {titular.member_id, alternate.member_id}

    assert seated([alternate, titular], both, {}) == (titular,)
    assert seated([alternate, titular], {alternate.member_id}, {}) == (alternate,)
    assert seated([alternate, titular], both, {"s": alternate.member_id}) == (alternate,)
    assert seated([alternate, titular], {titular.member_id}, {"s": alternate.member_id}) == ()


def test_presence_is_read_from_the_timeline_and_a_correction_replaces_what_it_names() -> None:
    came = Passage("1", 1, "anna", Movement.PRESENT, NOON)
    left = Passage("2", 2, "anna", Movement.LEFT, NOON + timedelta(minutes=5))
    never = Passage("3", 3, "anna", Movement.VOID, NOON + timedelta(minutes=5), corrects="2")
    later = NOON + timedelta(minutes=9)

    assert present_at([came, left], NOON) == {"anna"}
    assert present_at([came, left], later) == frozenset()
    assert present_at([came, left, never], later) == {"anna"}
