"""Preparing a sitting: its agenda with what each child still lacks, and the children who could be put on it.

Reading only; listing is in ``listing``, convening in ``sittings``. Of a child who is not listed yet a secretary
learns how urgent it is and what its hearing needs; the child code is for those who see the case anyway.

Source: DOM-3.3/T10, DOM-3.5, DOM-2.2 (secretary: listed items).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.service import access
from cases.service.to_hear import ToHear, to_hear
from core import audit
from core.actors import Actor
from core.errors import Gap, NotAllowed
from panels.rules.items import FINISHED_ITEM, Invited, ItemState
from panels.rules.roster import Holder
from panels.rules.sittings import SittingState, SittingType, convening
from panels.service import joint
from panels.service.case_facts import NEEDS_GUARDIAN, papers_limit
from panels.service.convening import convening_facts, not_ready
from panels.service.listing import Invitation, list_case
from panels.service.plan_cases import ready_for
from panels.service.standing import floor, is_closed_to, local_day
from panels.service.who_can_sit import Called, ForChild, called_to, who_can_sit
from panels.store import item as items
from panels.store import member as members
from panels.tables.item import ItemRow
from panels.tables.panel import PanelRow
from panels.tables.sitting import SittingRow

MOST: Final = 60
RANK: Final = {"emergency": 0, "high": 1, "medium": 2, "low": 3}


@dataclass(frozen=True)
class Listed:
    """An item of the agenda with what it still lacks.

    Args:
        invited: whom was asked to come, as kinds; the same kind twice when two were.
        uninvited: kinds the child's item cannot do without and nobody invited.
        papers_late: papers can no longer reach members in time.
    """

    item: ItemRow
    code: str
    languages: tuple[str, ...]
    bench: ForChild
    invited: tuple[Invited, ...]
    uninvited: tuple[Invited, ...]
    papers_late: bool


@dataclass(frozen=True)
class Ready:
    """A child who could be put on the agenda.

    Args:
        code: the child's code; empty for a reader who does not see the case before it is listed.
        due_at: by when a sitting has to be held.
        needs: whom the item cannot do without; listing invites them.
        siblings: how many brothers and sisters are on this agenda or wait as well.
    """

    case_id: str
    code: str
    priority: str
    ready_since: datetime
    due_at: datetime
    languages: tuple[str, ...]
    needs: tuple[Invited, ...]
    siblings: int
    bench: ForChild
    papers_late: bool


@dataclass(frozen=True)
class Preparation:
    """A sitting on its way to being convened.

    Args:
        missing: everything that stands against convening it now.
        warnings: members who cannot sit on the day as things stand.
        others: members in office who are not called.
        may_not_open: it was called, its hour has come, and nobody has opened it.
        more: how many more children wait than are shown.
        hidden: whether items or children are left out because they are closed to the reader.
    """

    sitting: SittingRow
    called: Called
    missing: tuple[Gap, ...]
    warnings: tuple[Gap, ...]
    others: tuple[Holder, ...]
    may_not_open: bool
    listed: tuple[Listed, ...]
    ready: tuple[Ready, ...]
    more: int
    hidden: bool


def show_preparation(
    session: Session, actor: Actor, sitting_id: str, *, now: datetime
) -> Preparation:
    """Return a sitting as whoever prepares it needs it.

    Raises:
        NotThere: no such sitting, or nothing to do with it.
        NotAllowed: neither secretary nor coordinator.

    Source: DOM-3.3/T10, DOM-R14.
    """
    found = floor(session, actor, sitting_id, now=now, lock=False)
    if not found.standing.is_clerk:
        raise NotAllowed("panel_secretary_only")
    sitting, panel = found.sitting, found.standing.panel
    is_draft = SittingState(sitting.state) is SittingState.DRAFT
    number = panel.rules_number if is_draft else sitting.rules_number
    called = called_to(session, sitting, rules_number=number)
    every = items.of_sitting(session, sitting_id)
    shown = [one for one in every if not _is_closed(session, actor, one)]
    waiting, hidden = _waiting(session, actor, panel, now=now) if _takes_more(sitting) else ([], 0)
    here = {one.case_id for one in shown} | {one.case_id for one in waiting}
    audit.record(
        session, actor, "sitting.preparation_read", thing="sitting", thing_id=sitting_id, now=now,
        codes={"listed": len(shown), "ready": len(waiting)},
    )  # fmt: skip
    facts = convening_facts(session, sitting, rules_number=number, now=now)
    return Preparation(
        sitting=sitting,
        called=called,
        missing=convening(facts).gaps,
        warnings=not_ready(session, actor, sitting, now=now),
        others=_others(session, panel, called),
        may_not_open=sitting.state == SittingState.CONVENED and now >= sitting.starts_at,
        listed=tuple(_listed(session, called, one, now=now) for one in shown),
        ready=tuple(
            replace(
                _ready(session, called, one, here, now=now),
                code=_code(session, actor, one, now=now),
            )
            for one in waiting[:MOST]
        ),
        more=max(len(waiting) - MOST, 0),
        hidden=bool(hidden) or len(shown) < len(every),
    )


def put_on_agenda(
    session: Session, actor: Actor, sitting_id: str, case_id: str, *, now: datetime
) -> str:
    """List a case and invite whom its item cannot do without; return the item's id.

    Raises:
        NotThere, AlreadyListed, Incomplete: as ``listing.list_case``.

    Source: DOM-3.3/T10.
    """
    found = floor(session, actor, sitting_id, now=now)
    near = ready_for(session, found.standing.panel)
    facts = to_hear(session, case_id, now=now) if case_id in near else None
    asked = invitations_for(facts) if facts is not None else ()
    return list_case(session, actor, sitting_id, case_id, invited=asked, now=now)


def invitations_for(facts: ToHear) -> tuple[Invitation, ...]:
    """Return whom a child's item cannot do without, named where the file names somebody."""
    found: list[Invitation] = []
    if facts.accompaniment in NEEDS_GUARDIAN:
        beside = sorted(
            one.person_id
            for one in facts.related
            if one.basis == "guardian" and not one.is_sibling and one.is_open
        )
        found.append(Invitation(Invited.GUARDIAN, beside[0] if beside else ""))
    if facts.interpreter_needed:
        named = sorted(one.person_id for one in facts.interpreters if one.person_id)
        found.append(Invitation(Invited.INTERPRETER, named[0] if named else ""))
    return tuple(found)


