"""One sitting of one panel: called together, opened, item by item, ended, written down, archived."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from cli.province import forms
from cli.province.accounts import Office
from cli.province.client import Officer
from cli.province.places import TIMEZONE
from cli.province.stories import Story
from cli.province.world import Case, World

SIGNERS: Final = ("chair", "deputy", "council")
HOURS: Final = 8
LAST_HEARD: Final = (Story.LOST_QUORUM,)  # after these nobody is left to hear others


class Sitting:
    """A sitting as its officers go through it."""

    def __init__(
        self, world: World, office: Office, cases: Sequence[Case], starts: datetime
    ) -> None:
        self.world, self.office, self.starts = world, office, starts
        self.cases = sorted(cases, key=lambda case: case.story in LAST_HEARD)
        self.secretary: Officer = office["secretary"]
        self.chair: Officer = office.seats["chair"]
        self.id = ""
        self.decided: list[Case] = []
        self.deferred: list[Case] = []

    # -- before ------------------------------------------------------------------------------------

    def convene(self) -> None:
        """Plan the sitting, list its children, release the papers."""
        plan = {
            "type": "ordinary", "mode": "in_person", "starts_at": self.starts.isoformat(),
            "minutes": HOURS * 60, "timezone": TIMEZONE, "place": "Room of the district council",
        }  # fmt: skip
        path = f"/panels/{self.office.panel_id}/sittings"
        self.id = self.secretary.post(path, plan)["id"]
        for case in self.cases:
            self._list(case)
        self.secretary.post(f"/sittings/{self.id}/convene")
        self.world.count("sittings")

    def _list(self, case: Case) -> None:
        guardian = {"kind": "guardian", "person_id": case.office["guardian"].person_id}
        invited: list[dict[str, Any]] = [guardian]
        if not set(case.languages) & set(forms.SPOKEN_BY_OFFICERS):
            invited.append({"kind": "interpreter"})
        body = {"case_id": case.id, "invited": invited}
        case.item_id = self.secretary.post(f"/sittings/{self.id}/items", body)["id"]
        self.world.count("items")

    # -- in the room -------------------------------------------------------------------------------

    def hold(self) -> None:
        """Hold the sitting from the first arrival to the end of the last item."""
        for case in self.cases:
            for member in self.office.seats.values():
                member.get(f"/agenda-items/{case.item_id}/papers")
        for seat in self.office.seats:
            self._move(seat, "present")
        self.chair.post(f"/sittings/{self.id}/open")
        for case in self.cases:
            self._hear(case)
        self.secretary.post(f"/sittings/{self.id}/end")

    def _hear(self, case: Case) -> None:
        recused = self._conflicts(case)
        present = [seat for seat in self.office.seats if seat not in recused]
        self._call(case)
        if case.story is Story.LOST_QUORUM and case.sitting == 0:
            self._lose_quorum(case)
        elif self._is_deferred(case):
            self._defer(case)
        else:
            self._decide(case, present)

    def _conflicts(self, case: Case) -> tuple[str, ...]:
        recused = ("police",) if case.story is Story.RECUSAL else ()
        for seat, member in self.office.seats.items():
            path = f"/agenda-items/{case.item_id}"
            if seat in recused:
                words = "I was on duty when the group was stopped."
                conflict = {"ground": "enforcement_officer", "words": words}
                made = member.post(f"{path}/conflicts", conflict)
                ruling = {"upheld": True, "words": "The member had the child's group in hand."}
                self.chair.post(f"/agenda-items/conflicts/{made['id']}/ruling", ruling)
                self.world.count("recusals")
            else:
                member.post(f"{path}/no-conflict")
        return recused

    def _call(self, case: Case) -> None:
        self.chair.post(f"/agenda-items/{case.item_id}/call")
        self.chair.post(f"/agenda-items/{case.item_id}/deliberation")

    def _lose_quorum(self, case: Case) -> None:
        """Three are called away in mid-item: the hearing ends, nothing can be decided (R17)."""
        for seat in ("deputy", "police", "school"):
            self._move(seat, "left")
        self.world.must_refuse(
            "A vote after quorum was lost",
            lambda: self._vote(case, "chair", "O1"),
        )
        self.world.must_refuse(
            "The item is called again with two members in the room",
            lambda: self.chair.post(f"/agenda-items/{case.item_id}/call"),
            "R17",
        )
        self.world.count("lost quorums")

    def _is_deferred(self, case: Case) -> bool:
        if case.story is Story.DEFERRED:
            return case.sitting == 0
        return case.story is Story.DEFERRED_TWICE and case.sitting < 2  # noqa: PLR2004  two are the most

    def _defer(self, case: Case) -> None:
        self.secretary.post(f"/agenda-items/{case.item_id}/deferral", self._deferral(case))
        self.deferred.append(case)
        self.world.count("deferrals")

    def _deferral(self, case: Case) -> dict[str, Any]:
        owner = case.office["assessor"].person_id
        return forms.deferral(self.world.clock.now().date(), owner=owner)

    def _decide(self, case: Case, present: Sequence[str]) -> None:
        world = self.world
        if case.story is Story.DEFERRED_TWICE:
            world.must_refuse(
                "A third deferral",
                lambda: self.secretary.post(
                    f"/agenda-items/{case.item_id}/deferral", self._deferral(case)
                ),
                "R21",
            )
        if case.story is Story.RECUSAL:
            world.must_refuse(
                "A recused member votes", lambda: self._vote(case, "police", "O1"), "R14"
            )
        if case.story is Story.DISSENT:
            self._split(case, present)
        else:
            self._vote_all(case, present, {})
        self._record(case)

    def _split(self, case: Case, present: Sequence[str]) -> None:
        """No consensus at first; after another round the majority decides and the dissent is kept (R18)."""
        first, *others = present
        self._vote(case, first, "O1")
        self.world.must_refuse(
            "A decision is recorded while votes are still sealed",
            lambda: self._record(case),
            "R18",
        )
        self._vote_all(case, others, {"school": "O2"})
        self.world.must_refuse(
            "The coordinator reads the votes before the item is closed",
            lambda: case.office["coordinator"].get(f"/agenda-items/{case.item_id}/round"),
            "R18",
        )
        self.chair.post(f"/agenda-items/{case.item_id}/rounds")
        self._vote_all(case, present, {"school": "O2"})
        self.world.count("dissents")

    def _vote_all(self, case: Case, seats: Iterable[str], other: dict[str, str]) -> None:
        for seat in seats:
            self._vote(case, seat, other.get(seat, "O1"))

    def _vote(self, case: Case, seat: str, option: str) -> None:
        opinion = "The school year ends in three weeks; I would wait." if option != "O1" else ""
        body = {"option": option, "opinion": opinion}
        self.office.seats[seat].post(f"/agenda-items/{case.item_id}/votes", body)
        self.world.count("votes")

    def _record(self, case: Case) -> None:
        worker = case.office["worker"].person_id
        body = forms.decision(case, self.world.clock.now().date(), worker=worker)
        made = self.secretary.post(f"/agenda-items/{case.item_id}/determination", body)
        case.decision_id = made["id"]
        self.decided.append(case)
        self.world.count("decisions")

    def _move(self, seat: str, movement: str) -> None:
        body = {"member_id": self.office.members[seat], "movement": movement}
        self.secretary.post(f"/sittings/{self.id}/attendance", body)

    # -- after -------------------------------------------------------------------------------------

    def write_down(self) -> None:
        """Sign decisions and minutes, and archive: the files close to the members."""
        for case in self.decided:
            for seat in SIGNERS:
                self._sign(case, self.office.seats[seat])
        made = self.secretary.post(f"/sittings/{self.id}/minutes")
        for signer in (self.chair, self.secretary):
            text = signer.get(f"/sittings/{self.id}/minutes")["minutes"][0]
            body = {"content_hash": text["content_hash"]}
            signer.post(f"/minutes/{made['id']}/signatures", body)
        self.secretary.post(f"/sittings/{self.id}/archive")
        self.world.count("minutes")

    def _sign(self, case: Case, member: Officer) -> None:
        path = f"/determinations/{case.decision_id}"
        read = member.get(path)["line"]["content_hash"]
        member.post(f"{path}/signatures", {"content_hash": read})
        self.world.count("signatures")


def in_two_weeks(world: World) -> datetime:
    """Return when a sitting called today meets: ten days ahead, after the papers' time limit."""
    return world.clock.now().replace(microsecond=0) + timedelta(days=10)
