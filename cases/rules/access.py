"""Who may see what of a child's case: the table of DOM-2.2 as data, and the one rule that reads it.

``TABLE`` holds every cell as written there. ``reach`` combines what is true of a person and a case
(bars, access rows, roles with scope) into one ``Reach``. A bar wins over everything: the recused
member sees nothing of that item, and so does everybody who has no standing at all.

Source: DOM-2.2, DOM-R14, DOM-R45, DOM-R46.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Final

from core.actors import Grant, Role, ScopeKind


class Level(IntEnum):
    """How much of a file; each level includes those before it."""

    NONE = 0
    CODED = 1
    SUMMARY = 2
    FULL = 3
    SENSITIVE = 4


class Basis(StrEnum):
    """Why a person stands in a relation to one case."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    ASSESSOR = "assessor"
    COORDINATOR = "coordinator"
    GUARDIAN = "guardian"
    LAWYER = "lawyer"
    PANEL_ITEM = "panel_item"
    CROSS_BORDER = "cross_border"
    SENSITIVE_GRANT = "sensitive_grant"
    BREAK_GLASS = "break_glass"
    TASK = "task"
    APPEAL = "appeal"


class Onlooker(StrEnum):
    """The rows of the table."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    ASSESSOR_COORDINATOR = "assessor_coordinator"
    CHAIR_MEMBER = "chair_member"
    RECUSED = "recused"
    SECRETARY = "secretary"
    GUARDIAN_LAWYER = "guardian_lawyer"
    SECRETARIAT = "secretariat"
    PARTNER = "partner"
    IMMIGRATION_POLICE = "immigration_police"
    INTERPRETER_ESCORT_CARER = "interpreter_escort_carer"
    ADMINISTRATOR = "administrator"
    STATISTICIAN = "statistician"


class OwnCase(StrEnum):
    """Column *own case*."""

    NONE = "none"
    FULL_AND_SENSITIVE = "full_and_sensitive"
    LISTED_ITEMS_UNTIL_ARCHIVE = "listed_items_from_papers_release_to_archive"
    NOTHING = "nothing_of_that_item"
    LISTED_ITEMS = "listed_items"
    FULL_SENSITIVE_UNLESS_CHILD_OBJECTS = "full_sensitive_unless_child_objects"
    CROSS_BORDER_FULL = "cross_border_full"
    SUMMARY_THEN_PACKAGE = "summary_package_after_acceptance"
    ITEM_ONLY = "item_only"
    TASK_SHEET = "task_sheet_only"


class PanelFile(StrEnum):
    """Column *panel file*."""

    NONE = "none"
    NO = "no"
    YES = "yes"
    OWN_CASES = "own_cases"
    FULL_SENSITIVE_IF_ITEM_NEEDS = "full_sensitive_if_item_needs"
    REPORT_AND_DECISION = "report_and_decision"
    DECISION_AND_REASONS = "decision_and_reasons"
    FULL_WITHOUT_SENSITIVE = "full_without_sensitive"


class Votes(StrEnum):
    """Column *votes of others*."""

    NONE = "none"
    NO = "no"
    COORDINATOR_AFTER_CLOSE = "coordinator_after_close"
    AFTER_ALL_VOTED = "after_all_voted"
    AFTER_VOTE = "after_vote"
    RECORDS_THEM = "records_them"
    RESULT_AND_REASONS = "result_and_reasons_not_names"


class Address(StrEnum):
    """Column *exact address*."""

    NONE = "none"
    NO = "no"
    YES = "yes"
    AT_TRAVEL_STAGE = "at_travel_stage"
    CARER_OWN = "carer_own"


class Sensitive(StrEnum):
    """Column *highly sensitive*."""

    NONE = "none"
    NO = "no"
    YES = "yes"
    WITH_REASON = "with_reason"
    IF_RELEVANT_TO_BID = "if_relevant_to_bid"
    BY_ITEM_GRANT = "by_item_grant"
    BY_GRANT = "by_grant"
    YES_OR_CHILDS_CHOICE = "yes_or_childs_choice"
    TRAVEL_HEALTH_ONLY = "travel_health_only"


class Statistics(StrEnum):
    """Column *statistics*."""

    NONE = "none"
    OWN = "own"
    OFFICE = "office"
    PANEL = "panel"
    NATIONAL = "national"
    CORRIDOR = "corridor"
    SYSTEM_METRICS = "system_metrics"
    DE_IDENTIFIED = "de_identified"


@dataclass(frozen=True)
class Sight:
    """One row of the table, cell by cell."""

    own: OwnCase
    other: Level
    panel_file: PanelFile
    votes: Votes
    address: Address
    sensitive: Sensitive
    statistics: Statistics


_O, _P, _V, _A, _H, _S = OwnCase, PanelFile, Votes, Address, Sensitive, Statistics
_FH: Final = OwnCase.FULL_AND_SENSITIVE

# fmt: off
TABLE: Final[dict[Onlooker, Sight]] = {
    Onlooker.CASEWORKER: Sight(_FH, Level.CODED, _P.OWN_CASES, _V.NONE, _A.YES, _H.YES, _S.OWN),
    Onlooker.SUPERVISOR: Sight(_FH, Level.FULL, _P.YES, _V.NONE, _A.YES, _H.WITH_REASON, _S.OFFICE),
    Onlooker.ASSESSOR_COORDINATOR: Sight(
        _FH, Level.CODED, _P.YES, _V.COORDINATOR_AFTER_CLOSE, _A.YES, _H.IF_RELEVANT_TO_BID,
        _S.OFFICE),
    Onlooker.CHAIR_MEMBER: Sight(
        _O.LISTED_ITEMS_UNTIL_ARCHIVE, Level.NONE, _P.FULL_SENSITIVE_IF_ITEM_NEEDS,
        _V.AFTER_ALL_VOTED, _A.NO, _H.BY_ITEM_GRANT, _S.PANEL),
    Onlooker.RECUSED: Sight(_O.NOTHING, Level.NONE, _P.NONE, _V.NO, _A.NO, _H.NO, _S.PANEL),
    Onlooker.SECRETARY: Sight(
        _O.LISTED_ITEMS, Level.NONE, _P.YES, _V.RECORDS_THEM, _A.NO, _H.BY_ITEM_GRANT, _S.PANEL),
    Onlooker.GUARDIAN_LAWYER: Sight(
        _O.FULL_SENSITIVE_UNLESS_CHILD_OBJECTS, Level.NONE, _P.REPORT_AND_DECISION,
        _V.RESULT_AND_REASONS, _A.YES, _H.YES_OR_CHILDS_CHOICE, _S.NONE),
    Onlooker.SECRETARIAT: Sight(
        _O.CROSS_BORDER_FULL, Level.CODED, _P.DECISION_AND_REASONS, _V.NO, _A.AT_TRAVEL_STAGE,
        _H.BY_GRANT, _S.NATIONAL),
    Onlooker.PARTNER: Sight(
        _O.SUMMARY_THEN_PACKAGE, Level.NONE, _P.NO, _V.NO, _A.AT_TRAVEL_STAGE, _H.BY_ITEM_GRANT,
        _S.CORRIDOR),
    Onlooker.IMMIGRATION_POLICE: Sight(
        _O.ITEM_ONLY, Level.NONE, _P.FULL_WITHOUT_SENSITIVE, _V.AFTER_VOTE, _A.NO, _H.NO, _S.NONE),
    Onlooker.INTERPRETER_ESCORT_CARER: Sight(
        _O.TASK_SHEET, Level.NONE, _P.NONE, _V.NONE, _A.CARER_OWN, _H.TRAVEL_HEALTH_ONLY, _S.NONE),
    Onlooker.ADMINISTRATOR: Sight(
        _O.NONE, Level.NONE, _P.NONE, _V.NONE, _A.NONE, _H.NONE, _S.SYSTEM_METRICS),
    Onlooker.STATISTICIAN: Sight(
        _O.NONE, Level.NONE, _P.NONE, _V.NONE, _A.NONE, _H.NONE, _S.DE_IDENTIFIED),
}
# fmt: on

BREAK_GLASS_ROLES: Final = frozenset({Role.SUPERVISOR, Role.CHAIR, Role.SECRETARIAT_HEAD})
BREAK_GLASS_LASTS: Final = timedelta(hours=24)

OFFICE_ONLOOKERS: Final[dict[Role, Onlooker]] = {
    Role.CASEWORKER: Onlooker.CASEWORKER,
    Role.SUPERVISOR: Onlooker.SUPERVISOR,
    Role.ASSESSOR: Onlooker.ASSESSOR_COORDINATOR,
    Role.COORDINATOR: Onlooker.ASSESSOR_COORDINATOR,
    Role.SECRETARIAT: Onlooker.SECRETARIAT,
    Role.SECRETARIAT_HEAD: Onlooker.SECRETARIAT,
}

_BASIS_ONLOOKER: Final[dict[Basis, Onlooker]] = {
    Basis.OWNER: Onlooker.CASEWORKER,
    Basis.SUPERVISOR: Onlooker.SUPERVISOR,
    Basis.ASSESSOR: Onlooker.ASSESSOR_COORDINATOR,
    Basis.COORDINATOR: Onlooker.ASSESSOR_COORDINATOR,
    Basis.GUARDIAN: Onlooker.GUARDIAN_LAWYER,
    Basis.LAWYER: Onlooker.GUARDIAN_LAWYER,
    Basis.PANEL_ITEM: Onlooker.CHAIR_MEMBER,
    Basis.CROSS_BORDER: Onlooker.SECRETARIAT,
    Basis.TASK: Onlooker.INTERPRETER_ESCORT_CARER,
    Basis.APPEAL: Onlooker.SECRETARIAT,
}

_OWN_LEVEL: Final[dict[OwnCase, Level]] = {
    OwnCase.FULL_AND_SENSITIVE: Level.SENSITIVE,
    OwnCase.LISTED_ITEMS_UNTIL_ARCHIVE: Level.FULL,
    OwnCase.LISTED_ITEMS: Level.FULL,
    OwnCase.FULL_SENSITIVE_UNLESS_CHILD_OBJECTS: Level.SENSITIVE,
    OwnCase.CROSS_BORDER_FULL: Level.FULL,
    OwnCase.SUMMARY_THEN_PACKAGE: Level.SUMMARY,
    OwnCase.ITEM_ONLY: Level.FULL,
}
_GRANT_ONLY: Final = frozenset({str(Basis.SENSITIVE_GRANT)})
_NEEDS_PURPOSE: Final = frozenset({Sensitive.WITH_REASON, Sensitive.IF_RELEVANT_TO_BID})


@dataclass(frozen=True)
class Access:
    """One open access row of a person to a case.

    Args:
        basis: why.
        level: the most this row opens, whatever the table allows.
        sections: for a grant of highly sensitive parts, the parts granted; empty means all.
    """

    basis: Basis
    level: Level
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reach:
    """How far one person sees into one case.

    Args:
        level: the most that may be shown.
        bases: why, as codes for the audit log.
        sections: highly sensitive parts that may be shown; ``None`` means all of them.
        purpose_needed: whether a stated purpose must be logged before highly sensitive parts open.
        address: whether the exact address may be shown.
    """

    level: Level = Level.NONE
    bases: frozenset[str] = frozenset()
    sections: frozenset[str] | None = frozenset()
    purpose_needed: bool = False
    address: bool = False

    @property
    def sees(self) -> bool:
        """Whether the case exists for this person at all."""
        return self.level > Level.NONE


NOTHING: Final = Reach()


def reach(
    *,
    barred: bool,
    accesses: Iterable[Access],
    grants: Iterable[Grant],
    office: str,
    country: str,
) -> Reach:
    """Combine everything that is true of a person and a case into what they may see.

    A bar closes all. Police and immigration never see highly sensitive parts or the address,
    whatever other role or grant they hold.

    Source: DOM-2.2, DOM-R14, DOM-R46.
    """
    held = tuple(grants)
    if barred:
        return NOTHING
    roles = {grant.role for grant in held}
    parts = [_of_access(access, roles) for access in accesses]
    parts += [_of_role(grant) for grant in held if covers(grant, office=office, country=country)]
    found = _combine([part for part in parts if part.sees])
    return _firewalled(found) if Role.IMMIGRATION in roles else found


def covers(grant: Grant, *, office: str, country: str) -> bool:
    """Whether a grant reaches the cases of this office: given for it or for its country."""
    if grant.scope is ScopeKind.OFFICE:
        return grant.ref == office
    return grant.scope is ScopeKind.COUNTRY and grant.ref == country


def _of_role(grant: Grant) -> Reach:
    onlooker = OFFICE_ONLOOKERS.get(grant.role)
    if onlooker is None:
        return NOTHING
    sight = TABLE[onlooker]
    if sight.other < Level.FULL:
        return Reach(sight.other, frozenset({f"office_{grant.role}"}))
    return Reach(
        Level.SENSITIVE,
        frozenset({f"office_{grant.role}"}),
        sections=None,
        purpose_needed=True,
        address=sight.address is Address.YES,
    )


def _of_access(access: Access, roles: set[Role]) -> Reach:
    bases = frozenset({str(access.basis)})
    if access.basis is Basis.BREAK_GLASS:
        return Reach(Level.SENSITIVE, bases, sections=None, address=True)
    if access.basis is Basis.SENSITIVE_GRANT:
        return Reach(Level.SENSITIVE, bases, sections=access.sections or None)
    sight = TABLE[_onlooker(access.basis, roles)]
    level = min(access.level, _OWN_LEVEL.get(sight.own, Level.NONE))
    return Reach(
        level,
        bases,
        sections=None if level is Level.SENSITIVE else frozenset(),
        purpose_needed=level is Level.SENSITIVE and sight.sensitive in _NEEDS_PURPOSE,
        address=level >= Level.FULL and sight.address is Address.YES,
    )


def _onlooker(basis: Basis, roles: set[Role]) -> Onlooker:
    if basis is not Basis.PANEL_ITEM:
        return _BASIS_ONLOOKER[basis]
    if Role.IMMIGRATION in roles:
        return Onlooker.IMMIGRATION_POLICE
    return Onlooker.SECRETARY if Role.SECRETARY in roles else Onlooker.CHAIR_MEMBER


def _combine(found: list[Reach]) -> Reach:
    # A grant of highly sensitive parts adds to a file that is open; alone it opens nothing.
    file_is_open = any(p.level >= Level.FULL and p.bases != _GRANT_ONLY for p in found)
    parts = found if file_is_open else [p for p in found if p.bases != _GRANT_ONLY]
    if not parts:
        return NOTHING
    open_now = [part for part in parts if part.level is Level.SENSITIVE and not part.purpose_needed]
    with_purpose = [part for part in parts if part.level is Level.SENSITIVE]
    # What opens without a purpose is shown as it is; a purpose may open more.
    chosen = open_now if any(part.sections is None for part in open_now) else with_purpose
    return Reach(
        level=max(part.level for part in parts),
        bases=frozenset().union(*(part.bases for part in parts)),
        sections=_union(chosen),
        purpose_needed=bool(chosen) and any(part.purpose_needed for part in chosen),
        address=any(part.address for part in parts),
    )


def _union(parts: list[Reach]) -> frozenset[str] | None:
    if any(part.sections is None for part in parts):
        return None
    return frozenset().union(*(part.sections or frozenset() for part in parts))


def _firewalled(found: Reach) -> Reach:
    return Reach(min(found.level, Level.FULL), found.bases)
