"""Lists, files and searches in a country with 100,000 cases: how long 95 of 100 take, and by which index."""

import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session

from benchmarks import grounds, plans
from benchmarks.children import children
from benchmarks.figures import Figure, in_turn, p95
from benchmarks.province import Province, fill
from cases.rules.children import Child, Names, Sex
from cases.service import clock_views, clocks, files, history, procedure, search, tasks
from core import notices, outbox, wakeups
from core.actors import Actor, Grant, Role, ScopeKind
from core.db import Database
from core.ids import new_id

NOW: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FEW: Final = 10_000
MANY: Final = 100_000
REPEATS: Final = 60
AIM_GROWTH: Final = 2.0
LEASE: Final = timedelta(minutes=1)
Look = Callable[[Session], object]
versions = grounds.versions


def measure(*, quick: bool) -> list[Figure]:
    """Fill two countries, one ten times the other, look at both in turn, explain every query."""
    few, many, repeats = (60, 120, 2) if quick else (FEW, MANY, REPEATS)
    figures: list[Figure] = []
    for dialect in grounds.DIALECTS:
        with grounds.fresh(dialect) as small, grounds.fresh(dialect) as large:
            figures += _looked_at(_filled(small, few), _filled(large, many), repeats)
    return figures


def _filled(database: Database, count: int) -> "Place":
    names = [(row["name_first"], row["name_last"]) for row in children(count)]
    return Place(database, People(fill(database, count, names, now=NOW)).looks())


def _looked_at(small: "Place", large: "Place", repeats: int) -> Iterator[Figure]:
    name = large.database.engine.dialect.name
    whole, queries, growth = [], 0, {}
    for what, look in large.looks.items():
        with plans.listening(large.database.engine) as sent:
            _timed(large.database, look)
        _timed(small.database, small.looks[what])
        queries += len(sent.statements)
        whole += [f"{what}: {text}" for text in plans.read_whole(large.database.engine, sent)]
        pairs = [
            (_timed(small.database, small.looks[what]), _timed(large.database, look))
            for _ in range(repeats)
        ]
        among_few, among_many = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        growth[what] = in_turn(among_many, among_few)
        note = f"{growth[what]:.1f} × that of a tenth of the cases"
        yield Figure(f"{what}, {name}, 95 %", p95(among_many) * 1000, "ms", note=note)
    for text in whole:
        print(f"reads a whole table: {text}", file=sys.stderr)
    most = max(growth, key=lambda what: growth[what])
    yield Figure(
        f"most growth over ten times the cases, {name}", growth[most], at_most=AIM_GROWTH, note=most
    )
    note = f"of {queries}"
    yield Figure(f"queries that read a large table whole, {name}", len(whole), at_most=0, note=note)


def _timed(database: Database, look: Look) -> float:
    with database.unit_of_work() as session:
        begun = time.perf_counter()
        look(session)
        return time.perf_counter() - begun


@dataclass
class Place:
    """A filled country, and what is looked at in it."""

    database: Database
    looks: dict[str, Look]


