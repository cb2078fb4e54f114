"""A country full of waiting cases, written straight into the tables: nobody's acts, only their rows.

Every case has what a case at rest has: its key, its sealed file, history, access of owner and
supervisor, name hashes, time limits, now and then a task or a notice, and its finished wake-up.
"""

import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cases.rules.duplicates import kept_under
from cases.tables.access import CaseAccessRow
from cases.tables.case_file import CaseRow
from cases.tables.clock import DeadlineRow
from cases.tables.history import CaseHistoryRow
from cases.tables.names import NameKeyRow
from cases.tables.task import TaskRow
from core.db import Database
from core.ids import new_child_code, new_id
from core.notices import NoticeRow
from core.outbox import OutboxRow
from core.packs.lookup import pack_of
from core.vault import (
    FORMAT,
    NONCE,
    DataKeyRow,
    Place,
    Vault,
    _associated,
    name_keys,
    vault_of,
)
from core.wakeups import WakeupRow

CHUNK: Final = 1_000
SEED: Final = 11
WORKERS: Final = 8  # in each office
STATES: Final = (
    "bia_in_progress",
    "bid_required",
    "bid_ready",
    "implementing",
    "follow_up",
    "closed",
)
PRIORITIES: Final = ("emergency", "high", "medium", "low")
FILE_SIZE: Final = 700  # words in a file, beside its fields
Row = dict[str, Any]


@dataclass(frozen=True)
class Province:
    """What was written, for those who look things up in it.

    Args:
        cases: ids, in the order of writing; states and offices go round.
        codes: child codes, in the same order.
        offices: place codes.
        workers: person ids by office.
        supervisors: person id by office.
        names: given and family name of each child.
    """

    cases: Sequence[str]
    codes: Sequence[str]
    offices: Sequence[str]
    workers: dict[str, Sequence[str]]
    supervisors: dict[str, str]
    names: Sequence[tuple[str, str]]


def fill(
    database: Database,
    count: int,
    names: Sequence[tuple[str, str]],
    *,
    now: datetime,
) -> Province:
    """Write so many cases of one country; one in six is closed, one in eight limits has passed."""
    places = pack_of("ZM").places
    offices = sorted(code for code, place in places.items() if place.kind == "district")
    province = Province(
        cases=[new_id() for _ in range(count)],
        codes=_codes(count),
        offices=offices,
        workers={office: [new_id() for _ in range(WORKERS)] for office in offices},
        supervisors={office: new_id() for office in offices},
        names=[names[number % len(names)] for number in range(count)],
    )
    with database.unit_of_work() as session:
        vault = vault_of(session)
        index_key = vault.index_key(session, now=now)
    writer = _Writer(province, vault, index_key, now, random.Random(SEED))
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size=-400000")  # KiB, while it is filled
        for start in range(0, count, CHUNK):
            writer.write(connection, range(start, min(start + CHUNK, count)))
            connection.commit()
    database.engine.dispose()  # looks start with the usual cache
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("ANALYZE")
    return province


