"""Queries about the evidence log, the tokens beside it and checkpoints."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from core.upsert import insert_for
from transfers.rules.evidence_chain import BEGINNING
from transfers.tables.evidence import CheckpointRow, EvidenceHeadRow, EvidenceRow, TokenRow

BATCH = 1_000


def locked_head(session: Session) -> EvidenceHeadRow:
    """Return the head of the log, held until the unit of work ends; made at first use."""
    query = select(EvidenceHeadRow).with_for_update().execution_options(populate_existing=True)
    head = session.exec(query).first()
    if head is None:
        table = EvidenceHeadRow.__table__  # type: ignore[attr-defined]
        first = insert_for(session)(table).values(id=1, n=0, hash=BEGINNING)
        session.execute(first.on_conflict_do_nothing())
        head = session.exec(query).one()
    return head


def head(session: Session) -> EvidenceHeadRow | None:
    """Return the head of the log as it stands."""
    return session.exec(select(EvidenceHeadRow)).first()


def rows_in_order(session: Session) -> Iterator[EvidenceRow]:
    """Yield the log from its first row on, in batches."""
    after = 0
    while True:
        query = select(EvidenceRow).where(EvidenceRow.n > after).order_by(col(EvidenceRow.n))
        batch = session.exec(query.limit(BATCH)).all()
        if not batch:
            return
        yield from batch
        after = batch[-1].n


def tokens_at(session: Session, first: int, last: int) -> Sequence[TokenRow]:
    """Return the tokens kept beside these rows of the log, in their order."""
    query = select(TokenRow).where(col(TokenRow.n).between(first, last))
    return session.exec(query.order_by(col(TokenRow.n), TokenRow.sha256)).all()


def token(session: Session, sha256: str) -> TokenRow | None:
    """Return a kept token by its hash."""
    return session.get(TokenRow, sha256)


def received_with_key(
    session: Session, *, issuer: str, kid: str, since: datetime
) -> Sequence[TokenRow]:
    """Return what came in signed with one key of an installation from a moment on, in order."""
    query = select(TokenRow).where(
        TokenRow.issuer == issuer,
        TokenRow.kid == kid,
        TokenRow.direction == "received",
        TokenRow.kept_at >= since,
    )
    return session.exec(query.order_by(col(TokenRow.n))).all()


def newest_checkpoint(session: Session, issuer: str) -> CheckpointRow | None:
    """Return the last checkpoint of an installation."""
    query = select(CheckpointRow).where(CheckpointRow.issuer == issuer)
    order = (col(CheckpointRow.issued_at).desc(), col(CheckpointRow.n).desc())
    return session.exec(query.order_by(*order).limit(1)).first()


def longest_checkpoint(session: Session, issuer: str) -> CheckpointRow | None:
    """Return the checkpoint of an installation that covers most rows."""
    query = select(CheckpointRow).where(CheckpointRow.issuer == issuer)
    return session.exec(query.order_by(col(CheckpointRow.n).desc()).limit(1)).first()


def checkpoints_at(session: Session, issuer: str, n: int) -> Sequence[CheckpointRow]:
    """Return what an installation said of its log at one length; more than one means it was rewritten."""
    query = select(CheckpointRow).where(CheckpointRow.issuer == issuer, CheckpointRow.n == n)
    return session.exec(query).all()
