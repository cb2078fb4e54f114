"""A token that was forged, or made for another place, is never taken."""

import hashlib
import hmac
import itertools
import json
import socket
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from api.problems.catalogue import detail_of, problem_of
from core.exchange import door, tokens
from core.exchange.encoding import b64, un_b64
from core.exchange.errors import Reason, TokenRefused
from core.exchange.keys import STRANGER, PinnedKeys, SigningKey, VerifyingKey
from core.exchange.kinds import Kind
from tests.builders.exchange import (
    NAMIBIA,
    NOW,
    ZAMBIA,
    a_token,
    anchor_of,
    audience_of,
    claims_of,
    forge,
    header_of,
    opening_key_of,
    pinned_keys_of,
    raw_signature,
    signing_key_of,
    whole_claims,
)

PUBLIC = signing_key_of(ZAMBIA).public


def refusal(token: object, keys: PinnedKeys | None = None, kind: Kind = Kind.REQUEST) -> Reason:
    with pytest.raises(TokenRefused) as caught:
        tokens.read(
            token, kind, keys or pinned_keys_of(ZAMBIA), audience=audience_of(kind), now=NOW
        )
    return caught.value.reason


def with_header(**changes: Any) -> str:
    return forge(whole_claims(), header={**header_of(a_token()), **changes})


def keyed_with(secret: bytes) -> str:
    """HS256 with something public as its secret."""
    header = {"alg": "HS256", "kid": PUBLIC.kid, "typ": str(Kind.REQUEST)}
    text = ".".join(b64(json.dumps(part).encode()) for part in (header, whole_claims()))
    return f"{text}.{b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def public_forms() -> list[bytes]:
    pem, der = (
        PUBLIC.key.public_bytes(form, serialization.PublicFormat.SubjectPublicKeyInfo)
        for form in (serialization.Encoding.PEM, serialization.Encoding.DER)
    )
    return [
        pem,
        pem.strip(),
        der,
        json.dumps(PUBLIC.public_jwk()).encode(),
        PUBLIC.kid.encode(),
        b"",
    ]


@pytest.mark.threat("TT01")
@pytest.mark.parametrize(
    "secret", public_forms(), ids=("pem", "pem2", "der", "jwk", "kid", "empty")
)
def test_a_public_key_is_no_shared_secret(secret: bytes) -> None:
    assert refusal(keyed_with(secret)) in {Reason.TEXT, Reason.ALGORITHM}


@pytest.mark.threat("TT01")
@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "", "HS256", "RS256", "ES384", "PS256", "es256", "ES256 "]
)
def test_no_other_algorithm_is_taken_even_with_a_signature_that_holds(alg: str) -> None:
    assert refusal(with_header(alg=alg)) is Reason.ALGORITHM


@pytest.mark.threat("TT01")
def test_a_token_without_a_signature_is_refused() -> None:
    head, payload, _ = with_header(alg="none").split(".")

    assert refusal(f"{head}.{payload}.") is Reason.TEXT
    assert refusal(f"{head}.{payload}") is Reason.TEXT


@pytest.mark.threat("TT01")
def test_every_refusal_reads_the_same_to_a_stranger() -> None:
    words = {(problem_of(TokenRefused(r)), detail_of(TokenRefused(r))) for r in Reason}

    assert len(words) == 1
    assert problem_of(TokenRefused(Reason.KEY)).status == 401


@pytest.mark.threat("TT02")
@pytest.mark.parametrize(
    "curve", [ec.SECP384R1(), ec.SECP256K1(), ec.SECP521R1()], ids=lambda c: c.name
)
def test_keys_on_other_curves_sign_nothing(curve: ec.EllipticCurve) -> None:
    other = ec.generate_private_key(curve)
    head, payload, _ = a_token().split(".")

    signature = raw_signature(other, f"{head}.{payload}".encode())

    assert refusal(f"{head}.{payload}.{b64(signature)}") in {Reason.TEXT, Reason.SIGNATURE}


@pytest.mark.threat("TT02")
def test_the_anchor_signs_key_statements_only_and_signing_keys_never_do() -> None:
    by_anchor = forge(whole_claims(), signer=anchor_of(ZAMBIA))
    statement = forge(whole_claims(Kind.KEYS), kind=Kind.KEYS, signer=signing_key_of(ZAMBIA))

    assert refusal(by_anchor) is Reason.KEY
    assert refusal(statement, kind=Kind.KEYS) is Reason.KEY


