"""The clear side of a package: sizes and numbers are those the protocol allows, and nothing is about the child."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange import deliveries
from core.exchange.deliveries import Numbering, plain_size, sealed_size
from core.exchange.encoding import digest
from core.exchange.errors import CannotMake, DeliveryInvalid, Reason, TokenRefused
from core.exchange.kinds import CHUNK, MAX_PART, MAX_SEALED_PART, TAG, Kind
from core.exchange.measures import Measure
from tests.builders.exchange import (
    CONGO,
    HASH,
    ID,
    NAMIBIA,
    NOW,
    OTHER_ID,
    ZAMBIA,
    forge,
    pinned_keys_of,
    signing_key_of,
    whole_claims,
)
from tests.builders.packages import CHAIN, DELIVERY_ID, FIRST, MemoryShelf, sealed_on

TERA = 10 * 1024**4


def made(*parts: Measure, **changes: Any) -> deliveries.Delivery:
    facts = {
        "issuer": ZAMBIA, "audience": NAMIBIA, "delivery": DELIVERY_ID, "package": ID, "numbering": FIRST,
        "sealed_to": HASH, "box": "a.b.c.d.e", "key": signing_key_of(ZAMBIA), "now": NOW, **changes,
    }  # fmt: skip
    return deliveries.make(parts=parts or (Measure(16, HASH),), **facts)


def read(claims: dict[str, Any]) -> deliveries.Delivery:
    text = forge(claims, kind=Kind.DELIVERY)
    return deliveries.read(text, pinned_keys_of(ZAMBIA), us=NAMIBIA, now=NOW)


def with_parts(*sizes: Any) -> dict[str, Any]:
    parts = [{"n": n, "size": size, "sha256": HASH} for n, size in enumerate(sizes, start=1)]
    return whole_claims(Kind.DELIVERY, parts=parts)


def test_a_delivery_is_read_as_it_was_made() -> None:
    delivery = made(Measure(17, HASH), numbering=Numbering(CHAIN, 7, HASH))

    again = deliveries.read(delivery.token.text, pinned_keys_of(ZAMBIA), us=NAMIBIA, now=NOW)

    assert again == delivery
    assert again.digest == digest(delivery.token.text.encode())
    assert (again.id, again.package, again.sealed_to) == (DELIVERY_ID, ID, HASH)
    assert again.numbering == Numbering(CHAIN, 7, HASH)
    assert again.expires_at - again.issued_at == timedelta(days=30)


def test_a_delivery_for_somebody_else_or_another_day_is_refused() -> None:
    text = made().token.text

    for reason, us, now in (
        (Reason.AUDIENCE, CONGO, NOW),
        (Reason.EXPIRED, NAMIBIA, NOW + timedelta(days=31)),
        (Reason.EARLY, NAMIBIA, NOW - timedelta(hours=1)),
    ):
        with pytest.raises(TokenRefused) as caught:
            deliveries.read(text, pinned_keys_of(ZAMBIA), us=us, now=now)
        assert caught.value.reason is reason
    with pytest.raises(CannotMake):
        made(lasts=timedelta(days=61))


def test_only_these_claims_stand_in_clear() -> None:
    assert set(made().token.claims) == {
        "ver", "iss", "aud", "iat", "exp", "jti", "pkg", "chain", "seq", "prev", "ekid", "keys", "parts",
    }  # fmt: skip


@pytest.mark.threat("TT37")
@pytest.mark.parametrize(
    "size", [-1, 0, 15, MAX_SEALED_PART + 1, TERA, "16", 16.0, True, None], ids=repr
)
def test_a_part_of_a_size_that_cannot_be_is_refused(size: Any) -> None:
    with pytest.raises(TokenRefused) as caught:
        read(with_parts(size))
    assert caught.value.reason in (Reason.CLAIMS, Reason.JSON)


@pytest.mark.threat("TT37")
@pytest.mark.parametrize(
    "size", [CHUNK + TAG + 1, CHUNK + 2 * TAG, 2 * (CHUNK + TAG) + 15], ids=repr
)
def test_a_size_no_sealed_part_can_have_is_refused(size: int) -> None:
    with pytest.raises(DeliveryInvalid) as caught:
        read(with_parts(size))
    assert caught.value.what == "part_size"


@pytest.mark.threat("TT37")
def test_a_package_has_at_most_two_hundred_mebibytes_and_sixty_four_parts() -> None:
    assert len(read(with_parts(*[MAX_SEALED_PART] * 4)).parts) == 4
    with pytest.raises(DeliveryInvalid) as caught:
        read(with_parts(*[MAX_SEALED_PART] * 4, 17))
    assert caught.value.what == "package_size"
    assert len(read(with_parts(*[17] * 64)).parts) == 64
    for count in (65, 1_000):
        with pytest.raises(TokenRefused):
            read(with_parts(*[17] * count))


@pytest.mark.threat("TT37")
@pytest.mark.parametrize("size", [0, -1, 65_537, TERA], ids=repr)
def test_a_box_of_another_size_than_boxes_have_is_refused(size: int) -> None:
    with pytest.raises(TokenRefused):
        read(whole_claims(Kind.DELIVERY, keys={"size": size, "sha256": HASH}))


@pytest.mark.threat("TT36")
@pytest.mark.parametrize(
    "number", [0, 65, -1, 2, "1", "1e0", "%2e%2e", "١", True, 1.0, None], ids=repr
)
def test_a_part_with_another_number_is_refused(number: Any) -> None:
    parts = [{"n": number, "size": 16, "sha256": HASH}]

    with pytest.raises(TokenRefused):
        read(whole_claims(Kind.DELIVERY, parts=parts))


@given(st.integers(0, MAX_PART))
def test_size_of_a_sealed_part_and_of_what_is_in_it_tell_the_same(plain: int) -> None:
    assert plain_size(sealed_size(plain)) == plain


def test_sizes_at_the_edge_of_a_chunk() -> None:
    assert [sealed_size(size) for size in (0, 1, CHUNK, CHUNK + 1)] == [
        16,
        17,
        CHUNK + 16,
        CHUNK + 33,
    ]
    assert [plain_size(size) for size in (0, 15, 16, CHUNK + 17, CHUNK + 32)] == [
        None,
        None,
        0,
        None,
        None,
    ]


def test_a_box_or_part_with_another_byte_is_seen_without_a_key() -> None:
    shelf = MemoryShelf()
    delivery = sealed_on(shelf).delivery
    box = shelf.files["keys.jwe"].decode()
    part = shelf.files["parts/0002"]

    assert deliveries.box_fits(delivery, box)
    assert not deliveries.box_fits(delivery, box[:-1] + ("A" if box[-1] != "A" else "B"))
    assert not deliveries.box_fits(delivery, box + "A")
    assert not deliveries.box_fits(delivery, box[:-1] + "é")
    assert deliveries.wrong_parts(delivery, shelf) == ()
    for wrong in (part[:-1], part + b"x", b"", b"\x00" + part[1:]):
        assert deliveries.wrong_parts(delivery, shelf.changed(part2=wrong)) == (2,)
    assert deliveries.wrong_parts(delivery, MemoryShelf()) == (1, 2)


def test_ids_of_other_forms_are_not_signed() -> None:
    for changes in (
        {"delivery": "x"},
        {"package": OTHER_ID.upper()[:-1]},
        {"numbering": Numbering(CHAIN, 0, None)},
    ):
        with pytest.raises(CannotMake):
            made(**changes)
