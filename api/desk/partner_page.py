"""Whom we trust across the border, in words: partners and the ceremony, corridors, our own keys."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from api.desk.visit import Visit
from core.actors import Role
from core.errors import DomainError
from transfers.rules.codes import CorridorStatus
from transfers.rules.key_life import is_rotation_due, may_be_destroyed
from transfers.rules.partnership import Channel, State
from transfers.service import corridors, exchange_status, installation, keys, partners
from transfers.service.corridors import CorridorSheet
from transfers.service.partners import PartnerView

REASONS: Final = ("key_lost", "not_reachable", "misuse", "agreement_ended", "by_mistake", "other")
EARLY: Final = frozenset({State.PROPOSED, State.HALF_CONFIRMED})


@dataclass(frozen=True)
class PartnerLine:
    """One partner in words.

    Args:
        groups: of the fingerprint; before trust without those an officer has to hear.
        waits: what a second officer has to do; empty when nothing is begun.
        line: how the line to it is; empty when it was never called.
        trouble: what has to be looked at.
    """

    id: str
    name: str
    country: str
    state: str
    is_good: bool
    groups: tuple[str, ...]
    waits: str
    keys_until: str
    seen: str
    address: str
    line: str
    trouble: tuple[str, ...]


@dataclass(frozen=True)
class PartnerPage:
    """One partner with every step, and what the reader can do."""

    line: PartnerLine
    steps: tuple[tuple[str, str, str], ...]
    may_confirm: bool
    began_myself: bool
    may_suspend: bool
    may_resume: bool
    may_end: bool
    may_load: bool
    is_ended: bool


@dataclass(frozen=True)
class OwnSide:
    """What a partner has to hear from us, and how our keys stand."""

    name: str
    groups: tuple[str, ...]
    good_until: str
    keys: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class CorridorLine:
    """One corridor in words."""

    name: str
    way: str
    status: str
    is_open: bool
    since: str


def partner_lines(visit: Visit) -> tuple[PartnerLine, ...]:
    """Return all partners by name.

    Raises:
        NotThere: not somebody who has to do with partners.
    """
    found = partners.list_partners(visit.session, visit.actor, now=visit.now)
    heard = _lines(visit)
    return tuple(_line(visit, one, heard.get(one.installation)) for one in found)


def partner_page(visit: Visit, partner_id: str) -> PartnerPage:
    """Return one partner with every step of trusting it.

    Raises:
        NotThere: no such partner, or not somebody who has to do with partners.
    """
    found = partners.read_partner(visit.session, visit.actor, partner_id, now=visit.now)
    visit.names([one.person_id for one in found.steps])
    actor, words = visit.actor, visit.words
    is_truster = actor.has(Role.TRUST_OFFICER)
    may_stop = is_truster or actor.has(Role.SECRETARIAT_HEAD, Role.DATA_PROTECTION)
    steps = tuple(
        (
            words.of("partner_step", one.step),
            visit.name(one.person_id),
            ", ".join(text for text in (
                words.of("channel", one.channel) if one.channel else "",
                words.of("partner_reason", one.reason) if one.reason else "",
                words.at(one.at, visit.zone),
            ) if text),
        )
        for one in reversed(found.steps)
    )  # fmt: skip
    return PartnerPage(
        line=_line(visit, found, _lines(visit).get(found.installation)),
        steps=steps,
        may_confirm=is_truster and found.state in EARLY,
        began_myself=found.begun_by == actor.person_id,
        may_suspend=may_stop and found.state is State.ACTIVE,
        may_resume=is_truster and found.state is State.SUSPENDED,
        may_end=is_truster and found.state in EARLY | {State.SUSPENDED},
        may_load=is_truster and found.state is not State.REVOKED,
        is_ended=found.state is State.REVOKED,
    )


def own_side(visit: Visit) -> OwnSide | None:
    """Return our name, whole fingerprint and keys; None while nothing is set up."""
    words = visit.words
    try:
        own = installation.identity(visit.session, visit.actor, now=visit.now)
        listed = keys.list_keys(visit.session, visit.actor, now=visit.now)
    except DomainError:
        return None
    shown = tuple(
        (
            words.of("own_key_use", one.use),
            words.of("own_key_status", one.status),
            ", ".join(text for text in (
                words("key.until", day=words.day(one.ends_at.date())),
                words("key.rotation_due")
                if one.retires_at is None and is_rotation_due(one.begins_at, visit.now) else "",
                words("key.destruction_due")
                if one.held and may_be_destroyed(one.retires_at, visit.now) else "",
            ) if text),
        )
        for one in reversed(listed)
    )  # fmt: skip
    until = words.day(datetime.fromtimestamp(own.statement.expires_at, UTC).date())
    return OwnSide(own.installation, own.fingerprint, until, shown)


def corridor_lines(visit: Visit) -> tuple[CorridorLine, ...]:
    """Return the corridors that begin or end here."""
    words = visit.words
    return tuple(
        CorridorLine(
            one.name, way_of(visit, one.name), words.of("corridor_is", one.status),
            one.status == CorridorStatus.ACTIVE,
            words("span.since", since=words.at(one.changed_at, visit.zone)) if one.changed_at else "",
        )
        for one in corridors.list_corridors(visit.session, visit.actor, now=visit.now)
    )  # fmt: skip


def corridor_page(visit: Visit, name: str) -> CorridorSheet:
    """Return one corridor as a whole.

    Raises:
        NotThere: none of this country.
    """
    origin, _, destination = name.partition("-")
    return corridors.read_corridor(visit.session, visit.actor, origin, destination, now=visit.now)


def way_of(visit: Visit, name: str) -> str:
    """Return a corridor as from where to where."""
    words = visit.words
    return words("way", origin=words.country(name[:2]), to=words.country(name[3:]))


def channels(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return over which ways a fingerprint is heard, with words."""
    return tuple((one.value, visit.words.of("channel", one)) for one in Channel)


def reasons(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return why a partnership stops, with words; a code, so that no names stand there."""
    return tuple((one, visit.words.of("partner_reason", one)) for one in REASONS)


def _lines(visit: Visit) -> dict[str, exchange_status.LineView]:
    return {one.partner: one for one in exchange_status.lines(visit.session, now=visit.now)}


def _line(visit: Visit, one: PartnerView, heard: exchange_status.LineView | None) -> PartnerLine:
    words, now = visit.words, visit.now
    trouble = (
        words("partner.keys_over") if one.statement_ends_at <= now else "",
        words("partner.failing", span=words.span(now - heard.failing_since))
        if heard and heard.failing_since else "",
        words("partner.clocks", seconds=abs(heard.skew_seconds))
        if heard and abs(heard.skew_seconds) > 60 else "",  # noqa: PLR2004  a minute
        words("partner.missing") if heard and heard.missing else "",
    )  # fmt: skip
    return PartnerLine(
        id=one.id,
        name=one.installation,
        country=words.country(one.installation[:2]),
        state=words.of("partner_state", one.state),
        is_good=one.state is State.ACTIVE,
        groups=one.fingerprint,
        waits=words.of("partner_waits", one.waits_for) if one.waits_for else "",
        keys_until=words.day(one.statement_ends_at.date()),
        seen=words.at(one.seen_at, visit.zone),
        address=one.base_url or "",
        line=words("partner.heard", at=words.at(heard.heard_at, visit.zone))
        if heard and heard.heard_at else "",
        trouble=tuple(text for text in trouble if text),
    )  # fmt: skip
