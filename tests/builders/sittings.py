"""Panels, sittings and items on the database, brought to a point by the people who would have done it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from core.actors import Actor, Grant, Role, ScopeKind
from core.ids import new_id
from panels.rules.attendance import Movement
from panels.rules.items import Invited
from panels.rules.roster import SeatRole
from panels.rules.sittings import SittingMode, SittingType
from panels.service import agenda, attendance, conflicts, listing, members, panels, papers, sittings
from panels.service.listing import Invitation
from panels.service.members import NewMember
from panels.service.panels import NewPanel, NewSeat, PanelKind
from panels.service.sittings import NewSitting
from panels.service.voting import Choice, cast_vote
from tests.builders.cases import OFFICE
from tests.builders.procedure import Team, a_ready_report
from tests.conftest import NOON

STARTS = NOON + timedelta(days=21)  # after the papers timetable of any priority
BEFORE = date(2026, 1, 1)
INVITED_BOTH = (Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER))
SEATS = {
    "chair": (SeatRole.CHAIR, "welfare", "social_welfare"),
    "deputy": (SeatRole.DEPUTY, "health", "health"),
    "welfare": (SeatRole.MEMBER, "welfare", "social_welfare"),
    "police": (SeatRole.MEMBER, "police", "police"),
    "school": (SeatRole.MEMBER, "school", "education"),
}


@dataclass
class Court:
    """A panel with its people: seat name to actor and to member id."""

    panel_id: str
    head: Actor
    secretary: Actor
    people: dict[str, Actor]
    members: dict[str, str]
    seats: dict[str, str]
    sitting_id: str = ""
    item_id: str = ""
    team: Team | None = None

    def vote(self, session: Session, name: str, option: str = "O1", **given: Any) -> Any:
        """Let one member vote; abstaining gives a reason."""
        reason = "" if option else "I cannot tell."
        at = given.pop("now", STARTS + timedelta(minutes=30))
        return cast_vote(
            session, self.people[name], self.item_id, Choice(option, reason, **given), now=at
        )


def a_head(country: str = "ZM") -> Actor:
    """The head of the national secretariat."""
    return Actor(
        new_id(),
        new_id(),
        country,
        frozenset({Grant(Role.SECRETARIAT_HEAD, ScopeKind.COUNTRY, country)}),
    )


def of_panel(panel_id: str, *roles: Role) -> Actor:
    """A person with these roles over one panel."""
    grants = frozenset(Grant(role, ScopeKind.PANEL, panel_id) for role in roles)
    return Actor(new_id(), new_id(), "ZM", grants)


def a_court(session: Session, *, code: str = "", kind: PanelKind = PanelKind.DISTRICT) -> Court:
    """A panel of five seats, everybody in office with an undertaking, and a secretary."""
    head = a_head()
    panel_id = panels.set_up_panel(
        session,
        head,
        NewPanel(code or f"P-{new_id()[:8]}", "Panel", kind, ("ZM",), OFFICE, "Terms.", ()),
        now=NOON,
    )
    court = Court(panel_id, head, of_panel(panel_id, Role.SECRETARY), {}, {}, {})
    for name, (role, agency, sector) in SEATS.items():
        court.seats[name] = panels.open_seat(
            session, head, panel_id, NewSeat(role, agency, sector, "ZM"), now=NOON
        )
        add_person(session, court, name, name)
    return court


def add_person(session: Session, court: Court, name: str, seat: str, rank: int = 0) -> None:
    """Give a seat a holder with a signed undertaking."""
    role = Role.CHAIR if seat in {"chair", "deputy"} else Role.MEMBER
    person = of_panel(court.panel_id, role)
    new = NewMember(court.seats[seat], person.person_id, rank, BEFORE, None)
    member_id = members.add_member(session, court.head, court.panel_id, new, now=NOON)
    members.record_undertaking(
        session,
        court.secretary,
        member_id,
        signed_on=NOON.date(),
        document_sha256="0" * 64,
        now=NOON,
    )
    court.people[name], court.members[name] = person, member_id


def a_sitting(session: Session, court: Court, **given: Any) -> Court:
    """A planned sitting of the panel."""
    values: dict[str, Any] = {
        "type": SittingType.ORDINARY,
        "mode": SittingMode.IN_PERSON,
        "starts_at": STARTS,
        "minutes": 120,
        "timezone": "Africa/Lusaka",
        "place": "Boma",
    } | given
    court.sitting_id = sittings.plan_sitting(
        session, court.secretary, court.panel_id, NewSitting(**values), now=NOON
    )
    return court


def a_listed_item(session: Session, court: Court, **report: Any) -> Court:
    """A ready case on the agenda."""
    court.team = a_ready_report(session, **report)
    court.item_id = listing.list_case(
        session,
        court.secretary,
        court.sitting_id,
        court.team.case_id,
        invited=(Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER)),
        now=NOON,
    )
    return court


def convened(session: Session, *, court: Court | None = None, **given: Any) -> Court:
    """A convened sitting with one item and papers released."""
    court = a_listed_item(session, a_sitting(session, court or a_court(session), **given))
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return court


def arrive(session: Session, court: Court, *names: str, now: datetime = STARTS) -> None:
    """Let members come in."""
    for name in names:
        attendance.record_movement(
            session,
            court.secretary,
            court.sitting_id,
            court.members[name],
            Movement.PRESENT,
            now=now,
        )


def leave(session: Session, court: Court, name: str, *, now: datetime) -> None:
    """Let a member go."""
    attendance.record_movement(
        session, court.secretary, court.sitting_id, court.members[name], Movement.LEFT, now=now
    )


def opened(session: Session, *present: str, court: Court | None = None) -> Court:
    """An open sitting with these members present; all five when none are named."""
    court = court or convened(session)
    arrive(session, court, *(present or SEATS))
    sittings.open_sitting(session, court.people["chair"], court.sitting_id, now=STARTS)
    return court


def declare(session: Session, court: Court, *names: str, now: datetime = STARTS) -> None:
    """Let members say they have no conflict with the item."""
    for name in names:
        conflicts.declare_none(session, court.people[name], court.item_id, now=now)


def in_deliberation(session: Session, *present: str, court: Court | None = None) -> Court:
    """An item in deliberation; everybody present has read the papers and declared no conflict."""
    here = present or tuple(SEATS)
    court = opened(session, *here, court=court)
    for name in here:
        papers.open_papers(session, court.people[name], court.item_id, now=STARTS)
    declare(session, court, *here)
    agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS)
    agenda.open_deliberation(session, court.people["chair"], court.item_id, now=STARTS)
    return court
