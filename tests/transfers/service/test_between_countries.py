"""Limits between two countries, what does not come, and the sheet both of them make."""

from datetime import timedelta

import pytest
from sqlmodel import select

from cases.store import clocks as clock_rows
from core.audit import recorded
from core.errors import BadInput, NotThere
from core.outbox import OutboxRow
from core.packs.lookup import pack_of
from core.worktime import due_at
from tests.builders.journeys import (
    Journey,
    a_request,
    a_request_declined,
    all_found,
    arrived,
    cleared,
    planned,
)
from tests.builders.requests import (
    DAY,
    LEAVES,
    START,
    THERE,
)
from tests.builders.transfers import Office
from transfers.rules.codes import MessageType
from transfers.service import (
    bilateral,
    board,
    limits,
    overdue,
    travel,
)
from transfers.service.drafting import corridor_for

M = MessageType


def limits_of(journey: Journey) -> dict[str, bool]:
    """The limits between the countries: code to whether it was met."""
    rows = clock_rows.all_of(journey.zambia.session, journey.decided.case_id)
    return {row.code: row.met_at is not None for row in rows if row.code in limits.ALL}


@pytest.mark.rule("R41")
@pytest.mark.rule("R59")
def test_limits_between_the_countries_start_and_end_with_the_steps(
    zambia: Office, namibia: Office
) -> None:
    journey = a_request(zambia, namibia)
    assert limits_of(journey) == {"D14": False, "D15": False}
    planned(journey)
    assert limits_of(journey) == {"D14": True, "D15": True, "D16": False}
    all_found(journey)
    travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    journey.ours_say(M.HANDOVER_NOTICE, now=THERE, at=THERE)
    assert limits_of(journey) == {"D14": True, "D15": True, "D16": True, "D17": False}

    journey.theirs_say(M.RECEIPT, now=THERE, at=THERE)

    assert all(limits_of(journey).values())


@pytest.mark.rule("R59")
def test_an_answer_is_due_by_the_other_country_s_working_days_as_agreed(
    zambia: Office, namibia: Office
) -> None:
    journey = a_request(zambia, namibia)
    rows = clock_rows.all_of(zambia.session, journey.decided.case_id)
    answer = next(row for row in rows if row.code == "D14")
    agreed = corridor_for(journey.row(), now=START).limits["D14"]  # type: ignore[index]

    expected = due_at(START, agreed.for_priority(journey.row().priority), pack_of("NA").calendar())

    assert answer.due_at == expected


def test_both_countries_make_the_same_sheet_each_from_its_own_record(
    zambia: Office, namibia: Office
) -> None:
    journey = arrived(zambia, namibia)
    refused = a_request_declined(zambia, namibia)
    later = LEAVES + timedelta(days=1)
    period = str(LEAVES.year)

    ours = bilateral.read_sheet(zambia.session, zambia.head, "NA", period, now=later)
    theirs = bilateral.read_sheet(namibia.session, namibia.head, "ZM", period, now=later)

    assert journey.ours != refused
    assert ours.outbound == theirs.inbound
    assert ours.inbound == theirs.outbound
    sheet = ours.outbound
    assert (sheet.requests, sheet.accepted, sheet.reunified) == (1, 1, 1)
    assert (sheet.enquiries, sheet.declined, sheet.declined_for) == (1, 1, {"not_stated": 1})
    assert ours.open_now.open_transfers == {"outbound:received": 1}
    with pytest.raises(NotThere):
        bilateral.read_sheet(zambia.session, journey.decided.worker, "NA", period, now=later)
    for wrong in ("ZM", "XX"):
        with pytest.raises(BadInput):
            bilateral.read_sheet(zambia.session, zambia.head, wrong, period, now=later)


@pytest.mark.rule("R41")
@pytest.mark.rule("R34")
def test_a_receipt_that_does_not_come_alarms_both_countries_and_moves_nothing(
    zambia: Office, namibia: Office
) -> None:
    journey = cleared(zambia, namibia)
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    journey.ours_say(M.HANDOVER_NOTICE, now=THERE, at=THERE)
    before = journey.states()

    for office in (zambia, namibia):
        session = office.session
        assert overdue.remind(session, now=LEAVES + timedelta(hours=3), limit=9) == 0
        assert overdue.remind(session, now=LEAVES + timedelta(days=3), limit=9) == 1
        assert overdue.remind(session, now=LEAVES + timedelta(days=4), limit=9) == 0
        told = session.exec(select(OutboxRow).where(OutboxRow.topic == "transfer.receipt_late"))
        assert [one.payload["country"] for one in told] == [office.country]
        assert "transfer.overdue" in [one.action for one in recorded(session)]
    assert journey.states() == before == ("handed_over", "handed_over")


@pytest.mark.rule("R41")
def test_a_follow_up_report_that_does_not_come_alarms_both_countries(
    zambia: Office, namibia: Office
) -> None:
    journey = arrived(zambia, namibia)
    first = LEAVES + timedelta(days=95)

    for office, transfer in ((zambia, journey.ours), (namibia, journey.theirs)):
        line = board.read_transfer(office.session, office.head, transfer, now=first).line
        assert (line.due_code, line.is_late) == ("D20", True)
        assert overdue.remind(office.session, now=first, limit=9) == 1
    journey.theirs_say(M.FOLLOWUP_REPORT, now=first, done_on=first.date(), due_on=first.date())

    line = board.read_transfer(zambia.session, zambia.head, journey.ours, now=first).line
    assert line.due_at is not None
    assert not line.is_late
    assert line.due_at > first + timedelta(days=20)
    assert overdue.remind(zambia.session, now=first, limit=9) == 0
    assert overdue.remind(zambia.session, now=line.due_at, limit=9) == 1
