"""Looking things up in the audit log, on both databases."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core import audit, audit_search, condition
from core.accounts.system import operator_actor
from core.actors import Actor
from core.audit_search import KindOfAct, Sought
from core.errors import NotThere
from core.ids import new_id
from tests.conftest import NOON

AGNES = Actor(new_id(), new_id(), "ZM")
BWALYA = Actor(new_id(), new_id(), "ZM")
DAY = timedelta(days=1)


def _acts(session: Session, case_id: str) -> None:
    """Four acts on four days: two of Agnes, two of Bwalya, two about one case."""
    for number, (who, action, case) in enumerate(
        (
            (AGNES, "case.read", case_id),
            (BWALYA, "case.written", case_id),
            (BWALYA, "paper.printed", None),
            (AGNES, "request.refused", None),
        )
    ):
        audit.record(
            session, who, action, thing="case", thing_id=f"t{number}", case_id=case,
            now=NOON + number * DAY,
        )  # fmt: skip
    audit.flush(session)


def _found(session: Session, sought: Sought) -> list[str]:
    return [one.thing_id for one in audit_search.search(session, sought)]


@pytest.mark.rule("R50")
def test_acts_are_found_by_case_account_kind_and_day_newest_first(session: Session) -> None:
    case_id = new_id()
    _acts(session, case_id)

    assert _found(session, Sought()) == ["t3", "t2", "t1", "t0"]
    assert _found(session, Sought(case_id=case_id)) == ["t1", "t0"]
    assert _found(session, Sought(accounts=[BWALYA.account_id])) == ["t2", "t1"]
    assert _found(session, Sought(accounts=[])) == []
    assert _found(session, Sought(kind=KindOfAct.SEEN)) == ["t0"]
    assert _found(session, Sought(kind=KindOfAct.TAKEN_OUT)) == ["t2"]
    assert _found(session, Sought(kind=KindOfAct.REFUSED)) == ["t3"]
    assert _found(session, Sought(since=NOON + DAY, until=NOON + 3 * DAY)) == ["t2", "t1"]
    assert _found(session, Sought(without_cases=[case_id])) == ["t3", "t2"]


def test_pages_follow_one_another_without_a_gap(session: Session) -> None:
    _acts(session, new_id())

    first = audit_search.search(session, Sought(), limit=3)
    rest = audit_search.search(session, Sought(), before=first[-1].n, limit=3)

    assert [one.thing_id for one in (*first, *rest)] == ["t3", "t2", "t1", "t0"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hours=st.integers(-100, 100))
def test_a_period_begins_at_the_first_act_that_is_not_before_it(
    session: Session, hours: int
) -> None:
    if not audit_search.search(session, Sought(), limit=1):
        _acts(session, new_id())
    since = NOON + timedelta(hours=hours)

    found = audit_search.search(session, Sought(since=since))

    every = audit_search.search(session, Sought())
    assert [one.n for one in found] == [one.n for one in every if one.at >= since]


def test_the_last_backup_is_told_to_those_who_look_after_the_installation(
    session: Session,
) -> None:
    operator = operator_actor("ZM")
    before = condition.condition_of(session, operator, now=NOON)
    audit.record(
        session, operator, condition.BACKED_UP, thing="installation", thing_id="backup", now=NOON
    )
    audit.flush(session)

    after = condition.condition_of(session, operator, now=NOON + DAY)

    assert before.backed_up_at is None
    assert after.backed_up_at == NOON
    with pytest.raises(NotThere):
        condition.condition_of(session, AGNES, now=NOON)
