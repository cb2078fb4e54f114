"""Two people act at the same moment: exactly one wins, the other is told, nothing is half done."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from core.db import Database
from core.errors import DomainError
from panels.rules.attendance import Movement
from panels.service import agenda, attendance, sittings, voting
from panels.service.voting import Choice
from panels.store import item as items
from panels.store import sitting as sitting_store
from panels.tables.vote import RoundRow, VoteRow
from tests.builders.sittings import (
    STARTS,
    Court,
    a_court,
    add_person,
    arrive,
    convened,
    declare,
    in_deliberation,
    opened,
)

LATER = STARTS + timedelta(minutes=30)


def both(database: Database, *acts: Callable[[Any], object]) -> list[object]:
    """Run the acts at once, each in its own unit of work; return results or refusals."""
    together = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[Any], object]) -> None:
        together.wait()
        try:
            with database.unit_of_work() as session:
                found[number] = act(session)
        except DomainError as refusal:
            found[number] = refusal

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def refusals(found: list[object]) -> list[object]:
    return [one for one in found if isinstance(one, DomainError)]


def made(database: Database, *present: str) -> Court:
    with database.unit_of_work() as session:
        return in_deliberation(session, *present)


@pytest.mark.rule("R18")
def test_the_same_member_voting_twice_at_once_has_one_vote(database: Database) -> None:
    court = made(database)

    found = both(
        database,
        lambda session: court.vote(session, "chair", "O1"),
        lambda session: court.vote(session, "chair", "O2"),
    )

    assert len(refusals(found)) == 1
    with database.unit_of_work() as session:
        assert len(session.exec(select(VoteRow)).all()) == 1


@pytest.mark.rule("R17", "R18")
def test_all_members_voting_at_once_all_count_and_the_round_closes_once(database: Database) -> None:
    court = made(database)

    found = both(
        database, *(lambda session, name=name: court.vote(session, name) for name in court.people)
    )

    assert refusals(found) == []
    assert sum(one.all_voted for one in found) == 1  # type: ignore[attr-defined]
    with database.unit_of_work() as session:
        result = voting.outcome(session, court.item_id, now=LATER)
        assert result.tally == {"O1": 5}


@pytest.mark.rule("R17")
def test_a_vote_and_the_departure_that_breaks_the_quorum_come_one_after_the_other(
    database: Database,
) -> None:
    court = made(database, "chair", "welfare", "police")

    both(
        database,
        lambda session: court.vote(session, "chair", "O1"),
        lambda session: attendance.record_movement(
            session,
            court.secretary,
            court.sitting_id,
            court.members["police"],
            Movement.LEFT,
            now=LATER,
        ),
    )

    with database.unit_of_work() as session:
        item = items.find(session, court.item_id)
        assert item is not None
        assert item.state == "lost_quorum"
        assert all(row.annulled_at for row in session.exec(select(RoundRow)))


def test_titular_and_alternate_cannot_both_vote_for_their_seat(database: Database) -> None:
    with database.unit_of_work() as session:
        court = a_court(session)
        add_person(session, court, "stand-in", "police", rank=1)
        court = convened(session, court=court)
        court = in_deliberation(session, *court.people, court=court)

    found = both(
        database,
        lambda session: court.vote(session, "police"),
        lambda session: court.vote(session, "stand-in"),
    )

    assert len(refusals(found)) == 1


def test_one_of_opening_and_cancelling_a_sitting_wins(database: Database) -> None:
    with database.unit_of_work() as session:
        court = convened(session)
        arrive(session, court, *court.people)
        seen = sitting_store.find(session, court.sitting_id)
        assert seen is not None
        version = seen.version

    found = both(
        database,
        lambda session: sittings.open_sitting(
            session, court.people["chair"], court.sitting_id, now=STARTS, expected_version=version
        ),
        lambda session: sittings.cancel_sitting(
            session,
            court.secretary,
            court.sitting_id,
            "flood",
            now=STARTS,
            expected_version=version,
        ),
    )

    assert len(refusals(found)) == 1


def test_an_item_is_called_once(database: Database) -> None:
    with database.unit_of_work() as session:
        court = opened(session)
        declare(session, court, *court.people)

    found = both(
        database,
        lambda session: agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS),
        lambda session: agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS),
    )

    assert len(refusals(found)) == 1


def test_a_member_cannot_vote_with_the_seat_of_another(database: Database) -> None:
    court = made(database)

    with database.unit_of_work() as session:
        voting.cast_vote(session, court.people["chair"], court.item_id, Choice("O1"), now=LATER)

    with database.unit_of_work() as session:
        row = session.exec(select(VoteRow)).one()
        assert row.seat_id == court.seats["chair"]
