"""A request from the decision to the child's arrival, and everything that holds the child back on the way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from cases.errors import RoleMayNot
from cases.rules.machine import CaseState
from cases.rules.movement import HoldOnMovement
from cases.service import blockers, consents, files, steps
from cases.service import movement as holds
from cases.store import clocks as clock_rows
from cases.store import consents as consent_rows
from cases.tables.task import TaskRow
from core.audit import recorded
from core.errors import BadInput, Incomplete, NotThere
from core.ids import new_id
from core.outbox import OutboxRow
from core.packs.lookup import pack_of
from core.worktime import due_at
from tests.builders.decided import Decided
from tests.builders.exchange import NAMIBIA
from tests.builders.messages import HANDOVER, a_body
from tests.builders.requests import (
    DAY,
    LEAVES,
    START,
    a_confirmation,
    a_request_sent,
    a_travel_plan,
    an_acceptance,
    everything_found,
)
from tests.builders.transfers import Office, an_enquiry, carried
from transfers.errors import MovementRefused, NotOurStep
from transfers.rules.codes import MessageType
from transfers.rules.responsibility import faults
from transfers.rules.travel_gate import LINES
from transfers.service import (
    bilateral,
    board,
    closing,
    limits,
    messages,
    movement,
    overdue,
    procedure,
    recalls,
    sending,
    travel,
)
from transfers.service.drafting import corridor_for
from transfers.store import transfers as store
from transfers.tables.delivery import DeliveryInRow, RecallRow
from transfers.tables.transfer import MessageRow, TransferRow

M = MessageType


@dataclass
class Journey:
    """One child's request in both countries."""

    decided: Decided
    zambia: Office
    namibia: Office
    ours: str
    theirs: str

    def theirs_say(self, type_: MessageType, *, now: datetime = START, **body: Any) -> None:
        """Namibia writes and signs, Zambia takes in."""
        letter = carried(self.namibia, self.namibia.say(self.theirs, type_, now=now, **body))
        self.zambia.take(letter, now=now)

    def ours_say(self, type_: MessageType, *, now: datetime = START, **body: Any) -> str:
        """Zambia writes and signs, Namibia takes in; returns the message."""
        message_id = self.zambia.say(self.ours, type_, now=now, **body)
        self.namibia.take(carried(self.zambia, message_id), now=now)
        return message_id

    def states(self) -> tuple[str, str]:
        """Where it stands on both sides."""
        return self.zambia.state(self.ours), self.namibia.state(self.theirs)

    def row(self) -> TransferRow:
        """Our record."""
        row = store.find(self.zambia.session, self.ours)
        assert row is not None
        return row

    def case_state(self) -> str:
        """Where the child's case stands at home."""
        return steps.lock(self.zambia.session, self.decided.case_id).state


def a_request(zambia: Office, namibia: Office) -> Journey:
    """A request that was sent and acknowledged."""
    decided, ours, sent = a_request_sent(zambia)
    theirs = namibia.take(carried(zambia, sent), now=START)
    journey = Journey(decided, zambia, namibia, ours, theirs)
    journey.theirs_say(M.ACK)
    return journey


def planned(journey: Journey, **confirm: Any) -> None:
    """Accepted, package released and opened, journey planned and confirmed by both."""
    journey.theirs_say(M.ACCEPT, **an_acceptance())
    package = journey.ours_say(M.PACKAGE)
    travel.note_viewed(journey.zambia.session, package, ref="receipt", now=START)
    journey.ours_say(M.TRAVEL_PLAN, **a_travel_plan())
    journey.theirs_say(M.TRAVEL_CONFIRM, now=LEAVES, **(a_confirmation() | confirm))


def all_found(journey: Journey, *, leave_out: str = "") -> None:
    """Every line of the checklist looked at and found good, but one."""
    team = journey.decided.court.team
    assert team is not None
    everything_found(journey.zambia, journey.ours, team, leave_out=leave_out)


def cleared(zambia: Office, namibia: Office) -> Journey:
    """A child cleared to travel today."""
    journey = a_request(zambia, namibia)
    planned(journey)
    all_found(journey)
    travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)
    return journey


def arrived(zambia: Office, namibia: Office) -> Journey:
    """A child received over there."""
    journey = cleared(zambia, namibia)
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    journey.ours_say(M.HANDOVER_NOTICE, now=LEAVES, at=LEAVES)
    journey.theirs_say(M.RECEIPT, now=LEAVES, at=LEAVES)
    return journey


