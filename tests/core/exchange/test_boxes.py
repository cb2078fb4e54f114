"""A sealed box opens for the one it is for, whole, or says the same for every cause."""

import itertools
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from jose import jwe

from core.exchange import door
from core.exchange.encoding import b64, un_b64
from core.exchange.errors import CannotMake, CannotOpen
from tests.builders.exchange import NAMIBIA, ZAMBIA, opening_key_of

KEY = opening_key_of(NAMIBIA)
BOX = door.seal(b'{"manifest":"x"}', KEY.public)
RIGHT = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": KEY.kid}
SHA1, SHA256 = hashes.SHA1(), hashes.SHA256()  # noqa: S303  the forger's
OAEP = padding.OAEP(padding.MGF1(SHA256), SHA256, None)


def a_box(
    header: Any = RIGHT, *, wrap: Any = OAEP, cek: bytes = bytes(32), iv: bytes = bytes(12)
) -> list[bytes]:
    """Seal by hand, past every check of ours."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    sealed = AESGCM(cek).encrypt(iv, b'{"manifest":"x"}', b64(head).encode())
    return [head, KEY.public.key.encrypt(cek, wrap), iv, sealed[:-16], sealed[-16:]]


def text(segments: list[bytes]) -> str:
    return ".".join(map(b64, segments))


def is_refused(token: object) -> bool:
    with pytest.raises(CannotOpen) as caught:
        door.unseal(token, [opening_key_of(ZAMBIA), KEY])
    return vars(caught.value) == {}  # no code, no hint: nothing that tells causes apart


def test_a_box_opens_for_whom_it_was_sealed() -> None:
    header = json.loads(un_b64(BOX.split(".")[0]))

    assert door.unseal(BOX, [opening_key_of(ZAMBIA), KEY]) == b'{"manifest":"x"}'
    assert door.unseal(text(a_box()), [KEY]) == b'{"manifest":"x"}'
    assert header == RIGHT
    with pytest.raises(CannotOpen):
        door.unseal(BOX, [opening_key_of(ZAMBIA)])
    with pytest.raises(CannotOpen):
        door.unseal(BOX, [])


@pytest.mark.threat("TT31")
@pytest.mark.parametrize(
    "change",
    [
        {"alg": "RSA1_5"}, {"alg": "RSA-OAEP"}, {"alg": "dir"}, {"alg": "A256KW"}, {"alg": None}, {"alg": ["RSA-OAEP-256"]},
        {"enc": "A128GCM"}, {"enc": "A256CBC-HS512"}, {"enc": "A128CBC-HS256"}, {"zip": "DEF"}, {"cty": "JWT"},
        {"crit": ["exp"]}, {"jwk": {}}, {"typ": "JWE"}, {"apu": ""}, {"kid": "x"}, {"kid": None}, {"kid": opening_key_of(ZAMBIA).kid},
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_no_other_header_opens_even_when_everything_else_is_right(change: dict[str, Any]) -> None:
    assert is_refused(text(a_box({**RIGHT, **change})))


@pytest.mark.threat("TT31")
def test_a_box_that_would_open_with_a_smaller_key_does_not() -> None:
    smaller = text(a_box({**RIGHT, "enc": "A128GCM"}, cek=bytes(16)))

    assert jwe.decrypt(smaller, KEY.key) == b'{"manifest":"x"}'  # the library would
    assert is_refused(smaller)


@pytest.mark.threat("TT31")
def test_no_other_padding_key_length_or_cut_opens() -> None:
    head, wrapped, iv, body, tag = a_box()

    assert is_refused(text(a_box(wrap=padding.PKCS1v15())))
    assert is_refused(text(a_box(wrap=padding.OAEP(padding.MGF1(SHA1), SHA1, None))))
    assert is_refused(text(a_box(wrap=padding.OAEP(padding.MGF1(SHA1), SHA256, None))))
    assert is_refused(text(a_box(cek=bytes(16))))
    assert is_refused(text(a_box(iv=bytes(16))))
    assert is_refused(text([head, wrapped, iv, body + tag[:1], tag[1:]]))
    assert is_refused(text([head, wrapped, iv, body[:-1], body[-1:] + tag]))
    assert is_refused(text([head, wrapped, iv, body, tag[:12]]))
    assert is_refused(text([head, wrapped, iv, body, b""]))
    assert is_refused(text([head, b"", iv, body, tag]))
    assert is_refused(text([head, wrapped[1:], iv, body, tag]))
    assert is_refused(text([head, b"\x00" + wrapped, iv, body, tag]))
    assert is_refused(text([head, bytes(384), iv, body, tag]))
    assert is_refused(text([head, b"\xff" * 384, iv, body, tag]))


@pytest.mark.threat("TT31")
def test_no_other_text_opens() -> None:
    doubled = json.dumps(RIGHT)[:-1].encode() + b',"enc":"A256GCM"}'

    for token in (
        None,
        7,
        b"",
        "",
        BOX.encode(),
        BOX + "=",
        BOX + ".",
        " " + BOX,
        BOX[:-1],
        "." * 4,
        BOX + "A" * 70_000,
    ):
        assert is_refused(token)
    assert is_refused(text(a_box(doubled)))
    assert is_refused(text(a_box(json.dumps(RIGHT).encode() + b" " * 2_000)))
    assert is_refused(text(a_box(b"[]")))


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_box_with_one_letter_changed_does_not_open(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(BOX) - 1))
    other = data.draw(st.sampled_from("ABXYZabxyz0189-_.=").filter(lambda c: c != BOX[place]))

    assert is_refused(BOX[:place] + other + BOX[place + 1 :])


@given(data=st.binary(max_size=2_000))
@settings(max_examples=10, deadline=None)
def test_what_is_sealed_opens_again(data: bytes) -> None:
    assert door.unseal(door.seal(data, KEY.public), [KEY]) == data


def test_what_the_other_side_could_not_open_is_not_sealed() -> None:
    with pytest.raises(CannotMake):
        door.seal(bytes(64 * 1024), KEY.public)


def test_two_boxes_are_never_alike() -> None:
    assert door.seal(b"x", KEY.public) != door.seal(b"x", KEY.public)
