"""Queries about packages on their way out and in, receipts, recalls and lines."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from core.upsert import insert_once
from transfers.rules.delivery import TO_SEND, UNFINISHED, InState, OutState
from transfers.rules.guests import PAPER
from transfers.tables.delivery import (
    CallMadeRow,
    DeliveryInRow,
    DeliveryOutRow,
    ExchangeChainRow,
    ExchangeLifeRow,
    LineRow,
    PartInRow,
    RecallRow,
    ReceiptGivenRow,
    ReceiptTakenRow,
)
from transfers.tables.partner import PartnerRow
from transfers.tables.transfer import MessageRow, TransferRow

_WAITING = [state.value for state in TO_SEND]


def life(session: Session, *, lock: bool = False) -> ExchangeLifeRow | None:
    """Return this life of the database; None before anything was numbered."""
    query = select(ExchangeLifeRow)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def chain(session: Session, partner: str, life_mark: str) -> ExchangeChainRow | None:
    """Return our numbering towards a partner in one life."""
    query = select(ExchangeChainRow).where(
        ExchangeChainRow.partner == partner, ExchangeChainRow.life == life_mark
    )
    return session.exec(query.with_for_update()).first()


def out(session: Session, delivery_id: str, *, lock: bool = False) -> DeliveryOutRow | None:
    """Return a delivery of ours."""
    query = select(DeliveryOutRow).where(DeliveryOutRow.id == delivery_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def last_number(session: Session) -> int:
    """Return the highest number a delivery of ours was given here."""
    return session.exec(select(sa.func.max(DeliveryOutRow.number))).one() or 0


def out_named(session: Session, name: str) -> Sequence[DeliveryOutRow]:
    """Return deliveries of ours by their id or by the reference of their transfer, the oldest first."""
    query = (
        select(DeliveryOutRow)
        .join(TransferRow, col(TransferRow.id) == DeliveryOutRow.transfer_id)
        .where(sa.or_(col(DeliveryOutRow.id) == name, col(TransferRow.ref) == name))
    )
    return session.exec(query.order_by(col(DeliveryOutRow.number))).all()


def out_due(session: Session, partner: str, *, now: datetime) -> Sequence[DeliveryOutRow]:
    """Return what is to be tried now for one partner, the smallest first."""
    query = select(DeliveryOutRow).where(
        DeliveryOutRow.partner == partner,
        col(DeliveryOutRow.state).in_(_WAITING),
        DeliveryOutRow.next_try_at <= now,
    )
    return session.exec(query.order_by(col(DeliveryOutRow.size), col(DeliveryOutRow.number))).all()


def try_again(session: Session, partner: str, codes: Collection[str], *, now: datetime) -> int:
    """Let deliveries that wait for a person because of one of these be tried now; returns how many."""
    query = select(DeliveryOutRow).where(
        DeliveryOutRow.partner == partner,
        col(DeliveryOutRow.state) == OutState.NEEDS_ATTENTION.value,
        col(DeliveryOutRow.trouble).in_(codes),
    )
    found = session.exec(query.with_for_update()).all()
    for row in found:
        row.next_try_at = now
        session.add(row)
    session.flush()
    return len(found)


def out_over(session: Session, *, now: datetime) -> Sequence[DeliveryOutRow]:
    """Return what was not proven to have arrived until its end."""
    query = select(DeliveryOutRow).where(
        col(DeliveryOutRow.state).in_(_WAITING), DeliveryOutRow.expires_at <= now
    )
    return session.exec(query.order_by(col(DeliveryOutRow.number))).all()


def out_arrived(session: Session, partner: str, *, now: datetime) -> Sequence[DeliveryOutRow]:
    """Return what has arrived and may be admitted, refused or opened meanwhile, to be asked after now."""
    states = [OutState.DELIVERED.value, OutState.ADMITTED.value]
    query = select(DeliveryOutRow).where(
        DeliveryOutRow.partner == partner,
        col(DeliveryOutRow.state).in_(states),
        DeliveryOutRow.next_try_at <= now,
    )
    return session.exec(query.order_by(col(DeliveryOutRow.number))).all()


def out_after(
    session: Session, partner: str, after: int, *, now: datetime, limit: int
) -> Sequence[DeliveryOutRow]:
    """Return what waits for a partner to fetch, in the order in which it was sealed."""
    query = select(DeliveryOutRow).where(
        DeliveryOutRow.partner == partner,
        DeliveryOutRow.number > after,
        col(DeliveryOutRow.state).in_(_WAITING),
        DeliveryOutRow.expires_at > now,
    )
    return session.exec(query.order_by(col(DeliveryOutRow.number)).limit(limit)).all()


def out_of_package(session: Session, package_id: str) -> Sequence[DeliveryOutRow]:
    """Return every delivery of one package of ours, the oldest first."""
    query = select(DeliveryOutRow).where(DeliveryOutRow.package_id == package_id)
    return session.exec(query.order_by(col(DeliveryOutRow.number))).all()


def out_of_message(session: Session, message_id: str) -> Sequence[DeliveryOutRow]:
    """Return every delivery of one message of ours, the oldest first."""
    query = select(DeliveryOutRow).where(DeliveryOutRow.message_id == message_id)
    return session.exec(query.order_by(col(DeliveryOutRow.number))).all()


def out_waiting(session: Session) -> Sequence[DeliveryOutRow]:
    """Return everything that is not proven to have arrived."""
    query = select(DeliveryOutRow).where(col(DeliveryOutRow.state).in_(_WAITING))
    return session.exec(query.order_by(col(DeliveryOutRow.number))).all()


def outs(session: Session, *, limit: int) -> Sequence[DeliveryOutRow]:
    """Return the newest deliveries of ours."""
    return session.exec(
        select(DeliveryOutRow).order_by(col(DeliveryOutRow.number).desc()).limit(limit)
    ).all()


def to_seal(session: Session, *, limit: int) -> Sequence[MessageRow]:
    """Return signed messages of ours that no package carries yet, the oldest first.

    Those to a country without an installation are not sealed; recipients there are given them one by one.
    """
    query = (
        select(MessageRow)
        .join(TransferRow, col(TransferRow.id) == MessageRow.transfer_id)
        .where(
            MessageRow.standing == "signed",
            col(MessageRow.is_ours).is_(True),
            col(MessageRow.package_id).is_(None),
            TransferRow.partner != "",
            col(TransferRow.partner).not_like(f"__.{PAPER}"),
        )
    )
    return session.exec(query.order_by(col(MessageRow.signed_at), MessageRow.id).limit(limit)).all()


def partner_for_update(session: Session, installation: str) -> PartnerRow | None:
    """Hold a partner: what it offers is numbered one after the other."""
    query = select(PartnerRow).where(
        PartnerRow.installation == installation, PartnerRow.state != "revoked"
    )
    return session.exec(query.with_for_update()).first()


def incoming(
    session: Session, partner: str, delivery_id: str, *, lock: bool = False
) -> DeliveryInRow | None:
    """Return a delivery of one partner; another partner's is not there."""
    query = select(DeliveryInRow).where(
        DeliveryInRow.partner == partner, DeliveryInRow.delivery_id == delivery_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def incoming_row(session: Session, row_id: str, *, lock: bool = False) -> DeliveryInRow | None:
    """Return a delivery of theirs by its id here."""
    query = select(DeliveryInRow).where(DeliveryInRow.id == row_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def numbered(session: Session, partner: str, chain_id: str, seq: int) -> DeliveryInRow | None:
    """Return what came first under a number."""
    query = select(DeliveryInRow).where(
        DeliveryInRow.partner == partner, DeliveryInRow.chain == chain_id,
        DeliveryInRow.seq == seq, DeliveryInRow.fork == 0,
    )  # fmt: skip
    return session.exec(query).first()


def forks(session: Session, partner: str, chain_id: str, seq: int) -> int:
    """Return how many deliveries share a number."""
    query = select(sa.func.count()).select_from(DeliveryInRow)
    query = query.where(
        DeliveryInRow.partner == partner, DeliveryInRow.chain == chain_id, DeliveryInRow.seq == seq
    )
    return session.exec(query).one()


def numbers(session: Session, partner: str) -> Sequence[tuple[str, int]]:
    """Return chain and number of everything a partner offered, in order."""
    query = select(DeliveryInRow.chain, DeliveryInRow.seq).where(DeliveryInRow.partner == partner)
    rows = session.exec(query.distinct().order_by(DeliveryInRow.chain, DeliveryInRow.seq)).all()  # type: ignore[arg-type]
    return [(chain_id, seq) for chain_id, seq in rows]


def senders(session: Session) -> Sequence[str]:
    """Return every installation that ever offered something."""
    return session.exec(select(DeliveryInRow.partner).distinct()).all()


def of_package(session: Session, partner: str, package_id: str) -> Sequence[DeliveryInRow]:
    """Return every delivery of a package of a partner, locked, the oldest first."""
    query = select(DeliveryInRow).where(
        DeliveryInRow.partner == partner, DeliveryInRow.package_id == package_id
    )
    query = query.order_by(col(DeliveryInRow.offered_at), DeliveryInRow.id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).all()


def unfinished(session: Session, partner: str) -> tuple[int, int]:
    """Return how many deliveries of a partner are unfinished, and how many bytes they announce."""
    query = select(sa.func.count(), sa.func.coalesce(sa.func.sum(DeliveryInRow.size), 0)).where(
        DeliveryInRow.partner == partner,
        col(DeliveryInRow.state).in_([state.value for state in UNFINISHED]),
    )
    count, size = session.exec(query).one()
    return count, int(size)


def unfinished_since(session: Session, moment: datetime) -> Sequence[DeliveryInRow]:
    """Return what nobody went on with since then."""
    query = select(DeliveryInRow).where(
        col(DeliveryInRow.state).in_([state.value for state in UNFINISHED]),
        DeliveryInRow.moved_at <= moment,
    )
    return session.exec(query.order_by(col(DeliveryInRow.moved_at))).all()


def in_state(session: Session, *states: InState) -> Sequence[DeliveryInRow]:
    """Return deliveries of theirs in one of these states, the oldest first."""
    query = select(DeliveryInRow).where(
        col(DeliveryInRow.state).in_([state.value for state in states])
    )
    return session.exec(query.order_by(col(DeliveryInRow.offered_at), DeliveryInRow.id)).all()


def kept_too_long(session: Session, today: date) -> Sequence[DeliveryInRow]:
    """Return what may not be kept any longer, the oldest first."""
    query = select(DeliveryInRow).where(
        col(DeliveryInRow.retain_until) <= today, col(DeliveryInRow.destroyed_at).is_(None)
    )
    return session.exec(query.order_by(col(DeliveryInRow.retain_until))).all()


def for_message(session: Session, message_ids: Collection[str]) -> Sequence[DeliveryInRow]:
    """Return the deliveries that brought these messages."""
    query = select(DeliveryInRow).where(col(DeliveryInRow.message_id).in_(list(message_ids)))
    return session.exec(query.order_by(DeliveryInRow.id)).all()


def parts(session: Session, row_id: str) -> Sequence[PartInRow]:
    """Return the parts of a delivery of theirs, in order."""
    query = select(PartInRow).where(PartInRow.delivery_id == row_id)
    query = query.order_by(col(PartInRow.n)).execution_options(populate_existing=True)
    return session.exec(query).all()


def take_call(session: Session, issuer: str, jti: str, until: datetime) -> bool:
    """Note that a call was made; False when it was made before, by whatever worker."""
    values = {"issuer": issuer, "jti": jti, "until": until}
    return insert_once(session, table_of(CallMadeRow), values, unique=["issuer", "jti"])


def forget_calls(session: Session, before: datetime) -> None:
    """Forget calls whose token no longer counts anyway."""
    session.execute(sa.delete(CallMadeRow).where(col(CallMadeRow.until) < before))


def given(session: Session, partner: str, subject: str) -> Sequence[ReceiptGivenRow]:
    """Return our receipts about one delivery or notice, in the order in which they were signed."""
    query = select(ReceiptGivenRow).where(
        ReceiptGivenRow.partner == partner, ReceiptGivenRow.subject == subject
    )
    return session.exec(query.order_by(col(ReceiptGivenRow.number))).all()


def given_due(
    session: Session, partner: str, *, now: datetime, limit: int
) -> Sequence[ReceiptGivenRow]:
    """Return receipts the partner has not said it stored, to be offered now."""
    query = select(ReceiptGivenRow).where(
        ReceiptGivenRow.partner == partner,
        col(ReceiptGivenRow.stored_at).is_(None),
        ReceiptGivenRow.next_try_at <= now,
    )
    return session.exec(query.order_by(col(ReceiptGivenRow.number)).limit(limit)).all()


def given_by_id(session: Session, partner: str, ids: Collection[str]) -> Sequence[ReceiptGivenRow]:
    """Return receipts of ours by their ids."""
    query = select(ReceiptGivenRow).where(
        ReceiptGivenRow.partner == partner, col(ReceiptGivenRow.id).in_(list(ids))
    )
    return session.exec(query).all()


def next_given(session: Session) -> int:
    """Return the number of the next receipt of ours."""
    return (session.exec(select(sa.func.max(ReceiptGivenRow.number))).one() or 0) + 1


def taken(session: Session, subject: str) -> Sequence[ReceiptTakenRow]:
    """Return their receipts about one delivery or notice of ours, in the order in which they came."""
    query = select(ReceiptTakenRow).where(ReceiptTakenRow.subject == subject)
    return session.exec(query.order_by(col(ReceiptTakenRow.number))).all()


def taken_by_hash(session: Session, sha256: str) -> ReceiptTakenRow | None:
    """Return a receipt that came before."""
    return session.get(ReceiptTakenRow, sha256)


def next_taken(session: Session) -> int:
    """Return the number of the next receipt of theirs."""
    return (session.exec(select(sa.func.max(ReceiptTakenRow.number))).one() or 0) + 1


def recall(
    session: Session, partner: str, notice_id: str, *, lock: bool = False
) -> RecallRow | None:
    """Return a recall between one partner and us."""
    query = select(RecallRow).where(RecallRow.partner == partner, RecallRow.notice_id == notice_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def recalls_of(
    session: Session, partner: str, package_id: str, *, is_ours: bool
) -> Sequence[RecallRow]:
    """Return the recalls of one package, the oldest first."""
    query = select(RecallRow).where(
        RecallRow.partner == partner, RecallRow.package_id == package_id,
        col(RecallRow.is_ours).is_(is_ours),
    )  # fmt: skip
    return session.exec(query.order_by(col(RecallRow.at), RecallRow.id)).all()


def recalls_due(session: Session, partner: str, *, now: datetime) -> Sequence[RecallRow]:
    """Return recalls of ours nothing signed says the partner has, to be told now."""
    query = select(RecallRow).where(
        RecallRow.partner == partner, col(RecallRow.is_ours).is_(True),
        RecallRow.state == "sent", RecallRow.next_try_at <= now,
    )  # fmt: skip
    return session.exec(query.order_by(col(RecallRow.at))).all()


def recalls_open(session: Session) -> Sequence[RecallRow]:
    """Return recalls of theirs an officer has to answer."""
    query = select(RecallRow).where(col(RecallRow.is_ours).is_(False), RecallRow.state == "blocked")
    return session.exec(query.order_by(col(RecallRow.at))).all()


def recalls(session: Session, *, limit: int) -> Sequence[RecallRow]:
    """Return recalls of both sides, the newest first."""
    query = select(RecallRow).order_by(col(RecallRow.at).desc(), RecallRow.id)
    return session.exec(query.limit(limit)).all()


def line(session: Session, partner: str) -> LineRow:
    """Return how the line to a partner is, locked; made at first use."""
    insert_once(
        session, table_of(LineRow), {"partner": partner, "attempts": 0, "skew_seconds": 0, "trouble": ""},
        unique=["partner"],
    )  # fmt: skip
    query = select(LineRow).where(LineRow.partner == partner).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def note_called(session: Session, partner: str, *, now: datetime, every: timedelta) -> None:
    """Note that a partner called us; not more often than this, so that its calls do not wait for one another."""
    values = {"partner": partner, "attempts": 0, "skew_seconds": 0, "trouble": "", "heard_at": now}
    insert_once(session, table_of(LineRow), values, unique=["partner"])
    old = sa.or_(col(LineRow.heard_at).is_(None), col(LineRow.heard_at) < now - every)
    session.execute(
        sa.update(LineRow).where(col(LineRow.partner) == partner, old).values(heard_at=now)
    )


def lines(session: Session) -> Sequence[LineRow]:
    """Return how every line is."""
    return session.exec(select(LineRow).order_by(LineRow.partner)).all()


def active_partners(session: Session) -> Sequence[str]:
    """Return the names of the partners we exchange with today."""
    query = select(PartnerRow.installation).where(PartnerRow.state == "active")
    return session.exec(query.order_by(PartnerRow.installation)).all()


def table_of(row: type[SQLModel]) -> Any:
    """Return the table of a row."""
    return row.__table__  # type: ignore[attr-defined]
