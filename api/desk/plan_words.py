"""Words for what a plan names: half-days, children, members, codes of rules; also inside the planner's reasons."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from api.desk.visit import Visit
from panels.planning.world.closed import Code
from panels.service.plans import PlanView

CODES: Final = frozenset(Code)
_CODE_LIST: Final = re.compile(r": ([a-z]+(?:, [a-z]+)*)\.")
_LANGUAGE: Final = re.compile(r"\b(interprets|interpreter for) ([a-z]{2,3})\b")
_INSTANT: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})")
_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_JOINED: Final = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


@dataclass(frozen=True)
class Seen:
    """A child in a plan: its words, and its case for the question why."""

    case_id: str
    name: str


class Saying:
    """Words for what one plan names: half-days, children, members."""

    def __init__(self, visit: Visit, view: PlanView) -> None:
        self.visit, self.view = visit, view
        self.slots = {
            slot: visit.words.weekday(datetime.fromisoformat(one["start"]), visit.zone)
            for slot, one in view.slots.items()
        }
        numbers: dict[str, int] = {}
        for case_id in _cases_in_order(view):
            numbers.setdefault(case_id, len(numbers) + 1)
        self.children = {
            case_id: view.codes.get(case_id) or self._numbered(case_id, number)
            for case_id, number in numbers.items()
        }

    def _numbered(self, case_id: str, number: int) -> str:
        """Return words for a child whose code the reader does not know: how urgent, and by when."""
        words, known = self.visit.words, self.view.about.get(case_id)
        if known is None:
            return words("plan.child_number", number=number)
        return words(
            "plan.child_due",
            number=number,
            priority=words.of("priority", known["priority"]),
            day=words.day(datetime.fromisoformat(known["deadline"]).date()),
        )

    def child(self, case_id: str) -> Seen:
        """Return a child in words."""
        return Seen(case_id, self.children.get(case_id) or self.visit.words("plan.a_child"))

    def slot(self, slot: str | None) -> str:
        """Return a half-day in words; none is no agenda."""
        return self.slots.get(slot, "") if slot else self.visit.words("plan.no_agenda")

    def reason(self, text: str) -> str:
        """Return a reason of the planner with words for what it names."""
        for slot in sorted(self.slots, key=len, reverse=True):
            text = text.replace(slot, self.slots[slot])
        for case_id, name in self.children.items():
            text = text.replace(case_id, name)
        words = self.visit.words
        text = _INSTANT.sub(self._moment, text)
        text = _DAY.sub(lambda m: words.day(date.fromisoformat(m[0])), text)
        text = _CODE_LIST.sub(self._codes, text)
        text = _LANGUAGE.sub(lambda m: f"{m[1]} {words.said('languages', m[2])}", text)
        return _JOINED.sub(lambda m: words.of("sector", m[0]), text)

    def _moment(self, found: re.Match[str]) -> str:
        try:
            moment = datetime.fromisoformat(found[0])
        except ValueError:
            return found[0]
        return self.visit.words.weekday(moment, self.visit.zone)

    def _codes(self, found: re.Match[str]) -> str:
        codes = found[1].split(", ")
        if not set(codes) <= CODES:
            return found[0]
        return f": {'; '.join(self.visit.words.of('plan_code', one) for one in codes)}."


def _cases_in_order(view: PlanView) -> Iterable[str]:
    """Return the cases a plan names: as they are heard, then the others."""
    for sitting in sorted(view.document.get("sittings", ()), key=lambda one: str(one["slot"])):
        yield from (item["case"] for item in sitting["agenda"])
    for sitting in view.calendar:
        yield from (item["case"] for item in sitting["cases"])
    for name in ("unscheduled", "changes"):
        yield from (one["case"] for one in view.document.get(name, ()))
    yield from (one["case"] for one in view.at_risk)
    yield from view.set_aside
