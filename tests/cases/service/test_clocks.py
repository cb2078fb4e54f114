from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from cases.rules.clocks import PauseReason
from cases.rules.machine import CaseState
from cases.service import clocks, effects, steps, tasks
from cases.service.clock_recompute import recompute
from cases.service.clock_views import clocks_of, late
from cases.tables.clock import DeadlineChangeRow, DeadlineRow
from core.actors import Role, procedure_actor
from core.db import Database
from core.errors import BadInput, Incomplete, NotThere
from core.outbox import OutboxRow
from tests.builders.cases import OTHER_OFFICE, a_caseworker, a_registered_case, a_supervisor
from tests.conftest import NOON

DAY = timedelta(days=1)


def _raise_all(session: Session, now: datetime) -> list[tuple[str, int]]:
    found = clocks.due_levels(session, now=now, limit=100)
    return [
        (due.code, due.level)
        for due in found
        if clocks.raise_level(session, due.deadline_id, due.level, now=now)
    ]


@pytest.mark.rule("R59")
def test_limits_in_working_days_skip_only_the_holidays_of_the_acting_country(
    session: Session,
) -> None:
    zambian = a_registered_case(session, country="ZM", priority="high")
    namibian = a_registered_case(session, country="NA", priority="high", office="NA-KH")
    before_womens_day = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)  # Thursday; 9 March is off in Zambia

    due = []
    for case in (zambian, namibian):
        clock = clocks.open_clock(session, case.id, "D9", started_at=before_womens_day)
        due.append(clocks.due_of_clock(session, clock))

    assert due[0] == datetime(2026, 3, 10, 21, 59, 59, tzinfo=UTC)
    assert due[1] == datetime(2026, 3, 9, 21, 59, 59, tzinfo=UTC)


@pytest.mark.rule("R59")
def test_people_see_each_limit_in_utc_and_on_the_clock_of_the_office(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, priority="emergency")
    clocks.open_clock(session, case.id, "D4", started_at=NOON)

    view = clocks_of(session, worker, case.id, now=NOON)[0]

    assert view.due.utc == NOON + DAY
    assert view.due.local == "2026-03-03T14:00:00+02:00"
    assert view.due.timezone == "Africa/Lusaka"


def test_a_stranger_sees_no_clocks_as_if_the_case_did_not_exist(session: Session) -> None:
    case = a_registered_case(session)

    with pytest.raises(NotThere):
        clocks_of(session, a_caseworker(OTHER_OFFICE), case.id, now=NOON)


def test_opening_a_clock_twice_keeps_the_first(session: Session) -> None:
    case = a_registered_case(session)
    first = clocks.open_clock(session, case.id, "D4", started_at=NOON)

    again = clocks.open_clock(session, case.id, "D4", started_at=NOON + DAY)

    assert again == first
    assert len(session.exec(select(DeadlineRow)).all()) == 1


def test_each_level_is_raised_once_and_reaches_the_right_people(session: Session) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(session, owner=worker, supervisor=boss, priority="medium")
    clock = clocks.open_clock(session, case.id, "D4", started_at=NOON)  # 7 days

    raised = [_raise_all(session, NOON + n * DAY) for n in (5, 6, 7, 7, 11, 14, 30)]

    assert raised == [[], [("D4", 75)], [("D4", 100)], [], [("D4", 150)], [("D4", 200)], []]
    rows = session.exec(select(OutboxRow)).all()
    keyed = {row.key: row.payload for row in rows}
    assert keyed[f"reminder:{clock}:75"]["person"] == worker.person_id
    assert {p.get("person") for k, p in keyed.items() if f"{clock}:100" in k} == {
        worker.person_id,
        boss.person_id,
    }
    assert {p.get("role") for k, p in keyed.items() if f"{clock}:150" in k} == {
        "chair",
        "coordinator",
    }


def test_a_sweep_that_was_away_raises_every_level_it_missed_once(session: Session) -> None:
    case = a_registered_case(session, priority="emergency")
    clocks.open_clock(session, case.id, "D2", started_at=NOON)

    raised = _raise_all(session, NOON + 9 * DAY)

    assert raised == [("D2", 75), ("D2", 100), ("D2", 150), ("D2", 200)]
    assert _raise_all(session, NOON + 9 * DAY) == []


