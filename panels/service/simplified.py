"""Deciding without the full panel, where the country allows it: a reviewer and further signatures.

Off unless the country pack switches it on. The child, the guardian, any panel member and either
reviewer may demand the full panel at any time before the decision is in force.

Source: DOM-3.4 (simplified BID).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.rules.machine import CaseState
from cases.service import access, steps
from core import audit
from core.actors import Actor, Role
from core.errors import Answer, NotAllowed, WrongState
from core.packs.models import Pack
from panels.rules.determination import SIMPLIFIED, Draft
from panels.rules.roster import bars_to_sitting
from panels.rules.simplified import (
    DemandedBy,
    Reviewers,
    Setting,
    Suitability,
    may_be_simplified,
    may_sign_simplified,
)
from panels.service.case_facts import CaseFacts, case_facts
from panels.service.child import Child, child_for
from panels.service.decision_rows import Decided
from panels.service.determinations import take_back
from panels.service.recording import close_to_reviewers, decide_without_panel
from panels.store import conflict as conflicts
from panels.store import determination as store
from panels.store import item as items
from panels.store import member as members
from panels.tables.determination import FullPanelDemandRow

DECIDERS: Final = frozenset({Role.CHAIR, Role.MEMBER})
DEMANDERS: Final = frozenset(
    {Role.GUARDIAN, Role.CASEWORKER, Role.CHAIR, Role.MEMBER, Role.COORDINATOR}
)
_VOICE: Final = {
    DemandedBy.GUARDIAN: {Role.GUARDIAN},
    DemandedBy.CHILD: {Role.GUARDIAN, Role.CASEWORKER},
    DemandedBy.MEMBER: {Role.CHAIR, Role.MEMBER},
    DemandedBy.REVIEWER: {Role.CHAIR, Role.MEMBER},
}


@dataclass(frozen=True)
class Found:
    """What the reviewer found about the conditions of the simplified procedure."""

    child_objects: bool
    both_sides_willing: bool
    parents_verified: bool
    no_concern_above_medium: bool


BEFORE_REVIEW: Final = Found(
    child_objects=False,
    both_sides_willing=False,
    parents_verified=False,
    no_concern_above_medium=False,
)
"""Nothing is found yet: what a reviewer finds is asked when the decision is recorded."""


def name_reviewers(
    session: Session, actor: Actor, case_id: str, persons: tuple[str, ...], *, now: datetime
) -> None:
    """Open a case to those who are to decide it without the full panel; twice is once.

    The file closes to them when their decision is in force, or the full panel is demanded.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not the coordinator.
        WrongState: the case is not ready for a decision.
        Incomplete: the country does not allow it, the case is on an agenda, the full panel was
            demanded, or one of those named may not.

    Source: DOM-3.4, DOM-R15, DOM-R16.
    """
    child = child_for(session, actor, case_id, roles=frozenset({Role.COORDINATOR}), now=now)
    if child.state != CaseState.BID_READY:
        raise WrongState("case", child.state, "name_reviewers")
    facts, setting = case_facts(session, case_id, now=now), setting_of(child.pack)
    case = _suits(session, facts, BEFORE_REVIEW)
    gaps = (
        *may_be_simplified(replace(setting, conditions=()), case).gaps,
        *may_sign_simplified(_reviewers(session, facts, persons), needed=setting.signatures).gaps,
    )
    Answer("name_reviewers", gaps).require()
    for person_id in persons:
        access.grant_access(
            session,
            actor,
            case_id=case_id,
            person_id=person_id,
            basis=Basis.PANEL_ITEM,
            level=Level.FULL,
            ref=SIMPLIFIED,
            now=now,
        )


def decide_simplified(
    session: Session,
    actor: Actor,
    case_id: str,
    draft: Draft,
    found: Found,
    *,
    others: tuple[str, ...],
    now: datetime,
) -> str:
    """Record a decision of one reviewer; it is in force once all the others have signed too.

    Args:
        session: the unit of work.
        actor: the reviewer.
        case_id: the child's case, ready for a panel and on no agenda.
        draft: the decision as worded.
        found: what the reviewer found about the conditions.
        others: person ids of the independent further signatures; the country says how many.
        now: when.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not a panel member.
        NotAllowed: a machine decides.
        WrongState: the case is not ready for a decision.
        Incomplete: the country or the case does not allow it, the case is on an agenda, one of
            those named may not, or the decision lacks something.
    """
    child = child_for(session, actor, case_id, roles=DECIDERS, now=now)
    if not actor.is_human:
        raise NotAllowed("machine_decides")
    if child.state not in {CaseState.BID_READY, CaseState.BID_LISTED}:
        raise WrongState("case", child.state, "decide_simplified")
    facts, setting = case_facts(session, case_id, now=now), setting_of(child.pack)
    persons = (actor.person_id, *others)
    gaps = (
        *may_be_simplified(setting, _suits(session, facts, found)).gaps,
        *may_sign_simplified(_reviewers(session, facts, persons), needed=setting.signatures).gaps,
    )
    Answer("decide_simplified", gaps).require()
    return decide_without_panel(
        session,
        actor,
        child,
        draft,
        rule_used=SIMPLIFIED,
        voters=persons,
        now=now,
    )


def demand_full_panel(
    session: Session, actor: Actor, case_id: str, *, by: DemandedBy, now: datetime
) -> None:
    """Demand the full panel; an unsigned simplified decision is taken back at once. Twice is once.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: the role has no part in this.
        NotAllowed: somebody speaks in another's name.
    """
    child = child_for(session, actor, case_id, roles=DEMANDERS, now=now)
    if not actor.has(*_VOICE[by]):
        raise NotAllowed("demand_in_own_name")
    known = {(one.by, one.person_id) for one in store.demands(session, case_id)}
    if (by.value, actor.person_id) not in known:
        session.add(
            FullPanelDemandRow(
                case_id=case_id, by=by.value, person_id=actor.person_id, demanded_at=now
            )
        )
        session.flush()
    pending = store.pending(session, case_id)
    if pending is not None and pending.rule_used == SIMPLIFIED:
        take_back(session, actor, Decided(pending, child), now=now)
    close_to_reviewers(session, actor, case_id, now=now)
    audit.record(
        session,
        actor,
        "determination.full_panel_demanded",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
        codes={"by": by.value},
    )
    steps.wake(session, case_id, now=now)


def setting_of(pack: Pack) -> Setting:
    """Return what the country says about the simplified procedure."""
    return Setting(
        is_allowed=pack.simplified.allowed,
        triggers=frozenset(code.value for code in pack.simplified.triggers),
        highest_priority=frozenset(code.value for code in pack.simplified.priorities),
        signatures=pack.simplified.signatures,
        conditions=pack.simplified.conditions,
    )


def _suits(session: Session, facts: CaseFacts, found: Found) -> Suitability:
    child: Child = facts.child
    return Suitability(
        triggers=frozenset(facts.report.triggers),
        priority=child.priority,
        child_objects=found.child_objects,
        both_sides_willing=found.both_sides_willing,
        parents_verified=found.parents_verified,
        no_concern_above_medium=found.no_concern_above_medium,
        is_listed=items.live_of_case(session, child.case_id) is not None,
        demanded_by=frozenset(DemandedBy(one.by) for one in store.demands(session, child.case_id)),
    )


def _reviewers(session: Session, facts: CaseFacts, persons: tuple[str, ...]) -> Reviewers:
    case_id = facts.child.case_id
    roles = facts.roles
    conflicted = {one.person_id for one in conflicts.of_case(session, case_id)}
    related = roles.caseworkers | roles.supervisors | roles.guardians | roles.facility_staff
    return Reviewers(
        persons=persons,
        qualified=frozenset(
            person for person in persons if _is_qualified(session, facts.child, person)
        ),
        excluded=frozenset(conflicted) | related | roles.sibling_workers | facts.report.involved,
    )


def _is_qualified(session: Session, child: Child, person_id: str) -> bool:
    """Whether the person holds a voting seat of a panel today, with a valid undertaking."""
    terms = members.of_person(session, person_id)
    holders = members.holders(session, [row.id for row in terms])
    return any(
        not bars_to_sitting(holder, child.today) and holder.country == child.country
        for holder in holders
    )
