"""Notice reasons that were copied from one child's decision to another's.

A flag for the chair, never a block: two brothers may truly have the same reasons.

Source: DOM-3.5 (batch sittings).
"""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Final

_WORD: Final = re.compile(r"\w+")


def similarity_percent(one: str, other: str) -> int:
    """Return how much of two texts is the same words in the same order, 0 to 100.

    Case, punctuation and line breaks do not count. Two empty texts are not similar.
    """
    left, right = _words(one), _words(other)
    if not left or not right:
        return 0
    return int(SequenceMatcher(None, left, right, autojunk=False).ratio() * 100)


def similar_decisions(
    text: str,
    others: Mapping[str, str],
    *,
    above_percent: int,
) -> tuple[tuple[str, int], ...]:
    """Find earlier decisions of the same sitting whose reasons read alike.

    Args:
        text: all reasons of the new decision, joined.
        others: reasons by decision id.
        above_percent: only texts more alike than this are named.

    Returns:
        Decision id and percentage, most alike first.
    """
    mine = _words(text)
    if not mine:
        return ()
    matcher: SequenceMatcher[str] = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(mine)
    found = []
    for decision_id, other in others.items():
        matcher.set_seq1(_words(other))
        if _could_reach(matcher, above_percent):
            percent = int(matcher.ratio() * 100)
            if percent > above_percent:
                found.append((decision_id, percent))
    return tuple(sorted(found, key=lambda hit: (-hit[1], hit[0])))


def _could_reach(matcher: "SequenceMatcher[str]", percent: int) -> bool:
    """Cheap upper bounds first: a batch holds hundreds of texts."""
    return matcher.real_quick_ratio() * 100 > percent and matcher.quick_ratio() * 100 > percent


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
