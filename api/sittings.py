"""Sittings: convening, opening, ending; the agenda, the room, the log of quorum."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, Field, StringConstraints

from api.bodies.panels import SittingLine
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import Code, Id, IdPath, Strict, View
from api.problems.catalogue import gap_sentence
from api.routing import Reach, feature_router, reach
from core.errors import Gap
from panels.rules.attendance import Movement
from panels.rules.items import Invited, ItemType
from panels.service import agenda, attendance, listing, papers, sitting_views, sittings

router = feature_router("/sittings", "sittings")
PANEL: Final = reach(Reach.PANEL)


class InvitationIn(Strict):
    """Somebody to invite to an item; never to vote."""

    kind: Invited
    person_id: Id | None = None

    def to_invitation(self) -> listing.Invitation:
        """Return the invitation."""
        return listing.Invitation(self.kind, self.person_id or "")


class NewItem(Strict):
    """A case to be put on the agenda."""

    case_id: Id
    type: ItemType | None = None
    invited: Annotated[tuple[InvitationIn, ...], Field(max_length=20)] = ()


class Reason(Strict):
    """A coded reason."""

    reason: Code


class MovementIn(Strict):
    """A member came or left; without a time: now."""

    member_id: Id
    movement: Movement
    at: AwareDatetime | None = None


class CorrectionIn(Strict):
    """What an entry should have said, and why."""

    movement: Movement
    at: AwareDatetime | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=500)]


class Made(View):
    """What was made."""

    id: str


class WarningView(View):
    """Something to know before going on; it stops nothing."""

    code: str
    detail: str

    @classmethod
    def of(cls, gap: Gap) -> "WarningView":
        """Show a warning in words."""
        return cls(code=gap.code, detail=gap_sentence(gap))


class RosterLine(View):
    """A member called to the sitting."""

    member_id: str
    person_id: str
    seat_id: str
    role: str
    agency: str
    sector: str
    country: str
    alternate_rank: int
    is_present: bool


class SittingView(SittingLine):
    """A sitting with roster and who is there."""

    place: str
    link: str
    convened_at: datetime | None
    opened_at: datetime | None
    ended_at: datetime | None
    roster: list[RosterLine]

    @classmethod
    def of(cls, found: sitting_views.SittingView) -> "SittingView":
        """Show a sitting."""
        row = found.sitting
        return cls(
            id=row.id,
            panel_id=row.panel_id,
            type=row.type,
            mode=row.mode,
            state=row.state,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            timezone=row.timezone,
            place=found.place,
            link=found.link,
            convened_at=row.convened_at,
            opened_at=row.opened_at,
            ended_at=row.ended_at,
            roster=[
                RosterLine(
                    member_id=one.member_id,
                    person_id=one.person_id,
                    seat_id=one.seat_id,
                    role=one.role.value,
                    agency=one.agency,
                    sector=one.sector,
                    country=one.country,
                    alternate_rank=one.alternate_rank,
                    is_present=one.member_id in found.present,
                )
                for one in found.roster
            ],
            version=row.version,
        )


class ItemLine(View):
    """An item of the agenda."""

    id: str
    case_id: str
    position: int
    type: str
    state: str
    priority: str
    papers_released_at: datetime | None
    called_at: datetime | None
    finished_at: datetime | None
    finish_reason: str | None
    flagged_at: datetime | None
    version: int


class EntryView(View):
    """An entry of the attendance."""

    id: str
    seq: int
    member_id: str
    kind: str
    at: datetime
    corrects_id: str | None
    recorded_at: datetime


class EventView(View):
    """Something that happened in a sitting."""

    seq: int
    at: datetime
    kind: str
    item_id: str | None
    codes: dict[str, Any]


class QuorumView(View):
    """One computation of quorum."""

    id: str
    item_id: str | None
    at: datetime
    moment: str
    eligible: list[str]
    met: bool
    missing: list[dict[str, Any]]


@router.get("/{sitting_id}", openapi_extra=PANEL)
def show_sitting(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> SittingView:
    """Show a sitting."""
    return SittingView.of(sitting_views.show_sitting(session, actor, sitting_id, now=now))


@router.get("/{sitting_id}/items", openapi_extra=PANEL)
def show_agenda(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[ItemLine]:
    """Show the agenda in hearing order, without items closed to you."""
    found = agenda.show_agenda(session, actor, sitting_id, now=now)
    return [ItemLine.model_validate(row) for row in found]


@router.post("/{sitting_id}/items", status_code=201, openapi_extra=PANEL)
def list_case(
    sitting_id: IdPath, body: NewItem, session: SessionDep, actor: ActorDep, now: NowDep
) -> Made:
    """Put a case on the agenda."""
    item_id = listing.list_case(
        session,
        actor,
        sitting_id,
        body.case_id,
        invited=[one.to_invitation() for one in body.invited],
        item_type=body.type,
        now=now,
    )
    return Made(id=item_id)


@router.post("/{sitting_id}/convene", openapi_extra=PANEL)
def convene_sitting(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> list[WarningView]:
    """Convene the sitting: the agenda is locked, papers are released. The answer lists warnings."""
    found = sittings.convene_sitting(session, actor, sitting_id, now=now, expected_version=version)
    return [WarningView.of(gap) for gap in found]


@router.post("/{sitting_id}/papers", openapi_extra=PANEL)
def release_papers(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> dict[str, int]:
    """Release papers to members who became entitled since convening; the answer counts releases."""
    return {"released": papers.release_to_latecomers(session, actor, sitting_id, now=now)}


@router.post("/{sitting_id}/open", status_code=204, openapi_extra=PANEL)
def open_sitting(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Open the sitting, or resume it after an adjournment."""
    sittings.open_sitting(session, actor, sitting_id, now=now, expected_version=version)


