"""A member's own calendar at an address: kept sealed, fetched by the worker, of which only hours are kept.

Only the member sets it: whoever has the address reads the whole calendar. Fetching is in ``workflows/own_calendars``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from sqlmodel import Session

from core import audit
from core.actors import Actor, procedure_actor
from core.errors import BadInput, NotAllowed, NotThere
from core.vault import Place, seal, unseal, vault_of
from panels.service.busy_times import read_into
from panels.service.standing import panel_seen
from panels.store import member as members
from panels.store import panel as panels
from panels.store import planning as store
from panels.tables.planning import BusyCalendarRow

TABLE: Final = "busy_calendar"
AGAIN: Final = timedelta(hours=1)
MOST_DOUBLINGS: Final = 7


@dataclass(frozen=True)
class Due:
    """A calendar to be fetched."""

    address_id: str
    address: str


def set_address(
    session: Session, actor: Actor, member_id: str, address: str, *, now: datetime
) -> None:
    """Say where one's own calendar can be fetched; an empty address forgets it.

    Raises:
        NotThere: no such member, or nothing to do with the panel.
        NotAllowed: another person.
        BadInput: not an https address of a named host.
    """
    row = members.find(session, member_id)
    if row is None:
        raise NotThere("member")
    try:
        panel_seen(session, actor, row.panel_id, now=now)
    except NotThere as error:
        raise NotThere("member") from error
    if row.person_id != actor.person_id:
        raise NotAllowed("own_calendar_only")
    if address and not is_usable(address):
        raise BadInput("/address", "not_an_https_address")
    kept = store.busy_calendar(session, row.person_id)
    if address:
        _keep(session, kept, row.person_id, member_id, address, now=now)
    elif kept is not None:
        session.delete(kept)
        session.flush()
    audit.record(
        session, actor, "busy_calendar.set", thing="panel_member", thing_id=member_id, now=now,
        codes={"is_set": bool(address)},
    )  # fmt: skip


def _keep(
    session: Session,
    kept: BusyCalendarRow | None,
    person_id: str,
    member_id: str,
    address: str,
    *,
    now: datetime,
) -> None:
    row = kept or BusyCalendarRow(person_id=person_id, member_id=member_id, set_at=now, next_at=now)
    vault_of(session).ensure_key(session, row.id, now=now)
    row.member_id, row.set_at, row.next_at, row.failures = member_id, now, now, 0
    place = Place(TABLE, "restricted", row.id)
    row.restricted = seal(session, owner=row.id, place=place, value={"address": address})
    session.add(row)
    session.flush()


def is_usable(address: str) -> bool:
    """Whether an address may be fetched: https, a named host, nothing that signs in."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    named = "." in host and not host.endswith((".local", ".internal", ".localhost"))
    return (
        parts.scheme == "https"
        and named
        and not _is_number(host)
        and port in {None, 443}
        and parts.username is None
        and len(address) <= 1_000  # noqa: PLR2004  no calendar needs more
    )


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit()
    return True


def due(session: Session, *, now: datetime, limit: int, every: timedelta) -> list[Due]:
    """Return the calendars to be fetched now; whoever took them is not asked for them again for a while."""
    rows = store.calendars_due(session, now=now, limit=limit)
    found = []
    for row in rows:
        place = Place(TABLE, "restricted", row.id)
        words = unseal(session, owner=row.id, place=place, sealed=row.restricted)
        found.append(Due(row.id, str(words["address"])))
        row.next_at = now + every
        session.add(row)
    session.flush()
    return found


def take(session: Session, address_id: str, data: bytes | None, *, now: datetime) -> bool:
    """Take a calendar that was fetched; False when it did not come or cannot be read, and the hours stay.

    What fails is tried again later each time; nobody is shown as free because a server was away.
    """
    row = store.calendar_by_id(session, address_id)
    member = members.find(session, row.member_id) if row else None
    panel = panels.find(session, member.panel_id) if member else None
    if row is None or member is None or panel is None:
        return False
    if data is not None:
        try:
            read_into(session, procedure_actor(panel.country), member, data, now=now)
        except (BadInput, NotThere):
            data = None
    if data is None:
        row.failures += 1
        row.next_at = now + AGAIN * (1 << min(row.failures, MOST_DOUBLINGS))
    else:
        row.failures, row.read_at = 0, now
    session.add(row)
    session.flush()
    return data is not None
