"""What else may be fetched under a grant, what they propose instead, and where the two countries disagree, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.desk.saying import read_of_type
from api.desk.visit import Visit
from api.problems.catalogue import gap_sentence
from cases.service import attachments
from core.errors import DomainError
from core.exchange.manifests import Purpose
from transfers.rules.codes import Direction, MessageType
from transfers.rules.disagreement import End, Rung, next_rung
from transfers.rules.disclosure import (
    ATTACHMENT_PREFIX,
    IDENTITY,
    SENSITIVE,
    SENSITIVE_PREFIX,
)
from transfers.service import board, counter_terms, disagreements, grants, grants_held
from transfers.service.board import Line
from transfers.service.bodies import InfoRequest
from transfers.service.counter_terms import Comparison
from transfers.service.disagreements import DisagreementView
from transfers.service.grants import GrantView
from transfers.service.grants_held import HeldGrant
from transfers.service.ladder import THEIRS, Entry

OPEN: Final = frozenset({"proposed", "issued"})
PUT_BY_US: Final = (Entry.OUR_VIEW, Entry.THEIR_VIEW, Entry.MEETING)


@dataclass(frozen=True)
class GrantLine:
    """One grant in words."""

    id: str
    what: str
    whom: str
    state: str
    when: str
    by: str
    reason: str
    waits: bool
    may_answer: bool
    is_open: bool


@dataclass(frozen=True)
class HeldLine:
    """One grant of theirs in words."""

    id: str
    what: str
    until: str
    state: str
    may_ask: bool


@dataclass(frozen=True)
class GrantsPage:
    """Grants of a transfer.

    Args:
        given: ours, oldest first.
        held: theirs, oldest first.
        items: what a grant may name, with words; empty where the child is theirs.
        asked: questions of theirs that ask for a grant, by number.
        wanted: what stands in the form because the newest of them asks for it.
    """

    line: Line
    given: tuple[GrantLine, ...]
    held: tuple[HeldLine, ...]
    items: tuple[tuple[str, str], ...]
    purposes: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    wanted: Mapping[str, str]


@dataclass(frozen=True)
class DisputeLine:
    """One disagreement in words, with what both sides said."""

    id: str
    version: int
    rung: str
    due: str
    is_late: bool
    begun: str
    ended: str
    missing: tuple[str, ...]
    entries: tuple[tuple[str, str, str], ...]
    next_rung: str
    untold: int
    is_open: bool


def grants_page(visit: Visit, transfer_id: str) -> GrantsPage:
    """Return the grants of a transfer, those of ours and those of theirs.

    Raises:
        NotThere, RoleMayNot: no such transfer, not yours, or not an officer.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    line = board.read_transfer(session, actor, transfer_id, now=now).line
    ours = grants.list_grants(session, actor, transfer_id, now=now)
    theirs = grants_held.list_held(session, actor, transfer_id, now=now)
    files = _files(visit, line)
    is_outbound = line.direction is Direction.OUTBOUND and line.is_open
    asked, wanted = _asked(visit, line) if is_outbound else ((), {})
    visit.names([one.proposed_by for one in ours])
    return GrantsPage(
        line=line,
        given=tuple(_given(visit, one, files) for one in ours),
        held=tuple(_held(visit, one) for one in theirs),
        items=(*_items(visit), *files.items()) if is_outbound else (),
        purposes=tuple((one.value, visit.words.of("say.code", one)) for one in Purpose),
        asked=asked,
        wanted=wanted,
    )


def disputes(visit: Visit, transfer_id: str) -> tuple[Line, tuple[DisputeLine, ...]]:
    """Return the disagreements about a transfer, oldest first.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    line = board.read_transfer(session, actor, transfer_id, now=now).line
    found = disagreements.list_disagreements(session, actor, transfer_id, now=now)
    people = {name for one in found for name in (one.begun_by, *(e.by for e in one.entries))}
    visit.names([one for one in people if one != THEIRS])
    return line, tuple(_dispute(visit, line, one) for one in found)


def terms(visit: Visit, transfer_id: str) -> tuple[Line, Comparison]:
    """Return what the other country proposes, held against the panel's decision; opening it is reading their answer."""
    line = board.read_transfer(visit.session, visit.actor, transfer_id, now=visit.now).line
    found = counter_terms.read_counter_terms(visit.session, visit.actor, transfer_id, now=visit.now)
    return line, found