@pytest.mark.rule("R34", "R20")
def test_a_limit_that_passes_decides_nothing(session: Session) -> None:
    case = a_registered_case(session, state=CaseState.COMMUNICATED, priority="high")
    for code in ("D4", "D12", "D14", "D15", "D22"):
        clocks.open_clock(session, case.id, code, started_at=NOON)

    _raise_all(session, NOON + 1000 * DAY)

    assert steps.lock(session, case.id).state == CaseState.COMMUNICATED


@pytest.mark.rule("R41")
def test_a_late_report_between_countries_also_goes_to_the_counterpart(session: Session) -> None:
    case = a_registered_case(session, priority="high")
    clock = clocks.open_clock(session, case.id, "D20", started_at=NOON)

    _raise_all(session, NOON + 400 * DAY)

    told = {
        (row.payload["level"], row.payload["recipient"])
        for row in session.exec(select(OutboxRow)).all()
        if row.payload["deadline"] == clock
    }
    assert {(100, "secretariat"), (150, "secretariat_head"), (150, "counterpart")} <= told
    assert (200, "bilateral_item") in told


def test_notices_hold_ids_and_codes_only(session: Session) -> None:
    case = a_registered_case(session, restricted={"names": {"given": "Amani"}})
    clocks.open_clock(session, case.id, "D4", started_at=NOON)

    _raise_all(session, NOON + 100 * DAY)

    assert "Amani" not in str([row.payload for row in session.exec(select(OutboxRow)).all()])


def test_a_clock_that_was_met_is_silent_and_its_task_is_done(session: Session) -> None:
    case = a_registered_case(session, priority="emergency")
    clock = clocks.open_clock(session, case.id, "D4", started_at=NOON)
    machine = procedure_actor("ZM")
    tasks.open_task(session, case.id, "assess", key="k", actor=machine, now=NOON, ref=clock)

    met = clocks.meet_clock(session, case.id, "D4", now=NOON + timedelta(hours=2))

    assert met == 1
    assert clocks.due_levels(session, now=NOON + 9 * DAY, limit=9) == []
    assert tasks.finish_task(session, case.id, "k", actor=machine, now=NOON) is False


def test_a_pause_moves_the_limit_by_its_length(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, priority="medium")
    clock = clocks.open_clock(session, case.id, "D14", started_at=NOON)
    due = clocks.due_of_clock(session, clock)
    assert due is not None
    clocks.pause_clock(
        session, worker, case.id, "D14",
        reason=PauseReason.QUESTION_WITH_OTHER_SIDE, ref="question-1",
        review_on=(NOON + 10 * DAY).date(), now=NOON + DAY,
    )  # fmt: skip

    clocks.resume_clock(session, worker, case.id, "D14", now=NOON + 6 * DAY)

    assert clocks.due_of_clock(session, clock) == due + 5 * DAY


def test_a_pause_nobody_ends_counts_thirty_days_and_then_the_clock_speaks_up(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, priority="emergency")
    clocks.open_clock(session, case.id, "D4", started_at=NOON)
    clocks.pause_all(session, worker, case.id, review_on=(NOON + 20 * DAY).date(), now=NOON)

    quiet = _raise_all(session, NOON + 30 * DAY)
    loud = _raise_all(session, NOON + 31 * DAY)

    assert quiet == []
    assert loud == [("D4", 75), ("D4", 100)]


