"""Refusals of the child's case. Each subclass names one rule; words live in ``api/problems``."""

from dataclasses import dataclass

from core.errors import DomainError, NotAllowed, WrongState


@dataclass(eq=False)
class RoleMayNot(NotAllowed):
    """The procedure gives this act to another role. Source: DOM-3.3 (column *Who*)."""

    rule: str = "role_may_not"


@dataclass(eq=False)
class SamePersonApproves(NotAllowed):
    """The person who asked may not approve the same thing. Source: DOM-2.3."""

    rule: str = "same_person_approves"


@dataclass(eq=False)
class OnePersonMerges(NotAllowed):
    """Two files become one only by the word of two different people. Source: DOM-R53."""

    rule: str = "one_person_merges"


@dataclass(eq=False)
class OnePersonErases(NotAllowed):
    """Destroying a child's file needs two different people. Source: DOM-R54."""

    rule: str = "one_person_erases"


@dataclass(eq=False)
class SearchNotForEnforcement(NotAllowed):
    """Police and immigration never search children by name, date or place. Source: DOM-R46."""

    rule: str = "search_not_for_enforcement"


@dataclass(eq=False)
class BreakGlassNotYours(NotAllowed):
    """Only a supervisor, a chair or the head of the secretariat may break the glass."""

    rule: str = "break_glass_not_yours"


@dataclass(eq=False)
class GuardianNotIndependent(NotAllowed):
    """Staff of the body that decides or cares cannot be the guardian. Source: DOM-2.1/A12."""

    rule: str = "guardian_not_independent"


@dataclass(eq=False)
class NoSuchStep(WrongState):
    """The case is in a state from which this step does not exist. Source: DOM-3.3."""


@dataclass(eq=False)
class OnlyAPersonDecides(NotAllowed):
    """A machine tried an act that belongs to a human being. Source: DOM-R20."""

    rule: str = "only_a_person_decides"


@dataclass(eq=False)
class AuthorApprovesOwn(NotAllowed):
    """The author of an assessment wanted to approve it. Source: DOM-2.3."""

    rule: str = "author_approves_own_assessment"


@dataclass(eq=False)
class AuthorChecksOwn(NotAllowed):
    """The author of a report wanted to check its quality. Source: DOM-2.3."""

    rule: str = "author_checks_own_report"


@dataclass(eq=False)
class NotTheAuthor(NotAllowed):
    """Somebody else than its author wanted to write in an assessment or report. Source: DOM-2.1/A7."""

    rule: str = "not_the_author"


@dataclass(eq=False)
class TriggerIsMandatory(NotAllowed):
    """A trigger that follows from the facts was to be waived. Source: DOM-R3."""

    rule: str = "mandatory_trigger_waived"


@dataclass(eq=False)
class ImportFileUnusable(DomainError):
    """The file as a whole cannot be taken; nothing was stored. ``reason`` is a code."""

    reason: str


@dataclass(eq=False)
class MappingUnusable(DomainError):
    """The mapping file cannot be read; ``part`` says where. Nothing was stored."""

    part: str
