"""What listing, order and conflicts need to know of a child's case: ids, codes and dates only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Basis
from cases.service import access, files, steps
from cases.service.access import Related
from cases.service.papers import ReportForPanel, report_for_panel
from core.packs.models import Pack
from core.packs.values import limit_of
from core.worktime import latest_before
from panels.rules.conflicts import CaseRoles
from panels.service.child import Child, child_of

NEEDS_GUARDIAN: Final = frozenset({"unaccompanied", "separated", "child_headed_household"})
SEPARATION: Final = "SEPARATION_FROM_CARER"
UNDER_FIVE: Final = frozenset({"0-4"})
HARM_PARTS: Final = ("gbv", "trafficking", "sexual_exploitation")
ENFORCEMENT_SOURCES: Final[Mapping[str, frozenset[str]]] = {
    "police": frozenset({"police"}),
    "immigration": frozenset({"immigration"}),
    "border": frozenset({"immigration"}),
    "detention": frozenset({"police", "immigration", "prisons"}),
}


@dataclass(frozen=True)
class CaseFacts:
    """A child's case as an agenda sees it.

    Args:
        gbv_or_trafficking: a flag made from sealed parts; what they hold is not looked at here.
    """

    child: Child
    report: ReportForPanel
    in_detention: bool
    under_five: bool
    gbv_or_trafficking: bool
    ready_since: datetime
    roles: CaseRoles

    @property
    def needs_guardian(self) -> bool:
        """Whether this child's item cannot do without the guardian."""
        return self.child.accompaniment in NEEDS_GUARDIAN

    def options_on(self, matters: frozenset[str]) -> list[str]:
        """Return the options that touch one of these matters (movement abroad, separation)."""
        return sorted(
            option.ref
            for option in self.report.options
            if ("movement_abroad" in matters and option.destination != self.child.country)
            or ("separation" in matters and option.code == SEPARATION)
        )


def case_facts(session: Session, case_id: str, *, now: datetime) -> CaseFacts:
    """Gather the facts of one case; the case row stays locked.

    Raises:
        NotThere: no such case, or it has no report.
    """
    child = child_of(session, case_id, now=now)
    row = steps.lock(session, case_id)
    report = report_for_panel(session, case_id, now=now)
    sealed = files.sensitive_of(session, row)
    return CaseFacts(
        child=child,
        report=report,
        in_detention=row.detained,
        under_five=row.age_band in UNDER_FIVE,
        gbv_or_trafficking=any(sealed.get(part) for part in HARM_PARTS),
        ready_since=report.ready_since or row.state_since,
        roles=case_roles(session, case_id, report),
    )


def case_roles(session: Session, case_id: str, report: ReportForPanel) -> CaseRoles:
    """Return who did what about a child, for hints of conflicts and for R15."""
    row = steps.lock(session, case_id)
    related = access.persons_related(session, case_id)
    held = row.detained or row.released_at is not None
    return roles_from(related, report, was_held=held, source=row.source)


def roles_from(
    related: Sequence[Related], report: ReportForPanel, *, was_held: bool, source: str
) -> CaseRoles:
    """Return who did what about a child, from what was read of the case.

    Args:
        related: who had to do with the child or a sibling.
        report: the newest report.
        was_held: the child is or was in detention.
        source: who brought the case.
    """
    own = [one for one in related if not one.is_sibling]
    workers = {one.person_id for one in own if one.basis == Basis.OWNER} | {report.bia_author or ""}
    seniors = {one.person_id for one in own if one.basis == Basis.SUPERVISOR}
    sectors = ENFORCEMENT_SOURCES["detention"] if was_held else frozenset()
    return CaseRoles(
        caseworkers=frozenset(workers - {""}),
        supervisors=frozenset((seniors | {report.bia_approver or ""}) - {""}),
        assessor=report.author,
        quality_checker=report.quality_checker or "",
        guardians=frozenset(one.person_id for one in own if one.basis == Basis.GUARDIAN),
        sibling_workers=frozenset(one.person_id for one in related if one.is_sibling),
        facility_staff=report.facility_staff,
        enforcement_sectors=sectors | ENFORCEMENT_SOURCES.get(source, frozenset()),
    )


def papers_limit(pack: Pack, priority: str, sitting_starts: datetime, place: str) -> datetime:
    """Return the last moment at which papers reach members in time. Source: DOM-3.2/D8."""
    return latest_before(sitting_starts, limit_of(pack, "D8", priority), pack.calendar(place))
