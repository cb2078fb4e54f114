"""Papers of a transfer, in the language of the country they are for; taken back is taken back on paper too."""

import pytest

from cases.rules.movement import HoldOnMovement
from cases.service.movement import hold
from core.actors import Role
from core.errors import NotThere
from core.papers.issuing import Issued, Standing, check
from core.papers.proof import read_proof
from tests.builders.cases import a_person
from tests.builders.journeys import a_request, arrived, planned
from tests.builders.messages import HANDOVER
from tests.builders.papers import a_desk, words_on
from tests.builders.requests import LEAVES, START, a_travel_plan
from tests.builders.transfers import Office
from transfers.rules.codes import MessageType
from transfers.service import file_proofs, installation, paper_proof, printing, procedure, recalls
from transfers.service.paper_series import (
    FOLLOW_UP,
    KINDS,
    PACKAGE_COVER,
    RECEIPT,
    TRANSFER_REQUEST,
    TRAVEL,
)
from transfers.service.printed_sheet import printed_sheet

DESK = a_desk()
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def a_print(office: Office, transfer_id: str, kind: str, language: str = "en") -> Issued:
    return printing.printed_message(
        office.session, office.writer, transfer_id, kind, language=language, desk=DESK, now=LEAVES
    )


@ON_ONE
@pytest.mark.rule("R38", "R39")
def test_every_paper_of_a_journey_is_printed_on_either_side(
    zambia: Office, namibia: Office
) -> None:
    journey = arrived(zambia, namibia)
    year = LEAVES.date()
    journey.theirs_say(
        MessageType.FOLLOWUP_REPORT, now=LEAVES, recommend="continue", due_on=year, done_on=year
    )

    for office, transfer_id in ((zambia, journey.ours), (namibia, journey.theirs)):
        said = {kind: words_on(a_print(office, transfer_id, kind).content) for kind in KINDS}
        assert "Summary of the case" in said[TRANSFER_REQUEST]
        assert "What lies in the package" in said[PACKAGE_COVER]
        assert HANDOVER["person"] in said[TRAVEL]
        assert "to nobody else" in said[TRAVEL]
        assert "(Africa/Windhoek)" in said[TRAVEL]
        assert "(Africa/Lusaka)" in said[TRAVEL]
        assert "The child was received" in said[RECEIPT]
        assert "Child seen alone" in said[FOLLOW_UP]
        assert all(journey.row().ref in one for one in said.values())


@ON_ONE
def test_a_new_plan_supersedes_the_printed_one(zambia: Office, namibia: Office) -> None:
    journey = a_request(zambia, namibia)
    planned(journey)
    first = a_print(zambia, journey.ours, TRAVEL)

    journey.ours_say(MessageType.TRAVEL_PLAN, **(a_travel_plan() | {"route": "By another road."}))
    second = a_print(zambia, journey.ours, TRAVEL)

    assert check(zambia.session, first.code).standing is Standing.SUPERSEDED
    assert check(zambia.session, second.code).standing is Standing.GENUINE
    assert "By another road." in words_on(second.content)


@ON_ONE
@pytest.mark.rule("R39")
def test_a_plan_that_is_followed_taken_back_or_stopped_is_superseded_before_anybody_prints_again(
    zambia: Office, namibia: Office
) -> None:
    journey = a_request(zambia, namibia)
    planned(journey)
    session = zambia.session
    first = a_print(zambia, journey.ours, TRAVEL)

    second_id = journey.ours_say(
        MessageType.TRAVEL_PLAN, **(a_travel_plan() | {"route": "By another road."})
    )
    assert check(session, first.code).standing is Standing.SUPERSEDED
    second = a_print(zambia, journey.ours, TRAVEL)
    assert check(session, second.code).standing is Standing.GENUINE

    hold(
        session,
        journey.decided.case_id,
        HoldOnMovement.FEAR_OF_RETURN,
        actor=zambia.head,
        now=LEAVES,
    )
    procedure.stop_where_held(session, journey.decided.case_id, now=LEAVES)
    assert check(session, second.code).standing is Standing.SUPERSEDED
    assert (
        check(session, a_print(zambia, journey.ours, TRAVEL).code).standing is Standing.SUPERSEDED
    )

    recalls.recall(session, zambia.writer, second_id, reason="sent_in_error", now=LEAVES)
    with pytest.raises(NotThere):
        a_print(zambia, journey.ours, TRAVEL)


@ON_ONE
def test_a_report_stays_genuine_beside_the_next_one(zambia: Office, namibia: Office) -> None:
    journey = arrived(zambia, namibia)
    days = {"due_on": LEAVES.date(), "done_on": LEAVES.date(), "recommend": "continue"}
    journey.theirs_say(MessageType.FOLLOWUP_REPORT, now=LEAVES, **days)
    first = a_print(zambia, journey.ours, FOLLOW_UP)

    journey.theirs_say(MessageType.FOLLOWUP_REPORT, now=LEAVES, **(days | {"no": 2}))
    second = a_print(zambia, journey.ours, FOLLOW_UP)

    assert second.code != first.code
    assert check(zambia.session, first.code).standing is Standing.GENUINE


@ON_ONE
def test_who_does_not_see_the_transfer_prints_nothing_and_nothing_unsaid_is_printed(
    zambia: Office, namibia: Office
) -> None:
    journey = a_request(zambia, namibia)

    with pytest.raises(NotThere):
        a_print(zambia, journey.ours, RECEIPT)
    with pytest.raises(NotThere):
        printing.printed_message(
            zambia.session, a_person(Role.CASEWORKER, office="ZM-99"), journey.ours,
            TRANSFER_REQUEST, language="en", desk=DESK, now=START,
        )  # fmt: skip


@ON_ONE
def test_the_sheet_of_two_countries_is_printed_with_exact_numbers(
    zambia: Office, namibia: Office
) -> None:
    arrived(zambia, namibia)

    one = printed_sheet(
        zambia.session, zambia.head, "NA", "2026", language="fr", desk=DESK, now=LEAVES
    )

    shown = words_on(one.content)
    assert "Zambie et Namibie, 2026" in shown
    assert "À ne pas publier" in shown


@ON_ONE
def test_an_installation_with_keys_signs_for_its_papers(zambia: Office, namibia: Office) -> None:
    journey = a_request(zambia, namibia)
    desk = a_desk(sign=paper_proof.sign)

    one = printing.printed_message(
        zambia.session, zambia.writer, journey.ours, TRANSFER_REQUEST, language="en", desk=desk,
        now=LEAVES,
    )  # fmt: skip

    found = read_proof(one.content)
    assert found is not None
    report = file_proofs.paper(one.content, [found.statement])
    assert [finding.code for finding in report.findings] == [
        "paper", "signed_by", "paper_may_be_superseded",
    ]  # fmt: skip
    assert report.anchors[0].installation == installation.name_of(zambia.session)
