"""One kind and one use for each key, named by what it is, and no private half in any output."""

import itertools
import json
import pickle
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from core.exchange.encoding import b64, un_b64
from core.exchange.errors import KeyNotUsable
from core.exchange.keys import (
    OpeningKey,
    PinnedKeys,
    SealingKey,
    SigningKey,
    VerifyingKey,
    private_members,
    read_sealing_key,
    read_verifying_key,
    thumbprint,
)
from tests.builders.exchange import (
    ZAMBIA,
    anchor_of,
    opening_key_of,
    pinned_keys_of,
    signing_key_of,
)

SIGNING = signing_key_of(ZAMBIA).public.public_jwk()
SEALING = opening_key_of(ZAMBIA).public.public_jwk()
MODULUS = un_b64(SEALING["n"])


def why(read: Any, jwk: object) -> str:
    with pytest.raises(KeyNotUsable) as caught:
        read(jwk)
    return caught.value.why


def renamed(jwk: dict[str, str]) -> dict[str, str]:
    """Give a changed key the name it would rightly have."""
    named = {k: v for k, v in jwk.items() if k not in {"kid", "use", "alg"}}
    return {**jwk, "kid": thumbprint(named)}


def test_a_key_is_written_and_read_with_public_members_only() -> None:
    assert read_verifying_key(SIGNING) == signing_key_of(ZAMBIA).public
    assert read_sealing_key(SEALING) == opening_key_of(ZAMBIA).public
    assert set(SIGNING) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert set(SEALING) == {"kty", "n", "e", "kid", "use", "alg"}
    assert (SIGNING["use"], SIGNING["alg"]) == ("sig", "ES256")
    assert (SEALING["use"], SEALING["alg"]) == ("enc", "RSA-OAEP-256")


@pytest.mark.threat("TT20")
@pytest.mark.parametrize("name", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_private_member_is_refused_before_anything_else(name: str) -> None:
    assert why(read_verifying_key, {**SIGNING, name: "AAAA"}) == "private_member"
    assert why(read_sealing_key, {**SEALING, name: "AAAA", "foo": 1}) == "private_member"


@pytest.mark.threat("TT20")
def test_a_small_rsa_key_is_refused() -> None:
    small = rsa.generate_private_key(65537, 2048)
    numbers = small.public_key().public_numbers()
    jwk = renamed({**SEALING, "n": b64(numbers.n.to_bytes(256, "big"))})

    assert why(read_sealing_key, jwk) == "size"
    assert why(SealingKey, small.public_key()) == "size"
    with pytest.raises(KeyNotUsable):
        OpeningKey(small)


@pytest.mark.threat("TT20")
def test_keys_on_other_curves_and_of_other_kinds_are_refused() -> None:
    other = ec.generate_private_key(ec.SECP384R1())

    assert why(VerifyingKey, other.public_key()) == "curve"
    assert why(VerifyingKey, ec.generate_private_key(ec.SECP256K1()).public_key()) == "curve"
    assert why(VerifyingKey, opening_key_of(ZAMBIA).public.key) == "kind"
    assert why(VerifyingKey, signing_key_of(ZAMBIA).key) == "kind"
    assert why(SealingKey, signing_key_of(ZAMBIA).public.key) == "kind"
    assert why(SigningKey, other) == "curve"
    assert why(SigningKey, opening_key_of(ZAMBIA).key) == "kind"
    assert why(OpeningKey, other) == "kind"


CHANGES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"crv": "P-384"}, "crv"),
    ({"crv": "secp256k1"}, "crv"),
    ({"kty": "RSA"}, "kty"),
    ({"kty": "oct"}, "kty"),
    ({"use": "enc"}, "use"),
    ({"alg": "ES384"}, "alg"),
    ({"alg": "RSA-OAEP-256"}, "alg"),
    ({"x": SIGNING["x"] + "="}, "form"),
    ({"x": b64(b"\x00" + un_b64(SIGNING["x"]))}, "form"),
    ({"x": b64(un_b64(SIGNING["x"])[1:])}, "form"),
    ({"y": SIGNING["x"]}, "form"),
    ({"x": b64(bytes(32)), "y": b64(bytes(32))}, "form"),
    ({"x": b64(bytes([255]) * 32)}, "form"),
    ({"x": 7}, "members"),
    ({"x5u": "https://example.org"}, "members"),
    ({"key_ops": ["verify"]}, "members"),
    ({"kid": "x"}, "name"),
    ({"kid": anchor_of(ZAMBIA).kid}, "name"),
)


