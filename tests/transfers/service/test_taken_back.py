"""What was taken back carries nobody across a border."""

import pytest
from sqlmodel import select

from cases.service import consents
from cases.store import consents as consent_rows
from core.ids import new_id
from tests.builders.exchange import NAMIBIA
from tests.builders.journeys import Journey, arrived, cleared, codes, open_tasks
from tests.builders.requests import LEAVES
from tests.builders.transfers import Office, an_enquiry, carried
from transfers.errors import MovementRefused
from transfers.rules.codes import MessageType
from transfers.service import (
    procedure,
    recalls,
    sending,
    travel,
)
from transfers.store import transfers as store
from transfers.tables.delivery import DeliveryInRow, RecallRow
from transfers.tables.transfer import MessageRow

M = MessageType


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
