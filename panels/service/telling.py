"""Whom a message about a child's decision goes to: those who hold the case, and nobody else.

Source: DOM-2.2 (other offices see no more than coded rows), DOM-R46.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core import outbox
from core.actors import Role
from panels.store import item as items
from panels.store import sitting as sittings


@dataclass(frozen=True)
class Holders:
    """Who holds a case at a moment.

    Args:
        office: the office of the case; its coordinators are told.
        panel: the panel concerned; its secretary is told. Empty when there is none.
        persons: persons named for the matter, for example those who hear an appeal.
        country: the country whose head of the secretariat is told; empty when that is not needed.
    """

    office: str
    panel: str = ""
    persons: tuple[str, ...] = ()
    country: str = ""


def tell(
    session: Session,
    holders: Holders,
    *,
    topic: str,
    key: str,
    subject: str,
    payload: Mapping[str, str | int | bool | None],
    now: datetime,
) -> None:
    """Leave one message for each of those who hold a case; the first has the key as it is."""
    for mark, to in _addresses(holders):
        outbox.post(
            session,
            topic=topic,
            key=f"{key}:{mark}" if mark else key,
            subject=subject,
            now=now,
            payload={**payload, **to},
        )


def panel_of(session: Session, item_id: str | None) -> str:
    """Return the panel on whose agenda an item is; empty for a decision without a sitting."""
    item = items.find(session, item_id) if item_id else None
    sitting = sittings.find(session, item.sitting_id) if item else None
    return sitting.panel_id if sitting else ""


def _addresses(holders: Holders) -> Iterator[tuple[str, dict[str, str]]]:
    yield "", {"role": Role.COORDINATOR.value, "office": holders.office}
    if holders.panel:
        yield "secretary", {"role": Role.SECRETARY.value, "panel": holders.panel}
    if holders.country:
        yield "head", {"role": Role.SECRETARIAT_HEAD.value, "country": holders.country}
    for person_id in holders.persons:
        yield person_id, {"person": person_id}
