"""A package is made in one order, opens for the one it is for, whole, and is refused whole otherwise."""

import json
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange import deliveries, door, packages, parts
from core.exchange.encoding import digest, un_b64
from core.exchange.errors import CannotMake, ContentRefused, Refusal, SummaryInvalid
from core.exchange.kinds import TAG
from core.exchange.manifests import Message, PartRole, Redaction
from core.exchange.opening import private_file
from tests.builders.exchange import (
    ID,
    NAMIBIA,
    NOW,
    ZAMBIA,
    opening_key_of,
    pinned_keys_of,
)
from tests.builders.packages import (
    PDF,
    MemoryShelf,
    a_letter,
    a_part,
    a_route,
    a_summary,
    a_summary_part,
    opened_from,
    refusal,
    sealed_on,
)


def test_a_package_comes_back_as_it_was_sealed() -> None:
    shelf = MemoryShelf()
    sealed = sealed_on(
        shelf,
        [
            a_summary_part(),
            a_part(b"a" * 10),
            a_part(PDF, name="b.pdf", media="application/pdf"),
            a_part(b"", name="c"),
        ],
    )

    received = deliveries.read(
        shelf.files["delivery.jwt"].decode(), pinned_keys_of(ZAMBIA), us=NAMIBIA, now=NOW
    )
    with opened_from(shelf, received) as opened:
        contents = [part.content.read() for part in opened.parts]

        assert opened.manifest == sealed.manifest
        assert opened.summary == a_summary()
        assert contents == [json.dumps(a_summary()).encode(), b"a" * 10, PDF, b""]
        assert opened.manifest.letter == a_letter()
    assert all(part.content.closed for part in opened.parts)


def test_the_delivery_is_put_last_so_that_a_shelf_with_one_is_whole() -> None:
    shelf = MemoryShelf()
    sealed_on(shelf)

    assert shelf.order == ["parts/0001", "parts/0002", "keys.jwe", "delivery.jwt"]


def test_what_lies_on_the_shelf_tells_nothing_about_the_child() -> None:
    shelf = MemoryShelf()
    sealed_on(shelf, [a_part(b"Marker Phiri", name="Marker Phiri.txt")])
    everything = b"".join(shelf.files.values())

    for word in (
        b"Marker",
        b"Report",
        b"KQ7M-3RTX-9A",
        b"text/plain",
        digest(b"Marker Phiri").encode(),
    ):
        assert word not in everything


def test_no_two_packages_share_a_key() -> None:
    boxes = []
    for _ in range(2):
        shelf = MemoryShelf()
        sealed_on(shelf)
        boxes.append(
            json.loads(door.unseal(shelf.files["keys.jwe"].decode(), [opening_key_of(NAMIBIA)]))
        )

    assert len({key for box in boxes for key in box["cek"].values()}) == 4


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ({"letter": a_letter(approvals=())}, CannotMake),
        ({"parts": [a_part(name="a/b")]}, CannotMake),
        ({"parts": [a_part(b"<html>")]}, ContentRefused),
        ({"parts": [a_summary_part(ref="ANOTHER-1")]}, SummaryInvalid),
        ({"parts": [a_summary_part(asked=[])]}, SummaryInvalid),
        ({"package": "x"}, CannotMake),
        ({"delivery": "x"}, CannotMake),
        ({"route": a_route(receiver=ZAMBIA)}, CannotMake),
    ],
    ids=["approvals", "name", "content", "ref", "schema", "package", "delivery", "itself"],
)
def test_what_cannot_be_sent_leaves_nothing_behind(
    broken: dict[str, Any], error: type[Exception]
) -> None:
    shelf = MemoryShelf()

    with pytest.raises(error):
        sealed_on(shelf, **broken)
    assert shelf.files == {}


@pytest.mark.threat("TT37")
def test_what_is_too_large_is_seen_before_anything_is_sealed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packages, "MAX_PART", 30)
    monkeypatch.setattr(packages, "MAX_PACKAGE", 50)

    for sizes in ([31], [30, 21]):
        shelf = MemoryShelf()
        with pytest.raises(CannotMake) as caught:
            sealed_on(shelf, [a_part(b"x" * size, name=f"{size}") for size in sizes])
        assert caught.value.what == "size"
        assert shelf.order == []
    assert sealed_on(MemoryShelf(), [a_part(b"x" * 30, name="a"), a_part(b"x" * 20, name="b")])


def test_a_summary_that_rests_on_another_decision_than_its_letter_is_not_sent() -> None:
    matter = {**a_summary()["matter"], "decision_sha256": digest(b"another")}
    letter = a_letter(decision_sha256=digest(b"decision"))

    with pytest.raises(SummaryInvalid):
        sealed_on(MemoryShelf(), [a_summary_part(matter=matter)], letter)


