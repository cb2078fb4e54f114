"""Children of the province who are to live in another country: asked, accepted, declined, held back, received."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from cli.border import desk, documents, words
from cli.border.desk import Course
from cli.border.gate import Gate
from cli.border.sides import ON_PAPER, Side
from cli.province import assessing, forms
from cli.province.stories import GOES_TO, Story
from cli.province.world import Astray, Case, World

TITLES: Final = {
    Story.REUNITED: "to an aunt: accepted, travelled, received",
    Story.OTHER_TERMS: "accepted on other terms",
    Story.DECLINED_ABROAD: "declined",
    Story.ASKED_FOR_ASYLUM: "stands still: an asylum claim",
    Story.ON_PAPER: "by sealed file, answered on paper",
}
LEAVES_AFTER: Final = timedelta(days=3)
SMALL_CUT: Final = 1_500  # bytes: in the middle of a package without documents


class Leaving:
    """The transfers out of the province, day by day."""

    def __init__(self, world: World, ours: Side, theirs: Side) -> None:
        self.world, self.ours, self.theirs = world, ours, theirs
        self.courses: dict[Story, Course] = {}
        self.enquiries: list[Course] = []
        self.leaves = datetime.min.replace(tzinfo=UTC)

    def cases(self) -> list[Case]:
        """Return the children whose panel is to decide for another country."""
        return self.world.of(*GOES_TO)

    def prepare(self, _world: World) -> None:
        """Ask child and guardian, find out whether searching is safe, and note where the child lives now."""
        self.world.each("What may cross a border", self.cases(), self._prepare)

    def _prepare(self, case: Case) -> None:
        worker, today = case.office["worker"], self.world.clock.now().date()
        consent = {
            "given_by": "guardian", "assent": "yes", "given_on": today.isoformat(),
            "purposes": ["cross_border_summary", "package", "tracing"],
            "share_with": ["partner_country"], "partners": [case.destination],
            "language": case.language,
        }  # fmt: skip
        worker.post(f"{case.path}/consents", consent)
        search = {
            "sought": "An aunt on the mother's side.",
            "safe": "yes",
            "because": "Nobody there is a danger.",
        }
        worker.post(f"{case.path}/tracing", search)
        study = worker.post(f"{case.path}/home-studies", forms.home_study(case, today))
        worker.post(f"{case.path}/placements", forms.placement(case, today, study=study["id"]))

    def ask(self, _world: World) -> None:
        """Ask the other country about the aunt before the panel decides; it never allows a movement."""
        for case in self.world.of(Story.REUNITED):
            course = Course("asked about an aunt: a home study", self.ours, self.theirs, case)
            desk.begin(
                course, round_="enquiry", kind="family_reunification", reason="better_placed",
                destination=case.destination,
            )  # fmt: skip
            reason = "The child wishes to live with an aunt, who may be in the north."
            desk.write_and_check(
                course, self._summary(case, reason, "home_study"), self.theirs.name
            )
            desk.send(course)
            self.enquiries.append(course)
            desk.arrives(course)

    def answer(self, _world: World) -> None:
        """The other country has seen the aunt at home."""
        for course in self.enquiries:
            body = words.positive_reply(self.world.clock.now().date())
            desk.say(course, self.theirs, "ENQUIRY_REPLY", body)
            desk.stands(course, self.ours, "answered_positive")
            desk.came(course, self.ours, "ENQUIRY_REPLY")

    def request(self, _world: World) -> None:
        """Ask the other countries to receive the children, once nobody can appeal any more."""
        for case in self.cases():
            other = None if case.story is Story.ON_PAPER else self.theirs
            course = Course(TITLES[case.story], self.ours, other, case)
            self.courses[case.story] = course
            kind = "repatriation" if other is None else "family_reunification"
            desk.begin(
                course, round_="request", kind=kind, reason="child_moving",
                destination=case.destination,
            )  # fmt: skip
            reason = "The panel decided that the child should live with family."
            summary = self._summary(case, reason, "accept_placement")
            desk.write_and_check(course, summary, ON_PAPER if other is None else other.name)
            if case.story is Story.ASKED_FOR_ASYLUM:
                continue
            self._try_alone(course)
            desk.send(course, self._terms())
            if other is not None:
                desk.arrives(course)

    def _try_alone(self, course: Course) -> None:
        if course.case.story is Story.REUNITED:
            self.world.must_refuse(
                "The officer who wrote a summary sends it alone",
                partial(
                    self.ours["writer"].post, f"/transfers/{course.ours}/sendings",
                    {"request": self._terms()},
                ),
            )  # fmt: skip

    def _terms(self) -> dict[str, Any]:
        decided = self.world.clock.day(17).date().isoformat()
        return {"decided_on": decided, "reasons_included": True}

    def _summary(self, case: Case, reason: str, asked: str) -> Any:
        due = self.world.clock.now().date() + timedelta(days=40)
        return words.summary(reason, [asked], forms.wish(case), due)

    def hold_back(self, _world: World) -> None:
        """A child says that she wants protection here: nothing may go to that country from this moment."""
        course = self.courses[Story.ASKED_FOR_ASYLUM]
        case, path = course.case, f"/transfers/{course.ours}"
        case.office["worker"].post(f"{case.path}/movement-holds", {"reason": "asylum"})
        self.world.must_refuse(
            "A request to the country a child asks protection from",
            partial(self.ours["head"].post, f"{path}/sendings", {"request": self._terms()}),
            "R26",
        )
        self.world.service.settle()
        course.notes.append("nothing left: the other country knows of no request")
        course.ref = self.ours["head"].get(path)["line"]["ref"]

    def decide_there(self, _world: World) -> None:
        """The other country answers each request: yes, yes on other terms, no."""
        today = self.world.clock.now().date()
        for story, kind, body in (
            (Story.REUNITED, "ACCEPT", words.acceptance(today)),
            (Story.OTHER_TERMS, "ACCEPT", words.acceptance(today, proposals=words.COUNTER)),
            (Story.DECLINED_ABROAD, "DECLINE", words.refusal()),
        ):
            course = self.courses[story]
            if story is Story.REUNITED:
                self._try_without_acceptance(course)
            desk.say(course, self.theirs, kind, body)
            desk.came(course, self.ours, kind)
        desk.stands(self.courses[Story.DECLINED_ABROAD], self.ours, "declined")
        self._compare(self.courses[Story.OTHER_TERMS])

    def _compare(self, course: Course) -> None:
        """Hold what was proposed against what the panel decided."""
        desk.stands(course, self.ours, "accepted_with_conditions")
        found = self.ours["head"].get(f"/transfers/{course.ours}/counter-terms")
        said = ", ".join(
            f"{one['what']}: {one['proposed']} ({one['verdict']})" for one in found["terms"]
        )
        course.notes.append(said)
        if not found["must_sit_again"]:
            raise Astray("another kind of care is another decision")

    def _try_without_acceptance(self, course: Course) -> None:
        body = {"type": "PACKAGE", "body": {"items": ["decision"]}}
        self.world.must_refuse(
            "A file is released before the other country accepted",
            partial(self.ours["writer"].post, f"/transfers/{course.ours}/messages", body),
        )
        tomorrow = (self.world.clock.now() + timedelta(days=1)).date().isoformat()
        self.world.must_refuse(
            "A child is cleared to travel before the other country accepted",
            partial(
                self.ours["head"].post, f"/transfers/{course.ours}/clearances", {"on": tomorrow}
            ),
        )

    def release(self, _world: World) -> None:
        """Release the file over a line that breaks in the middle, and plan the journey with the other country."""
        course, gate = self.courses[Story.REUNITED], self._gate()
        body = {"items": ["decision", "report"], "edited_for": "Names of other children."}
        made = desk.write(course, self.ours, "PACKAGE", body)
        is_large = documents.can_send(self.ours)
        if is_large:
            documents.choose(course, made)
        gate.cut_after(documents.SIZE // 2 if is_large else SMALL_CUT)
        desk.sign(self.ours, made, "second")
        desk.came(course, self.theirs, "PACKAGE")
        what = f"{documents.SIZE // documents.MIB} MiB" if is_large else "the file"
        course.notes.append(
            f"line broken {gate.cuts} times while {what} crossed; one package arrived"
        )
        self.leaves = (self.world.clock.now() + LEAVES_AFTER).replace(
            hour=7, minute=0, second=0, microsecond=0
        )
        plan = words.travel_plan(self.leaves, self.world.clock.now().date())
        desk.say(course, self.ours, "TRAVEL_PLAN", plan, signer="second")
        desk.came(course, self.theirs, "TRAVEL_PLAN")
        confirm = words.confirmation(self.leaves, self.world.clock.now().date())
        desk.say(course, self.theirs, "TRAVEL_CONFIRM", confirm, signer="second")
        desk.came(course, self.ours, "TRAVEL_CONFIRM")

    def _gate(self) -> Gate:
        """Return what stands in front of the other country's installation."""
        if self.theirs.gate is None:
            raise Astray("no line to break")
        return self.theirs.gate

    def travel(self, _world: World) -> None:
        """Look at every line, clear the child, see her off, hand her over; the other country receives her."""
        course, clock = self.courses[Story.REUNITED], self.world.clock
        clock.go_to(self.leaves - timedelta(hours=2))
        path, today = f"/transfers/{course.ours}", self.leaves.date()
        on = {"on": today.isoformat()}
        self.world.must_refuse(
            "A child is cleared before anybody looked at the checklist",
            partial(self.ours["head"].post, f"{path}/clearances", on),
        )
        self._look_at_everything(course, path)
        self.ours["head"].post(f"{path}/clearances", on)
        self.ours["writer"].post(f"{path}/departures")
        clock.go_to(self.leaves + timedelta(hours=6))
        at = clock.now()
        desk.say(course, self.ours, "HANDOVER_NOTICE", words.handed_over(at), signer="second")
        desk.came(course, self.theirs, "HANDOVER_NOTICE")
        receipt = words.receipt(clock.now(), self.theirs["writer"].person_id)
        desk.say(course, self.theirs, "RECEIPT", receipt, signer="second")
        desk.came(course, self.ours, "RECEIPT")
        desk.stands(course, self.ours, "received")
        self.world.expect([course.case], "transferred_out")
        self.world.count("children received abroad")

    def _look_at_everything(self, course: Course, path: str) -> None:
        today = self.world.clock.now().date()
        assessing.check_destination(course.case, today)
        found = self.ours["head"].get(f"{path}/checklist?on={today.isoformat()}")
        papers = [
            f"document:{one['facts']['document']}"
            for line in found["lines"]
            for one in line["missing"]
            if one["code"] == "travel_document_missing"
        ]
        for fact in (*words.FACTS, *papers):
            body = {"fact": fact, "answer": "yes", "found_on": today.isoformat()}
            self.ours["second"].post(f"{path}/facts", body)
