"""What an installation says about its keys is taken whole, by its anchor, in its order, or not at all."""

import itertools
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from core.exchange import statements
from core.exchange.encoding import b64
from core.exchange.errors import CannotMake, TokenRefused
from core.exchange.keys import private_members, thumbprint
from core.exchange.kinds import DAY, Kind
from core.exchange.published import jwks, published, statements_in
from core.exchange.statements import (
    Fault,
    Status,
    WhyRevoked,
    common_version,
    countersign,
    judge,
    read_first,
    short_notice,
)
from tests.builders.exchange import (
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    anchor_of,
    forge,
    opening_key_of,
    signing_key_of,
)
from tests.builders.partners import a_signing_key, a_statement, as_file, listed

PINNED = anchor_of(NAMIBIA).public
STORED = a_statement(seq=5)
NEXT = a_signing_key("next anchor of Namibia")


def judged(text: object, stored: statements.Statement | None = STORED) -> statements.Judged:
    return judge(text, issuer=NAMIBIA, anchor=PINNED, stored=stored, now=NOW)


def claims(**changes: Any) -> dict[str, Any]:
    return {**a_statement(seq=6).claims, **changes}


def signed(said: dict[str, Any]) -> str:
    return forge(said, kind=Kind.KEYS, signer=anchor_of(NAMIBIA))


def test_a_newer_statement_of_the_pinned_anchor_is_taken_and_reads_as_it_was_made() -> None:
    made = a_statement(seq=6)

    found = judged(made.text)

    assert found == statements.Judged(made)
    assert [key.kid for key in made.keys] == [
        signing_key_of(NAMIBIA).kid,
        opening_key_of(NAMIBIA).kid,
    ]
    assert (made.issuer, made.seq, made.anchor) == (NAMIBIA, 6, PINNED)


def test_the_same_statement_again_is_known_also_under_another_signature() -> None:
    again = a_statement(seq=5)

    assert again.text != STORED.text
    assert judged(again.text).is_known
    assert judged(STORED.text).fault is None


@pytest.mark.threat("TT20")
@pytest.mark.rule("R51")
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (a_statement(seq=4).text, Fault.ROLLBACK),
        (a_statement(seq=5, days=300).text, Fault.CHANGED),
        (a_statement(seq=6, anchor=NEXT).text, Fault.OTHER_ANCHOR),
        (a_statement(seq=6, issued_at=T - 40 * DAY, days=39).text, Fault.EXPIRED),
        (a_statement(seq=6, issued_at=T + 300).text, Fault.EARLY),
        (a_statement(ZAMBIA, seq=6).text, Fault.TOKEN),
        (forge(claims(), kind=Kind.KEYS, signer=signing_key_of(NAMIBIA)), Fault.TOKEN),
        (forge(claims(), kind=Kind.CHECKPOINT, signer=anchor_of(NAMIBIA)), Fault.TOKEN),
        (signed(claims(anchor=NEXT.public.public_jwk())), Fault.TOKEN),
        ("junk", Fault.TOKEN),
        (None, Fault.TOKEN),
    ],
    ids=itertools.count(),
)
def test_anything_else_is_refused_with_the_reason_for_the_officers(
    text: object, fault: Fault
) -> None:
    assert judged(text).fault is fault


def small_rsa() -> dict[str, Any]:
    number = rsa.generate_private_key(65537, 2048).public_key().public_numbers().n
    named = {"kty": "RSA", "n": b64(number.to_bytes(256, "big")), "e": "AQAB"}
    return {**named, "use": "enc", "alg": "RSA-OAEP-256", "kid": thumbprint(named)}


def p384() -> dict[str, Any]:
    numbers = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    x, y = (b64(number.to_bytes(48, "big")) for number in (numbers.x, numbers.y))
    named = {"kty": "EC", "crv": "P-384", "x": x, "y": y}
    return {**named, "use": "sig", "alg": "ES256", "kid": thumbprint(named)}


def in_use(jwk: dict[str, Any], **terms: Any) -> dict[str, Any]:
    return {**jwk, "nbf": T, "exp": T + DAY, "status": "active", **terms}


GOOD = signing_key_of(NAMIBIA).public.public_jwk()
BAD_KEYS: tuple[dict[str, Any], ...] = (
    in_use(small_rsa()),
    in_use(p384()),
    in_use({**GOOD, "d": "AAAA"}),
    in_use({**GOOD, "kid": anchor_of(NAMIBIA).kid}),
    in_use({**GOOD, "use": "enc"}),
    in_use(anchor_of(NAMIBIA).public.public_jwk()),
    in_use(GOOD, exp=T),
    in_use(GOOD, status="valid"),
    in_use(GOOD, status="revoked"),
    in_use(GOOD, revoked_at=T, reason="lost"),
    in_use(GOOD, status="revoked", revoked_at=T, reason="compromised"),
    in_use(GOOD, status="revoked", revoked_at=T, reason="lost", compromised_since=T),
)


