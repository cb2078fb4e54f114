"""Whether a grant of ours counts at this moment, and for which item.

Source: DOM-R45, EXP-9, EXP-TT51.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from transfers.rules.codes import MessageType
from transfers.store import disclosure as store
from transfers.store import transfers as transfer_store
from transfers.tables.disclosure import GrantGivenRow
from transfers.tables.transfer import TransferRow

PROPOSED: Final = "proposed"
ISSUED: Final = "issued"
REFUSED: Final = "refused"
REVOKED: Final = "revoked"


def record_version(session: Session, row: TransferRow) -> int:
    """Return the version of what we told on a transfer: each correction of ours makes another one.

    A grant is for one version; what was corrected since needs a new grant.
    """
    return 1 + sum(
        one.is_ours and one.type == MessageType.CORRECTION and one.standing == "signed"
        for one in transfer_store.messages(session, row.id)
    )


def is_standing(session: Session, row: TransferRow, grant: GrantGivenRow, *, now: datetime) -> bool:
    """Whether a grant was issued, not revoked, is not over, and is for what is on record now."""
    return (
        grant.state == ISSUED
        and grant.transfer_id == row.id
        and grant.partner == row.partner
        and row.is_open
        and grant.expires_at is not None
        and now < grant.expires_at
        and grant.record_version == record_version(session, row)
    )


def naming(session: Session, row: TransferRow, item: str, *, now: datetime) -> str | None:
    """Return the id of an unused grant that counts now and names this item; None when there is none."""
    for grant in store.given_on(session, row.id):
        if counts(session, row, grant.id, item, is_used_here=False, now=now):
            return grant.id
    return None


def counts(
    session: Session,
    row: TransferRow,
    grant_id: str,
    item: str,
    *,
    is_used_here: bool,
    now: datetime,
) -> bool:
    """Whether this grant still counts and names this item; a used one only for the message it was used for."""
    grant = store.given(session, grant_id)
    if grant is None or item not in grant.scope:
        return False
    is_free = grant.used < grant.uses or is_used_here
    return is_free and is_standing(session, row, grant, now=now)


def use_for(session: Session, message_id: str) -> None:
    """Use up the grants the documents of a message leave under: what a package carries is not redeemed besides."""
    named = {one.grant_id for one in store.documents_of(session, message_id)} - {None}
    for grant_id in sorted(str(one) for one in named):
        grant = store.given(session, grant_id, lock=True)
        if grant is not None:
            grant.used += 1
            session.add(grant)
    session.flush()
