"""An enquiry goes there, an acknowledgement comes back; both sides hold every receipt and every row of evidence."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from core.outbox import OutboxRow
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.installations import Installation
from tests.builders.line import address_of, rows
from tests.builders.transfers import Office, an_enquiry
from tests.workflows.exchange.conftest import Both
from transfers.rules.codes import MessageType
from transfers.service import evidence_export, viewing
from transfers.service.evidence_check import check
from transfers.store import transfers as store
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, ReceiptGivenRow
from transfers.tables.transfer import MessageRow
from workflows.exchange_line import prefix_of


def exported(one: Installation) -> list[str]:
    """The evidence log of one side, as it would be handed out."""
    from core.actors import Role
    from tests.builders.partners import an_officer

    def lines(office: Office) -> list[str]:
        actor = an_officer(Role.ADMINISTRATOR, office.country)
        return list(evidence_export.export_lines(office.session, actor, now=one.now))

    found: list[str] = one.do(lines)
    return found


def ladder(both: Both, sender: Installation, receiver: Installation) -> tuple[str, list[str], int]:
    (out,) = rows(sender.database, DeliveryOutRow)
    given = [row for row in rows(receiver.database, ReceiptGivenRow) if row.subject == out.id]
    events = [row.event for row in sorted(given, key=lambda row: row.number)]
    return out.state, events, sum(row.stored_at is not None for row in given)


def say_and_answer(both: Both) -> None:
    """An enquiry leaves, is acknowledged, read, and everything is signed for."""
    zambia, namibia = both.zambia, both.namibia
    _, ours, _ = zambia.do(an_enquiry)
    zambia.run()
    (came,) = rows(namibia.database, DeliveryInRow)
    assert came.state == "admitted"
    namibia.do(
        lambda office: viewing.note_viewed(office.session, [came.message_id], now=namibia.now)
    )
    namibia.do(lambda office: office.say(came.transfer_id, MessageType.ACK))
    namibia.run()
    (back,) = rows(zambia.database, DeliveryInRow)
    zambia.do(lambda office: viewing.note_viewed(office.session, [back.message_id], now=zambia.now))
    zambia.run()
    namibia.run()
    assert zambia.do(lambda office: office.state(ours)) == "acknowledged"


def require_complete(both: Both) -> None:
    whole = ["received", "admitted", "viewed"]
    assert ladder(both, both.zambia, both.namibia) == ("viewed", whole, 3)
    assert ladder(both, both.namibia, both.zambia) == ("viewed", whole, 3)
    logs = {one.name: exported(one) for one in (both.zambia, both.namibia)}
    for name, log in logs.items():
        others = [line for other, lines in logs.items() if other != name for line in lines]
        verdict = check(iter(log), against=iter(others))
        assert verdict.fault is None, (name, verdict)
        assert verdict.tokens >= 8


def test_an_enquiry_and_its_acknowledgement_cross_the_border(both: Both) -> None:
    say_and_answer(both)

    require_complete(both)


@contextmanager
def served(app: FastAPI) -> Iterator[int]:
    """An application on a port of this machine."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def test_two_installations_exchange_over_real_sockets(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    with served(zambia.app) as here, served(namibia.app) as there:
        ports = {address_of(ZAMBIA): here, address_of(NAMIBIA): there}

        def dial(address: str) -> httpx.Client:
            assert prefix_of(address) == ""
            return httpx.Client(base_url=f"http://127.0.0.1:{ports[address]}", timeout=20)

        for one in (zambia, namibia):
            for address in ports:
                one.lines[address] = lambda address=address: dial(address)
        say_and_answer(both)

    require_complete(both)


@pytest.mark.threat("TT48")
def test_what_a_package_says_is_nowhere_on_its_way(
    both: Both, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    marker = "Zzmarkername"
    zambia, namibia = both.zambia, both.namibia
    zambia.do(lambda office: an_enquiry(office, reason=f"The child {marker} wishes to live there."))

    zambia.run()
    namibia.run()

    (came,) = rows(namibia.database, DeliveryInRow)
    assert came.state == "admitted"

    def read(office: Office) -> Any:
        from transfers.service import record

        message = store.find_message(office.session, came.message_id)
        row = store.find(office.session, came.transfer_id)
        assert message is not None
        assert row is not None
        assert message.summary is not None
        return record.open_in_message(office.session, row, message, "summary", message.summary)

    assert marker in str(namibia.do(read))
    seen = [caplog.text, str(both.there.calls), str(both.back.calls)]
    for one in (zambia, namibia):
        tables = (OutboxRow, DeliveryInRow, DeliveryOutRow, ReceiptGivenRow, MessageRow)
        seen += [str(row.model_dump()) for table in tables for row in rows(one.database, table)]
        files = [path for path in one.storage.folder.rglob("*") if path.is_file()]
        assert files
        seen += [path.read_bytes().decode("latin-1") + str(path) for path in files]
    assert not [text for text in seen if marker in text]


@pytest.mark.threat("TT48")
def test_the_worker_needs_no_scheduler() -> None:
    code = "import sys, workflows.exchange_run; sys.exit(any(n.split('.')[0] == 'prefect' for n in sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)

    assert done.returncode == 0
