"""What officers see of transfers between two countries: the board, one transfer, those of a child.

Each line says where a transfer stands and since when, whose turn it is, whether the reply is late and who answers
for the child. A transfer of a case that is closed to the reader is in no list. Every reading is on record.

Source: DOM-2.2, DOM-5.2, DOM-5.6, DOM-R14, DOM-R36, DOM-R50.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from cases.rules.access import Basis
from cases.service.access import barred_cases, reach_of, refs_open_to
from cases.service.cursors import read_cursor, write_cursor
from core import audit
from core.actors import Actor, Role, ScopeKind
from core.errors import Gap, NotThere
from transfers.rules import turns
from transfers.rules.codes import Direction, MessageType, Round, Side, TransferKind
from transfers.rules.machine import OPEN, Step, TransferState, state_after, steps_from
from transfers.rules.responsibility import Ground, Span, faults
from transfers.service import overdue, record, saying
from transfers.service.overdue import Expected
from transfers.store import board as store
from transfers.store import transfers as rows
from transfers.store.board import After, Mine, Wanted
from transfers.tables.transfer import ResponsibilityRow, TransferRow


@dataclass(frozen=True)
class Which:
    """Which transfers a board shows; all open ones of the country when nothing is said.

    Args:
        direction: ours to others, or theirs to us.
        state: one place of the machine.
        corridor: origin and destination.
        mine: what the reader opened, took on, wrote, signed or answers for.
    """

    direction: Direction | None = None
    state: TransferState | None = None
    corridor: tuple[str, str] | None = None
    mine: bool = False


@dataclass(frozen=True)
class Line:
    """One transfer in a list.

    Args:
        side: which side we are on.
        interrupted: where it goes back to, while it is suspended or the child is missing.
        taken_back_at: since when what was asked is taken back; the sender then says that it is withdrawn.
        turn: whose turn it is; both where either side may go on, nobody at the end.
        is_late: the day of the reply, of the child's receipt or of a follow-up report has passed, and it did not come.
        due_code, due_at: D17 or D20, and when the receipt or the next report is due; empty while nothing is.
        responsible: who answers for the child now.
    """

    id: str
    ref: str
    case_id: str | None
    side: Side
    direction: Direction
    origin: str
    destination: str
    partner: str
    round: Round
    kind: TransferKind
    reason: str
    state: TransferState
    state_since: datetime
    interrupted: TransferState | None
    is_open: bool
    priority: str
    taken_back_at: datetime | None
    turn: tuple[Side, ...]
    is_our_turn: bool
    reply_due: date | None
    is_late: bool
    due_code: str
    due_at: datetime | None
    accepted_until: date | None
    responsible: Span | None
    opened_at: datetime
    version: int


@dataclass(frozen=True)
class Board:
    """One page of open transfers; ``cursor`` leads to the next one, None at the end."""

    lines: tuple[Line, ...]
    cursor: str | None


@dataclass(frozen=True)
class StepTaken:
    """One step a transfer took; ``person_id`` is empty for a step of the other country."""

    seq: int
    at: datetime
    step: Step
    source: TransferState
    state: TransferState
    side: Side
    person_id: str
    message_id: str | None


@dataclass(frozen=True)
class StepOpen:
    """One step our side has now.

    Args:
        step: its code.
        to: where it leads.
        message: the message that takes it; None where there is nothing to tell.
        who: roles that take it.
        is_yours: whether the reader holds one of them.
        is_awaited: whether it is the one that carries the transfer on.
    """

    step: Step
    to: TransferState
    message: MessageType | None
    who: tuple[Role, ...]
    is_yours: bool
    is_awaited: bool


@dataclass(frozen=True)
class Sheet:
    """One transfer as a whole, without what its messages say.

    Args:
        line: as in a list.
        history: steps of both sides, in order.
        steps: what our side can do now.
        spans: who answered for the child, oldest first.
        faults: gaps and overlaps of that history.
        unanswered: ids of messages of either side that wait for an answer.
        corridor_version: of the arrangement the transfer is pinned to.
        opened_by, receiver_checked_by: persons of ours.
        determination_id: the decision a request rests on.
    """

    line: Line
    history: tuple[StepTaken, ...]
    steps: tuple[StepOpen, ...]
    spans: tuple[Span, ...]
    faults: tuple[Gap, ...]
    unanswered: tuple[str, ...]
    corridor_version: int
    opened_by: str
    receiver_checked_by: str
    determination_id: str | None


def list_open(
    session: Session,
    actor: Actor,
    which: Which,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
) -> Board:
    """Return one page of the open transfers of the country, longest standing first.

    For officers of the secretariat; whoever works with one child finds its transfers at its case. A board of
    nobody's is empty, as lists are.

    Raises:
        BadInput: the cursor is not one of ours.
    """
    after = After(*read_cursor(cursor)) if cursor else None
    found = (
        store.page(session, _wanted(session, actor, which, now=now), after=after, limit=limit + 1)
        if _is_officer(actor)
        else ()
    )
    shown = found[:limit]
    audit.record(
        session, actor, "transfer.listed", thing="transfer_list", thing_id="page", now=now,
        codes={"count": len(shown)},
    )  # fmt: skip
    more = write_cursor(shown[-1].state_since, shown[-1].id) if len(found) > limit else None
    return Board(_lines(session, shown, now=now), more)


def transfers_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[Line, ...]:
    """Return the transfers of a child that the actor sees, ended ones too, oldest first.

    Raises:
        NotThere: no such case, or not yours.
    """
    if not reach_of(session, actor, case_id, now=now).sees:
        raise NotThere("case")
    shown = [
        row for row in rows.of_case(session, case_id) if _sees(session, actor, row.id, now=now)
    ]
    audit.record(
        session, actor, "transfer.listed", thing="case", thing_id=case_id, case_id=case_id, now=now,
        codes={"count": len(shown)},
    )  # fmt: skip
    return _lines(session, shown, now=now)


def read_transfer(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> Sheet:
    """Return one transfer and note that it was read.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    record.note(session, actor, row, "transfer.read", now=now)
    spans = rows.spans(session, row.id)
    (line,) = _lines(session, [row], now=now)
    return Sheet(
        line=line,
        history=tuple(_taken(session, row)),
        steps=tuple(_open_steps(actor, row)),
        spans=spans,
        faults=faults(spans),
        unanswered=tuple(saying.open_questions(session, row)),
        corridor_version=row.corridor_version,
        opened_by=row.opened_by,
        receiver_checked_by=row.receiver_checked_by,
        determination_id=row.determination_id,
    )


