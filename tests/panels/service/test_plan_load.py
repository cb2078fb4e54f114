"""A panel's year: who came, which sittings nearly failed, how often somebody stood in."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.errors import NotAllowed
from panels.service import plan_load, sittings
from tests.builders.sittings import STARTS, Court, a_court, add_person, arrive, convened, opened

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AFTER = STARTS + timedelta(days=1)


def a_sitting_that_was_held(session: Session, *present: str) -> Court:
    court = a_court(session)
    add_person(session, court, "alternate", "police", rank=1)
    court = opened(session, *present, court=convened(session, court=court))
    sittings.end_sitting(session, court.secretary, court.sitting_id, now=STARTS)
    return court


def test_who_came_is_counted_and_a_sitting_one_absence_from_failing_is_named(
    session: Session,
) -> None:
    court = a_sitting_that_was_held(session, "chair", "welfare", "alternate")

    load = plan_load.load_of(session, court.secretary, court.panel_id, now=AFTER)

    came = {one.member_id: (one.called, one.came) for one in load.shares}
    assert came[court.members["chair"]] == (1, 1)
    assert came[court.members["deputy"]] == (1, 0)
    assert (load.sittings, load.stood_in, load.inquorate) == (1, 1, 0)
    assert [(one.sitting_id, one.fewest, one.lost) for one in load.narrow] == [
        (court.sitting_id, 3, False)
    ]


def test_a_full_bench_is_no_narrow_sitting(session: Session) -> None:
    court = a_sitting_that_was_held(session, "chair", "deputy", "welfare", "police", "school")

    load = plan_load.load_of(session, court.secretary, court.panel_id, now=AFTER)

    assert (load.narrow, load.stood_in) == ((), 0)


def test_a_sitting_that_could_not_open_is_counted(session: Session) -> None:
    court = convened(session)
    arrive(session, court, "police")
    sittings.declare_inquorate(session, court.secretary, court.sitting_id, now=STARTS)

    load = plan_load.load_of(session, court.secretary, court.panel_id, now=AFTER)

    assert (load.inquorate, [one.lost for one in load.narrow]) == (1, [True])


def test_the_year_of_a_panel_is_for_its_clerks(session: Session) -> None:
    court = a_court(session)

    with pytest.raises(NotAllowed):
        plan_load.load_of(session, court.people["chair"], court.panel_id, now=AFTER)
