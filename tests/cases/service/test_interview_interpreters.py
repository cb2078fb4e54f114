"""An interview that names an interpreter on record is judged by the record, not by what was typed."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from cases.rules.assessment_form import InterpreterNote
from cases.rules.assessments import AssessmentKind
from cases.service import assessments, interpreters, reports
from cases.service.forms import plain
from cases.service.interpreters import NewInterpreter
from core.errors import Incomplete
from core.ids import new_id
from tests.builders.assessments import TODAY, a_report, an_assessment, an_interview
from tests.builders.procedure import Team, a_case_at_report, a_team
from tests.conftest import NOON

DAY = timedelta(days=1)


def an_interpreter(
    session: Session,
    team: Team,
    *languages: str,
    signed: date = TODAY,
    until: date = TODAY + 30 * DAY,
) -> str:
    """Somebody assigned to the child; Swahili when nothing else is said."""
    new = NewInterpreter(
        "Yusuf", languages or ("sw",), signed, until, is_tied=False, child_aware=True
    )
    return interpreters.assign_interpreter(session, team.worker, team.case_id, new, now=NOON)


def refused(session: Session, team: Team, interpreter_id: str, held_on: date = TODAY) -> list[str]:
    """What the supervisor's desk says to an assessment that names this interpreter."""
    note = InterpreterNote("Yusuf", TODAY - 30 * DAY, interpreter_id=interpreter_id)
    form = an_assessment(interviews=(an_interview(interpreter=note, held_on=held_on),))
    begun = assessments.begin_assessment(
        session, team.worker, team.case_id, AssessmentKind.SHORT, now=NOON
    )
    assessments.save_assessment(session, team.worker, team.case_id, begun.id, plain(form), now=NOON)
    try:
        assessments.submit_assessment(session, team.worker, team.case_id, begun.id, now=NOON)
    except Incomplete as missing:
        return [gap.code for gap in missing.gaps]
    return []


@pytest.mark.rule("R10")
@pytest.mark.parametrize("language", ["sw", "swa"])
def test_interpreter_on_record_for_the_child_s_language_is_taken(
    session: Session, language: str
) -> None:
    team = a_team(session)

    assert refused(session, team, an_interpreter(session, team, language)) == []


@pytest.mark.rule("R10")
def test_interpreter_nobody_assigned_or_of_another_child_is_refused(session: Session) -> None:
    other = a_team(session)
    elsewhere = an_interpreter(session, other)

    for interpreter_id in (new_id(), elsewhere):
        assert refused(session, a_team(session), interpreter_id) == [
            "interview_interpreter_unknown"
        ]


@pytest.mark.rule("R10")
def test_interpreter_of_another_language_is_refused(session: Session) -> None:
    team = a_team(session)

    found = refused(session, team, an_interpreter(session, team, "fr", "so"))

    assert found == ["interview_interpreter_language"]


@pytest.mark.rule("R10")
def test_undertaking_on_record_counts_and_not_the_day_that_was_typed(session: Session) -> None:
    team = a_team(session)
    signed_today = an_interpreter(session, team)

    assert refused(session, team, signed_today, held_on=TODAY - DAY) == [
        "interview_undertaking_missing"
    ]


@pytest.mark.rule("R10")
def test_interpreter_whose_assignment_had_ended_is_refused(session: Session) -> None:
    team = a_team(session)
    kept = an_interpreter(session, team, signed=TODAY - 9 * DAY)
    interpreters.end_interpreter(session, team.worker, team.case_id, kept, now=NOON - 2 * DAY)

    assert refused(session, team, kept) == ["interview_undertaking_missing"]


@pytest.mark.rule("R10")
def test_report_to_the_panel_is_judged_the_same_way(session: Session) -> None:
    team = a_case_at_report(session)
    note = InterpreterNote("Yusuf", TODAY, interpreter_id=an_interpreter(session, team, "fr"))
    form = a_report()
    changed = [an_interview(interpreter=note), *form.interviews[1:]]
    reports.save_report(
        session, team.assessor, team.case_id, plain(a_report(interviews=tuple(changed))), now=NOON
    )

    with pytest.raises(Incomplete) as missing:
        reports.submit_report(session, team.assessor, team.case_id, now=NOON)

    assert [gap.code for gap in missing.value.gaps] == ["interview_interpreter_language"]
