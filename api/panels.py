"""Panels over HTTP: set up, their rules and terms, who holds their seats, and sittings to come."""

from datetime import date
from typing import Annotated, Final

from fastapi import Query

from api.bodies.panels import (
    EndOfTerm,
    Made,
    MemberView,
    NewMember,
    NewPanel,
    NewRules,
    NewSitting,
    NewTerms,
    Numbered,
    PanelLine,
    PanelPage,
    PanelView,
    Seat,
    SittingLine,
    TermsView,
    Training,
    Undertaking,
)
from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep, VersionDep
from api.fields import IdPath, Moment
from api.routing import Reach, feature_router, reach
from panels.service import members, panels, sitting_views, sittings

router = feature_router("/panels", "panels")
PANEL: Final = reach(Reach.PANEL)
OFFICE: Final = reach(Reach.OFFICE)


@router.get("", openapi_extra=OFFICE)
def list_panels(session: SessionDep, actor: ActorDep, now: NowDep, page: PagingDep) -> PanelPage:
    """List the panels one has to do with, by code."""
    rows = panels.list_panels(
        session, actor, now=now, after=page.cursor or "", limit=page.limit + 1
    )
    shown = [PanelLine.model_validate(row) for row in rows[: page.limit]]
    return PanelPage(items=shown, next=shown[-1].code if len(rows) > page.limit else None)


@router.post("", status_code=201, openapi_extra=OFFICE)
def set_up_panel(body: NewPanel, session: SessionDep, actor: ActorDep, now: NowDep) -> Made:
    """Set up a panel with the rules of its country."""
    new = panels.NewPanel(
        body.code,
        body.name,
        body.kind,
        tuple(body.countries),
        body.district,
        body.terms,
        tuple(seat.to_new() for seat in body.seats),
    )
    return Made(id=panels.set_up_panel(session, actor, new, now=now))


@router.get("/{panel_id}", openapi_extra=PANEL)
def show_panel(panel_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> PanelView:
    """Show a panel with seats, rules and terms of reference."""
    return PanelView.of(panels.show_panel(session, actor, panel_id, now=now))


@router.post("/{panel_id}/seats", status_code=201, openapi_extra=PANEL)
def open_seat(
    *,
    panel_id: IdPath,
    body: Seat,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> Made:
    """Add a seat."""
    seat = body.to_new()
    made = panels.open_seat(session, actor, panel_id, seat, now=now, expected_version=version)
    return Made(id=made)


@router.put("/{panel_id}/rules", openapi_extra=PANEL)
def set_rules(
    *,
    panel_id: IdPath,
    body: NewRules,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> Numbered:
    """Give the panel a new version of its rules; never laxer than the country's."""
    number = panels.set_rules(
        session,
        actor,
        panel_id,
        body.to_quorum(),
        now=now,
        casting_vote=body.casting_vote,
        expected_version=version,
    )
    return Numbered(number=number)


@router.get("/{panel_id}/terms", openapi_extra=PANEL)
def list_terms(
    panel_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[TermsView]:
    """List every version of the terms of reference."""
    found = panels.terms_of(session, actor, panel_id, now=now)
    return [TermsView.model_validate(row) for row in found]


@router.put("/{panel_id}/terms", openapi_extra=PANEL)
def set_terms(
    *,
    panel_id: IdPath,
    body: NewTerms,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> Numbered:
    """Give the panel new terms of reference."""
    number = panels.set_terms(
        session, actor, panel_id, body.text, now=now, expected_version=version
    )
    return Numbered(number=number)


@router.get("/{panel_id}/members", openapi_extra=PANEL)
def list_members(
    panel_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[MemberView]:
    """List everybody who holds or held a seat."""
    found = members.list_members(session, actor, panel_id, now=now)
    return [MemberView.of(one) for one in found]


@router.post("/{panel_id}/members", status_code=201, openapi_extra=PANEL)
def add_member(
    *,
    panel_id: IdPath,
    body: NewMember,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> Made:
    """Give a person a term in a seat."""
    new = members.NewMember(
        body.seat_id, body.person_id, body.alternate_rank, body.term_from, body.term_to
    )
    made = members.add_member(session, actor, panel_id, new, now=now, expected_version=version)
    return Made(id=made)


@router.post("/members/{member_id}/end", status_code=204, openapi_extra=PANEL)
def end_term(
    *,
    member_id: IdPath,
    body: EndOfTerm,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Set the last day of a member's term."""
    members.end_term(session, actor, member_id, body.last_day, now=now, expected_version=version)


@router.post("/members/{member_id}/undertakings", status_code=201, openapi_extra=PANEL)
def record_undertaking(
    member_id: IdPath, body: Undertaking, session: SessionDep, actor: ActorDep, now: NowDep
) -> dict[str, date]:
    """Keep a signed undertaking of confidentiality; the answer says until when it holds."""
    until = members.record_undertaking(
        session,
        actor,
        member_id,
        signed_on=body.signed_on,
        document_sha256=body.document_sha256,
        now=now,
    )
    return {"valid_until": until}


@router.post("/members/{member_id}/trainings", status_code=204, openapi_extra=PANEL)
def record_training(
    member_id: IdPath, body: Training, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Keep a completed training."""
    members.record_training(
        session, actor, member_id, subject=body.subject, completed_on=body.completed_on, now=now
    )


@router.get("/{panel_id}/sittings", openapi_extra=PANEL)
def list_sittings(
    *,
    panel_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[SittingLine]:
    """List the sittings of a panel, newest first; page by ``until``."""
    found = sitting_views.list_sittings(
        session, actor, panel_id, now=now, since=since, until=until, limit=limit
    )
    return [SittingLine.model_validate(row) for row in found]


@router.post("/{panel_id}/sittings", status_code=201, openapi_extra=PANEL)
def plan_sitting(
    panel_id: IdPath, body: NewSitting, session: SessionDep, actor: ActorDep, now: NowDep
) -> Made:
    """Plan a sitting."""
    new = sittings.NewSitting(
        body.type,
        body.mode,
        body.starts_at,
        body.minutes,
        body.timezone,
        body.place,
        body.link,
        tuple(body.roster),
        tuple(body.partners),
    )
    return Made(id=sittings.plan_sitting(session, actor, panel_id, new, now=now))