@router.post("/{sitting_id}/adjourn", status_code=204, openapi_extra=PANEL)
def adjourn_sitting(sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Suspend the sitting."""
    sittings.adjourn_sitting(session, actor, sitting_id, now=now)


@router.post("/{sitting_id}/end", status_code=204, openapi_extra=PANEL)
def end_sitting(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """End the sitting; items not reached go back to be listed again."""
    sittings.end_sitting(session, actor, sitting_id, now=now, expected_version=version)


@router.post("/{sitting_id}/cancel", status_code=204, openapi_extra=PANEL)
def cancel_sitting(
    *,
    sitting_id: IdPath,
    body: Reason,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Cancel a sitting that was not opened."""
    sittings.cancel_sitting(
        session, actor, sitting_id, body.reason, now=now, expected_version=version
    )


@router.post("/{sitting_id}/inquorate", status_code=204, openapi_extra=PANEL)
def declare_inquorate(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Record that the sitting could not open for want of quorum."""
    sittings.declare_inquorate(session, actor, sitting_id, now=now)


@router.get("/{sitting_id}/attendance", openapi_extra=PANEL)
def show_attendance(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[EntryView]:
    """Show arrivals and departures in the order they were recorded, corrected ones included."""
    found = attendance.timeline(session, actor, sitting_id, now=now)
    return [EntryView.model_validate(row) for row in found]


@router.post("/{sitting_id}/attendance", status_code=201, openapi_extra=PANEL)
def record_movement(
    sitting_id: IdPath, body: MovementIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> Made:
    """Record that a member came or left."""
    made = attendance.record_movement(
        session, actor, sitting_id, body.member_id, body.movement, now=now, at=body.at
    )
    return Made(id=made)


@router.post("/attendance/{entry_id}/correction", status_code=201, openapi_extra=PANEL)
def correct_movement(
    entry_id: IdPath, body: CorrectionIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> Made:
    """Replace an entry by a further one that says why."""
    made = attendance.correct_movement(
        session, actor, entry_id, body.movement, reason=body.reason, now=now, at=body.at
    )
    return Made(id=made)


@router.get("/{sitting_id}/events", openapi_extra=PANEL)
def show_events(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[EventView]:
    """Show what happened in the sitting, in order."""
    found = sitting_views.events_of(session, actor, sitting_id, now=now)
    return [EventView.model_validate(row) for row in found]


@router.get("/{sitting_id}/quorum", openapi_extra=PANEL)
def show_quorum_log(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[QuorumView]:
    """Show every computation of quorum of the sitting."""
    found = sitting_views.quorum_log_of(session, actor, sitting_id, now=now)
    return [QuorumView.model_validate(row) for row in found]
