"""Lines that break, answers that lie, clocks that jump, processes that die: nothing is lost and nothing happens twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from core.db import Database, Session
from core.exchange import receipts
from core.exchange.keys import SigningKey
from core.exchange.kinds import Kind
from core.exchange.receipts import Event, Subject
from core.ids import new_id
from core.outbox import OutboxRow
from tests.builders import partners as build
from tests.builders.exchange import CONGO, NAMIBIA, ZAMBIA, signing_key_of
from tests.builders.installations import Installation
from tests.builders.line import Wire, rows
from tests.builders.transfers import an_enquiry
from tests.workflows.exchange.conftest import Both
from transfers.rules.delivery import Way, wait_after, way_after
from transfers.service import incoming, outgoing
from transfers.store import deliveries
from transfers.tables.delivery import (
    DeliveryInRow,
    DeliveryOutRow,
    LineRow,
    ReceiptGivenRow,
    ReceiptTakenRow,
)
from transfers.tables.transfer import MessageRow


def told(one: Installation) -> list[str]:
    return [row.topic for row in rows(one.database, OutboxRow)]


def only_out(one: Installation) -> DeliveryOutRow:
    (row,) = rows(one.database, DeliveryOutRow)
    return row


class Killed(BaseException):
    """The process died here."""


class KilledThere(Exception):
    """The same behind a server: its thread ends, and from then on nobody answers."""


class Dying(Database):
    """A database whose process dies at one commit: just before it, or just after."""

    def __init__(self, database: Database, at: int, when: str, death: type[BaseException]) -> None:
        self.database, self.left, self.when, self.death = database, at, when, death
        self.engine, self.vault = database.engine, database.vault
        self.has_died = False

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        if self.has_died:
            raise self.death
        dies = self.left == 0
        self.left -= 1
        with self.database.unit_of_work() as session:
            yield session
            if dies and self.when == "before":
                self._die()
        if dies and self.when == "after":
            self._die()

    def _die(self) -> None:
        self.has_died = True
        raise self.death


def settle(both: Both) -> None:
    """Start both sides again and let them go on."""
    for _ in range(2):
        both.zambia.later(minutes=11)
        both.namibia.now = both.zambia.now
        both.zambia.run()
        both.namibia.run()


@pytest.mark.threat("TT40")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("side", ["sender", "receiver"])
def test_a_process_that_dies_anywhere_loses_nothing_and_does_nothing_twice(
    both: Both, side: str, when: str
) -> None:
    zambia, namibia = both.zambia, both.namibia
    deaths = 0
    points = range(14)

    for at in points:
        zambia.do(an_enquiry)
        dying = (
            Dying(zambia.database, at, when, Killed)
            if side == "sender"
            else Dying(namibia.database, at, when, KilledThere)
        )
        try:
            if side == "sender":
                run_on(zambia, dying)
            else:
                namibia.app.state.database = dying
                both.there.meddle = _cut_when_dead(dying)
                zambia.run()
        except Killed:
            pass
        finally:
            namibia.app.state.database = namibia.database
            both.there.meddle = lambda _method, _path: None
        deaths += dying.has_died
        settle(both)

    sent = rows(zambia.database, DeliveryOutRow)
    came = rows(namibia.database, DeliveryInRow)
    theirs = rows(namibia.database, MessageRow)
    assert deaths >= 10
    assert {row.state for row in sent} == {row.state for row in came} == {"admitted"}
    assert len(theirs) == len(points) == len({row.package_id for row in sent})
    given = [(row.subject, row.event) for row in rows(namibia.database, ReceiptGivenRow)]
    assert sorted(given) == sorted(
        (row.delivery_id, event) for row in came for event in ("received", "admitted")
    )
    kept = {row.sha256 for row in rows(zambia.database, ReceiptTakenRow)}
    assert kept == {row.sha256 for row in rows(namibia.database, ReceiptGivenRow)}
    assert namibia.do(lambda office: incoming.gaps(office.session, ZAMBIA)) == ()


def run_on(one: Installation, database: Any) -> None:
    from workflows.exchange_run import run_exchange

    run_exchange(
        database, one.ground, dial=one.dial, clock=lambda: one.now, chance=lambda: 0.5,
        holder=one.name,
    )  # fmt: skip


def _cut_when_dead(dying: Dying) -> Callable[[str, str], str | None]:
    return lambda _method, _path: "down" if dying.has_died else None


@pytest.mark.threat("TT41")
def test_an_answer_that_is_lost_leads_to_the_same_receipts(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: "lost" if path.endswith("/complete") else None

    zambia.run()
    lost = only_out(zambia)
    both.there.meddle = lambda _method, _path: None
    zambia.later(minutes=2)
    zambia.run()

    assert (lost.state, lost.trouble) == ("waiting", "ReadTimeout")
    assert only_out(zambia).state == "admitted"
    assert [row.event for row in rows(namibia.database, ReceiptGivenRow)] == [
        "received",
        "admitted",
    ]
    assert len(rows(zambia.database, ReceiptTakenRow)) == 2
    assert len(rows(namibia.database, MessageRow)) == 1


@pytest.mark.threat("TT43")
@pytest.mark.parametrize("status", [200, 201, 401, 404, 409, 410, 422])
def test_answers_nobody_signed_never_end_a_delivery(both: Both, status: int) -> None:
    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, _path: f"answer {status}"

    for _ in range(3):
        zambia.run()
        zambia.later(hours=3)
    caught = only_out(zambia)
    both.there.meddle = lambda _method, _path: None
    zambia.run()

    assert caught.state in {"waiting", "needs_attention"}
    assert rows(zambia.database, ReceiptTakenRow)[0].standing == "valid"
    assert only_out(zambia).state == "admitted"


def test_a_line_that_is_down_is_tried_later_and_later_and_nothing_is_lost(both: Both) -> None:
    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, _path: "down"
    tries = []

    for _ in range(8):
        zambia.run()
        (line,) = rows(zambia.database, LineRow)
        assert line.failing_since is not None
        tries.append(round((line.next_call_at - zambia.now).total_seconds() / 60))
        zambia.now = line.next_call_at
    both.there.meddle = lambda _method, _path: None
    zambia.later(hours=3)
    zambia.run()

    assert tries == [1, 2, 5, 15, 30, 60, 120, 120]
    assert only_out(zambia).state == "admitted"


def test_a_line_that_breaks_again_and_again_but_carries_something_is_tried_soon(
    both: Both,
) -> None:
    zambia = both.zambia
    for _ in range(3):
        zambia.do(an_enquiry)
    both.there.meddle = _breaks_at_the_second("/complete")
    tries = []

    for _ in range(4):
        zambia.run()
        (line,) = rows(zambia.database, LineRow)
        if line.failing_since is not None:
            assert line.heard_at == line.failing_since == zambia.now
            tries.append(round((line.next_call_at - zambia.now).total_seconds() / 60))
        zambia.later(minutes=3)

    assert tries == [1, 1]
    assert {row.state for row in rows(zambia.database, DeliveryOutRow)} == {"admitted"}


def _breaks_at_the_second(end: str) -> Callable[[str, str], str | None]:
    """A line that breaks at every second call of a kind."""
    calls = {"made": 0}

    def meddle(_method: str, path: str) -> str | None:
        calls["made"] += path.endswith(end)
        return "down" if path.endswith(end) and calls["made"] % 2 == 0 else None

    return meddle


def test_a_partner_that_does_not_know_us_is_asked_three_times_and_then_hourly(both: Both) -> None:
    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _m, path: None if "well-known" in path else "answer 401"

    zambia.run()

    calls = [path for _, path in both.there.calls if path.endswith("/deliveries")]
    row = only_out(zambia)
    assert len(calls) == 3
    assert (row.state, row.trouble) == ("needs_attention", "unknown-caller")
    assert row.next_try_at - zambia.now == timedelta(hours=1)
    assert "exchange.needs_attention" in told(zambia)


@pytest.mark.parametrize("refusal", ["409 sequence-conflict", "422 unknown-encryption-key"])
def test_a_refusal_of_the_partner_is_looked_at_by_a_person_and_not_tried_in_a_loop(
    both: Both, refusal: str
) -> None:
    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _m, path: (
        f"problem {refusal}" if path.endswith("/deliveries") else None
    )

    for _ in range(3):
        zambia.run()
        zambia.later(hours=12)

    calls = [path for _, path in both.there.calls if path.endswith("/deliveries")]
    assert len(calls) == 1
    assert (only_out(zambia).state, only_out(zambia).trouble) == (
        "needs_attention", refusal.split()[1],
    )  # fmt: skip
    assert told(zambia).count("exchange.needs_attention") == 2

    zambia.do(lambda office: deliveries.try_again(
        office.session, NAMIBIA, {"sequence-conflict", "unknown-encryption-key"}, now=zambia.now
    ))  # fmt: skip
    both.there.meddle = lambda _method, _path: None
    both.namibia.now = zambia.now
    zambia.run()

    assert only_out(zambia).state == "admitted"


@pytest.mark.parametrize("answer", ["answer 403", "problem 409 offset-mismatch"])
def test_a_gate_in_between_or_an_upload_out_of_step_ends_no_trying(both: Both, answer: str) -> None:
    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _m, path: None if "well-known" in path else answer

    zambia.run()

    assert only_out(zambia).next_try_at - zambia.now == timedelta(hours=1)


@pytest.mark.parametrize(
    ("told_by", "minutes"),
    [("600", 10), ("Mon, 02 Mar 2026 12:20:00 GMT", 20), ("Mon, 02 Mar 2026 11:00:00 GMT", 1)],
)
def test_a_partner_is_left_alone_as_long_as_it_asks_in_either_way_of_writing(
    both: Both, told_by: str, minutes: int
) -> None:
    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _m, path: (
        f"answer 503 {told_by}" if path.endswith("/deliveries") else None
    )

    zambia.run()

    assert only_out(zambia).next_try_at - zambia.now == timedelta(minutes=minutes)


def test_a_partner_whose_clock_is_off_is_still_reached_and_the_administrator_hears(
    both: Both,
) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    namibia.now += timedelta(minutes=10)

    zambia.run()

    assert only_out(zambia).state == "waiting" or only_out(zambia).state == "admitted"
    (line,) = rows(zambia.database, LineRow)
    assert line.skew_seconds == 600
    assert "exchange.clocks_differ" in told(zambia)


@pytest.mark.threat("TT45")
@pytest.mark.parametrize("days", [1, -1, 40])
def test_a_clock_that_jumps_ends_nothing_until_a_person_says_it_is_right(
    both: Both, days: int
) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: "down" if "parts" in path else None
    zambia.run()
    namibia.run()
    before = only_out(zambia).expires_at

    for one in (zambia, namibia):
        one.now += timedelta(days=days)
        one.run()
        one.later(minutes=30)
        one.run()

    assert only_out(zambia).state in {"waiting", "transferring", "queued", "needs_attention"}
    assert {row.state for row in rows(namibia.database, DeliveryInRow)} == {"offered"}
    assert "exchange.clock_jumped" in told(zambia)
    assert zambia.storage.sent(only_out(zambia).id).folder.exists()
    operator = build.an_officer(role=_administrator())
    assert zambia.do(
        lambda office: outgoing.trust_clock(
            office.session, operator, zambia.storage, now=zambia.now
        )
    )
    zambia.run()
    is_over = before <= zambia.now
    assert (only_out(zambia).state == "expired") == is_over
    assert ("exchange.dead_letter" in told(zambia)) == is_over
    assert zambia.storage.sent(only_out(zambia).id).folder.exists()


def _administrator() -> Any:
    from core.actors import Role

    return Role.ADMINISTRATOR


def about(row: DeliveryOutRow, **changes: Any) -> Subject:
    values = {
        "kind": Kind.DELIVERY, "id": row.id, "package": row.package_id, "digest": row.token_sha256,
        "sender": ZAMBIA, "receiver": NAMIBIA, "manifest": row.manifest_sha256, **changes,
    }  # fmt: skip
    return Subject(**values)


def a_receipt(
    event: Event, subject: Subject, both: Both, *, key: SigningKey | None = None, **more: Any
) -> str:
    made = receipts.make(
        event, subject, receipt=new_id(), key=key or signing_key_of(subject.receiver),
        now=both.zambia.now, **more,
    )  # fmt: skip
    return made.token.text


@pytest.mark.threat("TT42")
def test_receipts_that_do_not_fit_change_nothing_and_raise_an_alarm(both: Both) -> None:
    from fastapi.testclient import TestClient

    zambia = both.zambia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, _path: "down"
    zambia.run()
    row = only_out(zambia)
    forged = {
        "a stranger's": a_receipt(Event.RECEIVED, about(row, receiver=CONGO), both),
        "a stranger's key": a_receipt(Event.RECEIVED, about(row), both, key=SigningKey.fresh()),
        "another object": a_receipt(Event.RECEIVED, about(row, digest=row.manifest_sha256), both),
        "another package": a_receipt(Event.RECEIVED, about(row, package=new_id()), both),
        "another delivery": a_receipt(Event.RECEIVED, about(row, id=new_id()), both),
        "for somebody else": a_receipt(Event.RECEIVED, about(row, sender=CONGO), both),
        "another manifest": a_receipt(Event.ADMITTED, about(row, manifest=row.token_sha256), both),
        "no token": "x",
    }
    wire = Wire(TestClient(zambia.app), NAMIBIA, ZAMBIA)
    wire.now = zambia.now

    answer = wire.post("/receipts", receipts=list(forged.values()))

    assert answer.json()["stored"] == []
    assert len(answer.json()["not_stored"]) == len(forged)
    assert only_out(zambia).state == "queued"
    kept = rows(zambia.database, ReceiptTakenRow)
    assert {one.standing for one in kept} == {"unverified"}
    assert told(zambia).count("exchange.receipt_not_genuine") == len(forged)

    genuine = [a_receipt(event, about(row), both) for event in (Event.RECEIVED, Event.ADMITTED)]
    stored = wire.post("/receipts", receipts=genuine)
    late = wire.post(
        "/receipts", receipts=[a_receipt(Event.REFUSED, about(row), both, reason="cannot-open")]
    )

    assert len(stored.json()["stored"]) == 2
    assert (late.json()["stored"], late.json()["not_stored"][0]["code"]) == ([], "contradicts")
    assert only_out(zambia).state == "admitted"


def test_what_an_unsigned_answer_leads_to_is_the_same_for_all() -> None:
    again, final = (408, 425, 429, 500, 502, 503, 507), (403, 409, 410, 413, 422, 426)

    def ways(statuses: tuple[int, ...], *, told: bool) -> set[Way]:
        return {way_after(status, is_of_exchange=told) for status in statuses}

    assert ways(again, told=True) == ways(again, told=False) == {Way.AGAIN}
    assert ways(final, told=True) == {Way.PERSON}
    assert ways((*final, 400, 404), told=False) == ways((400, 404), told=True) == {Way.ATTENTION}
    assert ways((401,), told=True) == ways((401,), told=False) == {Way.UNKNOWN_CALLER}
    for attempts, minutes in enumerate((1, 2, 5, 15, 30, 60, 120, 120), start=1):
        low, high = (wait_after(attempts, chance).total_seconds() / 60 for chance in (0.0, 1.0))
        assert (round(low, 6), round(high, 6)) == (minutes * 0.8, round(minutes * 1.2, 6))
    assert wait_after(1, 0.5, asked=timedelta(minutes=9)) == timedelta(minutes=9)
