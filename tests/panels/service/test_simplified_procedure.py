"""Deciding without the full panel, where a country allows it, on the database."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import steps
from core.errors import Incomplete, NotAllowed
from panels.rules.items import Invited
from panels.rules.review import Ground
from panels.rules.simplified import DemandedBy
from panels.service import determinations, listing, procedure, reviews, simplified
from panels.service.listing import Invitation
from panels.service.simplified import Found
from panels.store import determination as store
from tests.builders.decided import DECIDED, SIGNED, Decided, a_decision, ready, sign, with_guardian
from tests.builders.own_pack import ON, Says, country
from tests.builders.sittings import Court, a_sitting
from tests.conftest import NOON

__all__ = ["country"]
FITS = Found(
    child_objects=False,
    both_sides_willing=True,
    parents_verified=True,
    no_concern_above_medium=True,
)


def decide(session: Session, court: Court, *others: str, found: Found = FITS) -> str:
    """Let a member who is not the chair decide, with others who have to sign too."""
    assert court.team is not None
    persons = tuple(court.people[name].person_id for name in others or ("deputy",))
    return simplified.decide_simplified(
        session,
        court.people["school"],
        court.team.case_id,
        a_decision(),
        found,
        others=persons,
        now=DECIDED,
    )


def decided_by_two(session: Session) -> Decided:
    """A decision of two people that neither has signed."""
    court = ready(session)
    guardian = with_guardian(session, court)
    return Decided(court, decide(session, court), guardian)


def gaps(refused: pytest.ExceptionInfo[Incomplete]) -> list[str]:
    return [gap.code for gap in refused.value.gaps]


def test_a_decision_of_two_people_is_in_force_once_both_have_signed(
    session: Session, country: Says
) -> None:
    country(ON)
    decided = decided_by_two(session)

    assert not sign(session, decided, "school")
    assert sign(session, decided, "deputy")
    procedure.enter_decision(session, decided.case_id, now=SIGNED)

    row = decided.row(session)
    assert (row.state, row.rule_used, row.item_id) == ("sealed", "simplified", None)
    assert steps.lock(session, decided.case_id).state == CaseState.BID_DECIDED


def test_nobody_else_signs_a_decision_of_two(session: Session, country: Says) -> None:
    country(ON)
    decided = decided_by_two(session)

    with pytest.raises(NotAllowed):
        sign(session, decided, "chair")


def test_without_the_country_nobody_decides_alone(session: Session) -> None:
    court = ready(session)
    with_guardian(session, court)

    with pytest.raises(Incomplete) as refused:
        decide(session, court)

    assert gaps(refused) == ["simplified_not_allowed"]


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ('priorities = ["low"]', "simplified_priority_too_high"),
        ("signatures = 3", "simplified_signatures_missing"),
    ],
)
def test_the_country_says_how_urgent_and_how_many(
    session: Session, country: Says, says: str, code: str
) -> None:
    country(ON + says)
    court = ready(session)
    with_guardian(session, court)

    with pytest.raises(Incomplete) as refused:
        decide(session, court)

    assert gaps(refused) == [code]


def test_three_people_decide_and_sign_where_the_country_asks_for_three(
    session: Session, country: Says
) -> None:
    country(ON + "signatures = 3")
    court = ready(session)
    decided = Decided(court, "", with_guardian(session, court))
    decided.determination_id = decide(session, court, "deputy", "welfare")

    assert not sign(session, decided, "school", "deputy")
    assert sign(session, decided, "welfare")


def test_a_child_who_objects_is_heard_by_the_full_panel(session: Session, country: Says) -> None:
    country(ON)
    court = ready(session)
    with_guardian(session, court)

    with pytest.raises(Incomplete) as refused:
        decide(session, court, found=replace(FITS, child_objects=True))

    assert gaps(refused) == ["simplified_child_objects"]


@pytest.mark.rule("R15")
def test_people_of_the_case_are_not_among_those_who_decide_it(
    session: Session, country: Says
) -> None:
    country(ON)
    court = ready(session)
    with_guardian(session, court)
    assert court.team is not None
    court.people["author"] = court.team.assessor

    with pytest.raises(Incomplete) as refused:
        decide(session, court, "author")

    assert gaps(refused) == ["simplified_not_qualified", "simplified_not_independent"]


def test_the_guardian_demands_the_full_panel_and_what_was_not_signed_is_taken_back(
    session: Session, country: Says
) -> None:
    country(ON)
    decided = decided_by_two(session)
    sign(session, decided, "school")

    for _ in range(2):
        simplified.demand_full_panel(
            session, decided.guardian, decided.case_id, by=DemandedBy.GUARDIAN, now=SIGNED
        )

    assert decided.row(session).state == "taken_back"
    assert len(store.demands(session, decided.case_id)) == 1
    with pytest.raises(Incomplete) as refused:
        decide(session, decided.court)
    assert gaps(refused) == ["full_panel_demanded"]


def test_nobody_demands_in_anothers_name(session: Session, country: Says) -> None:
    country(ON)
    decided = decided_by_two(session)

    with pytest.raises(NotAllowed):
        simplified.demand_full_panel(
            session, decided.worker, decided.case_id, by=DemandedBy.MEMBER, now=SIGNED
        )


def put_on_an_agenda(session: Session, court: Court) -> None:
    """The secretary lists the case for the next sitting."""
    assert court.team is not None
    a_sitting(session, court)
    invited = (Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER))
    listing.list_case(
        session, court.secretary, court.sitting_id, court.team.case_id, invited=invited, now=NOON
    )


def test_a_case_on_an_agenda_is_left_to_the_panel(session: Session, country: Says) -> None:
    country(ON)
    court = ready(session)
    with_guardian(session, court)
    put_on_an_agenda(session, court)

    with pytest.raises(Incomplete) as refused:
        decide(session, court)

    assert gaps(refused) == ["simplified_case_listed"]


def test_a_case_listed_before_the_last_signature_is_left_to_the_panel(
    session: Session, country: Says
) -> None:
    country(ON)
    decided = decided_by_two(session)
    sign(session, decided, "school")
    put_on_an_agenda(session, decided.court)

    with pytest.raises(Incomplete) as refused, session.begin_nested():
        sign(session, decided, "deputy")

    assert gaps(refused) == ["simplified_case_listed"]
    assert decided.row(session).state == "recorded"


@pytest.mark.rule("R2")
def test_a_second_decision_waits_until_the_first_is_signed_or_taken_back(
    session: Session, country: Says
) -> None:
    country(ON)
    decided = decided_by_two(session)

    with pytest.raises(Incomplete) as refused:
        decide(session, decided.court)
    assert gaps(refused) == ["decision_pending"]

    determinations.take_back_determination(
        session,
        decided.court.people["chair"],
        decided.determination_id,
        reason="The deputy has left the service.",
        now=SIGNED,
    )
    assert decide(session, decided.court, "welfare")


@pytest.mark.parametrize(("percent", "looked_at"), [(100, True), (0, False)])
def test_the_panel_looks_at_as_many_afterwards_as_the_country_says(
    session: Session, country: Says, percent: int, *, looked_at: bool
) -> None:
    country(ON + f"sample_percent = {percent}")
    decided = decided_by_two(session)
    sign(session, decided, "school", "deputy")

    procedure.enter_decision(session, decided.case_id, now=SIGNED)

    found = reviews.reviews_of(session, decided.worker, decided.case_id, now=SIGNED)
    assert [one.ground for one in found] == ([Ground.SAMPLE] if looked_at else [])


@pytest.mark.rule("R20")
def test_a_machine_is_not_the_reviewer(session: Session, country: Says) -> None:
    country(ON)
    court = ready(session)
    court.people["school"] = replace(court.people["school"], is_human=False)

    with pytest.raises(NotAllowed):
        decide(session, court)