@dataclass
class People:
    """Those who look, each time somebody else somewhere else."""

    country: Province
    chance: random.Random

    def __init__(self, country: Province) -> None:
        self.country = country
        self.chance = random.Random(3)

    def looks(self) -> dict[str, Look]:
        """Return what is looked at, by its name in the table."""
        return {
            "cases of an office": lambda s: self._list(s, self._supervisor()),
            "cases of an office, next page": self._next_page,
            "cases of an office in one state": lambda s: self._list(
                s, self._supervisor(), state="bid_required"
            ),
            "cases of an office of one priority": lambda s: self._list(
                s, self._supervisor(), priority="high"
            ),
            "ended cases of an office": lambda s: self._list(s, self._supervisor(), ended=True),
            "my own cases": lambda s: self._list(s, self._worker(), mine=True),
            "cases of the country": lambda s: self._list(s, self._coordinator()),
            "cases of the country in one state": lambda s: self._list(
                s, self._coordinator(), state="follow_up"
            ),
            "children in detention, country": lambda s: self._list(
                s, self._coordinator(), detained=True
            ),
            "cases of one priority, country": lambda s: self._list(
                s, self._coordinator(), priority="low"
            ),
            "a child's page": self._page,
            "a child by code": self._by_code,
            "a child by name, own office": lambda s: self._by_name(s, self._supervisor()),
            "a child by name, country": lambda s: self._by_name(s, self._coordinator()),
            "hints before registering": self._hints,
            "what is late, office": lambda s: clock_views.late(s, self._supervisor(), now=NOW),
            "what is late, country": lambda s: clock_views.late(s, self._coordinator(), now=NOW),
            "my tasks": lambda s: tasks.my_tasks(s, self._supervisor(), now=NOW),
            "my tasks, country": lambda s: tasks.my_tasks(s, self._coordinator(), now=NOW),
            "my notices": lambda s: notices.notices_for(s, self._worker()),
            "limits to speak of (runner)": lambda s: clocks.due_levels(s, now=NOW, limit=200),
            "cases to move (runner)": self._to_move,
            "messages to deliver (runner)": lambda s: outbox.claim(
                s, runner="bench", now=NOW, lease=LEASE, limit=200
            ),
        }

    def _list(self, session: Session, actor: Actor, **wanted: Any) -> files.Page:
        return files.list_files(session, actor, files.wanted(**wanted), now=NOW)

    def _next_page(self, session: Session) -> None:
        actor = self._supervisor()
        cursor = self._list(session, actor).cursor
        if cursor is not None:
            files.list_files(session, actor, files.wanted(), now=NOW, cursor=cursor)

    def _page(self, session: Session) -> None:
        """What one page shows: the file, its limits, its steps, its tasks, what it waits for."""
        number = self.chance.randrange(len(self.country.cases))
        case_id = self.country.cases[number]
        actor = self._supervisor(self.country.offices[number % len(self.country.offices)])
        files.open_file(session, actor, case_id, now=NOW)
        clock_views.clocks_of(session, actor, case_id, now=NOW)
        history.history_of(session, actor, case_id, now=NOW)
        tasks.tasks_of(session, actor, case_id, now=NOW)
        procedure.read_waiting(session, actor, case_id, now=NOW)

    def _by_code(self, session: Session) -> None:
        number = self.chance.randrange(len(self.country.cases))
        actor = self._supervisor(self.country.offices[number % len(self.country.offices)])
        files.id_of_code(session, actor, self.country.codes[number], now=NOW)

    def _by_name(self, session: Session, actor: Actor) -> None:
        name = " ".join(self.chance.choice(self.country.names))
        search.find_by_name(session, actor, name, now=NOW)

    def _hints(self, session: Session) -> None:
        given, family = self.chance.choice(self.country.names)
        child = Child(names=Names(given=given, family=family), sex=Sex.FEMALE)
        office = self.chance.choice(self.country.offices)
        search.duplicate_hints(session, self._worker(office), child, now=NOW, district=office)

    def _to_move(self, session: Session) -> None:
        wakeups.waiting_count(session, now=NOW)
        wakeups.claim(session, runner="bench", now=NOW, lease=LEASE, limit=25)

    def _supervisor(self, office: str | None = None) -> Actor:
        office = office or self.chance.choice(self.country.offices)
        return _somebody(
            self.country.supervisors[office], Grant(Role.SUPERVISOR, ScopeKind.OFFICE, office)
        )

    def _worker(self, office: str | None = None) -> Actor:
        office = office or self.chance.choice(self.country.offices)
        person = self.chance.choice(self.country.workers[office])
        return _somebody(person, Grant(Role.CASEWORKER, ScopeKind.OFFICE, office))

    def _coordinator(self) -> Actor:
        return _somebody(new_id(), Grant(Role.COORDINATOR, ScopeKind.COUNTRY, "ZM"))


def _somebody(person: str, grant: Grant) -> Actor:
    return Actor(new_id(), person, "ZM", frozenset({grant}))
