"""What somebody may do with a case, as links on its page; each leads to a form that does it."""

import re
from datetime import timedelta
from typing import Final

import pytest

from api.desk.acts_shown import _AWAITED
from api.desk.case_forms import FORMS
from api.desk.words import spoken
from api.desk_case_acts import DO
from cases.rules.access import Basis
from cases.rules.machine import CaseState
from cases.rules.waiting import _BY_ASSESSMENT, _BY_STATE, Progress, waiting
from cases.service import (
    detention,
    emergency,
    movement,
    plans,
    possible,
    procedure,
)
from cases.service.possible import Act
from core.actors import Actor, Role
from core.db import Database, Session
from panels.service import appeals, communication
from panels.service.next_acts import NextAct
from tests.api.seats import Seat, at, seat, within
from tests.builders.case_life import a_detention
from tests.builders.cases import a_person_on_own_cases, a_registered_case
from tests.builders.decided import SIGNED, TOLD, Decided, in_force, seen_by, told
from tests.builders.procedure import (
    a_case_at_report,
    a_team,
    an_agreed_plan,
    an_approved_assessment,
)
from tests.conftest import NOON

__all__ = ["seat"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PAGES: Final = {
    Act.REGISTER, Act.FACTS, Act.WRITE_ASSESSMENT, Act.JUDGE_ASSESSMENT, Act.WRITE_REPORT, Act.CHECK_REPORT,
}  # fmt: skip


def test_every_act_has_a_form_that_does_something_and_words(database: Database) -> None:
    del database
    acts = {*(str(one) for one in Act if one not in PAGES), *(str(one) for one in NextAct)}
    words = spoken()["en"]

    holes = [
        f"{code}.{field.name}"
        for code, form in FORMS.items()
        for field in form.fields
        if not words.knows(code, field.name)
    ]

    assert {str(one) for one in FORMS} == {str(one) for one in DO} == acts
    assert [
        one for one in acts if not (words.knows(one, "title") and words.knows(one, "send"))
    ] == []
    assert [one for one in PAGES if not words.knows(str(one), "title")] == []
    assert holes == []


def test_every_act_a_case_can_wait_for_is_a_name_of_the_procedure(database: Database) -> None:
    del database
    names = {one.name for one in (*_BY_STATE.values(), *_BY_ASSESSMENT.values())}
    names |= {
        waiting(state, progress).name
        for state in (CaseState.PLANNED, CaseState.IMPLEMENTING, CaseState.FOLLOW_UP)
        for progress in _PROGRESS
    }

    assert set(_AWAITED) - names == set()


_PROGRESS: Final = (
    Progress(), Progress(open_actions=1), Progress(nothing_planned=True), Progress(visit_due=True),
)  # fmt: skip


@pytest.mark.parametrize(
    "state",
    [CaseState.IDENTIFIED, CaseState.REGISTERED, CaseState.BIA_IN_PROGRESS, CaseState.ON_HOLD, CaseState.CLOSED],
)  # fmt: skip
def test_whatever_is_offered_can_be_opened_by_whom_it_is_offered_to(
    seat: Seat, database: Database, state: CaseState
) -> None:
    team = within(database, lambda session: a_team(session, state=state))
    people = (team.worker, team.supervisor, team.coordinator)

    opened = {}
    for person in people:
        browser = seat(person)
        for path in browser.acts(team.case_id):
            opened[person.person_id, path] = browser.client.get(path).status_code

    assert len(opened) > 3
    assert opened == dict.fromkeys(opened, 200)


def test_a_case_offers_to_each_what_is_theirs(seat: Seat, database: Database) -> None:
    team = within(database, lambda session: a_team(session, state=CaseState.REGISTERED))
    worker, supervisor = seat(team.worker), seat(team.supervisor)

    theirs = worker.acts(team.case_id)
    hers = supervisor.acts(team.case_id)

    allocate = f"/desk/cases/{team.case_id}/acts/allocate"
    assert allocate in hers
    assert allocate not in theirs
    assert f"/desk/cases/{team.case_id}/acts/record_consent" in theirs
    assert worker.client.get(allocate).status_code == 409


def test_an_act_of_a_case_of_others_answers_like_none(seat: Seat, database: Database) -> None:
    team = within(database, a_team)
    stranger = seat(within(database, lambda session: a_team(session, office="ZM-03-CHP")).worker)
    other = within(
        database,
        lambda session: a_registered_case(session, office="ZM-03-CHP", district="ZM-03-CHP"),
    )
    worker = seat(team.worker)

    answers = [
        worker.client.get(f"/desk/cases/{other.id}/acts/record_consent").status_code,
        worker.client.post(f"/desk/cases/{other.id}/acts/record_consent", data={}).status_code,
    ]

    assert stranger is not None
    assert answers == [404, 404]


@pytest.mark.rule("R4")
def test_an_urgent_act_is_put_on_record_and_a_slip_loses_nothing(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_team)
    worker = seat(team.worker)
    path = f"/desk/cases/{team.case_id}/acts/emergency"
    typed = {"danger": "no_care", "measure": "place_of_safety", "words": "She slept <outside>."}

    slip = worker.send(path, {**typed, **at("acted_at", NOON), "acted_at-time": "noon"})
    done = worker.send(path, {**typed, **at("acted_at", NOON - timedelta(hours=1))})

    found = within(
        database, lambda session: emergency.actions_of(session, team.worker, team.case_id, now=NOON)
    )
    assert slip.status_code == 409
    assert 'href="#acted_at-time"' in slip.text
    assert "She slept &lt;outside&gt;." in slip.text
    assert done.headers["location"] == f"/desk/cases/{team.case_id}"
    assert [(one.measure, one.acted_at) for one in found] == [
        ("place_of_safety", NOON - timedelta(hours=1))
    ]


@pytest.mark.rule("R26")
def test_fear_of_going_back_stops_every_journey_abroad(seat: Seat, database: Database) -> None:
    team = within(database, a_team)

    answer = seat(team.worker).send(
        f"/desk/cases/{team.case_id}/acts/protection", {"fear_of_return": "yes"}
    )

    holds = within(
        database, lambda session: movement.holds_of(session, team.worker, team.case_id, now=NOON)
    )
    assert answer.status_code == 303
    assert [one.reason for one in holds] == ["fear_of_return"]


def test_a_form_of_an_older_version_of_the_case_is_refused_and_keeps_what_was_typed(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_team)

    answer = seat(team.worker).send(
        f"/desk/cases/{team.case_id}/acts/protection", {"asylum_claim": "wishes"}, version="999"
    )

    assert answer.status_code == 409
    assert re.search(r'value="wishes" selected|value="wishes" checked', answer.text)


def test_consent_is_recorded_and_taken_back(seat: Seat, database: Database) -> None:
    team = within(database, a_team)
    worker = seat(team.worker)
    given = {"given_by": "child", "assent": "yes", "purposes": "tracing", "share_with": "family", **at("given_on", NOON)}  # fmt: skip

    worker.send(f"/desk/cases/{team.case_id}/acts/record_consent", given)
    (back,) = [path for path in worker.acts(team.case_id) if "withdraw_consent" in path]
    shown = worker.client.get(back).text
    done = worker.send(back, {})

    assert "search for the family" in shown
    assert done.status_code == 303
    assert [path for path in worker.acts(team.case_id) if "withdraw_consent" in path] == []
    assert worker.client.get(back).status_code == 409


def test_release_from_detention_is_offered_while_a_child_is_held(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_team)
    within(
        database,
        lambda session: detention.record_detention(
            session, team.worker, team.case_id, a_detention(), now=NOON
        ),
    )
    worker = seat(team.worker)

    offered = worker.acts(team.case_id)
    done = worker.send(
        next(one for one in offered if "/acts/release/" in one),
        {"released_to": "place_of_safety", **at("released_at", NOON)},
    )  # fmt: skip

    assert done.status_code == 303
    assert not any("/acts/release" in path for path in worker.acts(team.case_id))


def test_a_plan_is_agreed_and_its_actions_are_said_to_be_done(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_team)

    def planned(session: Session) -> None:
        an_approved_assessment(session, team)
        procedure.settle_assessment(session, team.case_id, now=NOON)
        an_agreed_plan(session, team)
        procedure.begin_plan(session, team.case_id, now=NOON)

    within(database, planned)
    worker = seat(team.worker)
    (path,) = [one for one in worker.acts(team.case_id) if "action_done" in one]

    shown = worker.client.get(path).text
    done = worker.send(path, {"result": "She goes to school."})

    (action,) = within(
        database,
        lambda session: plans.read_plan(session, team.worker, team.case_id, now=NOON).actions,
    )
    assert "Enrol" in shown
    assert done.status_code == 303
    assert (action.status, action.result) == ("done", "She goes to school.")


@pytest.mark.rule("R9")
def test_the_child_is_told_and_what_it_said_is_kept(seat: Seat, database: Database) -> None:
    decided: Decided = within(database, in_force)
    worker = seat(decided.worker, TOLD)
    path = f"/desk/cases/{decided.case_id}/acts/tell/{decided.determination_id}"

    offered = worker.acts(decided.case_id)
    page = worker.client.get(f"/desk/cases/{decided.case_id}").text
    slip = worker.send(path, {"reaction_words": "She asked about school."})
    talk = {
        **at("told_at", TOLD), "language": "swa", "explained_by": decided.worker.person_id,
        "present": "her aunt\nher guardian", "reaction": "has_questions",
        "reaction_words": "She asked about school.", "complaint_route_explained": "yes",
        "appeal_route_explained": "yes", "note": "You will live with Agnes. You can say no at any time.",
    }  # fmt: skip
    done = worker.send(path, talk)

    kept = within(
        database,
        lambda session: communication.read_talk(
            session, decided.worker, decided.determination_id, now=TOLD
        ),
    )
    assert path in offered
    assert f"/desk/papers/child-page/{decided.determination_id}" in page
    assert "She asked about school." in slip.text
    assert done.status_code == 303, done.text
    assert kept.reaction_words == "She asked about school."
    assert kept.present == ("her aunt", "her guardian")


@pytest.mark.rule("R42")
def test_a_child_who_disagrees_is_heard_and_no_journey_goes_on(
    seat: Seat, database: Database
) -> None:
    decided: Decided = within(database, told)
    worker = seat(decided.worker, TOLD + timedelta(days=1))
    path = f"/desk/cases/{decided.case_id}/acts/appeal/{decided.determination_id}"

    page = worker.client.get(path).text
    done = worker.send(path, {"by": "child", **at("received_at", TOLD + timedelta(hours=1))})

    (appeal,) = within(
        database,
        lambda session: appeals.appeals_of(
            session, decided.worker, decided.case_id, now=TOLD + timedelta(days=1)
        ),
    )
    assert "I disagree" in page
    assert done.status_code == 303
    assert (appeal.by, appeal.grounds) == ("child", "I disagree")


@pytest.mark.rule("R42")
def test_a_guardian_finds_the_way_to_disagree_and_speaks_in_no_other_name(
    seat: Seat, database: Database
) -> None:
    def with_guardian(session: Session) -> tuple[Decided, Actor]:
        decided = told(session)
        guardian = a_person_on_own_cases(Role.GUARDIAN)
        seen_by(session, decided, guardian, Basis.GUARDIAN)
        return decided, guardian

    decided, guardian = within(database, with_guardian)
    later = TOLD + timedelta(days=1)
    browser = seat(guardian, later)
    path = f"/desk/cases/{decided.case_id}/acts/appeal/{decided.determination_id}"

    offered = browser.acts(decided.case_id)
    page = browser.client.get(path).text
    other = browser.send(path, {"by": "lawyer", **at("received_at", TOLD + timedelta(hours=1))})
    own = browser.send(path, {"by": "guardian", **at("received_at", TOLD + timedelta(hours=1))})

    assert path in offered
    assert 'value="guardian" checked' in page
    assert other.status_code == 409
    assert "govuk-error-summary" in other.text
    assert own.status_code == 303


def test_the_papers_of_a_case_are_printed_from_its_page(seat: Seat, database: Database) -> None:
    decided: Decided = within(database, in_force)
    worker = seat(decided.worker, SIGNED)

    page = worker.client.get(f"/desk/cases/{decided.case_id}").text
    links = re.findall(r'href="(/desk/papers/[^"]+)"', page)
    found = {link.split("/")[3]: worker.client.get(link) for link in links}

    assert set(found) == {"bid-report", "letter", "child-page"}
    assert {one.content[:5] for one in found.values()} == {b"%PDF-"}
    assert worker.client.get("/desk/papers/letter/no-such").status_code == 404
    ahead = worker.client.get(links[0], headers={"sec-purpose": "prefetch"})
    assert ahead.headers["content-type"].startswith("text/html")


def test_what_stands_against_closing_is_named_and_nothing_typed_is_lost(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_team)
    typed = {"reason": "goal_met", "words": "She is safe with her aunt."}

    answer = seat(team.worker).send(f"/desk/cases/{team.case_id}/acts/ask_to_close", typed)

    assert answer.status_code == 409
    assert "govuk-error-summary__list" in answer.text
    assert "She is safe with her aunt." in answer.text


def test_the_author_of_a_report_is_led_to_it_and_nobody_else(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_case_at_report)

    author = within(
        database,
        lambda session: possible.possible_acts(session, team.assessor, team.case_id, now=NOON),
    )
    worker = seat(team.worker).acts(team.case_id)

    assert Act.WRITE_REPORT in {one.act for one in author}
    assert f"/desk/cases/{team.case_id}/acts/write_report" not in worker


def test_a_machine_is_offered_nothing(database: Database) -> None:
    team = within(database, a_team)
    machine = Actor(team.worker.account_id, team.worker.person_id, "ZM", team.worker.grants, is_human=False)  # fmt: skip

    found = within(
        database, lambda session: possible.possible_acts(session, machine, team.case_id, now=NOON)
    )

    assert team.worker.has(Role.CASEWORKER)
    assert found == ()
