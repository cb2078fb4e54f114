"""A page that people fill in by hand: where its marks, boxes and lines are, in millimetres from its top left corner.

Four marks say which corner they are and which sheet it is, so that a photograph finds its way back to these places.
What the boxes mean is the features' business. Source: decision 0020.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

PAGE: Final = (210.0, 297.0)
MARK_SIDE: Final = 14.0
MARK_AT: Final = 10.0
BOX_SIDE: Final = 5.0
SIGN: Final = "BIDP"
TOP: Final = 62.0
BOTTOM: Final = 268.0
_LEFT: Final = 14.0
_ROW: Final = 6.6
_HEAD: Final = 6.2
_COLUMNS: Final = (_LEFT, 108.0)
LABEL_WIDTH: Final = 84.0
_BUBBLES: Final = 44.0
_PITCH: Final = 12.0
_LINE: Final = 9.0
LEAST_LINES: Final = 6
LEAST_STEP: Final = 6.5
_BETWEEN: Final = 1.6


class Corner(StrEnum):
    """The corners of a sheet, as its marks call them."""

    TOP_LEFT = "TL"
    TOP_RIGHT = "TR"
    BOTTOM_RIGHT = "BR"
    BOTTOM_LEFT = "BL"


CORNERS: Final[Mapping[Corner, tuple[float, float]]] = {
    Corner.TOP_LEFT: (MARK_AT, MARK_AT),
    Corner.TOP_RIGHT: (PAGE[0] - MARK_AT - MARK_SIDE, MARK_AT),
    Corner.BOTTOM_RIGHT: (PAGE[0] - MARK_AT - MARK_SIDE, PAGE[1] - MARK_AT - MARK_SIDE),
    Corner.BOTTOM_LEFT: (MARK_AT, PAGE[1] - MARK_AT - MARK_SIDE),
}


class Mark(StrEnum):
    """What was made of one box."""

    TICKED = "ticked"
    EMPTY = "empty"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Group:
    """Boxes that belong together, under a heading.

    Args:
        name: of the group; a box is called ``name:option``.
        options: codes, in their order.
        is_row: one line of small boxes, as for the figures of a date, with the heading before it.
    """

    name: str
    options: tuple[str, ...]
    is_row: bool = False


@dataclass(frozen=True)
class Box:
    """One box: its name, and where its upper left corner is."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Sheet:
    """One page laid out.

    Args:
        name: short, in capitals and figures; the marks carry it.
        boxes: every box.
        heads: where each group's heading begins.
        rows: groups that are one line of small boxes.
        free_from: where lines for what only people read can begin.
    """

    name: str
    boxes: tuple[Box, ...]
    heads: Mapping[str, tuple[float, float]]
    rows: frozenset[str]
    free_from: float
    _by_name: Mapping[str, Box] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {one.name: one for one in self.boxes})

    def box(self, name: str) -> Box:
        """Return a box by its name."""
        return self._by_name[name]


def lay_out(name: str, groups: Iterable[Group]) -> Sheet:
    """Give every box its place: two columns of boxes with their words, or one row of bubbles.

    Raises:
        ValueError: it does not fit on one page.
    """
    boxes: list[Box] = []
    rows_of_bubbles: set[str] = set()
    heads: dict[str, tuple[float, float]] = {}
    y = TOP
    for group in groups:
        heads[group.name] = (_LEFT, y)
        if group.is_row:
            rows_of_bubbles.add(group.name)
            boxes += [
                Box(f"{group.name}:{one}", _BUBBLES + at * _PITCH, y)
                for at, one in enumerate(group.options)
            ]
            y += _ROW
            continue
        y += _HEAD
        rows = -(-len(group.options) // len(_COLUMNS))
        boxes += [
            Box(f"{group.name}:{one}", _COLUMNS[at // rows], y + (at % rows) * _ROW)
            for at, one in enumerate(group.options)
        ]
        y += rows * _ROW + _BETWEEN
    if y > BOTTOM - LEAST_LINES * LEAST_STEP:
        raise ValueError(name)
    return Sheet(name, tuple(boxes), heads, frozenset(rows_of_bubbles), y)


def sign_of(sheet: str, corner: Corner) -> str:
    """Return what the mark of a corner says."""
    return f"{SIGN}/{sheet}/{corner}"


def corner_of(text: str) -> tuple[str, Corner] | None:
    """Return sheet and corner of a mark; None for any other code."""
    sign, _, rest = text.partition("/")
    sheet, _, corner = rest.partition("/")
    return (sheet, Corner(corner)) if sign == SIGN and corner in set(Corner) else None


def places(sheets: Iterable[Sheet]) -> dict[str, list[list[Any]]]:
    """Return where the boxes of sheets are, as plain values for the process that reads pictures."""
    return {sheet.name: [[one.name, one.x, one.y] for one in sheet.boxes] for sheet in sheets}


def line_places(sheet: Sheet, count: int) -> Sequence[float]:
    """Return where so many lines to write on stand, spread over what is free of the page."""
    step = min(_LINE, (BOTTOM - sheet.free_from) / count)
    return [sheet.free_from + (at + 1) * step for at in range(count)]