def _is_closed(session: Session, actor: Actor, item: ItemRow) -> bool:
    return is_closed_to(session, actor.person_id, item) or access.is_barred(
        session, item.case_id, actor
    )


def _others(session: Session, panel: PanelRow, called: Called) -> tuple[Holder, ...]:
    day = local_day(called.sitting, called.sitting.starts_at)
    known = {one.member_id for one in called.holders}
    ids = [one for one in joint.in_office(session, (panel,), day) if one not in known]
    return tuple(members.holders(session, ids))


def _takes_more(sitting: SittingRow) -> bool:
    state = SittingState(sitting.state)
    extraordinary = sitting.type == SittingType.EXTRAORDINARY
    return state is SittingState.DRAFT or (extraordinary and state is SittingState.CONVENED)


def _waiting(
    session: Session, actor: Actor, panel: PanelRow, *, now: datetime
) -> tuple[list[ToHear], int]:
    """Return the children who wait for a panel, most urgent first, and how many are closed to the reader."""
    barred = access.barred_cases(session, actor)
    every = ready_for(session, panel)
    found = [to_hear(session, one, now=now) for one in every if one not in barred]
    found.sort(key=lambda one: (RANK.get(one.priority, len(RANK)), one.due_at, one.case_id))
    return found, len(every) - len(found)


def _listed(session: Session, called: Called, item: ItemRow, *, now: datetime) -> Listed:
    facts = to_hear(session, item.case_id, now=now)
    invited = [Invited(one.kind) for one in items.invitations(session, item.id)]
    is_over = ItemState(item.state) in FINISHED_ITEM
    needed = [] if is_over else _needed(facts)
    return Listed(
        item=item,
        code=facts.child_code,
        languages=facts.languages if facts.interpreter_needed else (),
        bench=who_can_sit(session, called, facts, now=now),
        invited=tuple(invited),
        uninvited=tuple(one for one in needed if one not in invited),
        papers_late=item.papers_released_at is None and _is_late(called.sitting, facts, now),
    )


def _ready(
    session: Session, called: Called, facts: ToHear, here: set[str], *, now: datetime
) -> Ready:
    return Ready(
        case_id=facts.case_id,
        code="",
        priority=facts.priority,
        ready_since=facts.ready_since,
        due_at=facts.due_at,
        languages=facts.languages if facts.interpreter_needed else (),
        needs=tuple(_needed(facts)),
        siblings=len(facts.siblings & here),
        bench=who_can_sit(session, called, facts, now=now),
        papers_late=_is_late(called.sitting, facts, now),
    )


def _code(session: Session, actor: Actor, facts: ToHear, *, now: datetime) -> str:
    """A secretary sees no case before it is listed. Source: DOM-2.2."""
    reach = access.reach_of(session, actor, facts.case_id, now=now)
    return facts.child_code if reach.level >= Level.CODED else ""


def _needed(facts: ToHear) -> Sequence[Invited]:
    return [one.kind for one in invitations_for(facts)]


def _is_late(sitting: SittingRow, facts: ToHear, now: datetime) -> bool:
    if sitting.type == SittingType.EXTRAORDINARY:
        return False
    return now > papers_limit(facts.pack, facts.priority, sitting.starts_at, facts.office)
