"""The database itself keeps what was voted, decided, signed and noted."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from cases.tables import guards as case_guards
from core.vault import Erased, vault_of
from panels.rules.minutes import MinutesState
from panels.service import decision_views, minutes, sittings
from panels.tables import guards as panel_guards
from tests.builders.decided import SIGNED, Decided, in_force
from tests.builders.tampering import behind_our_back

GUARDS = (*panel_guards.GUARDS, *case_guards.GUARDS)
COLUMNS = {
    "determination": "outcome",
    "minutes": "content_hash",
    "determination_dissent": "case_id",
}


def a_finished_sitting(session: Session) -> tuple[Decided, str]:
    """A sitting with votes, a decision in force, and minutes both have signed: decision and minutes."""
    decided = in_force(session)
    court = decided.court
    sittings.end_sitting(session, court.people["chair"], court.sitting_id, now=SIGNED)
    drawn = minutes.draft_minutes(session, court.secretary, court.sitting_id, now=SIGNED)
    text = minutes.read_minutes(session, court.secretary, court.sitting_id, now=SIGNED)[0]
    for person in (court.people["chair"], court.secretary):
        minutes.sign_minutes(session, person, drawn, content_hash=text.content_hash, now=SIGNED)
    return decided, drawn


def refused(session: Session, statement: str) -> bool:
    """Whether the database refuses a statement."""
    try:
        with session.begin_nested():
            session.execute(sa.text(statement))
    except sa.exc.DBAPIError as error:
        return "never changed or removed" in str(error)
    return False


@pytest.mark.rule("R18", "R22")
def test_no_vote_decision_signature_or_note_is_changed_or_removed(session: Session) -> None:
    a_finished_sitting(session)
    kept = [
        guard.table
        for guard in GUARDS
        if session.execute(sa.text(f"SELECT count(*) FROM {guard.table}")).scalar()
    ]

    loose = [
        table
        for table in kept
        for statement in (
            f"UPDATE {table} SET {COLUMNS.get(table, 'id')} = 'x'",
            f"DELETE FROM {table}",
        )
        if not refused(session, statement)
    ]

    assert loose == []
    assert set(kept) >= {guard.table for guard in GUARDS} - {
        "vote_opinion",
        "determination_dissent",
    }


@pytest.mark.rule("R22")
def test_only_the_standing_of_a_decision_and_of_minutes_moves(session: Session) -> None:
    a_finished_sitting(session)

    for table in ("determination", "minutes"):
        assert not refused(session, f"UPDATE {table} SET state = '{MinutesState.REPLACED}'")
        assert refused(session, f"UPDATE {table} SET restricted = restricted")


def test_the_guards_come_off_for_a_migration(session: Session) -> None:
    a_finished_sitting(session)

    behind_our_back(session, "UPDATE vote SET cast_at = cast_at")

    assert not refused(session, "DELETE FROM vote")


@pytest.mark.rule("R22", "R54")
def test_a_childs_file_is_erased_without_touching_the_rows_and_minutes_still_verify(
    session: Session,
) -> None:
    decided, drawn = a_finished_sitting(session)

    vault_of(session).erase(session, decided.case_id, now=SIGNED)

    with pytest.raises(Erased):
        decision_views.read_determination(
            session, decided.coordinator, decided.determination_id, now=SIGNED
        )
    assert minutes.verify_minutes(session, decided.court.secretary, drawn, now=SIGNED).holds
    assert decided.row(session).state == "sealed"
