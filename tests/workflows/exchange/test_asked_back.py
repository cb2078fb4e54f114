"""A request that was itself taken back: nobody waits for its answer, nobody accepts it, and somebody says it is over."""

import pytest

from cases.store import tasks as task_rows
from core.errors import Incomplete
from tests.builders.installations import Installation
from tests.builders.line import rows
from tests.builders.transfers import Office, an_enquiry
from tests.workflows.exchange.conftest import Both
from transfers.rules.codes import MessageType, Side
from transfers.service import board, recalls
from transfers.service.asked_back import SAY_SO
from transfers.service.board import Sheet
from transfers.tables.delivery import RecallRow
from transfers.tables.transfer import TransferRow

M = MessageType


def the_transfer(one: Installation) -> TransferRow:
    (row,) = rows(one.database, TransferRow)
    return row


def sheet(one: Installation) -> Sheet:
    found: Sheet = one.do(
        lambda office: board.read_transfer(
            office.session, office.head, the_transfer(one).id, now=one.now
        )
    )
    return found


def open_work(one: Installation, case_id: str) -> list[str]:
    found: list[str] = one.do(
        lambda office: [task.code for task in task_rows.open_of(office.session, case_id)]
    )
    return found


def taken_back(both: Both) -> str:
    """An enquiry that arrived, was acknowledged and is taken back; the child's case in Zambia."""
    zambia, namibia = both.zambia, both.namibia
    team, _, message = zambia.do(an_enquiry)
    zambia.run()
    namibia.do(lambda office: office.say(the_transfer(namibia).id, M.ACK, now=namibia.now))
    namibia.run()

    def recall(office: Office) -> None:
        recalls.recall(
            office.session, office.writer, message, reason="wrong_recipient", now=zambia.now
        )

    zambia.do(recall)
    zambia.run()
    return str(team.case_id)


@pytest.mark.rule("R34")
def test_nobody_waits_for_an_answer_and_the_sender_has_the_next_word(both: Both) -> None:
    case_id = taken_back(both)

    for one in (both.zambia, both.namibia):
        line = sheet(one).line
        assert line.taken_back_at is not None
        assert line.turn == (Side.SENDER,)
        assert line.is_open
    assert SAY_SO in open_work(both.zambia, case_id)

    both.zambia.do(
        lambda office: office.say(
            the_transfer(both.zambia).id,
            M.WITHDRAW,
            reason="BETTER_OPTION_FOUND",
            now=both.zambia.now,
        )
    )
    assert not sheet(both.zambia).line.is_open
    assert SAY_SO not in open_work(both.zambia, case_id)


@pytest.mark.rule("R33")
def test_what_may_not_be_read_is_not_accepted(both: Both) -> None:
    taken_back(both)

    def yes(office: Office) -> None:
        office.say(
            the_transfer(both.namibia).id, M.ENQUIRY_REPLY, answer="positive", text="Yes.",
            now=both.namibia.now,
        )  # fmt: skip

    with pytest.raises(Incomplete) as refused:
        both.namibia.do(yes)
    assert [gap.code for gap in refused.value.gaps] == ["request_taken_back"]


def test_what_the_receiver_keeps_for_a_reason_asks_again(both: Both) -> None:
    case_id = taken_back(both)
    (asked,) = rows(both.namibia.database, RecallRow)

    both.namibia.do(
        lambda office: recalls.answer(
            office.session, office.head, asked.id, declined="court_order", now=both.namibia.now
        )
    )
    both.namibia.run()

    for one in (both.zambia, both.namibia):
        assert sheet(one).line.taken_back_at is None
        assert sheet(one).line.turn == (Side.RECEIVER,)
    assert SAY_SO not in open_work(both.zambia, case_id)
