"""Whatever is wrong inside the box, the answer is the same, and it takes the same time."""

import json
import statistics
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.exchange.encoding import b64
from core.exchange.errors import PackageRefused, Refusal
from core.exchange.kinds import Kind
from tests.builders.exchange import NAMIBIA, ZAMBIA, a_token, forge, opening_key_of, whole_claims
from tests.builders.packages import forged, manifest_claims, opened_from

KEY = opening_key_of(NAMIBIA)
RIGHT = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": KEY.kid}
SHA1, SHA256 = hashes.SHA1(), hashes.SHA256()  # noqa: S303  the forger's
OAEP = padding.OAEP(padding.MGF1(SHA256), SHA256, None)
PLAIN = (b"one", b"two")
MANIFEST = forge(manifest_claims(PLAIN), kind=Kind.MANIFEST)
CEK = {"1": b64(b"\x01" * 32), "2": b64(b"\x02" * 32)}
CONTENT = json.dumps({"manifest": MANIFEST, "cek": CEK}).encode()


def a_box(
    header: Any = RIGHT,
    *,
    wrap: Any = OAEP,
    cek: bytes = bytes(32),
    content: bytes = CONTENT,
    flip: bool = False,
) -> list[bytes]:
    """Seal by hand, past every check of ours."""
    head = json.dumps(header).encode()
    sealed = AESGCM(cek).encrypt(bytes(12), content, b64(head).encode())
    body, tag = sealed[:-16], sealed[-16:]
    return [head, KEY.public.key.encrypt(cek, wrap), bytes(12), body, bytes(16) if flip else tag]


def text(segments: list[bytes]) -> str:
    return ".".join(map(b64, segments))


def refusal(**forgery: Any) -> PackageRefused:
    shelf, delivery = forged(plain=PLAIN, **forgery)
    with pytest.raises(PackageRefused) as caught:
        opened_from(shelf, delivery)
    return caught.value


def cannot_open(**forgery: Any) -> bool:
    found = refusal(**forgery)
    return (found.reason, found.detail) == (Refusal.CANNOT_OPEN, "")


def test_a_box_sealed_by_hand_opens() -> None:
    shelf, delivery = forged(plain=PLAIN, sealed_box=text(a_box()))

    with opened_from(shelf, delivery) as opened:
        assert [part.content.read() for part in opened.parts] == list(PLAIN)


@pytest.mark.threat("TT31")
@pytest.mark.parametrize(
    "header",
    [
        {**RIGHT, "alg": "RSA1_5"}, {**RIGHT, "alg": "RSA-OAEP"}, {**RIGHT, "enc": "A256CBC-HS512"},
        {**RIGHT, "enc": "A128GCM"}, {**RIGHT, "zip": "DEF"}, {**RIGHT, "crit": ["x"]}, {**RIGHT, "kid": opening_key_of(ZAMBIA).kid},
    ],
    ids=range(7),
)  # fmt: skip
def test_a_package_with_another_kind_of_box_says_cannot_open(header: dict[str, Any]) -> None:
    assert cannot_open(sealed_box=text(a_box(header)))


@pytest.mark.threat("TT31")
def test_a_package_with_a_box_of_other_padding_key_or_tag_says_cannot_open() -> None:
    head, wrapped, iv, body, tag = a_box()

    for box in (
        a_box(wrap=padding.PKCS1v15()), a_box(wrap=padding.OAEP(padding.MGF1(SHA1), SHA1, None)), a_box(cek=bytes(16)),
        a_box(flip=True), [head, wrapped, iv, body + tag[:4], tag[4:]], [head, wrapped, iv, body + tag, b""],
        [head, bytes(384), iv, body, tag],
    ):  # fmt: skip
        assert cannot_open(sealed_box=text(box))
    assert cannot_open(sealed_box="no box at all")


@pytest.mark.threat("TT31")
@pytest.mark.parametrize(
    "box",
    [
        {"more": 1}, {"manifest": None}, {"manifest": 7}, {"manifest": ""}, {"manifest": "a.b.c"}, {"cek": None}, {"cek": []},
        {"cek": {}}, {"cek": {"1": CEK["1"]}}, {"cek": {**CEK, "3": b64(b"\x03" * 32)}}, {"cek": {"1": CEK["1"], "02": CEK["2"]}},
        {"cek": {**CEK, "2": b64(bytes(16))}}, {"cek": {**CEK, "2": CEK["2"] + "="}}, {"cek": {**CEK, "2": 7}},
        {"cek": {**CEK, "2": CEK["1"]}}, {"cek": {"1": CEK["2"], "2": CEK["1"]}}, {"manifest": a_token(Kind.RECEIPT)},
        {"manifest": a_token(Kind.DELIVERY)}, {"manifest": MANIFEST[:-4] + "AAAA"},
        {"manifest": forge(whole_claims(Kind.MANIFEST, extra=1), kind=Kind.MANIFEST)},
        b"", b"[]", b"null", CONTENT[:-1], CONTENT + b" {}", b"\xef\xbb\xbf" + CONTENT, b'{"cek":{},' + CONTENT[1:],
        CONTENT.decode().encode("utf-16"),
    ],
    ids=range(28),
)  # fmt: skip
def test_a_box_with_anything_else_inside_says_cannot_open(box: Any) -> None:
    assert cannot_open(box=box)


@pytest.mark.threat("TT31")
def test_zeros_without_end_in_a_box_are_refused_by_its_size() -> None:
    shelf, delivery = forged(plain=PLAIN)
    shelf.put("keys.jwe", [b"A" * 10_000_000])

    with pytest.raises(PackageRefused) as caught:
        opened_from(shelf, delivery)
    assert caught.value.reason is Refusal.CANNOT_OPEN


@pytest.mark.threat("TT31")
def test_causes_inside_the_box_take_the_same_time() -> None:
    """Wrong padding, wrong tag, no JSON, a missing key and a forged manifest: no cause is told by the clock."""
    causes = {
        "padding": forged(
            plain=PLAIN, sealed_box=text([*a_box()[:1], b"\x01" * 384, *a_box()[2:]])
        ),
        "tag": forged(plain=PLAIN, sealed_box=text(a_box(flip=True))),
        "json": forged(plain=PLAIN, box=b"x" * len(CONTENT)),
        "key": forged(plain=PLAIN, box={"cek": {"1": CEK["1"]}}),
        "signature": forged(plain=PLAIN, box={"manifest": MANIFEST[:-4] + "AAAA"}),
    }
    took: dict[str, list[float]] = {cause: [] for cause in causes}

    for _ in range(25):
        for cause, (shelf, delivery) in causes.items():
            begun = time.process_time()
            with pytest.raises(PackageRefused):
                opened_from(shelf, delivery)
            took[cause].append(time.process_time() - begun)

    medians = {cause: statistics.median(times) for cause, times in took.items()}
    assert max(medians.values()) - min(medians.values()) < 0.002, medians
