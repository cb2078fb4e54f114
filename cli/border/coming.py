"""Children of ours another country writes about: one comes home, one was told of by mistake."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from cli.border import desk, words
from cli.border.desk import Course
from cli.border.sides import REGION, Side
from cli.province import assessing, forms, intake
from cli.province.accounts import Office
from cli.province.caseload import Child
from cli.province.loading import find_all, load
from cli.province.stories import Story
from cli.province.world import Astray, Case, World

OFFICE_HERE: Final = "ZM-07-LIV"
TITLES: Final = ("a child of ours comes home", "told of, and taken back after it was read")


class Coming:
    """The transfers into the province."""

    def __init__(self, ours: Side, theirs: Side, office: Office) -> None:
        self.ours, self.theirs, self.office = ours, theirs, office
        self.courses: list[Course] = []

    def bring_in(self, folder: Path) -> None:
        """Let the other country's office import its list and assess the children on it."""
        world = self.theirs.world
        world.people.offices[REGION.code] = self.office
        children = children_of_ours()
        database = self.theirs.database()
        try:
            load(world, database, children, folder)
        finally:
            database.dispose()
        find_all(world, children)
        for title, case in zip(TITLES, world.cases, strict=True):
            self._assess(world, case)
            self.courses.append(Course(title, self.theirs, self.ours, case))

    def _assess(self, world: World, case: Case) -> None:
        worker, today = self.office["worker"], world.clock.now().date()
        case.languages = tuple(worker.get(case.path)["facts"].get("languages", ()))
        intake.name_guardian(world, case)
        intake.allocate(case)
        consent = {
            "given_by": "guardian", "assent": "yes", "given_on": today.isoformat(),
            "purposes": ["cross_border_summary", "package", "tracing", "case_management"],
            "share_with": ["partner_country"], "partners": ["ZM"], "language": case.language,
        }  # fmt: skip
        worker.post(f"{case.path}/consents", consent)
        search = {"sought": "A grandmother.", "safe": "yes", "because": "Nobody there is a danger."}
        worker.post(f"{case.path}/tracing", search)
        study = worker.post(f"{case.path}/home-studies", forms.home_study(case, today))
        worker.post(f"{case.path}/placements", forms.placement(case, today, study=study["id"]))
        assessing.assess_one(world, case)
        assessing.approve_newest(case)

    def write(self, _world: World) -> None:
        """The other country asks whether the grandmother is here."""
        due = self.theirs.world.clock.now().date() + timedelta(days=60)
        for course in self.courses:
            desk.begin(
                course, round_="enquiry", kind="family_reunification", reason="better_placed",
                destination="ZM",
            )  # fmt: skip
            reason = "The child says that her grandmother lives near the river and sells fish."
            summary = words.summary(reason, ["confirm_family"], forms.wish(course.case), due)
            desk.write_and_check(course, summary, self.ours.name)
            desk.send(course)
            desk.arrives(course)

    def answer(self, world: World) -> None:
        """Our officers look for her among the children they know, open a case, and answer."""
        course = self.courses[0]
        path = f"/transfers/{course.theirs}"
        writer = self.ours["writer"]
        known = writer.post(f"{path}/candidates", {})
        course.notes.append(
            f"{len(known['items'])} children here might be the same; an officer found: none"
        )
        writer.post(f"{path}/cases", {"office": OFFICE_HERE})
        desk.say(course, self.ours, "ENQUIRY_REPLY", words.positive_reply(world.clock.now().date()))
        desk.came(course, self.theirs, "ENQUIRY_REPLY")
        desk.stands(course, self.theirs, "answered_positive")
        world.count("children expected home")

    def take_back(self, world: World) -> None:
        """Consent for the second child is withdrawn over there: what was read here is closed at once, and destroyed."""
        course = self.courses[1]
        enquiry = desk.read(course, self.ours)[0]
        (sent,) = [one for one in desk.read(course, self.theirs) if one["type"] == "ENQUIRY"]
        case = course.case
        worker = case.office["worker"]
        given = worker.get(f"{case.path}/consents")["consents"][-1]["id"]
        worker.post(f"{case.path}/consents/{given}/withdrawal")
        self.theirs["second"].post(
            f"/messages/{sent['id']}/recalls", {"reason": "consent_withdrawn"}
        )

        def asked() -> Any:
            return self.ours["writer"].get("/recalls?only_open=true")["items"]

        (recall,) = desk.until(asked, self.ours, "a recall")
        closed = [one for one in desk.read(course, self.ours) if one["id"] == enquiry["id"]]
        if enquiry["body"] is None or closed[0]["body"] is not None:
            raise Astray("what was taken back can still be read")
        self.ours["head"].post(f"/recalls/{recall['id']}/answers", {})
        course.notes.append("read here, taken back there: closed at once, destroyed by an officer")
        world.count("messages taken back")


def children_of_ours() -> list[Child]:
    """Return the children the other country found."""
    first = Child(
        number=900, shown_id="0c0ffee", district=REGION, story=Story.SERVICES, given="Mwangala",
        family="Liswani", sex="female", age=12, nationality="ZM", language="english",
        accompaniment="unaccompanied", priority="medium", concerns=("no_care",),
    )  # fmt: skip
    return [first, replace(first, number=901, shown_id="0decade", given="Sibeso", age=14)]
