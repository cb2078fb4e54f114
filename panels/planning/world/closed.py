"""Which rules close a slot to a case by themselves, whatever else is planned: the static codes."""

from enum import StrEnum

from panels.planning.world.teams import Teams
from panels.planning.world.times import overlaps
from panels.planning.world.world import SlotFacts, World


class Code(StrEnum):
    """A hard rule that closes a slot to a case by itself."""

    PANEL = "panel"
    RELEASE = "release"
    ATTENDANCE = "attendance"
    HOLIDAY = "holiday"
    ROOM = "room"
    RESOURCE = "resource"
    CAPACITY = "capacity"
    INTERPRETER = "interpreter"
    QUORUM = "quorum"
    OVERRIDE = "override"


class Closed:
    """Answers for one case and one slot; siblings count only for the length of the agenda and for pins."""

    def __init__(self, world: World, teams: Teams) -> None:
        self.world = world
        self.teams = teams
        groups: dict[str, list[int]] = {}
        for number, case in enumerate(world.instance.cases):
            if case.group is not None:
                groups.setdefault(case.group, []).append(number)
        self.siblings = [
            tuple(groups[case.group]) if case.group is not None else (number,)
            for number, case in enumerate(world.instance.cases)
        ]

    def codes(self, case: int, slot: int) -> frozenset[Code]:
        """Return the complete set of rules that close the slot to the case by themselves."""
        facts = self.world.slots[slot]
        judged = {
            Code.PANEL: self.world.instance.panels[facts.panel].id
            not in self.world.instance.cases[case].panels,
            Code.RELEASE: self.too_early(case, facts),
            Code.ATTENDANCE: overlaps(self.world.cannot[case], facts.start, facts.end),
            Code.HOLIDAY: facts.holiday is not None,
            Code.ROOM: not facts.rooms,
            Code.RESOURCE: not facts.bridge,
            Code.CAPACITY: self.needed_minutes(case, facts.panel) > facts.minutes
            or len(self.siblings[case])
            > self.world.instance.panels[facts.panel].max_cases_per_sitting,
            Code.INTERPRETER: not self.interpreted(case, facts),
            Code.QUORUM: not self.teams.possible(
                facts.members, self.world.signature(case, facts.panel)
            ),
            Code.OVERRIDE: self.overridden(case, facts),
        }
        return frozenset(code for code, closes in judged.items() if closes)

    def too_early(self, case: int, slot: SlotFacts) -> bool:
        """Whether the notice period forbids the slot; who was told of it keeps it until it begins."""
        stays = case in self.world.notified and self.world.was_at[case] == slot.number
        return slot.start < (self.world.now if stays else self.world.earliest[case])

    def needed_minutes(self, case: int, panel: int) -> int:
        """Return the minutes a sitting for this case and its siblings alone would take."""
        facts = self.world.instance.panels[panel]
        cases = [self.world.instance.cases[one] for one in self.siblings[case]]
        batches = {one.batch for one in cases} - {None}
        minutes = sum(one.minutes for one in cases)
        return facts.overhead_min + minutes + facts.batch_setup_min * len(batches)

    def interpreted(self, case: int, slot: SlotFacts) -> bool:
        """Whether somebody who has the language of the case is available."""
        language = self.world.instance.cases[case].language
        return language is None or language in slot.languages

    def overridden(self, case: int, slot: SlotFacts) -> bool:
        """Whether what a person fixed keeps the case out: slot closed, case elsewhere, member who must come."""
        pins = frozenset().union(*(self.world.pinned.get(one, ()) for one in self.siblings[case]))
        if slot.closed or pins - {slot.number}:
            return True
        return bool(slot.forced) and not self._with_forced(case, slot)

    def _with_forced(self, case: int, slot: SlotFacts) -> bool:
        signature = self.world.signature(case, slot.panel)
        if not slot.forced <= set(slot.members):
            return False
        if not self.teams.possible(slot.members, signature):
            return True  # without quorum in any case: that is another rule
        needs = frozenset({signature})
        return self.teams.cheapest(slot.members, slot.panel, needs, slot.forced) is not None