def test_a_clock_pauses_for_no_longer_than_thirty_days_and_only_for_a_recorded_question(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    clocks.open_clock(session, case.id, "D14", started_at=NOON)

    with pytest.raises(Incomplete) as refused:
        clocks.pause_clock(
            session, worker, case.id, "D14", reason=PauseReason.QUESTION_WITH_OTHER_SIDE,
            review_on=(NOON + 31 * DAY).date(), now=NOON,
        )  # fmt: skip

    codes = [gap.code for gap in refused.value.gaps]
    assert codes == ["pause_question_missing", "review_date_too_far"]


def test_a_new_priority_works_open_limits_out_again_and_says_so(session: Session) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss, priority="low")
    clock = clocks.open_clock(session, case.id, "D4", started_at=NOON)  # 14 days

    row = steps.lock(session, case.id)
    steps.prioritise(session, row, "emergency", actor=boss, now=NOON + DAY)

    assert clocks.due_of_clock(session, clock) == NOON + DAY
    changes = session.exec(select(DeadlineChangeRow)).all()
    assert [(c.kind, c.reason) for c in changes] == [("opened", ""), ("recomputed", "priority")]
    assert changes[1].due_before == NOON + 14 * DAY


def test_a_limit_that_a_person_fixed_is_left_alone_by_a_new_priority(session: Session) -> None:
    case = a_registered_case(session, priority="low")
    fixed = NOON + 3 * DAY
    clock = clocks.open_clock(session, case.id, "D11", started_at=NOON, due_at=fixed)

    case.priority = "emergency"
    recompute(session, case, actor=a_supervisor(), reason="priority", now=NOON)

    assert clocks.due_of_clock(session, clock) == fixed


def test_papers_are_due_before_the_sitting(session: Session) -> None:
    case = a_registered_case(session, priority="high")
    sitting = datetime(2026, 3, 19, 7, 0, tzinfo=UTC)  # a Thursday

    clock = clocks.open_clock(session, case.id, "D8", started_at=NOON, before=sitting)

    assert clocks.due_of_clock(session, clock) == datetime(2026, 3, 16, 21, 59, 59, tzinfo=UTC)


def test_what_is_late_shows_only_cases_the_person_sees_longest_overdue_first(
    session: Session,
) -> None:
    boss = a_supervisor()
    older = a_registered_case(session, supervisor=boss, priority="emergency")
    newer = a_registered_case(session, supervisor=boss, priority="emergency")
    elsewhere = a_registered_case(session, priority="emergency", office=OTHER_OFFICE)
    for case, start in ((newer, NOON), (older, NOON - DAY), (elsewhere, NOON)):
        clocks.open_clock(session, case.id, "D4", started_at=start)

    first = late(session, boss, now=NOON + 5 * DAY, limit=1)
    second = late(session, boss, now=NOON + 5 * DAY, limit=1, cursor=first.cursor)

    assert [view.case_id for view in (*first.clocks, *second.clocks)] == [older.id, newer.id]
    assert second.cursor is None
    assert first.clocks[0].status == "overdue"
    assert first.clocks[0].holder_role == Role.CASEWORKER


def test_a_cursor_of_somebody_elses_making_is_refused(session: Session) -> None:
    with pytest.raises(BadInput):
        late(session, a_supervisor(), now=NOON, cursor="bm90LW91cnM")


def test_closing_a_case_ends_all_its_clocks(session: Session) -> None:
    case = a_registered_case(session)
    for code in ("D4", "D5", "D22"):
        clocks.open_clock(session, case.id, code, started_at=NOON)

    ended = clocks.close_all(session, case.id, now=NOON)

    assert ended == 3
    assert clocks.due_levels(session, now=NOON + 3000 * DAY, limit=9) == []


def test_an_effect_is_done_once_for_each_occurrence(session: Session) -> None:
    case = a_registered_case(session)

    answers = [
        effects.once(session, case.id, "invite", occurrence=n, now=NOON) for n in (0, 0, 1, 1)
    ]

    assert answers == [True, False, True, False]


def test_an_effect_that_was_rolled_back_is_done_by_the_next_runner(database: Database) -> None:
    with database.unit_of_work() as session:
        case_id = a_registered_case(session).id
    with Session(database.engine) as session:
        effects.once(session, case_id, "invite", now=NOON)
        session.rollback()

    with database.unit_of_work() as session:
        mine = effects.once(session, case_id, "invite", now=NOON)
    with database.unit_of_work() as session:
        again = effects.once(session, case_id, "invite", now=NOON)

    assert (mine, again) == (True, False)
