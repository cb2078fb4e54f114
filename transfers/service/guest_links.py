"""One-time links: made by an officer, opened once with a code that went another way, then a short visit.

Reading the address does nothing, however often. Sending a code counts, is slowed and, at the fifth wrong one, ends the
link and tells the sender. Functions that meet strangers answer instead of raising: what they counted is committed.

Source: EXP-10, EXP-TT60, EXP-TT61, EXP-TT62, EXP-TT65.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core import vault
from core.accounts import throttle
from core.accounts.credentials import digest_of, matches, new_digits, new_secret
from core.actors import Actor, Role
from core.errors import BadInput, NotThere, WrongState
from transfers.rules.guests import (
    CODE_DIGITS,
    CODE_GOOD_FOR,
    LINK_GOOD_FOR,
    VISIT_IDLE,
    VISIT_WHOLE,
    Carrier,
    Ended,
    LinkFacts,
    ways_differ,
)
from transfers.service import evidence, guest_items, officers, record
from transfers.store import guests as store
from transfers.tables.guest import GuestItemRow, GuestLinkRow, GuestRow, GuestSessionRow

NOBODY: Final = "guest"
"""Actor of evidence about somebody whose code was wrong: nobody knows who it was."""


@dataclass(frozen=True)
class MadeLink:
    """A link and its code, shown once to the officer who made them and not kept.

    Args:
        secret: last part of the address.
        code: eight digits, to be given another way.
    """

    secret: str
    code: str
    ends_at: datetime
    code_ends_at: datetime


@dataclass(frozen=True)
class OpenedLink:
    """A visit began. ``cookie`` is shown to the browser once and not kept."""

    cookie: str
    item_id: str
    ends_at: datetime


@dataclass(frozen=True)
class NotOpened:
    """Nobody was let in, for whatever reason. ``wait_seconds`` above 0: it came too early and was not looked at."""

    wait_seconds: int = 0


def make_link(
    session: Session,
    actor: Actor,
    item_id: str,
    *,
    link_by: Carrier,
    code_by: Carrier,
    now: datetime,
) -> MadeLink:
    """Make the link of an item; one that was made before is worth nothing from now on.

    Raises:
        NotThere: no such item, or not yours.
        WrongState: it can no longer be read.
        BadInput: link and code would go the same way, or the code a way that does not keep it.
    """
    item, row = guest_items.held(session, actor, item_id, now=now)
    if not guest_items.is_open(item, store.guest(session, item.guest_id), now=now):
        raise WrongState("item", "ended", "make_link")
    if not ways_differ(link_by, code_by):
        raise BadInput("/code_by", "another_way_needed")
    earlier = store.live_link(session, item.id, lock=True)
    if earlier is not None:
        guest_items.end_link(session, earlier, Ended.REPLACED, now=now)
    store.end_visits(session, item.id, now=now)
    secret, code = new_secret(), new_digits(CODE_DIGITS)
    link = GuestLinkRow(
        item_id=item.id, token_hash=digest_of(secret), code_hash="",
        link_channel=link_by.value, code_channel=code_by.value, made_by=actor.person_id,
        made_at=now, ends_at=now + LINK_GOOD_FOR, code_ends_at=now + CODE_GOOD_FOR,
    )  # fmt: skip
    link.code_hash = _hash_of(session, link.id, code, now=now)
    session.add(link)
    session.flush()
    codes: dict[str, str | int | bool | None] = {
        "item": item.id, "link_by": link_by.value, "code_by": code_by.value,
    }  # fmt: skip
    record.note(session, actor, row, "guest.link_made", now=now, codes=codes)
    evidence.note(
        session, "guest.link-made", subject=item.id, actor=actor.person_id, now=now, detail=codes
    )
    return MadeLink(secret, code, link.ends_at, link.code_ends_at)


def renew_code(
    session: Session, actor: Actor, item_id: str, *, code_by: Carrier, now: datetime
) -> MadeLink:
    """Make a new code for a link that is on its way; the wrong ones before still count.

    Raises:
        NotThere: no such item, or no link to it that counts.
        BadInput: as for ``make_link``.
    """
    item, row = guest_items.held(session, actor, item_id, now=now)
    link = store.live_link(session, item.id, lock=True)
    if link is None or now >= link.ends_at:
        raise NotThere("link")
    if not ways_differ(Carrier(link.link_channel), code_by):
        raise BadInput("/code_by", "another_way_needed")
    code = new_digits(CODE_DIGITS)
    link.code_hash = _hash_of(session, link.id, code, now=now)
    link.code_channel = code_by.value
    link.code_ends_at = min(now + CODE_GOOD_FOR, link.ends_at)
    session.add(link)
    session.flush()
    record.note(
        session, actor, row, "guest.code_renewed", now=now,
        codes={"item": item.id, "code_by": code_by.value},
    )  # fmt: skip
    evidence.note(
        session, "guest.code_renewed", subject=item.id, actor=actor.person_id, now=now,
        detail={"code_by": code_by.value},
    )  # fmt: skip
    return MadeLink("", code, link.ends_at, link.code_ends_at)


def end_links(session: Session, actor: Actor, item_id: str, *, now: datetime) -> None:
    """End the link of an item and every visit by it; the item itself stays.

    Raises:
        NotThere: no such item, or no link to it that counts.
    """
    item, row = guest_items.held(session, actor, item_id, now=now)
    link = store.newest_link(session, item.id)
    if link is None or link.ended_why in {Ended.REVOKED, Ended.EXPIRED, Ended.LOCKED}:
        raise NotThere("link")
    guest_items.end_link(session, link, Ended.REVOKED, now=now)
    store.end_visits(session, item.id, now=now)
    record.note(session, actor, row, "guest.link_ended", now=now, codes={"item": item.id})


def open_link(
    session: Session, secret: str, code: str, *, address: str, device: str, now: datetime
) -> OpenedLink | NotOpened:
    """Open a link with its code: once, at this device. Commit whatever the answer.

    The same work is done for a link nobody made, one that is over and one with another code.
    """
    token_hash = digest_of(secret)
    attempt = throttle.begin_attempt(session, login_key=token_hash, address=address, now=now)
    wait = attempt.wait(now)
    if wait:
        return NotOpened(wait)
    link = store.link_by_token(session, token_hash)
    item = None if link is None else store.item(session, link.item_id)
    guest = None if item is None else store.guest(session, item.guest_id)
    is_right = _is_right(session, link, code, now=now)
    if link is None or item is None or guest is None:
        return _refused(session, attempt, token_hash, now=now)
    facts = LinkFacts(
        link.ends_at, link.code_ends_at, link.wrong_codes, link.ended_at is not None,
        guest_items.is_open(item, guest, now=now),
    )  # fmt: skip
    if not facts.is_live(now):
        return _refused(session, attempt, link.id, now=now)
    if not is_right:
        _note_wrong(session, link, item, facts, now=now)
        return _refused(session, attempt, link.id, now=now)
    return _begin(session, link, item, guest, device=device, now=now)


def note_expired(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Note links whose time is over; nothing follows from it, they opened nothing before. For the sweep."""
    past = store.links_past(session, now=now, limit=limit)
    for link in past:
        guest_items.end_link(session, link, Ended.EXPIRED, now=now)
        evidence.note(
            session, "guest.expired", subject=link.item_id, actor=evidence.PROCEDURE, now=now,
            detail={"link": link.id},
        )  # fmt: skip
    return len(past)


