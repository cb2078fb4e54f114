"""Queries about the evidence log, the tokens beside it and checkpoints."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from core.upsert import insert_for
from transfers.rules.evidence_chain import BEGINNING
from transfers.tables.evidence import (
    CheckpointRow,
    EvidenceHeadRow,
    EvidenceRow,
    StampRow,
    TokenRow,
)

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


def tokens_of(session: Session, digests: Collection[str]) -> Sequence[TokenRow]:
    """Return kept tokens by their hashes, as the log has them."""
    query = select(TokenRow).where(col(TokenRow.sha256).in_(sorted(digests)))
    return session.exec(query.order_by(col(TokenRow.n), TokenRow.sha256)).all()


def tokens_about(session: Session, subjects: Collection[str], kind: str) -> Sequence[TokenRow]:
    """Return kept tokens of one kind that are noted under one of these ids, as the log has them."""
    beside = select(EvidenceRow.obj).where(
        col(EvidenceRow.subject).in_(sorted(subjects)), col(EvidenceRow.type).startswith("token.")
    )
    query = select(TokenRow).where(col(TokenRow.sha256).in_(beside), TokenRow.kind == kind)
    return session.exec(query.order_by(col(TokenRow.n), TokenRow.sha256)).all()


def tokens_of_kind(session: Session, kind: str) -> Sequence[TokenRow]:
    """Return every kept token of one kind, as the log has them."""
    query = select(TokenRow).where(TokenRow.kind == kind)
    return session.exec(query.order_by(col(TokenRow.n), TokenRow.sha256)).all()


def rows_at(session: Session, numbers: Collection[int]) -> Sequence[EvidenceRow]:
    """Return rows of the log by their numbers, in order."""
    query = select(EvidenceRow).where(col(EvidenceRow.n).in_(sorted(numbers)))
    return session.exec(query.order_by(col(EvidenceRow.n))).all()


def rows_about(session: Session, subjects: Collection[str]) -> Sequence[EvidenceRow]:
    """Return rows of the log noted under one of these ids, in order."""
    query = select(EvidenceRow).where(col(EvidenceRow.subject).in_(sorted(subjects)))
    return session.exec(query.order_by(col(EvidenceRow.n))).all()


def checkpoints_since(session: Session, issuer: str, second: int) -> Sequence[CheckpointRow]:
    """Return what an installation signed about its log from a second on, in order."""
    query = select(CheckpointRow).where(
        CheckpointRow.issuer == issuer, CheckpointRow.issued_at >= second
    )
    order = (col(CheckpointRow.issued_at), col(CheckpointRow.n), CheckpointRow.head)
    return session.exec(query.order_by(*order)).all()


def stamps_of(session: Session, digests: Collection[str]) -> dict[str, StampRow]:
    """Return the stamps on these checkpoints, by the hash of the checkpoint."""
    query = select(StampRow).where(col(StampRow.token).in_(sorted(digests)))
    return {row.token: row for row in session.exec(query).all()}
