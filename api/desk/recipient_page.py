"""Recipients without an installation, in words: who they are, what they were given, what they sent back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pycountry

from api.desk.message_page import heads, shown
from api.desk.visit import Visit
from core.errors import NotThere
from transfers.rules.guests import CARRIES_CODE, Carrier, GuestState, SetAside, Verified
from transfers.service import board, guest_items, guest_review, guests
from transfers.service.board import Line
from transfers.service.guest_items import ItemView
from transfers.service.guest_review import PaperView, ReplyView
from transfers.service.guests import GuestView


@dataclass(frozen=True)
class RecipientLine:
    """One recipient in words, and what the reader can do."""

    id: str
    name: str
    where: str
    phone: str
    number_from: str
    state: str
    until: str
    by: str
    version: int
    may_verify: bool
    waits_for_another: bool
    may_open: bool
    has_account: bool
    may_end: bool


@dataclass(frozen=True)
class AnswerLine:
    """One answer a recipient states, before an officer confirms it."""

    id: str
    transfer_id: str
    what: str
    came: str
    says: Mapping[str, Any]


@dataclass(frozen=True)
class PaperLine:
    """One paper a recipient sent, unopened."""

    id: str
    transfer_id: str
    name: str
    size_kb: int
    came: str
    state: str
    is_settled: bool


@dataclass(frozen=True)
class ItemLine:
    """One message given to a recipient, how far they came, and what became of the link."""

    id: str
    who: str
    what: str
    came: tuple[str, ...]
    link: str
    until: str
    is_open: bool
    has_live_link: bool


@dataclass(frozen=True)
class GivenPage:
    """What was given of a transfer, and what can be given."""

    line: Line
    items: tuple[ItemLine, ...]
    papers: tuple[PaperLine, ...]
    recipients: tuple[tuple[str, str], ...]
    messages: tuple[tuple[str, str], ...]


def recipients(visit: Visit) -> tuple[RecipientLine, ...]:
    """Return every recipient of this installation.

    Raises:
        RoleMayNot: not an officer of the secretariat.
    """
    found = guests.list_guests(visit.session, visit.actor, now=visit.now)
    visit.names([one.proposed_by for one in found])
    return tuple(_recipient(visit, one) for one in found)


def recipient(visit: Visit, guest_id: str) -> RecipientLine:
    """Return one recipient.

    Raises:
        NotThere: no such recipient.
    """
    found = next((one for one in recipients(visit) if one.id == guest_id), None)
    if found is None:
        raise NotThere("recipient")
    return found


def waiting(visit: Visit) -> tuple[tuple[AnswerLine, ...], tuple[PaperLine, ...]]:
    """Return what recipients sent and nobody has looked at; showing an answer is reading it."""
    found = guest_review.list_waiting(visit.session, visit.actor, now=visit.now)
    return (
        tuple(_answer(visit, one) for one in found.answers),
        tuple(_paper(visit, one) for one in found.papers),
    )


def given_page(visit: Visit, transfer_id: str) -> GivenPage:
    """Return what was given of a transfer.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    line = board.read_transfer(session, actor, transfer_id, now=now).line
    there = line.destination if line.side == "sender" else line.origin
    known = guests.list_guests(session, actor, now=now)
    signed = [one for one in heads(visit, line) if one.is_ours and not one.is_taken_back]
    called = {one.id: f"{one.what}, {one.when}" for one in signed if not one.waits_for_signature}
    names = {one.id: f"{one.identity.name}, {one.identity.office}" for one in known}
    items = guest_items.list_items(session, actor, transfer_id, now=now)
    papers = guest_review.papers_of(session, actor, transfer_id, now=now)
    return GivenPage(
        line=line,
        items=tuple(_item(visit, one, names, called) for one in items),
        papers=tuple(_paper(visit, one) for one in papers),
        recipients=tuple(
            (one.id, names[one.id])
            for one in known
            if one.of_country == there and one.state is GuestState.VERIFIED
        ),
        messages=tuple(called.items()),
    )


def countries(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the countries of the world but our own, by their names."""
    named = (
        (one.alpha_2, visit.words.country(one.alpha_2))
        for one in pycountry.countries
        if one.alpha_2 != visit.actor.country
    )
    return tuple(sorted(named, key=lambda pair: pair[1]))


def ways(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return by which ways a link may travel."""
    return tuple((one.value, visit.words.of("carrier", one)) for one in Carrier)


def code_ways(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return by which ways a code may travel."""
    return tuple((code, words) for code, words in ways(visit) if code in CARRIES_CODE)


def verified_hows(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return how somebody made sure of a person."""
    return tuple((one.value, visit.words.of("verified", one)) for one in Verified)


def aside_whys(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return why an answer does not go into the record."""
    return tuple((one.value, visit.words.of("aside", one)) for one in SetAside)


def _recipient(visit: Visit, one: GuestView) -> RecipientLine:
    words, who = visit.words, one.identity
    is_mine = one.proposed_by == visit.actor.person_id
    counts = one.state is GuestState.VERIFIED and visit.now.date() <= one.ends_on
    return RecipientLine(
        id=one.id,
        name=who.name,
        where=words("recipient.where", post=who.post, office=who.office,
                    country=words.country(one.of_country)),
        phone=who.phone,
        number_from=who.number_from,
        state=words.of("guest_state", one.state),
        until=words.day(one.ends_on),
        by=visit.name(one.proposed_by),
        version=one.version,
        may_verify=one.state is GuestState.PROPOSED and not is_mine,
        waits_for_another=one.state is GuestState.PROPOSED and is_mine,
        may_open=counts,
        has_account=one.has_account,
        may_end=one.state is not GuestState.ENDED,
    )  # fmt: skip


def _answer(visit: Visit, one: ReplyView) -> AnswerLine:
    words = visit.words
    return AnswerLine(
        one.id, one.transfer_id, words.of("message", one.type), words.at(one.came_at, visit.zone),
        shown(one.body),
    )  # fmt: skip


def _paper(visit: Visit, one: PaperView) -> PaperLine:
    words = visit.words
    return PaperLine(
        one.id, one.transfer_id, one.name, (one.size + 1023) // 1024,
        words.at(one.came_at, visit.zone), words.of("reply_state", one.state),
        one.state != "waiting",
    )  # fmt: skip


def _item(
    visit: Visit, one: ItemView, names: Mapping[str, str], called: Mapping[str, str]
) -> ItemLine:
    words = visit.words
    steps = (
        ("given.at", one.given_at),
        ("given.viewed", one.viewed_at),
        ("given.downloaded", one.downloaded_at),
        ("given.acknowledged", one.acknowledged_at),
        ("given.ended", one.ended_at),
    )
    link = one.link
    state = ""
    if link is not None:
        became = f"link.{link.ended}" if link.ended else "link.live"
        state = words(became, at=words.at(link.ends_at, visit.zone), count=link.wrong_codes)
    is_open = one.ended_at is None and visit.now.date() <= one.ends_on
    return ItemLine(
        id=one.id,
        who=names.get(one.guest_id, words("someone")),
        what=called.get(one.message_id, words("given.message")),
        came=tuple(words(key, at=words.at(at, visit.zone)) for key, at in steps if at is not None),
        link=state,
        until=words.day(one.ends_on),
        is_open=is_open,
        has_live_link=is_open
        and link is not None
        and link.ended is None
        and link.ends_at > visit.now,
    )
