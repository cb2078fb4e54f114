"""A receipt proves what its signer says about one token, and nothing else."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange import receipts, tokens
from core.exchange.encoding import digest
from core.exchange.errors import CannotMake, ReceiptRefused, TokenRefused
from core.exchange.kinds import EVENTS, Kind
from core.exchange.receipts import Event, Head, Receipt, Standing, Subject, proven, require_about
from tests.builders.exchange import (
    CONGO,
    HASH,
    ID,
    NAMIBIA,
    NOW,
    OTHER_ID,
    ZAMBIA,
    a_token,
    forge,
    pinned_keys_of,
    signing_key_of,
    whole_claims,
)

DELIVERY = tokens.read_kept(a_token(Kind.DELIVERY), Kind.DELIVERY, pinned_keys_of(ZAMBIA))
NOTICE = tokens.read_kept(a_token(Kind.NOTICE), Kind.NOTICE, pinned_keys_of(ZAMBIA))
MANIFEST = digest(b"manifest")
ABOUT = Subject.of(DELIVERY, manifest=MANIFEST)
ABOUT_NOTICE = Subject.of(NOTICE)
REASONS = {Event.REFUSED: "cannot-open", Event.RECALL_DECLINED: "court_order"}


def made(event: Event, about: Subject | None = None, *, after: int = 0, **changes: Any) -> Receipt:
    subject = about or (ABOUT_NOTICE if event in receipts.ABOUT_NOTICES else ABOUT)
    facts = {
        "receipt": ID, "key": signing_key_of(NAMIBIA), "now": NOW + timedelta(seconds=after),
        "reason": REASONS.get(event), **changes,
    }  # fmt: skip
    return receipts.make(event, subject, **facts)


def fault(about: Subject = ABOUT, **claims: Any) -> str:
    genuine = {**whole_claims(Kind.RECEIPT), **made(Event.ADMITTED).token.claims, **claims}
    text = forge(genuine, kind=Kind.RECEIPT, signer=signing_key_of(genuine["iss"]))
    with pytest.raises(ReceiptRefused) as caught:
        require_about(receipts.read_kept(text, pinned_keys_of(genuine["iss"])), about)
    return caught.value.why


@pytest.mark.parametrize("event", Event, ids=str)
def test_a_receipt_of_every_kind_is_read_and_fits_its_token(event: Event) -> None:
    receipt = made(event, log=Head(7, HASH))

    again = receipts.read(receipt.token.text, pinned_keys_of(NAMIBIA), us=ZAMBIA, now=NOW)

    assert again == receipt
    require_about(again, ABOUT_NOTICE if event in receipts.ABOUT_NOTICES else ABOUT)
    assert (again.mobj == MANIFEST) == (event in {Event.ADMITTED, Event.DELETED})
    assert again.log == Head(7, HASH)


def test_events_are_those_of_the_protocol() -> None:
    assert tuple(str(event) for event in Event) == EVENTS


@pytest.mark.threat("TT42")
def test_a_receipt_by_a_stranger_is_not_read() -> None:
    text = made(Event.ADMITTED).token.text
    stranger = forge(
        made(Event.ADMITTED).token.claims, kind=Kind.RECEIPT, signer=signing_key_of(CONGO)
    )

    for token, keys, us in (
        (stranger, NAMIBIA, ZAMBIA),
        (text, CONGO, ZAMBIA),
        (text, NAMIBIA, CONGO),
    ):
        with pytest.raises(TokenRefused):
            receipts.read(token, pinned_keys_of(keys), us=us, now=NOW)


@pytest.mark.threat("TT42")
def test_a_genuine_receipt_about_something_else_is_told_apart() -> None:
    assert fault(iss=CONGO) == "issuer"
    assert fault(aud=CONGO) == "audience"
    assert fault(sub=OTHER_ID) == "subject"
    assert fault(pkg=OTHER_ID) == "package"
    assert fault(obj=HASH) == "object"
    assert fault(mobj=HASH) == "manifest"
    assert fault(ABOUT_NOTICE, sub=NOTICE.claims["jti"], obj=NOTICE.digest) == "event"
    assert fault(mobj=MANIFEST, evt="admitted", sub=OTHER_ID) == "subject"


@pytest.mark.threat("TT42")
def test_a_receipt_about_a_recall_does_not_fit_a_delivery() -> None:
    claims = dict(made(Event.RECALLED).token.claims)
    text = forge(
        {**claims, "sub": ABOUT.id, "obj": ABOUT.digest},
        kind=Kind.RECEIPT,
        signer=signing_key_of(NAMIBIA),
    )

    with pytest.raises(ReceiptRefused) as caught:
        require_about(receipts.read_kept(text, pinned_keys_of(NAMIBIA)), ABOUT)
    assert caught.value.why == "event"


@pytest.mark.parametrize(
    ("event", "changes", "what"),
    [
        (Event.REFUSED, {"reason": None}, "reason"),
        (Event.REFUSED, {"reason": "we_do_not_like_it"}, "reason"),
        (Event.RECALL_DECLINED, {"reason": None}, "reason"),
        (Event.RECALLED, {"about": ABOUT}, "event"),
        (Event.RECEIVED, {"about": ABOUT_NOTICE}, "event"),
        (Event.ADMITTED, {"about": Subject.of(DELIVERY)}, "manifest"),
        (Event.RECEIVED, {"receipt": "x"}, "claims"),
    ],
    ids=range(7),
)
def test_a_receipt_that_says_too_little_or_too_much_is_not_signed(
    event: Event, changes: dict[str, Any], what: str
) -> None:
    with pytest.raises(CannotMake) as caught:
        made(event, **changes)
    assert caught.value.what == what


def test_there_are_no_receipts_about_other_tokens() -> None:
    token = tokens.read_kept(a_token(Kind.RECEIPT), Kind.RECEIPT, pinned_keys_of(ZAMBIA))

    with pytest.raises(ReceiptRefused):
        Subject.of(token)


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        ([], Standing.UNKNOWN),
        ([Event.EXPIRED], Standing.EXPIRED),
        ([Event.RECEIVED], Standing.RECEIVED),
        ([Event.RECEIVED, Event.REFUSED], Standing.REFUSED),
        ([Event.RECEIVED, Event.ADMITTED], Standing.ADMITTED),
        ([Event.RECEIVED, Event.ADMITTED, Event.VIEWED], Standing.VIEWED),
        ([Event.VIEWED], Standing.VIEWED),
        ([Event.VIEWED, Event.RECALL_RECEIVED], Standing.RECALL_RECEIVED),
        ([Event.RECALL_RECEIVED, Event.RECALL_DECLINED], Standing.RECALL_DECLINED),
        ([Event.ADMITTED, Event.RECALL_RECEIVED, Event.RECALLED, Event.DELETED], Standing.DELETED),
        ([Event.RECALL_RECEIVED, Event.REFUSED], Standing.RECALL_RECEIVED),
        ([Event.RECEIVED] * 3, Standing.RECEIVED),
    ],
    ids=range(12),
)
def test_receipts_prove_the_same_in_whatever_order_they_come(
    events: list[Event], standing: Standing
) -> None:
    listed = [made(event, after=place) for place, event in enumerate(events)]

    for order in permutations(listed):
        proof = proven(order)
        assert (proof.standing, proof.events, proof.contradictions) == (
            standing,
            frozenset(events),
            (),
        )


@pytest.mark.threat("TT42")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Event.ADMITTED, Event.REFUSED), (Event.REFUSED, Event.ADMITTED), (Event.REFUSED, Event.VIEWED),
        (Event.VIEWED, Event.REFUSED), (Event.REFUSED, Event.DELETED), (Event.RECEIVED, Event.EXPIRED),
        (Event.ADMITTED, Event.EXPIRED), (Event.RECALLED, Event.RECALL_DECLINED),
    ],
    ids=str,
)  # fmt: skip
def test_a_receipt_that_contradicts_is_named_and_changes_nothing(
    first: Event, second: Event
) -> None:
    one, other = made(first, after=1), made(second, after=2)

    proof = proven([one, other])

    assert proof.standing == Standing(str(first))
    assert proof.contradictions == (other,)


def test_what_expired_first_and_came_later_is_no_contradiction() -> None:
    expired, received = made(Event.EXPIRED, after=1), made(Event.RECEIVED, after=9)

    for order in ([expired, received], [received, expired]):
        assert proven(order).standing is Standing.RECEIVED
        assert proven(order).contradictions == ()


@pytest.mark.rule("R34")
@pytest.mark.threat("TT47")
def test_a_receipt_has_no_place_for_a_yes() -> None:
    names = set().union(*(made(event, log=Head(1, HASH)).token.claims for event in Event))

    assert names == {
        "ver",
        "iss",
        "aud",
        "iat",
        "jti",
        "sub",
        "pkg",
        "evt",
        "obj",
        "mobj",
        "reason",
        "log",
    }
    assert not {str(standing) for standing in Standing} & {"accepted", "declined", "consented"}


ALL = {event: made(event) for event in Event}


@given(st.lists(st.sampled_from(Event), max_size=8))
def test_more_receipts_never_prove_less(events: list[Event]) -> None:
    listed = [ALL[event] for event in events]

    for count in range(len(listed)):
        before, after = proven(listed[:count]), proven(listed[: count + 1])
        assert before.events <= after.events
        assert len(after.contradictions) >= len(before.contradictions)
        assert not {Event.REFUSED, Event.ADMITTED} <= after.events
