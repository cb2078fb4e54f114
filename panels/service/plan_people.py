"""Who can come when: members with leave, duty, other panels, terms and undertakings; interpreters.

Source: DOM-4.5 (votes only inside term), DOM-R16 (undertaking), DOM-R10 (interpreters).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.languages import language
from panels.rules.roster import Holder, SeatRole
from panels.service.plan_cases import Child
from panels.store import planning as store
from panels.tables.panel import PanelRow

Span = tuple[datetime, datetime]
DAY: Final = timedelta(days=1)
YEAR: Final = timedelta(days=365)


@dataclass(frozen=True)
class Coming:
    """A member and when they cannot come."""

    holder: Holder
    away: tuple[Span, ...]
    sat: int

    @property
    def roles(self) -> list[str]:
        """Return what the member may be counted as; an alternate of chair or deputy leads nothing."""
        leads = self.holder.may_preside or self.holder.role is SeatRole.MEMBER
        return [self.holder.role.value] if leads else []


@dataclass(frozen=True)
class Speaking:
    """An interpreter by person or, without an account, by assignment."""

    id: str
    languages: tuple[str, ...]
    away: tuple[Span, ...]


def members(
    session: Session,
    panel: PanelRow,
    holders: Sequence[Holder],
    *,
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
    now: datetime,
) -> list[Coming]:
    """Return the members of a panel with every hour between two moments at which they cannot come."""
    people = {one.person_id for one in holders}
    away: dict[str, list[Span]] = {person: [] for person in people}
    for row in store.busy(session, "person", people, start=start, end=end):
        away[row.owner].append((row.starts_at, row.ends_at))
    for person, begins, ends in store.called_elsewhere(session, people, panel.id, since=start):
        away[person].append((begins, ends))
    since = now - YEAR
    sat = store.sat(session, [one.member_id for one in holders], since=since)
    return [
        Coming(
            one,
            (*away[one.person_id], *_not_entitled(one, start, end, zone)),
            sat.get(one.member_id, 0),
        )
        for one in sorted(holders, key=lambda one: one.member_id)
    ]


def _not_entitled(holder: Holder, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Span]:
    """Yield the days outside the term, and those without an undertaking."""
    begin = _midnight(holder.term_from, zone)
    if begin > start:
        yield start, begin
    lasts = [holder.term_to] if holder.term_to else []
    signed = holder.undertaking_until
    if signed is None:
        yield start, end
    else:
        lasts.append(signed)
    over = min((_midnight(day + DAY, zone) for day in lasts), default=end)
    if over < end:
        yield max(start, over), end


def interpreters(
    session: Session, children: Sequence[Child], *, start: datetime, end: datetime, zone: ZoneInfo
) -> list[Speaking]:
    """Return the interpreters assigned to these children, each once, with all their languages."""
    spoken: dict[str, set[str]] = {}
    until: dict[str, date] = {}
    for child in children:
        for one in child.facts.interpreters:
            name = one.person_id or one.assignment_id
            spoken.setdefault(name, set()).update(language(word) for word in one.languages)
            until[name] = max(one.until, until.get(name, one.until))
    busy: dict[str, list[Span]] = {name: [] for name in spoken}
    for row in store.busy(session, "person", spoken, start=start, end=end):
        busy[row.owner].append((row.starts_at, row.ends_at))
    for name, last in until.items():
        over = _midnight(last + DAY, zone)
        if over < end:
            busy[name].append((max(start, over), end))
    return [
        Speaking(name, tuple(sorted(spoken[name])), tuple(busy[name])) for name in sorted(spoken)
    ]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)
