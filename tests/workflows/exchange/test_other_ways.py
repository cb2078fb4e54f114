"""Keys that change, backups that come back, packages that are taken back, fetched, or carried by hand."""

import io
from typing import Any

import pytest

from core.actors import Role
from core.errors import NotThere
from core.exchange.errors import FileRefused
from core.exchange.keys import OpeningKey
from core.outbox import OutboxRow
from tests.builders import partners as build
from tests.builders.exchange import NAMIBIA, ZAMBIA, anchor_of, opening_key_of, signing_key_of
from tests.builders.installations import Installation
from tests.builders.line import address_of, rows
from tests.builders.transfers import Office, an_enquiry
from tests.conftest import NOON
from tests.workflows.exchange.conftest import Both
from transfers.rules.codes import MessageType
from transfers.service import (
    admitting,
    exchange_files,
    exchange_status,
    installation,
    recalls,
    viewing,
)
from transfers.service.exchange_files import Imported
from transfers.tables.delivery import (
    DeliveryInRow,
    DeliveryOutRow,
    RecallRow,
    ReceiptGivenRow,
    ReceiptTakenRow,
)
from transfers.tables.transfer import MessageRow


def events(one: Installation, row: Any = ReceiptGivenRow) -> list[str]:
    found = sorted(rows(one.database, row), key=lambda each: each.number)
    return [each.event for each in found]


def came(one: Installation) -> DeliveryInRow:
    (row,) = rows(one.database, DeliveryInRow)
    return row


def sent(one: Installation) -> list[DeliveryOutRow]:
    return sorted(rows(one.database, DeliveryOutRow), key=lambda row: row.number)


def told(one: Installation) -> set[str]:
    return {row.topic for row in rows(one.database, OutboxRow)}


def operator(country: str = "ZM") -> Any:
    return build.an_officer(Role.ADMINISTRATOR, country)


