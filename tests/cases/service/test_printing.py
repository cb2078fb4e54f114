"""The BID report as its author, checker and supervisor print it."""

import pytest
from sqlmodel import Session

from cases.rules.reports import Part
from cases.service import reports
from cases.service.forms import plain
from cases.service.printing import printed_report
from core.actors import Actor, Role
from core.errors import NotThere
from core.papers.issuing import Issued, Standing, check
from tests.builders.assessments import a_report
from tests.builders.cases import a_person
from tests.builders.papers import a_desk, words_on
from tests.builders.procedure import Team, a_case_at_report, a_ready_report
from tests.conftest import NOON

DESK = a_desk()


def a_print(session: Session, actor: Actor, team: Team, language: str = "en") -> Issued:
    return printed_report(session, actor, team.case_id, language=language, desk=DESK, now=NOON)


@pytest.mark.rule("R20")
def test_a_report_is_printed_whole_and_ranks_nothing(session: Session) -> None:
    team = a_ready_report(session)

    shown = words_on(a_print(session, team.supervisor, team).content)

    for words in (
        "Option O1: Care placement", "Option O2: Maintain current care", "I want to live with my aunt.",
        "Why a panel decides", "The panel decides.", "The child's views",
    ):  # fmt: skip
        assert words in shown
    assert "DRAFT" not in shown
    assert "score" not in shown.lower()


def test_a_report_that_is_being_written_is_marked_and_superseded_by_the_next(
    session: Session,
) -> None:
    team = a_case_at_report(session)
    parts = dict.fromkeys(Part, "First.")
    reports.save_report(
        session, team.assessor, team.case_id, plain(a_report(parts=parts)), now=NOON
    )
    first = a_print(session, team.assessor, team)
    assert "DRAFT" in words_on(first.content)

    reports.save_report(session, team.assessor, team.case_id, plain(a_report()), now=NOON)
    assert check(session, first.code).standing is Standing.SUPERSEDED
    second = a_print(session, team.assessor, team)

    assert check(session, second.code).standing is Standing.GENUINE


def test_nobody_else_prints_a_report(session: Session) -> None:
    team = a_ready_report(session)

    with pytest.raises(NotThere):
        a_print(session, a_person(Role.CASEWORKER, office="ZM-99"), team)
