"""Seats and the people who hold them: who may sit, and which one of two holders sits.

Conflicts are in ``conflicts``; this module knows terms of office, undertakings and alternates.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import Gap


class SeatRole(StrEnum):
    """What a seat is for. Source: DOM-3.5, DOM-4.5."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"


class Sector(StrEnum):
    """Professions found on district panels. Source: DOM-2.1 (seats commonly present)."""

    SOCIAL_WELFARE = "social_welfare"
    POLICE = "police"
    IMMIGRATION = "immigration"
    HEALTH = "health"
    JUDICIARY = "judiciary"
    PRISONS = "prisons"
    CHILDCARE_FACILITY = "childcare_facility"
    EDUCATION = "education"
    UN_NGO = "un_ngo"
    OTHER = "other"


@dataclass(frozen=True)
class Holder:
    """One person's hold on one seat.

    Args:
        alternate_rank: 0 for the titular, 1, 2, ... for alternates in the order they step in.
        term_to: last day of the term, itself included; None while no end is set.
        undertaking_until: last day on which a signed undertaking holds; None when there is none.
        panel: id of the panel whose seat it is.
        is_guest: sits in a joint sitting that another panel has called; votes, never leads it.
    """

    member_id: str
    person_id: str
    seat_id: str
    role: SeatRole
    agency: str
    sector: str
    country: str
    alternate_rank: int = 0
    term_from: date = date.min
    term_to: date | None = None
    undertaking_until: date | None = None
    panel: str = ""
    is_guest: bool = False

    @property
    def may_preside(self) -> bool:
        """Whether this person may lead the sitting: chair or deputy in person, never an alternate."""
        return self.role is not SeatRole.MEMBER and self.alternate_rank == 0


def bars_to_sitting(holder: Holder, on: date) -> tuple[Gap, ...]:
    """Say what keeps a member from sitting and from papers on a day, whatever the item.

    Source: DOM-4.5/member.term (votes only inside term), DOM-R16 (undertaking).
    """
    in_term = holder.term_from <= on and (holder.term_to is None or on <= holder.term_to)
    signed = holder.undertaking_until is not None and on <= holder.undertaking_until
    facts = {"member": holder.member_id}
    gaps = (
        None if in_term else Gap("outside_term", facts),
        None if signed else Gap("undertaking_missing", facts),
    )
    return tuple(gap for gap in gaps if gap is not None)


def entitled(holders: Iterable[Holder], on: date, closed_to: Collection[str]) -> list[Holder]:
    """Return who may see, speak and vote on an item, present or not, in the given order.

    Args:
        holders: the roster of the sitting.
        on: the local day of the act.
        closed_to: persons with a declared or ruled conflict, and those R15 keeps from voting.

    Source: DOM-R14, DOM-R15, DOM-R16.
    """
    return [
        holder
        for holder in holders
        if holder.person_id not in closed_to and not bars_to_sitting(holder, on)
    ]


def seated(
    allowed: Iterable[Holder], present: Collection[str], taken: Mapping[str, str]
) -> tuple[Holder, ...]:
    """Return the one present holder of each seat who sits, ordered by seat.

    The titular sits before alternates, these by rank. A seat whose holder has already voted in the
    round stays theirs, also when they left the room: nobody votes for that seat a second time.

    Args:
        allowed: entitled holders.
        present: member ids of those in the room or connected.
        taken: seat id to the member id that voted for it in this round.
    """
    found: dict[str, Holder] = {}
    people: set[str] = set()
    ranked = sorted(allowed, key=lambda holder: (holder.alternate_rank, holder.member_id))
    for holder in ranked:
        if holder.member_id not in present or holder.person_id in people:
            continue
        if taken.get(holder.seat_id, holder.member_id) != holder.member_id:
            continue
        if holder.seat_id not in found:
            found[holder.seat_id] = holder
            people.add(holder.person_id)
    return tuple(found[seat] for seat in sorted(found))


def terms_overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two terms share a day; a missing end is open."""
    ends_first, ends_second = first[1] or date.max, second[1] or date.max
    return first[0] <= ends_second and second[0] <= ends_first
