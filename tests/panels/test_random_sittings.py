"""Thousands of random sittings: the rules and a separately written oracle never disagree."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.errors import DomainError
from panels.rules.attendance import Movement, Passage, present_at
from panels.rules.conflicts import Conflict, ConflictState, challenges_open, closed_to
from panels.rules.items import ItemState
from panels.rules.quorum import Need, QuorumRules
from panels.rules.roster import Holder, SeatRole
from panels.rules.voting import (
    ABSTAINED,
    Ballot,
    Consequence,
    Hearing,
    calling,
    consequence,
    deciding,
    deliberating,
    may_cast,
    may_hold_another_round,
    verdict,
)
from tests.builders.panels import LEAD, SOCIAL_WELFARE
from tests.panels.oracle import Log, World

SITTINGS = 1_000  # in each of ten runs
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = date(2026, 3, 2)
SECTORS = ("social_welfare", "police", "health", "education", "immigration")
OPTIONS = ("stay", "aunt_abroad", "foster")


@dataclass
class Sitting:
    """One item kept in memory and moved only by the rules the service uses."""

    holders: tuple[Holder, ...]
    rules: QuorumRules
    casting: bool
    behind: frozenset[str]
    log: Log
    state: ItemState = ItemState.LISTED
    passages: list[Passage] = field(default_factory=list)
    conflicts: dict[int, Conflict] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    votes: list[tuple[Ballot, datetime]] = field(default_factory=list)
    closed: bool = False
    majority: bool = False
    spoken: set[str] = field(default_factory=set)
    minute: int = 0
    day: int = 0

    @property
    def clock(self) -> datetime:
        return START + timedelta(minutes=self.minute)

    def hearing(self) -> Hearing:
        return Hearing(
            state=self.state,
            holders=self.holders,
            on=DAY + timedelta(days=self.day),
            present=present_at(self.passages, self.clock),
            rules=self.rules,
            recused=closed_to(self.conflicts.values()),
            behind_report=self.behind,
            declared=frozenset(self.declared),
            challenges=challenges_open(self.conflicts.values()),
            round_no=1,
            ballots=tuple(
                Ballot(
                    b.member_id,
                    b.person_id,
                    b.seat_id,
                    b.choice,
                    b.member_id in present_at(self.passages, at),
                )
                for b, at in self.votes
            ),
            round_closed=self.closed,
            majority_open=self.majority,
            casting_vote=self.casting,
            no_casting_on=frozenset({"aunt_abroad"}),
            spoken=frozenset(self.spoken),
        )

    def follow(self) -> None:
        """Carry out what the rules say follows, as the service does after every change."""
        while (found := consequence(self.hearing())) is not Consequence.NOTHING:
            if found is Consequence.CLOSE_ROUND:
                self.closed = True
                continue
            self.votes, self.closed, self.spoken = [], False, set()
            if found is Consequence.LOSE_QUORUM:
                self.state, self.declared = ItemState.LOST_QUORUM, set()


def a_random_sitting(dice: random.Random) -> Sitting:
    log: Log = []
    holders: list[Holder] = []
    joint = dice.random() < 0.2
    for number in range(dice.randint(3, 7)):
        seat = f"s{number}"
        role = {0: SeatRole.CHAIR, 1: SeatRole.DEPUTY}.get(number, SeatRole.MEMBER)
        agency, sector = (
            f"a{dice.randint(0, 4)}",
            dice.choice(SECTORS) if number else "social_welfare",
        )
        country = dice.choice(("ZM", "NA")) if joint else "ZM"
        log.append(("seat", seat, role.value, agency, sector, country))
        for rank in range(1 if dice.random() < 0.6 else 2):
            name = f"{number}{rank}"
            first, last = dice.choice((-9,) * 12 + (1,)), dice.choice((9,) * 12 + (0,))
            signed = dice.choice((9,) * 15 + (0, -1))
            holder = Holder(
                f"m{name}",
                f"p{name}",
                seat,
                role,
                agency,
                sector,
                country,
                rank,
                DAY + timedelta(days=first),
                DAY + timedelta(days=last),
                DAY + timedelta(days=signed),
            )
            holders.append(holder)
            log.append(
                ("holder", holder.member_id, holder.person_id, seat, rank, first, last, signed)
            )
    countries = {"ZM": 1, "NA": 1} if joint else {}
    each = tuple(Need(countries=frozenset({country})) for country in countries)
    rules = QuorumRules(3, 2, (LEAD, SOCIAL_WELFARE, *each))
    casting = dice.random() < 0.3
    behind = frozenset(dice.sample([h.person_id for h in holders], dice.choice((0, 0, 0, 1))))
    log.append(("need", 3, 2, {"social_welfare": 1}, countries, casting, {"aunt_abroad"}))
    log.extend(("wrote", person) for person in sorted(behind))
    majority = dice.random() < 0.3
    if majority:
        log.append(("deferred_before",))
    return Sitting(tuple(holders), rules, casting, behind, log, majority=majority)


class Run:
    """Plays one sitting with random acts; every answer of the rules is held against the oracle."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.sitting = a_random_sitting(self.dice)
        self.world = World(self.sitting.log)
        self.decided: str | None = None
        self.refused = 0

    def play(self) -> None:
        for holder in self.sitting.holders:
            if self.dice.random() < 0.93:
                self.door(holder.member_id, Movement.PRESENT)
        for _ in range(self.dice.randint(12, 40)):
            self.sitting.minute += 1
            act = self.dice.choices(
                (
                    self.prepare,
                    self.vote,
                    self.all_vote,
                    self.two_votes,
                    self.walk,
                    self.mend,
                    self.conflict,
                    self.rule,
                    self.go_on,
                    self.midnight,
                    self.speak,
                ),
                weights=(9, 6, 5, 3, 1.5, 0.5, 0.5, 3, 7, 0.2, 3),
            )[0]
            act()
            if self.decided:
                return

    def told(self, *happening: Any) -> None:
        """Something happened: both sides learn of it and must agree on where it leaves the item."""
        self.sitting.log.append(happening)
        self.sitting.follow()
        world = self.world
        world.hear(happening)
        stages = {
            "listed": "listed",
            "called": "called",
            "deliberating": "in_deliberation",
            "no quorum": "lost_quorum",
        }
        assert self.sitting.state.value == stages[world.stage], self.sitting.log
        assert self.sitting.closed == world.over, self.sitting.log
        assert len(self.sitting.votes) == len(world.votes), self.sitting.log

    def agree(self, allowed: bool, lawful: bool) -> None:
        assert allowed == lawful, (allowed, lawful, self.sitting.log)
        self.refused += not allowed

    def door(self, member: str, movement: Movement, corrects: str = "") -> None:
        s = self.sitting
        ident = f"d{len(s.passages)}"
        s.passages.append(Passage(ident, len(s.passages), member, movement, s.clock, corrects))
        way = {Movement.LEFT: "out", Movement.VOID: "never"}.get(movement, "in")
        if corrects:
            self.told("mend", ident, corrects, way, s.minute)
        else:
            self.told("door", ident, member, way, s.minute)

    def walk(self) -> None:
        member = self.dice.choice(self.sitting.holders).member_id
        here = member in self.sitting.hearing().present
        self.door(
            member, Movement.LEFT if here else self.dice.choice((Movement.LATE, Movement.REMOTE))
        )

    def mend(self) -> None:
        replaced = {p.corrects for p in self.sitting.passages}
        wrong = [p for p in self.sitting.passages if p.id not in replaced]
        if wrong:
            old = self.dice.choice(wrong)
            self.door(
                old.member_id,
                self.dice.choice((Movement.VOID, Movement.PRESENT, Movement.LEFT)),
                old.id,
            )

    def conflict(self) -> None:
        s, number = self.sitting, len(self.sitting.conflicts)
        person = self.dice.choice(s.holders).person_id
        own = self.dice.random() < 0.5
        s.conflicts[number] = Conflict(
            person, ConflictState.DECLARED if own else ConflictState.CHALLENGED
        )
        self.told("own" if own else "alleged", number, person)

    def rule(self) -> None:
        s = self.sitting
        unruled = [
            n
            for n, c in s.conflicts.items()
            if c.state in {ConflictState.DECLARED, ConflictState.CHALLENGED}
        ]
        if unruled:
            number, upheld = self.dice.choice(unruled), self.dice.random() < 0.5
            s.conflicts[number] = Conflict(
                s.conflicts[number].person_id,
                ConflictState.UPHELD if upheld else ConflictState.DISMISSED,
            )
            self.told("ruling", number, upheld)

    def midnight(self) -> None:
        if self.sitting.day == 0:
            self.sitting.day = 1
            self.told("day", 1)

    def prepare(self) -> None:
        """Most members answer the question about conflicts; then the chair calls or opens."""
        for holder in self.sitting.holders:
            if self.dice.random() < 0.9 and holder.member_id not in self.sitting.declared:
                self.sitting.declared.add(holder.member_id)
                self.told("asked", holder.member_id)
        s, world = self.sitting, self.world
        if s.state in {ItemState.LISTED, ItemState.LOST_QUORUM}:
            allowed = calling(s.hearing()).is_possible
            self.agree(allowed, world.may_call())
            if allowed:
                s.state = ItemState.CALLED
                self.told("call")
        elif s.state is ItemState.CALLED:
            allowed = deliberating(s.hearing()).is_possible
            self.agree(allowed, world.may_deliberate())
            if allowed:
                s.state = ItemState.IN_DELIBERATION
                self.told("deliberate")

    def vote(
        self, hearing: Hearing | None = None, person: str = "", option: str | None = None
    ) -> None:
        s = self.sitting
        person = person or self.dice.choice([*(h.person_id for h in s.holders), "p-stranger"])
        option = option or self.dice.choice(
            (*OPTIONS[:2], *OPTIONS[:2], OPTIONS[2], ABSTAINED, "stay")
        )
        machine = self.dice.random() < 0.02
        allowed = self.may_cast(hearing or s.hearing(), person, machine)
        self.agree(allowed, self.world.may_vote(person, machine))
        if allowed:
            seat = next(h for h in s.holders if h.person_id == person)
            s.votes.append((Ballot(seat.member_id, person, seat.seat_id, option), s.clock))
            self.told("vote", person, option or None, s.minute)

    def all_vote(self) -> None:
        """Everybody tries to vote, mostly for the same option."""
        favourite = self.dice.choice(OPTIONS)
        for holder in self.sitting.holders:
            self.vote(
                person=holder.person_id, option=favourite if self.dice.random() < 0.8 else None
            )

    def two_votes(self) -> None:
        """Two votes prepared on the same facts: each is judged again when its turn to write comes."""
        s, before = self.sitting, self.sitting.hearing()
        people = self.dice.choices([h.person_id for h in s.holders], k=2)
        if self.dice.random() < 0.5:
            people[1] = people[0]
        both = [person for person in people if self.may_cast(before, person, False)]
        for person in both:
            self.vote(s.hearing(), person)

    @staticmethod
    def may_cast(hearing: Hearing, person: str, machine: bool) -> bool:
        try:
            may_cast(hearing, person, is_human=not machine)
        except DomainError:
            return False
        return True

    def speak(self) -> None:
        s = self.sitting
        if s.closed and s.votes:
            for ballot, _ in s.votes:
                s.spoken.add(ballot.member_id)
                self.told("spoke", ballot.member_id)

    def go_on(self) -> None:
        """The chair tries to decide; without a result tries another round."""
        s, world = self.sitting, self.world
        hearing = s.hearing()
        if s.state is not ItemState.IN_DELIBERATION:
            self.agree(False, world.may_decide() is not None)
            return
        allowed = deciding(hearing).is_possible
        lawful = world.may_decide()
        self.agree(allowed, lawful is not None)
        if allowed:
            self.decided = verdict(hearing).option
            assert self.decided == lawful, s.log
            return
        again = may_hold_another_round(hearing).is_possible
        self.agree(again, world.may_go_again())
        if again:
            s.votes, s.closed, s.majority, s.spoken = [], False, True, set()
            self.told("again")


@pytest.mark.rule("R14", "R15", "R16", "R17", "R18", "R20")
@pytest.mark.parametrize("batch", range(10))
def test_ten_thousand_random_sittings_store_no_illegal_decision_and_refuse_no_legal_one(
    batch: int,
) -> None:
    decided = refused = 0

    for seed in range(batch * SITTINGS, (batch + 1) * SITTINGS):
        run = Run(seed)
        run.play()
        decided += bool(run.decided)
        refused += run.refused

    assert decided > SITTINGS / 6  # the dice reach decisions often enough to mean something
    assert refused > SITTINGS
