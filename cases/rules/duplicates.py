"""Hints that two files may be about one child. A hint lists what agrees; people decide, never a score.

Names are compared by keyed hashes only: as written, and as they sound, so that spellings meet.

Source: DOM-R53, DOM-0 (double counting).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

AGES_ALIKE_YEARS: Final = 2
SIGNALS_NEEDED: Final = 2  # beside the name
PAIR, LONE, LONG = (
    "pair",
    "lone",
    "long",
)  # kinds of keys: two words, an only word, one of very many
MOST_PAIRED: Final = 8  # words of a name; more are kept word by word
HALF: Final = 16  # hexadecimal digits


class Signal(StrEnum):
    """One thing two files have in common."""

    SAME_NUMBER = "same_number"
    NAME_WRITTEN_ALIKE = "name_written_alike"
    NAME_SOUNDS_ALIKE = "name_sounds_alike"
    AGE_ALIKE = "age_alike"
    SAME_SEX = "same_sex"
    SAME_NATIONALITY = "same_nationality"
    SAME_PLACE = "same_place"


@dataclass(frozen=True)
class Likeness:
    """What is compared; unknown values agree with nothing and contradict nothing.

    Args:
        exact: keyed hashes of the words of the name.
        sound: keyed hashes of how they sound.
        numbers: keyed hashes of numbers other systems gave, with their kind.
    """

    exact: frozenset[str] = frozenset()
    sound: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    age: int | None = None
    sex: str = "not_stated"
    nationality: str = "undetermined"
    district: str = ""


def signals(new: Likeness, known: Likeness) -> tuple[Signal, ...]:
    """Return what agrees when the two may be one child; empty when they hardly are.

    The same number of another system is enough. Otherwise at least half of the words of the
    shorter name must sound alike, nothing may contradict (sex, age), and two more things agree.
    """
    if new.numbers & known.numbers:
        return (Signal.SAME_NUMBER, *_agreeing(new, known))
    if not _names_meet(new, known) or _contradict(new, known):
        return ()
    found = _agreeing(new, known)
    beside = [s for s in found if s not in _NAME_SIGNALS]
    return found if len(beside) >= SIGNALS_NEEDED else ()


def could_be(new: Likeness, known: Likeness) -> bool:
    """Whether it is worth opening a file to compare more: number or name meet, sex does not contradict.

    Never false where ``signals`` would find something.
    """
    if new.numbers & known.numbers:
        return True
    return _names_meet(new, known) and not _sexes_contradict(new, known)


def kept_under(sounds: Collection[str]) -> frozenset[tuple[str, str]]:
    """Return the keys (kind, key) under which a name is kept beside its words, so that few are compared.

    Two names meet by more than half of the shorter one: by a pair of words, unless one has a single word.

    Args:
        sounds: keyed hashes of how the words sound.
    """
    words = sorted(sounds)
    if len(words) == 1:
        return frozenset({(LONE, words[0])})
    if len(words) > MOST_PAIRED:
        return frozenset((LONG, word) for word in words)
    return frozenset((PAIR, pair_key(one, other)) for one, other in combinations(words, 2))


def asked_under(sounds: Collection[str]) -> frozenset[tuple[str, str]] | None:
    """Return the keys of every name that may meet this one; None: only its single words find them all."""
    if not 1 < len(sounds) <= MOST_PAIRED:
        return None
    alone = {(kind, word) for kind in (LONE, LONG) for word in sounds}
    return kept_under(sounds) | alone


def pair_key(one: str, other: str) -> str:
    """Return the key of two words of a name, in either order: half of the hash of each."""
    first, second = sorted((one, other))
    return first[:HALF] + second[:HALF]


_NAME_SIGNALS: Final = frozenset({Signal.NAME_WRITTEN_ALIKE, Signal.NAME_SOUNDS_ALIKE})


def _names_meet(new: Likeness, known: Likeness) -> bool:
    shorter = min(len(new.sound), len(known.sound))
    return shorter > 0 and 2 * len(new.sound & known.sound) > shorter


def _contradict(new: Likeness, known: Likeness) -> bool:
    return _sexes_contradict(new, known) or (
        _ages_known(new, known) and not _ages_alike(new, known)
    )


def _sexes_contradict(new: Likeness, known: Likeness) -> bool:
    return len({new.sex, known.sex} - {"not_stated"}) > 1


def _agreeing(new: Likeness, known: Likeness) -> tuple[Signal, ...]:
    tests = (
        (Signal.NAME_WRITTEN_ALIKE, bool(new.exact) and _subset(new.exact, known.exact)),
        (Signal.NAME_SOUNDS_ALIKE, _names_meet(new, known)),
        (Signal.AGE_ALIKE, _ages_alike(new, known)),
        (Signal.SAME_SEX, new.sex == known.sex != "not_stated"),
        (Signal.SAME_NATIONALITY, new.nationality == known.nationality not in {"", "undetermined"}),
        (Signal.SAME_PLACE, new.district == known.district != ""),
    )
    return tuple(signal for signal, agrees in tests if agrees)


def _subset(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(other) and (one <= other or other <= one)


def _ages_known(new: Likeness, known: Likeness) -> bool:
    return new.age is not None and known.age is not None


def _ages_alike(new: Likeness, known: Likeness) -> bool:
    if new.age is None or known.age is None:
        return False
    return abs(new.age - known.age) <= AGES_ALIKE_YEARS
