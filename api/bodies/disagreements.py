"""What comes in and goes out about disagreements between two countries."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from api.bodies.assessments import GapView, gap_views
from api.fields import Day, Strict, View
from transfers.rules.disagreement import End, Rung
from transfers.service.disagreements import DisagreementView
from transfers.service.ladder import Entry, NewEntry

Account = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=10_000)]


class BeginBody(Strict):
    """Our view, as the other country may read it one day."""

    words: Account


class EntryBody(Strict):
    """A view of either side, or a meeting that was held; ``held_on`` belongs to a meeting only."""

    kind: Entry
    words: Account
    held_on: Day | None = None
    guardian_heard: bool = False

    def value(self) -> NewEntry:
        """Return it as the service takes it."""
        return NewEntry(self.kind, self.words, self.held_on, self.guardian_heard)


class EndBody(Strict):
    """How it ended, and why; the record has to bear it out."""

    end: End
    words: Account


class RungView(View):
    """Where the disagreement stands now."""

    rung: Rung


class EntryOut(View):
    """One thing on record."""

    rung: Rung
    kind: Entry
    words: str
    held_on: date | None
    guardian_heard: bool
    at: AwareDatetime
    by: str
    end: End | None


class DisagreementOut(View):
    """One disagreement: where it stands, until when, what is missing before it goes higher, and both versions.

    ``untold``: messages to the other country about it that another officer has not signed yet.
    """

    id: str
    rung: Rung
    rung_since: AwareDatetime
    due_at: AwareDatetime | None
    is_late: bool
    begun_at: AwareDatetime
    begun_by: str
    ended_at: AwareDatetime | None
    ended_by: str
    end: End | None
    missing: list[GapView]
    entries: list[EntryOut]
    version: int
    untold: int

    @classmethod
    def of(cls, found: DisagreementView) -> "DisagreementOut":
        """Show what the service found."""
        names = set(cls.model_fields) - {"missing", "entries"}
        return cls(
            missing=gap_views(found.missing),
            entries=[EntryOut.model_validate(one) for one in found.entries],
            **{name: getattr(found, name) for name in names},
        )


class DisagreementsView(View):
    """The disagreements about a transfer, oldest first."""

    items: list[DisagreementOut]
