"""How an installation of another country becomes a partner, and stops being one: states and acts of officers.

Trust needs two people who each heard the fingerprint over a channel of their own; so do trusting again and ending
it for good. Suspending needs one, at once. Persons are compared, never accounts or roles. Source: EXP-3.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from core.errors import NotAllowed, WrongState

GROUPS_TYPED: Final = 2


class State(StrEnum):
    """How far we trust an installation. Only ``ACTIVE`` ones send and receive."""

    PROPOSED = "proposed"
    HALF_CONFIRMED = "half_confirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Act(StrEnum):
    """What officers do with a partner."""

    CONFIRM = "confirm"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"


class Channel(StrEnum):
    """Over which way an officer heard the fingerprint."""

    IN_PERSON = "in_person"
    LETTER = "letter"
    PHONE = "phone"
    VIDEO = "video"
    DIPLOMATIC_BAG = "diplomatic_bag"


@dataclass(frozen=True)
class Half:
    """The first half of an act that needs two people.

    Args:
        act: what was begun.
        person_id: who began it.
        channel: over which way they heard the fingerprint, when confirming.
    """

    act: Act
    person_id: str
    channel: Channel | None = None


@dataclass(frozen=True)
class Standing:
    """Where a partner stands: its state, and the half of an act that waits for a second person."""

    state: State
    half: Half | None = None


_EARLY: Final = frozenset({State.PROPOSED, State.HALF_CONFIRMED})
_POSSIBLE: Final[Mapping[Act, frozenset[State]]] = {
    Act.CONFIRM: _EARLY,
    Act.SUSPEND: frozenset({State.ACTIVE}),
    Act.RESUME: frozenset({State.SUSPENDED}),
    Act.REVOKE: _EARLY | {State.SUSPENDED},
}
_ENDS_IN: Final[Mapping[Act, State]] = {
    Act.CONFIRM: State.ACTIVE,
    Act.SUSPEND: State.SUSPENDED,
    Act.RESUME: State.ACTIVE,
    Act.REVOKE: State.REVOKED,
}


def after(
    standing: Standing, act: Act, person_id: str, *, channel: Channel | None = None
) -> Standing:
    """Return where the partner stands after a person's act.

    A proposal nobody trusted yet is ended by one person. Of two different halves the newer one counts: who asks to
    end a partnership does not stand behind resuming it.

    Args:
        standing: before.
        act: what the person does.
        person_id: who.
        channel: over which way they heard the fingerprint, when confirming.

    Raises:
        WrongState: the act does not exist in this state.
        NotAllowed: the same person, or the same channel, twice.
    """
    if standing.state not in _POSSIBLE[act]:
        raise WrongState("partner", standing.state, act)
    alone = act is Act.SUSPEND or (act is Act.REVOKE and standing.state in _EARLY)
    if alone:
        return Standing(_ENDS_IN[act])
    half = standing.half
    if half is None or half.act is not act:
        begun = State.HALF_CONFIRMED if act is Act.CONFIRM else standing.state
        return replace(standing, state=begun, half=Half(act, person_id, channel))
    if half.person_id == person_id:
        raise NotAllowed("second_person_trusts")
    if act is Act.CONFIRM and half.channel is channel:
        raise NotAllowed("second_channel_trusts")
    return Standing(_ENDS_IN[act])


def heard_right(fingerprint: tuple[str, ...], typed: tuple[str, ...]) -> bool:
    """Whether an officer typed the last groups of the fingerprint as the partner reads them out."""
    return typed == fingerprint[-GROUPS_TYPED:]


def shown(fingerprint: tuple[str, ...]) -> tuple[str, ...]:
    """Return the groups a screen may show before trust: not those the officer has to hear."""
    return fingerprint[:-GROUPS_TYPED]
