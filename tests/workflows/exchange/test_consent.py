"""Consent that is taken back reaches whoever holds what was told on it, and comes back with proof."""

from datetime import timedelta

import pytest

from cases.service import consents
from cases.store import consents as consent_rows
from core.actors import Actor
from tests.builders.installations import Installation
from tests.builders.line import rows
from tests.builders.transfers import CONSENT, Office, an_enquiry
from tests.conftest import NOON
from tests.workflows.exchange.conftest import Both
from transfers.service import recalls
from transfers.service.consent_recalls import take_back_what_was_told
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, RecallRow, ReceiptTakenRow
from transfers.tables.transfer import MessageRow

LATER = NOON + timedelta(minutes=10)


def states(one: Installation, row: type[DeliveryInRow] | type[DeliveryOutRow]) -> list[str]:
    return [each.state for each in rows(one.database, row)]


def withdrawn(one: Installation, case_id: str, worker: Actor) -> None:
    def act(office: Office) -> None:
        (kept,) = consent_rows.consents_of(office.session, case_id)
        consents.withdraw_consent(office.session, worker, case_id, kept.id, now=LATER)

    one.do(act)
    one.now = LATER


def procedure(one: Installation, case_id: str) -> bool:
    done: bool = one.do(lambda office: take_back_what_was_told(office.session, case_id, now=LATER))
    return done


@pytest.mark.rule("R48")
@pytest.mark.threat("TT53")
def test_consent_taken_back_closes_what_was_told_and_comes_back_signed(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    team, _, _ = zambia.do(an_enquiry)
    zambia.run()
    assert procedure(zambia, team.case_id) is False

    withdrawn(zambia, team.case_id, team.worker)
    assert procedure(zambia, team.case_id) is True
    assert procedure(zambia, team.case_id) is False
    namibia.now = LATER
    zambia.run()

    (recall,) = rows(namibia.database, RecallRow)
    assert (recall.reason, recall.state, states(namibia, DeliveryInRow)) == (
        "consent_withdrawn", "blocked", ["recall_pending"],
    )  # fmt: skip
    namibia.do(lambda office: recalls.answer(office.session, office.head, recall.id, now=LATER))
    namibia.run()
    assert {"recall-received", "recalled", "deleted"} <= {
        one.event for one in rows(zambia.database, ReceiptTakenRow)
    }


@pytest.mark.rule("R48")
def test_what_another_consent_still_carries_stays_where_it_is(both: Both) -> None:
    zambia = both.zambia
    team, _, _ = zambia.do(an_enquiry)
    zambia.run()

    def another(office: Office) -> None:
        (kept,) = consent_rows.consents_of(office.session, team.case_id)
        consents.record_consent(office.session, team.worker, team.case_id, CONSENT, now=LATER)
        consents.withdraw_consent(office.session, team.worker, team.case_id, kept.id, now=LATER)

    zambia.do(another)

    assert procedure(zambia, team.case_id) is False
    assert states(zambia, DeliveryOutRow) == ["admitted"]


@pytest.mark.rule("R48")
def test_what_had_not_left_when_consent_was_taken_back_never_leaves(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    team, _, message = zambia.do(an_enquiry)
    withdrawn(zambia, team.case_id, team.worker)

    assert procedure(zambia, team.case_id) is True
    zambia.run()

    assert states(zambia, DeliveryOutRow) == []
    assert rows(namibia.database, MessageRow) == []
    (row,) = [one for one in rows(zambia.database, MessageRow) if one.id == message]
    assert row.standing == "signed"
    assert rows(zambia.database, RecallRow) == []  # nobody has to be told of what nobody has
