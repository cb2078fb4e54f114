"""What the officers of both countries do for each child of the storm, each act once, when it has become their turn.

They look at their own country's records only, as people at two desks do.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from core.db import Database
from core.errors import DomainError
from tests.builders.decided import Decided
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.requests import (
    DAY,
    LEAVES,
    START,
    THERE,
    a_confirmation,
    a_request_sent,
    a_travel_plan,
    an_acceptance,
    everything_found,
)
from tests.builders.transfers import Office, an_enquiry
from transfers.rules.codes import MessageType
from transfers.service import recalls, travel, viewing
from transfers.store import transfers as store
from transfers.tables.delivery import DeliveryOutRow, RecallRow
from transfers.tables.transfer import MessageRow, TransferRow
from transfers.tables.travel import PackageViewRow

M = MessageType


class Course(StrEnum):
    """What becomes of a child's transfer."""

    ASKED_YES = "asked, answered with yes"
    ASKED_NO = "asked, answered with no"
    TAKEN_BACK = "asked, taken back after reading"
    ARRIVED = "accepted, received over there"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "acknowledged, never accepted"


ENDS: Final = {
    Course.ASKED_YES: "answered_positive",
    Course.ASKED_NO: "answered_negative",
    Course.TAKEN_BACK: "acknowledged",
    Course.ARRIVED: "received",
    Course.DECLINED: "declined",
    Course.WITHDRAWN: "withdrawn",
    Course.UNANSWERED: "acknowledged",
}
TEN: Final = (
    Course.ARRIVED, Course.ASKED_YES, Course.UNANSWERED, Course.TAKEN_BACK, Course.DECLINED,
    Course.ASKED_NO, Course.WITHDRAWN, Course.ASKED_YES, Course.ARRIVED, Course.ASKED_YES,
)  # fmt: skip
"""The courses of ten children, over and over; the first seven are all there are."""
ENQUIRIES: Final = frozenset({Course.ASKED_YES, Course.ASKED_NO, Course.TAKEN_BACK})


@dataclass
class Child:
    """One child's transfer as both countries know it."""

    course: Course
    ours: str
    ref: str
    message: str
    decided: Decided | None = None
    theirs: str = ""
    here: str = ""
    there: str = ""
    done: set[str] = field(default_factory=set)

    @property
    def has_ended(self) -> bool:
        """Whether both countries' records are where the course ends and nothing is left to do."""
        wanted = ENDS[self.course]
        last = {Course.UNANSWERED: "must not move", Course.TAKEN_BACK: "answer the recall"}
        is_done = last.get(self.course, "") in {"", *self.done}
        return self.here == self.there == wanted and is_done


@dataclass
class People:
    """The officers of both countries and the children they work for."""

    here: Database
    there: Database
    children: list[Child] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    acts: int = 0

    def bring_in(self) -> None:
        """Let Zambia ask for, or about, one more child."""
        course = TEN[len(self.children) % len(TEN)]
        with self.here.unit_of_work() as session:
            office = Office(session, "ZM", ZAMBIA)
            decided = None
            if course in ENQUIRIES:
                _, ours, message = an_enquiry(office)
            else:
                decided, ours, message = a_request_sent(office)
            row = store.find(session, ours)
            assert row is not None
            self.children.append(Child(course, ours, row.ref, message, decided))
        self.acts += 1

    def look(self) -> None:
        """Let everybody do what it is their turn to do now."""
        self._read()
        for child in self.children:
            if child.has_ended:
                continue
            for act in ACTS:
                if act.is_due(child):
                    self._do(act, child)

    @property
    def open_children(self) -> int:
        """How many have not come to the end of their course."""
        return sum(not child.has_ended for child in self.children)

    def _do(self, act: "Act", child: Child) -> None:
        database = self.here if act.is_ours else self.there
        with database.unit_of_work() as session:
            name = ("ZM", ZAMBIA) if act.is_ours else ("NA", NAMIBIA)
            if act.do(self, Office(session, *name), child):
                child.done.add(act.name)
                self.acts += 1

    def _read(self) -> None:
        ids = [child.ours for child in self.children if not child.has_ended]
        refs = [child.ref for child in self.children if not child.has_ended]
        with self.here.unit_of_work() as session:
            asked = select(TransferRow.id, TransferRow.state).where(col(TransferRow.id).in_(ids))
            here = dict(session.exec(asked).all())
        with self.there.unit_of_work() as session:
            wanted = (TransferRow.ref, TransferRow.id, TransferRow.state)
            rows = session.exec(select(*wanted).where(col(TransferRow.ref).in_(refs))).all()
            there = {ref: (id_, state) for ref, id_, state in rows}
        for child in self.children:
            child.here = here.get(child.ours, child.here)
            child.theirs, child.there = there.get(child.ref, (child.theirs, child.there))


@dataclass(frozen=True)
class Act:
    """One act: which desk, in which states of its record, for which courses. ``do`` says whether it could be done."""

    name: str
    is_ours: bool
    states: str
    courses: frozenset[Course]
    do: Callable[[People, Office, Child], bool]

    def is_due(self, child: Child) -> bool:
        """Whether it is the turn of this act."""
        state = child.here if self.is_ours else child.there
        return (
            state in self.states.split()
            and child.course in self.courses
            and self.name not in child.done
        )


def _message(session: Session, transfer_id: str, type_: MessageType) -> MessageRow | None:
    found = [one for one in store.messages(session, transfer_id) if one.type == type_]
    return found[0] if found else None


