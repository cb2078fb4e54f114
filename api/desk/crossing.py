"""Transfers between countries in words: the board with who holds each, and one transfer with its gate as a checklist.

Where a transfer stands, whose turn it is, what is late and what keeps a child from travelling is said by the
services of transfers. Source: DOM-5.2, DOM-5.10.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from api.desk.children import ChildLine, child_line
from api.desk.message_page import HeadLine, heads
from api.desk.saying import Sayable, sayable
from api.desk.visit import Visit
from api.problems.catalogue import gap_sentence
from api.problems.transfers import LINES
from cases.service import files
from core.errors import Gap
from transfers.rules.codes import Direction, Round, Side
from transfers.rules.guests import PAPER
from transfers.rules.sayable import UNSENT
from transfers.service import board, receipt_ladder, travel
from transfers.service.board import Line, Sheet, StepTaken, Which
from transfers.service.record import OFFICERS
from transfers.service.travel import DOCUMENT, Fact

SHOWN: Final = 20


class Standing(StrEnum):
    """How a transfer stands by the agreed clock: late, ours to act, or with the other country."""

    OVERDUE = "overdue"
    DUE = "due"
    PENDING = "pending"


@dataclass(frozen=True)
class CrossingLine:
    """One transfer of the board, in words.

    Args:
        ref: what both countries call it.
        way: from where to where.
        holder: who has to act now.
        due: until when, in words; empty without a day.
        rung: how far the newest package between the two came; empty while none was on its way.
    """

    id: str
    ref: str
    way: str
    purpose: str
    child: ChildLine | None
    state: str
    since: str
    standing: Standing
    holder: str
    due: str
    responsible: str
    rung: str
    is_our_turn: bool


@dataclass(frozen=True)
class Gate:
    """The checklist for a day of travel; a line holds or says why not."""

    day: str
    may_travel: bool
    open_count: int
    lines: tuple[tuple[int, str, bool, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Crossing:
    """One transfer as its page shows it.

    Args:
        says: what the reader can write to the other country now.
        takes: steps of ours without a message that the reader may take now.
        heads: the messages of both sides, unopened, newest first.
        is_unsent: the other country knows nothing of it yet.
        has_answer: what they said may hold terms of their own.
        may_share: grants of ours, a disagreement and the child's match are the reader's business.
    """

    line: CrossingLine
    version: int
    is_outbound: bool
    is_enquiry: bool
    is_on_paper: bool
    next_steps: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, str, str, str], ...]
    spans: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    waiting: int
    gate: Gate | None
    facts: tuple[tuple[str, str, str], ...]
    fact_options: tuple[tuple[str, str], ...]
    says: tuple[Sayable, ...]
    takes: frozenset[str]
    heads: tuple[HeadLine, ...]
    is_unsent: bool
    has_answer: bool
    may_share: bool
    is_matched: bool
    is_open: bool


def list_open(
    visit: Visit, which: Which, cursor: str | None
) -> tuple[list[CrossingLine], str | None]:
    """Return one page of the board, longest standing first, and what leads to the next."""
    page = board.list_open(
        visit.session, visit.actor, which, now=visit.now, limit=SHOWN, cursor=cursor
    )
    return _lines(visit, page.lines), page.cursor


def of_case(visit: Visit, case_id: str) -> list[CrossingLine]:
    """Return the transfers of one child."""
    return _lines(visit, board.transfers_of(visit.session, visit.actor, case_id, now=visit.now))


def today(visit: Visit) -> date:
    """Return the day it is in this country."""
    return visit.now.astimezone(ZoneInfo(visit.zone)).date()


def crossing(visit: Visit, transfer_id: str, on: date) -> Crossing:
    """Return the page of a transfer, with the checklist for a day of travel.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    sheet = board.read_transfer(session, actor, transfer_id, now=now)
    (line,) = _lines(visit, [sheet.line])
    is_outbound = sheet.line.direction is Direction.OUTBOUND
    travels = is_outbound and sheet.line.is_open and sheet.line.round is Round.REQUEST
    gate, gaps = _gate(visit, transfer_id, on) if travels else (None, ())
    found = travel.list_facts(session, actor, transfer_id, now=now) if travels else ()
    visit.names([one.by for one in found])
    return Crossing(
        line=line,
        version=sheet.line.version,
        is_outbound=is_outbound,
        is_enquiry=sheet.line.round is Round.ENQUIRY,
        is_on_paper=sheet.line.partner.endswith(f".{PAPER}"),
        next_steps=_next_steps(visit, sheet),
        history=tuple(_taken(visit, sheet, one) for one in reversed(sheet.history)),
        spans=_spans(visit, sheet),
        faults=tuple(gap_sentence(gap) for gap in sheet.faults),
        waiting=len(sheet.unanswered),
        gate=gate,
        facts=tuple(
            (fact_words(visit, one.fact), visit.words.of("fact_answer", one.answer), visit.words(
                "fact.by", name=visit.name(one.by), day=visit.words.day(one.found_on)
            ))
            for one in found
        ),
        fact_options=_fact_options(visit, gaps) if travels else (),
        says=sayable(actor, sheet),
        takes=frozenset(
            str(one.step) for one in sheet.steps if one.is_yours and one.message is None
        ),
        heads=(told := heads(visit, sheet.line)),
        is_unsent=sheet.line.state in UNSENT,
        has_answer=is_outbound and any(not one.is_ours for one in told),
        may_share=actor.has(*OFFICERS),
        is_matched=sheet.line.case_id is not None,
        is_open=sheet.line.is_open,
    )  # fmt: skip