def a_request_declined(zambia: Office, namibia: Office) -> str:
    """An enquiry about another child, answered with no."""
    _, ours, sent = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, sent))
    for type_, body in ((M.ACK, {}), (M.ENQUIRY_REPLY, {"answer": "negative"})):
        zambia.take(carried(namibia, namibia.say(theirs, type_, **body)))
    return ours


def open_tasks(journey: Journey) -> set[str]:
    query = select(TaskRow).where(TaskRow.case_id == journey.decided.case_id)
    return {task.code for task in journey.zambia.session.exec(query) if task.done_at is None}


def codes(error: pytest.ExceptionInfo[Incomplete]) -> set[str]:
    return {gap.code for gap in error.value.gaps}


@pytest.mark.rule("R33")
@pytest.mark.rule("R37")
@pytest.mark.rule("R56")
def test_a_child_travels_is_received_followed_and_both_countries_close(
    zambia: Office, namibia: Office
) -> None:
    journey = cleared(zambia, namibia)
    assert journey.case_state() == CaseState.COMMUNICATED
    assert "open_transfer" in blockers.blockers(zambia.session, journey.decided.case_id)

    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    assert journey.case_state() == CaseState.IMPLEMENTING
    journey.ours_say(M.HANDOVER_NOTICE, now=LEAVES, at=LEAVES)
    assert store.spans(zambia.session, journey.ours)[-1].side == "sender"
    journey.theirs_say(M.RECEIPT, now=LEAVES, at=LEAVES)

    assert journey.case_state() == CaseState.TRANSFERRED_OUT
    for office, transfer in ((zambia, journey.ours), (namibia, journey.theirs)):
        spans = store.spans(office.session, transfer)
        assert faults(spans) == ()
        assert [span.side for span in spans] == ["sender", "receiver"]
    year = LEAVES + timedelta(days=370)
    journey.theirs_say(
        M.FOLLOWUP_REPORT, now=year, recommend="close", due_on=year.date(), done_on=year.date()
    )
    journey.theirs_say(M.CLOSE, now=year)
    assert journey.states() == ("closed_by_receiver", "closed_by_receiver")
    assert journey.row().is_open
    journey.ours_say(M.CLOSE, now=year)
    assert journey.states() == ("closed", "closed")
    assert "open_transfer" not in blockers.blockers(zambia.session, journey.decided.case_id)


@pytest.mark.rule("R40")
@pytest.mark.rule("R8")
@pytest.mark.parametrize(
    ("left_out", "line"),
    [
        ("child_willing", 6), ("child_told", 6), ("guardian_informed", 7), ("document:travel_paper", 8),
        ("escort_checked", 9), ("fit_to_travel", 10), ("medicines_ready", 10),
    ],
)  # fmt: skip
def test_one_line_nobody_looked_at_keeps_the_child_here(
    zambia: Office, namibia: Office, left_out: str, line: int
) -> None:
    journey = a_request(zambia, namibia)
    planned(journey)
    all_found(journey, leave_out=left_out)

    lines = travel.read_checklist(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)
    with pytest.raises(MovementRefused):
        travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)

    assert len(lines) == LINES
    assert [one.number for one in lines if not one.holds] == [line]
    assert zambia.state(journey.ours) == "pre_departure"


@pytest.mark.rule("R33")
@pytest.mark.rule("R39")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"handover": HANDOVER | {"person": "Somebody Else"}}, "travel_not_confirmed_by_receiver"),
        ({"carer_confirmed_on": DAY - timedelta(days=15)}, "travel_carer_not_confirmed"),
    ],
)
def test_what_the_receiver_did_not_confirm_keeps_the_child_here(
    zambia: Office, namibia: Office, change: dict[str, Any], code: str
) -> None:
    journey = a_request(zambia, namibia)
    planned(journey, **change)
    all_found(journey)

    with pytest.raises(MovementRefused) as refused:
        travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)

    assert codes(refused) == {code}


@pytest.mark.rule("R33")
@pytest.mark.rule("R58")
def test_a_clearance_is_for_one_day_and_ends_with_what_it_stood_on(
    zambia: Office, namibia: Office
) -> None:
    journey = cleared(zambia, namibia)

    with pytest.raises(BadInput) as refused:
        travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES + timedelta(days=1))
    assert refused.value.code == "not_the_cleared_day"
    holds.hold(
        zambia.session, journey.decided.case_id, HoldOnMovement.FEAR_OF_RETURN,
        actor=journey.decided.worker, now=LEAVES,
    )  # fmt: skip
    with pytest.raises(MovementRefused) as held:
        travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    assert codes(held) >= {"movement_held"}
    assert zambia.state(journey.ours) == "cleared_to_travel"
    assert journey.case_state() == CaseState.COMMUNICATED