@pytest.mark.threat("TT02")
def test_an_encryption_key_signs_nothing() -> None:
    key = opening_key_of(ZAMBIA)
    header = {"alg": "ES256", "kid": key.kid, "typ": str(Kind.REQUEST)}
    text = ".".join(b64(json.dumps(part).encode()) for part in (header, whole_claims()))
    signature = key.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())

    assert refusal(f"{text}.{b64(signature)}") is Reason.TEXT
    assert refusal(f"{text}.{b64(signature[:64])}") is Reason.KEY


@pytest.fixture
def nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def opened(*_args: Any, **_named: Any) -> None:
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", opened)
        patch.setattr("io.open", opened)
        patch.setattr("os.open", opened)
        patch.setattr(socket, "socket", opened)
        patch.setattr(socket, "getaddrinfo", opened)
        yield


NAMES = (
    None, 7, [PUBLIC.kid], {"kid": PUBLIC.kid}, "", "../../etc/passwd", "/dev/null", "https://example.org/k.json",
    "file:///etc/passwd", "' OR 1=1 --", PUBLIC.kid.lower(), PUBLIC.kid + "=", anchor_of(ZAMBIA).kid,
    signing_key_of(NAMIBIA).kid, "x" * 500,
)  # fmt: skip


@pytest.mark.threat("TT03")
@pytest.mark.parametrize("kid", NAMES, ids=itertools.count())
def test_a_wrong_name_of_a_key_is_refused_and_nothing_is_looked_up(
    kid: object, nothing_is_opened: None
) -> None:
    assert refusal(with_header(kid=kid)) in {Reason.KEY, Reason.HEADER}


@pytest.mark.threat("TT03")
@pytest.mark.parametrize("name", ["alg", "kid", "typ"])
def test_no_member_of_the_header_may_be_missing(name: str) -> None:
    header = header_of(a_token())
    del header[name]

    assert refusal(forge(whole_claims(), header=header)) is Reason.HEADER