def fact_words(visit: Visit, fact: str) -> str:
    """Return what somebody looks at and answers for, in words."""
    if fact.startswith(DOCUMENT):
        paper = visit.words.of("paper", fact.removeprefix(DOCUMENT))
        return visit.words("travel_fact.document", paper=paper)
    return visit.words.of("travel_fact", fact)


def _fact_options(visit: Visit, gaps: Iterable[Gap]) -> tuple[tuple[str, str], ...]:
    """Return what can be answered for: the lines of the law, and the papers still missing here."""
    papers = [f"{DOCUMENT}{gap.facts['document']}" for gap in gaps if "document" in gap.facts]
    return tuple((one, fact_words(visit, one)) for one in (*(fact.value for fact in Fact), *papers))


def _gate(visit: Visit, transfer_id: str, on: date) -> tuple[Gate, tuple[Gap, ...]]:
    lines = travel.read_checklist(visit.session, visit.actor, transfer_id, on=on, now=visit.now)
    said = tuple(
        (
            one.number,
            LINES[one.number - 1],
            one.holds,
            tuple(gap_sentence(gap) for gap in one.gaps),
        )
        for one in lines
    )
    count = sum(not holds for _, _, holds, _ in said)
    gaps = tuple(gap for one in lines for gap in one.gaps)
    return Gate(visit.words.day(on), not count, count, said), gaps


def _lines(visit: Visit, found: Iterable[Line]) -> list[CrossingLine]:
    shown = list(found)
    ids = [one.case_id for one in shown if one.case_id]
    rows = files.rows_of(visit.session, visit.actor, ids, now=visit.now) if ids else {}
    visit.names([_our_officer(one) for one in shown])
    rungs = receipt_ladder.newest_rungs(visit.session, [one.id for one in shown])
    return [
        _line(
            visit, one, child_line(visit, rows[one.case_id]) if one.case_id in rows else None,
            _rung(visit, rungs.get(one.id)),
        )
        for one in shown
    ]  # fmt: skip


def _rung(visit: Visit, found: tuple[bool, str] | None) -> str:
    if found is None:
        return ""
    is_ours, state = found
    return visit.words.of("delivery" if is_ours else "delivery_in", state)


def _line(visit: Visit, line: Line, child: ChildLine | None, rung: str) -> CrossingLine:
    words = visit.words
    way = words("way", origin=words.country(line.origin), to=words.country(line.destination))
    return CrossingLine(
        id=line.id,
        ref=line.ref,
        way=way,
        purpose=words("purpose", round=words.of("round", line.round), kind=words.of("kind", line.kind)),
        child=child,
        state=words.of("transfer", line.state),
        since=words.span(visit.now - line.state_since),
        standing=_standing(line),
        holder=_holder(visit, line),
        due=_due(visit, line),
        responsible=_responsible(visit, line),
        rung=rung,
        is_our_turn=line.is_our_turn,
    )  # fmt: skip


def _standing(line: Line) -> Standing:
    if line.is_late:
        return Standing.OVERDUE
    return Standing.DUE if line.is_our_turn else Standing.PENDING


def _holder(visit: Visit, line: Line) -> str:
    if not line.is_open:
        return ""
    if not line.is_our_turn:
        return _their_country(visit, line) if line.turn else ""
    return visit.name(_our_officer(line)) or visit.words.of("role", "secretariat")


def _our_officer(line: Line) -> str:
    """Return the person of ours who answers for the child; empty while it is nobody or somebody of theirs."""
    span = line.responsible
    return span.officer if span is not None and span.side is line.side else ""


def _responsible(visit: Visit, line: Line) -> str:
    if line.responsible is None:
        return visit.words("responsible.nobody")
    ours = visit.name(_our_officer(line))
    if ours:
        return ours
    return visit.words("responsible.theirs", country=_their_country(visit, line))


def _their_country(visit: Visit, line: Line) -> str:
    return visit.words.country(line.destination if line.side is Side.SENDER else line.origin)


def _due(visit: Visit, line: Line) -> str:
    if line.due_at is not None:
        limit = visit.words.of("limit", line.due_code)
        return visit.words("due.what", what=limit, due=visit.words.due(line.due_at, visit.now))
    if line.reply_due is None or not line.is_open:
        return ""
    return visit.words("due.reply", day=visit.words.day(line.reply_due))


def _next_steps(visit: Visit, sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """Return the steps that carry the transfer on and are ours, with who takes them."""
    words = visit.words
    return tuple(
        (
            words.of("transfer_step", one.step),
            words("holder.you") if one.is_yours else ", ".join(words.of("role", role) for role in one.who),
        )
        for one in sheet.steps
        if one.is_awaited
    )  # fmt: skip


def _taken(visit: Visit, sheet: Sheet, one: StepTaken) -> tuple[str, str, str, str]:
    words = visit.words
    country = _their_country(visit, sheet.line)
    is_ours = one.side is sheet.line.side
    by = (visit.name(one.person_id) or words("by.procedure")) if is_ours else country
    what = words.of("transfer_taken", one.step)
    return what, by, words.at(one.at, visit.zone), words.of("transfer", one.state)


def _spans(visit: Visit, sheet: Sheet) -> tuple[tuple[str, str], ...]:
    words = visit.words
    said = []
    for one in sheet.spans:
        ours = one.side is sheet.line.side
        who = visit.name(one.officer) if ours else words(
            "responsible.theirs", country=_their_country(visit, sheet.line)
        )  # fmt: skip
        since = words.at(one.since, visit.zone)
        until = words.at(one.until, visit.zone) if one.until else ""
        said.append(
            (
                who,
                words("span.from_to", since=since, until=until)
                if until
                else words("span.since", since=since),
            )
        )
    return tuple(said)  # fmt: skip