@pytest.mark.threat("TT53")
def test_a_recall_before_sending_stays_here_and_costs_no_number(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    both.there.meddle = lambda _method, _path: "down"
    _, _, never_sealed = zambia.do(an_enquiry)
    assert take_back(zambia, never_sealed) == "cancelled"
    zambia.run()
    assert sent(zambia) == []

    _, _, message = zambia.do(an_enquiry)
    seal_only(zambia)
    assert take_back(zambia, message) == "cancelled"
    both.there.meddle = lambda _method, _path: None
    _, _, third = zambia.do(an_enquiry)
    namibia.now = zambia.later(minutes=5)
    zambia.run()

    assert [(row.state, row.message_id, row.trouble) for row in sent(zambia)] == [
        ("cancelled", message, ""), ("admitted", third, ""),
    ]  # fmt: skip
    assert came(namibia).seq == 1


def seal_only(one: Installation) -> None:
    from transfers.service import sealing

    def act(office: Office) -> None:
        for waiting in sealing.waiting(office.session):
            sealing.seal(office.session, waiting.message_id, storage=one.storage, now=one.now)

    one.do(act)


def take_back(one: Installation, message_id: str, reason: str = "consent_withdrawn") -> str:
    state: str = one.do(
        lambda office: recalls.recall(
            office.session, office.writer, message_id, reason=reason, now=one.now
        )
    )
    return state


@pytest.mark.threat("TT53")
def test_a_recall_of_what_was_read_closes_it_at_once_and_is_answered(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    _, _, message = zambia.do(an_enquiry)
    zambia.run()
    row = came(namibia)
    namibia.do(lambda office: viewing.note_viewed(office.session, [row.message_id], now=NOON))

    assert take_back(zambia, message) == "recall_sent"
    zambia.run()

    def blocked(office: Office) -> dict[str, str]:
        return recalls.blocked(office.session, [row.message_id])

    assert came(namibia).state == "recall_pending"
    assert namibia.do(blocked) == {row.message_id: "consent_withdrawn"}
    with pytest.raises(NotThere):
        namibia.do(
            lambda office: admitting.open_again(
                office.session, row.id, storage=namibia.storage, now=NOON
            )
        )
    assert "exchange.recalled_by_partner" in told(namibia)
    (recall,) = rows(namibia.database, RecallRow)
    assert (recall.state, recall.due_on.isoformat()) == ("blocked", "2026-03-09")

    namibia.do(lambda office: recalls.answer(office.session, office.head, recall.id, now=NOON))
    namibia.run()
    assert not namibia.storage.came(row.id).folder.exists()
    assert came(namibia).box is None
    words = [each for each in rows(namibia.database, MessageRow) if each.id == row.message_id]
    assert [(each.standing, each.restricted, each.summary) for each in words] == [
        ("discarded", b"", None)
    ]
    assert set(events(zambia, ReceiptTakenRow)) == {
        "received", "admitted", "viewed", "recall-received", "recalled", "deleted",
    }  # fmt: skip
    assert sent(zambia)[0].state == "recalled"


@pytest.mark.threat("TT53")
def test_a_recall_that_is_declined_opens_it_again(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    _, _, message = zambia.do(an_enquiry)
    zambia.run()
    take_back(zambia, message)
    zambia.run()
    (recall,) = rows(namibia.database, RecallRow)

    namibia.do(
        lambda office: recalls.answer(
            office.session, office.head, recall.id, declined="court_order", now=NOON
        )
    )
    namibia.run()

    assert came(namibia).state == "admitted"
    assert sent(zambia)[0].state == "recall_declined"


@pytest.mark.threat("TT54")
def test_nobody_takes_back_what_another_sent(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    _, _, message = zambia.do(an_enquiry)
    zambia.run()

    with pytest.raises(NotThere):
        take_back_theirs(namibia)

    assert came(namibia).state == "admitted"
    assert sent(zambia)[0].message_id == message


def take_back_theirs(one: Installation) -> None:
    take_back(one, came(one).message_id or "")


def with_new_key(both: Both) -> OpeningKey:
    """Namibia seals by another key from now on and knows the old one no more; its statement says so."""
    from core.exchange.statements import make_statement

    namibia = both.namibia
    fresh = build.an_opening_key("fresh")
    issued = int(NOON.timestamp())
    made = make_statement(
        anchor_of(NAMIBIA), issuer=NAMIBIA, seq=issued + 1, issued_at=issued, base_url=address_of(NAMIBIA),
        keys=build.listed(signing_key_of(NAMIBIA), fresh, begins=issued - 86_400),
        expires_at=issued + 300 * 86_400,
    )  # fmt: skip

    def change(office: Office) -> None:
        from datetime import timedelta

        from transfers.rules.key_life import term_from
        from transfers.store import installation as store

        installation.add_key(office.session, fresh, term_from(NOON - timedelta(days=1)), now=NOON)
        old = store.key(office.session, opening_key_of(NAMIBIA).kid)
        assert old is not None
        old.sealed, old.destroyed_at = None, NOON
        office.session.add(old)

    namibia.do(change)
    zambia_hears(both, made.text)
    return fresh


def zambia_hears(both: Both, text: str) -> None:
    """Let Namibia's address publish this statement."""
    import json

    body = json.dumps({"installation": NAMIBIA, "versions": [1], "key_statement": text}).encode()
    both.there.published = body


def test_a_package_for_a_key_that_was_followed_is_sealed_anew_under_the_same_package(
    both: Both,
) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: "down" if "deliveries" in path else None
    zambia.run()
    with_new_key(both)
    both.there.meddle = lambda _method, _path: None

    for _ in range(3):
        zambia.later(minutes=6)
        namibia.now = zambia.now
        zambia.run()

    assert [(row.state, row.trouble) for row in sent(zambia)] == [
        ("resealed", "ConnectError"), ("admitted", ""),
    ]  # fmt: skip
    first, second = sent(zambia)
    assert first.package_id == second.package_id == came(namibia).package_id
    assert first.id != second.id
    assert len([one for one in rows(namibia.database, MessageRow) if not one.is_ours]) == 1


def test_after_a_backup_came_back_numbers_begin_a_new_chain(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    zambia.run()
    mark = zambia.storage.read_mark()
    assert mark is not None
    zambia.storage.write_mark(mark[0], mark[1] + 3)  # the folder knows of more than the database

    zambia.do(an_enquiry)
    zambia.run()

    first, second = sent(zambia)
    assert first.chain != second.chain
    assert [first.seq, second.seq] == [1, 1]
    assert {row.state for row in rows(namibia.database, DeliveryInRow)} == {"admitted"}


def test_an_installation_nobody_can_reach_fetches_and_brings_everything_itself(
    both: Both,
) -> None:
    zambia, namibia = both.zambia, both.namibia
    make_unreachable(both)
    _, ours, _ = zambia.do(an_enquiry)
    zambia.run()
    assert sent(zambia)[0].state == "queued"

    fetched = namibia.run()

    assert fetched.fetched == 1
    assert came(namibia).state == "admitted"
    namibia.later(minutes=2)
    namibia.run()
    assert sent(zambia)[0].state == "admitted"
    namibia.do(lambda office: office.say(came(namibia).transfer_id, MessageType.ACK))
    namibia.later(minutes=2)
    zambia.now = namibia.now
    namibia.run()
    assert zambia.do(lambda office: office.state(ours)) == "acknowledged"
    assert sent(namibia)[0].state == "admitted"


def make_unreachable(both: Both) -> None:
    """Namibia has no address: neither in its own settings nor in the statement Zambia holds."""
    from core.exchange.statements import make_statement
    from transfers.service.partner_statements import Source, take
    from transfers.store import installation as own_store
    from transfers.store import partner as partner_store

    issued = int(NOON.timestamp())
    made = make_statement(
        anchor_of(NAMIBIA), issuer=NAMIBIA, seq=issued + 1, issued_at=issued,
        keys=build.listed(signing_key_of(NAMIBIA), opening_key_of(NAMIBIA), begins=issued - 86_400),
        expires_at=issued + 300 * 86_400,
    )  # fmt: skip

    def hear(office: Office) -> None:
        row = partner_store.of_installation(office.session, NAMIBIA, lock=True)
        assert row is not None
        assert take(office.session, row, made.text, source=Source.FILE, now=NOON).fault is None

    def forget(office: Office) -> None:
        row = own_store.own(office.session)
        assert row is not None
        row.base_url = None
        office.session.add(row)

    both.zambia.do(hear)
    both.namibia.do(forget)


def hand_out(one: Installation, name: str) -> bytes:
    def act(office: Office) -> bytes:
        (found,) = exchange_files.to_hand_out(office.session, operator(), name)
        out = io.BytesIO()
        exchange_files.hand_out(
            office.session, operator(), found, out, storage=one.storage, now=one.now
        )
        return out.getvalue()

    data: bytes = one.do(act)
    return data


def take_in(one: Installation, data: bytes) -> Imported:
    return exchange_files.take_file(
        one.database.unit_of_work, operator(one.country), io.BytesIO(data), ground=one.ground,
        now=one.now,
    )  # fmt: skip


def test_a_package_goes_by_hand_and_its_receipts_come_back_by_hand(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    both.there.meddle = lambda _method, _path: "down"
    _, transfer, _ = zambia.do(an_enquiry)
    zambia.run()
    row = sent(zambia)[0]

    data = hand_out(zambia, row.id)
    first, again = take_in(namibia, data), take_in(namibia, data)

    assert hand_out(zambia, row.id) == data
    assert sent(zambia)[0].state == "handed_as_file"
    assert first == again
    assert (first.state, len(first.receipts)) == ("admitted", 2)
    text = "\r\n".join(first.receipts).encode()
    for _ in range(2):
        assert exchange_files.take_receipts(
            zambia.database.unit_of_work, operator(), io.BytesIO(text), now=zambia.now
        ) == (2, ())
    assert sent(zambia)[0].state == "admitted"
    assert zambia.do(lambda office: office.state(transfer)) == "delivered"
    assert len(rows(namibia.database, DeliveryInRow)) == 1


@pytest.mark.threat("TT53")
def test_a_file_of_what_was_taken_back_before_is_refused(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    both.there.meddle = lambda _method, path: "down" if "deliveries" in path else None
    _, _, message = zambia.do(an_enquiry)
    zambia.run()
    data = hand_out(zambia, sent(zambia)[0].id)
    assert take_back(zambia, message) == "recall_sent"
    zambia.later(minutes=5)
    zambia.run()

    found = take_in(namibia, data)

    assert (found.state, found.why) == ("refused", "recalled")
    assert rows(namibia.database, MessageRow) == []


def test_a_file_that_was_changed_or_is_for_somebody_else_is_left_as_it_is(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    both.there.meddle = lambda _method, _path: "down"
    zambia.do(an_enquiry)
    zambia.run()
    data = hand_out(zambia, sent(zambia)[0].id)
    flipped = bytearray(data)
    flipped[data.rindex(b"parts/0002") - 200] ^= 1

    for bad in (b"PK", data[:-10], data + b"x", bytes(flipped)):
        with pytest.raises(FileRefused):
            take_in(namibia, bad)
    with pytest.raises(FileRefused):
        take_in(zambia, data)

    assert {row.state for row in rows(namibia.database, DeliveryInRow)} <= {
        "offered",
        "transferring",
    }
    assert take_in(namibia, data).state == "admitted"


def test_status_says_what_waits_and_why(both: Both) -> None:
    zambia = both.zambia
    both.there.meddle = lambda _method, _path: "down"
    zambia.do(an_enquiry)
    zambia.run()

    found = zambia.do(lambda office: exchange_status.status(office.session, now=zambia.now))

    (line,) = found.lines
    assert (line.partner, line.trouble) == (NAMIBIA, "ConnectError")
    assert line.failing_since == NOON
    assert [(one.partner, one.state) for one in found.on_the_way] == [(NAMIBIA, "queued")]
    assert ZAMBIA not in str(found)
