"""When a child's situation calls for a formal determination (BID) and not only an assessment.

Triggers follow from facts on file. People may add a determination; nobody may wave one away.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.errors import TriggerIsMandatory


class Trigger(StrEnum):
    """Why a BID is required. Source: DOM-3.4."""

    DURABLE_SOLUTION = "B1"
    EXCEPTIONAL_RISK = "B2"
    SEPARATION_FROM_CARERS = "B3"
    CUSTODY_UNRESOLVED = "B4"
    STATE_ARRANGED_MOVEMENT = "B5"
    REPLACES_DETERMINATION = "B6"


class Considered(StrEnum):
    """What is being considered for the child; answered in the assessment, several at once."""

    DURABLE_SOLUTION = "durable_solution"
    COMPLEMENTARY_PATHWAY = "complementary_pathway"
    FAMILY_REUNIFICATION = "family_reunification"
    TEMPORARY_CARE = "temporary_care"
    SEPARATION_FROM_CARERS = "separation_from_carers"
    MOVEMENT_ABROAD = "movement_abroad"
    SERVICES_ONLY = "services_only"


UNACCOMPANIED_OR_SEPARATED: Final = frozenset({"unaccompanied", "separated"})
_SOLUTIONS: Final = frozenset({Considered.DURABLE_SOLUTION, Considered.COMPLEMENTARY_PATHWAY})
_OPTIONS_AT_RISK: Final = frozenset({Considered.FAMILY_REUNIFICATION, Considered.TEMPORARY_CARE})
_NEEDS_CUSTODY: Final = frozenset(
    {Considered.DURABLE_SOLUTION, Considered.COMPLEMENTARY_PATHWAY, Considered.FAMILY_REUNIFICATION}
)


@dataclass(frozen=True)
class TriggerFacts:
    """The facts on file that decide whether a BID is required.

    Args:
        accompaniment: code of the case, as registered or corrected since.
        considered: what the newest assessment considers for the child.
        exceptional_risk: the child is at risk in exceptional circumstances.
        against_carers_will: parents or usual carers do not agree to a separation.
        custody_open: custody is disputed or unresolved.
        earlier_determination: a BID decided earlier would be reversed or replaced.
    """

    accompaniment: str
    considered: frozenset[Considered] = frozenset()
    exceptional_risk: bool = False
    against_carers_will: bool = False
    custody_open: bool = False
    earlier_determination: bool = False


def mandatory_triggers(
    facts: TriggerFacts, in_force: Collection[str] = frozenset(Trigger)
) -> frozenset[Trigger]:
    """Return every trigger that is true; each makes a BID mandatory.

    Args:
        facts: what is on file.
        in_force: trigger codes of the country pack.

    Source: DOM-3.4, DOM-R3.
    """
    alone = facts.accompaniment in UNACCOMPANIED_OR_SEPARATED
    tests = {
        Trigger.DURABLE_SOLUTION: alone and bool(facts.considered & _SOLUTIONS),
        Trigger.EXCEPTIONAL_RISK: facts.exceptional_risk
        and bool(facts.considered & _OPTIONS_AT_RISK),
        Trigger.SEPARATION_FROM_CARERS: facts.against_carers_will
        and Considered.SEPARATION_FROM_CARERS in facts.considered,
        Trigger.CUSTODY_UNRESOLVED: facts.custody_open and bool(facts.considered & _NEEDS_CUSTODY),
        Trigger.STATE_ARRANGED_MOVEMENT: alone and Considered.MOVEMENT_ABROAD in facts.considered,
        Trigger.REPLACES_DETERMINATION: facts.earlier_determination,
    }
    return frozenset(code for code, is_true in tests.items() if is_true and code in in_force)


@dataclass(frozen=True)
class Requirement:
    """Whether a BID is required: by which triggers, and by which ones people added.

    Args:
        mandatory: follow from the facts; no role can take them away.
        added: chosen by a supervisor on top.
    """

    mandatory: frozenset[Trigger] = frozenset()
    added: frozenset[Trigger] = frozenset()

    @property
    def is_required(self) -> bool:
        """Whether the case goes to a panel."""
        return bool(self.mandatory or self.added)

    @property
    def codes(self) -> tuple[str, ...]:
        """All trigger codes, sorted."""
        return tuple(sorted(self.mandatory | self.added))


def waive(requirement: Requirement, trigger: Trigger) -> Requirement:
    """Take back a trigger that a supervisor had added.

    Raises:
        TriggerIsMandatory: the trigger follows from the facts; no role waives it.

    Source: DOM-R3.
    """
    if trigger in requirement.mandatory:
        raise TriggerIsMandatory
    return Requirement(requirement.mandatory, requirement.added - {trigger})
