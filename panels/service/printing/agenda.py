"""The agenda of a sitting: items by code and hour, for those it is not closed to.

A member with a conflict gets a copy of their own without those items, as if they were not on it.

Source: DOM-3.5, DOM-R14, DOM-R49, DOM-R50.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.service import steps
from core.actors import Actor
from core.packs.lookup import pack_of
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import Block, Paper, facts, heading, quiet, table
from core.papers.words import Words
from panels.service.agenda import show_agenda
from panels.service.printing.common import AGENDA, NOT_HELD, panel_name, short, words_for
from panels.service.sitting_views import SittingView, show_sitting
from panels.store import item as items
from panels.tables.item import ItemRow


def printed_agenda(
    session: Session, actor: Actor, sitting_id: str, *, language: str, desk: Desk, now: datetime
) -> Issued:
    """Print the agenda as it stands; an earlier print is superseded once something on it changed.

    Raises:
        NotThere: no such sitting, or nothing to do with it.
        NotPrintable, PressFailed: as ``issue`` says.
    """
    shown = show_agenda(session, actor, sitting_id, now=now)
    view = show_sitting(session, actor, sitting_id, now=now)
    sitting = view.sitting
    pack = pack_of(actor.country, on=sitting.starts_at.date())
    words = words_for(language, pack)
    every = items.of_sitting(session, sitting_id)
    paper = Paper(
        kind=AGENDA,
        language=words.code,
        title=words("agenda.title", day=words.day(_day(view))),
        issuer=panel_name(session, sitting, pack),
        about=words("sitting.about", id=short(sitting.id)),
        at=sitting.convened_at or sitting.created_at,
        zone=sitting.timezone,
        blocks=tuple(_blocks(session, view, shown, words)),
        series=sitting.id,
        is_replaced=sitting.state in NOT_HELD,
        only_for=actor.person_id if len(shown) < len(every) else "",
    )
    return issue(session, actor, paper, desk, thing_id=sitting.id, case_id=None, now=now)


def _day(view: SittingView) -> date:
    return view.sitting.starts_at.astimezone(ZoneInfo(view.sitting.timezone)).date()


def _blocks(
    session: Session, view: SittingView, shown: Sequence[ItemRow], words: Words
) -> Iterator[Block]:
    sitting = view.sitting
    yield facts((
        (words("agenda.begins"), words.moment(sitting.starts_at, sitting.timezone)),
        (words("agenda.ends"), words.moment(sitting.ends_at, sitting.timezone)),
        (words("zone"), sitting.timezone),
        (words("agenda.place"), view.place),
        (words("agenda.mode"), words.code_of(sitting.mode)),
        (words("agenda.type"), words.code_of(sitting.type)),
        (words("agenda.called"), str(len(view.roster))),
    ))  # fmt: skip
    yield heading(words("agenda.items"))
    heads = (
        words("number"),
        words("child.code"),
        words("agenda.item_type"),
        words("priority"),
        words("state"),
    )
    rows = [
        (
            str(one.position), steps.lock(session, one.case_id).child_code, words.code_of(one.type),
            words.code_of(one.priority), words.code_of(one.state),
        )
        for one in sorted(shown, key=lambda each: each.position)
    ]  # fmt: skip
    yield table(heads, rows, (1, 4, 4, 3, 4))
    yield quiet(words("agenda.confidential"))
