"""An instance from its document: every part read, every id known, nothing that contradicts itself."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from panels.planning.reading import parts, shapes
from panels.planning.reading.instance import FORMAT, Instance, PreviousSitting

MOST: Final = {
    "holidays": 20_000,
    "districts": 20_000,
    "travel": 200_000,
    "resources": 10_000,
    "rooms": 20_000,
    "panels": 5_000,
    "slots": 100_000,
    "members": 50_000,
    "interpreters": 20_000,
    "cases": 100_000,
    "overrides": 100_000,
}
READERS: Final = {
    "holidays": parts.holiday,
    "districts": parts.district,
    "travel": parts.journey,
    "resources": parts.resource,
    "rooms": parts.room,
    "panels": parts.panel,
    "slots": parts.slot,
    "members": parts.member,
    "interpreters": parts.interpreter,
    "cases": parts.case,
    "overrides": parts.override,
}
NEEDED: Final = (
    "format",
    "id",
    "now",
    "horizon",
    "priorities",
    "panels",
    "slots",
    "members",
    "cases",
)
NOTES: Final = ("comment", "note", "kind", "seed", "title", "generator", "meta")  # told, not used


def read_instance(text: str | bytes) -> Instance:
    """Read an instance from JSON.

    Raises:
        DocumentRefused: with the place in the document and the reason.
    """
    return instance_of(shapes.document(text))


def instance_of(value: Any) -> Instance:
    """Read an instance from a document that was parsed.

    Raises:
        DocumentRefused: with the place in the document and the reason.
    """
    optional = (*MOST, "policy", "previous", *NOTES)
    given = shapes.record(value, "", NEEDED, optional)
    if given["format"] != FORMAT:
        shapes.refuse("/format", "other_format", wanted=FORMAT)
    found: dict[str, Any] = {
        name: shapes.each(given.get(name, []), f"/{name}", reader, MOST[name])
        for name, reader in READERS.items()
    }
    horizon = shapes.record(given["horizon"], "/horizon", ("start", "end"))
    instance = Instance(
        id=shapes.text(given["id"], "/id"),
        now=shapes.instant(given["now"], "/now"),
        horizon=shapes.ordered(
            shapes.instant(horizon["start"], "/horizon/start"),
            shapes.instant(horizon["end"], "/horizon/end"),
            "/horizon",
        ),
        priorities=parts.priorities(given["priorities"], "/priorities"),
        policy=parts.policy(given.get("policy", {}), "/policy"),
        holidays=found["holidays"],
        travel=_both_ways(found["travel"]),
        resources=dict(found["resources"]),
        rooms=found["rooms"],
        panels=found["panels"],
        slots=found["slots"],
        members=found["members"],
        interpreters=found["interpreters"],
        cases=found["cases"],
        previous=_previous(given.get("previous")),
        overrides=found["overrides"],
    )
    _names_hold(instance, found["districts"], [name for name, _ in found["resources"]])
    return instance


def _both_ways(journeys: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for number, (one, other, minutes) in enumerate(journeys):
        if found.get((one, other), minutes) != minutes:
            shapes.refuse(f"/travel/{number}", "two_lengths", one=one, other=other)
        found[one, other] = found[other, one] = minutes
    return found


def _previous(value: Any) -> tuple[PreviousSitting, ...] | None:
    if value is None:
        return None
    given = shapes.record(value, "/previous", ("sittings",))
    found = shapes.each(
        given["sittings"], "/previous/sittings", parts.previous_sitting, MOST["slots"]
    )
    shapes.only_once([one.slot for one in found], "/previous/sittings")
    return found


def _names_hold(instance: Instance, districts: Sequence[str], resources: Sequence[str]) -> None:
    for name in ("panels", "slots", "cases"):
        if not getattr(instance, name):
            shapes.refuse(f"/{name}", "empty")
    for name in ("rooms", "panels", "slots", "members", "interpreters", "cases"):
        shapes.only_once([one.id for one in getattr(instance, name)], f"/{name}")
    shapes.only_once(districts, "/districts")
    shapes.only_once(resources, "/resources")
    names = _Names(instance, districts)
    names.of_places()
    names.of_people()
    names.of_cases()
    names.of_previous()
    names.of_overrides()


class _Names:
    """Whether every id that is named somewhere exists."""

    def __init__(self, instance: Instance, districts: Sequence[str]) -> None:
        self.instance = instance
        self.districts = frozenset(districts or self._mentioned())
        self.panels = {one.id for one in instance.panels}
        self.slots = {one.id for one in instance.slots}
        self.members = {one.id for one in instance.members}
        self.cases = {one.id for one in instance.cases}

    def _mentioned(self) -> list[str]:
        """Every district somebody names: what counts when the document has no list of them."""
        rooms = [one.district for one in self.instance.rooms]
        panels = [one.district for one in self.instance.panels]
        members = [one.home for one in self.instance.members]
        return [*rooms, *panels, *members, *(one.home for one in self.instance.interpreters)]

    def of_places(self) -> None:
        rooms = {one.id for one in self.instance.rooms}
        for number, room in enumerate(self.instance.rooms):
            self._known([room.district], self.districts, f"/rooms/{number}/district")
        for number, panel in enumerate(self.instance.panels):
            here = f"/panels/{number}"
            self._known([panel.district], self.districts, f"{here}/district")
            self._known(panel.rooms, rooms, f"{here}/rooms")
            self._known(panel.resources, self.instance.resources, f"{here}/resources")
            known = {"default", *self.instance.priorities}
            self._known(panel.quorum, known, f"{here}/quorum")
        for number, slot in enumerate(self.instance.slots):
            self._known([slot.panel], self.panels, f"/slots/{number}/panel")

    def of_people(self) -> None:
        for number, member in enumerate(self.instance.members):
            self._known([member.home], self.districts, f"/members/{number}/home")
            self._known(member.panels, self.panels, f"/members/{number}/panels")
        for number, one in enumerate(self.instance.interpreters):
            self._known([one.home], self.districts, f"/interpreters/{number}/home")
            self._known(one.panels or (), self.panels, f"/interpreters/{number}/panels")

    def of_cases(self) -> None:
        for number, case in enumerate(self.instance.cases):
            here = f"/cases/{number}"
            self._known(case.panels, self.panels, f"{here}/panels")
            self._known([case.priority], self.instance.priorities, f"{here}/priority")
            self._known(case.recused, self.members, f"{here}/recused")

    def of_previous(self) -> None:
        seen: set[str] = set()
        for number, sitting in enumerate(self.instance.previous or ()):
            here = f"/previous/sittings/{number}"
            self._known([sitting.slot], self.slots, f"{here}/slot")
            self._known(sitting.members, self.members, f"{here}/members")
            for place, one in enumerate(sitting.cases):
                self._known([one.case], self.cases, f"{here}/cases/{place}/case")
                if one.case in seen:
                    shapes.refuse(f"{here}/cases/{place}/case", "twice", value=one.case)
                seen.add(one.case)

    def of_overrides(self) -> None:
        for number, one in enumerate(self.instance.overrides):
            here = f"/overrides/{number}"
            self._known([one.slot], self.slots, f"{here}/slot")
            if one.case is not None:
                self._known([one.case], self.cases, f"{here}/case")
            if one.member is not None:
                self._known([one.member], self.members, f"{here}/member")

    @staticmethod
    def _known(named: Iterable[str], known: Collection[str], path: str) -> None:
        for name in named:
            if name not in known:
                shapes.refuse(path, "not_known", value=name)
