"""The bilateral sheet as it is brought to the meeting of two secretariats: exact numbers, nothing about one child.

Source: DOM-5.11, DOM-7.3, DOM-R50.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime, time
from typing import Any, Final

from sqlmodel import Session

from cases.rules.indicators import period_of
from core.actors import Actor
from core.packs.lookup import pack_of
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import Block, Paper, facts, heading, quiet, table
from core.papers.words import Words, words_in
from transfers.rules.bilateral import Sheet
from transfers.service.bilateral import BilateralSheet, read_sheet

SHEET: Final = "bilateral_sheet"
_TIMES: Final = ("to_acknowledge", "to_answer", "to_handover")


def printed_sheet(
    session: Session,
    actor: Actor,
    partner: str,
    period: str,
    *,
    language: str,
    desk: Desk,
    now: datetime,
) -> Issued:
    """Print the sheet of one period with one country, as the record stands now.

    Raises:
        NotThere, BadInput: as ``read_sheet`` says.
        NotPrintable, PressFailed: as ``issue`` says.
    """
    found = read_sheet(session, actor, partner, period, now=now)
    pack = pack_of(actor.country, on=now.date())
    words = words_in(language, pack.languages.default)
    zone = pack.calendar().zone
    until = datetime.combine(period_of(period).until, time(), tzinfo=zone).astimezone(UTC)
    pair = {"country": words.country(found.country), "partner": words.country(found.partner)}
    paper = Paper(
        kind=SHEET,
        language=words.code,
        title=words("sheet.title", period=found.period, **pair),
        issuer=pack.title,
        about=words("sheet.about", **pair),
        at=min(until, now.replace(hour=0, minute=0, second=0, microsecond=0)),
        zone=str(zone),
        blocks=tuple(_blocks(words, found, pair)),
        series=f"{found.country}|{found.partner}|{found.period}",
    )
    return issue(session, actor, paper, desk, thing_id=partner, case_id=None, now=now)


def _blocks(words: Words, found: BilateralSheet, pair: Mapping[str, str]) -> Iterator[Block]:
    out = words("sheet.way", sender=pair["country"], receiver=pair["partner"])
    into = words("sheet.way", sender=pair["partner"], receiver=pair["country"])
    ways = (found.outbound, found.inbound)
    yield heading(words("sheet.numbers"))
    yield table(("", out, into), list(_rows(words, ways)), (4, 3, 3))
    yield heading(words("sheet.times"))
    rows = [
        (words(f"sheet.{name}"), *(_span(words, getattr(way, name)) for way in ways))
        for name in _TIMES
    ]
    yield table(("", out, into), rows, (4, 3, 3))
    for title, way in ((out, found.outbound), (into, found.inbound)):
        if way.declined_for:
            yield heading(words("sheet.declined_for", way=title), 2)
            yield facts(
                (words.code_of(code), str(count)) for code, count in way.declined_for.items()
            )
    yield heading(words("sheet.open_now"))
    now = found.open_now
    yield facts((
        *((words.code_of(place.replace(":", "_")), str(count)) for place, count in now.open_transfers.items()),
        (words("sheet.late"), str(now.late)),
        (words("sheet.disagreements"), str(now.disagreements)),
        *((words.code_of(code), str(count)) for code, count in now.alarms.items()),
    ))  # fmt: skip
    yield quiet(words("sheet.not_public"))


def _rows(words: Words, ways: tuple[Sheet, Sheet]) -> Iterator[tuple[str, ...]]:
    """Every plain number of the sheet, in the order of its fields."""
    for field in fields(Sheet):
        values = [getattr(way, field.name) for way in ways]
        if all(isinstance(value, int | None) for value in values):
            yield (
                words(f"sheet.{field.name}"),
                *("–" if value is None else str(value) for value in values),
            )


def _span(words: Words, span: Any) -> str:
    if not span.count:
        return "–"
    return words(
        "sheet.span", count=span.count, median=_hours(span.median_hours), p90=_hours(span.p90_hours)
    )


def _hours(hours: float | None) -> str:
    return "–" if hours is None else f"{hours:.1f}"