def ends(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return how a disagreement can end, with words."""
    return tuple((one.value, visit.words.of("dispute_end", one)) for one in End)


def entry_kinds(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return what can be put on record, with words."""
    return tuple((one.value, visit.words.of("dispute_entry", one)) for one in PUT_BY_US)


def _items(visit: Visit) -> tuple[tuple[str, str], ...]:
    codes = (*sorted(IDENTITY), *(f"{SENSITIVE_PREFIX}{one}" for one in sorted(SENSITIVE)))
    return tuple((one, visit.words.of("say.code", one)) for one in codes)


def _files(visit: Visit, line: Line) -> dict[str, str]:
    if line.case_id is None or line.direction is not Direction.OUTBOUND:
        return {}
    try:
        found = attachments.attachments_of(visit.session, visit.actor, line.case_id, now=visit.now)
    except DomainError:  # whoever does not see the file proposes nothing of it
        return {}
    words = visit.words
    return {
        f"{ATTACHMENT_PREFIX}{one.id}": words(
            "document.choice", name=one.title or one.file_name, kind=words.of("file_kind", one.kind)
        )
        for one in found
    }


def _asked(visit: Visit, line: Line) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    """Return their questions that need a grant; opening this page opens them, and no other message."""
    said = read_of_type(visit, line.id, MessageType.INFO_REQUEST)
    asking = [
        one
        for one in said
        if not one.is_ours and isinstance(one.body, InfoRequest) and one.body.wanted is not None
    ]
    named = tuple(
        (
            one.no,
            visit.words("heads.of_day", what=visit.words.of("message", one.type),
                        at=visit.words.at(one.written_at, visit.zone)),
        )
        for one in asking
    )  # fmt: skip
    if not asking or not isinstance(asking[-1].body, InfoRequest):
        return named, {}
    wanted = asking[-1].body.wanted
    if wanted is None:
        return named, {}
    return named, {
        "items": ",".join(wanted.items), "purpose": wanted.purpose, "office": wanted.office,
        "role": wanted.role, "asked": asking[-1].no,
    }  # fmt: skip


def _given(visit: Visit, one: GrantView, files: Mapping[str, str]) -> GrantLine:
    words = visit.words
    when = words("grant.until", at=words.at(one.expires_at, visit.zone)) if one.expires_at else ""
    used = words("grant.used", at=words.at(one.redeemed_at, visit.zone)) if one.redeemed_at else ""
    return GrantLine(
        id=one.id,
        what=", ".join(files.get(item) or words.of("say.code", item) for item in one.items),
        whom=words("grant.for", office=one.office, role=one.role,
                   purpose=words.of("say.code", one.purpose)),
        state=words.of("grant_state", one.state),
        when=". ".join(text for text in (when, used) if text),
        by=words("grant.by", name=visit.name(one.proposed_by)),
        reason=one.reason,
        waits=one.state == "proposed",
        may_answer=one.state == "proposed" and one.proposed_by != visit.actor.person_id,
        is_open=one.state in OPEN,
    )  # fmt: skip


def _held(visit: Visit, one: HeldGrant) -> HeldLine:
    words = visit.words
    return HeldLine(
        one.id,
        ", ".join(words.of("say.code", item) for item in one.items),
        words("grant.until", at=words.at(one.expires_at, visit.zone)),
        words.of("held_state", one.state),
        one.state == "held" and one.expires_at > visit.now,
    )


def _who(visit: Visit, line: Line, person_id: str) -> str:
    """Return a colleague's name, or the other country where it was said over there."""
    there = line.destination if line.side == "sender" else line.origin
    return visit.words.country(there) if person_id == THEIRS else visit.name(person_id)


def _dispute(visit: Visit, line: Line, one: DisagreementView) -> DisputeLine:
    words = visit.words
    above = next_rung(Rung(one.rung)) if one.ended_at is None else None
    entries = tuple(
        (
            words("dispute.entry", kind=words.of("dispute_entry", entry.kind),
                  rung=words.of("dispute_rung", entry.rung)),
            entry.words,
            words("dispute.by", name=_who(visit, line, entry.by),
                  at=words.day(entry.held_on) if entry.held_on else words.at(entry.at, visit.zone)),
        )
        for entry in one.entries
    )  # fmt: skip
    return DisputeLine(
        id=one.id,
        version=one.version,
        rung=words.of("dispute_rung", one.rung),
        due=words.due(one.due_at, visit.now) if one.due_at else "",
        is_late=one.is_late,
        begun=words("dispute.begun", name=_who(visit, line, one.begun_by), at=words.at(one.begun_at, visit.zone)),
        ended=words.of("dispute_end", one.end) if one.end else "",
        missing=tuple(gap_sentence(gap) for gap in one.missing) if above else (),
        entries=entries,
        next_rung=words.of("dispute_rung", above) if above else "",
        untold=one.untold,
        is_open=one.ended_at is None,
    )  # fmt: skip
