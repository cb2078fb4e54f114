"""What a partner brings: taken whole, signed for once, told apart from what others bring, and never more than fits."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import exchange_gate
from api.exchange_gate import ExchangeCalls
from core.db import Database
from core.exchange import notices
from core.exchange.deliveries import Numbering
from core.exchange.kinds import Kind
from core.exchange.manifests import PartRole
from core.exchange.notices import Action
from core.exchange.packages import PlainPart
from core.exchange.tokens import unverified_claims
from core.ids import new_id
from core.outbox import OutboxRow
from tests.builders import partners as build
from tests.builders.exchange import CONGO, NAMIBIA, ZAMBIA, anchor_of, signing_key_of
from tests.builders.line import OnShelf, Wire, a_package, following, rows
from tests.builders.transfers import Office, trust
from tests.conftest import NOON
from transfers.rules.partnership import Channel
from transfers.service import incoming, partners
from transfers.service.storage import NoRoom, Store
from transfers.tables.delivery import DeliveryInRow, RecallRow, ReceiptGivenRow


@pytest.fixture(autouse=True)
def _fresh_counts(app: FastAPI) -> None:
    app.state.exchange_calls = ExchangeCalls()
    app.state.settings = app.state.settings.model_copy(update={"exchange_reserve_mib": 0})


@pytest.fixture
def wire(database: Database, client: TestClient) -> Wire:
    """Zambia, calling us: we are Namibia here. Congo is trusted too."""
    with database.unit_of_work() as session:
        office = Office(session, "NA", NAMIBIA)
        trust(office, ZAMBIA)
        first, second = build.an_officer(country="NA"), build.an_officer(country="NA")
        statement = build.a_statement(CONGO, issued_at=int((NOON - timedelta(days=1)).timestamp()))
        found = partners.propose(session, first, build.as_file(statement), now=NOON)
        heard = build.last_groups(anchor_of(CONGO))
        for officer, channel in ((first, Channel.LETTER), (second, Channel.VIDEO)):
            partners.confirm(session, officer, found, channel=channel, groups=heard, now=NOON)
    return Wire(client)


@pytest.fixture
def congo(wire: Wire) -> Wire:
    """The other partner."""
    return Wire(wire.client, CONGO)


def told(database: Database) -> set[str]:
    return {row.topic for row in rows(database, OutboxRow)}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:bidx:problem:")


def events(answer: Any) -> list[str]:
    return [unverified_claims(text, Kind.RECEIPT)["evt"] for text in answer.json()["receipts"]]


@pytest.mark.threat("TT41")
def test_the_same_delivery_a_hundred_times_is_one_with_one_set_of_receipts(
    wire: Wire, database: Database, tmp_path: Path
) -> None:
    sealed = a_package(tmp_path / "theirs")

    first = wire.bring(sealed)
    later = [wire.bring(sealed).json() for _ in range(99)]

    assert events(first) == ["received", "refused"]  # nobody here knows the reference
    assert later == [first.json()] * 99
    assert len(rows(database, DeliveryInRow)) == 1
    assert len(rows(database, ReceiptGivenRow)) == 2


@pytest.mark.threat("TT35")
def test_an_id_used_again_for_something_else_is_a_conflict(
    wire: Wire, database: Database, tmp_path: Path
) -> None:
    sealed = a_package(tmp_path / "one")
    before = wire.bring(sealed).json()

    other = wire.offer(a_package(tmp_path / "two", [b'{"b":2}'], delivery=sealed.id))

    assert code(other) == (409, "delivery-conflict")
    assert wire.get(f"/deliveries/{sealed.id}").json() == before
    assert len(rows(database, DeliveryInRow)) == 1


@pytest.mark.threat("TT35")
@pytest.mark.threat("TT54")
def test_another_partners_delivery_is_not_there(
    wire: Wire, congo: Wire, database: Database, tmp_path: Path
) -> None:
    sealed = a_package(tmp_path / "theirs")
    assert wire.offer(sealed).status_code == 201
    before = wire.get(f"/deliveries/{sealed.id}").json()

    def strange(delivery: str) -> list[tuple[int, str]]:
        return [
            code(congo.get(f"/deliveries/{delivery}")),
            code(congo.put(delivery, 1, sealed.parts[0])),
            code(congo.post(f"/deliveries/{delivery}/complete")),
            code(congo.get(f"/mailbox/{delivery}/keys")),
            code(congo.get(f"/mailbox/{delivery}/parts/1")),
        ]

    assert strange(sealed.id) == strange(new_id()) == [(404, "unknown-delivery")] * 5
    recalled = congo.post("/notices", notice=a_recall(sealed.package, issuer=CONGO))
    assert recalled.status_code == 200  # it waits for a package of Congo, which has none
    assert wire.get(f"/deliveries/{sealed.id}").json() == before
    assert events(wire.bring(sealed))[0] == "received"


@pytest.mark.threat("TT36")
def test_parts_have_the_numbers_that_were_signed_and_grow_at_their_end_only(
    wire: Wire, tmp_path: Path
) -> None:
    sealed = a_package(tmp_path / "theirs", [b'{"a":"' + b"x" * 5000 + b'"}'])
    data, size = sealed.parts[0], len(sealed.parts[0])
    wire.offer(sealed)
    for number in ("0", "65", "2", "-1", "1e0", "%2e%2e", "%D9%A1", "01", "1.0", "+1", "%31%00"):
        answer = wire.put(sealed.id, number, data)
        assert 400 <= answer.status_code < 500, number
    assert wire.put(sealed.id, 1, data[:1000], total=size).json()["have"] == {"1": 1000}

    overlap = wire.put(sealed.id, 1, data[500:2000], at=500, total=size)
    skipped = wire.put(sealed.id, 1, data[2000:], at=2000, total=size)
    again = wire.put(sealed.id, 1, data[:1000], total=size)
    too_long = wire.put(sealed.id, 1, b"x" * (size + 1), at=1000, total=size)
    other_size = wire.put(sealed.id, 1, data[1000:], at=1000, total=size + 9)
    spans = [
        wire.send("PUT", f"/deliveries/{sealed.id}/parts/1", b"abc", headers={"content-range": span})
        for span in ("", "bytes 1000-1002/*", f"bytes 1000-1001/{size}", f"bytes -1-1/{size}",
                     f"bytes 1000-1002/{size},", "bytes 1000-1002/0x9", f"octets 1000-1002/{size}")
    ]  # fmt: skip

    assert (code(overlap), overlap.json()["have"]) == ((409, "offset-mismatch"), 1000)
    assert (code(skipped), skipped.json()["have"]) == ((409, "offset-mismatch"), 1000)
    assert again.json()["have"] == {"1": 1000}
    assert {code(answer) for answer in (too_long, other_size, *spans)} == {(400, "bad-range")}
    assert wire.get(f"/deliveries/{sealed.id}").json()["have"] == {"1": 1000}
    wire.put(sealed.id, 1, data[1000:], at=1000, total=size)
    assert events(wire.post(f"/deliveries/{sealed.id}/complete"))[0] == "received"


def test_parts_that_were_changed_on_the_way_are_sent_again_and_only_these(
    wire: Wire, tmp_path: Path
) -> None:
    sealed = a_package(tmp_path / "theirs", [b'{"a":1}', b'{"b":2}'])
    wire.offer(sealed)
    early = wire.post(f"/deliveries/{sealed.id}/complete")
    wire.put(sealed.id, 1, sealed.parts[0])
    wire.put(sealed.id, 2, sealed.parts[1][:-1] + bytes([sealed.parts[1][-1] ^ 1]))

    wrong = wire.post(f"/deliveries/{sealed.id}/complete")

    assert (code(early), early.json()["missing"]) == ((409, "incomplete"), [1, 2])
    assert (code(wrong), wrong.json()["parts"]) == ((422, "hash-mismatch"), [2])
    assert wire.get(f"/deliveries/{sealed.id}").json()["have"] == {
        "1": len(sealed.parts[0]), "2": 0,
    }  # fmt: skip
    assert events(wire.bring(sealed))[0] == "received"


@pytest.mark.threat("TT37")
def test_announced_sizes_that_cannot_be_are_refused_before_a_byte_is_stored(
    wire: Wire, database: Database, tmp_path: Path
) -> None:
    from tests.builders.exchange import forge, whole_claims

    sealed = a_package(tmp_path / "theirs")
    claims = dict(unverified_claims(sealed.text, Kind.DELIVERY))
    part = claims["parts"][0]
    lists: list[Any] = [
        [{**part, "size": size}] for size in (-1, 0, 15, 10**13, 2**53, "20", 1.5, True)
    ]
    lists.append([{**part, "n": n} for n in range(1, 1001)])
    lists.append([{**part, "n": n, "size": 50 * 1024 * 1024} for n in range(1, 65)])

    for parts in lists:
        token = forge({**claims, "jti": new_id(), "parts": parts}, kind=Kind.DELIVERY)
        answer = wire.post("/deliveries", delivery=token, keys=sealed.box)
        assert answer.status_code in {413, 422}, answer.text
    assert rows(database, DeliveryInRow) == []
    assert whole_claims(Kind.DELIVERY)["iss"] == ZAMBIA


@pytest.mark.threat("TT37")
def test_a_partner_that_fills_its_quota_keeps_no_other_from_sending(
    wire: Wire, congo: Wire, app: FastAPI, database: Database, tmp_path: Path
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"exchange_open_deliveries": 2})
    chain = [a_package(tmp_path / "0")]
    for number in range(2):
        chain.append(a_package(tmp_path / str(number + 1), place=following(chain[-1])))

    answers = [wire.offer(one) for one in chain]
    other = congo.bring(a_package(tmp_path / "cd", sender=CONGO))

    assert [answer.status_code for answer in answers] == [201, 201, 507]
    assert events(other)[0] == "received"
    wire.bring(chain[0])
    assert wire.offer(chain[2]).status_code == 201


@pytest.mark.threat("TT37")
def test_a_full_disk_stores_nothing_by_halves_and_the_service_lives(
    wire: Wire, app: FastAPI, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = a_package(tmp_path / "1"), None
    wire.offer(first)
    second = a_package(tmp_path / "2", place=following(first))

    def full(*_args: object, **_named: object) -> None:
        raise NoRoom

    with monkeypatch.context() as patched:
        patched.setattr(Store, "append", full)
        piece = wire.put(first.id, 1, first.parts[0])
    with monkeypatch.context() as patched:
        patched.setattr(Store, "free_bytes", lambda _self: 10)
        offered = wire.offer(second)

    assert (code(piece), code(offered)) == ((507, "insufficient-storage"),) * 2
    assert wire.get(f"/deliveries/{first.id}").json()["have"] == {"1": 0}
    assert "exchange.disk_nearly_full" in told(database)
    assert events(wire.bring(first))[0] == "received"
    assert events(wire.bring(second))[0] == "received"


@pytest.mark.threat("TT44")
def test_deliveries_in_any_order_are_taken_and_a_gap_shows_until_it_is_filled(
    wire: Wire, database: Database, tmp_path: Path
) -> None:
    one = a_package(tmp_path / "1")
    two = a_package(tmp_path / "2", place=following(one))
    three = a_package(tmp_path / "3", place=following(two))
    chain = one.sealed.delivery.numbering.chain

    def gaps() -> list[int]:
        with database.unit_of_work() as session:
            found = incoming.gaps(session, ZAMBIA)
        assert {name for name, _ in found} <= {chain}
        return [number for _, number in found]

    seen = []
    for sealed in (three, one, two):
        assert events(wire.bring(sealed))[0] == "received"
        seen.append(gaps())

    assert seen == [[1, 2], [2], []]


@pytest.mark.threat("TT44")
def test_two_deliveries_with_one_number_are_a_fork(
    wire: Wire, database: Database, tmp_path: Path
) -> None:
    one = a_package(tmp_path / "1")
    wire.bring(one)
    place = one.sealed.delivery.numbering
    elsewhere = Numbering(place.chain, 2, a_package(tmp_path / "x").sealed.delivery.digest)

    same = wire.offer(a_package(tmp_path / "2", place=place))
    unlinked = wire.offer(a_package(tmp_path / "3", place=elsewhere))

    assert {code(same), code(unlinked)} == {(409, "sequence-conflict")}
    assert len(rows(database, DeliveryInRow)) == 1
    assert "exchange.numbers_fork" in told(database)


def a_recall(package: str, *, issuer: str = ZAMBIA, notice: str | None = None) -> str:
    made = notices.make(
        Action.DELETE, issuer=issuer, audience=NAMIBIA, notice=notice or new_id(), package=package,
        reason="consent_withdrawn", key=signing_key_of(issuer), now=NOON,
    )  # fmt: skip
    return made.token.text


@pytest.mark.threat("TT53")
def test_a_recall_before_its_package_waits_for_it(
    wire: Wire, database: Database, tmp_path: Path
) -> None:
    sealed = a_package(tmp_path / "theirs")
    notice = a_recall(sealed.package)

    first = wire.post("/notices", notice=notice)
    again = wire.post("/notices", notice=notice)
    offered = wire.offer(sealed)

    assert first.json() == again.json()
    claims = unverified_claims(first.json()["receipt"], Kind.RECEIPT)
    assert (claims["evt"], claims["pkg"]) == ("recall-received", sealed.package)
    assert (offered.json()["state"], events(offered)) == ("refused", ["refused"])
    reason = unverified_claims(offered.json()["receipts"][0], Kind.RECEIPT)["reason"]
    assert reason == "recalled"
    assert wire.bring(sealed).json()["receipts"] == offered.json()["receipts"]
    (row,) = rows(database, RecallRow)
    assert row.state == "waiting"


@pytest.mark.threat("TT53")
def test_a_recall_during_the_upload_ends_it(wire: Wire, tmp_path: Path) -> None:
    sealed = a_package(tmp_path / "theirs", [b'{"a":1}', b'{"b":2}'])
    wire.offer(sealed)
    wire.put(sealed.id, 1, sealed.parts[0])

    wire.post("/notices", notice=a_recall(sealed.package))

    assert wire.get(f"/deliveries/{sealed.id}").json()["state"] == "refused"
    assert events(wire.bring(sealed)) == ["refused"]
    assert code(wire.post("/notices", notice=a_recall(sealed.package, issuer=CONGO))) == (
        422,
        "notice-invalid",
    )


def test_what_is_not_sealed_for_us_now_is_not_taken_note_of(
    wire: Wire, database: Database, tmp_path: Path, app: FastAPI
) -> None:
    past = a_package(tmp_path / "1", lasts=timedelta(hours=2))
    not_ours = a_package(tmp_path / "2", receiver=CONGO)
    good = a_package(tmp_path / "3")
    other_box = a_package(tmp_path / "4").box
    first_with_prev = a_package(
        tmp_path / "5", place=Numbering(new_id(), 1, good.sealed.delivery.digest)
    )

    app.state.clock = lambda: NOON + timedelta(hours=3)
    wire.now = NOON + timedelta(hours=3)
    found = [
        code(wire.offer(past)), code(wire.offer(not_ours)),
        code(wire.post("/deliveries", delivery=good.text, keys=other_box)),
        code(wire.post("/deliveries", delivery="x.y.z", keys=good.box)),
        code(wire.offer(first_with_prev)),
    ]  # fmt: skip

    assert found == [(410, "delivery-expired"), *[(422, "delivery-invalid")] * 4]
    assert rows(database, DeliveryInRow) == []


def test_a_package_for_a_key_we_do_not_hold_says_so(
    wire: Wire, tmp_path: Path, database: Database
) -> None:
    from tests.builders import line

    sealed = _sealed_to_another(tmp_path, line)

    assert code(wire.offer(sealed)) == (422, "unknown-encryption-key")
    assert rows(database, DeliveryInRow) == []


def _sealed_to_another(folder: Path, line: Any) -> OnShelf:
    from core.exchange.packages import Route, seal_package
    from core.exchange.shelves import FolderShelf

    shelf = FolderShelf(folder / "other")
    route = Route(ZAMBIA, signing_key_of(ZAMBIA), NAMIBIA, build.an_opening_key("gone").public)
    part = PlainPart("a.json", "application/json", PartRole.OTHER, io.BytesIO(b"{}"))
    sealed = seal_package(
        shelf, replace(line.a_letter()), [part], route=route, package=new_id(), delivery=new_id(),
        numbering=Numbering(new_id(), 1, None), now=NOON,
    )  # fmt: skip
    return OnShelf(shelf, sealed)


def test_answers_of_the_exchange_are_never_kept_by_anybody(wire: Wire, tmp_path: Path) -> None:
    answers = [
        wire.get("/ping"),
        wire.get(f"/deliveries/{new_id()}"),
        wire.client.get("/exchange/v1/ping"),
    ]

    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert json.loads(answers[1].text).keys() == {"type", "title", "status", "detail", "instance"}
    assert all(status < 600 for status, _ in exchange_gate.TITLES.values())
