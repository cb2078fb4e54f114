"""What must hold when the storm is over: nothing lost, nothing twice, nobody moved whom nobody accepted, logs that agree."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, select

from core import audit
from core.actors import Role
from core.clock import utc_now
from core.db import Database
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.partners import an_officer
from tests.workflows.storm.officers import ENDS, Child, Course
from transfers.rules.codes import MessageType
from transfers.rules.machine import Step, TransferState
from transfers.rules.responsibility import faults
from transfers.service import evidence_export, incoming
from transfers.service.evidence_check import check
from transfers.store import transfers as store
from transfers.tables.delivery import (
    DeliveryInRow,
    DeliveryOutRow,
    ReceiptGivenRow,
    ReceiptTakenRow,
)
from transfers.tables.transfer import MessageRow, TransferHistoryRow, TransferRow

S = TransferState
MOVED: Final = frozenset({
    S.PACKAGE_RELEASED, S.PRE_DEPARTURE, S.CLEARED_TO_TRAVEL, S.IN_TRANSIT, S.HANDED_OVER, S.RECEIVED,
})  # fmt: skip
"""States nobody may ever have been in without the other country's acceptance."""
REPEATED: Final = frozenset({Step.ASK, Step.SUPPLY, Step.SUSPEND, Step.RESUME})


@dataclass(frozen=True)
class Found:
    """What is found; every number but those of rows and tokens must be zero.

    Args:
        astray: children whose two records are not where their course ends.
        lost: messages signed on one side that the other does not have, or receipts one side gave and the other lacks.
        doubled: messages, steps, packages or receipts that are there more than once.
        moved: records that moved although nobody accepted.
        unanswered_for: children for whom at some moment nobody answered, or two did.
        gaps: numbers of deliveries that are still missed.
        faults: evidence logs that do not verify or do not agree with the other's.
        audit_faults: audit logs that do not verify.
        rows: rows of both evidence logs.
        tokens: tokens checked in them.
    """

    astray: int
    lost: int
    doubled: int
    moved: int
    unanswered_for: int
    gaps: int
    faults: int
    audit_faults: int
    rows: int
    tokens: int

    @property
    def is_unharmed(self) -> bool:
        """Whether the storm did no harm."""
        wrong = (
            self.astray, self.lost, self.doubled, self.moved, self.unanswered_for, self.gaps,
            self.faults, self.audit_faults,
        )  # fmt: skip
        return not any(wrong)


def found_after(here: Database, there: Database, children: Sequence[Child]) -> Found:
    """Compare everything both countries have on record."""
    with here.unit_of_work() as ours, there.unit_of_work() as theirs:
        sides = (ours, theirs)
        rows, tokens, wrong = _logs(ours, theirs)
        return Found(
            astray=sum(_is_astray(child, ours, theirs) for child in children),
            lost=_lost(ours, theirs) + _lost(theirs, ours),
            doubled=sum(_doubled(side) for side in sides),
            moved=_moved(ours, theirs, children),
            unanswered_for=sum(_unanswered_for(side) for side in sides),
            gaps=len(incoming.gaps(ours, NAMIBIA)) + len(incoming.gaps(theirs, ZAMBIA)),
            faults=wrong,
            audit_faults=sum(not audit.verify_database(side).holds for side in sides),
            rows=rows,
            tokens=tokens,
        )


def _is_astray(child: Child, ours: Session, theirs: Session) -> bool:
    states = [
        session.exec(select(TransferRow.state).where(TransferRow.ref == child.ref)).all()
        for session in (ours, theirs)
    ]
    return states != [[ENDS[child.course]], [ENDS[child.course]]]


def _lost(sender: Session, receiver: Session) -> int:
    """Count what one side signed and the other does not have."""
    said = _all(sender, select(MessageRow.no).where(col(MessageRow.is_ours).is_(True)))
    heard = set(_all(receiver, select(MessageRow.no).where(col(MessageRow.is_ours).is_(False))))
    out = _all(sender, select(DeliveryOutRow.id))
    came = dict(_all(receiver, select(DeliveryInRow.delivery_id, DeliveryInRow.state)))
    given = set(_all(receiver, select(ReceiptGivenRow.sha256)))
    taken = _all(sender, select(ReceiptTakenRow.sha256).where(ReceiptTakenRow.standing == "valid"))
    not_opened = sum(came.get(one) not in OPENED for one in out)
    return len(set(said) - heard) + not_opened + len(given ^ set(taken))


