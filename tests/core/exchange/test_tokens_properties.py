"""Whatever comes in: it is read as it was made, or refused in our own words."""

import json
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange import door, tokens
from core.exchange.encoding import NotStrict, b64, canonical, read_object, un_b64
from core.exchange.errors import CannotMake, CannotOpen, KeyNotUsable, Reason, TokenRefused
from core.exchange.keys import read_sealing_key, read_verifying_key
from core.exchange.kinds import FORMS, Kind
from tests.builders.exchange import (
    CONGO,
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    a_token,
    audience_of,
    claims_of,
    forge,
    header_of,
    key_for,
    opening_key_of,
    pinned_keys_of,
    signing_key_of,
    whole_claims,
)

URL_SAFE = string.ascii_letters + string.digits + "-_"
kinds = st.sampled_from(Kind)
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text(URL_SAFE, max_size=6), inner, max_size=2)
    ),
    max_leaves=4,
)
wild_values = values | st.floats() | st.integers()


def read(token: object, kind: Kind = Kind.REQUEST, **changes: Any) -> tokens.Token:
    facts = {"keys": pinned_keys_of(ZAMBIA), "audience": audience_of(kind), "now": NOW, **changes}
    return tokens.read(token, kind, **facts)


def reason_of(token: object, kind: Kind = Kind.REQUEST, **changes: Any) -> Reason:
    with pytest.raises(TokenRefused) as caught:
        read(token, kind, **changes)
    return caught.value.reason


@given(kind=kinds, data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_token_with_one_letter_changed_is_refused(kind: Kind, data: st.DataObject) -> None:
    token = a_token(kind)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(URL_SAFE + ". =\n\x00é").filter(lambda c: c != token[place]))

    assert reason_of(token[:place] + other + token[place + 1 :], kind)


@pytest.mark.parametrize("kind", Kind, ids=lambda k: k.name)
def test_no_letter_of_a_token_may_change(kind: Kind) -> None:
    token = a_token(kind)

    for place, letter in enumerate(token):
        other = "A" if letter != "A" else "Q"
        assert reason_of(token[:place] + other + token[place + 1 :], kind)


