"""Our receipts about what came, to be handed back by hand or as a code on paper. Source: EXP-5.4."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.errors import NotThere
from transfers.service.officers import KEY_KEEPERS, require
from transfers.store import bundles as store


@dataclass(frozen=True)
class Shown:
    """One receipt of ours, word for word."""

    partner: str
    subject: str
    event: str
    signed_at: datetime
    text: str


def receipts_for(session: Session, actor: Actor, name: str, *, now: datetime) -> list[Shown]:
    """Return our receipts about one delivery or recall, or about everything that came for a transfer.

    Args:
        session: the unit of work.
        actor: whoever keeps this installation.
        name: id of a delivery or recall of theirs, or reference of a transfer.
        now: when.

    Raises:
        NotThere: nothing of this name was signed for, or not whoever keeps this installation.
    """
    require(actor, KEY_KEEPERS)
    row = store.by_ref(session, name)
    subjects = {name} if row is None else {one.delivery_id for one in store.came(session, row.id)}
    found = [
        Shown(one.partner, one.subject, one.event, one.signed_at, one.text)
        for one in store.given_about(session, subjects)
    ]
    if not found:
        raise NotThere("delivery")
    audit.record(
        session, actor, "receipts.read", thing="delivery", thing_id=found[0].subject, now=now,
        codes={"receipts": len(found)},
    )  # fmt: skip
    return found
