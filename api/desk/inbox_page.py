"""What came from other countries, in words: unread, waiting for us, taken back, kept long enough; and alerts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.desk.crossing import CrossingLine, list_open
from api.desk.message_page import recall_words
from api.desk.visit import Visit
from core.errors import NotThere
from transfers.rules.codes import Direction
from transfers.service import alerts, guest_review, inbox, recall_list, retention
from transfers.service.alerts import Alert, Cause
from transfers.service.board import Which
from transfers.service.inbox import Unread
from transfers.service.record import OFFICERS

TO_PARTNERS: Final = frozenset({Cause.PARTNER_SUSPENDED, Cause.STATEMENT_OVER})


@dataclass(frozen=True)
class AlertLine:
    """One alert: what stands still, since when, what to do, and where."""

    what: str
    do: str
    since: str
    path: str


@dataclass(frozen=True)
class UnreadLine:
    """One message nobody here has opened."""

    path: str
    what: str
    way: str
    ref: str
    came: str
    due: str
    priority: str


@dataclass(frozen=True)
class RecallLine:
    """One package they took back; an officer says what becomes of it."""

    id: str
    country: str
    state: str
    asked: str
    due: str
    is_late: bool


@dataclass(frozen=True)
class OverLine:
    """What came and may not be kept any longer."""

    id: str
    country: str
    came: str
    until: str


@dataclass(frozen=True)
class Inbox:
    """Everything that came and waits for somebody here."""

    unread: tuple[UnreadLine, ...]
    waiting: tuple[CrossingLine, ...]
    more: str | None
    recalls: tuple[RecallLine, ...]
    over: tuple[OverLine, ...]
    answers: int


def inbox_page(visit: Visit) -> Inbox:
    """Return the inbox of an officer; nothing is opened by looking at it.

    Raises:
        NotThere: not an officer of the secretariat.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    over = retention.list_over(session, actor, now=now)
    waiting, more = list_open(visit, Which(direction=Direction.INBOUND), None)
    sent = guest_review.list_waiting(session, actor, now=now)
    return Inbox(
        unread=tuple(_unread(visit, one) for one in inbox.list_unread(session, actor, now=now)),
        waiting=tuple(one for one in waiting if one.is_our_turn),
        more=more,
        recalls=_recalls(visit),
        over=tuple(
            OverLine(
                one.id, visit.words.country(one.partner[:2]),
                visit.words.at(one.came_at, visit.zone) if one.came_at else "",
                visit.words.day(one.retain_until) if one.retain_until else "",
            )
            for one in over
        ),
        answers=len(sent.answers) + len(sent.papers),
    )  # fmt: skip


def waiting_abroad(visit: Visit) -> tuple[int, int] | None:
    """Return how many messages nobody has opened and how many things stand still; None for others than officers."""
    if not visit.actor.has(*OFFICERS):
        return None
    unread = inbox.list_unread(visit.session, visit.actor, now=visit.now)
    still = alerts.list_alerts(visit.session, visit.actor, now=visit.now)
    return len(unread), len(still)


def alert_lines(visit: Visit) -> tuple[AlertLine, ...]:
    """Return what stands still now; each stays until its cause is gone."""
    found = alerts.list_alerts(visit.session, visit.actor, now=visit.now)
    return tuple(_alert(visit, one) for one in found)


def _alert(visit: Visit, one: Alert) -> AlertLine:
    words = visit.words
    about = words.country(one.subject[:2]) if "." in one.subject else one.subject
    if one.transfer_id:
        path = f"/desk/transfers/{one.transfer_id}"
    elif one.cause in TO_PARTNERS:
        path = f"/desk/partners/{one.partner_id}"
    else:
        path = ""
    if one.cause is Cause.RECALL_TO_ANSWER:
        path = "/desk/inbox"
    return AlertLine(
        words(f"alert.{one.cause}", about=about),
        words(f"alert_do.{one.cause}"),
        words.span(visit.now - one.since),
        path,
    )


def _unread(visit: Visit, one: Unread) -> UnreadLine:
    words = visit.words
    return UnreadLine(
        path=f"/desk/transfers/{one.transfer_id}" if one.is_first else f"/desk/messages/{one.message_id}",
        what=words.of("message", one.type),
        way=words("way", origin=words.country(one.origin), to=words.country(one.destination)),
        ref=one.ref,
        came=_ago(visit, one.came_at),
        due=words("due.reply", day=words.day(one.reply_due)) if one.reply_due and one.is_first else "",
        priority=one.priority,
    )  # fmt: skip


def _ago(visit: Visit, moment: datetime) -> str:
    return visit.words("inbox.ago", span=visit.words.span(visit.now - moment))


def _recalls(visit: Visit) -> tuple[RecallLine, ...]:
    try:
        found = recall_list.list_recalls(visit.session, visit.actor, only_open=True, now=visit.now)
    except NotThere:  # an installation that has no name yet was sent nothing
        return ()
    words = visit.words
    return tuple(
        RecallLine(
            one.id,
            words.country(one.installation[:2]),
            recall_words(visit, one),
            words.at(one.at, visit.zone),
            words.day(one.due_on) if one.due_on else "",
            one.is_late,
        )
        for one in found
        if not one.is_ours and one.state == "blocked"
    )
