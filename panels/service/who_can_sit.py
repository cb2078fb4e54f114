"""Who of those called to a sitting could sit for one child: asked while there is time to call somebody else.

Nothing is decided here: quorum is counted again when the item is called, at every vote and at the decision.

Source: DOM-3.5 (quorum for each item after recusals, conflict of interest), DOM-R14, DOM-R15, DOM-R17.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.service.papers import ReportForPanel, report_for_panel
from cases.service.to_hear import ToHear
from core.errors import Gap
from panels.rules.conflicts import Conflict, ConflictState, Ground, closed_to, hints
from panels.rules.panel_rules import PanelRules, has_vote
from panels.rules.quorum import QuorumRules, quorum
from panels.rules.roster import Holder, bars_to_sitting, seated
from panels.service import joint
from panels.service.case_facts import roles_from
from panels.service.panels import rules_of
from panels.service.standing import local_day, roster_of
from panels.store import conflict as conflicts
from panels.store import planning
from panels.store import sitting as sittings
from panels.tables.sitting import SittingRow


@dataclass(frozen=True)
class Called:
    """Everybody called to a sitting, and who cannot come whatever the child: once for a whole agenda.

    Args:
        out: member id to why: ``declined``, ``away``, ``outside_term``, ``undertaking_missing``.
        comes: what each answered, by member id; nobody who has not answered.
    """

    sitting: SittingRow
    holders: tuple[Holder, ...]
    rules: PanelRules
    out: Mapping[str, str]
    comes: Mapping[str, bool]


@dataclass(frozen=True)
class ForChild:
    """Who could sit for one child.

    Args:
        out: member id to why: as for the sitting, or ``declared``, ``behind_report``.
        hinted: members about whom the record suggests a conflict that nobody has ruled on.
        missing: what those who are left lack of a quorum.
        missing_without: what would be lacking if the hinted stayed away too.
    """

    out: Mapping[str, str]
    hinted: Mapping[str, tuple[Ground, ...]]
    missing: tuple[Gap, ...]
    missing_without: tuple[Gap, ...]


def called_to(session: Session, sitting: SittingRow, *, rules_number: int) -> Called:
    """Return who is called to a sitting, and who of them cannot come."""
    holders = tuple(roster_of(session, sitting))
    rules = rules_of(session, sitting.panel_id, rules_number)
    comes = {
        row.member_id: row.comes
        for row in sittings.roster_rows(session, sitting.id)
        if row.comes is not None
    }
    return Called(sitting, holders, rules, _cannot_come(session, sitting, holders, comes), comes)


def _cannot_come(
    session: Session, sitting: SittingRow, holders: Sequence[Holder], comes: Mapping[str, bool]
) -> dict[str, str]:
    day = local_day(sitting, sitting.starts_at)
    people = {one.person_id for one in holders}
    hours = planning.busy(session, "person", people, start=sitting.starts_at, end=sitting.ends_at)
    away = {one.owner for one in hours}
    found: dict[str, str] = {}
    for one in holders:
        bars = bars_to_sitting(one, day)
        if bars:
            found[one.member_id] = bars[0].code
        elif comes.get(one.member_id) is False:
            found[one.member_id] = "declined"
        elif one.person_id in away and not comes.get(one.member_id):
            found[one.member_id] = "away"
    return found


def who_can_sit(session: Session, called: Called, facts: ToHear, *, now: datetime) -> ForChild:
    """Return who could sit for one child, to a service that has already decided it may be asked."""
    report = report_for_panel(session, facts.case_id, now=now)
    closed, hinted = _conflicts(session, called.holders, facts, report)
    out = {**closed, **called.out}
    rules = joint.quorum_rules(session, called.sitting, called.rules, priority=facts.priority)
    return ForChild(
        out=out,
        hinted={member: grounds for member, grounds in hinted.items() if member not in out},
        missing=_missing(called, rules, set(out)),
        missing_without=_missing(called, rules, {*out, *hinted}),
    )


def _conflicts(
    session: Session, holders: Sequence[Holder], facts: ToHear, report: ReportForPanel
) -> tuple[dict[str, str], dict[str, tuple[Ground, ...]]]:
    """Return who is out for this child, and who is hinted at."""
    rows = conflicts.of_case(session, facts.case_id)
    closed = closed_to(Conflict(one.person_id, ConflictState(one.state)) for one in rows)
    cleared = {one.person_id for one in rows if one.state == ConflictState.DISMISSED}
    roles = roles_from(facts.related, report, was_held=facts.was_held, source=facts.source)
    behind = roles.never_vote | report.involved
    out: dict[str, str] = {}
    hinted: dict[str, tuple[Ground, ...]] = {}
    for one in holders:
        grounds = hints(one, roles)
        if one.person_id in closed:
            out[one.member_id] = "declared"
        elif one.person_id in behind:
            out[one.member_id] = "behind_report"
        elif grounds and one.person_id not in cleared:
            hinted[one.member_id] = grounds
    return out, hinted


def _missing(called: Called, rules: QuorumRules, out: set[str]) -> tuple[Gap, ...]:
    able = [
        one for one in called.holders if one.member_id not in out and has_vote(one, called.rules)
    ]
    bench = seated(able, {one.member_id for one in able}, {})
    return quorum(bench, rules).missing