@pytest.mark.parametrize(("change", "reason"), CHANGES, ids=itertools.count())
def test_a_signing_key_in_any_other_form_is_refused(change: dict[str, Any], reason: str) -> None:
    assert why(read_verifying_key, {**SIGNING, **change}) == reason


SEALING_CHANGES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"e": "Aw"}, "exponent"),
    ({"e": b64((65537).to_bytes(4, "big"))}, "form"),
    ({"e": ""}, "form"),
    ({"n": b64(b"\x00" + MODULUS)}, "form"),
    ({"n": b64(b"\xff" * 1025)}, "form"),
    ({"n": ""}, "form"),
    ({"use": "sig"}, "use"),
    ({"alg": "RSA-OAEP"}, "alg"),
    ({"alg": "RSA1_5"}, "alg"),
    ({"kid": "x"}, "name"),
)


@pytest.mark.parametrize(("change", "reason"), SEALING_CHANGES, ids=itertools.count())
def test_a_sealing_key_in_any_other_form_is_refused(change: dict[str, Any], reason: str) -> None:
    assert why(read_sealing_key, {**SEALING, **change}) == reason


def test_a_key_says_its_use_with_every_member() -> None:
    for jwk, read in ((SIGNING, read_verifying_key), (SEALING, read_sealing_key)):
        for name in jwk:
            assert why(read, {k: v for k, v in jwk.items() if k != name}) == "members"
    assert why(read_verifying_key, SEALING) == "members"
    assert why(read_sealing_key, SIGNING) == "members"


def test_the_anchor_is_no_signing_key() -> None:
    anchor = anchor_of(ZAMBIA).public

    with pytest.raises(KeyNotUsable):
        PinnedKeys(ZAMBIA, anchor, (anchor,))
    assert pinned_keys_of(ZAMBIA).find(anchor.kid) is None
    assert pinned_keys_of(ZAMBIA).find(anchor.kid, anchor=True) == anchor
    assert pinned_keys_of(ZAMBIA).find(SIGNING["kid"], anchor=True) is None


def test_a_private_key_comes_back_from_where_it_was_sealed() -> None:
    signing, opening = signing_key_of(ZAMBIA), opening_key_of(ZAMBIA)

    assert SigningKey.load(signing.private_bytes()).kid == signing.kid
    assert OpeningKey.load(opening.private_bytes()).kid == opening.kid
    for wrong in (b"", b"junk", opening.private_bytes()):
        with pytest.raises(KeyNotUsable):
            SigningKey.load(wrong)
    ed = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for load in (SigningKey.load, OpeningKey.load):
        assert why(load, ed) == "kind"


@pytest.mark.threat("TT26")
def test_a_private_key_shows_its_name_only_and_goes_nowhere() -> None:
    for key in (signing_key_of(ZAMBIA), opening_key_of(ZAMBIA)):
        secret = key.key.private_numbers()
        number = secret.private_value if isinstance(key, SigningKey) else secret.d  # type: ignore[union-attr]
        shown = f"{key} {key!r} {key.public!r} {pinned_keys_of(ZAMBIA)!r}"

        assert shown.startswith(f"<{type(key).__name__} {key.kid}>")
        assert str(number) not in shown
        with pytest.raises(TypeError):
            pickle.dumps(key)
        with pytest.raises(TypeError):
            json.dumps(key)


@pytest.mark.threat("TT26")
def test_a_private_member_is_found_wherever_it_hides() -> None:
    leak = {"keys": [SIGNING, {"deep": ({**SIGNING, "d": "x"},)}], "d": "a day"}

    assert list(private_members({"keys": [SIGNING, SEALING]})) == []
    assert list(private_members(leak)) == ["d"]
