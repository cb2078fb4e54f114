"""What comes in and goes out about the day of travel, and about children another country writes of."""

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from api.bodies.assessments import GapView, gap_views
from api.bodies.case_views import CodedView
from api.bodies.children import NamesBody
from api.fields import Country, Day, Id, Strict, Text, View
from api.problems.transfers import LINES
from transfers.rules.travel_gate import Line
from transfers.service import matching, travel
from transfers.service.manifest import Manifest

FactName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{3,30}(:[a-z_]{2,40})?$")]
PlaceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,4}){0,3}$")]


class FactBody(Strict):
    """What you found out. ``fact`` is a line of the checklist, or ``document:`` and the code of a paper."""

    fact: FactName
    answer: Annotated[str, StringConstraints(pattern="^(yes|no|unsure)$")]
    found_on: Day
    words: Text | None = None


class FactOut(View):
    """One answer; a later one counts instead of an earlier."""

    fact: str
    answer: str
    found_on: date
    by: str
    recorded_at: AwareDatetime

    @classmethod
    def of(cls, found: travel.FactView) -> "FactOut":
        """Return what is shown of it."""
        return cls.model_validate(found)


class FactsView(View):
    """Every answer, oldest first."""

    items: list[FactOut]


class LineView(View):
    """One of the fourteen lines: what has to be true, whether it is, and what is missing on it."""

    number: int
    says: str
    holds: bool
    missing: list[GapView]

    @classmethod
    def of(cls, line: Line) -> "LineView":
        """Return a line as it is shown."""
        return cls(
            number=line.number, says=LINES[line.number - 1], holds=line.holds,
            missing=gap_views(line.gaps),
        )  # fmt: skip


class ChecklistView(View):
    """The checklist for one day of travel; nobody travels while a line does not hold."""

    may_travel: bool
    lines: list[LineView]


class TravellerView(View):
    """A child on the list of a day, or left out of it with everything that is missing."""

    transfer_id: str
    ref: str
    missing: list[GapView]


class ManifestView(View):
    """Who travels on one day in one corridor, by reference, and who was cleared and is left out."""

    on: date
    travellers: list[TravellerView]
    left_out: list[TravellerView]

    @classmethod
    def of(cls, found: Manifest) -> "ManifestView":
        """Show the list."""
        travellers, left_out = (
            [
                TravellerView(
                    transfer_id=one.transfer_id, ref=one.ref, missing=gap_views(one.missing)
                )
                for one in some
            ]
            for some in (found.travellers, found.left_out)
        )
        return cls(on=found.on, travellers=travellers, left_out=left_out)


class ClearanceBody(Strict):
    """The day for which the child is cleared."""

    on: Day


class CandidatesBody(Strict):
    """Names from an identity disclosure or a paper; leave out what was not sent."""

    names: NamesBody = NamesBody()


class CandidateOut(View):
    """A case that may be about the same child; ``score`` counts what agrees, orders the list and decides nothing."""

    row: CodedView
    signals: list[str]
    score: int


class CandidatesView(View):
    """Candidates, best first; ``elsewhere`` counts those in offices you do not see into."""

    items: list[CandidateOut]
    elsewhere: int

    @classmethod
    def of(cls, found: matching.Candidates) -> "CandidatesView":
        """Return candidates as they are shown."""
        items = [CandidateOut.model_validate(one) for one in found.seen]
        return cls(items=items, elsewhere=found.elsewhere)


class MatchBody(Strict):
    """The case that is about the same child."""

    case_id: Id


class NewCaseAtBody(Strict):
    """The office that takes the child up."""

    office: PlaceCode


class PaperBody(Strict):
    """A message that came on paper, as you typed it: the whole message, and the summary of an enquiry or request."""

    country: Country
    message: Annotated[dict[str, Any], Field(max_length=12)]
    summary: Annotated[dict[str, Any], Field(max_length=20)] | None = None