def visit_of(
    session: Session, cookie: str, *, device: str, now: datetime
) -> tuple[GuestItemRow, GuestRow] | None:
    """Return what a cookie opens and for whom, while the visit lasts, at the device where it began."""
    row = store.visit_by_cookie(session, digest_of(cookie))
    if row is None or row.ended_at is not None or now >= row.ends_at:
        return None
    if now - row.seen_at >= VISIT_IDLE or not matches(row.device_hash, device):
        return None
    link = store.link(session, row.link_id)
    item = None if link is None else store.item(session, link.item_id)
    guest = None if item is None else store.guest(session, item.guest_id)
    if link is None or link.ended_why != Ended.USED or item is None or guest is None:
        return None
    if not guest_items.is_open(item, guest, now=now):
        return None
    row.seen_at = now
    session.add(row)
    return item, guest


def end_visit(session: Session, cookie: str, *, now: datetime) -> None:
    """End a visit because the reader said so, or another one takes its place."""
    row = store.visit_by_cookie(session, digest_of(cookie))
    if row is not None and row.ended_at is None:
        row.ended_at = now
        session.add(row)


def _begin(
    session: Session,
    link: GuestLinkRow,
    item: GuestItemRow,
    guest: GuestRow,
    *,
    device: str,
    now: datetime,
) -> OpenedLink:
    cookie = new_secret()
    link.opened_at = now
    guest_items.end_link(session, link, Ended.USED, now=now)
    row = GuestSessionRow(
        link_id=link.id, token_hash=digest_of(cookie), device_hash=digest_of(device),
        started_at=now, seen_at=now, ends_at=now + VISIT_WHOLE,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _tell(session, "guest.opened", item, occasion=link.id, by=link.made_by, now=now)
    evidence.note(
        session, "guest.link-opened", subject=item.id, actor=guest.id, now=now,
        detail={"link": link.id},
    )  # fmt: skip
    return OpenedLink(cookie, item.id, row.ends_at)


def _note_wrong(
    session: Session, link: GuestLinkRow, item: GuestItemRow, facts: LinkFacts, *, now: datetime
) -> None:
    link.wrong_codes += 1
    session.add(link)
    session.flush()
    if facts.locks_with_next():
        guest_items.end_link(session, link, Ended.LOCKED, now=now)
        _tell(session, "guest.locked", item, occasion=link.id, by=link.made_by, now=now)
    evidence.note(
        session, "guest.code-failed", subject=item.id, actor=NOBODY, now=now,
        detail={"link": link.id, "no": link.wrong_codes},
    )  # fmt: skip
    if facts.locks_with_next():
        evidence.note(
            session, "guest.locked", subject=item.id, actor=NOBODY, now=now,
            detail={"link": link.id},
        )  # fmt: skip


def _tell(
    session: Session, topic: str, item: GuestItemRow, *, occasion: str, by: str, now: datetime
) -> None:
    officers.tell(
        session, topic=topic, subject=item.id, occasion=occasion, now=now, persons=(by,),
        role=Role.SECRETARIAT, facts={"country": item.country, "transfer": item.transfer_id},
    )  # fmt: skip


def _refused(
    session: Session, attempt: throttle.Attempt, subject: str, *, now: datetime
) -> NotOpened:
    throttle.note_failure(session, attempt, subject=subject[:36], now=now)
    return NotOpened()


def _is_right(session: Session, link: GuestLinkRow | None, code: str, *, now: datetime) -> bool:
    """Compare a code; for a link nobody made the same work is done for nothing."""
    digits = "".join(letter for letter in code if letter.isascii() and letter.isdigit())
    found = _hash_of(session, "" if link is None else link.id, digits, now=now)
    return hmac.compare_digest(found, "-" if link is None else link.code_hash)


def _hash_of(session: Session, link_id: str, code: str, *, now: datetime) -> str:
    """Under a key outside the database: eight digits alone could be tried out. Source: EXP-TT66."""
    index = vault.vault_of(session).index_key(session, now=now)
    return vault.keyed_hash(index, "guest-code", f"{link_id}|{code}")
