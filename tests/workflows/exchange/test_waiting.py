"""What waits for a person, for a partner that has no time, or for a scanner; and folders that are gone."""

import io
import json
import shutil
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from cli.exchange import WHY
from core.actors import Role
from core.errors import NotThere
from core.exchange.errors import FileRefused
from core.exchange.kinds import Kind
from core.exchange.published import published
from core.exchange.statements import make_statement
from core.scanning import ScannerAway, scan, scanner_of
from tests.builders import partners as build
from tests.builders.exchange import (
    NAMIBIA,
    ZAMBIA,
    anchor_of,
    forge,
    opening_key_of,
    signing_key_of,
    whole_claims,
)
from tests.builders.installations import Installation
from tests.builders.line import Wire, address_of, rows
from tests.builders.transfers import an_enquiry
from tests.workflows.exchange.conftest import Both
from tests.workflows.exchange.test_failing import only_out, told
from tests.workflows.exchange.test_other_ways import hand_out, take_in
from transfers.rules.delivery import InState, first_missing
from transfers.service import (
    admitting,
    exchange_files,
    exchange_status,
    incoming,
    outgoing,
    partners,
    record,
)
from transfers.service.correspondence import correspondent
from transfers.store import partner as partner_store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, LineRow, ReceiptGivenRow
from transfers.tables.transfer import MessageRow


def only_in(one: Installation) -> DeliveryInRow:
    (row,) = rows(one.database, DeliveryInRow)
    return row


def suspended(one: Installation, name: str) -> None:
    def act(office: Any) -> None:
        row = partner_store.of_installation(office.session, name)
        assert row is not None
        officer = build.an_officer(country=one.country)
        partners.suspend(office.session, officer, row.id, reason="suspicion", now=one.now)

    one.do(act)


def released(one: Installation, role: Role = Role.TRUST_OFFICER) -> str:
    row = only_in(one)
    officer = build.an_officer(role, one.country)
    return str(
        one.do(
            lambda office: admitting.release(
                office.session, officer, row.id, ground=one.ground, now=one.now
            )
        )
    )


def a_file(both: Both) -> bytes:
    """An enquiry that goes by hand, as no line works."""
    both.there.meddle = lambda _method, _path: "down"
    both.zambia.do(an_enquiry)
    both.zambia.run()
    both.there.meddle = lambda _method, _path: None
    return hand_out(both.zambia, only_out(both.zambia).id)


def test_what_a_suspended_partner_hands_over_waits_for_an_officer_who_is_on_record(
    both: Both,
) -> None:
    namibia = both.namibia
    data = a_file(both)
    suspended(namibia, ZAMBIA)

    found = take_in(namibia, data)
    waiting = only_in(namibia)
    for role in (Role.ADMINISTRATOR, Role.SECRETARIAT, Role.CASEWORKER):
        with pytest.raises(NotThere):
            released(namibia, role)
    state = released(namibia)
    namibia.run()

    assert (found.state, found.receipts) == ("quarantine", ())
    assert (waiting.state, waiting.why) == ("quarantine", "partner_not_open")
    assert "exchange.waits_for_person" in told(namibia)
    assert state == "received"
    assert only_in(namibia).state == "admitted"
    with namibia.database.engine.connect() as connection:
        for table, column in (("audit", "action"), ("evidence", "type")):
            count = f"SELECT count(*) FROM {table} WHERE {column} = 'delivery.released'"
            assert connection.execute(sa.text(count)).scalar() == 1
    with pytest.raises(NotThere):
        released(namibia)