def _codes(count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[new_child_code()] = None
    return list(found)


@dataclass
class _Writer:
    """Makes the rows of case after case and writes them a thousand cases at a time."""

    province: Province
    vault: Vault
    index_key: bytes
    now: datetime
    chance: random.Random
    rows: dict[Any, list[Row]] = field(default_factory=dict)

    @property
    def master(self) -> str:
        """Name of the key that wraps."""
        return self.vault._masters.current  # noqa: SLF001  as below

    def write(self, connection: sa.Connection, numbers: range) -> None:
        """Write the cases with these numbers."""
        self.rows.clear()
        for number in numbers:
            self._case(number)
        for table, values in self.rows.items():
            connection.execute(sa.insert(table), values)

    def _add(self, table: Any, **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)

    def _case(self, number: int) -> None:
        province, chance = self.province, self.chance
        case_id = province.cases[number]
        office = province.offices[number % len(province.offices)]
        worker = chance.choice(province.workers[office])
        opened = self.now - timedelta(minutes=chance.randrange(400 * 24 * 60))
        self._file(number, office, worker, opened)
        for n, code, to in ((1, "T1", "identified"), (2, "T2", "registered")):
            self._add(
                CaseHistoryRow, id=new_id(), case_id=case_id, n=n, at=opened, transition=code,
                to_state=to, person_id=worker, is_human=True, facts={},
            )  # fmt: skip
        for person, basis in ((worker, "owner"), (province.supervisors[office], "supervisor")):
            self._add(
                CaseAccessRow, id=new_id(), case_id=case_id, person_id=person, basis=basis, level=4,
                from_at=opened, granted_by=person, sections=[], ref="", purpose="",
            )  # fmt: skip
        self._add(
            WakeupRow, subject=case_id, seq=3, done_seq=3, is_pending=False, woken_at=opened,
            run_after=opened,
        )  # fmt: skip
        self._limits(number, office, opened)
        self._names(number)
        self._now_and_then(number, worker, opened)

    def _file(self, number: int, office: str, worker: str, opened: datetime) -> None:
        province, chance = self.province, self.chance
        state = STATES[number // len(province.offices) % len(STATES)]
        rank = chance.choice((0, 1, 1, 2, 2, 2, 2, 3, 3))
        self._add(
            CaseRow, id=province.cases[number], child_code=province.codes[number], country="ZM",
            office=office, district=office, state=state, is_open=state != "closed",
            priority=PRIORITIES[rank], priority_rank=rank, sex=chance.choice(("female", "male")),
            age_band="12-14", accompaniment="unaccompanied", nationality_code="CD", pack_version=1,
            owner_person=worker, supervisor_person=province.supervisors[office],
            detained=number % 50 == 0, opened_at=opened, registered_at=opened, state_since=opened,
            created_by=worker, changed_by=worker, changed_at=opened, version=1,
            restricted=self._sealed(number, opened), sensitive=b"",
        )  # fmt: skip

    def _sealed(self, number: int, at: datetime) -> bytes:
        """Seal a file under a key of its own, as the vault does, without a query for each."""
        case_id = self.province.cases[number]
        given, family = self.province.names[number]
        facts = {
            "names": {"given": given, "family": family}, "languages": ["swa"], "age_years": 13,
            "age_stated_on": "2026-01-10", "words": "x" * FILE_SIZE,
        }  # fmt: skip
        key = os.urandom(32)
        row = DataKeyRow(owner=case_id, master_key=self.master, created_at=at)
        wrapped = self.vault._wrap(row, key, self.master)  # noqa: SLF001  one statement for a thousand
        self._add(
            DataKeyRow, id=row.id, owner=case_id, master_key=self.master, wrapped=wrapped,
            created_at=at,
        )  # fmt: skip
        nonce, place = os.urandom(NONCE), Place("case_file", "restricted", case_id)
        text = json.dumps(facts).encode()
        return FORMAT + nonce + AESGCM(key).encrypt(nonce, text, _associated(place, row.id))

    def _limits(self, number: int, office: str, opened: datetime) -> None:
        """Two limits that were met and one that runs: now and then it has passed, and all was said."""
        late = number % 8 == 0
        due = self.now + timedelta(hours=self.chance.randrange(1, 2000)) * (-1 if late else 1)
        running = (due, None, 200 if late else 0, None if late else due)
        met = (opened, opened, 0, None)
        for code, (due_at, met_at, level, next_at) in (("D2", met), ("D5", met), ("D6", running)):
            self._add(
                DeadlineRow, id=new_id(), case_id=self.province.cases[number], code=code,
                occurrence=0, started_at=opened, due_at=due_at, country="ZM", place=office,
                pack_version=1, priority="medium", met_at=met_at, level=level, next_level_at=next_at,
                version=1,
            )  # fmt: skip

    def _names(self, number: int) -> None:
        found = name_keys(self.index_key, self.province.names[number])
        kept = {("exact", key) for key in found.exact} | {("sound", key) for key in found.sound}
        for kind, key in kept | kept_under(found.sound):
            case_id = self.province.cases[number]
            self._add(NameKeyRow, id=new_id(), case_id=case_id, kind=kind, key=key)

    def _now_and_then(self, number: int, worker: str, at: datetime) -> None:
        case_id = self.province.cases[number]
        tasks = {"visit": (number % 3, "", worker), "check": (number % 7, "supervisor", None)}
        for code, (turn, role, person) in tasks.items():
            if turn == 0:
                self._add(
                    TaskRow, id=new_id(), case_id=case_id, key=code, code=code, role=role,
                    person_id=person, opened_at=at, version=1,
                )  # fmt: skip
        if number % 4 == 0:
            told = {"id": new_id(), "key": f"told:{case_id}", "topic": "told", "subject": case_id}
            self._add(OutboxRow, **told, payload={}, posted_at=at, run_after=at, sent_at=at)
            read_at = at if number % 8 else None
            self._add(NoticeRow, **told, person_id=worker, facts={}, made_at=at, read_at=read_at)
