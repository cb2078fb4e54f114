from datetime import timedelta

import pytest
from sqlmodel import Session, select

from cases.errors import NoSuchStep, RoleMayNot
from cases.rules.holding import HoldEnd, HoldReason, MissingReport
from cases.rules.machine import CaseState
from cases.service import clocks, holding, steps, tasks
from cases.service.clock_views import clocks_of
from core.errors import Incomplete, StaleWrite, WrongState
from core.outbox import OutboxRow
from tests.builders.case_life import a_hold
from tests.builders.cases import a_caseworker, a_registered_case, a_supervisor
from tests.conftest import NOON

DAY = timedelta(days=1)


def _missing(**changes: object) -> MissingReport:
    values: dict[str, object] = {
        "missing_since": NOON - timedelta(hours=6),
        "reported_to_police": True,
        "guardian_told": True,
        **changes,
    }
    return MissingReport(**values)  # type: ignore[arg-type]


def test_a_held_case_stands_still_and_goes_on_where_it_was(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.BIA_IN_PROGRESS)
    clock = clocks.open_clock(session, case.id, "D5", started_at=NOON)
    due = clocks.due_of_clock(session, clock)
    assert due is not None

    holding.hold_case(session, worker, case.id, a_hold(), now=NOON)
    standing = steps.lock(session, case.id)
    held = (standing.state, standing.hold_review_on)
    paused = [view.status for view in clocks_of(session, worker, case.id, now=NOON + 5 * DAY)]
    back = holding.resume_case(session, worker, case.id, now=NOON + 10 * DAY)

    assert held == (CaseState.ON_HOLD, (NOON + 14 * DAY).date())
    assert paused == ["paused"]
    assert back == steps.lock(session, case.id).state == CaseState.BIA_IN_PROGRESS
    assert clocks.due_of_clock(session, clock) == due + 10 * DAY
    assert steps.lock(session, case.id).hold_review_on is None


def test_no_hold_is_open_ended(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)

    for days, code in ((0, "review_date_not_ahead"), (31, "review_date_too_far")):
        with pytest.raises(Incomplete) as refused:
            holding.hold_case(
                session, worker, case.id, a_hold((NOON + days * DAY).date()), now=NOON
            )
        assert [gap.code for gap in refused.value.gaps] == [code]


@pytest.mark.rule("R55")
def test_a_missing_child_is_looked_for_and_the_earliest_closing_date_runs_on(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.IMPLEMENTING)
    request = a_hold(reason=HoldReason.CHILD_MISSING, missing=_missing())

    holding.hold_case(session, worker, case.id, request, now=NOON)

    views = {v.code: v.status for v in clocks_of(session, worker, case.id, now=NOON)}
    codes = {task.code for task in tasks.tasks_of(session, worker, case.id, now=NOON)}
    assert views == {"D24": "running"}
    assert codes == {"review_hold", "search_missing_child"}


def test_a_child_is_not_missing_without_a_police_report(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    request = a_hold(reason=HoldReason.CHILD_MISSING, missing=_missing(reported_to_police=False))

    with pytest.raises(Incomplete) as refused:
        holding.hold_case(session, worker, case.id, request, now=NOON)

    assert [gap.code for gap in refused.value.gaps] == ["missing_police_not_told"]


def test_a_child_who_is_found_ends_the_search(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    request = a_hold(reason=HoldReason.CHILD_MISSING, missing=_missing())
    holding.hold_case(session, worker, case.id, request, now=NOON)

    holding.resume_case(session, worker, case.id, ended_as=HoldEnd.CHILD_FOUND, now=NOON + DAY)

    assert [v.status for v in clocks_of(session, worker, case.id, now=NOON + DAY)] == ["closed"]
    assert all(t.done_at for t in tasks.tasks_of(session, worker, case.id, now=NOON))
    assert holding.holds_of(session, worker, case.id, now=NOON)[0].ended_as == "child_found"


def test_a_review_lets_a_hold_go_on_and_a_supervisor_answers_for_it(session: Session) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(session, owner=worker, supervisor=boss)
    holding.hold_case(session, worker, case.id, a_hold(), now=NOON)
    later = NOON + 14 * DAY
    with pytest.raises(RoleMayNot):
        holding.review_hold(
            session, worker, case.id, review_on=(later + DAY).date(), words="x", now=later
        )

    holding.review_hold(
        session,
        boss,
        case.id,
        review_on=(later + 20 * DAY).date(),
        words="Still cut off.",
        now=later,
    )

    view = holding.holds_of(session, boss, case.id, now=later)[0]
    assert (view.reviews, view.review_on) == (1, (later + 20 * DAY).date())
    assert steps.lock(session, case.id).hold_review_on == (later + 20 * DAY).date()


def test_a_review_that_is_due_is_said_once_for_each_date_and_changes_nothing(
    session: Session,
) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss)
    holding.hold_case(session, boss, case.id, a_hold(), now=NOON)

    told = [holding.remind_of_reviews(session, now=NOON + n * DAY, limit=10) for n in (13, 14, 15)]

    assert told == [0, 1, 0]
    assert steps.lock(session, case.id).state == CaseState.ON_HOLD
    assert session.exec(select(OutboxRow)).one().payload["person"] == boss.person_id


def test_a_case_in_the_panels_hands_is_not_held(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.BID_IN_SITTING)

    with pytest.raises(NoSuchStep):
        holding.hold_case(session, worker, case.id, a_hold(), now=NOON)


def test_nothing_is_resumed_that_is_not_held(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)

    with pytest.raises(WrongState):
        holding.resume_case(session, worker, case.id, now=NOON)


def test_of_two_who_hold_the_same_version_the_second_is_told(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    read = case.version
    holding.hold_case(session, worker, case.id, a_hold(), now=NOON, expected_version=read)

    with pytest.raises(StaleWrite):
        holding.resume_case(session, worker, case.id, now=NOON, expected_version=read)
