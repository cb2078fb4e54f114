"""What the officers of the demo share: the line to the API, the clock, the children, and what was met."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import quote

from cli.province.accounts import Office, People
from cli.province.caseload import Child
from cli.province.client import Line
from cli.province.clock import Clock
from cli.province.refusals import NotRefused, Refused, Register
from cli.province.server import Service
from cli.province.stories import GOES_TO, Story

Act = Callable[[], Any]
T = TypeVar("T")
LOOKS: Final = 3
SIDE_BY_SIDE: Final = 3  # offices at work at the same moment


class Astray(Exception):
    """A case is not where its story says it must be: the demo has failed."""


@dataclass
class Case:
    """A child's case as the officers know it: ids the API gave them."""

    child: Child
    id: str
    office: Office
    languages: tuple[str, ...] = ()
    sitting: int = 0
    item_id: str = ""
    decision_id: str = ""
    appeal_id: str = ""
    placement_id: str = ""
    state: str = ""

    @property
    def path(self) -> str:
        """Return the address of the case."""
        return f"/cases/{self.id}"

    @property
    def story(self) -> Story:
        """Return what happens to this child."""
        return self.child.story

    @property
    def destination(self) -> str:
        """Return the country a panel is to let this child go to; empty for one that stays."""
        return GOES_TO.get(self.story, "")

    @property
    def language(self) -> str:
        """Return the language spoken with the child."""
        return self.languages[0] if self.languages else "en"


@dataclass
class World:
    """The running demo."""

    service: Service
    line: Line
    clock: Clock
    people: People = field(default_factory=People)
    cases: list[Case] = field(default_factory=list)
    refusals: Register = field(default_factory=Register)
    counts: Counter[str] = field(default_factory=Counter)
    sittings: list[Any] = field(default_factory=list)
    advance: Callable[[str, int, int], None] = lambda _label, _done, _total: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, *stories: Story) -> list[Case]:
        """Return the cases with these stories."""
        return [case for case in self.cases if case.story in stories]

    def at_panels(self) -> list[Case]:
        """Return the cases a panel hears."""
        return [case for case in self.cases if case.story is not Story.SERVICES]

    def count(self, what: str, number: int = 1) -> None:
        """Count something that was done; offices count at the same time."""
        with self._lock:
            self.counts[what] += number

    def each(self, label: str, cases: Sequence[Case], act: Callable[[Case], object]) -> None:
        """Let every office work through its cases, one after the other; offices work at the same time."""
        offices: dict[str, list[Case]] = {}
        for case in cases:
            offices.setdefault(case.office.district.code, []).append(case)
        self.side_by_side(label, [offices[code] for code in sorted(offices)], act)

    def side_by_side(
        self, label: str, groups: Sequence[Sequence[T]], act: Callable[[T], object]
    ) -> None:
        """Work through several groups at the same time, and let the bar move."""
        total, done = sum(len(group) for group in groups), itertools.count(1)
        self.advance(label, 0, total)

        def work(group: Sequence[T]) -> None:
            for one in group:
                act(one)
                self.advance(label, next(done), total)

        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for running in [pool.submit(work, group) for group in groups]:
                running.result()

    def must_refuse(self, tried: str, act: Act, *rules: str) -> Refused:
        """Try something that must be refused, for at least these rules.

        Raises:
            NotRefused: it went through, or was refused for another reason.
        """
        try:
            act()
        except Refused as refused:
            found = self.refusals.note(tried, refused)
            if missing := set(rules) - set(found.rules):
                raise NotRefused(
                    f"{tried}: refused, but not for {', '.join(sorted(missing))}: {refused}"
                ) from refused
            return refused
        raise NotRefused(f"{tried}: went through")

    def expect(self, cases: Sequence[Case], state: str) -> None:
        """Let the procedure catch up, then see that these cases are where they must be.

        Raises:
            Astray: one is not.
        """
        if not cases:
            return
        for _look in range(LOOKS):  # a case may have been woken while we looked
            self.service.settle()
            states = self.states()
            for case in cases:
                case.state = states[case.id]
            if all(case.state == state for case in cases):
                return
        for case in cases:
            if case.state != state:
                waits = case.office["supervisor"].get(f"{case.path}/waiting")
                raise Astray(f"{case.story.name}: {case.state} instead of {state}; {waits}")

    def states(self) -> dict[str, str]:
        """Read from the national secretariat's list, which shows codes only, where every case stands."""
        found: dict[str, str] = {}
        for ended in ("false", "true"):
            cursor: str | None = ""
            while cursor is not None:
                page = self.people.national["head"].get(f"/cases?limit=200&ended={ended}{cursor}")
                found |= {row["id"]: row["state"] for row in page["items"]}
                cursor = f"&cursor={quote(page['cursor'])}" if page["cursor"] else None
        return found


@dataclass(frozen=True)
class Day:
    """What happens on one day of the story."""

    number: int
    act: Callable[[World], object]
