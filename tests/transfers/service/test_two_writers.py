"""Two people act on a partner, or two acts write evidence, at the same moment."""

import threading
from collections.abc import Callable

from sqlmodel import Session, select

from core.db import Database
from core.errors import DomainError, NotAllowed, WrongState
from tests.builders.exchange import NAMIBIA, NOW, anchor_of
from tests.builders.partners import (
    Pair,
    a_statement,
    as_file,
    last_groups,
    proposed,
    set_up,
    trusted,
)
from transfers.errors import AlreadyPartner
from transfers.rules.evidence_chain import first_fault
from transfers.rules.partnership import Channel, State
from transfers.service import evidence, partners
from transfers.store import evidence as evidence_store
from transfers.tables.partner import PartnerRow

HEARD = last_groups(anchor_of(NAMIBIA))
Act = Callable[[Session], object]


def both(database: Database, *acts: Act) -> list[object]:
    """Run the acts at once, each in its own unit of work; return results or refusals."""
    together = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(number: int, act: Act) -> None:
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


def made(database: Database, how: Callable[..., Pair]) -> Pair:
    with database.unit_of_work() as session:
        set_up(session, NOW)
        return how(session, NOW)


def confirms(pair: Pair, officer: int, channel: Channel) -> Act:
    who = (pair.first, pair.second)[officer]
    return lambda session: partners.confirm(
        session, who, pair.partner_id, channel=channel, groups=HEARD, now=NOW
    )


def state(database: Database, pair: Pair) -> str:
    with database.unit_of_work() as session:
        row = session.get(PartnerRow, pair.partner_id)
        assert row is not None
        return row.state


def log_holds(database: Database) -> bool:
    with database.unit_of_work() as session:
        rows = [
            {**vars(row.to_entry()), "prev": row.prev, "hash": row.hash}
            for row in evidence_store.rows_in_order(session)
        ]
        return first_fault(rows) is None and len(rows) == evidence.head_of(session).n


def test_two_officers_confirming_at_once_are_a_first_and_a_second(database: Database) -> None:
    pair = made(database, proposed)

    found = both(database, confirms(pair, 0, Channel.LETTER), confirms(pair, 1, Channel.VIDEO))

    assert sorted(str(one) for one in found) == ["active", "half_confirmed"]
    assert state(database, pair) == State.ACTIVE
    assert log_holds(database)


def test_one_officer_confirming_twice_at_once_counts_once(database: Database) -> None:
    pair = made(database, proposed)

    found = both(database, confirms(pair, 0, Channel.LETTER), confirms(pair, 0, Channel.VIDEO))

    assert sum(isinstance(one, NotAllowed) for one in found) == 1
    assert state(database, pair) == State.HALF_CONFIRMED


def test_two_who_suspend_at_once_suspend_once(database: Database) -> None:
    pair = made(database, trusted)
    acts: list[Act] = [
        lambda session: partners.suspend(
            session, pair.first, pair.partner_id, reason="suspicion", now=NOW
        ),
        lambda session: partners.suspend(
            session, pair.second, pair.partner_id, reason="suspicion", now=NOW
        ),
    ]

    found = both(database, *acts)

    assert sum(isinstance(one, WrongState) for one in found) == 1
    assert state(database, pair) == State.SUSPENDED


def test_many_acts_at_once_make_one_chain(database: Database) -> None:
    made(database, trusted)

    def writes(number: int) -> Act:
        return lambda session: (
            evidence.note(session, "something", subject=str(number), actor="procedure", now=NOW).n
        )

    found = both(database, *(writes(number) for number in range(8)))

    assert len(set(found)) == 8
    assert log_holds(database)


def test_one_installation_proposed_twice_at_once_is_one_partner(database: Database) -> None:
    pair = made(database, trusted)
    with database.unit_of_work() as session:
        partners.suspend(session, pair.first, pair.partner_id, reason="x", now=NOW)
    data = as_file(a_statement("CD.minas"))

    def proposes(session: Session) -> str:
        return partners.propose(session, pair.first, data, now=NOW)

    found = both(database, proposes, proposes)

    with database.unit_of_work() as session:
        rows = session.exec(select(PartnerRow).where(PartnerRow.installation == "CD.minas")).all()
    assert len(rows) == 1
    assert sum(isinstance(one, AlreadyPartner) for one in found) == 1