OPENED: Final = frozenset({"admitted", "viewed", "recalled", "deleted"})


def _doubled(session: Session) -> int:
    """Count what is on record more than once although it happened once."""
    steps = _all(
        session,
        select(TransferHistoryRow.transfer_id, TransferHistoryRow.step).where(
            col(TransferHistoryRow.step).not_in(REPEATED)
        ),
    )
    kinds = _all(session, select(MessageRow.transfer_id, MessageRow.type))
    packages = _all(session, select(DeliveryInRow.partner, DeliveryInRow.package_id))
    given = _all(session, select(ReceiptGivenRow.subject, ReceiptGivenRow.event))
    refs = _all(session, select(TransferRow.ref))
    return sum(len(found) - len(set(found)) for found in (steps, kinds, packages, given, refs))


def _moved(ours: Session, theirs: Session, children: Sequence[Child]) -> int:
    """Count records that ever stood behind an acceptance that the other country's officers did not sign."""
    signed = select(MessageRow.transfer_id).where(
        MessageRow.type == MessageType.ACCEPT, MessageRow.is_ours, MessageRow.signed_by != ""
    )
    heard = select(MessageRow.transfer_id).where(
        MessageRow.type == MessageType.ACCEPT, col(MessageRow.is_ours).is_(False)
    )
    moved = select(TransferHistoryRow.transfer_id).where(col(TransferHistoryRow.state).in_(MOVED))
    accepted = {child.ref for child in children if child.course is Course.ARRIVED}
    by_them, by_us = _refs(theirs, _all(theirs, signed)), _refs(ours, _all(ours, heard))
    return sum(
        ref not in by_them or ref not in by_us or ref not in accepted
        for session in (ours, theirs)
        for ref in _refs(session, _all(session, moved))
    )


def _refs(session: Session, ids: Sequence[str]) -> set[str]:
    refs = dict(_all(session, select(TransferRow.id, TransferRow.ref)))
    return {refs[one] for one in ids}


def _unanswered_for(session: Session) -> int:
    ids = _all(session, select(TransferRow.id))
    spans = [store.spans(session, one) for one in ids]
    return sum(bool(found and faults(found)) for found in spans)


def _logs(ours: Session, theirs: Session) -> tuple[int, int, int]:
    """Check each evidence log against what the other country kept; count rows, tokens and logs that fail."""

    def lines(session: Session, country: str) -> Iterator[str]:
        actor = an_officer(Role.ADMINISTRATOR, country)
        return iter(evidence_export.export_lines(session, actor, now=utc_now()))

    first = check(lines(ours, "ZM"), against=lines(theirs, "NA"))
    second = check(lines(theirs, "NA"), against=lines(ours, "ZM"))
    wrong = [one.fault for one in (first, second) if one.fault is not None]
    return first.rows + second.rows, first.tokens + second.tokens, len(wrong)


def undelivered(session: Session) -> Counter[str]:
    """Count what has not come to rest on one side, by what it is."""
    to_send = ("queued", "transferring", "waiting", "needs_attention", "recall_sent")
    found: Counter[str] = Counter()
    found["to seal"] = len(
        _all(
            session,
            select(MessageRow.id).where(
                MessageRow.is_ours,
                MessageRow.standing == "signed",
                col(MessageRow.package_id).is_(None),
            ),
        )
    )
    found["to send"] = len(
        _all(session, select(DeliveryOutRow.id).where(col(DeliveryOutRow.state).in_(to_send)))
    )
    found["to open"] = len(
        _all(session, select(DeliveryInRow.id).where(DeliveryInRow.state == "received"))
    )
    found["to sign for"] = len(
        _all(session, select(ReceiptGivenRow.id).where(col(ReceiptGivenRow.stored_at).is_(None)))
    )
    return +found


def _all(session: Session, statement: Any) -> list[Any]:
    return list(session.exec(statement).all())
