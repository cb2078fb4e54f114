"""The hearing bundle: one file for one member, with every item whose papers that member has.

Index, pages numbered through, report by report, files behind each. Opening it opens the papers of each item, which is
on record item by item and counts as read. A copy without names is for reading where others look on.

Source: DOM-3.5, DOM-4.5/item.read_by, DOM-R14, DOM-R16, DOM-R50.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlmodel import Session

from cases.service import attachments
from cases.service.papers import Papers
from cases.service.printing import Told, names_in, report_blocks, triggers_in_words
from core.accounts.directory import names_of
from core.actors import Actor
from core.errors import NotThere
from core.packs.lookup import pack_of
from core.packs.models import Pack
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import (
    Block,
    Paper,
    heading,
    index,
    page_break,
    quiet,
    quote,
    sheets,
    strong,
    text,
)
from core.papers.press import DRAWN, FileNotDrawn, Page
from core.papers.words import Words
from panels.service.agenda import show_agenda
from panels.service.papers import open_papers
from panels.service.printing.common import BUNDLE, NOT_HELD, panel_name, short, words_for
from panels.service.standing import floor, local_day
from panels.tables.item import ItemRow

MOST_PAGES: Final = 120
"""Pages of files drawn into one bundle; what is beyond is named and read on the screen."""
MOST_OF_ONE: Final = 40
LARGEST_FILE: Final = 20 * 1024 * 1024
MOST_BYTES: Final = 48 * 1024 * 1024
"""Of all files drawn into one bundle, as they lie."""
MOST_PICTURES: Final = 64 * 1024 * 1024
"""Bytes of the pictures drawn from them."""


@dataclass
class _Copy:
    """One member's copy while it is made."""

    session: Session
    actor: Actor
    words: Words
    pack: Pack
    desk: Desk
    folder: Path
    without_names: bool
    now: datetime
    left: int
    bytes_left: int
    pictures_left: int


def hearing_bundle(
    session: Session,
    actor: Actor,
    sitting_id: str,
    *,
    language: str,
    without_names: bool,
    folder: Path,
    desk: Desk,
    now: datetime,
) -> Issued:
    """Print the papers of a sitting for whoever asks: the items whose papers were released to them, and no others.

    Args:
        session: the unit of work.
        actor: a member called to it, or the panel's own staff.
        sitting_id: the sitting.
        language: of the fixed words.
        without_names: black out the names the file knows, and leave files out.
        folder: where sealed files lie.
        desk: press and signature.
        now: when.

    Raises:
        NotThere: no such sitting, nothing to do with it, or no papers.
        NotPrintable, PressFailed: as ``issue`` says.
    """
    found = floor(session, actor, sitting_id, now=now, lock=False)
    sitting = found.sitting
    pack = pack_of(actor.country, on=sitting.starts_at.date())
    words = words_for(language, pack)
    copy = _Copy(
        session, actor, words, pack, desk, folder, without_names, now, MOST_PAGES, MOST_BYTES,
        MOST_PICTURES,
    )  # fmt: skip
    agenda = sorted(show_agenda(session, actor, sitting_id, now=now), key=lambda one: one.position)
    opened = [(item, papers) for item in agenda if (papers := _papers(copy, item)) is not None]
    if not opened:
        raise NotThere("papers")
    reader = names_of(session, actor, {actor.person_id}, now=now).get(actor.person_id, "–")
    paper = Paper(
        kind=BUNDLE,
        language=words.code,
        title=words("bundle.title", day=words.day(local_day(sitting, sitting.starts_at))),
        issuer=panel_name(session, sitting, pack),
        about=words("bundle.copy", name=reader, id=short(sitting.id)),
        at=max(papers.frozen_at for _, papers in opened),
        zone=sitting.timezone,
        blocks=tuple(_blocks(copy, opened)),
        series=f"{sitting.id}|{without_names}",
        is_replaced=sitting.state in NOT_HELD,
        only_for=actor.person_id,
    )
    return issue(session, actor, paper, desk, thing_id=sitting.id, case_id=None, now=now)


def _papers(copy: _Copy, item: ItemRow) -> Papers | None:
    """Open the papers of one item; none where they are not for this reader."""
    try:
        return open_papers(copy.session, copy.actor, item.id, now=copy.now)
    except NotThere:
        return None


def _blocks(copy: _Copy, opened: list[tuple[ItemRow, Papers]]) -> Iterator[Block]:
    words = copy.words
    yield text(words("bundle.rules"))
    if copy.without_names:
        yield text(words("bundle.without_names"))
    yield strong(words("bundle.index"))
    yield index()
    for item, papers in opened:
        yield page_break()
        yield from _item(copy, item, papers)


def _item(copy: _Copy, item: ItemRow, papers: Papers) -> Iterator[Block]:
    words = copy.words
    code = papers.child["child_code"]
    blacked = names_in(papers.child, papers.report) if copy.without_names else ()
    told = Told(
        words,
        papers.child,
        papers.report,
        triggers_in_words(copy.pack, papers.triggers),
        level=2,
        blacked=blacked,
    )
    yield heading(words("bundle.item", number=item.position, code=code))
    spoken = (told.said(option.views.words) for option in papers.report.options)
    yield from (quote(words_said) for words_said in dict.fromkeys(spoken) if words_said.strip())
    yield from report_blocks(told)
    if papers.answers:
        yield heading(words("bundle.answers"), 2)
        yield from (text(told.said(one)) for one in papers.answers)
    yield quiet(words("seal", seal=papers.snapshot_hash))
    if not copy.without_names:
        yield from _files(copy, item, papers)


def _files(copy: _Copy, item: ItemRow, papers: Papers) -> Iterator[Block]:
    """Draw the files of a report behind it; one that is not for this reader, or cannot be drawn, is named so."""
    words = copy.words
    for number, note in enumerate(papers.report.attachments, start=1):
        label = words("bundle.file", number=number, kind=words.code_of(note.kind))
        yield heading(label, 2)
        try:
            pages = _drawn(copy, item, note.file_id)
        except NotThere:
            yield text(words("bundle.file_closed"))
        except FileNotDrawn:
            yield text(words("bundle.file_not_drawn"))
        else:
            yield sheets(_sheet(words, label, pages, at) for at in range(len(pages)))


def _drawn(copy: _Copy, item: ItemRow, file_id: str) -> list[Page]:
    opened = attachments.open_attachment(
        copy.session, copy.actor, item.case_id, file_id, folder=copy.folder, now=copy.now,
        is_print=True,
    )  # fmt: skip
    if opened.media_type not in DRAWN or opened.size > min(LARGEST_FILE, copy.bytes_left):
        raise FileNotDrawn
    copy.bytes_left -= opened.size

    def load() -> bytes:
        chunks = range(opened.chunks)
        return b"".join(attachments.read_chunk(copy.session, opened, at) for at in chunks)

    pages = copy.desk.press.drawn(file_id, load, media=opened.media_type, most=MOST_OF_ONE)
    size = sum(len(page.picture) for page in pages)
    if len(pages) > copy.left or size > copy.pictures_left:
        raise FileNotDrawn
    copy.left -= len(pages)
    copy.pictures_left -= size
    return pages


def _sheet(words: Words, label: str, pages: list[Page], at: int) -> Block:
    page = pages[at]
    caption = words("bundle.sheet", file=label, page=at + 1, count=len(pages))
    shown = page.words or words("bundle.sheet_without_words")
    return {
        "media": page.media, "picture": page.picture, "width": page.width, "height": page.height,
        "caption": caption, "alt": f"{caption}. {shown}",
    }  # fmt: skip
