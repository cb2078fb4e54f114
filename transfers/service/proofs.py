"""What checking a file finds: sentences as codes with facts, and what they come to together.

Words are said at the edge. A finding is about what a file proves by itself; what nobody compared stays open.
Source: EXP-8.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Final

Fact = str | int | datetime
LONGEST_LINE: Final = 512 * 1024
MOST_ABOUT_ONE: Final = 100  # receipts; there are nine events, each signed once
FINGERPRINT_DIGITS: Final = 60


class Weight(StrEnum):
    """What a finding is worth."""

    PROVEN = "proven"
    OPEN = "open"  # true or not: this file does not tell
    MISSING = "missing"  # what is here is genuine, and something that was here once is not
    BROKEN = "broken"  # changed, forged, or two things that cannot both be true
    STRANGE = "strange"  # no file of a form we know
    OTHER_ANCHOR = "other_anchor"


class Outcome(IntEnum):
    """What all findings come to; the value is the exit code of ``bid verify``. 2 is a command used wrongly."""

    HOLDS = 0
    BROKEN = 1
    STRANGE = 3
    MISSING = 4
    OTHER_ANCHOR = 5
    NOT_COMPARED = 6


_WORST_FIRST: Final = (
    (Weight.STRANGE, Outcome.STRANGE),
    (Weight.BROKEN, Outcome.BROKEN),
    (Weight.OTHER_ANCHOR, Outcome.OTHER_ANCHOR),
    (Weight.MISSING, Outcome.MISSING),
)


@dataclass(frozen=True)
class Finding:
    """One thing a file tells or does not tell; ``code`` has words, ``facts`` fill them."""

    weight: Weight
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Anchored:
    """On whose anchor a file rests: the first one and those that followed it, each as its digits."""

    installation: str
    fingerprints: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What one file proves, on whose anchors it rests, and stamps nobody looked at yet."""

    findings: tuple[Finding, ...]
    anchors: tuple[Anchored, ...] = ()
    stamps: tuple[tuple[str, bytes], ...] = ()


def proven(code: str, **facts: Fact) -> Finding:
    """Say what holds."""
    return Finding(Weight.PROVEN, code, facts)


def left_open(code: str, **facts: Fact) -> Finding:
    """Say what this file does not prove."""
    return Finding(Weight.OPEN, code, facts)


def missing(code: str, **facts: Fact) -> Finding:
    """Say what was here once and is not."""
    return Finding(Weight.MISSING, code, facts)


def broken(code: str, **facts: Fact) -> Finding:
    """Say what cannot be as it is told."""
    return Finding(Weight.BROKEN, code, facts)


def strange(code: str, **facts: Fact) -> Report:
    """Say that a file is none we can read."""
    return Report((Finding(Weight.STRANGE, code, facts),))


def moment(second: int) -> datetime:
    """Return a second of a token as a time."""
    return datetime.fromtimestamp(second, UTC)


def read_fingerprint(text: str) -> str | None:
    """Return the sixty digits of a fingerprint as people write it; None when it is none. Source: EXP-3.3."""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    left = {sign for sign in text if not (sign.isascii() and sign.isdigit())}
    is_written = left <= set(" -\t\n")
    return digits if is_written and len(digits) == FINGERPRINT_DIGITS else None


def compared(anchors: Iterable[Anchored], heard: Iterable[str]) -> tuple[list[Finding], bool]:
    """Compare the anchors of files with fingerprints people compared over another way.

    Args:
        anchors: of all files.
        heard: fingerprints as sixty digits.

    Returns:
        What to say, and whether every anchor was compared.
    """
    known = sorted(set(anchors), key=lambda one: (one.installation, one.fingerprints))
    spoken = set(heard)
    found = [_compared(one, spoken) for one in known]
    told = {digits for one in known for digits in one.fingerprints}
    found += [
        Finding(Weight.OTHER_ANCHOR, "anchor_differs", {"fingerprint": grouped(digits)})
        for digits in sorted(spoken - told)
    ]
    return found, bool(known) and all(one.weight is Weight.PROVEN for one in found)


def _compared(one: Anchored, heard: set[str]) -> Finding:
    facts = {"installation": one.installation, "fingerprint": grouped(one.fingerprints[-1])}
    if heard & set(one.fingerprints):
        return proven("anchor_compared", **facts)
    return left_open("anchor_not_compared", **facts)


def grouped(digits: str) -> str:
    """Return a fingerprint in its groups of five."""
    return " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))


def outcome(findings: Iterable[Finding], *, is_compared: bool) -> Outcome:
    """Say what everything comes to: the worst there is."""
    weights = {one.weight for one in findings}
    for weight, result in _WORST_FIRST:
        if weight in weights:
            return result
    return Outcome.HOLDS if is_compared else Outcome.NOT_COMPARED
