"""A request counts for one addressee, one call, one body and a short time."""

from datetime import timedelta
from typing import Any

import pytest

from core.exchange import tokens
from core.exchange.encoding import digest
from core.exchange.errors import Reason, TokenRefused
from core.exchange.kinds import Kind
from core.exchange.tokens import Token
from tests.builders.exchange import (
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    a_token,
    audience_of,
    forge,
    pinned_keys_of,
    whole_claims,
)


def read(token: str, kind: Kind = Kind.REQUEST, *, after: int = 0) -> Token:
    now = NOW + timedelta(seconds=after)
    return tokens.read(token, kind, pinned_keys_of(ZAMBIA), audience=audience_of(kind), now=now)


def refusal(token: str, kind: Kind = Kind.REQUEST, *, after: int = 0) -> TokenRefused:
    with pytest.raises(TokenRefused) as caught:
        read(token, kind, after=after)
    return caught.value


@pytest.mark.threat("TT08")
def test_clocks_may_differ_by_two_minutes_and_not_more() -> None:
    token = a_token(iat=T, exp=T + 60)

    assert read(token, after=-119)
    assert read(token, after=-120)
    assert read(token, after=60 + 119)
    assert refusal(token, after=-121).reason is Reason.EARLY
    assert refusal(token, after=-130).hint == "clock"
    assert refusal(token, after=60 + 120).reason is Reason.EXPIRED
    assert refusal(token, after=60 + 130).hint == "clock"


@pytest.mark.threat("TT08")
@pytest.mark.parametrize(
    ("kind", "most"), [(Kind.REQUEST, 300), (Kind.DELIVERY, 60 * 86_400), (Kind.KEYS, 400 * 86_400)]
)
def test_a_token_may_not_claim_a_longer_life(kind: Kind, most: int) -> None:
    assert read(a_token(kind, exp=T + most), kind)
    for seconds in (most + 1, 0, -1):
        refused = refusal(forge(whole_claims(kind, exp=T + seconds), kind=kind), kind)
        assert (refused.reason, refused.hint) == (Reason.LIFETIME, "lifetime")


def test_a_delivery_a_statement_and_a_grant_end() -> None:
    for kind in (Kind.DELIVERY, Kind.KEYS, Kind.GRANT):
        assert refusal(a_token(kind), kind, after=500 * 86_400).reason is Reason.EXPIRED


def test_evidence_is_read_whatever_the_day() -> None:
    token = a_token(Kind.DELIVERY)

    assert tokens.read_kept(token, Kind.DELIVERY, pinned_keys_of(ZAMBIA)).text == token


@pytest.mark.threat("TT10")
@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("PUT", "/exchange/v1/deliveries"),
        ("post", "/exchange/v1/deliveries"),
        ("POST", "/exchange/v1/deliveries/"),
        ("POST", "/exchange/v1/deliveries?x=1"),
        ("POST", "//exchange/v1/deliveries"),
        ("POST", "/exchange/v1/%64eliveries"),
        ("POST", "https://na.example/exchange/v1/deliveries"),
    ],
)
def test_a_request_counts_for_one_call_only(method: str, target: str) -> None:
    request = read(a_token())

    tokens.require_call(request, method="POST", target="/exchange/v1/deliveries")
    with pytest.raises(TokenRefused) as caught:
        tokens.require_call(request, method=method, target=target)
    assert (caught.value.reason, caught.value.hint) == (Reason.BINDING, "binding")


@pytest.mark.threat("TT10")
def test_a_request_counts_for_one_body_only() -> None:
    request = read(a_token(bdh=digest(b'{"a":1}')))
    empty = read(a_token(bdh=digest(b"")))

    tokens.require_body(request, digest(b'{"a":1}'))
    tokens.require_body(empty, digest(b""))
    for body in (b"", b'{"a":2}', b'{"a":1} '):
        with pytest.raises(TokenRefused):
            tokens.require_body(request, digest(body))


def test_no_other_token_opens_a_call() -> None:
    grant = read(a_token(Kind.GRANT), Kind.GRANT)

    with pytest.raises(TokenRefused):
        tokens.require_call(grant, method="POST", target="/exchange/v1/deliveries")
    with pytest.raises(TokenRefused):
        tokens.require_body(grant, digest(b""))


def test_hints_are_about_transport_and_only_after_the_signature_held() -> None:
    hints = {reason: TokenRefused(reason).hint for reason in Reason}
    before = (
        Reason.TEXT,
        Reason.JSON,
        Reason.HEADER,
        Reason.ALGORITHM,
        Reason.TYPE,
        Reason.KEY,
        Reason.SIGNATURE,
    )

    assert {hints[reason] for reason in before} == {None}
    assert set(hints.values()) == {None, "clock", "binding", "lifetime", "audience", "claims"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "CD.minas", "exp": T + 301, "iat": T}, Reason.AUDIENCE),
        ({"exp": T + 9_301, "iat": T + 9_000}, Reason.LIFETIME),
        ({"exp": T + 9_300, "iat": T + 9_000}, Reason.EARLY),
        ({"iss": NAMIBIA, "aud": NAMIBIA}, Reason.ISSUER),
    ],
)
def test_the_first_reason_in_order_is_the_one_logged(
    changes: dict[str, Any], reason: Reason
) -> None:
    assert refusal(forge(whole_claims(**changes))).reason is reason
