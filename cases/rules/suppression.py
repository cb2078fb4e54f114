"""Numbers that give nobody away: what may be printed of a count, and what may never be combined.

A table is a tree: the total, its parts by the first dimension, their parts by the second, and so on.
Every number under five is hidden, and beside it so much more that the hidden numbers of one parent
are at least two and add up to at least five. Whoever knows every printed number can then still
give each hidden number any value from nothing to that sum. Margins across the tree are never printed.

What this does not protect from: comparing two different periods or two different indicators.

Source: DOM-R60, DOM-7.1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from core.errors import Answer, Gap, answer

SMALLEST: Final = 5
FEWEST_HIDDEN: Final = 2

Path: TypeAlias = tuple[str, ...]


class Dimension(StrEnum):
    """What a count may be split by. Source: DOM-7.2."""

    SEX = "sex"
    AGE_BAND = "age_band"
    AGE_YEAR = "age_year"
    ACCOMPANIMENT = "accompaniment"
    DISTRICT = "district"
    NATIONALITY = "nationality"
    PRIORITY = "priority"
    STATE = "state"
    DETENTION = "detention"


# Together these three point at one child.
NEVER_TOGETHER: Final = frozenset({Dimension.DISTRICT, Dimension.NATIONALITY, Dimension.AGE_YEAR})
STANDARD: Final = (Dimension.SEX, Dimension.AGE_BAND, Dimension.ACCOMPANIMENT)


@dataclass(frozen=True)
class Cell:
    """One printed place of a table. ``count`` is None where the number is hidden."""

    path: Path
    count: int | None


def may_combine(dimensions: Sequence[Dimension]) -> Answer:
    """Answer whether these dimensions may stand in one table.

    District, nationality and age in years are never together, however common the nationality:
    whether it is rare depends on the district, and nobody checks that by hand.

    Source: DOM-R60.
    """
    return answer(
        "combine_dimensions",
        (
            Gap("dimensions_identify_child") if set(dimensions) >= NEVER_TOGETHER else None,
            Gap("dimension_twice") if len(set(dimensions)) != len(dimensions) else None,
        ),
    )


def publish(leaves: Mapping[Path, int], smallest: int = SMALLEST) -> tuple[Cell, ...]:
    """Return a table that may be printed: every node of the tree, hidden where it must be.

    Args:
        leaves: counts of the finest split, all paths of one length. Places with no child belong
            into it as zero, so that an absent place says nothing.
        smallest: the smallest number that may be printed; a country may ask for more than five.

    Returns:
        Every node, parents before parts, sorted; the empty path is the total.

    Source: DOM-R60.
    """
    totals = _totals(leaves)
    shown: set[Path] = set()
    if totals.get((), 0) >= smallest:
        shown.add(())
        _open((), totals, _children(totals), shown, smallest=smallest)
    return tuple(
        Cell(path, totals[path] if path in shown else None)
        for path in sorted(totals, key=lambda p: (len(p), p))
    )


def is_safe(cells: Iterable[Cell]) -> bool:
    """Whether no hidden number of a table can be worked out from the printed ones.

    An independent look at the result, for tests and as the last check before printing.
    """
    by_path = {cell.path: cell.count for cell in cells}
    if any(count is not None and count < SMALLEST for count in by_path.values()):
        return False
    for parent, parts in _children(by_path).items():
        hidden = [part for part in parts if by_path[part] is None]
        if not hidden:
            continue
        total = by_path[parent]
        if total is None:
            if len(hidden) != len(parts):
                return False
            continue
        rest = total - sum(by_path[part] or 0 for part in parts)
        if len(hidden) < FEWEST_HIDDEN or rest < SMALLEST:
            return False
    return True


def _totals(leaves: Mapping[Path, int]) -> dict[Path, int]:
    totals: dict[Path, int] = {(): 0}
    for path, count in leaves.items():
        for depth in range(len(path) + 1):
            totals[path[:depth]] = totals.get(path[:depth], 0) + count
    return totals


def _children(nodes: Iterable[Path]) -> dict[Path, list[Path]]:
    found: dict[Path, list[Path]] = {}
    for path in nodes:
        if path:
            found.setdefault(path[:-1], []).append(path)
    return found


def _open(
    parent: Path,
    totals: Mapping[Path, int],
    children: Mapping[Path, list[Path]],
    shown: set[Path],
    *,
    smallest: int,
) -> None:
    parts = children.get(parent, [])
    hidden = _hidden(parts, totals, smallest)
    for part in parts:
        if part not in hidden:
            shown.add(part)
            _open(part, totals, children, shown, smallest=smallest)


def _hidden(parts: Sequence[Path], totals: Mapping[Path, int], smallest: int) -> set[Path]:
    """Choose what stays hidden among the parts of one printed number, smallest first."""
    ordered = sorted(parts, key=lambda path: (totals[path], path))
    hidden = [path for path in ordered if totals[path] < smallest]
    if not hidden:
        return set()
    for path in ordered[len(hidden) :]:
        enough = sum(totals[item] for item in hidden) >= smallest
        if len(hidden) >= FEWEST_HIDDEN and enough:
            break
        hidden.append(path)
    return set(hidden)
