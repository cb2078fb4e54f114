"""Random sittings through the services on the database, held against the same oracle as the rules."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from core.db import Database
from core.errors import DomainError
from core.gathering import GatheringSession
from core.vault import Vault
from panels.rules.attendance import Movement
from panels.rules.conflicts import Ground
from panels.rules.items import ItemState
from panels.service import agenda, attendance, conflicts, voting
from panels.service.hearings import current_round
from panels.store import item as items
from panels.store import vote as votes
from tests.builders.sittings import SEATS, STARTS, Court, a_court, add_person, convened, opened
from tests.conftest import MASTER_KEYS
from tests.databases import make_quick
from tests.panels.oracle import Log, World

SITTINGS = 5  # in each of the runs below, on each database
RUNS = range(20)
STAGES = {
    "listed": "listed",
    "called": "called",
    "deliberating": "in_deliberation",
    "no quorum": "lost_quorum",
}


class Run:
    """One item: every act goes to the service and, when it was taken, to the oracle."""

    def __init__(self, session: Session, court: Court, seed: int) -> None:
        self.session, self.court, self.dice = session, court, random.Random(seed)
        self.minute, self.doors, self.number = 0, 0, 0
        self.open: list[tuple[int, str]] = []
        self.world = World(self.beginning())

    def beginning(self) -> Log:
        log: Log = [("need", 3, 2, {"social_welfare": 1}, {}, False, frozenset())]
        log += [
            ("seat", name, role.value, agency, sector, "ZM")
            for name, (role, agency, sector) in SEATS.items()
        ]
        for name, member in self.court.members.items():
            seat = "police" if name == "stand-in" else name
            log.append(("holder", member, name, seat, int(name == "stand-in"), -9, 99, 99))
        log += [
            ("door", f"b{member}", member, "in", 0)
            for name, member in self.court.members.items()
            if name in self.present()
        ]
        return log

    def present(self) -> list[str]:
        return list(SEATS)

    @property
    def now(self) -> Any:
        return STARTS + timedelta(minutes=self.minute)

    def attempt(self, act: Any) -> bool:
        try:
            with self.session.begin_nested():
                act()
        except DomainError:
            return False
        return True

    def hear(self, *happening: Any) -> None:
        self.world.hear(happening)
        item = items.find(self.session, self.court.item_id)
        assert item is not None
        assert item.state == STAGES[self.world.stage]
        last = current_round(self.session, item)
        kept = votes.votes(self.session, item.id, last.round_no) if last else []
        assert len(kept) == len(self.world.votes)
        assert (last is not None and last.closed_at is not None) == self.world.over

    def step(self) -> bool:
        self.minute += 1
        act = self.dice.choices(
            (self.declare, self.call, self.vote, self.walk, self.conflict, self.rule, self.decide),
            weights=(4, 4, 6, 1, 0.4, 2, 5),
        )[0]
        return bool(act())

    def declare(self) -> None:
        for name, person in self.court.people.items():
            if self.court.members[name] in self.world.asked:
                continue
            if self.attempt(
                lambda p=person: conflicts.declare_none(
                    self.session, p, self.court.item_id, now=self.now
                )
            ):
                self.hear("asked", self.court.members[name])

    def call(self) -> None:
        leaders = [self.court.people["chair"], self.court.people["deputy"]]
        called = any(
            self.attempt(
                lambda p=p: agenda.call_item(self.session, p, self.court.item_id, now=self.now)
            )
            for p in leaders
        )
        assert called == self.world.may_call()
        if called:
            self.hear("call")
        begun = any(
            self.attempt(
                lambda p=p: agenda.open_deliberation(
                    self.session, p, self.court.item_id, now=self.now
                )
            )
            for p in leaders
        )
        assert begun == self.world.may_deliberate()
        if begun:
            self.hear("deliberate")

    def vote(self) -> None:
        favourite = self.dice.choice(("O1", "O2"))
        for name in self.dice.sample(list(self.court.people), 5):
            option = favourite if self.dice.random() < 0.8 else self.dice.choice(("O1", "O2", ""))
            allowed = self.attempt(
                lambda n=name, o=option: self.court.vote(
                    self.session, n, o, now=self.now, opinion="So."
                )
            )
            assert allowed == self.world.may_vote(name, machine=False), (name, self.world.stage)
            if allowed:
                self.hear("vote", name, option or None, self.minute)
                self.world.spoke.add(self.court.members[name])

    def walk(self) -> None:
        name = self.dice.choice(list(self.court.members))
        member = self.court.members[name]
        here = self.world.inside(member)
        movement = Movement.LEFT if here else Movement.LATE
        attendance.record_movement(
            self.session,
            self.court.secretary,
            self.court.sitting_id,
            member,
            movement,
            now=self.now,
        )
        self.doors += 1
        self.hear("door", f"d{self.doors}", member, "out" if here else "in", self.minute)

    def conflict(self) -> None:
        name = self.dice.choice(list(self.court.people))
        self.number += 1
        who, made = self.court.people[name], []
        if self.attempt(
            lambda: made.append(
                conflicts.declare_conflict(
                    self.session,
                    who,
                    self.court.item_id,
                    ground=Ground.WITNESS_LINK,
                    words="Saw it.",
                    now=self.now,
                )
            )
        ):
            self.open.append((self.number, made[0]))
            self.world.asked.add(self.court.members[name])
            self.hear("own", self.number, name)

    def rule(self) -> None:
        if not self.open:
            return
        number, conflict_id = self.open.pop()
        upheld = self.dice.random() < 0.5
        for who in (self.court.people["chair"], self.court.people["deputy"], self.court.head):
            if self.attempt(
                lambda p=who: conflicts.rule_on_conflict(
                    self.session, p, conflict_id, upheld=upheld, words="So.", now=self.now
                )
            ):
                self.hear("ruling", number, upheld)
                return
        raise AssertionError("nobody could rule")

    def decide(self) -> bool:
        lawful = self.world.may_decide()
        found: list[Any] = []
        allowed = self.attempt(
            lambda: found.append(voting.outcome(self.session, self.court.item_id, now=self.now))
        )
        assert allowed == (lawful is not None)
        if not allowed:
            leaders = [self.court.people["chair"], self.court.people["deputy"]]
            again = any(
                self.attempt(
                    lambda p=p: voting.hold_another_round(
                        self.session, p, self.court.item_id, now=self.now
                    )
                )
                for p in leaders
            )
            assert again == self.world.may_go_again()
            if again:
                self.hear("again")
            return False
        assert found[0].option == lawful
        agenda.settle_item(
            self.session,
            self.court.people["chair" if self.world.fit("chair") else "deputy"],
            self.court.item_id,
            ItemState.DECIDED,
            now=self.now,
        )
        return True


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[tuple[Session, Court]]:
    """An open sitting with everybody present, built once: every trial begins there and is undone."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("stage") / "bid.sqlite3"
        path.write_bytes(sqlite_template.read_bytes())
        database = make_quick(Database(f"sqlite:///{path}", Vault(MASTER_KEYS)))
    else:
        database = request.getfixturevalue("postgres_database")
    with GatheringSession(database.engine, expire_on_commit=False) as session:
        session.info["vault"] = database.vault
        court = a_court(session)
        add_person(session, court, "stand-in", "police", rank=1)
        yield session, opened(session, court=convened(session, court=court))
        session.rollback()
    if request.param == "sqlite":
        database.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("batch", RUNS)
@pytest.mark.rule("R14", "R15", "R17", "R18")
def test_random_sittings_through_the_service_agree_with_the_oracle(
    stage: tuple[Session, Court], batch: int
) -> None:
    session, court = stage

    for seed in range(batch * SITTINGS, (batch + 1) * SITTINGS):
        with session.begin_nested() as trial:
            run = Run(session, court, seed)
            for _ in range(16):
                if run.step():
                    break
            trial.rollback()
        session.expire_all()
