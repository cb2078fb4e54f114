"""What a lawful panel does, said a second time and differently; shares no code with ``panels/``.

The oracle knows a sitting only as a list of happenings, oldest first. Plain on purpose: dictionaries,
loops over everybody, no rule values, nothing imported.

Happenings (tuples, the first field is the kind):

- ``("seat", seat, role, agency, sector, country)``
- ``("holder", member, person, seat, rank, first_day, last_day, signed_until)``
- ``("door", id, member, "in"|"out", minute)`` and ``("mend", id, old_id, "in"|"out"|"never", minute)``
- ``("wrote", person)``: had a hand in the report
- ``("own", n, person)`` a conflict the person declares; ``("alleged", n, person)`` by somebody else;
  ``("ruling", n, True|False)``
- ``("asked", member)``: answered the question about conflicts
- ``("call",)``, ``("deliberate",)``, ``("vote", person, option_or_none, minute)``, ``("again",)``
- ``("spoke", member)``: wrote down a dissent; ``("deferred_before",)``; ``("day", number)``
- ``("need", voters, agencies, {sector: n}, {country: n}, casting, {options without casting})``
"""

from typing import Any

Log = list[tuple[Any, ...]]


class World:
    """The state of one item after a list of happenings."""

    def __init__(self, log: Log) -> None:
        self.seats: dict[str, tuple[Any, ...]] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.doors: list[dict[str, Any]] = []
        self.dead_doors: set[str] = set()
        self.wrote: set[str] = set()
        self.cases: dict[int, list[Any]] = {}
        self.asked: set[str] = set()
        self.stage = "listed"
        self.votes: list[tuple[str, str | None, int]] = []
        self.over = False
        self.talked_out = False
        self.spoke: set[str] = set()
        self.day = 0
        self.need: tuple[Any, ...] = ()
        for happening in log:
            self.hear(happening)

    def hear(self, happening: tuple[Any, ...]) -> None:
        """Take in one more happening and let everything follow that follows by itself."""
        getattr(self, "on_" + happening[0])(*happening[1:])
        self.settle()

    def on_seat(self, seat: str, *rest: Any) -> None:
        self.seats[seat] = rest

    def on_holder(
        self, member: str, person: str, seat: str, rank: int, first: int, last: int, signed: int
    ) -> None:
        self.people[person] = {
            "m": member,
            "seat": seat,
            "rank": rank,
            "first": first,
            "last": last,
            "signed": signed,
        }

    def on_door(self, ident: str, member: str, way: str, minute: int) -> None:
        self.doors.append({"id": ident, "m": member, "way": way, "t": minute})

    def on_mend(self, ident: str, old: str, way: str, minute: int) -> None:
        self.dead_doors.add(old)
        member = next(d["m"] for d in self.doors if d["id"] == old)
        self.doors.append({"id": ident, "m": member, "way": way, "t": minute})

    def on_wrote(self, person: str) -> None:
        self.wrote.add(person)

    def on_own(self, n: int, person: str) -> None:
        self.cases[n] = [person, "closed"]

    def on_alleged(self, n: int, person: str) -> None:
        self.cases[n] = [person, "open"]

    def on_ruling(self, n: int, upheld: bool) -> None:
        self.cases[n][1] = "closed" if upheld else "gone"

    def on_asked(self, member: str) -> None:
        self.asked.add(member)

    def on_call(self) -> None:
        self.stage = "called"

    def on_deliberate(self) -> None:
        self.stage, self.votes, self.over, self.spoke = "deliberating", [], False, set()

    def on_vote(self, person: str, option: str | None, minute: int) -> None:
        self.votes.append((person, option, minute))

    def on_again(self) -> None:
        self.talked_out, self.votes, self.over, self.spoke = True, [], False, set()

    def on_spoke(self, member: str) -> None:
        self.spoke.add(member)

    def on_deferred_before(self) -> None:
        self.talked_out = True

    def on_day(self, number: int) -> None:
        self.day = number

    def on_need(self, *rest: Any) -> None:
        self.need = rest

    # -- who

    def inside(self, member: str, minute: float = float("inf")) -> bool:
        """Walk the standing door events backwards to the last one that concerns the member."""
        best: dict[str, Any] | None = None
        for place, door in enumerate(self.doors):
            if (
                door["m"] != member
                or door["id"] in self.dead_doors
                or door["way"] == "never"
                or door["t"] > minute
            ):
                continue
            if best is None or (door["t"], place) >= (best["t"], best["place"]):
                best = {**door, "place": place}
        return best is not None and best["way"] == "in"

    def shut_out(self, person: str) -> bool:
        return any(who == person and how == "closed" for who, how in self.cases.values())

    def fit(self, person: str) -> bool:
        """May sit at all today, in the room or not."""
        p = self.people[person]
        if self.shut_out(person) or person in self.wrote:
            return False
        return bool(p["first"] <= self.day <= p["last"] and self.day <= p["signed"])

    def sits(self, person: str) -> bool:
        p = self.people[person]
        if not self.fit(person) or not self.inside(p["m"]):
            return False
        for voter, _, _ in self.votes:
            if self.people[voter]["seat"] == p["seat"]:
                return voter == person
        for other, o in self.people.items():
            if (
                other != person
                and o["seat"] == p["seat"]
                and o["rank"] < p["rank"]
                and self.fit(other)
                and self.inside(o["m"])
            ):
                return False
        return True

    def sitters(self) -> list[str]:
        return [person for person in self.people if self.sits(person)]

    def enough(self) -> bool:
        who = self.sitters()
        if self.over:
            done = {voter for voter, _, _ in self.votes}
            who = [person for person in who if person in done]
        voters, agencies, sectors, countries, _, _ = self.need
        facts = [self.seats[self.people[person]["seat"]] for person in who]
        lead = [
            p
            for p in who
            if self.seats[self.people[p]["seat"]][0] in {"chair", "deputy"}
            and self.people[p]["rank"] == 0
        ]
        return (
            len(who) >= voters
            and len({fact[1] for fact in facts}) >= agencies
            and bool(lead)
            and all(len([f for f in facts if f[2] == s]) >= n for s, n in sectors.items())
            and all(len([f for f in facts if f[3] == c]) >= n for c, n in countries.items())
        )

    # -- what follows by itself

    def bad_vote(self) -> bool:
        return any(
            self.shut_out(voter)
            or voter in self.wrote
            or not self.inside(self.people[voter]["m"], minute)
            for voter, _, minute in self.votes
        )

    def all_in(self) -> bool:
        voted = {voter for voter, _, _ in self.votes}
        return bool(voted) and (self.over or all(person in voted for person in self.sitters()))

    def settle(self) -> None:
        if self.stage not in {"called", "deliberating"}:
            return
        if self.bad_vote():
            self.votes, self.over, self.spoke = [], False, set()
        if not self.enough():
            self.stage, self.votes, self.over, self.asked = "no quorum", [], False, set()
            return
        if self.stage == "deliberating" and self.all_in():
            self.over = True
            if not self.enough():
                self.stage, self.votes, self.over, self.asked = "no quorum", [], False, set()

    # -- may

    def nothing_hanging(self) -> bool:
        return not any(how == "open" for _, how in self.cases.values())

    def everybody_answered(self) -> bool:
        return all(
            self.people[p]["m"] in self.asked
            for p in self.people
            if self.fit(p) and self.inside(self.people[p]["m"])
        )

    def may_call(self) -> bool:
        return (
            self.stage in {"listed", "no quorum"}
            and self.enough()
            and self.everybody_answered()
            and self.nothing_hanging()
        )

    def may_deliberate(self) -> bool:
        return (
            self.stage == "called"
            and self.enough()
            and self.everybody_answered()
            and self.nothing_hanging()
        )

    def may_vote(self, person: str, machine: bool) -> bool:
        if machine or self.stage != "deliberating" or self.over or person not in self.people:
            return False
        if any(voter == person for voter, _, _ in self.votes):
            return False
        return self.sits(person) and self.people[person]["m"] in self.asked and self.enough()

    def may_go_again(self) -> bool:
        return (
            self.stage == "deliberating"
            and self.over
            and self.choice() is None
            and self.enough()
            and self.nothing_hanging()
        )

    def choice(self) -> str | None:
        """The option the votes chose, or None."""
        given = [option for _, option, _ in self.votes]
        if given and None not in given and given.count(given[0]) == len(given):
            return given[0]
        if not self.talked_out:
            return None
        for option in {o for o in given if o}:
            if given.count(option) > len(given) - given.count(option):
                return option
        return self.casting(given)

    def casting(self, given: list[str | None]) -> str | None:
        _, _, _, _, casting, never = self.need
        named = {o for o in given if o}
        top = max((given.count(o) for o in named), default=0)
        tied = {o for o in named if given.count(o) == top}
        if not casting or len(tied) < 2 or tied & never:
            return None
        leads = sorted(
            (0 if self.seats[self.people[p]["seat"]][0] == "chair" else 1, self.people[p]["m"], p)
            for p in self.sitters()
            if self.people[p]["rank"] == 0
            and self.seats[self.people[p]["seat"]][0] in {"chair", "deputy"}
        )
        mine = next((o for v, o, _ in self.votes if leads and v == leads[0][2]), None)
        return mine if mine in tied else None

    def may_decide(self) -> str | None:
        """The option that may lawfully be decided now, or None."""
        if (
            self.stage != "deliberating"
            or not self.all_in()
            or not self.enough()
            or not self.nothing_hanging()
        ):
            return None
        chosen = self.choice()
        if chosen is None:
            return None
        for voter, option, _ in self.votes:
            member = self.people[voter]["m"]
            if option and option != chosen and self.inside(member) and member not in self.spoke:
                return None
        return chosen
