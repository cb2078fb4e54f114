"""Why a child's journey abroad stands still. Any one reason is enough; each is lifted by itself.

Source: DOM-R8, DOM-R26, DOM-R42, DOM-R47, DOM-5.8.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.actors import Role


class HoldOnMovement(StrEnum):
    """A reason for which nobody moves the child to another country."""

    APPEAL = "appeal"  # R42
    ASYLUM = "asylum"  # R26
    FEAR_OF_RETURN = "fear_of_return"  # R26
    CHILD_UNWILLING = "child_unwilling"  # R8
    DANGER = "danger"  # R47
    DISAGREEMENT = "disagreement"  # DOM-5.8


# Whoever hears it first may stop a journey; to let it go on somebody must answer for it.
MAY_PLACE: Final = frozenset(
    {
        Role.CASEWORKER,
        Role.SUPERVISOR,
        Role.ASSESSOR,
        Role.COORDINATOR,
        Role.CHAIR,
        Role.SECRETARY,
        Role.GUARDIAN,
        Role.LAWYER,
        Role.SECRETARIAT,
        Role.SECRETARIAT_HEAD,
        Role.ESCORT,
        Role.PROCEDURE,
    }
)
MAY_RELEASE: Final = frozenset(
    {Role.SUPERVISOR, Role.COORDINATOR, Role.CHAIR, Role.SECRETARIAT_HEAD, Role.PROCEDURE}
)
# Nobody contacts the country of origin about a child who fears it.
NO_CONTACT_WITH_ORIGIN: Final = frozenset({HoldOnMovement.ASYLUM, HoldOnMovement.FEAR_OF_RETURN})
# Sending information could itself harm.
NO_SENDING: Final = frozenset({HoldOnMovement.DANGER})


@dataclass(frozen=True)
class OpenHold:
    """One reason that stands. ``ref`` names what caused it, for example an appeal id."""

    reason: HoldOnMovement
    ref: str


def may_move(holds: Collection[OpenHold]) -> bool:
    """Whether nothing stands against a movement abroad. Source: DOM-R42, DOM-5.10/3."""
    return not holds


def may_contact_origin(holds: Collection[OpenHold]) -> bool:
    """Whether the country of origin or its consulate may be asked about the child.

    Source: DOM-R26.
    """
    return not any(hold.reason in NO_CONTACT_WITH_ORIGIN for hold in holds)


def may_send_information(holds: Collection[OpenHold]) -> bool:
    """Whether information about the child may be requested or sent at all. Source: DOM-R47."""
    return not any(hold.reason in NO_SENDING for hold in holds)