@pytest.mark.rule("R33")
def test_a_lapsed_acceptance_lets_nobody_travel(zambia: Office, namibia: Office) -> None:
    journey = a_request(zambia, namibia)
    planned(journey)
    all_found(journey)
    later = LEAVES + timedelta(days=31)

    found = {
        gap.code
        for line in travel.read_checklist(
            zambia.session, zambia.head, journey.ours, on=later.date(), now=LEAVES
        )
        for gap in line.gaps
    }

    assert "move_acceptance_expired" in found


def test_the_head_who_asked_for_it_does_not_clear_it(zambia: Office, namibia: Office) -> None:
    journey = a_request(zambia, namibia)
    planned(journey)
    all_found(journey)
    row = journey.row()
    row.requested_by = zambia.head.person_id

    with pytest.raises(RoleMayNot):
        travel.clear_to_travel(zambia.session, zambia.writer, journey.ours, on=DAY, now=LEAVES)
    with pytest.raises(MovementRefused) as refused:
        travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)

    assert codes(refused) == {"travel_cleared_by_requester"}


@pytest.mark.rule("R39")
def test_the_child_is_given_to_nobody_but_the_person_of_the_plan(
    zambia: Office, namibia: Office
) -> None:
    journey = cleared(zambia, namibia)
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)

    for change, code in (
        ({"to_person": "Somebody Else"}, "handover_to_another_person"),
        ({"identity_checked": False}, "handover_identity_unchecked"),
    ):
        with pytest.raises(Incomplete) as refused:
            zambia.say(journey.ours, M.HANDOVER_NOTICE, now=LEAVES, **change)
        assert codes(refused) == {code}

    assert zambia.state(journey.ours) == "in_transit"


@pytest.mark.rule("R34")
@pytest.mark.rule("R37")
def test_nothing_but_the_receipt_of_the_child_moves_responsibility(
    zambia: Office, namibia: Office
) -> None:
    journey = a_request(zambia, namibia)
    planned(journey)

    spans = store.spans(zambia.session, journey.ours)

    assert [span.side for span in spans] == ["sender"]
    for office, transfer in ((zambia, journey.ours), (namibia, journey.theirs)):
        with pytest.raises(Incomplete):
            office.say(transfer, M.RESPONSIBILITY_CHANGE, ground="signed_receipt")
    with pytest.raises(Incomplete):
        namibia.say(journey.theirs, M.RESPONSIBILITY_CHANGE, ground="handed_to_colleague")


@pytest.mark.rule("R43")
@pytest.mark.rule("R41")
def test_a_breakdown_over_there_brings_the_case_back_to_people_here(
    zambia: Office, namibia: Office
) -> None:
    journey = arrived(zambia, namibia)

    journey.theirs_say(M.PLACEMENT_CHANGE, now=LEAVES + timedelta(days=30))

    assert journey.states() == ("disrupted", "disrupted")
    assert "look_again_at_determination" in open_tasks(journey)
    alarms = zambia.session.exec(select(OutboxRow).where(OutboxRow.topic == "transfer.alarm")).all()
    assert len(alarms) == 1
    assert "ill" not in str(alarms[0].payload)


@pytest.mark.rule("R43")
def test_a_no_in_the_childs_interests_reopens_the_determination(
    zambia: Office, namibia: Office
) -> None:
    journey = a_request(zambia, namibia)

    journey.theirs_say(M.DECLINE, reason="NOT_BEST_INTERESTS_OUR_VIEW")

    assert journey.states() == ("declined", "declined")
    assert journey.case_state() == "bid_required"
    assert "look_again_at_determination" in open_tasks(journey)


@pytest.mark.rule("R55")
def test_nobody_closes_early_or_over_an_open_alarm(zambia: Office, namibia: Office) -> None:
    journey = arrived(zambia, namibia)
    soon = LEAVES + timedelta(days=20)
    journey.theirs_say(M.FOLLOWUP_REPORT, now=soon, done_on=soon.date(), due_on=soon.date())
    journey.theirs_say(M.INCIDENT_ALERT, now=soon, incident="harm_reported")

    with pytest.raises(Incomplete) as refused:
        zambia.say(journey.ours, M.CLOSE, now=soon)

    assert codes(refused) >= {
        "transfer_alarm_open", "transfer_follow_up_too_short", "transfer_report_does_not_say_close",
    }  # fmt: skip
    journey.theirs_say(M.INCIDENT_ALERT, now=soon, incident="can_go_on")
    assert closing.open_alarms(zambia.session, journey.row()) == ()


