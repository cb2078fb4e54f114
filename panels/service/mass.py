"""Mass sittings: the children a panel could hear in one exercise, and taking out of it whom a rule takes out.

Planning one is ``plans.ask_plan`` with the situation; each child keeps an item, a report and a decision of its own.

Source: DOM-3.5 (batch sittings), DOM-R2, DOM-R32.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.service import access, movement
from cases.service.papers import report_for_panel
from core import audit, outbox
from core.actors import Actor, Role
from core.errors import NotAllowed, WrongState
from panels.rules.items import ItemState
from panels.rules.mass import Apart, Candidate, apart, together
from panels.rules.sittings import SittingType
from panels.service import agenda
from panels.service.plan_cases import ready_for
from panels.service.plan_wishes import clerk_of
from panels.service.standing import clerks_floor
from panels.store import item as items
from panels.store import panel as panels
from panels.tables.panel import PanelRow


@dataclass(frozen=True)
class Group:
    """Children in one situation: what their own reports recommend, and for which country."""

    situation: str
    children: int


@dataclass(frozen=True)
class Waiting:
    """Who could be heard in one exercise, and who is heard apart, with the codes of the reasons."""

    groups: tuple[Group, ...]
    apart: dict[str, tuple[Apart, ...]]


def waiting_groups(session: Session, actor: Actor, panel_id: str, *, now: datetime) -> Waiting:
    """Return the situations of the children who wait for a panel.

    Reports are in the coordinator's hands before the panel's: the question is theirs alone.

    Raises:
        NotThere: no such panel, or nothing to do with it.
        NotAllowed: not the coordinator.
    """
    panel = clerk_of(session, actor, panel_id, now=now).panel
    if not actor.has_in({Role.COORDINATOR}, office=panel.district, country=panel.country):
        raise NotAllowed("coordinator_only")
    hidden = access.barred_cases(session, actor)
    waiting = [one for one in candidates(session, panel, now=now) if one.case_id not in hidden]
    audit.record(
        session, actor, "planning.mass_read", thing="panel", thing_id=panel_id, now=now,
        codes={"children": len(waiting)},
    )  # fmt: skip
    groups = [Group(name, len(found)) for name, found in sorted(together(waiting).items())]
    return Waiting(tuple(groups), apart(waiting))


def candidates(session: Session, panel: PanelRow, *, now: datetime) -> list[Candidate]:
    """Return the children who wait for a panel, to a service that has already decided it may."""
    return [_candidate(session, case_id, now=now) for case_id in ready_for(session, panel)]


def _candidate(session: Session, case_id: str, *, now: datetime) -> Candidate:
    report = report_for_panel(session, case_id, now=now)
    wanted = {one.ref: one for one in report.options}.get(report.recommended)
    return Candidate(
        case_id,
        wanted.code if wanted else "",
        wanted.destination if wanted else "",
        frozenset(one.reason.value for one in movement.open_holds(session, case_id)),
        report.siblings,
    )


def take_out(
    session: Session, actor: Actor, sitting_id: str, *, now: datetime
) -> dict[str, tuple[Apart, ...]]:
    """Take every child off a mass sitting whom a rule takes out, and return them with the reasons.

    Any child may drop out at any time without penalty: the case is ready again and heard apart. What a conflict
    closes to the actor is left to the coordinators, who are told.

    Raises:
        NotThere: no such sitting, or nothing to do with it.
        NotAllowed: neither secretary nor coordinator.
        WrongState: no mass sitting.

    Source: DOM-3.5 (batch sittings).
    """
    sitting = clerks_floor(session, actor, sitting_id, now=now).sitting
    if sitting.type != SittingType.AD_HOC_BATCH:
        raise WrongState("sitting", sitting.type, "take_out")
    listed = {
        one.case_id: one
        for one in items.of_sitting(session, sitting_id)
        if one.state == ItemState.LISTED
    }
    panel = panels.find(session, sitting.panel_id)
    others = candidates(session, panel, now=now) if panel else []
    here = [_candidate(session, case_id, now=now) for case_id in sorted(listed)]
    elsewhere = [
        _candidate(session, one.case_id, now=now)
        for one in items.live_of_cases(session, {s for c in here for s in c.siblings})
        if one.case_id not in listed
    ]
    out = {
        case_id: reasons
        for case_id, reasons in apart([*here, *others, *elsewhere]).items()
        if case_id in listed
    }
    left = [case_id for case_id in sorted(out) if access.is_barred(session, case_id, actor)]
    for case_id in sorted(set(out) - set(left)):
        why = f"apart_{out[case_id][0]}"
        agenda.withdraw_item(session, actor, listed[case_id].id, why, now=now)
    for case_id in left:  # the file is closed to whoever asks: somebody else does it
        outbox.post(
            session, topic="mass.left_to_colleague", key=f"mass.left:{listed[case_id].id}",
            subject=sitting_id, now=now,
            payload={"panel": sitting.panel_id, "role": Role.COORDINATOR.value},
        )  # fmt: skip
    return {case_id: reasons for case_id, reasons in out.items() if case_id not in left}
