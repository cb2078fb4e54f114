"""Noting what happens in a sitting: the event the minutes are drawn from, and the audit row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.papers.issuing import retire
from panels.rules.quorum import Quorum
from panels.service.printing.common import AGENDA, BUNDLE
from panels.store import sitting as store
from panels.tables.item import ItemRow
from panels.tables.sitting import QuorumLogRow, SittingEventRow, SittingRow

Codes = Mapping[str, str | int | bool | None]
_CHANGES_AGENDA: Final = frozenset(
    {
        "called", "planned", "convened", "deliberation_opened", "votes_open", "quorum_lost",
        "round_annulled", "cancelled", "inquorate",
    }
)  # fmt: skip
"""Besides whatever happens to an item: what an agenda prints is another from then on."""
_CHANGES_PAPERS: Final = frozenset(
    {
        "item_listed", "item_withdrawn", "item_not_reached", "item_lost_quorum", "quorum_lost",
        "papers_released", "cancelled", "inquorate",
    }
)  # fmt: skip
"""Papers came to a bundle or went from it, or items changed places."""


def note(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    kind: str,
    *,
    now: datetime,
    item: ItemRow | None = None,
    codes: Codes | None = None,
) -> None:
    """Append one event to a sitting (already locked) and one row to the audit log."""
    event = SittingEventRow(
        sitting_id=sitting.id,
        seq=store.next_seq(session, sitting.id),
        at=now,
        kind=kind,
        item_id=item.id if item else None,
        person_id=actor.person_id,
        codes=dict(codes or {}),
    )
    session.add(event)
    session.flush()
    if kind in _CHANGES_AGENDA or kind.startswith("item_"):
        retire(session, kinds=(AGENDA,), series=sitting.id, now=now)
    if kind in _CHANGES_PAPERS:
        retire_bundles(session, sitting.id, now=now)
    audit.record(
        session,
        actor,
        f"sitting.{kind}",
        thing="agenda_item" if item else "sitting",
        thing_id=item.id if item else sitting.id,
        case_id=item.case_id if item else None,
        now=now,
        codes=dict(codes or {}),
    )


def retire_bundles(session: Session, sitting_id: str, *, now: datetime) -> None:
    """Mark every bundle of a sitting as replaced, whole ones and those without names."""
    for without_names in (True, False):
        retire(session, kinds=(BUNDLE,), series=f"{sitting_id}|{without_names}", now=now)


def log_quorum(
    session: Session,
    sitting: SittingRow,
    found: Quorum,
    moment: str,
    *,
    now: datetime,
    item: ItemRow | None = None,
) -> str:
    """Keep one computation of quorum and return its id. Source: DOM-4.5/sitting.quorum_log."""
    row = QuorumLogRow(
        sitting_id=sitting.id,
        item_id=item.id if item else None,
        at=now,
        moment=moment,
        eligible=list(found.eligible),
        met=found.is_met,
        missing=[{"code": gap.code, **gap.facts} for gap in found.missing],
    )
    session.add(row)
    session.flush()
    return row.id
