"""Joint sittings of several panels of one country: each panel brings a quorum of its own.

One panel calls the sitting and leads it; the members of the others are its guests and vote. A panel of
two countries is one panel and needs none of this.

Source: DOM-3.5 (joint sittings, quorum for each item after recusals).
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session

from core.actors import Actor
from core.errors import BadInput, Gap, NotAllowed
from panels.rules.panel_rules import PanelRules, has_vote, size_gaps
from panels.rules.quorum import PanelPart, QuorumRules
from panels.rules.roster import Holder
from panels.rules.sittings import SittingType
from panels.service.panels import PanelKind, rules_of
from panels.service.standing import is_clerk, roster_of
from panels.store import member as members
from panels.store import panel as store
from panels.tables.panel import PanelRow
from panels.tables.sitting import SittingRow


def partners_for(
    session: Session, actor: Actor, panel: PanelRow, wanted: Collection[str], type_: SittingType
) -> tuple[PanelRow, ...]:
    """Return the panels that are to sit with this one.

    Raises:
        BadInput: a joint sitting of one panel of one country, partners in a sitting that is not
            joint, or a partner that is unknown, of another country or the panel itself.
        NotAllowed: the actor does not keep the agenda of every one of them.
    """
    is_joint = type_ is SittingType.JOINT
    if wanted and not is_joint:
        raise BadInput("/partners", "joint_sittings_only")
    if is_joint != (panel.kind == PanelKind.JOINT or bool(wanted)):
        raise BadInput("/type", "joint_needs_joint_panel")
    found = [one for one in (store.find(session, one) for one in sorted(set(wanted))) if one]
    known = [one for one in found if one.country == panel.country and one.id != panel.id]
    if len(known) < len(set(wanted)):
        raise BadInput("/partners", "unknown_partner")
    if not all(is_clerk(actor, one) for one in known):
        raise NotAllowed("panel_secretary_only")
    return tuple(known)


def in_office(session: Session, panels: Collection[PanelRow], day: date) -> list[str]:
    """Return the members of these panels who are in office on a day."""
    return [row.id for panel in panels for row in members.in_office(session, panel.id, day)]


def quorum_rules(
    session: Session, sitting: SittingRow, own: PanelRules, *, priority: str = ""
) -> QuorumRules:
    """Return what a sitting asks for: its panel's rules, or in a joint one those of every panel."""
    guests = guest_panels(session, sitting)
    if not guests:
        return own.quorum_for(priority)
    host = store.find(session, sitting.panel_id)
    parts = [PanelPart(sitting.panel_id, host.code if host else "", own.quorum_for(priority))]
    parts += [
        PanelPart(one.id, one.code, _rules_then(session, one, sitting).quorum_for(priority))
        for one in guests
    ]
    return QuorumRules(voters=0, agencies=0, parts=tuple(parts))


def seat_gaps(
    session: Session, sitting: SittingRow, bench: Collection[Holder], own: PanelRules
) -> tuple[Gap, ...]:
    """Say whether each panel of a sitting would sit with as many seats as its country asks for."""
    rules = {sitting.panel_id: own}
    rules |= {one.id: _rules_then(session, one, sitting) for one in guest_panels(session, sitting)}
    return tuple(
        gap
        for panel_id, said in rules.items()
        for gap in size_gaps(sum(one.panel == panel_id for one in bench), said)
    )


def guest_panels(session: Session, sitting: SittingRow) -> tuple[PanelRow, ...]:
    """Return the other panels whose members were called to a joint sitting, by code."""
    if sitting.type != SittingType.JOINT:
        return ()
    ids = {one.panel for one in roster_of(session, sitting) if one.is_guest}
    found = [one for one in (store.find(session, panel_id) for panel_id in ids) if one]
    return tuple(sorted(found, key=lambda one: one.code))


def with_vote(holders: Collection[Holder], rules: PanelRules) -> list[Holder]:
    """Return those who vote, in the given order."""
    return [holder for holder in holders if has_vote(holder, rules)]


def _rules_then(session: Session, panel: PanelRow, sitting: SittingRow) -> PanelRules:
    """Return the rules a guest panel had when the sitting was convened."""
    when: datetime | None = sitting.convened_at
    versions = store.all_rules(session, panel.id)
    known = [row.number for row in versions if when is None or row.made_at <= when]
    return rules_of(session, panel.id, max(known, default=panel.rules_number))
