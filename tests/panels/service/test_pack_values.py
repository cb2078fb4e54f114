"""What the country's pack says changes what the panel may do; each value is changed once."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from cases.rules.reports import Outcome
from cases.service import movement, tasks
from cases.service.emergency import record_emergency_action
from core.errors import BadInput, Incomplete
from panels.rules.appeal import AppealBy, Draft
from panels.rules.deferral import Draft as Wish
from panels.rules.deferral import Question
from panels.rules.outcomes import Destination, Support
from panels.service import (
    appeals,
    communication,
    deferrals,
    determinations,
    implementation,
    procedure,
    sittings,
    voting,
)
from tests.builders.assessments import an_option
from tests.builders.case_life import an_emergency
from tests.builders.decided import (
    DAY,
    DECIDED,
    SIGNED,
    TOLD,
    WINDOW_OVER,
    Decided,
    a_decision,
    a_talk,
    sign,
    told,
    with_guardian,
)
from tests.builders.own_pack import Says, country
from tests.builders.sittings import (
    STARTS,
    Court,
    a_court,
    a_listed_item,
    a_sitting,
    in_deliberation,
)
from tests.conftest import NOON

__all__ = ["country"]


def a_wish(court: Court) -> Wish:
    assert court.team is not None
    question = Question("Is the aunt willing?", court.team.worker.person_id, DAY)
    return Wish((question,), "With the foster family.", interim_care_is_safe=True)


def codes(refused: pytest.ExceptionInfo[Incomplete]) -> set[str]:
    return {gap.code for gap in refused.value.gaps}


@pytest.mark.rule("R21")
def test_a_country_that_allows_no_deferral_has_none(session: Session, country: Says) -> None:
    country("[panel]\nmax_deferrals = 0\n")
    court = in_deliberation(session)

    with pytest.raises(Incomplete) as refused:
        deferrals.defer_item(
            session, court.people["chair"], court.item_id, a_wish(court), now=DECIDED
        )

    assert codes(refused) == {"third_deferral"}


def test_an_unsafe_child_is_back_as_soon_as_the_country_says(
    session: Session, country: Says
) -> None:
    country("[panel]\nunsafe_child_return_hours = 24\n")
    court = in_deliberation(session)
    assert court.team is not None
    case_id = court.team.case_id
    urgent = record_emergency_action(
        session, court.team.supervisor, case_id, an_emergency(), now=STARTS
    )

    deferrals.defer_item(
        session, court.people["chair"], court.item_id, a_wish(court), now=STARTS,
        emergency_id=urgent,
    )  # fmt: skip

    seen = deferrals.deferrals_of(session, court.team.worker, case_id, now=STARTS)[0]
    assert seen.due_at - STARTS == timedelta(hours=24)


@pytest.mark.parametrize("needed", [True, False])
def test_abstaining_needs_a_reason_where_the_country_says_so(
    session: Session, country: Says, *, needed: bool
) -> None:
    country(f"[panel]\nabstention_needs_reason = {str(needed).lower()}\n")
    court = in_deliberation(session)
    silent = voting.Choice("", "", "")

    if needed:
        with pytest.raises(BadInput):
            voting.cast_vote(session, court.people["police"], court.item_id, silent, now=DECIDED)
    else:
        voting.cast_vote(session, court.people["police"], court.item_id, silent, now=DECIDED)


@pytest.mark.parametrize(("first", "rule"), [("true", None), ("false", "majority")])
def test_a_first_round_decides_by_majority_only_without_consensus_first(
    session: Session, country: Says, first: str, rule: str | None
) -> None:
    country(f"[panel]\nconsensus_first = {first}\n")
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name, "O2" if name == "police" else "O1", opinion="I would wait.")

    if rule is None:
        with pytest.raises(Incomplete) as refused:
            voting.outcome(session, court.item_id, now=DECIDED)
        assert codes(refused) == {"no_consensus"}
    else:
        assert voting.outcome(session, court.item_id, now=DECIDED).rule_used == rule


@pytest.mark.parametrize("says", ["external = true", 'force = "advisory_to_court"'])
def test_where_another_authority_decides_its_act_is_named(
    session: Session, country: Says, says: str
) -> None:
    country(f"[decider]\n{says}\n")
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name)
    with_guardian(session, court)
    support = Support(court_reference="PFPNNA/114/2026", review_on=DAY + timedelta(days=60))

    with pytest.raises(Incomplete) as refused:
        determinations.record_determination(
            session, court.secretary, court.item_id, a_decision(), now=DECIDED
        )
    determinations.record_determination(
        session, court.secretary, court.item_id, a_decision(support=support), now=DECIDED
    )

    assert codes(refused) == {"decider_reference_missing"}


def test_a_country_that_takes_no_late_appeals_refuses_them(session: Session, country: Says) -> None:
    country("[appeal]\nlate_allowed_with_reason = false\n")
    decided = told(session)
    late = Draft(AppealBy.CHILD, WINDOW_OVER, reason_for_lateness="She was in hospital.")

    with pytest.raises(Incomplete) as refused:
        appeals.lodge_appeal(
            session, decided.guardian, decided.determination_id, late, now=WINDOW_OVER
        )

    assert codes(refused) == {"appeal_too_late"}


def a_separation_under_way(session: Session) -> Decided:
    """A child taken from its carer by decision, and the decision is being carried out."""
    options = (an_option(outcome=Outcome.SEPARATION_FROM_CARER), an_option("O2"))
    court = in_deliberation(session, court=convened_with(session, options))
    for name in court.people:
        court.vote(session, name)
    guardian = with_guardian(session, court)
    draft = a_decision(
        destination=Destination(Outcome.SEPARATION_FROM_CARER, "ZM"),
        support=Support(
            legal_authority="Section 171 of the Code",
            court_reference="LIV/CC/12/2026",
            review_on=DAY + timedelta(days=60),
        ),
    )
    found = determinations.record_determination(
        session, court.secretary, court.item_id, draft, now=DECIDED
    )
    decided = Decided(court, found, guardian)
    sign(session, decided, "chair", "deputy", "welfare")
    procedure.enter_decision(session, decided.case_id, now=SIGNED)
    communication.communicate_determination(session, decided.worker, found, a_talk(), now=TOLD)
    implementation.begin_implementation(
        session, decided.coordinator, decided.case_id, now=WINDOW_OVER
    )
    return decided


def convened_with(session: Session, options: tuple[object, ...]) -> Court:
    court = a_listed_item(session, a_sitting(session, a_court(session)), options=options)
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return court


@pytest.mark.rule("R42")
@pytest.mark.parametrize(
    ("matters", "stops"), [('["movement_abroad", "separation"]', True), ("[]", False)]
)
def test_a_late_appeal_stops_what_is_under_way_where_the_country_says_so(
    session: Session, country: Says, matters: str, *, stops: bool
) -> None:
    country(f"[appeal]\nsuspensive_for = {matters}\n")
    decided = a_separation_under_way(session)
    late = Draft(AppealBy.CHILD, WINDOW_OVER, reason_for_lateness="She was in hospital.")

    appeals.lodge_appeal(session, decided.guardian, decided.determination_id, late, now=WINDOW_OVER)

    asked = {
        one.code
        for one in tasks.tasks_of(session, decided.coordinator, decided.case_id, now=WINDOW_OVER)
    }
    assert ("stop_carrying_out" in asked) is stops
    held = [hold.reason for hold in movement.open_holds(session, decided.case_id)]
    assert held == ["appeal"]  # a journey is held in every country
