"""Codes of one country in the words of the other, without loss, and every value that has no counterpart.

A map is only used when it can be read backwards: two local codes with one common code would make two children's
situations look the same over there. Nothing is guessed: a value that does not map is listed, and nothing is sent
before somebody has decided what it means.

Source: DOM-5.3, DOM-5.5, EXP-5.5.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

AGE_BANDS: Sequence[tuple[str, int, int]] = (
    ("0-5", 0, 5),
    ("6-9", 6, 9),
    ("10-12", 10, 12),
    ("13-15", 13, 15),
    ("16-17", 16, 17),
    ("18+", 18, 130),
)
"""The bands that travel. Source: EXP-5.5."""


@dataclass(frozen=True)
class CodeMap:
    """The codes of one list.

    Args:
        field: name of the list in the summary, for example ``care.type``.
        pairs: local code to common code.
    """

    field: str
    pairs: Mapping[str, str]

    def out(self, local: str) -> str | None:
        """Return the common code of a local one; ``None`` when there is none."""
        return self.pairs.get(local)

    def back(self, common: str) -> str | None:
        """Return the local code of a common one; ``None`` when there is none."""
        return next((ours for ours, theirs in self.pairs.items() if theirs == common), None)


def collisions(code_map: CodeMap) -> tuple[str, ...]:
    """Return common codes that two local ones would share: such a map loses what it says."""
    counted = Counter(code_map.pairs.values())
    return tuple(sorted(code for code, times in counted.items() if times > 1))


def unmapped(maps: Mapping[str, CodeMap], values: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return every value without a common code, as ``field: value``; a field without a map is common already."""
    return tuple(
        f"{field}: {value}"
        for field, found in values.items()
        if field in maps
        for value in found
        if maps[field].out(value) is None
    )


def common_band(*, age: int | None, local_band: tuple[int, int] | None) -> str | None:
    """Return the band that travels for an age, or for a local band that lies in one of them whole.

    ``None``: the local band crosses a border of the common ones; somebody has to say how old the child is.
    """
    if age is not None:
        return next(code for code, start, end in AGE_BANDS if start <= age <= end)
    if local_band is None:
        return None
    first, last = local_band
    return next((code for code, start, end in AGE_BANDS if start <= first and last <= end), None)