@pytest.mark.rule("R36")
def test_the_receiver_takes_its_own_yes_back_and_the_sender_calls_off(
    zambia: Office, namibia: Office
) -> None:
    first = a_request(zambia, namibia)
    planned(first)

    first.theirs_say(M.DECLINE, now=LEAVES, reason="CARER_UNWILLING")

    assert first.states() == ("declined", "declined")
    assert first.row().accepted_until is None
    with pytest.raises(NotOurStep):
        zambia.say(first.ours, M.WITHDRAW, now=LEAVES)


@pytest.mark.rule("R1")
def test_another_decision_than_the_accepted_one_carries_no_movement(
    zambia: Office, namibia: Office
) -> None:
    journey = a_request(zambia, namibia)
    planned(journey)
    all_found(journey)
    row = journey.row()
    row.determination_id = "00000000-0000-4000-8000-00000000000b"

    with pytest.raises(MovementRefused) as refused:
        travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)

    assert "move_without_decision" in codes(refused)


def test_the_gate_of_the_case_reads_the_same_answer(zambia: Office, namibia: Office) -> None:
    journey = a_request(zambia, namibia)
    shown = movement.movement_gaps(
        zambia.session, journey.decided.coordinator, journey.decided.case_id, now=START
    )
    assert "move_not_accepted" in {gap.code for gap in shown.gaps}
    planned(journey)
    all_found(journey)

    after = movement.movement_gaps(
        zambia.session, journey.decided.coordinator, journey.decided.case_id, now=LEAVES
    )

    assert after.is_possible


def test_a_request_rests_on_its_decision_and_carries_reasons(
    session: Session, zambia: Office, namibia: Office
) -> None:
    journey = a_request(zambia, namibia)
    row = journey.row()
    found = messages.list_messages(session, zambia.head, journey.ours, now=START)

    assert found[0].type == "REQUEST"
    assert found[0].body is not None
    assert found[0].body.decision_sha256 == row.decision_sha256  # type: ignore[attr-defined]
    assert a_body(M.REQUEST).responsibility == row.responsibility  # type: ignore[attr-defined]


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
    journey.ours_say(M.HANDOVER_NOTICE, now=LEAVES, at=LEAVES)
    assert limits_of(journey) == {"D14": True, "D15": True, "D16": True, "D17": False}

    journey.theirs_say(M.RECEIPT, now=LEAVES, at=LEAVES)

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


@pytest.mark.rule("R26")
@pytest.mark.rule("R42")
@pytest.mark.parametrize("reason", [HoldOnMovement.ASYLUM, HoldOnMovement.APPEAL])
def test_a_hold_suspends_at_once_and_only_people_let_it_go_on(
    zambia: Office, namibia: Office, reason: HoldOnMovement
) -> None:
    journey = cleared(zambia, namibia)
    session, case_id = zambia.session, journey.decided.case_id
    holds.hold(session, case_id, reason, actor=journey.decided.worker, now=LEAVES)

    assert procedure.stop_where_held(session, case_id, now=LEAVES)
    assert not procedure.stop_where_held(session, case_id, now=LEAVES)

    row = journey.row()
    assert (row.state, row.cleared_for, row.interrupted) == ("suspended", None, "cleared_to_travel")
    waiting = session.exec(select(TaskRow).where(TaskRow.case_id == case_id)).all()
    assert "tell_partner_of_suspension" in {task.code for task in waiting}
    with pytest.raises(Incomplete) as refused:
        zambia.say(journey.ours, M.INCIDENT_ALERT, now=LEAVES, incident="can_go_on")
    assert codes(refused) == {"movement_held"}
    holds.release(session, case_id, reason, actor=journey.decided.worker, now=LEAVES)
    assert not procedure.stop_where_held(session, case_id, now=LEAVES)
    assert zambia.state(journey.ours) == "suspended"

    zambia.say(journey.ours, M.INCIDENT_ALERT, now=LEAVES, incident="can_go_on")

    assert zambia.state(journey.ours) == "pre_departure"


