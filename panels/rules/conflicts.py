"""Conflicts of interest: their grounds, who rules on them, what they close, and hints from the record.

A hint accuses nobody: it is a coded question put to the chair, who may challenge the member.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from panels.rules.roster import Holder, SeatRole


class Ground(StrEnum):
    """Why a member cannot be impartial about one child. Source: DOM-3.5 (conflict of interest)."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    ASSESSOR = "assessor"
    QUALITY_CHECKER = "quality_checker"
    GUARDIAN = "guardian"
    SIBLING_WORKER = "sibling_worker"
    RELATIVE = "relative"
    HOUSEHOLD = "household"
    CARER = "carer"
    EMPLOYER = "employer"
    FACILITY_STAFF = "facility_staff"
    ENFORCEMENT_OFFICER = "enforcement_officer"
    PERPETRATOR_LINK = "perpetrator_link"
    WITNESS_LINK = "witness_link"
    FINANCIAL_INTEREST = "financial_interest"
    NOT_IMPARTIAL = "not_impartial"


class ConflictState(StrEnum):
    """Where one conflict stands. Source: DOM-4.6/recusal."""

    DECLARED = "declared"
    CHALLENGED = "challenged"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class RaisedAs(StrEnum):
    """Who brought a conflict up. Source: DOM-4.6/recusal.ground."""

    SELF = "self"
    CHAIR = "chair"
    GUARDIAN = "guardian"
    MEMBER = "member"
    SECRETARY = "secretary"


CLOSING: Final = frozenset({ConflictState.DECLARED, ConflictState.UPHELD})
UNRULED: Final = frozenset({ConflictState.DECLARED, ConflictState.CHALLENGED})
ENFORCEMENT: Final = frozenset({"police", "immigration", "prisons"})


@dataclass(frozen=True)
class Conflict:
    """One conflict as the rules see it."""

    person_id: str
    state: ConflictState


def closed_to(conflicts: Iterable[Conflict]) -> frozenset[str]:
    """Return the persons from whom the item is closed: no papers, no word, no vote.

    A conflict the member declared closes at once, before any ruling; a challenge only when upheld.

    Source: DOM-R14.
    """
    return frozenset(conflict.person_id for conflict in conflicts if conflict.state in CLOSING)


def challenges_open(conflicts: Iterable[Conflict]) -> int:
    """Count challenges nobody has ruled on; an item waits for them."""
    return sum(conflict.state is ConflictState.CHALLENGED for conflict in conflicts)


@dataclass(frozen=True)
class CaseRoles:
    """Who did what about this child, as the record says; person ids and codes only.

    Args:
        facility_staff: people who work at a facility proposed for placement.
        enforcement_sectors: professions that had the child's arrest, removal or stay in hand; the
            record names no officer, so every member of that profession is asked.
    """

    caseworkers: frozenset[str] = frozenset()
    supervisors: frozenset[str] = frozenset()
    assessor: str = ""
    quality_checker: str = ""
    guardians: frozenset[str] = frozenset()
    sibling_workers: frozenset[str] = frozenset()
    facility_staff: frozenset[str] = frozenset()
    enforcement_sectors: frozenset[str] = frozenset()

    @property
    def never_vote(self) -> frozenset[str]:
        """The people behind the report, who never vote on it. Source: DOM-R15."""
        named = {self.assessor, self.quality_checker} - {""}
        return frozenset(named) | self.supervisors | self.caseworkers


def hints(holder: Holder, roles: CaseRoles) -> tuple[Ground, ...]:
    """Name the grounds the record itself suggests for a member, in the order of the list.

    Source: DOM-3.5 (conflict of interest).
    """
    person = holder.person_id
    officer = holder.sector in ENFORCEMENT & roles.enforcement_sectors
    found = {
        Ground.CASEWORKER: person in roles.caseworkers,
        Ground.SUPERVISOR: person in roles.supervisors,
        Ground.ASSESSOR: person == roles.assessor,
        Ground.QUALITY_CHECKER: person == roles.quality_checker,
        Ground.GUARDIAN: person in roles.guardians,
        Ground.SIBLING_WORKER: person in roles.sibling_workers,
        Ground.FACILITY_STAFF: person in roles.facility_staff,
        Ground.ENFORCEMENT_OFFICER: officer,
    }
    return tuple(ground for ground, applies in found.items() if applies)


def presiding(available: Iterable[Holder], closed: Collection[str]) -> Holder | None:
    """Return who leads an item: the chair in person, else a deputy from whom it is not closed."""
    able = [h for h in available if h.may_preside and not h.is_guest and h.person_id not in closed]
    able.sort(key=lambda holder: (holder.role is not SeatRole.CHAIR, holder.member_id))
    return able[0] if able else None


def ruler(available: Iterable[Holder], closed: Collection[str], subject: str) -> Holder | None:
    """Return who rules on a conflict; None: nobody of the panel can, the secretariat's head does.

    The chair rules; on the chair's own conflict, or when the item is closed to the chair, a deputy.

    Args:
        available: the roster before a sitting, those present during it.
        closed: persons from whom the item is closed.
        subject: the person whose conflict it is; nobody rules on their own.

    Source: DOM-3.5 (conflict of interest).
    """
    return presiding(available, {*closed, subject})
