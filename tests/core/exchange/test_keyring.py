"""Which key of an installation counts, on a day, for what."""

from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core.exchange import tokens
from core.exchange.errors import Reason, TokenRefused
from core.exchange.keyring import KeyRing
from core.exchange.keys import SigningKey
from core.exchange.kinds import DAY, Kind
from core.exchange.statements import ListedKey, Statement, Status, WhyRevoked
from tests.builders.exchange import (
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    anchor_of,
    claims_of,
    opening_key_of,
    signing_key_of,
)
from tests.builders.partners import a_signing_key, a_statement, an_opening_key, listed

OLD, NEW = signing_key_of(NAMIBIA), a_signing_key("new")


def ring(*said: Statement) -> KeyRing:
    return KeyRing.of(NAMIBIA, said)


def a_checkpoint(key: SigningKey, at: int = T) -> str:
    said = {**claims_of(Kind.CHECKPOINT), "iat": at}
    return tokens.make(Kind.CHECKPOINT, NAMIBIA, said, key)


def reads(found: KeyRing, text: str) -> bool:
    try:
        found.read_kept(text, Kind.CHECKPOINT)
    except TokenRefused as refused:
        return refused.reason is not Reason.KEY
    return True


def revoked(key: SigningKey, why: WhyRevoked, at: int) -> tuple[ListedKey, ...]:
    since = T if why is WhyRevoked.COMPROMISED else None
    return listed(key, status=Status.REVOKED, revoked_at=at, why=why, compromised_since=since)


def test_a_signing_key_verifies_what_was_signed_between_its_first_second_and_its_end() -> None:
    found = ring(a_statement(keys=listed(OLD, days=10)))

    assert reads(found, a_checkpoint(OLD, T - 120))
    assert reads(found, a_checkpoint(OLD, T + 10 * DAY - 1))
    assert not reads(found, a_checkpoint(OLD, T - 121))
    assert not reads(found, a_checkpoint(OLD, T + 10 * DAY))
    assert not reads(found, a_checkpoint(NEW))


@pytest.mark.threat("TT02")
def test_neither_the_anchor_nor_one_that_was_an_anchor_signs_anything_else() -> None:
    first = a_statement(keys=listed(OLD))
    second = a_statement(seq=2, anchor=NEW, keys=listed(anchor_of(NAMIBIA)))

    found = ring(first, second)

    assert found.find(anchor_of(NAMIBIA).kid) is None
    assert not reads(found, a_checkpoint(anchor_of(NAMIBIA)))


@pytest.mark.threat("TT23")
def test_during_a_rotation_what_both_keys_sign_is_taken_until_the_old_one_ends() -> None:
    rotated = (
        *listed(OLD, days=60, status=Status.RETIRING),
        *listed(NEW, begins=T + 30 * DAY),
    )
    found = ring(a_statement(), a_statement(seq=2, keys=rotated))

    assert reads(found, a_checkpoint(OLD, T + 59 * DAY))
    assert reads(found, a_checkpoint(NEW, T + 31 * DAY))
    assert not reads(found, a_checkpoint(OLD, T + 60 * DAY))
    assert not reads(found, a_checkpoint(NEW, T + 29 * DAY))


def test_a_key_left_out_verifies_what_was_signed_before_it_was() -> None:
    later = a_statement(seq=2, keys=listed(NEW), issued_at=T + 5 * DAY)
    found = ring(a_statement(), later)

    assert reads(found, a_checkpoint(OLD, T + 5 * DAY - 1))
    assert not reads(found, a_checkpoint(OLD, T + 5 * DAY))


@pytest.mark.parametrize("why", [WhyRevoked.LOST, WhyRevoked.SUPERSEDED])
def test_a_key_that_was_lost_or_followed_verifies_what_it_signed_before(why: WhyRevoked) -> None:
    found = ring(a_statement(seq=2, keys=revoked(OLD, why, T + DAY)))

    assert reads(found, a_checkpoint(OLD, T + DAY - 1))
    assert not reads(found, a_checkpoint(OLD, T + DAY))


@pytest.mark.threat("TT22")
def test_nothing_signed_with_a_compromised_key_is_taken_whatever_day_it_bears() -> None:
    before, after = (
        ring(a_statement()),
        ring(a_statement(), a_statement(seq=2, keys=revoked(OLD, WhyRevoked.COMPROMISED, T + DAY))),
    )
    text = a_checkpoint(OLD)

    assert reads(before, text)
    assert not reads(after, text)
    assert [key.kid for key in after.compromised()] == [OLD.kid]


@given(order=st.permutations(range(3)))
@pytest.mark.threat("TT22")
def test_a_revoked_key_stays_revoked_whatever_is_said_later_and_in_whatever_order(
    order: list[int],
) -> None:
    said = (
        a_statement(seq=1),
        a_statement(seq=2, keys=revoked(OLD, WhyRevoked.COMPROMISED, T + DAY)),
        a_statement(seq=3),
    )

    found = ring(*(said[index] for index in order))

    assert not reads(found, a_checkpoint(OLD))


def test_being_compromised_is_learnt_also_after_being_followed() -> None:
    said = [
        a_statement(seq=n, keys=revoked(OLD, why, T + DAY))
        for n, why in enumerate((WhyRevoked.SUPERSEDED, WhyRevoked.COMPROMISED), start=1)
    ]

    assert ring(*said).compromised()


def test_boxes_are_sealed_to_the_youngest_active_key_that_has_begun() -> None:
    old, new = opening_key_of(NAMIBIA), an_opening_key("new")
    rotated = (*listed(old, days=60, status=Status.RETIRING), *listed(new, begins=T + 30 * DAY))
    found = ring(a_statement(keys=rotated))

    def used(days: int) -> str | None:
        key = found.sealing_key(NOW + timedelta(days=days))
        return None if key is None else key.kid

    assert [used(days) for days in (0, 29, 30, 59, 400)] == [
        old.kid,
        old.kid,
        new.kid,
        new.kid,
        None,
    ]
    assert ring(a_statement(keys=listed(OLD))).sealing_key(NOW) is None


def test_boxes_are_never_sealed_to_a_revoked_key() -> None:
    gone = replace(
        listed(opening_key_of(NAMIBIA))[0],
        status=Status.REVOKED, revoked_at=T, why=WhyRevoked.LOST,
    )  # fmt: skip

    assert ring(a_statement(keys=(gone,))).sealing_key(NOW) is None


def test_a_ring_reads_only_its_own_installation() -> None:
    text = tokens.make(Kind.CHECKPOINT, ZAMBIA, claims_of(Kind.CHECKPOINT), OLD)

    with pytest.raises(TokenRefused):
        ring(a_statement()).read(text, Kind.CHECKPOINT, audience=None, now=NOW)
