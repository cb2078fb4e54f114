"""What the other country proposes instead of what it was asked, held against what the panel decided.

A panel decides outcome, kind of care and country for one child. Another outcome or another kind of care is another
decision: the panel sits again. When, how often and who pays is for the two secretariats to agree on. What fits no
heading, and where in the country, a person judges. Silence is never agreement.

Source: DOM-5.2/X6, DOM-5.8, DOM-R33.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """Whether a decision covers one proposed term."""

    COVERED = "covered"
    AGREE = "agree"  # the two secretariats agree, within the decision
    JUDGE = "judge"  # an officer reads it and says whether the panel has to hear of it
    SIT_AGAIN = "sit_again"


@dataclass(frozen=True)
class Proposed:
    """One term as the receiving country wrote it."""

    what: str
    asked: str
    proposed: str


@dataclass(frozen=True)
class Compared:
    """One term with the verdict, and what the panel had decided where it decided that."""

    term: Proposed
    decided: str
    verdict: Verdict


BETWEEN_OFFICES: Final = frozenset({"timing", "follow_up", "costs"})


def compare(terms: Sequence[Proposed], *, outcome: str, care_type: str) -> tuple[Compared, ...]:
    """Hold every proposed term against a decision, in the order in which they were written.

    Args:
        terms: as proposed; another country's words for outcome and care are codes of both.
        outcome: what the panel decided; empty when there is no decision any more.
        care_type: the kind of care it decided.
    """
    decided = {"outcome": outcome, "care_type": care_type}
    return tuple(_compare(term, decided) for term in terms)


def must_sit_again(found: Sequence[Compared]) -> bool:
    """Whether any term is another decision than the panel's."""
    return any(one.verdict is Verdict.SIT_AGAIN for one in found)


def _compare(term: Proposed, decided: dict[str, str]) -> Compared:
    if term.what in BETWEEN_OFFICES:
        return Compared(term, "", Verdict.AGREE)
    if term.what not in decided:
        return Compared(term, "", Verdict.JUDGE)
    ours = decided[term.what]
    same = bool(ours) and term.proposed.strip().lower() == ours.lower()
    return Compared(term, ours, Verdict.COVERED if same else Verdict.SIT_AGAIN)