@pytest.mark.threat("TT30")
def test_parts_cut_extended_swapped_or_changed_are_refused_and_nothing_is_released() -> None:
    shelf = MemoryShelf()
    delivery = sealed_on(shelf, [a_part(b"one"), a_part(b"two", name="2")]).delivery
    one, two = shelf.files["parts/0001"], shelf.files["parts/0002"]

    for changed in (
        shelf.changed(part1=two, part2=one), shelf.changed(part1=two), shelf.changed(part2=two[:-1]),
        shelf.changed(part2=two + b"\x00"), shelf.changed(part2=b""), shelf.changed(part1=one * 2),
        shelf.changed(part2=bytes([two[0] ^ 1]) + two[1:]),
    ):  # fmt: skip
        assert refusal(changed, delivery).reason is Refusal.CANNOT_OPEN
    del shelf.files["parts/0002"]
    assert refusal(shelf, delivery).reason is Refusal.CANNOT_OPEN


@pytest.mark.threat("TT30")
def test_chunks_dropped_or_added_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (parts, deliveries):
        monkeypatch.setattr(module, "CHUNK", 10)
    monkeypatch.setattr(parts, "SEALED_CHUNK", 10 + TAG)
    shelf = MemoryShelf()
    delivery = sealed_on(shelf, [a_part(b"0123456789" * 2 + b"end")]).delivery
    whole = shelf.files["parts/0001"]
    chunks = [whole[:26], whole[26:52], whole[52:]]

    for attack in ([0, 1], [0, 2], [1, 0, 2], [0, 1, 2, 2], [0, 0, 1, 2], []):
        assert (
            refusal(shelf.changed(part1=b"".join(chunks[i] for i in attack)), delivery).reason
            is Refusal.CANNOT_OPEN
        )
    box = json.loads(door.unseal(shelf.files["keys.jwe"].decode(), [opening_key_of(NAMIBIA)]))
    cipher = AESGCM(un_b64(box["cek"]["1"]))
    empty = cipher.encrypt(parts._nonce(3, last=True), b"", parts._bound(ID, 1))
    assert refusal(shelf.changed(part1=whole + empty), delivery).reason is Refusal.CANNOT_OPEN


@pytest.mark.rule("R51")
@pytest.mark.threat("TT30")
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_bit_of_a_package_may_change(data: st.DataObject) -> None:
    shelf, delivery = PACKAGE
    name = data.draw(st.sampled_from(sorted(set(shelf.files) - {"delivery.jwt"})))
    changed = bytearray(shelf.files[name])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    found = refusal(MemoryShelf({**shelf.files, name: bytes(changed)}), delivery)

    assert (found.reason, found.detail) == (Refusal.CANNOT_OPEN, "")


def test_a_box_for_a_key_we_do_not_have_is_refused() -> None:
    shelf = MemoryShelf()
    delivery = sealed_on(shelf).delivery

    assert refusal(shelf, delivery, ours=[opening_key_of(ZAMBIA)]).reason is Refusal.CANNOT_OPEN
    assert refusal(shelf, delivery, ours=[]).reason is Refusal.CANNOT_OPEN
    with opened_from(
        shelf, delivery, ours=[opening_key_of(ZAMBIA), opening_key_of(NAMIBIA)]
    ) as opened:
        assert opened.summary


def test_private_files_have_no_name() -> None:
    with private_file() as file:
        file.write(b"x")
        file.flush()

        assert os.fstat(file.fileno()).st_nlink == 0


@given(
    contents=st.lists(st.binary(max_size=40).map(lambda data: data.hex().encode()), max_size=5),
    redaction=st.sampled_from((Redaction.IDENTITY, Redaction.WITHOUT_SENSITIVE)),
    message=st.sampled_from([message for message in Message if message is not Message.SUMMARY]),
    roles=st.lists(
        st.sampled_from((PartRole.REPORT, PartRole.LEGAL, PartRole.OTHER)), min_size=5, max_size=5
    ),
)
@settings(max_examples=25, deadline=None)
def test_whatever_may_be_sealed_opens_again(
    contents: list[bytes], redaction: Redaction, message: Message, roles: list[PartRole]
) -> None:
    shelf = MemoryShelf()
    listed = [a_part(data, name=f"{at}.txt", role=roles[at]) for at, data in enumerate(contents)]
    letter = a_letter(redaction=redaction, message=message)

    delivery = sealed_on(shelf, listed, letter).delivery

    with opened_from(shelf, delivery) as opened:
        assert [part.content.read() for part in opened.parts] == contents
        assert opened.manifest.letter == letter
        assert opened.summary is None


def _package() -> tuple[MemoryShelf, deliveries.Delivery]:
    shelf = MemoryShelf()
    return shelf, sealed_on(shelf, [a_part(b"one"), a_part(b"two", name="2")]).delivery


PACKAGE = _package()