def closed_to(session: Session, actor: Actor) -> frozenset[str]:
    """Return the ids of the cases a conflict closes to the actor, and of their transfers. Source: DOM-R14."""
    cases = barred_cases(session, actor)
    return cases | frozenset(store.of_cases(session, cases))


def _is_officer(actor: Actor) -> bool:
    return actor.has_for(record.OFFICERS, ScopeKind.COUNTRY, actor.country)


def _sees(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> bool:
    try:
        record.seen(session, actor, transfer_id, now=now)
    except NotThere:
        return False
    return True


def _wanted(session: Session, actor: Actor, which: Which, *, now: datetime) -> Wanted:
    taken_on = (
        refs_open_to(session, actor, Basis.CROSS_BORDER, now=now) if which.mine else frozenset()
    )
    return Wanted(
        country=actor.country,
        states=[which.state] if which.state is not None else sorted(OPEN),
        barred=barred_cases(session, actor),
        direction=which.direction or "",
        corridor=which.corridor,
        mine=Mine(actor.person_id, taken_on) if which.mine else None,
    )


def _lines(session: Session, found: Iterable[TransferRow], *, now: datetime) -> tuple[Line, ...]:
    shown = list(found)
    if not shown:
        return ()
    spans = store.current_spans(session, [row.id for row in shown])
    due = overdue.expected(session, shown, now=now)
    return tuple(_line(row, spans.get(row.id), due.get(row.id), now=now) for row in shown)


def _line(
    row: TransferRow, span: ResponsibilityRow | None, due: Expected | None, *, now: datetime
) -> Line:
    is_overdue = due is not None and due.due_at <= now
    state, of_round, kind = TransferState(row.state), Round(row.round), TransferKind(row.kind)
    side, turn = record.our_side(row), _turn(row)
    return Line(
        id=row.id, ref=row.ref, case_id=row.case_id, side=side, direction=Direction(row.direction),
        origin=row.origin, destination=row.destination, partner=row.partner, round=of_round,
        kind=kind, reason=row.reason, state=state, state_since=row.state_since,
        interrupted=_interrupted(row), is_open=row.is_open, priority=row.priority,
        taken_back_at=row.taken_back_at, turn=turn,
        is_our_turn=side in turn, reply_due=row.reply_due,
        is_late=is_overdue
        or is_unanswered(row, now=now),
        due_code=due.code if due else "", due_at=due.due_at if due else None,
        accepted_until=row.accepted_until, responsible=_span(span), opened_at=row.opened_at,
        version=row.version,
    )  # fmt: skip


def _turn(row: TransferRow) -> tuple[Side, ...]:
    if row.taken_back_at is not None and row.is_open:
        return (Side.SENDER,)
    return turns.turn(TransferState(row.state), Round(row.round), TransferKind(row.kind))


def is_unanswered(row: TransferRow, *, now: datetime) -> bool:
    """Whether the day of the reply has passed; what was taken back waits for none."""
    today = record.today_of(row, now)
    is_late = turns.is_late(TransferState(row.state), row.reply_due, today=today)
    return is_late and row.taken_back_at is None


def _span(row: ResponsibilityRow | None) -> Span | None:
    if row is None:
        return None
    return Span(Side(row.side), row.officer, row.since, row.until, Ground(row.ground), row.ref)


def _interrupted(row: TransferRow) -> TransferState | None:
    return TransferState(row.interrupted) if row.interrupted else None


def _taken(session: Session, row: TransferRow) -> Iterable[StepTaken]:
    for one in rows.history(session, row.id):
        yield StepTaken(
            one.seq, one.at, Step(one.step), TransferState(one.source), TransferState(one.state),
            Side(one.side), one.person_id, one.message_id,
        )  # fmt: skip


def _open_steps(actor: Actor, row: TransferRow) -> Iterable[StepOpen]:
    state, of_round = TransferState(row.state), Round(row.round)
    awaited = turns.awaited(state, of_round, TransferKind(row.kind))
    for step in steps_from(state, record.our_side(row), of_round):
        yield StepOpen(
            step=step.code,
            to=state_after(step, state, _interrupted(row)),
            message=step.message,
            who=tuple(sorted(step.who)),
            is_yours=actor.is_human and actor.has(*step.who),
            is_awaited=step.code in awaited,
        )
