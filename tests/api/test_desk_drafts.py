"""Assessments and reports as pages: kept part by part, nothing lost, nothing overwritten silently."""

import ast
import inspect
import re
from typing import Any, Final

import pytest
from httpx2 import Response

from api.desk.case_forms import FORMS
from api.desk.draft_forms import OF_THE_CASE, REPORT, assessment_sections, place_of
from cases.rules import assessments as rules_of_assessments
from cases.rules import participation
from cases.rules import reports as rules_of_reports
from cases.rules.assessments import AssessmentKind
from cases.rules.machine import CaseState
from cases.rules.reports import Part
from cases.service import assessments, reports
from core.actors import Actor, Role
from core.db import Database
from core.errors import Gap
from tests.api.desks import Desks, desks
from tests.builders.accounts import in_office
from tests.builders.cases import a_registered_case
from tests.conftest import NOON

__all__ = ["desks"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')

TALK: Final = {
    "with_child": "yes", "private": "yes", "held_on-day": "2", "held_on-month": "3",
    "held_on-year": "2026", "spoken_languages": "sw", "interviewer_languages": "en",
    "interviewer_languages.other": "Lingala",
}  # fmt: skip


class Writer:
    """A caseworker who is also assessor, with a child's case and an assessment begun."""

    def __init__(self, desks: Desks, database: Database) -> None:
        self.database = database
        held = (in_office(Role.CASEWORKER), in_office(Role.ASSESSOR))
        self.seat = desks.holding("t.zimba", *held)
        self.actor: Actor = self.seat.who.actor(*held)
        self.client = self.seat.client
        self.client.follow_redirects = False
        with database.unit_of_work() as session:
            case = a_registered_case(session, owner=self.actor, state=CaseState.BIA_IN_PROGRESS)
            self.case_id = case.id
            begun = assessments.begin_assessment(
                session, self.actor, case.id, AssessmentKind.SHORT, now=NOON
            )
        self.record_id = begun.id
        self.path = f"/desk/cases/{self.case_id}/assessments/{begun.id}"

    def page(self, part: str) -> dict[str, str]:
        """What a page of the form carries in itself."""
        return dict(HIDDEN.findall(self.client.get(f"{self.path}/{part}").text))

    def send(
        self, part: str, values: dict[str, str], page: dict[str, str] | None = None
    ) -> Response:
        """Save a page as it was opened, or as it is now."""
        return self.client.post(
            f"{self.path}/{part}", data={**(page or self.page(part)), "act": "save", **values}
        )

    def form(self) -> Any:
        """What is on file."""
        with self.database.unit_of_work() as session:
            return assessments.read_assessment(
                session, self.actor, self.case_id, self.record_id, now=NOON
            ).form


@pytest.fixture
def writer(desks: Desks, database: Database) -> Writer:
    """Somebody who writes an assessment."""
    return Writer(desks, database)


def test_a_page_is_kept_by_itself_and_the_others_stay(writer: Writer) -> None:
    writer.send("findings", {"sections.safety": "A man follows her."})
    writer.send("conclusion", {"recommendation": "A safe house.", "bid_required": "yes"})
    writer.send("findings", {"sections.care": "With a neighbour."}, None)
    form = writer.form()

    assert form.sections["care"] == "With a neighbour."
    assert form.recommendation == "A safe house."
    assert form.bid_required is True


def test_what_two_people_wrote_in_different_fields_is_kept_together(writer: Writer) -> None:
    opened = writer.page("findings")
    writer.send("findings", {"sections.safety": "Theirs."}, opened)

    answer = writer.send("findings", {"sections.care": "Mine."}, opened)

    assert answer.status_code == 303
    assert answer.headers["location"].endswith("kept=both")
    assert dict(writer.form().sections) == {"safety": "Theirs.", "care": "Mine.", "family": ""}


def test_what_two_people_wrote_in_the_same_field_is_shown_side_by_side_and_a_person_chooses(
    writer: Writer,
) -> None:
    opened = writer.page("findings")
    writer.send("findings", {"sections.safety": "Theirs <b>.", "sections.care": "Same."}, opened)

    both = writer.send("findings", {"sections.safety": "Mine.", "sections.care": "Same."}, opened)
    kept = writer.form().sections["safety"]
    page = dict(HIDDEN.findall(both.text))
    unchosen = writer.send("findings", {"sections.safety": "Mine."}, page)
    chosen = writer.send(
        "findings",
        {"sections.safety": "Mine.", "sections.care": "Same.", "choose.sections.safety": "both"},
        dict(HIDDEN.findall(unchosen.text)),
    )

    assert both.status_code == unchosen.status_code == 409
    assert "Theirs &lt;b&gt;." in both.text
    assert ">\nMine.</textarea>" in both.text
    assert kept == "Theirs <b>."
    assert chosen.status_code == 303
    assert writer.form().sections["safety"] == "Theirs <b>.\n\nMine."


def test_a_no_that_somebody_answered_is_not_taken_back_by_a_form_that_left_it_open(
    writer: Writer,
) -> None:
    opened = writer.page("conclusion")
    writer.send("conclusion", {"bid_required": "no"}, opened)

    writer.send("conclusion", {"recommendation": "School."}, opened)

    form = writer.form()
    assert (form.bid_required, form.recommendation) == (False, "School.")


def test_a_choice_that_was_emptied_can_win_over_one_that_somebody_made(writer: Writer) -> None:
    writer.send("conclusion", {"priority_result": "high"})
    opened = writer.page("conclusion")
    writer.send("conclusion", {"priority_result": "low"}, opened)

    both = writer.send("conclusion", {"priority_result": ""}, opened)
    page = dict(HIDDEN.findall(both.text))
    done = writer.send(
        "conclusion", {"priority_result": "", "choose.priority_result": "mine"}, page
    )

    assert (both.status_code, done.status_code) == (409, 303)
    assert writer.form().priority_result is None


def test_a_choice_made_of_an_older_version_is_asked_again_when_it_changed_once_more(
    writer: Writer,
) -> None:
    opened = writer.page("findings")
    writer.send("findings", {"sections.safety": "First."}, opened)
    both = writer.send("findings", {"sections.safety": "Mine."}, opened)
    writer.send("findings", {"sections.safety": "Second."})

    chosen = {"sections.safety": "Mine.", "choose.sections.safety": "mine"}
    answer = writer.send("findings", chosen, dict(HIDDEN.findall(both.text)))

    assert answer.status_code == 409
    assert "Second." in answer.text
    assert writer.form().sections["safety"] == "Second."


def test_a_form_kept_while_somebody_writes_does_not_overwrite_what_others_wrote(
    writer: Writer,
) -> None:
    opened = writer.page("findings")
    writer.send("findings", {"sections.safety": "Theirs."}, opened)

    quiet = writer.send("findings", {"sections.care": "Mine.", "auto": "yes"}, opened)
    again = {**opened, **dict(HIDDEN.findall(quiet.text))}
    writer.send("findings", {"sections.care": "Mine, longer.", "auto": "yes"}, again)

    assert "Saved at" in quiet.text
    assert "Somebody changed another part" in quiet.text
    assert writer.form().sections["safety"] == "Theirs."
    assert writer.form().sections["care"] == "Mine, longer."


def test_a_day_that_is_none_comes_back_with_everything_that_was_typed(writer: Writer) -> None:
    typed = {"views.words": "My aunt & I", "views.heard_on-day": "31", "views.heard_on-month": "2", "views.heard_on-year": "2026"}  # fmt: skip

    answer = writer.send("views", typed)

    assert answer.status_code == 409
    assert 'href="#views.heard_on-day"' in answer.text
    assert "My aunt &amp; I" in answer.text
    assert writer.form().views.words == ""


def test_a_talk_is_added_changed_and_taken_out_on_a_page_of_its_own(writer: Writer) -> None:
    added = writer.send("talks/new", TALK)
    first = writer.form().interviews
    writer.send("talks/1", {**TALK, "place": "Safe house"})
    second = writer.form().interviews
    writer.client.post(f"{writer.path}/talks/1", data={**writer.page("talks/1"), "act": "remove"})

    assert added.headers["location"].endswith("/talks/1?kept=yes")
    assert first[0].interviewer_languages == ("en", "ln")
    assert first[0].interpreter is None
    assert [one.place for one in second] == ["Safe house"]
    assert writer.form().interviews == ()


def test_taking_an_entry_out_twice_takes_nothing_else_out(writer: Writer) -> None:
    for number, who in enumerate(("Her uncle", "Her aunt"), start=2):
        writer.send("talks/new", TALK | {"person": who, "held_on-day": str(number)})
    shown = writer.page("talks/1")

    first = writer.client.post(f"{writer.path}/talks/1", data={**shown, "act": "remove"})
    again = writer.client.post(f"{writer.path}/talks/1", data={**shown, "act": "remove"})

    assert (first.status_code, again.status_code) == (303, 409)
    assert "Somebody else changed this" in again.text
    assert f'href="{writer.path}/talks/1"' in again.text
    assert [one.person for one in writer.form().interviews] == ["Her aunt"]


def test_what_is_missing_leads_to_the_page_and_the_field_where_it_is_filled(writer: Writer) -> None:
    page = writer.client.get(writer.path).text

    assert f'href="{writer.path}/findings#sections.safety"' in page
    assert f'href="{writer.path}/views#views.words"' in page
    assert "Hand in to the supervisor" not in page
    assert 'id="sections.safety"' in writer.client.get(f"{writer.path}/findings").text


def _gap_codes() -> set[str]:
    """The code of every gap the rules of assessments and reports can name."""
    found: set[str] = set()
    for module in (rules_of_assessments, rules_of_reports, participation):
        tree = ast.parse(inspect.getsource(module))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        found |= {
            str(call.args[0].value)
            for call in calls
            if getattr(call.func, "id", "") == "Gap" and isinstance(call.args[0], ast.Constant)
        }
    return found - {"plan_child_word_missing"}


def test_every_gap_of_an_assessment_or_a_report_has_a_page_and_a_field(database: Database) -> None:
    del database
    pages: dict[str, set[str]] = {}
    for one in (*REPORT, *assessment_sections("comprehensive")):
        inside = one.entries.fields if one.entries is not None else ()
        pages.setdefault(one.code, set()).update(field.name for field in (*one.fields, *inside))
    pages[OF_THE_CASE] = {str(one) for one in FORMS}
    of_option: dict[str, str | int] = {"option": "O1", "text": "pros"}
    facts: dict[str, dict[str, str | int]] = {
        "section_missing": {"section": "safety"}, "factor_group_empty": {"group": "family"},
        "report_part_missing": {"part": "journey"},
    }  # fmt: skip

    codes = _gap_codes()
    gaps = [Gap(code, facts.get(code, {})) for code in codes if not code.startswith(_OF_ENTRIES)]
    gaps += [
        Gap(code, {"interview": 1})
        for code in codes
        if code.startswith(("interview_", "interpreter_"))
    ]
    gaps += [
        Gap(code, of_option) for code in codes if code.startswith((*_OF_OPTIONS, "child_views_"))
    ]
    gaps += [Gap("report_part_missing", {"part": str(part)}) for part in Part]
    places = [(gap.code, place_of(gap)) for gap in gaps]
    lost = {
        code
        for code, place in places
        if place.section not in pages or (place.field and place.field not in pages[place.section])
    }

    assert len(codes) > 30
    assert lost == set()


_OF_OPTIONS: Final = ("option_", "non_refoulement", "country_information")
_OF_ENTRIES: Final = (*_OF_OPTIONS, "interview_", "interpreter_")


def test_a_report_is_written_with_its_options_and_says_what_is_missing_of_each(
    writer: Writer,
) -> None:
    with writer.database.unit_of_work() as session:
        case = a_registered_case(session, owner=writer.actor, state=CaseState.BID_REQUIRED)
        coordinator = in_office(Role.COORDINATOR)
        boss = writer.seat.who.actor(coordinator)
        reports.name_assessor(session, boss, case.id, writer.actor.person_id, now=NOON)
    writer.path = f"/desk/cases/{case.id}/report"

    writer.send("story", {"parts.journey": "On foot."})
    option = {"ref": "O1", "outcome": "CARE_PLACEMENT", "destination": "ZM", "feasible": "yes", "care": "foster", "views.words": "Yes."}  # fmt: skip
    writer.send("options/new", option)
    writer.send("recommendation", {"recommended": "O1"})
    page = writer.client.get(writer.path).text

    assert "On foot." in page
    assert "Place in care" in page
    assert f'href="{writer.path}/options/1#pros"' in page
    assert f'href="{writer.path}/story#parts.current_situation"' in page
    assert "O1: Place in care" in page


def test_nobody_but_the_author_gets_a_page_to_write_on(writer: Writer, desks: Desks) -> None:
    supervisor = desks.of("s.banda", Role.SUPERVISOR)
    supervisor.client.follow_redirects = False

    read = supervisor.client.get(writer.path)
    part = supervisor.client.get(f"{writer.path}/findings")

    assert read.status_code == 200
    assert "Write or change" not in read.text
    assert part.headers["location"] == writer.path


def test_what_was_kept_without_being_heard_is_not_taken_for_somebody_elses(writer: Writer) -> None:
    opened = writer.page("findings")
    writer.send("findings", {"sections.safety": "A man", "auto": "yes"}, opened)

    unheard = {"tried.sections.safety": "A man", "sections.safety": "A man follows her."}
    answer = writer.send("findings", unheard, opened)
    others = writer.send("findings", {"sections.safety": "Else.", "tried.sections.safety": "B"}, opened)  # fmt: skip

    assert answer.status_code == 303
    assert others.status_code == 409
    assert writer.form().sections["safety"] == "A man follows her."
