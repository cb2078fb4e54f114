from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from cases.rules.clocks import ClockCode
from cases.rules.indicators import FROM_CASES, Fact, Indicator
from cases.rules.machine import CaseState
from cases.service import clocks, detention, statistics
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Role
from core.errors import NotAllowed, NotThere
from tests.builders.case_life import a_detention, a_release
from tests.builders.cases import (
    OTHER_OFFICE,
    a_caseworker,
    a_person_of_the_country,
    a_registered_case,
    a_supervisor,
)
from tests.conftest import NOON

DAY = timedelta(days=1)
YEAR = "2026"


def a_statistician() -> Actor:
    return a_person_of_the_country(Role.STATISTICIAN)


def _children(session: Session, count: int, **columns: object) -> list[CaseRow]:
    return [a_registered_case(session, **columns) for _ in range(count)]  # type: ignore[arg-type]


@pytest.mark.rule("R60")
def test_a_statistician_gets_no_number_under_five_and_no_code_of_a_child(session: Session) -> None:
    cases = [
        *_children(session, 9, sex="female", age_band="12-14"),
        *_children(session, 8, sex="male", age_band="15-17"),
        *_children(session, 2, sex="intersex", nationality_code="ER"),
    ]

    table = statistics.indicator_table(
        session, a_statistician(), Indicator.IDENTIFIED, YEAR, now=NOON
    )

    counts = {cell.path: cell.count for cell in table.cells}
    assert table.is_suppressed
    assert table.children == 19
    assert counts[("female",)] == 9
    assert counts[("intersex",)] is None
    assert all(c is None or c >= 5 for c in counts.values())
    assert ("ER",) not in {cell.path for cell in table.beside["nationality"]}
    shown = str(table) + str(audit.recorded(session))
    assert not any(case.id in shown.replace(str(audit.recorded(session)), "") for case in cases)
    assert not any(case.child_code in shown for case in cases)


def test_a_supervisor_gets_the_exact_numbers_of_the_office_only(session: Session) -> None:
    _children(session, 2)
    _children(session, 3, office=OTHER_OFFICE)

    table = statistics.indicator_table(
        session, a_supervisor(), Indicator.IDENTIFIED, YEAR, now=NOON
    )

    assert (table.children, table.is_suppressed) == (2, False)


def test_a_statistician_who_is_also_a_supervisor_still_gets_suppressed_numbers(
    session: Session,
) -> None:
    _children(session, 3)
    both = Actor(
        account_id="a", person_id="p", country="ZM",
        grants=a_statistician().grants | a_supervisor().grants,
    )  # fmt: skip

    table = statistics.indicator_table(session, both, Indicator.IDENTIFIED, YEAR, now=NOON)

    assert table.children is None


def test_a_caseworker_gets_no_table_of_other_peoples_cases(session: Session) -> None:
    with pytest.raises(NotAllowed):
        statistics.indicator_table(session, a_caseworker(), Indicator.IDENTIFIED, YEAR, now=NOON)


@pytest.mark.parametrize("indicator", sorted(FROM_CASES))
def test_every_indicator_of_the_cases_can_be_asked_for(
    session: Session, indicator: Indicator
) -> None:
    _children(session, 1, priority="emergency")

    table = statistics.indicator_table(session, a_supervisor(), indicator, YEAR, now=NOON)

    assert table.indicator is indicator


def test_an_indicator_of_the_panels_is_counted_from_their_facts_each_child_once(
    session: Session,
) -> None:
    cases = _children(session, 6)
    facts = [Fact(case.id, date(2026, 2, n)) for case in cases for n in (3, 4)]

    table = statistics.count_facts(
        session, a_statistician(), Indicator.CONSIDERED_BY_PANELS, YEAR, facts, now=NOON
    )

    assert table.children == 6
    with pytest.raises(NotThere):
        statistics.indicator_table(
            session, a_statistician(), Indicator.CONSIDERED_BY_PANELS, YEAR, now=NOON
        )


@pytest.mark.rule("R60")
def test_a_share_is_told_as_yes_and_no_and_hidden_together(session: Session) -> None:
    cases = _children(session, 10)
    facts = [Fact(case.id, date(2026, 2, 1)) for case in cases]

    def share(of: int) -> statistics.IndicatorTable:
        return statistics.count_facts(
            session, a_statistician(), Indicator.VIEWS_RECORDED, YEAR, facts[:of],
            among=facts, now=NOON,
        )  # fmt: skip

    told, hidden = share(5), share(8)

    assert (told.children, told.percent) == (10, 50)
    assert (hidden.children, hidden.percent) == (10, None)
    assert {c.count for c in hidden.cells if c.path in {("yes",), ("no",)}} == {None}


def test_children_who_were_merged_into_another_file_are_not_counted_twice(
    session: Session,
) -> None:
    kept = a_registered_case(session)
    a_registered_case(session, state=CaseState.DUPLICATE, merged_into=kept.id)

    table = statistics.indicator_table(
        session, a_supervisor(), Indicator.IDENTIFIED, YEAR, now=NOON
    )

    assert table.children == 1


def test_a_child_released_twice_counts_once_with_all_its_days(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    for start in (NOON, NOON + 10 * DAY):
        end = start + 3 * DAY
        detention.record_detention(session, worker, case.id, a_detention(start), now=end)
        detention.record_release(session, worker, case.id, a_release(end), now=end)

    boss, public = a_supervisor(), a_statistician()
    held = statistics.days_in_detention(session, boss, YEAR, now=NOON + 20 * DAY)
    hidden = statistics.days_in_detention(session, public, YEAR, now=NOON + 20 * DAY)
    released = statistics.indicator_table(
        session, boss, Indicator.RELEASED, YEAR, now=NOON + 20 * DAY
    )

    assert held is not None
    assert (held.children, held.longest_days) == (1, 6)
    assert hidden is None
    assert released.children == 1


def test_times_are_those_of_limits_that_were_met(session: Session) -> None:
    for hours in range(1, 6):
        case = a_registered_case(session, priority="emergency")
        clocks.open_clock(session, case.id, "D4", started_at=NOON)
        clocks.meet_clock(session, case.id, "D4", now=NOON + timedelta(hours=hours))

    times = statistics.times_for(
        session, a_statistician(), ClockCode.SHORT_ASSESSMENT, "2026-03", now=NOON + DAY
    )

    assert (times.count, times.median_hours, times.within_limit) == (5, 3.0, 5)


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda s, a: statistics.open_cases_per_worker(s, a, now=NOON), (1, 2.0, 2)),
        (
            lambda s, a: statistics.backlog_ages(s, a, now=NOON + 10 * DAY),
            (("registered", "medium", "<=30", 2),),
        ),
    ],
)
def test_a_supervisor_sees_who_carries_how_much_and_what_waits(
    session: Session, ask: Callable[[Session, Actor], object], expected: object
) -> None:
    worker = a_caseworker()
    for _ in range(2):
        a_registered_case(session, owner=worker)

    assert ask(session, a_supervisor()) == expected
