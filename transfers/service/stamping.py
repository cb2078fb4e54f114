"""Our checkpoints, stamped by a time-stamping authority: that the log was this long by then is not our word alone.

The question is asked outside any unit of work. A stamp is kept only if it is on this checkpoint and by an authority
under a root somebody chose. Source: EXP-8.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate
from sqlmodel import Session

from core.exchange import stamps
from core.exchange.stamps import Question
from transfers.service import installation
from transfers.store import evidence as store
from transfers.tables.evidence import StampRow


@dataclass(frozen=True)
class ToStamp:
    """A checkpoint of ours without a stamp, and the question about it."""

    token: str
    sha256: str
    question: Question


def to_stamp(session: Session) -> ToStamp | None:
    """Return the newest checkpoint of ours, unless it is stamped or there is none."""
    name = installation.name_if_any(session)
    last = None if name is None else store.newest_checkpoint(session, name)
    if last is None or session.get(StampRow, last.token) is not None:
        return None
    kept = store.token(session, last.token)
    if kept is None:
        return None
    return ToStamp(kept.text, last.token, stamps.ask(kept.text))


def keep(
    session: Session, asked: ToStamp, answer: bytes, roots: Sequence[Certificate], *, now: datetime
) -> datetime:
    """Keep what an authority answered; returns the time it tells. Twice is once.

    Raises:
        StampRefused: it is no stamp on this checkpoint by an authority whose root is known; nothing is kept.
    """
    digest = stamps.digest_of(asked.token)
    told = stamps.read(answer, digest, roots, nonce=asked.question.nonce)
    if session.get(StampRow, asked.sha256) is None:
        session.add(StampRow(token=asked.sha256, answer=answer, stamped_at=told, kept_at=now))
        session.flush()
    return told


def plain_stamp(row: StampRow) -> dict[str, str]:
    """Return a stamp as it stands in a file."""
    return {"sha256": row.token, "answer": base64.b64encode(row.answer).decode("ascii")}
