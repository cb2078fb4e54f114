"""Refusals of the panels: who may sit, see, speak and vote. Words live in ``api/problems``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import DomainError, Gap, Incomplete, NotAllowed, WrongState


@dataclass(eq=False)
class NotEligible(NotAllowed):
    """This person may not vote on this item now; ``rule`` names the one reason.

    Source: DOM-R15, DOM-R16, DOM-R18.
    """


@dataclass(eq=False)
class AlreadyVoted(DomainError):
    """The person, or another holder of the same seat, has voted in this round."""

    round_no: int


@dataclass(eq=False)
class VotingClosed(WrongState):
    """Votes exist only between the opening of deliberation and the decision."""


@dataclass(eq=False)
class BallotSealed(NotAllowed):
    """Nobody reads a vote before everybody entitled has voted.

    Source: DOM-R18.
    """


@dataclass(eq=False)
class QuorumNotMet(Incomplete):
    """The item may not go on: each gap names one unmet requirement.

    Source: DOM-R17.
    """


@dataclass(eq=False)
class AlreadyListed(DomainError):
    """The case is already on the agenda of a sitting that has not ended."""


@dataclass(eq=False)
class TermsOverlap(DomainError):
    """The person already holds a seat of this panel during these dates."""


def quorum_not_met(gaps: tuple[Gap, ...]) -> QuorumNotMet:
    """Return the refusal for an item without quorum."""
    return QuorumNotMet("quorum", gaps)


@dataclass(eq=False)
class DocumentRefused(DomainError):
    """An instance or a plan that the planner cannot take; ``path`` is a JSON pointer, ``code`` the reason."""

    path: str
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
