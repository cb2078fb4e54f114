"""What was signed and has not left: a fear or a danger told since keeps it here, however long the line was down."""

import pytest

from cases.rules.movement import HoldOnMovement
from cases.service import movement
from core.exchange.errors import FileRefused
from tests.builders.line import rows
from tests.builders.transfers import an_enquiry
from tests.workflows.exchange.conftest import Both
from tests.workflows.exchange.test_other_ways import came, hand_out, seal_only, sent
from transfers.service import mailbox
from transfers.service.incoming import Refused
from transfers.tables.delivery import DeliveryInRow


def _told(both: Both, case_id: str, reason: HoldOnMovement) -> None:
    zambia = both.zambia
    zambia.do(
        lambda office: movement.hold(
            office.session, case_id, reason, actor=office.machine, now=zambia.now
        )
    )


@pytest.mark.rule("R26", "R47")
@pytest.mark.parametrize("is_sealed", [False, True])
@pytest.mark.parametrize("reason", [HoldOnMovement.FEAR_OF_RETURN, HoldOnMovement.DANGER])
def test_a_signed_enquiry_does_not_leave_for_a_country_that_is_feared_since(
    both: Both, reason: HoldOnMovement, *, is_sealed: bool
) -> None:
    zambia, namibia = both.zambia, both.namibia
    team, _, _ = zambia.do(an_enquiry)
    if is_sealed:
        seal_only(zambia)
    _told(both, team.case_id, reason)

    zambia.run()

    assert rows(namibia.database, DeliveryInRow) == []
    assert all(not row.is_offered for row in sent(zambia))
    zambia.do(
        lambda office: movement.release(
            office.session, team.case_id, reason, actor=office.machine, now=zambia.now
        )
    )
    namibia.now = zambia.later(hours=2)
    zambia.run()
    assert came(namibia).state in {"received", "admitted"}


@pytest.mark.rule("R26", "R47")
def test_what_is_feared_since_is_neither_fetched_nor_handed_out_as_a_file(both: Both) -> None:
    zambia = both.zambia
    team, _, _ = zambia.do(an_enquiry)
    seal_only(zambia)
    (row,) = sent(zambia)
    _told(both, team.case_id, HoldOnMovement.FEAR_OF_RETURN)

    listed = zambia.do(
        lambda office: mailbox.items(office.session, row.partner, after="", now=zambia.now)
    )
    box = zambia.do(
        lambda office: mailbox.box(
            office.session, row.partner, row.id, storage=zambia.storage, now=zambia.now
        )
    )
    with pytest.raises(FileRefused) as refused:
        hand_out(zambia, row.id)

    assert listed == {"items": [], "more": False}
    assert isinstance(box, Refused)
    assert refused.value.why == "may-not-be-told"
    assert not sent(zambia)[0].is_offered