@given(kind=kinds, data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_token_cut_or_extended_is_refused(kind: Kind, data: st.DataObject) -> None:
    token = a_token(kind)
    place = data.draw(st.integers(0, len(token) - 1))
    more = data.draw(st.text(URL_SAFE + ".", min_size=1, max_size=5))

    assert reason_of(token[:place] + token[place + 1 :], kind)
    assert reason_of(token[:place] + more + token[place:], kind)
    assert reason_of(token[:place], kind)


@given(place=st.integers(0, 63), bit=st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_a_signature_with_one_bit_changed_does_not_hold(place: int, bit: int) -> None:
    head, payload, signature = a_token().split(".")
    raw = bytearray(un_b64(signature))
    raw[place] ^= 1 << bit

    assert reason_of(f"{head}.{payload}.{b64(bytes(raw))}") is Reason.SIGNATURE


@given(kind=kinds, other=kinds, issuer=st.sampled_from((NAMIBIA, CONGO)), now=st.integers(0, 4 * T))
@settings(max_examples=60, deadline=None)
def test_another_key_audience_type_and_time_are_refused_with_their_reason(
    kind: Kind, other: Kind, issuer: str, now: int
) -> None:
    token = a_token(kind)
    claims = whole_claims(kind)
    early = claims["iat"] > now + 120
    late = "exp" in claims and claims["exp"] <= now - 120

    assert reason_of(token, kind, keys=pinned_keys_of(issuer)) is Reason.KEY
    assert reason_of(token, kind, audience=CONGO) is Reason.AUDIENCE
    if other is not kind:
        assert reason_of(token, other) is Reason.TYPE
    at = datetime.fromtimestamp(now, UTC)
    if early or late:
        assert reason_of(token, kind, now=at) is (Reason.EARLY if early else Reason.EXPIRED)
    else:
        assert read(token, kind, now=at).claims == claims


junk = (
    st.text(max_size=200)
    | st.text(URL_SAFE + ".", max_size=200)
    | st.binary(max_size=200)
    | st.lists(st.binary(max_size=60).map(b64), max_size=6).map(".".join)
    | values
)


@given(token=junk, kind=kinds)
@settings(max_examples=60, deadline=None)
def test_junk_raises_nothing_but_our_refusals(token: object, kind: Kind) -> None:
    assert reason_of(token, kind) in {Reason.TEXT, Reason.JSON, Reason.HEADER}
    with pytest.raises(TokenRefused):
        tokens.issuer_of(token, kind)
    with pytest.raises(CannotOpen):
        door.unseal(token, [opening_key_of(ZAMBIA)])


@given(
    header=st.dictionaries(
        st.sampled_from(("alg", "kid", "typ", "crit", "jwk", "x")), wild_values, max_size=5
    )
)
@settings(max_examples=60, deadline=None)
def test_junk_headers_over_a_signature_that_holds_are_refused(header: dict[str, Any]) -> None:
    right = header_of(a_token())

    for tried in (header, {**right, **header}):
        if tried != right:
            assert reason_of(forge(whole_claims(), header=tried))


@given(
    kind=kinds, payload=st.binary(max_size=300) | wild_values.map(lambda v: json.dumps(v).encode())
)
@settings(max_examples=60, deadline=None)
def test_junk_under_a_signature_that_holds_is_refused(kind: Kind, payload: bytes) -> None:
    assert reason_of(forge(payload, kind=kind), kind) in {
        Reason.JSON,
        Reason.CLAIMS,
        Reason.VERSION,
    }


@given(kind=kinds, value=wild_values, data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_claim_with_any_other_value_is_read_as_it_stands_or_refused(
    kind: Kind, value: Any, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(whole_claims(kind))))
    claims = {**whole_claims(kind), name: value}

    try:
        taken = read(forge(claims, kind=kind), kind)
    except TokenRefused:
        return
    assert canonical(taken.claims) == canonical(claims)
    assert FORMS[kind].claims(claims)


@given(kind=kinds, value=wild_values, data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_made_is_always_read_back(kind: Kind, value: Any, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(claims_of(kind))))

    try:
        token = tokens.make(kind, ZAMBIA, {**claims_of(kind), name: value}, key_for(kind))
    except CannotMake:
        return
    assert tokens.read_kept(token, kind, pinned_keys_of(ZAMBIA)).claims[name] == value


@given(data=st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_base64url_is_read_as_it_was_written(data: bytes) -> None:
    assert un_b64(b64(data)) == data


@given(text=st.text(URL_SAFE + "=+/ .", max_size=12))
@settings(max_examples=60, deadline=None)
def test_base64url_that_is_read_has_no_other_writing(text: str) -> None:
    try:
        data = un_b64(text)
    except NotStrict:
        return
    assert b64(data) == text


@given(value=st.dictionaries(st.text(URL_SAFE, max_size=6), values, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_canonical_form_is_read_back_and_stays(value: dict[str, Any]) -> None:
    written = canonical(value)

    assert read_object(written) == value
    assert canonical(read_object(written)) == written


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=60, deadline=None)
def test_json_is_read_as_the_standard_parser_reads_it_or_refused(data: bytes) -> None:
    try:
        value = read_object(data)
    except NotStrict:
        return
    assert json.loads(data) == value


@given(
    jwk=values
    | st.dictionaries(st.sampled_from(("kty", "crv", "x", "y", "n", "e", "kid", "use")), values)
)
@settings(max_examples=60, deadline=None)
def test_junk_is_no_key(jwk: Any) -> None:
    for reader in (read_verifying_key, read_sealing_key):
        with pytest.raises(KeyNotUsable):
            reader(jwk)


@given(name=st.sampled_from(("kty", "crv", "x", "y", "kid", "use", "alg")), value=values)
@settings(max_examples=60, deadline=None)
def test_a_key_with_one_member_changed_is_refused(name: str, value: Any) -> None:
    right = signing_key_of(ZAMBIA).public.public_jwk()

    if value != right[name]:
        with pytest.raises(KeyNotUsable):
            read_verifying_key({**right, name: value})