@pytest.mark.rule("R26")
@pytest.mark.rule("R47")
@pytest.mark.rule("R48")
@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (HoldOnMovement.FEAR_OF_RETURN, "disclosure_to_feared_country"),
        (HoldOnMovement.DANGER, "disclosure_dangerous"),
        (None, "disclosure_without_consent"),
    ],
)
def test_after_the_request_nothing_more_is_told_when_the_ground_is_gone(
    zambia: Office, namibia: Office, reason: HoldOnMovement | None, code: str
) -> None:
    journey = a_request(zambia, namibia)
    journey.theirs_say(M.ACCEPT, valid_until=DAY + timedelta(days=30))
    session, case_id = zambia.session, journey.decided.case_id
    team = journey.decided.court.team
    assert team is not None
    if reason is None:
        for kept in consent_rows.consents_of(session, case_id):
            consents.withdraw_consent(session, team.worker, case_id, kept.id, now=START)
    else:
        known = files.restricted_of(session, team.row) | {"nationalities": ["NA"]}
        files.seal_into(session, team.row, restricted=known)
        holds.hold(session, case_id, reason, actor=team.worker, now=START)

    with pytest.raises(Incomplete) as refused:
        zambia.say(journey.ours, M.PACKAGE, now=START)

    assert codes(refused) == {code}
    assert zambia.state(journey.ours) == "accepted"


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
    journey.ours_say(M.HANDOVER_NOTICE, now=LEAVES, at=LEAVES)
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


@pytest.mark.rule("R48")
def test_once_the_child_has_left_officers_decide_what_is_taken_back(
    zambia: Office, namibia: Office
) -> None:
    journey = arrived(zambia, namibia)
    case_id, session = journey.decided.case_id, zambia.session
    team = journey.decided.court.team
    assert team is not None
    for kept in consent_rows.consents_of(session, case_id):
        consents.withdraw_consent(session, team.worker, case_id, kept.id, now=LEAVES)

    done = procedure.take_back_what_was_told(session, case_id, now=LEAVES)

    assert not done
    assert "decide_whether_to_take_back" in open_tasks(journey)
    assert session.exec(select(RecallRow)).all() == []


def _last(journey: Journey, type_: MessageType) -> MessageRow:
    said = store.messages(journey.zambia.session, journey.ours)
    return next(one for one in reversed(said) if one.type == type_)


def _recalled_over_there(office: Office, message: MessageRow) -> DeliveryInRow:
    """Its package, which the other country recalled and no officer of ours has looked at since."""
    found = DeliveryInRow(
        partner=NAMIBIA, delivery_id=new_id(), package_id=new_id(), chain=new_id(), seq=1,
        token="", token_sha256="", size=1, state="recall_pending", offered_at=LEAVES,
        moved_at=LEAVES, message_id=message.id, transfer_id=message.transfer_id,
    )  # fmt: skip
    office.session.add(found)
    office.session.flush()
    return found


@pytest.mark.rule("R33")
@pytest.mark.threat("TT53")
@pytest.mark.parametrize(
    ("type_", "code"),
    [
        (MessageType.PACKAGE, "travel_package_not_opened"),
        (MessageType.TRAVEL_PLAN, "travel_escort_missing"),
    ],
)
def test_no_child_travels_on_what_we_took_back(
    zambia: Office, namibia: Office, type_: MessageType, code: str
) -> None:
    journey = cleared(zambia, namibia)
    recalls.recall(
        zambia.session,
        zambia.writer,
        _last(journey, type_).id,
        reason="wrong_recipient",
        now=LEAVES,
    )

    with pytest.raises(MovementRefused) as refused:
        travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)

    assert code in codes(refused)
    assert zambia.state(journey.ours) == "cleared_to_travel"


@pytest.mark.rule("R33")
@pytest.mark.threat("TT53")
@pytest.mark.parametrize(
    ("type_", "code"),
    [
        (MessageType.ACCEPT, "move_not_accepted"),
        (MessageType.TRAVEL_CONFIRM, "travel_not_confirmed_by_receiver"),
    ],
)
def test_no_child_travels_on_what_the_other_country_took_back(
    zambia: Office, namibia: Office, type_: MessageType, code: str
) -> None:
    journey = cleared(zambia, namibia)
    message = _last(journey, type_)
    blocked = _recalled_over_there(zambia, message)

    with pytest.raises(MovementRefused) as refused:
        travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    assert code in codes(refused)

    blocked.state = "viewed"  # an officer kept it, for a reason the protocol names
    zambia.session.add(blocked)
    zambia.session.flush()
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    assert zambia.state(journey.ours) == "in_transit"


@pytest.mark.rule("R1", "R33")
@pytest.mark.threat("TT53")
def test_a_consent_the_other_state_took_back_is_none(zambia: Office, namibia: Office) -> None:
    _, ours, sent = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, sent))
    namibia.say(theirs, M.ACK)
    yes = namibia.say(theirs, M.ENQUIRY_REPLY, answer="positive", consents=True)
    zambia.take(carried(namibia, yes))
    row = store.find(zambia.session, ours)
    assert row is not None
    before = sending.has_consented(zambia.session, row)

    reply = next(one for one in store.messages(zambia.session, ours) if not one.is_ours)
    _recalled_over_there(zambia, reply)

    assert before
    assert not sending.has_consented(zambia.session, row)