@pytest.mark.threat("TT20")
@pytest.mark.parametrize("key", BAD_KEYS, ids=itertools.count())
def test_one_bad_key_makes_the_whole_statement_worthless(key: dict[str, Any]) -> None:
    assert judged(signed(claims(keys=[key]))).fault is Fault.TOKEN
    assert judged(signed(claims(keys=[in_use(GOOD)]))).fault is None


def test_a_next_anchor_counts_only_once_the_same_statement_carries_its_signature_too() -> None:
    announced = a_statement(seq=6, next_anchor=NEXT)
    again = countersign(announced, NEXT)

    assert judged(announced.text).fault is None
    assert judged(again, stored=announced).moves_anchor
    assert judged(again, stored=STORED).fault is Fault.TOKEN
    alone = a_statement(seq=7, anchor=NEXT)
    assert judged(alone.text, stored=announced).fault is Fault.NOT_COUNTERSIGNED
    other = countersign(a_statement(seq=7, next_anchor=NEXT), NEXT)
    assert judged(other, stored=announced).fault is Fault.TOKEN
    with pytest.raises(CannotMake):
        countersign(announced, a_signing_key("somebody else"))
    with pytest.raises(CannotMake):
        countersign(STORED, NEXT)


def test_nothing_is_signed_that_a_partner_would_refuse() -> None:
    with pytest.raises(CannotMake):
        a_statement(days=401)
    with pytest.raises(CannotMake):
        a_statement(keys=listed(anchor_of(NAMIBIA)))
    with pytest.raises(CannotMake):
        a_statement(keys=listed(signing_key_of(NAMIBIA), signing_key_of(NAMIBIA)))


def test_a_first_statement_is_read_with_the_anchor_it_names_and_no_other() -> None:
    assert read_first(STORED.text).anchor == PINNED

    for text in (
        signed(claims(anchor=NEXT.public.public_jwk())),
        forge(claims(), kind=Kind.KEYS, signer=NEXT),
        STORED.text[:-6] + "AAAAAA",
    ):
        with pytest.raises(TokenRefused):
            read_first(text)


@pytest.mark.threat("TT24")
def test_a_plain_list_of_keys_is_given_and_never_taken() -> None:
    given = jwks(STORED)

    assert {key["kid"] for key in given["keys"]} == {key.kid for key in STORED.keys}
    shown: list[dict[str, Any]] = [
        dict(given),
        {"keys": []},
        {**published(STORED), "keys": given["keys"]},
    ]
    for data in shown:
        with pytest.raises(TokenRefused):
            statements_in(json.dumps(data).encode())


def test_a_revoked_key_is_not_on_the_plain_list() -> None:
    gone = listed(signing_key_of(NAMIBIA), status=Status.REVOKED, revoked_at=T, why=WhyRevoked.LOST)

    assert jwks(a_statement(keys=gone)) == {"keys": []}


@pytest.mark.threat("TT26")
def test_what_is_published_holds_no_private_member() -> None:
    shown = [published(STORED), jwks(STORED), STORED.claims]

    assert [list(private_members(one)) for one in shown] == [[], [], []]


def test_a_statement_is_found_in_a_file_and_in_what_an_address_answers() -> None:
    answered = json.dumps(published(STORED)).encode()

    assert statements_in(answered) == (STORED.text,)
    assert statements_in(as_file("a.b.c", "d.e.f")) == ("a.b.c", "d.e.f")
    for junk in (b"", b"\n", b"a b c", b"\xff", b"{", b'{"installation": "x"}'):
        with pytest.raises(TokenRefused):
            statements_in(junk)


def test_a_key_used_sooner_than_it_has_to_be_listed_is_noticed() -> None:
    fresh = a_signing_key("fresh")
    soon = a_statement(seq=6, keys=listed(fresh, begins=T + 13 * DAY))
    in_time = a_statement(seq=6, keys=listed(fresh, begins=T + 14 * DAY))

    assert short_notice(soon, STORED) == (fresh.kid,)
    assert short_notice(in_time, STORED) == ()
    assert short_notice(soon, None) == ()


def test_the_highest_version_both_sides_list_is_used() -> None:
    assert common_version((1, 2, 3), (2, 1)) == 2
    assert common_version((1,), (2,)) is None


def test_a_statement_is_past_from_its_end_on() -> None:
    end = NOW + timedelta(days=365)

    assert not STORED.is_past(end - timedelta(seconds=1))
    assert STORED.is_past(end)
