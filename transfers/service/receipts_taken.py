"""Receipts of a partner: they alone move a delivery of ours, and only when everything about them fits.

What does not fit is kept as evidence, officers hear of it, and nothing changes. A receipt is never consent and never an
officer's decision. Source: EXP-7.1, EXP-TT42, DOM-R34.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.actors import Role, procedure_actor
from core.exchange import receipts
from core.exchange.encoding import digest
from core.exchange.errors import Reason, ReceiptRefused, TokenRefused
from core.exchange.kinds import MAX_JWS, Kind
from core.exchange.receipts import Event, Receipt, Standing, Subject
from core.exchange.tokens import Token
from transfers.rules.delivery import OutState
from transfers.service import asked_back, evidence, grants_carried, installation, receiving, travel
from transfers.service.correspondence import Correspondent
from transfers.service.evidence import Direction
from transfers.service.officers import tell
from transfers.store import deliveries as store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryOutRow, RecallRow, ReceiptTakenRow

VALID, CONTRADICTS, UNVERIFIED = "valid", "contradicts", "unverified"
_STATES: Final = {
    Standing.RECEIVED: OutState.DELIVERED,
    Standing.ADMITTED: OutState.ADMITTED,
    Standing.VIEWED: OutState.VIEWED,
    Standing.REFUSED: OutState.REFUSED,
    Standing.DELETED: OutState.DELETED,
}
_ARRIVED: Final = frozenset({Standing.RECEIVED, Standing.ADMITTED, Standing.VIEWED})
_RECALLING: Final = frozenset({
    OutState.RECALL_SENT, OutState.RECALLED, OutState.RECALL_DECLINED,
})  # fmt: skip
_OF_RECALL: Final = {
    Event.RECALL_RECEIVED: ("received", None),
    Event.RECALLED: ("recalled", OutState.RECALLED),
    Event.RECALL_DECLINED: ("declined", OutState.RECALL_DECLINED),
    Event.DELETED: ("recalled", OutState.RECALLED),
}


@dataclass(frozen=True)
class Taken:
    """What became of a receipt that came in.

    Args:
        sha256: of its text.
        jti: its id when it was stored as genuine; None otherwise.
        code: why it was not; empty when it was.
    """

    sha256: str
    jti: str | None
    code: str = ""


def take(session: Session, partner: Correspondent, text: object, *, now: datetime) -> Taken:
    """Take one receipt, or keep it as evidence; answered, not raised: what is kept has to stay. Twice is once.

    Use a unit of work for each receipt.
    """
    if not isinstance(text, str) or not text.isascii() or len(text) > MAX_JWS:
        return Taken(digest(str(text).encode("utf-8", "replace")), None, "not-a-token")
    sha256 = digest(text.encode("ascii"))
    known = store.taken_by_hash(session, sha256)
    if known is not None:
        jti = known.jti if known.standing == VALID else None
        return Taken(sha256, jti, "" if jti else known.standing)
    return _read(session, partner, text, sha256, now=now)


def _read(
    session: Session, partner: Correspondent, text: str, sha256: str, *, now: datetime
) -> Taken:
    own = installation.name_of(session)
    try:
        token = partner.ring.read(text, Kind.RECEIPT, audience=own, now=now)
        receipt = receipts.read_kept(text, partner.ring.pinned())
    except TokenRefused as error:
        if error.reason is Reason.EARLY:  # our clock or theirs; it is offered again later
            return Taken(sha256, None, "too-early")
        return _keep_unverified(session, partner, text, sha256, "not-genuine", now=now)
    found = _subject(session, partner, receipt)
    if found is None:
        return _keep_unverified(session, partner, text, sha256, "unknown-subject", now=now)
    row, about = found
    try:
        receipts.require_about(receipt, about)
    except ReceiptRefused as error:
        return _keep_unverified(session, partner, text, sha256, f"other-{error.why}", now=now)
    return _weigh(session, partner, row, receipt, token, now=now)


def _weigh(
    session: Session,
    partner: Correspondent,
    row: DeliveryOutRow | RecallRow,
    receipt: Receipt,
    token: Token,
    *,
    now: datetime,
) -> Taken:
    earlier = _earlier(session, partner, receipt.subject)
    proof = receipts.proven([*earlier, receipt])
    is_against = receipt in proof.contradictions
    _add(session, partner, receipt, CONTRADICTS if is_against else VALID, now=now)
    if not is_against and isinstance(row, DeliveryOutRow):
        _move(session, row, proof.standing, receipt, now=now)
    elif not is_against and isinstance(row, RecallRow):
        _move_recall(session, row, receipt.event, now=now)
    if is_against:
        _alarm(session, partner, token.digest, "contradicts", now=now)
    evidence.keep(
        session, token, Direction.RECEIVED, subject=receipt.subject, actor=evidence.PROCEDURE,
        now=now, detail={"evt": str(receipt.event), "counts": not is_against},
    )  # fmt: skip
    if receipt.log is not None:
        said = {"n": receipt.log.n, "head": receipt.log.head}
        evidence.note_their_head(session, token, said, now=now)
    return Taken(
        token.digest, None if is_against else receipt.id, CONTRADICTS if is_against else ""
    )


def _earlier(session: Session, partner: Correspondent, subject: str) -> list[Receipt]:
    """Receipts taken before; a key that was found compromised since then does not undo what they said."""
    found = []
    for row in store.taken(session, subject):
        if row.standing == VALID:
            try:
                found.append(receipts.read_kept(row.text, partner.ring.pinned()))
            except TokenRefused:
                continue
    return found


def _subject(
    session: Session, partner: Correspondent, receipt: Receipt
) -> tuple[DeliveryOutRow | RecallRow, Subject] | None:
    own = installation.name_of(session)
    row = store.out(session, receipt.subject, lock=True)
    if row is not None and row.partner == partner.installation:
        return row, Subject(
            Kind.DELIVERY, row.id, row.package_id, row.token_sha256, own, row.partner,
            row.manifest_sha256,
        )  # fmt: skip
    recall = store.recall(session, partner.installation, receipt.subject, lock=True)
    if recall is not None and recall.is_ours:
        return recall, Subject(
            Kind.NOTICE, recall.notice_id, recall.package_id, recall.token_sha256, own,
            recall.partner,
        )  # fmt: skip
    return None


def _move(
    session: Session, row: DeliveryOutRow, standing: Standing, receipt: Receipt, *, now: datetime
) -> None:
    """Bring a delivery to where its receipts prove it is."""
    goal = _STATES.get(standing)
    if standing is Standing.EXPIRED:
        row.trouble, row.is_offered = "dropped_there", False
        goal = OutState.NEEDS_ATTENTION
    if goal is not None and row.state not in _RECALLING and row.state != goal:
        row.state, row.state_since = goal.value, now
        row.trouble = receipt.reason or "" if goal is OutState.REFUSED else row.trouble
        if goal in _STATES.values() and goal is not OutState.REFUSED:
            row.trouble = ""
    session.add(row)
    session.flush()
    country = installation.name_of(session)[:2]
    if standing in _ARRIVED:
        receiving.note_delivered(session, procedure_actor(country), row.message_id, now=now)
    if standing is Standing.VIEWED:
        travel.note_viewed(session, row.message_id, ref=receipt.id, now=now)
    if standing is Standing.REFUSED:
        grants_carried.note_refused(session, row.message_id, now=now)
        facts = {"installation": row.partner, "code": receipt.reason or ""}
        tell(
            session, topic="exchange.refused_there", subject=row.transfer_id, occasion=row.id,
            role=Role.SECRETARIAT, facts=facts, now=now,
        )  # fmt: skip


def _move_recall(session: Session, row: RecallRow, event: Event, *, now: datetime) -> None:
    state, of_delivery = _OF_RECALL[event]
    order = ("sent", "received", "declined", "recalled")
    if order.index(state) > order.index(row.state):
        row.state = state
        session.add(row)
    for each in store.out_of_package(session, row.package_id):
        if of_delivery is not None and each.state in {
            OutState.RECALL_SENT,
            OutState.RECALL_DECLINED,
        }:
            each.state, each.state_since = of_delivery.value, now
            session.add(each)
            if of_delivery is OutState.RECALL_DECLINED:
                message = transfer_store.find_message(session, each.message_id)
                asked_back.unmark(session, message, now=now)
    session.flush()


def _add(
    session: Session, partner: Correspondent, receipt: Receipt, standing: str, *, now: datetime
) -> None:
    session.add(
        ReceiptTakenRow(
            sha256=receipt.token.digest, partner=partner.installation, jti=receipt.id,
            subject=receipt.subject, event=str(receipt.event), reason=receipt.reason or "",
            standing=standing, text=receipt.token.text, number=store.next_taken(session),
            taken_at=now,
        )
    )  # fmt: skip
    session.flush()


def _keep_unverified(
    session: Session, partner: Correspondent, text: str, sha256: str, code: str, *, now: datetime
) -> Taken:
    """Keep what is not what it should be: whoever made it may have to be shown it one day."""
    session.add(
        ReceiptTakenRow(
            sha256=sha256, partner=partner.installation, standing=UNVERIFIED, text=text,
            number=store.next_taken(session), taken_at=now,
        )
    )  # fmt: skip
    session.flush()
    _alarm(session, partner, sha256, code, now=now)
    evidence.keep_text(
        session, text, Kind.RECEIPT, Direction.RECEIVED, issuer=partner.installation, kid="",
        subject=partner.partner_id, actor=evidence.PROCEDURE, standing=evidence.Standing.UNVERIFIED,
        detail={"why": code}, now=now,
    )  # fmt: skip
    return Taken(sha256, None, code)


def _alarm(
    session: Session, partner: Correspondent, sha256: str, code: str, *, now: datetime
) -> None:
    tell(
        session, topic="exchange.receipt_not_genuine", subject=partner.partner_id, occasion=sha256,
        facts={"installation": partner.installation, "code": code}, now=now,
    )  # fmt: skip
