"""The children a panel could hear, as an instance of the planner has them: codes and dates, who may not vote.

Source: DOM-3.5 (conflicts; recusals declared and hinted), DOM-3.2/D7.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.service.papers import ReportForPanel, report_for_panel
from cases.service.to_hear import ToHear, ready_near, to_hear
from panels.rules.conflicts import Conflict, ConflictState, closed_to, hints
from panels.rules.items import ItemState
from panels.rules.panel_rules import PanelRules, has_vote
from panels.rules.quorum import quorum
from panels.rules.roster import Holder, seated
from panels.service.case_facts import roles_from
from panels.service.panels import PanelKind
from panels.store import conflict as conflicts
from panels.store import item as items
from panels.store import planning as store
from panels.tables.item import ItemRow
from panels.tables.panel import PanelRow
from panels.tables.sitting import SittingRow

DECLARED: Final = "declared"
BEHIND_REPORT: Final = "behind_report"
HINTED: Final = "hinted"


@dataclass(frozen=True)
class Child:
    """One child's case with its place on an agenda, if it has one.

    Args:
        recused: member ids who are not counted on, with the reason's code.
        set_aside: without hinted members there could never be a quorum, so they are counted on.
        sat_out: sittings whose agenda it has left and cannot come back to.
    """

    facts: ToHear
    recused: Mapping[str, str]
    set_aside: bool
    item: ItemRow | None
    is_notified: bool
    sat_out: frozenset[str]

    @property
    def language(self) -> str | None:
        """Return the language an interpreter is needed for; one somebody is assigned for comes first."""
        if not self.facts.interpreter_needed or not self.facts.languages:
            return None
        spoken = {word for one in self.facts.interpreters for word in one.languages}
        known = [word for word in self.facts.languages if word in spoken]
        return (known or list(self.facts.languages))[0]


def children_for(
    session: Session,
    panel: PanelRow,
    holders: Sequence[Holder],
    rules: PanelRules,
    sittings: Sequence[SittingRow],
    *,
    now: datetime,
) -> list[Child]:
    """Return every child a panel could hear: ready ones of its place, and those on its agendas to come."""
    listed = {
        item.case_id: (item, sitting)
        for sitting in sittings
        for item in items.of_sitting(session, sitting.id)
        if item.live_case is not None and item.state == ItemState.LISTED
    }
    ready = ready_for(session, panel)
    every = sorted({*ready, *listed})
    out = store.sat_out(session, every)
    found = []
    for case_id in every:
        facts = to_hear(session, case_id, now=now)
        report = report_for_panel(session, case_id, now=now)
        item, sitting = listed.get(case_id, (None, None))
        recused, set_aside = _recused(session, facts, report, holders, rules)
        told = item is not None and (
            (sitting is not None and sitting.convened_at is not None)
            or bool(items.invitations(session, item.id))
        )
        found.append(Child(facts, recused, set_aside, item, told, frozenset(out.get(case_id, ()))))
    return found


def ready_for(session: Session, panel: PanelRow) -> list[str]:
    """Return the cases a panel may list: of its place or, for the review panel, referred to it."""
    if panel.kind == PanelKind.REVIEW:
        ids = store.referred_to(session, panel.id)
    else:
        ids = ready_near(session, panel.countries, panel.district)
    return [one for one in ids if _may_come(session, panel, one)]


def _may_come(session: Session, panel: PanelRow, case_id: str) -> bool:
    """Whether a case is free for this panel: ready, and not another's after a tie."""
    before = items.of_case(session, case_id)
    referred = before[-1].referred_to if before else None
    if panel.kind == PanelKind.REVIEW:
        return referred == panel.id
    return referred is None or referred == panel.id


def _recused(
    session: Session,
    facts: ToHear,
    report: ReportForPanel,
    holders: Sequence[Holder],
    rules: PanelRules,
) -> tuple[dict[str, str], bool]:
    """Return who is not counted on for a child, and whether hints had to be set aside."""
    rows = conflicts.of_case(session, facts.case_id)
    closed = closed_to(Conflict(one.person_id, ConflictState(one.state)) for one in rows)
    cleared = {one.person_id for one in rows if one.state == ConflictState.DISMISSED} - closed
    roles = roles_from(facts.related, report, was_held=facts.was_held, source=facts.source)
    behind = roles.never_vote | report.involved
    firm: dict[str, str] = {}
    hinted: dict[str, str] = {}
    for one in holders:
        if one.person_id in closed:
            firm[one.member_id] = DECLARED
        elif one.person_id in behind:
            firm[one.member_id] = BEHIND_REPORT
        elif one.person_id not in cleared and hints(one, roles):
            hinted[one.member_id] = HINTED
    priority = facts.priority
    if hinted and not _could_sit(holders, rules, priority, {*firm, *hinted}):
        return firm, _could_sit(holders, rules, priority, firm)
    return firm | hinted, False


def _could_sit(
    holders: Sequence[Holder], rules: PanelRules, priority: str, without: Collection[str]
) -> bool:
    """Whether there would be a quorum if everybody else came."""
    able = [one for one in holders if one.member_id not in without and has_vote(one, rules)]
    bench = seated(able, {one.member_id for one in able}, {})
    return quorum(bench, rules.quorum_for(priority)).is_met


def groups_of(children: Sequence[Child], apart: Mapping[str, str]) -> dict[str, str]:
    """Return the sibling group of each child that has a sibling here, named after its least id.

    Args:
        children: those who could be heard.
        apart: a mark by case id; siblings with different marks cannot be brought together here.
    """
    near = {one.facts.case_id: one.facts.siblings for one in children}
    group = {case_id: case_id for case_id in near}
    for case_id in sorted(near):
        for other in sorted(near[case_id] & near.keys()):
            if apart.get(case_id) == apart.get(other) and group[case_id] != group[other]:
                least, most = sorted((group[case_id], group[other]))
                group = {one: least if name == most else name for one, name in group.items()}
    sizes: dict[str, int] = {}
    for name in group.values():
        sizes[name] = sizes.get(name, 0) + 1
    return {case_id: name for case_id, name in group.items() if sizes[name] > 1}
