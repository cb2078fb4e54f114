"""A request from the decision to the child's arrival, and everything that holds the child back on the way."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from cases.errors import RoleMayNot
from cases.rules.machine import CaseState
from cases.rules.movement import HoldOnMovement
from cases.service import blockers, consents, files
from cases.service import movement as holds
from cases.store import consents as consent_rows
from cases.tables.task import TaskRow
from core.errors import BadInput, Incomplete
from core.outbox import OutboxRow
from tests.builders.journeys import (
    a_request,
    all_found,
    arrived,
    cleared,
    codes,
    open_tasks,
    planned,
)
from tests.builders.messages import HANDOVER, a_body
from tests.builders.requests import (
    DAY,
    LEAVES,
    START,
    THERE,
)
from tests.builders.transfers import Office, carried
from transfers.errors import MovementRefused, NotOurStep
from transfers.rules.codes import MessageType
from transfers.rules.responsibility import faults
from transfers.rules.travel_gate import LINES
from transfers.service import (
    closing,
    messages,
    movement,
    procedure,
    travel,
)
from transfers.store import transfers as store

M = MessageType


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
    journey.ours_say(M.HANDOVER_NOTICE, now=THERE, at=THERE)
    assert store.spans(zambia.session, journey.ours)[-1].side == "sender"
    journey.theirs_say(M.RECEIPT, now=THERE, at=THERE)

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
            zambia.say(journey.ours, M.HANDOVER_NOTICE, now=THERE, **({"at": THERE} | change))
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


@pytest.mark.rule("R39")
def test_a_handover_before_its_hour_is_told_with_its_reason_and_alarms_the_receiver(
    zambia: Office, namibia: Office
) -> None:
    journey = cleared(zambia, namibia)
    early = THERE - timedelta(hours=1)
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)

    with pytest.raises(Incomplete) as refused:
        zambia.say(journey.ours, M.HANDOVER_NOTICE, now=early, at=early)
    assert zambia.state(journey.ours) == "in_transit"
    journey.ours_say(
        M.HANDOVER_NOTICE, now=early, at=early, not_as_agreed="The bus was early; she was there."
    )

    assert codes(refused) == {"handover_before_the_hour"}
    assert journey.states()[0] == "handed_over"
    assert [one.payload["type"] for one in _alarms(namibia)] == ["HANDOVER_NOTICE"]


@pytest.mark.rule("R41")
@pytest.mark.parametrize(
    "change",
    [
        {"received_by": "Somebody Else"},
        {"condition": "unwell"},
        {"documents_received": ["decision", "a_paper_nobody_sent"]},
        {"at": (THERE + timedelta(days=30)).isoformat()},
    ],
)
def test_a_receipt_that_does_not_fit_the_plan_is_taken_and_is_an_alarm(
    zambia: Office, namibia: Office, change: dict[str, Any]
) -> None:
    journey = cleared(zambia, namibia)
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    journey.ours_say(M.HANDOVER_NOTICE, now=THERE, at=THERE)
    signed = namibia.say(journey.theirs, M.RECEIPT, now=THERE, at=THERE)
    letter = carried(namibia, signed)
    told = json.loads(letter.raw)
    told["body"] |= change

    zambia.take(replace(letter, raw=json.dumps(told).encode()), now=THERE)

    assert zambia.state(journey.ours) == "received"
    span = store.spans(zambia.session, journey.ours)[-1]
    assert (span.side, span.since) == ("receiver", THERE)
    assert [one.payload["type"] for one in _alarms(zambia)] == ["RECEIPT"]


def test_a_receipt_names_papers_both_countries_know_and_an_hour_that_has_come(
    zambia: Office, namibia: Office
) -> None:
    journey = cleared(zambia, namibia)
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    journey.ours_say(M.HANDOVER_NOTICE, now=THERE, at=THERE)

    for change, code in (
        ({"documents_received": ["decision", "x-ray"]}, "receipt_paper_unknown"),
        ({"at": THERE + timedelta(minutes=1)}, "receipt_not_yet"),
    ):
        with pytest.raises(Incomplete) as refused:
            namibia.say(journey.theirs, M.RECEIPT, now=THERE, **({"at": THERE} | change))
        assert codes(refused) == {code}

    known = ["decision", "passport", "medical_fitness", "report"]
    journey.theirs_say(M.RECEIPT, now=THERE, at=THERE, documents_received=known)
    assert journey.states() == ("received", "received")


def _alarms(office: Office) -> list[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.topic == "transfer.alarm")
    return list(office.session.exec(query))
