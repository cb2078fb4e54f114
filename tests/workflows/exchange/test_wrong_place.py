"""A message that went to the wrong place is taken back, destroyed there, and only then said to be."""

import pytest

from core.actors import Role
from core.errors import Incomplete
from tests.builders.cases import a_person_of_the_country
from tests.builders.installations import Installation
from tests.builders.line import rows
from tests.builders.transfers import an_enquiry
from tests.workflows.exchange.conftest import Both
from tests.workflows.exchange.test_failing import told
from transfers.rules.codes import MessageType
from transfers.service import recall_list, recalls
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow
from transfers.tables.transfer import MessageRow, TransferRow

NOTICE = MessageType.WRONG_RECIPIENT_NOTICE


def exchange(both: Both) -> None:
    """Both look at what waits, twice."""
    for one in (both.zambia, both.namibia) * 2:
        one.run()


def destroyed(one: Installation) -> None:
    """An officer answers the one recall that waits: it is destroyed."""
    officer = a_person_of_the_country(Role.SECRETARIAT, country=one.country)

    def act(office: object) -> None:
        session = office.session  # type: ignore[attr-defined]
        (asked,) = recall_list.list_recalls(session, officer, only_open=True, now=one.now)
        recalls.answer(session, officer, asked.id, now=one.now)

    one.do(act)


def says(one: Installation, *, is_destroyed: bool) -> str:
    (row,) = rows(one.database, TransferRow)
    found: str = one.do(lambda office: office.say(row.id, NOTICE, destroyed=is_destroyed))
    return found


@pytest.mark.rule("R46")
@pytest.mark.parametrize("finder", ["sender", "receiver"])
def test_whoever_finds_out_it_is_taken_back_destroyed_and_then_confirmed(
    both: Both, finder: str
) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    exchange(both)

    says(zambia if finder == "sender" else namibia, is_destroyed=False)
    exchange(both)
    asked = [row.state for row in rows(namibia.database, DeliveryInRow)]
    with pytest.raises(Incomplete) as early:
        says(namibia, is_destroyed=True)
    destroyed(namibia)
    confirmed = says(namibia, is_destroyed=True)
    exchange(both)

    assert "recall_pending" in asked
    assert [gap.code for gap in early.value.gaps] == ["wrong_recipient_still_held"]
    enquiry = min(rows(zambia.database, DeliveryOutRow), key=lambda row: row.number)
    assert enquiry.state == "recalled"
    states = {row.state for one in (zambia, namibia) for row in rows(one.database, TransferRow)}
    assert states == {"wrong_recipient"}
    theirs = [row for row in rows(namibia.database, MessageRow) if row.id == confirmed]
    came = [row for row in rows(zambia.database, MessageRow) if row.no == theirs[0].no]
    assert [row.standing for row in came] == ["admitted"]
    for one in (zambia, namibia):
        assert told(one).count("transfer.wrong_recipient") == 1
