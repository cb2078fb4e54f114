"""What comes in and goes out about panels, their seats, rules, members, and sittings to come."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from api.fields import Code, Country, Id, Line, Strict, Text, View
from panels.rules.panel_rules import PanelRules
from panels.rules.quorum import Need, QuorumRules
from panels.rules.roster import SeatRole, Sector
from panels.rules.sittings import SittingMode, SittingType
from panels.service import members, panels
from panels.service.panels import PanelKind

Count = Annotated[int, Field(ge=0, le=20)]


Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


Zone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,60}$")]


class Seat(Strict):
    """A seat for one agency and profession."""

    role: SeatRole
    agency: Code
    sector: Sector
    country: Country

    def to_new(self) -> panels.NewSeat:
        """Return the seat to be opened."""
        return panels.NewSeat(self.role, self.agency, self.sector.value, self.country)


class NewPanel(Strict):
    """A panel with its written terms of reference; the first country is the one it belongs to."""

    code: Code
    name: Line
    kind: PanelKind
    countries: Annotated[list[Country], Field(min_length=1, max_length=6)]
    district: Code
    terms: Text
    seats: Annotated[tuple[Seat, ...], Field(max_length=20)] = ()


class NeedIn(Strict):
    """At least ``least`` of those present fit every list that is not empty."""

    roles: Annotated[tuple[SeatRole, ...], Field(max_length=3)] = ()
    sectors: Annotated[tuple[Sector, ...], Field(max_length=10)] = ()
    countries: Annotated[tuple[Country, ...], Field(max_length=6)] = ()
    least: Annotated[int, Field(ge=1, le=20)] = 1


class NewRules(Strict):
    """Rules of a panel: the country's or stricter."""

    voters: Annotated[int, Field(ge=1, le=20)]
    agencies: Annotated[int, Field(ge=1, le=20)]
    needs: Annotated[list[NeedIn], Field(max_length=12)]
    casting_vote: bool = False

    def to_quorum(self) -> QuorumRules:
        """Return the quorum as the rules know it."""
        needs = (
            Need(
                frozenset(role.value for role in one.roles),
                frozenset(sector.value for sector in one.sectors),
                frozenset(one.countries),
                one.least,
            )
            for one in self.needs
        )
        return QuorumRules(self.voters, self.agencies, tuple(needs))


class NewTerms(Strict):
    """The text of the terms of reference."""

    text: Text


class NewMember(Strict):
    """A person's term in a seat; rank 0 is the titular, 1, 2, ... step in."""

    seat_id: Id
    person_id: Id
    alternate_rank: Count = 0
    term_from: date
    term_to: date | None = None


class EndOfTerm(Strict):
    """The last day of a term."""

    last_day: date


class Undertaking(Strict):
    """A signed undertaking of confidentiality; the paper itself is known by its hash."""

    signed_on: date
    document_sha256: Hash


class Training(Strict):
    """A completed training."""

    subject: Code
    completed_on: date


class NewSitting(Strict):
    """A sitting to be planned; without a roster everybody in office is called.

    ``partners`` are panels of the same country that sit with this one in a joint sitting.
    """

    type: SittingType
    mode: SittingMode
    starts_at: AwareDatetime
    minutes: Annotated[int, Field(ge=5, le=1440)]
    timezone: Zone
    place: Annotated[str, StringConstraints(max_length=500)] = ""
    link: Annotated[str, StringConstraints(max_length=500)] = ""
    roster: Annotated[tuple[Id, ...], Field(max_length=40)] = ()
    partners: Annotated[tuple[Id, ...], Field(max_length=5)] = ()


class Made(View):
    """What was made."""

    id: str


class Numbered(View):
    """The number of the new version."""

    number: int


class SeatView(View):
    """A seat."""

    id: str
    role: str
    agency: str
    sector: str
    country: str


class PanelLine(View):
    """A panel in a list."""

    id: str
    code: str
    name: str
    kind: str
    country: str
    countries: list[str]
    district: str
    version: int


class PanelPage(View):
    """A page of panels; ``next`` is the cursor of the following one."""

    items: list[PanelLine]
    next: str | None


class PanelView(PanelLine):
    """A panel with its seats, the rules in force and the terms of reference."""

    seats: list[SeatView]
    rules: dict[str, Any]
    terms: str
    rules_number: int
    terms_number: int

    @classmethod
    def of(cls, found: panels.PanelView) -> "PanelView":
        """Show a panel."""
        line = PanelLine.model_validate(found.panel).model_dump()
        return cls(
            **line,
            seats=[SeatView.model_validate(seat) for seat in found.seats],
            rules=_rules(found.rules),
            terms=found.terms,
            rules_number=found.panel.rules_number,
            terms_number=found.panel.terms_number,
        )


class TermsView(View):
    """One version of the terms of reference."""

    number: int
    text: str
    sha256: str
    made_at: datetime


class TrainingView(View):
    """A completed training."""

    subject: str
    completed_on: date


class MemberView(View):
    """Somebody who holds or held a seat."""

    id: str
    person_id: str
    seat_id: str
    role: str
    agency: str
    sector: str
    country: str
    alternate_rank: int
    term_from: date
    term_to: date | None
    undertaking_until: date | None
    trainings: list[TrainingView]
    version: int

    @classmethod
    def of(cls, found: members.MemberView) -> "MemberView":
        """Show a member."""
        holder = found.holder
        return cls(
            id=holder.member_id,
            person_id=holder.person_id,
            seat_id=holder.seat_id,
            role=holder.role.value,
            agency=holder.agency,
            sector=holder.sector,
            country=holder.country,
            alternate_rank=holder.alternate_rank,
            term_from=holder.term_from,
            term_to=holder.term_to,
            undertaking_until=holder.undertaking_until,
            trainings=[TrainingView.model_validate(one) for one in found.trainings],
            version=found.member.version,
        )


class SittingLine(View):
    """A sitting in a list."""

    id: str
    panel_id: str
    type: str
    mode: str
    state: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    version: int


def _rules(rules: PanelRules) -> dict[str, Any]:
    return rules.to_json()
