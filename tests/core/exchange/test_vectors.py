"""The worked examples of the protocol compute here as they do everywhere."""

import base64
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.exchange import deliveries, files, opening
from core.exchange.encoding import b64, canonical, digest
from core.exchange.keys import OpeningKey, PinnedKeys, read_verifying_key, thumbprint
from core.exchange.parts import open_part, seal_part

VECTORS = json.loads((Path(__file__).parent / "vectors" / "exchange-1.json").read_text())
KEY = bytes.fromhex(VECTORS["parts"]["key"])
PKG = VECTORS["parts"]["pkg"]
EACH = pytest.mark.parametrize("part", VECTORS["parts"]["each"], ids=lambda p: str(p["length"]))


def test_the_hash_of_no_body() -> None:
    assert digest(b"") == VECTORS["empty_body"]


def test_the_name_and_the_fingerprint_of_a_key() -> None:
    told = VECTORS["key"]
    jwk = {"kty": "EC", "crv": "P-256", "x": told["x"], "y": told["y"]}

    key = read_verifying_key({**jwk, "use": "sig", "alg": "ES256", "kid": told["thumbprint"]})

    assert key.kid == thumbprint(jwk) == told["thumbprint"]
    assert " ".join(key.fingerprint()) == told["fingerprint"]


@EACH
def test_a_part_is_sealed_to_these_bytes_and_opens_again(part: dict[str, Any]) -> None:
    plain = part["plain"].encode() * part["times"]
    names = {"key": KEY, "package": PKG, "number": part["n"]}

    sealed = b"".join(seal_part(io.BytesIO(plain), **names))
    sink = io.BytesIO()
    open_part(io.BytesIO(sealed), sink, **names, size=len(plain), sha256=digest(plain))

    assert len(sealed) == part["length"]
    assert sealed.hex() == part["hex"] if "hex" in part else digest(sealed) == part["sha256"]
    assert sink.getvalue() == plain


def test_the_canonical_form_is_sorted_short_and_not_escaped() -> None:
    value = {"b": [1, True, None, "é\n\u2028"], "a": {"y": -3, "x": ""}}

    assert canonical(value) == '{"a":{"x":"","y":-3},"b":[1,true,null,"é\\n\u2028"]}'.encode()
    assert b64(canonical({})) == "e30"


def test_a_whole_package_opens_as_it_did_when_it_was_written_down() -> None:
    told = json.loads((Path(__file__).parent / "vectors" / "package-1.json").read_text())
    sender = read_verifying_key(told["sender_signing_key"])
    partner = PinnedKeys(told["sender"], signing=(sender,))
    ours = OpeningKey.load(base64.b64decode(told["receiver_opening_key_pkcs8"]))
    now = datetime.fromtimestamp(told["now"], UTC)

    sealed = files.read_file(io.BytesIO(base64.b64decode(told["file"])))
    delivery = deliveries.read(sealed.delivery, partner, us=told["receiver"], now=now)
    sealed.require(delivery)
    with opening.open_package(
        sealed, delivery, us=told["receiver"], ours=[ours], partner=partner
    ) as opened:
        contents = [part.content.read() for part in opened.parts]
        names = [part.part.name for part in opened.parts]

    assert (delivery.digest, opened.manifest.token.digest) == (
        told["delivery_sha256"],
        told["manifest_sha256"],
    )
    assert [vars(part) for part in delivery.parts] == told["sealed_parts"]
    assert names == [part["name"] for part in told["parts"]]
    assert [digest(data) for data in contents] == [part["sha256"] for part in told["parts"]]
    assert contents[1:] == [b"In plain words.\n", b""]
