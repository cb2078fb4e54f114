"""Beginning to carry a decision out: here at once, abroad not in this release."""

import pytest
from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import steps
from core.actors import Role
from core.errors import NotThere
from tests.builders.cases import a_person
from tests.builders.decided import TOLD, WINDOW_OVER, Decided, told
from transfers.errors import MovementRefused
from transfers.service import movement


def abroad(session: Session) -> Decided:
    """A decision of the ordinary path, looked at as if it led to the neighbouring country."""
    import sqlalchemy as sa

    decided = told(session)
    session.execute(sa.text("UPDATE determination SET is_abroad = true, destination = 'NA'"))
    session.expire_all()
    return decided


def test_what_stays_in_the_country_begins(session: Session) -> None:
    decided = told(session)

    movement.begin_implementation(session, decided.coordinator, decided.case_id, now=WINDOW_OVER)

    assert steps.lock(session, decided.case_id).state == CaseState.IMPLEMENTING


@pytest.mark.rule("R33", "R34")
def test_nobody_moves_abroad_while_no_country_has_accepted(session: Session) -> None:
    decided = abroad(session)

    with pytest.raises(MovementRefused) as refused:
        movement.begin_implementation(
            session, decided.coordinator, decided.case_id, now=WINDOW_OVER
        )

    assert {gap.code for gap in refused.value.gaps} >= {
        "move_not_accepted",
        "move_child_not_asked",
        "move_place_not_checked",
        "move_nobody_receives",
    }
    assert steps.lock(session, decided.case_id).state == CaseState.COMMUNICATED


def test_a_stranger_learns_nothing_of_what_forbids_a_journey(session: Session) -> None:
    decided = told(session)

    with pytest.raises(NotThere):
        movement.movement_gaps(
            session, a_person(Role.CASEWORKER, office="ZM-99"), decided.case_id, now=TOLD
        )
