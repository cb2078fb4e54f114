"""What stands still between two countries, what nobody opened, and how far the newest package came; on both databases."""

from datetime import timedelta

import pytest

from cases.service.access import bar
from core.actors import Role
from core.errors import NotThere
from core.exchange.encoding import digest
from core.ids import new_id
from tests.builders.cases import a_person_of_the_country
from tests.builders.exchange import HASH, NAMIBIA
from tests.builders.requests import START, a_request_sent
from tests.builders.transfers import Office
from transfers.rules.delivery import InState, OutState
from transfers.service import alerts, corridors, inbox, receipt_ladder
from transfers.service.alerts import Cause
from transfers.service.receipt_ladder import Rung
from transfers.store import transfers as store
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, LineRow
from transfers.tables.transfer import MessageRow


def _left(office: Office, transfer_id: str, state: OutState, number: int) -> None:
    message = store.messages(office.session, transfer_id)[-1]
    office.session.add(
        DeliveryOutRow(
            id=new_id(), number=number, package_id=new_id(), message_id=message.id,
            transfer_id=transfer_id, partner=NAMIBIA, chain=new_id(), seq=number, token="t",
            token_sha256=digest(new_id().encode()), manifest_sha256=HASH, sealed_to="k", size=1,
            sealed_at=START + timedelta(minutes=number), expires_at=START + timedelta(days=30),
            state=state.value, state_since=START, next_try_at=START,
        )
    )  # fmt: skip
    office.session.flush()


def _came(office: Office, transfer_id: str) -> MessageRow:
    message = MessageRow(
        transfer_id=transfer_id, seq=store.next_message(office.session, transfer_id), is_ours=False,
        type="ACK", standing="admitted", written_at=START, restricted=b"",
    )  # fmt: skip
    office.session.add(message)
    office.session.flush()
    office.session.add(
        DeliveryInRow(
            partner=NAMIBIA, delivery_id=new_id(), package_id=new_id(), chain=new_id(), seq=1,
            token="t", token_sha256=digest(new_id().encode()), size=1, state=InState.ADMITTED.value,
            offered_at=START + timedelta(hours=1), moved_at=START, message_id=message.id,
            transfer_id=transfer_id,
        )
    )  # fmt: skip
    office.session.flush()
    return message


def _causes(office: Office, **after: int) -> set[Cause]:
    found = alerts.list_alerts(office.session, office.writer, now=START + timedelta(**after))
    return {one.cause for one in found}


def test_a_dead_letter_is_an_alert_until_the_message_was_sealed_anew(zambia: Office) -> None:
    _, transfer_id, _ = a_request_sent(zambia)
    _left(zambia, transfer_id, OutState.EXPIRED, 1)

    dead = _causes(zambia)
    _left(zambia, transfer_id, OutState.QUEUED, 2)

    assert Cause.EXPIRED in dead
    assert Cause.EXPIRED not in _causes(zambia)


@pytest.mark.rule("R14")
def test_what_is_closed_to_a_person_is_in_no_inbox_and_no_alert_of_theirs(zambia: Office) -> None:
    decided, transfer_id, _ = a_request_sent(zambia)
    _left(zambia, transfer_id, OutState.REFUSED, 1)
    _came(zambia, transfer_id)
    team = decided.court.team
    assert team is not None
    before = inbox.list_unread(zambia.session, zambia.writer, now=START)
    bar(
        zambia.session, team.supervisor, case_id=decided.case_id,
        person_id=zambia.writer.person_id, ref="item", ground="recused", now=START,
    )  # fmt: skip

    assert [one.transfer_id for one in before] == [transfer_id]
    assert inbox.list_unread(zambia.session, zambia.writer, now=START) == ()
    assert Cause.REFUSED not in _causes(zambia)
    with pytest.raises(NotThere):
        receipt_ladder.list_heads(zambia.session, zambia.writer, transfer_id, now=START)


def test_others_than_officers_hear_of_partners_or_of_nothing(zambia: Office) -> None:
    _, transfer_id, _ = a_request_sent(zambia)
    _left(zambia, transfer_id, OutState.EXPIRED, 1)
    zambia.session.add(LineRow(partner=NAMIBIA, failing_since=START - timedelta(days=2)))
    zambia.session.flush()

    def seen_by(role: Role) -> set[Cause]:
        actor = a_person_of_the_country(role)
        return {one.cause for one in alerts.list_alerts(zambia.session, actor, now=START)}

    assert seen_by(Role.STATISTICIAN) == set()
    assert seen_by(Role.TRUST_OFFICER) == {Cause.NO_CONTACT, Cause.UNWITNESSED}
    assert {Cause.EXPIRED, Cause.NO_CONTACT} <= _causes(zambia)


def test_the_newest_package_of_each_transfer_says_how_far_it_came(zambia: Office) -> None:
    _, transfer_id, _ = a_request_sent(zambia)
    _left(zambia, transfer_id, OutState.VIEWED, 1)
    ours = receipt_ladder.newest_rungs(zambia.session, [transfer_id])
    _came(zambia, transfer_id)

    assert ours == {transfer_id: (True, "viewed")}
    assert receipt_ladder.newest_rungs(zambia.session, [transfer_id]) == {
        transfer_id: (False, "admitted")
    }
    assert receipt_ladder.newest_rungs(zambia.session, []) == {}


def test_rungs_of_ours_end_where_the_last_signature_stands(zambia: Office) -> None:
    _, transfer_id, _ = a_request_sent(zambia)
    (unsealed,) = receipt_ladder.list_heads(zambia.session, zambia.writer, transfer_id, now=START)
    _left(zambia, transfer_id, OutState.QUEUED, 1)
    (sealed,) = receipt_ladder.list_heads(zambia.session, zambia.writer, transfer_id, now=START)

    assert [one.rung for one in unsealed.reached] == [Rung.WRITTEN, Rung.SIGNED]
    assert (sealed.highest, sealed.state) == (Rung.SEALED, OutState.QUEUED)


def test_a_corridor_tells_when_each_side_last_wrote(zambia: Office) -> None:
    _, transfer_id, _ = a_request_sent(zambia)
    _came(zambia, transfer_id)

    found = corridors.read_corridor(zambia.session, zambia.writer, "ZM", "NA", now=START)

    assert (found.view.name, found.we_wrote_at, found.they_wrote_at) == ("ZM-NA", START, START)
    with pytest.raises(NotThere):
        corridors.read_corridor(zambia.session, zambia.writer, "NA", "CD", now=START)
