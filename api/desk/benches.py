"""Panels as bodies: their seats, who holds them and until when, and what is written down about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from api.desk.forms import day_in, has_typed_day
from api.desk.visit import Visit, given
from api.portal.door import Form
from core.accounts import people
from core.errors import BadInput
from panels.rules.roster import SeatRole, Sector
from panels.service import members, panels
from panels.service.members import MemberView, NewMember
from panels.service.panels import NewPanel, NewSeat, PanelKind, PanelView

LONGEST_NAME: Final = 200
Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True)
class Holding:
    """One person's term in a seat; ``rank`` 0 is the titular, 1, 2, ... step in."""

    member_id: str
    version: int
    name: str
    rank: int
    term: str
    undertaking: str
    is_over: bool


@dataclass(frozen=True)
class Bench:
    """A seat of a panel and who holds it."""

    id: str
    words: str
    held: tuple[Holding, ...]


def benches(visit: Visit, found: PanelView) -> tuple[Bench, ...]:
    """Return the seats of a panel with the terms of their holders, the titular first."""
    rows = members.list_members(visit.session, visit.actor, found.panel.id, now=visit.now)
    visit.names([one.member.person_id for one in rows])
    ordered = sorted(rows, key=lambda one: (one.member.alternate_rank, one.member.term_from))
    words = visit.words
    return tuple(
        Bench(
            seat.id,
            words(
                "panels.seat_line", role=words.of("seat_role", seat.role),
                sector=words.of("sector", seat.sector), agency=seat.agency,
            ),
            tuple(_holding(visit, one) for one in ordered if one.member.seat_id == seat.id),
        )
        for seat in found.seats
    )  # fmt: skip


def add_member(visit: Visit, panel_id: str, form: Form, version: int) -> None:
    """Give a person, found by the name they sign in with, a term in a seat."""
    person = people.person_of_login(visit.session, given(form, "login", 64), now=visit.now)
    if person is None:
        raise BadInput("/login", "unknown")
    rank = given(form, "rank", 2)
    until = _day(form, "to") if has_typed_day(form, "to") else None
    new = NewMember(
        given(form, "seat", 36), person, int(rank) if rank.isdecimal() else 0, _day(form, "from"),
        until,
    )  # fmt: skip
    members.add_member(
        visit.session, visit.actor, panel_id, new, now=visit.now, expected_version=version
    )


def end_term(visit: Visit, panel_id: str, form: Form, version: int) -> None:
    """Set the last day of a member's term."""
    del panel_id
    members.end_term(
        visit.session, visit.actor, given(form, "member", 36), _day(form, "last"), now=visit.now,
        expected_version=version,
    )  # fmt: skip


def open_seat(visit: Visit, panel_id: str, form: Form, version: int) -> None:
    """Add a seat for an agency and a profession."""
    agency = given(form, "agency", 60)
    if not agency:
        raise BadInput("/agency", "needs_a_name")
    seat = NewSeat(
        _of(SeatRole, form, "role"), agency, _of(Sector, form, "sector").value,
        given(form, "country", 2) or visit.actor.country,
    )  # fmt: skip
    panels.open_seat(
        visit.session, visit.actor, panel_id, seat, now=visit.now, expected_version=version
    )


def set_terms(visit: Visit, panel_id: str, form: Form, version: int) -> None:
    """Give the panel new written terms of reference."""
    text = given(form, "terms")
    if not text:
        raise BadInput("/terms", "words_needed")
    panels.set_terms(
        visit.session, visit.actor, panel_id, text, now=visit.now, expected_version=version
    )


def set_up(visit: Visit, form: Form) -> str:
    """Set up a panel with the rules of the country; its seats are added afterwards."""
    code, name, terms = (given(form, one) for one in ("code", "name", "terms"))
    for field, text in (("code", code), ("name", name)):
        if not text:
            raise BadInput(f"/{field}", "needs_a_name")
    if not terms:
        raise BadInput("/terms", "words_needed")
    district = given(form, "district", 64)
    if district not in visit.pack.places:
        raise BadInput("/district", "unknown_place")
    kind = _of(PanelKind, form, "kind")
    countries = (visit.actor.country,)
    new = NewPanel(code[:40], name[:LONGEST_NAME], kind, countries, district, terms, ())
    return panels.set_up_panel(visit.session, visit.actor, new, now=visit.now)


def choices(visit: Visit, kind: str, codes: Sequence[StrEnum]) -> list[tuple[str, str]]:
    """Return codes with their words, to choose from."""
    return [(str(code), visit.words.of(kind, code)) for code in codes]


def places(visit: Visit) -> list[tuple[str, str]]:
    """Return the places of the country by name."""
    return sorted(
        ((code, place.name) for code, place in visit.pack.places.items()), key=lambda pair: pair[1]
    )


def _holding(visit: Visit, found: MemberView) -> Holding:
    row, words = found.member, visit.words
    since = words("term.since", day=words.day(row.term_from))
    until = words("term.until", day=words.day(row.term_to)) if row.term_to else ""
    signed = found.holder.undertaking_until
    return Holding(
        member_id=row.id,
        version=row.version,
        name=visit.name(row.person_id),
        rank=row.alternate_rank,
        term=f"{since} {until}".strip(),
        undertaking=words("panels.signed", day=words.day(signed)) if signed else "",
        is_over=row.term_to is not None and row.term_to < visit.now.date(),
    )


def _of(kind: type[Code], form: Form, name: str) -> Code:
    try:
        return kind(form.get(name, ""))
    except ValueError as error:
        raise BadInput(f"/{name}", "choose_one") from error


def _day(form: Form, name: str) -> date:
    found = day_in(form, name)
    if found is None:
        raise BadInput(f"/{name}-day", "day_needed")
    return found
