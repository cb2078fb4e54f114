"""Listing a case on the agenda of a sitting, and inviting who has to be there besides the panel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.machine import CaseState, Step
from cases.service import access, files, steps
from core.actors import Actor
from core.errors import NotAllowed, NotThere, WrongState
from panels.errors import AlreadyListed
from panels.rules.items import (
    FINISHED_ITEM,
    Invited,
    ItemState,
    ItemType,
    ListingFacts,
    listing,
)
from panels.rules.sittings import SittingState, SittingType
from panels.service import papers
from panels.service.case_facts import CaseFacts, case_facts, papers_limit
from panels.service.panels import PanelKind
from panels.service.record import note
from panels.service.standing import Floor, clerks_floor, item_floor
from panels.store import item as store
from panels.tables.item import InvitationRow, ItemRow
from panels.tables.sitting import SittingRow

HEARD: Final = frozenset({ItemState.DECIDED, ItemState.DEFERRED})


@dataclass(frozen=True)
class Invitation:
    """Somebody to be invited to one item; ``person_id`` may be empty for an office."""

    kind: Invited
    person_id: str = ""


def list_case(
    session: Session,
    actor: Actor,
    sitting_id: str,
    case_id: str,
    *,
    invited: Iterable[Invitation] = (),
    item_type: ItemType | None = None,
    now: datetime,
) -> str:
    """Put a case on the agenda of a sitting and return the item's id.

    Raises:
        NotThere: no such sitting or case, or not the panel's to hear.
        AlreadyListed: on an agenda already.
        Incomplete: with everything that is missing.

    Source: DOM-3.3/T10.
    """
    found = clerks_floor(session, actor, sitting_id, now=now)
    _require_reach(session, actor, found, case_id, now=now)
    facts = case_facts(session, case_id, now=now)
    if store.live_of_case(session, case_id) is not None:
        raise AlreadyListed
    asked = tuple(invited)
    before = store.of_case(session, case_id)
    known = _listing_facts(found, facts, asked, before)
    listing(known, now=now).require()
    item = _new_item(session, found.sitting, facts, item_type or _type(before), now=now)
    _invite(session, actor, item, asked, now=now)
    steps.move(
        session, case_id, CaseState.BID_LISTED, transition=Step.LIST, actor=actor, now=now,
        facts={"sitting": sitting_id, "item": item.id},
    )  # fmt: skip
    note(session, actor, found.sitting, "item_listed", now=now, item=item)
    if SittingState(found.sitting.state) is SittingState.CONVENED:
        papers.release(session, actor, found.sitting, item, now=now)
    return item.id


def _require_reach(
    session: Session, actor: Actor, found: Floor, case_id: str, *, now: datetime
) -> None:
    """A panel lists the cases of its place; a clerk's own reach may be wider."""
    if access.reach_of(session, actor, case_id, now=now).level >= Level.CODED:
        return
    row = files.coded_row(steps.lock(session, case_id))
    panel = found.standing.panel
    near = panel.kind != PanelKind.DISTRICT or panel.district in {row.district, row.office}
    ready = row.state in {CaseState.BID_READY, CaseState.BID_LISTED}
    if not (ready and near and row.country in panel.countries):
        raise NotThere("case")


def _listing_facts(
    found: Floor, facts: CaseFacts, asked: Iterable[Invitation], before: Sequence[ItemRow]
) -> ListingFacts:
    sitting = found.sitting
    extraordinary = sitting.type == SittingType.EXTRAORDINARY
    state = SittingState(sitting.state)
    open_to_more = state is SittingState.DRAFT or (extraordinary and state is SittingState.CONVENED)
    child = facts.child
    referred = before[-1].referred_to if before else None
    return ListingFacts(
        case_is_ready=child.state == CaseState.BID_READY,
        sitting_takes_items=open_to_more,
        is_extraordinary=extraordinary,
        papers_by=papers_limit(child.pack, child.priority, sitting.starts_at, child.office),
        needs_guardian=facts.needs_guardian,
        needs_interpreter=child.interpreter_needed,
        invited=frozenset(one.kind for one in asked),
        other_panel=referred is not None and referred != sitting.panel_id,
    )


def _type(before: Sequence[ItemRow]) -> ItemType:
    heard = [item for item in before if ItemState(item.state) in HEARD]
    if not heard:
        return ItemType.FIRST_HEARING
    deferred = ItemState(heard[-1].state) is ItemState.DEFERRED
    return ItemType.DEFERRED if deferred else ItemType.REVIEW


def _new_item(
    session: Session, sitting: SittingRow, facts: CaseFacts, kind: ItemType, *, now: datetime
) -> ItemRow:
    agenda = store.of_sitting(session, sitting.id)
    siblings = store.live_of_cases(session, facts.child.siblings)
    together = [one for one in siblings if one.sitting_id == sitting.id]
    item = ItemRow(
        sitting_id=sitting.id,
        case_id=facts.child.case_id,
        live_case=facts.child.case_id,
        position=max((one.position for one in agenda), default=0) + 1,
        type=kind.value,
        state=ItemState.LISTED.value,
        country=facts.child.country,
        priority=facts.child.priority,
        sibling_group=together[0].sibling_group if together else facts.child.case_id,
        listed_at=now,
    )
    take_from_report(item, facts, frozenset())
    session.add(item)
    session.flush()
    return item


def take_from_report(item: ItemRow, facts: CaseFacts, matters: frozenset[str]) -> None:
    """Note on an item who stands behind its report and which options it lays before the panel."""
    item.behind_report = sorted(facts.roles.never_vote | facts.report.involved)
    item.options = [option.ref for option in facts.report.options]
    item.no_casting_on = facts.options_on(matters)


def invite(
    session: Session, actor: Actor, item_id: str, invitation: Invitation, *, now: datetime
) -> None:
    """Invite somebody to an item; the same invitation twice is one."""
    found, item = item_floor(session, actor, item_id, now=now)
    if not found.standing.is_clerk:
        raise NotAllowed("panel_secretary_only")
    if ItemState(item.state) in FINISHED_ITEM:
        raise WrongState("agenda_item", item.state, "invite")
    _invite(session, actor, item, (invitation,), now=now)
    note(
        session, actor, found.sitting, "invited", now=now, item=item,
        codes={"kind": invitation.kind.value},
    )  # fmt: skip


def _invite(
    session: Session, actor: Actor, item: ItemRow, asked: Iterable[Invitation], *, now: datetime
) -> None:
    known = {(row.kind, row.person_id) for row in store.invitations(session, item.id)}
    for one in dict.fromkeys(asked):
        if (one.kind.value, one.person_id) not in known:
            session.add(
                InvitationRow(
                    item_id=item.id,
                    kind=one.kind.value,
                    person_id=one.person_id,
                    invited_by=actor.person_id,
                    invited_at=now,
                )
            )
    session.flush()
