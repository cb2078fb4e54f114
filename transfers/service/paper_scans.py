"""Scans of answer forms: read in the bounded process, and kept sealed. No record is asked to read one.

Source: DOM-5.9, EXP-5.2, EXP-10, decision 0020.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from cases.service import filestore
from core.errors import Gap
from core.papers.codes import read_code
from core.papers.press import FilledIn, Press, SheetNotRead
from core.papers.sheet import Mark
from transfers.errors import AnswerFormRefused
from transfers.rules.answer_sheets import SHEETS, Proposal, propose
from transfers.service.answer_forms import laid_out
from transfers.service.guest_answers import Paper, format_of, require_harmless
from transfers.service.incoming import Scan

ACT: Final = "take_answer_form"
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True)
class ReadPaper:
    """A scan as it was read; nothing of it is on record yet."""

    paper: Paper
    media: str
    filled: FilledIn


def read_file(paper: Paper, press: Press, scan: Scan | None) -> ReadPaper:
    """Read a scan; no record is asked, nothing is kept.

    Raises:
        NotToBeTaken: empty, too large, or no PDF or picture.
        PaperNotLookedAt: the virus scanner found something in it, or does not answer.
        AnswerFormRefused: no form of ours is seen well enough on it.
    """
    media = format_of(paper.content)
    require_harmless(scan, paper.content)
    try:
        filled = press.read_sheet(paper.content, media=media, sheets=laid_out().values())
    except SheetNotRead as reason:
        raise refused(f"form_{reason.reason}") from reason
    return ReadPaper(paper, media, filled)


def proposal_of(filled: FilledIn, *, now: datetime) -> Proposal:
    """Say what a filled-in form seems to mean."""
    return proposal_from(filled.sheet, filled.boxes, now)


def code_on(filled: FilledIn, typed: str = "") -> str | None:
    """Return the check code on a form: read, or typed where it could not be read. None where both differ or none is."""
    seen = read_code(filled.code.rpartition("/")[2][:60])
    if not typed.strip():
        return seen
    by_hand = read_code(typed[:60])
    return by_hand if seen is None or seen == by_hand else None


def proposal_from(sheet: str, boxes: Mapping[str, Any], now: datetime) -> Proposal:
    """Say what the boxes of a form seem to mean."""
    ticked, unclear = (
        [box for box, mark in boxes.items() if mark == wanted]
        for wanted in (Mark.TICKED, Mark.UNCLEAR)
    )
    return propose(SHEETS[sheet], ticked, unclear, near=now.date())


def refused(code: str) -> AnswerFormRefused:
    """Return the refusal of a form for one reason."""
    return AnswerFormRefused(ACT, (Gap(code),))


def count_of(content: bytes) -> int:
    """Return in how many pieces a file is kept."""
    return -(-len(content) // _CHUNK)


def keep(session: Session, folder: Path, owner: str, file_id: str, content: bytes) -> None:
    """Keep a file sealed, piece by piece."""
    pieces = [content[at : at + _CHUNK] for at in range(0, len(content), _CHUNK)]
    for number, data in enumerate(pieces):
        filestore.append_chunk(
            session, folder, case_id=owner, attachment_id=file_id, number=number, data=data,
            is_last=number == len(pieces) - 1,
        )  # fmt: skip
    filestore.finish(folder, file_id)


def pieces_of(
    session: Session, folder: Path, owner: str, file_id: str, count: int
) -> tuple[bytes, ...]:
    """Open a kept file.

    Raises:
        Unreadable: it was changed or is gone.
    """
    return tuple(
        filestore.read_chunk(
            session, folder, case_id=owner, attachment_id=file_id, number=number, chunks=count
        )
        for number in range(count)
    )
