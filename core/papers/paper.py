"""What a paper is before it is printed: its kind, language, and blocks of plain values.

A block is data for ``templates/papers``; each function here makes one kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.exchange.qr import mark_picture
from core.papers.sheet import BOX_SIDE, CORNERS, LABEL_WIDTH, MARK_SIDE, Sheet, line_places, sign_of

Block = Mapping[str, Any]
STANDARD: Final = "paper"
FOR_A_CHILD: Final = "child"
TO_FILL_IN: Final = "answer"


@dataclass(frozen=True)
class Paper:
    """One paper, ready to be issued. Nothing in it depends on when or by whom it is printed.

    Args:
        kind: code of the kind, for example ``decision_letter``; the words files name it.
        language: of the document.
        words: language of the fixed words, one there are words for; that of the document when empty.
        title: as it stands on top.
        issuer: who speaks: office, panel or country.
        about: line under the title; a code or reference, empty on the child's own page.
        at: of the record it prints; the day the document carries.
        zone: on whose clock.
        blocks: what it says.
        series: opaque id of what it is about; a later edition replaces an earlier one in it.
        edition: version of the record, from 1.
        template: ``STANDARD``, ``FOR_A_CHILD`` or ``TO_FILL_IN``.
        is_replaced: whether the record it prints counts no more; the paper is superseded from the start.
        only_for: who alone may have this copy (a redacted one); empty for everybody with access.
    """

    kind: str
    language: str
    title: str
    issuer: str
    about: str
    at: datetime
    zone: str
    blocks: Sequence[Block]
    series: str
    edition: int = 1
    template: str = STANDARD
    words: str = ""
    is_replaced: bool = False
    only_for: str = ""


def heading(text: str, level: int = 1) -> Block:
    """A heading."""
    return {"kind": "heading", "text": text, "level": level}


def text(words: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": words}


def strong(words: str) -> Block:
    """A paragraph that must not be missed."""
    return {"kind": "strong", "text": words}


def quiet(words: str) -> Block:
    """A remark."""
    return {"kind": "quiet", "text": words}


def quote(words: str) -> Block:
    """What somebody said, in their words."""
    return {"kind": "quote", "text": words}


def listing(items: Iterable[str]) -> Block:
    """A list without order."""
    return {"kind": "list", "items": list(items)}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    """Labels with what they say; a row without anything to say is left out."""
    return {"kind": "facts", "rows": [list(row) for row in rows if row[1].strip()]}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int] = ()) -> Block:
    """A table with a head."""
    return {
        "kind": "table",
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
    }


def signatures(lines: Iterable[tuple[str, str, str]]) -> Block:
    """Who signed: name, as what, when; a line to sign on where the last is empty."""
    found = [{"name": name, "role": role, "signed": signed} for name, role, signed in lines]
    return {"kind": "signatures", "lines": found}


def section(title: str, words: str) -> tuple[Block, ...]:
    """A heading with a paragraph; nothing when nothing was written."""
    return (heading(title), text(words)) if words.strip() else ()


def sheets(pages: Iterable[Block]) -> Block:
    """Pages of a file: each a picture with its size, caption and what it says for who does not see it."""
    return {"kind": "sheets", "pages": list(pages)}


def to_fill_in(
    sheet: Sheet, heads: Mapping[str, str], words: Mapping[str, str], lines: Sequence[str], how: str
) -> Block:
    """A whole page to be filled in by hand.

    Args:
        sheet: where everything is.
        heads: words above each group.
        words: words beside each box, by its name.
        lines: what people are asked to write below, a line each.
        how: how it is filled in.
    """
    groups = [
        {
            "text": heads[name], "x": x, "y": y, "row": name in sheet.rows,
            "boxes": [
                {"x": box.x, "y": box.y, "text": words[box.name]}
                for box in sheet.boxes if box.name.partition(":")[0] == name
            ],
        }
        for name, (x, y) in sheet.heads.items()
    ]  # fmt: skip
    places = line_places(sheet, len(lines))
    return {
        "kind": "sheet", "how": how, "groups": groups, "mark_side": MARK_SIDE, "box_side": BOX_SIDE,
        "label_width": LABEL_WIDTH,
        "marks": [
            {"x": x, "y": y, "picture": mark_picture(sign_of(sheet.name, corner)).decode()}
            for corner, (x, y) in CORNERS.items()
        ],
        "lines": [
            {"x": 60, "y": y, "text": text} for y, text in zip(places, lines, strict=True)
        ],
    }  # fmt: skip


def page_break() -> Block:
    """Begin a new page."""
    return {"kind": "break"}


def index() -> Block:
    """The headings of the first level with their pages."""
    return {"kind": "index"}


def local_day(paper: Paper) -> date:
    """Return the day of a paper on its own clock."""
    return paper.at.astimezone(ZoneInfo(paper.zone)).date()
