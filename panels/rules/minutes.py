"""Minutes: drafted from the record, signed by two, sealed with the sitting's events.

Source: DOM-3.5, DOM-4.5, DOM-R22.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from core.errors import Answer, Gap, answer
from panels.rules.sealing import differences, seal_hash

MIN_CORRECTION_REASON: Final = 20
SIGNERS: Final = ("chair", "secretary")


class MinutesState(StrEnum):
    """How far a version of the minutes is."""

    DRAFT = "draft"
    SIGNED = "signed"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Verification:
    """Whether sealed minutes still match the rows they were drawn from.

    Args:
        sealed_hash: the hash stored at signing.
        found_hash: the hash of the rows today.
        differing: JSON pointers of everything that differs; empty when nothing does.
    """

    sealed_hash: str
    found_hash: str
    differing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was changed since the signatures."""
        return self.sealed_hash == self.found_hash and not self.differing


def verify(sealed_hash: str, sealed: dict[str, Any], found: dict[str, Any]) -> Verification:
    """Compare what was sealed with what the rows say now, and name what differs.

    Args:
        sealed_hash: stored next to the signatures.
        sealed: the content kept with the hash.
        found: the content drawn from the rows again.
    """
    differing = differences(sealed, found)
    if seal_hash(sealed) != sealed_hash:
        differing = ("/sealed_copy", *differing)
    return Verification(sealed_hash, seal_hash(found), differing)


def may_sign(
    *, role: str, signer: str, already: Collection[str], undecided: int, unsigned: int
) -> Answer:
    """Say whether this person may sign the minutes now.

    Args:
        role: ``chair`` or ``secretary`` of the sitting.
        signer: person id.
        already: person ids who signed before; the two signatures are two people.
        undecided: items still open.
        unsigned: decisions of the sitting that wait for signatures.
    """
    return answer(
        "sign_minutes",
        (
            None if role in SIGNERS else Gap("signer_is_not_chair_or_secretary"),
            Gap("same_person_signs_twice") if signer in already else None,
            Gap("items_still_open", {"count": undecided}) if undecided else None,
            Gap("decisions_unsigned", {"count": unsigned}) if unsigned else None,
        ),
    )


def may_correct(*, is_signed: bool, reason: str) -> Answer:
    """Say whether a new version may be drawn up; signed minutes are never changed in place."""
    return answer(
        "correct_minutes",
        (
            None if is_signed else Gap("minutes_not_signed"),
            None
            if len(reason.strip()) >= MIN_CORRECTION_REASON
            else Gap("correction_reason_missing", {"needed": MIN_CORRECTION_REASON}),
        ),
    )


def stamp(moment: datetime | date | None) -> str:
    """Write a moment into a sealed record."""
    return moment.isoformat() if moment else ""
