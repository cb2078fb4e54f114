"""Refusals that follow from a rule. Words and HTTP status live in ``api/problems``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NoReturn


@dataclass(frozen=True)
class Gap:
    """One thing that is missing before an act is possible.

    Args:
        code: stable code, for example ``child_views_missing``; ``api/problems`` has its words.
        facts: coded facts the words need; never a name, never free text about a child.
    """

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(eq=False)
class DomainError(Exception):
    """A refusal that follows from a rule; everything the act wrote is rolled back."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a refusal cross a worker boundary with its facts."""
        return (type(self), tuple(getattr(self, item.name) for item in fields(self)))

    def __str__(self) -> str:
        """Name the refusal; facts stay out of logs by default."""
        return type(self).__name__


@dataclass(eq=False)
class NotThere(DomainError):
    """No such thing, or not yours: the two are never told apart."""

    kind: str


@dataclass(eq=False)
class NotAllowed(DomainError):
    """A rule about people forbids the act. ``rule`` names it, for example ``author_approves_own``."""

    rule: str


@dataclass(eq=False)
class WrongState(DomainError):
    """The thing is not in a state in which this act exists."""

    kind: str
    state: str
    act: str


@dataclass(eq=False)
class StaleWrite(DomainError):
    """Somebody changed the record after it was read; nothing was written."""

    kind: str
    expected: int
    actual: int


@dataclass(eq=False)
class BadInput(DomainError):
    """A value that passed the schema but cannot be used. ``pointer`` is a JSON pointer."""

    pointer: str
    code: str


@dataclass(eq=False)
class Incomplete(DomainError):
    """The act is not possible yet; ``gaps`` lists everything that is missing, in the order of the form."""

    act: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Answer:
    """What a rule says about an act: possible when nothing is missing."""

    act: str
    gaps: tuple[Gap, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps

    def require(self) -> None:
        """Refuse unless nothing is missing.

        Raises:
            Incomplete: with every gap.
        """
        if self.gaps:
            raise Incomplete(self.act, self.gaps)


def answer(act: str, gaps: Iterable[Gap | None]) -> Answer:
    """Collect the gaps of an act; ``None`` stands for a condition that holds."""
    return Answer(act, tuple(gap for gap in gaps if gap is not None))


def refuse(error: DomainError) -> NoReturn:
    """Raise a refusal in expression position."""
    raise error
