"""A part opens whole and in its place, or nothing of it is given away."""

import io
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange import parts
from core.exchange.encoding import digest
from core.exchange.errors import CannotMake, CannotOpen
from core.exchange.kinds import TAG
from tests.builders.exchange import ID, OTHER_ID

KEY = bytes(range(32))
NAMES: dict[str, Any] = {"key": KEY, "package": ID, "number": 1}
SIZE = 10


@pytest.fixture(autouse=True)
def short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of ten bytes: the same way through the code in less time."""
    monkeypatch.setattr(parts, "CHUNK", SIZE)
    monkeypatch.setattr(parts, "SEALED_CHUNK", SIZE + TAG)


class Dripping(io.BytesIO):
    """A source that gives less than it is asked for, as networks do."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(3, size or 0))


def seal(plain: bytes, **changes: Any) -> bytes:
    return b"".join(parts.seal_part(Dripping(plain), **{**NAMES, **changes}))


def opens(sealed: bytes, plain: bytes, **changes: Any) -> bytes:
    sink = io.BytesIO()
    facts = {**NAMES, "size": len(plain), "sha256": digest(plain), **changes}
    try:
        parts.open_part(Dripping(sealed), sink, **facts)
    except CannotOpen:
        assert sink.getvalue() == b""
        raise
    return sink.getvalue()


def is_refused(sealed: bytes, plain: bytes, **changes: Any) -> bool:
    with pytest.raises(CannotOpen):
        opens(sealed, plain, **changes)
    return True


@pytest.mark.parametrize("length", [0, 1, 9, 10, 11, 19, 20, 21, 100])
def test_a_part_of_any_length_comes_back(length: int) -> None:
    plain = bytes(range(length))
    sealed = seal(plain)

    assert len(sealed) == length + 16 * max(1, -(-length // SIZE))
    assert opens(sealed, plain) == plain


@pytest.mark.threat("TT30")
def test_chunks_cut_swapped_repeated_or_added_are_refused_and_nothing_is_released() -> None:
    plain = bytes(range(25))
    sealed = seal(plain)
    one, two, three = sealed[:26], sealed[26:52], sealed[52:]
    empty_end = AESGCM(KEY).encrypt(parts._nonce(3, last=True), b"", parts._bound(ID, 1))
    whole = AESGCM(KEY).encrypt(parts._nonce(2, last=False), plain[20:], parts._bound(ID, 1))

    for attack in (
        one + two, one, b"", one + three, two + one + three, one + one + two + three, one + two + three + three,
        sealed + b"\x00", sealed[:-1], sealed[1:], one + two + whole + empty_end, sealed + empty_end,
    ):  # fmt: skip
        assert is_refused(attack, plain)


@pytest.mark.threat("TT30")
def test_an_empty_chunk_after_full_ones_is_refused() -> None:
    plain = bytes(10)
    cipher, bound = AESGCM(KEY), parts._bound(ID, 1)
    full = cipher.encrypt(parts._nonce(0, last=False), plain, bound)
    end = cipher.encrypt(parts._nonce(1, last=True), b"", bound)

    assert is_refused(full + end, plain)


@pytest.mark.threat("TT30")
@pytest.mark.parametrize(
    "change",
    [
        {"number": 2}, {"package": OTHER_ID}, {"key": bytes(32)}, {"key": KEY[:16]}, {"key": None}, {"number": 0},
        {"number": True}, {"number": 65}, {"package": ID.upper()[:-1]}, {"size": 24}, {"size": 26}, {"size": -1},
        {"sha256": digest(b"other")}, {"sha256": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_part_in_another_place_or_of_another_measure_is_refused(change: dict[str, Any]) -> None:
    plain = bytes(range(25))

    assert is_refused(seal(plain), plain, **change)


@pytest.mark.threat("TT30")
@given(plain=st.binary(max_size=60), data=st.data())
@settings(max_examples=80, deadline=None)
def test_any_flipped_bit_is_refused(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(plain))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert is_refused(bytes(sealed), plain)


@pytest.mark.parametrize(
    "change",
    [{"key": KEY[:31]}, {"package": "x"}, {"number": 0}, {"number": 65}, {"number": 1.0}],
    ids=str,
)
def test_a_part_the_protocol_does_not_know_is_not_sealed(change: dict[str, Any]) -> None:
    with pytest.raises(CannotMake):
        seal(b"x", **change)


def test_a_part_that_is_too_large_is_not_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MAX_PART", 25)

    assert len(seal(bytes(25))) == 73
    with pytest.raises(CannotMake):
        seal(bytes(26))


def test_part_keys_are_random() -> None:
    assert len({parts.fresh_part_key() for _ in range(10)}) == 10
    assert len(parts.fresh_part_key()) == 32
