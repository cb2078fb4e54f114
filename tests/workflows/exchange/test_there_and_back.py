"""An enquiry goes there, an acknowledgement comes back; both sides hold every receipt and every row of evidence."""

from tests.builders.line import rows
from tests.builders.transfers import an_enquiry
from tests.workflows.exchange.conftest import Both
from transfers.rules.codes import MessageType
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow


def test_an_enquiry_and_its_acknowledgement_cross_the_border(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    _, ours, _ = zambia.do(an_enquiry)

    worked = zambia.run()

    assert (worked.sealed, worked.settled) == (1, 1), (worked, both.there.calls, both.there.answers)
    (out,) = rows(zambia.database, DeliveryOutRow)
    (came,) = rows(namibia.database, DeliveryInRow)
    assert (out.state, came.state) == ("admitted", "admitted")
    namibia.do(lambda office: office.say(came.transfer_id, MessageType.ACK))
    answered = namibia.run()
    assert answered.settled == 1, (answered, both.back.calls, both.back.answers)
    assert zambia.do(lambda office: office.state(ours)) == "acknowledged"