def test_what_is_not_whole_is_released_when_the_rest_has_come(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: "down" if "parts" in path else None
    zambia.run()
    row = only_in(namibia)

    def hold(office: Any) -> None:
        found = office.session.get(DeliveryInRow, row.id)
        found.state, found.why = InState.QUARANTINE.value, "partner_not_open"
        office.session.add(found)

    namibia.do(hold)
    state = released(namibia)
    both.there.meddle = lambda _method, _path: None
    zambia.later(hours=3)
    namibia.now = zambia.now
    zambia.run()

    assert state == "transferring"
    assert only_in(namibia).state == "admitted"
    assert only_out(zambia).state == "admitted"


@pytest.mark.parametrize("status", [429, 503])
def test_a_partner_that_asks_for_time_gets_it(both: Both, status: int) -> None:
    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: (
        None if "well-known" in path else f"answer {status} 1800"
    )

    zambia.run()
    before = len(both.there.calls)
    zambia.later(minutes=29)
    zambia.run()
    asked = len(both.there.calls)
    both.there.meddle = lambda _method, _path: None
    zambia.later(minutes=2)
    zambia.run()

    (line,) = rows(zambia.database, LineRow)
    assert asked == before
    assert line.trouble == ""
    assert only_out(zambia).state == "admitted"


def test_an_upload_nobody_goes_on_with_is_signed_off_and_can_be_sent_anew(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: "down" if path.endswith("parts/2") else None
    zambia.run()
    folder = namibia.storage.came(only_in(namibia).id).folder
    assert folder.exists()

    def drop(office: Any, days: int) -> int:
        later = namibia.now + timedelta(days=days)
        return outgoing.drop_unfinished(office.session, now=later)

    assert namibia.do(lambda office: drop(office, 29)) == 0
    assert namibia.do(lambda office: drop(office, 31)) == 1
    assert namibia.do(lambda office: drop(office, 31)) == 0
    namibia.do(lambda office: outgoing.remove_dropped(office.session, namibia.storage))
    both.there.meddle = lambda _method, _path: None
    zambia.later(hours=3)
    namibia.now = zambia.now
    zambia.run()

    assert not folder.exists()
    assert [row.event for row in rows(namibia.database, ReceiptGivenRow)] == ["expired"]
    dropped = only_out(zambia)
    assert (dropped.state, dropped.trouble) == ("needs_attention", "dropped_there")
    _again(zambia, dropped.id)
    zambia.run()
    assert {row.state for row in rows(zambia.database, DeliveryOutRow)} == {"resealed", "admitted"}


def _again(one: Installation, delivery_id: str) -> None:
    operator = build.an_officer(Role.ADMINISTRATOR, one.country)
    one.do(
        lambda office: exchange_files.send_again(
            office.session, operator, delivery_id, storage=one.storage, now=one.now
        )
    )


def test_a_sender_that_lost_its_folder_seals_what_waits_anew_by_itself(both: Both) -> None:
    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: "down" if "parts" in path else None
    zambia.run()
    shutil.rmtree(zambia.folder / "exchange")
    with pytest.raises(FileRefused) as refused:
        hand_out(zambia, only_out(zambia).id)
    assert refused.value.why == "bytes-gone"
    assert WHY["bytes-gone"]
    both.there.meddle = lambda _method, _path: None
    zambia.later(hours=3)
    both.namibia.now = zambia.now

    worked = zambia.run()

    states = {row.state for row in rows(zambia.database, DeliveryOutRow)}
    assert worked.sealed == 1
    assert states == {"resealed", "admitted"}
    assert len(rows(both.namibia.database, MessageRow)) == 1


def test_a_receiver_that_lost_its_folder_gets_unfinished_bytes_again(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: "down" if path.endswith("parts/2") else None
    zambia.run()
    shutil.rmtree(namibia.folder / "exchange")
    both.there.meddle = lambda _method, _path: None
    zambia.later(hours=3)
    namibia.now = zambia.now
    zambia.run()

    assert only_out(zambia).state == "admitted"
    assert len(rows(namibia.database, MessageRow)) == 1


def test_what_was_signed_for_and_lost_before_it_was_opened_is_refused_and_sent_again(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody claims to have what is gone: the sender hears it under a signature and sends it anew."""
    zambia, namibia = both.zambia, both.namibia
    monkeypatch.setattr(admitting, "SMALL", 0)  # as with large packages, the worker opens it later
    zambia.do(an_enquiry)
    zambia.run()
    assert only_out(zambia).state == "delivered"
    shutil.rmtree(namibia.folder / "exchange")

    for _ in range(2):  # it opens, and brings its receipt at the next look
        namibia.run()
    refused = only_out(zambia)
    _again(zambia, refused.id)
    zambia.run()
    for _ in range(2):
        namibia.run()

    assert (refused.state, refused.trouble) == ("refused", "cannot-open")
    assert "exchange.refused_here" in told(namibia)
    assert {row.state for row in rows(zambia.database, DeliveryOutRow)} == {"resealed", "admitted"}
    (message,) = rows(namibia.database, MessageRow)
    assert message.package_id == refused.package_id


def test_what_was_taken_in_is_readable_without_the_folder(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(lambda office: an_enquiry(office, reason="The child wishes to live there."))
    zambia.run()
    shutil.rmtree(namibia.folder / "exchange")

    def read(office: Any) -> str:
        (message,) = transfer_store.messages(office.session, only_in(namibia).transfer_id)
        row = transfer_store.find(office.session, message.transfer_id)
        assert row is not None
        found = record.open_in_message(office.session, row, message, "summary", message.summary)
        return str(found)

    assert "wishes to live there" in namibia.do(read)


def test_a_virus_is_refused_with_its_reason_and_nothing_of_it_is_kept(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    seen: list[bytes] = []

    def found(content: BinaryIO) -> str:
        seen.append(content.read())
        return "Eicar-Test-Signature"

    namibia.scan = found
    zambia.do(an_enquiry)
    _as_worker(both)

    assert seen
    assert seen[0]
    assert (only_out(zambia).state, only_out(zambia).trouble) == ("refused", "virus-found")
    assert rows(namibia.database, MessageRow) == []


def _as_worker(both: Both) -> None:
    """Let the worker open what comes: the call that brought it opens nothing."""
    small, admitting.SMALL = admitting.SMALL, 0
    try:
        both.zambia.run()
        for _ in range(2):  # it opens, and brings its receipt at the next look
            both.namibia.run()
    finally:
        admitting.SMALL = small


def test_without_a_scanner_it_is_said_and_with_one_that_is_away_everything_waits(
    both: Both,
) -> None:
    zambia, namibia = both.zambia, both.namibia

    def away(_content: BinaryIO) -> str:
        raise ScannerAway

    namibia.scan = away
    zambia.do(an_enquiry)
    _as_worker(both)
    waiting = only_in(namibia).state
    alarms = told(namibia)
    namibia.scan = None
    _as_worker(both)

    assert waiting == "received"
    assert "exchange.scanner_away" in alarms
    assert (only_in(namibia).state, only_in(namibia).scanned) == ("admitted", "not_scanned")
    status = namibia.do(lambda office: exchange_status.status(office.session, now=namibia.now))
    assert status.not_scanned == 1


def test_what_a_scanner_found_clean_is_noted_as_such(both: Both) -> None:
    both.namibia.scan = lambda content: None if content.read() else "empty"
    both.zambia.do(an_enquiry)
    _as_worker(both)

    assert only_in(both.namibia).scanned == "clean"


@contextmanager
def a_scanner(path: Path, answer: bytes, got: list[bytes]) -> Iterator[str]:
    """A clamd that gives one answer."""
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(path))
    server.listen(1)

    def serve() -> None:
        line, _ = server.accept()
        with line, line.makefile("rb") as file:
            assert file.read(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", file.read(4))[0]:
                got.append(file.read(size))
            line.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield str(path)
    finally:
        thread.join(5)
        server.close()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", None),
        (b"stream: Eicar-Signature FOUND\0", "Eicar-Signature"),
        (b"INSTREAM size limit exceeded. ERROR\0", "away"),
        (b"", "away"),
    ],
)
def test_the_words_of_the_scanner_are_understood(
    tmp_path: Path, answer: bytes, verdict: str | None
) -> None:
    got: list[bytes] = []
    data = b"x" * 200_000
    with a_scanner(tmp_path / "clamd", answer, got) as address:
        try:
            found = scan(address, io.BytesIO(data))
        except ScannerAway:
            found = "away"

    assert found == verdict
    assert b"".join(got) == data


def test_a_scanner_that_is_not_there_gives_no_verdict(tmp_path: Path) -> None:
    assert scanner_of("") is None
    assert scanner_of(None) is None
    for address in (str(tmp_path / "nothing"), "127.0.0.1:9", "nonsense"):
        with pytest.raises(ScannerAway):
            scan(address, io.BytesIO(b"x"))


@pytest.mark.threat("TT44")
def test_a_number_far_ahead_is_one_long_gap_and_not_a_list_without_end(both: Both) -> None:
    assert first_missing([1, 3, 5]) == [2, 4]
    assert len(first_missing([2**53 - 1])) == 100
    assert first_missing([]) == []
    assert both.namibia.do(lambda office: incoming.gaps(office.session, ZAMBIA)) == ()


def test_what_a_newer_version_made_is_said_to_be_so_by_line_and_by_file(both: Both) -> None:
    data = a_file(both)
    newer = forge(
        whole_claims(Kind.DELIVERY, ver=2), kind=Kind.DELIVERY, signer=signing_key_of(ZAMBIA)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as made:
        for entry in old.infolist():
            content = newer.encode() if entry.filename == "delivery.jwt" else old.read(entry)
            made.writestr(entry, content)

    by_line = Wire(TestClient(both.namibia.app)).post("/deliveries", delivery=newer, keys="x")
    with pytest.raises(FileRefused) as by_file:
        take_in(both.namibia, out.getvalue())

    assert by_line.status_code == 426
    assert by_line.json()["type"] == "urn:bidx:problem:version-unsupported"
    assert by_file.value.why == "version-unsupported"
    assert "newer version" in WHY["version-unsupported"]
    assert rows(both.namibia.database, DeliveryInRow) == []


@pytest.mark.threat("TT20")
def test_a_partners_statement_is_fetched_once_a_day_and_an_older_one_is_an_alarm(
    both: Both,
) -> None:
    """Nothing else waits: the worker calls for the sake of the keys alone."""
    zambia = both.zambia
    issued = int(zambia.now.timestamp())
    keys = build.listed(signing_key_of(NAMIBIA), opening_key_of(NAMIBIA), begins=issued - 86_400)

    def says(seq: int, at: int) -> None:
        made = make_statement(
            anchor_of(NAMIBIA), issuer=NAMIBIA, seq=seq, issued_at=at, keys=keys,
            expires_at=at + 300 * 86_400, base_url=address_of(NAMIBIA),
        )  # fmt: skip
        both.there.published = json.dumps(published(made)).encode()

    def fetched() -> int:
        zambia.run()
        return sum("well-known" in path for _, path in both.there.calls)

    says(issued + 5, issued)
    counts = [fetched(), fetched()]
    zambia.later(hours=23)
    counts.append(fetched())
    zambia.later(hours=2)
    says(2, issued)
    counts.append(fetched())

    assert counts == [1, 1, 1, 2]
    assert "partner.statement_refused" in told(zambia)
    seq = zambia.do(
        lambda office: _known(office, NAMIBIA, zambia).statement.seq  # the newer one stays
    )
    assert seq == issued + 5


def _known(office: Any, name: str, one: Installation) -> Any:
    return correspondent(office.session, name, now=one.now)