def _says(type_: MessageType, **body: object) -> Callable[[People, Office, Child], bool]:
    def say(_people: People, office: Office, child: Child) -> bool:
        transfer = child.ours if office.country == "ZM" else child.theirs
        office.say(transfer, type_, now=START, **body)
        return True

    return say


def _read(_people: People, office: Office, child: Child) -> bool:
    for message in store.messages(office.session, child.theirs):
        if not message.is_ours:
            viewing.note_viewed(office.session, [message.id], now=LEAVES)
    return True


def _read_package(people: People, office: Office, child: Child) -> bool:
    """The plan of the journey may overtake the package."""
    if _message(office.session, child.theirs, M.PACKAGE) is None:
        return False
    return _read(people, office, child)


def _leave(_people: People, office: Office, child: Child) -> bool:
    """Clear the child to travel, see it off, and tell; not before the other side confirmed and read."""
    session = office.session
    package = _message(session, child.ours, M.PACKAGE)
    confirmed = _message(session, child.ours, M.TRAVEL_CONFIRM)
    if confirmed is None or package is None or session.get(PackageViewRow, package.id) is None:
        return False
    assert child.decided is not None
    team = child.decided.court.team
    assert team is not None
    everything_found(office, child.ours, team)
    travel.clear_to_travel(session, office.head, child.ours, on=DAY, now=LEAVES)
    travel.depart(session, office.writer, child.ours, now=LEAVES)
    office.say(child.ours, M.HANDOVER_NOTICE, now=THERE, at=THERE)
    return True


def _receive(_people: People, office: Office, child: Child) -> bool:
    office.say(child.theirs, M.RECEIPT, now=THERE, at=THERE)
    return True


def _try_to_move(people: People, office: Office, child: Child) -> bool:
    """Try everything that would move a child nobody accepted. Each must be refused."""
    tries: tuple[Callable[[], object], ...] = (
        lambda: office.say(child.ours, M.PACKAGE, now=START),
        lambda: office.say(child.ours, M.TRAVEL_PLAN, now=START, **a_travel_plan()),
        lambda: travel.clear_to_travel(office.session, office.head, child.ours, on=DAY, now=LEAVES),
        lambda: travel.depart(office.session, office.writer, child.ours, now=LEAVES),
        lambda: office.say(child.ours, M.HANDOVER_NOTICE, now=THERE, at=THERE),
    )
    for attempt in tries:
        try:
            with office.session.begin_nested():
                attempt()
        except DomainError as refusal:
            people.refused[type(refusal).__name__] += 1
        else:
            people.refused["went through"] += 1
    return True


def _take_back(_people: People, office: Office, child: Child) -> bool:
    session = office.session
    rows = session.exec(select(DeliveryOutRow).where(DeliveryOutRow.message_id == child.message))
    if [row.state for row in rows.all()] != ["viewed"]:
        return False
    recalls.recall(session, office.writer, child.message, reason="consent_withdrawn", now=LEAVES)
    return True


def _answer_recall(_people: People, office: Office, child: Child) -> bool:
    session = office.session
    asked = select(RecallRow).where(
        RecallRow.state == "blocked",
        col(RecallRow.package_id).in_(
            select(MessageRow.package_id).where(MessageRow.transfer_id == child.theirs)
        ),
    )
    found = session.exec(asked).first()
    if found is None:
        return False
    recalls.answer(session, office.head, found.id, now=LEAVES)
    return True


_ANY: Final = frozenset(Course)
_MOVING: Final = frozenset({Course.ARRIVED})
ACTS: Final = (
    Act("acknowledge", False, "delivered", _ANY, _says(M.ACK)),
    Act("answer yes", False, "acknowledged", frozenset({Course.ASKED_YES}), _says(M.ENQUIRY_REPLY)),
    Act(
        "answer no", False, "acknowledged", frozenset({Course.ASKED_NO}),
        _says(M.ENQUIRY_REPLY, answer="negative", family="not_confirmed", home_study=None),
    ),
    Act("accept", False, "acknowledged", _MOVING, _says(M.ACCEPT, **an_acceptance())),
    Act("decline", False, "acknowledged", frozenset({Course.DECLINED}), _says(M.DECLINE)),
    Act("withdraw", True, "acknowledged", frozenset({Course.WITHDRAWN}), _says(M.WITHDRAW)),
    Act("must not move", True, "acknowledged", frozenset({Course.UNANSWERED}), _try_to_move),
    Act("read", False, "acknowledged", frozenset({Course.TAKEN_BACK}), _read),
    Act("take back", True, "acknowledged", frozenset({Course.TAKEN_BACK}), _take_back),
    Act("answer the recall", False, "acknowledged", frozenset({Course.TAKEN_BACK}), _answer_recall),
    Act("release", True, "accepted", _MOVING, _says(M.PACKAGE)),
    Act("read the package", False, "package_released pre_departure", _MOVING, _read_package),
    Act("plan", True, "package_released", _MOVING, _says(M.TRAVEL_PLAN, **a_travel_plan())),
    Act("confirm", False, "pre_departure", _MOVING, _says(M.TRAVEL_CONFIRM, **a_confirmation())),
    Act("leave", True, "pre_departure", _MOVING, _leave),
    Act("receive", False, "handed_over", _MOVING, _receive),
)  # fmt: skip
