"""What became of each transfer, told by both countries' records: messages, signed receipts, and logs that agree."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from cli.border import proof
from cli.border.desk import Course
from cli.border.run import Border
from cli.border.sides import Side
from core.accounts.system import operator_actor
from transfers.service import evidence_export
from transfers.service.evidence_check import check
from transfers.tables.delivery import DeliveryOutRow, ReceiptTakenRow
from transfers.tables.transfer import MessageRow, TransferRow


def transfers(border: Border) -> list[dict[str, Any]]:
    """Describe every transfer of the demo, in the order of the story."""
    can_prove = proof.can_prove(border.ours)
    found = []
    for course in border.courses:
        told = _transfer(course)
        if can_prove and told["messages"]:  # of what never left there is nothing to prove
            files = proof.take_out(course, border.data / "evidence")
            sides = [side for side in (course.sender, course.receiver) if side is not None]
            told["verified"] = proof.verify(files, sides)
        found.append(told)
    return found


def _transfer(course: Course) -> dict[str, Any]:
    ladder: list[dict[str, Any]] = []
    states = {}
    for side, other in ((course.sender, course.receiver), (course.receiver, course.sender)):
        if side is None:
            continue
        database = side.database()
        try:
            with database.unit_of_work() as session:
                row = session.exec(select(TransferRow).where(TransferRow.ref == course.ref)).first()
                if row is not None:
                    states[side.country] = row.state
                    to = "" if other is None else other.country
                    ladder += _ladder(session, row.id, side.country, to)
        finally:
            database.dispose()
    return {
        "title": course.title, "ref": course.ref, "from": course.sender.name,
        "to": "" if course.receiver is None else course.receiver.name, "states": states,
        "messages": sorted(ladder, key=lambda one: str(one["at"])), "notes": course.notes,
    }  # fmt: skip


def _ladder(session: Session, transfer_id: str, country: str, to: str) -> Iterator[dict[str, Any]]:
    """Say of each message of one side which signed receipts of the other it holds."""
    asked = select(MessageRow).where(
        MessageRow.transfer_id == transfer_id,
        col(MessageRow.is_ours).is_(True),
        col(MessageRow.signed_at).is_not(None),
    )
    for message in session.exec(asked.order_by(col(MessageRow.seq))).all():
        sent = select(DeliveryOutRow).where(DeliveryOutRow.message_id == message.id)
        events = [
            event
            for row in session.exec(sent).all()
            for event in session.exec(
                select(ReceiptTakenRow.event)
                .where(ReceiptTakenRow.subject == row.id, ReceiptTakenRow.standing == "valid")
                .order_by(col(ReceiptTakenRow.number))
            ).all()
        ]
        yield {
            "type": message.type, "from": country, "to": to, "receipts": events,
            "at": message.signed_at.isoformat() if message.signed_at else "",
        }  # fmt: skip


def logs(border: Border) -> list[dict[str, Any]]:
    """Check each country's evidence log by itself and against what the others kept of it."""
    lines = {side.name: list(_exported(side)) for side in border.sides}
    found = []
    for name, own in lines.items():
        others = [line for other, kept in lines.items() if other != name for line in kept]
        verdict = check(iter(own), against=iter(others))
        found.append(
            {
                "installation": name, "rows": verdict.rows, "tokens": verdict.tokens,
                "words": verdict.words, "holds": verdict.holds,
                "fault": None if verdict.fault is None else str(verdict.fault),
            }
        )  # fmt: skip
    return found


def _exported(side: Side) -> Iterator[str]:
    database = side.database()
    try:
        with database.unit_of_work() as session:
            actor = operator_actor(side.country)
            yield from evidence_export.export_lines(session, actor, now=side.world.clock.now())
    finally:
        database.dispose()