@pytest.mark.threat("TT04")
@pytest.mark.parametrize(
    "member",
    [
        "jwk",
        "jku",
        "x5u",
        "x5c",
        "x5t",
        "x5t#S256",
        "crit",
        "b64",
        "zip",
        "cty",
        "enc",
        "foo",
        "Alg",
    ],
)
def test_no_further_member_of_a_header_is_taken_and_no_address_is_called(member: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        forger = SigningKey.fresh()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/key"
        value: Any = {
            "jwk": forger.public.public_jwk(),
            "crit": ["b64"],
            "b64": False,
            "x5c": [url],
        }.get(member, url)
        header = {"alg": "ES256", "kid": forger.kid, "typ": str(Kind.REQUEST), member: value}

        assert refusal(forge(whole_claims(), header=header, signer=forger)) is Reason.HEADER
        assert refusal(with_header(**{member: value})) is Reason.HEADER
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.threat("TT05")
@pytest.mark.parametrize(
    ("is_a", "taken_as"),
    [(a, b) for a, b in product(Kind, Kind) if a is not b],
    ids=lambda k: k.name,
)
def test_no_token_serves_in_the_place_of_another(is_a: Kind, taken_as: Kind) -> None:
    token = a_token(is_a)

    assert refusal(token, kind=taken_as) is Reason.TYPE


@pytest.mark.threat("TT05")
@pytest.mark.parametrize("kind", Kind, ids=lambda k: k.name)
def test_claims_of_one_kind_under_the_type_of_another_are_refused(kind: Kind) -> None:
    others = [other for other in Kind if other is not kind]

    reasons = {refusal(forge(whole_claims(other), kind=kind), kind=kind) for other in others}

    assert reasons == {Reason.CLAIMS}


@pytest.mark.threat("TT05")
@pytest.mark.parametrize(
    "typ", ["JWT", "jwt", "bidx-REQ+jwt", "application/bidx-req+jwt", "", "bidx-req+jwt "]
)
def test_the_type_is_compared_letter_by_letter(typ: str) -> None:
    assert refusal(with_header(typ=typ)) is Reason.TYPE


def test_a_token_by_another_country_or_for_another_is_refused() -> None:
    keys = PinnedKeys(ZAMBIA, None, (signing_key_of(ZAMBIA).public, signing_key_of(NAMIBIA).public))

    assert refusal(a_token(), keys=pinned_keys_of(NAMIBIA)) is Reason.KEY
    assert refusal(forge(whole_claims(iss="CD.minas", aud=NAMIBIA)), keys=keys) is Reason.ISSUER
    assert refusal(a_token(aud="CD.minas")) is Reason.AUDIENCE
    assert refusal(forge(whole_claims(aud=ZAMBIA))) is Reason.AUDIENCE


def test_an_addressed_token_is_refused_where_nobody_says_whom_it_must_be_for() -> None:
    with pytest.raises(TokenRefused):
        tokens.read(a_token(), Kind.REQUEST, pinned_keys_of(ZAMBIA), audience=None, now=NOW)


def test_a_grant_is_for_its_own_issuer_and_nothing_else_is() -> None:
    foreign = forge(whole_claims(Kind.GRANT, aud=NAMIBIA), kind=Kind.GRANT)

    to_itself = forge(whole_claims(aud=ZAMBIA))

    assert refusal(foreign, kind=Kind.GRANT) is Reason.AUDIENCE
    for token, kind in ((foreign, Kind.GRANT), (to_itself, Kind.REQUEST)):
        with pytest.raises(TokenRefused):
            tokens.read_kept(token, kind, pinned_keys_of(ZAMBIA))


@pytest.mark.threat("TT09")
def test_another_writing_of_the_same_bytes_is_refused() -> None:
    token = a_token()
    head, payload, signature = token.split(".")
    twins = [
        c
        for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        if c != signature[-1]
    ]
    same = [c for c in twins if urlsafe_b64decode(signature[:-1] + c + "==") == un_b64(signature)]

    assert len(same) == 15  # 64 bytes leave four bits of the last letter without a meaning
    assert {refusal(f"{head}.{payload}.{signature[:-1]}{c}") for c in same} == {Reason.TEXT}
    assert refusal(token + "=") is Reason.TEXT
    assert refusal(f"{head}=.{payload}.{signature}") is Reason.TEXT
    assert refusal(f" {token}") is Reason.TEXT
    assert refusal(f"{token}\n") is Reason.TEXT


@pytest.mark.threat("TT09")
def test_the_other_half_of_a_signature_keeps_the_id_by_which_repeats_are_found() -> None:
    token = a_token()
    head, payload, signature = token.split(".")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    raw = un_b64(signature)
    twin = raw[:32] + (order - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")

    read = tokens.read(
        f"{head}.{payload}.{b64(twin)}",
        Kind.REQUEST,
        pinned_keys_of(ZAMBIA),
        audience=NAMIBIA,
        now=NOW,
    )

    assert read.claims["jti"] == claims_of(Kind.REQUEST)["jti"]
    assert (
        read.digest
        != tokens.read(
            token, Kind.REQUEST, pinned_keys_of(ZAMBIA), audience=NAMIBIA, now=NOW
        ).digest
    )


@pytest.mark.threat("TT13")
def test_a_stranger_a_wrong_key_and_a_wrong_signature_cost_the_same_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    header = header_of(a_token())
    checked: list[bytes] = []
    holds = door._holds

    def watched(opened: Any, key: VerifyingKey) -> bool:
        checked.append(opened.signed)
        return holds(opened, key)

    monkeypatch.setattr(door, "_holds", watched)
    forged = forge(whole_claims(), header=header, signer=SigningKey.fresh())

    assert refusal(forged, keys=STRANGER) is Reason.KEY
    assert refusal(forged, keys=pinned_keys_of(NAMIBIA)) is Reason.KEY
    assert refusal(forged) is Reason.SIGNATURE
    assert checked == [forged.rpartition(".")[0].encode()] * 3


def test_the_issuer_may_be_asked_before_anything_is_verified() -> None:
    forged = forge(whole_claims(iss="CD.minas"), signer=SigningKey.fresh())

    assert tokens.issuer_of(forged, Kind.REQUEST) == "CD.minas"
    for iss in (None, 7, ["ZM.mcdss"], "", "zm.mcdss", "ZM.mcdss\n", "ZM.-", "ZM." + "a" * 41):
        with pytest.raises(TokenRefused):
            tokens.issuer_of(forge({"iss": iss}, signer=SigningKey.fresh()), Kind.REQUEST)


def test_a_signature_of_nothing_is_refused() -> None:
    head, payload, _ = a_token().split(".")

    assert refusal(f"{head}.{payload}.{b64(bytes(64))}") is Reason.SIGNATURE
    assert refusal(f"{head}.{payload}.{b64(bytes([255]) * 64)}") is Reason.SIGNATURE
    assert refusal(f"{head}.{payload}.{b64(bytes(63))}") is Reason.TEXT
