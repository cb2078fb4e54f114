"""Sittings in the calendars members keep: as an invitation by mail, or fetched from an address of their own.

When and which panel, never whom it is about: place, papers and cases stand behind sign-in. The address is a secret of
one member; it stops with the account, and a new one ends the one before.

Source: DOM-4.5 (roster), DOM-R50.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from core import audit
from core.accounts import store as accounts
from core.accounts.credentials import digest_of, new_secret
from core.accounts.errors import PersonNeeded
from core.accounts.tables import ACTIVE
from core.actors import Actor
from core.errors import NotThere
from core.invitations import Meeting, Standing
from core.mail_words import words_in
from panels.rules.sittings import SittingState
from panels.service.standing import local_day
from panels.store import calendar as store
from panels.tables.calendar import CalendarAddressRow
from panels.tables.panel import PanelRow
from panels.tables.sitting import SittingRow

PAST: Final = timedelta(days=60)
MOST: Final = 500
INVITING: Final = frozenset({"sitting.planned", "sitting.convened", "sitting.called_off"})
"""Notices that bring or take back an invitation."""
_OFF: Final = frozenset({SittingState.CANCELLED, SittingState.INQUORATE})


@dataclass(frozen=True)
class Calendar:
    """What a member's calendar program gets."""

    title: str
    meetings: tuple[Meeting, ...]


def make_address(session: Session, actor: Actor, *, now: datetime) -> str:
    """Make the secret of the actor's calendar address; shown once, and the one before stops.

    Raises:
        PersonNeeded: a machine has no calendar.
    """
    if not actor.is_human:
        raise PersonNeeded
    secret = new_secret()
    row = store.of_person(session, actor.person_id) or CalendarAddressRow(
        person_id=actor.person_id, account_id=actor.account_id, country=actor.country,
        secret_hash="", made_at=now,
    )  # fmt: skip
    row.account_id, row.secret_hash = actor.account_id, digest_of(secret)
    row.made_at, row.fetched_on = now, None
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "calendar.address_made", thing="calendar_address", thing_id=row.id, now=now
    )
    return secret


def end_address(session: Session, actor: Actor, *, now: datetime) -> None:
    """End the actor's calendar address; nothing happens when there is none."""
    row = store.of_person(session, actor.person_id)
    if row is None:
        return
    session.delete(row)
    session.flush()
    audit.record(
        session, actor, "calendar.address_ended", thing="calendar_address", thing_id=row.id, now=now
    )


def read_calendar(session: Session, secret: str, *, now: datetime) -> Calendar:
    """Return the sittings of whom an address belongs to, from two months ago on.

    Raises:
        NotThere: no such address, or its account is not active any more.
    """
    row = store.by_hash(session, digest_of(secret))
    account = None if row is None else accounts.account(session, row.account_id)
    if row is None or account is None or account.state != ACTIVE:
        raise NotThere("calendar")
    if row.fetched_on is None or row.fetched_on.date() < now.date():
        row.fetched_on = now
        session.add(row)
        actor = Actor(row.account_id, row.person_id, row.country)
        audit.record(
            session, actor, "calendar.fetched", thing="calendar_address", thing_id=row.id, now=now
        )
    found = store.called_to(session, row.person_id, since=now - PAST, limit=MOST)
    mine = [
        _meeting(sitting, panel, now=now)
        for sitting, panel, member in found
        if member.term_to is None or local_day(sitting, sitting.starts_at) <= member.term_to
    ]
    return Calendar(words_in(row.country)["calendar"], tuple(mine))


def meeting_of(session: Session, sitting_id: str, *, now: datetime) -> Meeting | None:
    """Return a sitting as an invitation shows it; None when there is no such sitting."""
    found = store.of_sitting(session, sitting_id)
    return None if found is None else _meeting(*found, now=now)


def _meeting(sitting: SittingRow, panel: PanelRow, *, now: datetime) -> Meeting:
    standing, words = _standing(SittingState(sitting.state)), words_in(panel.country)
    return Meeting(
        id=sitting.id, number=sitting.version, title=words["sitting"].format(panel=panel.name),
        note=words[standing.value], starts_at=sitting.starts_at, ends_at=sitting.ends_at,
        zone=sitting.timezone, standing=standing, said_at=now,
    )  # fmt: skip


def _standing(state: SittingState) -> Standing:
    if state in _OFF:
        return Standing.CANCELLED
    return Standing.TENTATIVE if state is SittingState.DRAFT else Standing.CONFIRMED
