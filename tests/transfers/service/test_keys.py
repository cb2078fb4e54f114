"""The keys of this installation: sealed, listed in time, followed, revoked, destroyed with an entry in the log."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from core.actors import Role
from core.errors import BadInput, NotThere, WrongState
from core.exchange.door import seal, unseal
from core.exchange.errors import CannotOpen
from core.exchange.keyring import KeyRing
from core.exchange.keys import OpeningKey, SigningKey, private_members
from core.exchange.kinds import DAY, Kind
from core.exchange.statements import Fault, Status, WhyRevoked, judge, short_notice
from core.exchange.tokens import make
from core.vault import Erased, Place
from core.vault import unseal as open_sealed
from tests.builders.exchange import (
    NOW,
    ZAMBIA,
    T,
    anchor_of,
    claims_of,
    opening_key_of,
    signing_key_of,
)
from tests.builders.partners import (
    OPERATOR,
    a_signing_key,
    an_officer,
    an_opening_key,
    set_up,
)
from transfers.errors import AlreadySetUp, AnchorNotOurs, NoKeyCounts, NotSetUp
from transfers.service import installation, keys
from transfers.service.installation import FreshKeys
from transfers.store import installation as store

ANCHOR, NEXT = anchor_of(ZAMBIA), a_signing_key("our next anchor")
NEW_SIGNING, NEW_OPENING = a_signing_key("ours, later"), an_opening_key("ours, later")


def after(days: float) -> datetime:
    return NOW + timedelta(days=days)


def signing(session: Session, days: float) -> str:
    return installation.signing_key(session, now=after(days)).kid


def listed(session: Session) -> dict[str, str]:
    found = installation.current_statement(session)
    return {key.kid: str(key.status) for key in found.keys}


def test_before_set_up_there_is_nothing(session: Session) -> None:
    for ask in (installation.name_of, installation.current_statement):
        with pytest.raises(NotSetUp):
            ask(session)
    assert installation.name_if_any(session) is None
    assert keys.remind(session, now=NOW) == 0


def test_a_new_installation_signs_seals_and_publishes(session: Session) -> None:
    made = set_up(session, NOW)

    published = installation.current_statement(session)
    box = seal(b"a manifest", opening_key_of(ZAMBIA).public)

    assert published == made
    assert judge(made.text, issuer=ZAMBIA, anchor=ANCHOR.public, stored=None, now=NOW).fault is None
    assert signing(session, 0) == signing_key_of(ZAMBIA).kid
    assert unseal(box, installation.opening_keys(session)) == b"a manifest"
    with pytest.raises(AlreadySetUp):
        set_up(session, NOW)


@pytest.mark.parametrize("name", ["NA.mgepesw", "ZM", "zm.mcdss", "ZM.", "ZM.MCDSS", "ZM.x y"])
def test_an_installation_has_a_name_of_its_own_country(session: Session, name: str) -> None:
    fresh = FreshKeys(NEW_SIGNING, NEW_OPENING)

    with pytest.raises(BadInput):
        installation.set_up(
            session, OPERATOR, name=name, anchor=ANCHOR.public, fresh=fresh, now=NOW
        )


@pytest.mark.parametrize("role", [Role.TRUST_OFFICER, Role.SECRETARIAT_HEAD, Role.AUDITOR])
def test_whoever_trusts_does_not_keep_the_keys(session: Session, role: Role) -> None:
    set_up(session, NOW)
    somebody = an_officer(role)

    for act in (
        lambda: keys.issue(session, somebody, ANCHOR, now=NOW),
        lambda: keys.rotate(session, somebody, NEW_SIGNING, ANCHOR, now=NOW),
        lambda: keys.destroy_old(session, somebody, now=NOW),
        lambda: keys.announce_anchor(session, somebody, ANCHOR, NEXT.public, now=NOW),
    ):
        with pytest.raises(NotThere):
            act()


@pytest.mark.threat("TT26", "TT66")
def test_private_keys_are_sealed_and_the_anchor_is_not_kept_at_all(session: Session) -> None:
    set_up(session, NOW)

    tables = ("installation", "exchange_key", "own_statement", "evidence", "exchange_token")
    stored = b"".join(
        value if isinstance(value, bytes) else str(value).encode()
        for table in tables
        for row in session.execute(sa.text(f"SELECT * FROM {table}"))
        for value in row
    )

    for key in (ANCHOR, signing_key_of(ZAMBIA), opening_key_of(ZAMBIA)):
        assert key.private_bytes() not in stored
        assert key.private_bytes()[-40:] not in stored
    assert list(private_members(installation.current_statement(session).claims)) == []


def test_a_private_key_is_parsed_once_for_the_process(session: Session) -> None:
    set_up(session, NOW)

    assert installation.signing_key(session, now=NOW) is installation.signing_key(session, now=NOW)


@pytest.mark.threat("TT23")
def test_a_rotated_key_is_listed_before_its_first_use_and_the_old_one_goes_on_until_then(
    session: Session,
) -> None:
    first = set_up(session, NOW)

    second = keys.rotate(session, OPERATOR, NEW_SIGNING, ANCHOR, now=after(1))
    third = keys.rotate(session, OPERATOR, NEW_OPENING, ANCHOR, lead_days=14, now=after(2))

    assert [signing(session, days) for days in (3, 30.9, 31, 60)] == [
        signing_key_of(ZAMBIA).kid, signing_key_of(ZAMBIA).kid, NEW_SIGNING.kid, NEW_SIGNING.kid,
    ]  # fmt: skip
    assert short_notice(second, first) == short_notice(third, second) == ()
    ring = KeyRing.of(ZAMBIA, [first, second, third])
    for key, day in ((signing_key_of(ZAMBIA), 60.5), (NEW_SIGNING, 31.5)):
        said = {**claims_of(Kind.CHECKPOINT), "iat": int(T + day * DAY)}
        ring.read_kept(make(Kind.CHECKPOINT, ZAMBIA, said, key), Kind.CHECKPOINT)
    assert ring.sealing_key(after(15)) == opening_key_of(ZAMBIA).public
    assert ring.sealing_key(after(16)) == NEW_OPENING.public


def test_a_key_is_not_listed_shorter_than_partners_are_promised_nor_twice(session: Session) -> None:
    set_up(session, NOW)

    for days in (0, 13, 91):
        with pytest.raises(BadInput):
            keys.rotate(session, OPERATOR, NEW_SIGNING, ANCHOR, lead_days=days, now=NOW)
    keys.rotate(session, OPERATOR, NEW_SIGNING, ANCHOR, now=NOW)
    with pytest.raises(WrongState):
        keys.rotate(session, OPERATOR, a_signing_key("a third"), ANCHOR, now=NOW)


def test_every_statement_has_a_higher_number_also_in_the_same_second_and_after_a_backup(
    session: Session,
) -> None:
    first = set_up(session, NOW)
    second = keys.issue(session, OPERATOR, ANCHOR, now=NOW)
    later = keys.issue(session, OPERATOR, ANCHOR, now=after(1))

    assert first.seq == T
    assert second.seq == first.seq + 1
    assert later.seq == T + DAY
    with pytest.raises(AnchorNotOurs):
        keys.issue(session, OPERATOR, NEXT, now=NOW)


@pytest.mark.threat("TT22")
@pytest.mark.parametrize("why", list(WhyRevoked))
def test_a_revoked_key_signs_nothing_more_and_another_takes_its_place_at_once(
    session: Session, why: WhyRevoked
) -> None:
    set_up(session, NOW)
    old = signing_key_of(ZAMBIA)
    since = NOW if why is WhyRevoked.COMPROMISED else None

    keys.revoke(session, OPERATOR, old.kid, ANCHOR, NEW_SIGNING, why=why, since=since, now=after(5))

    assert signing(session, 5) == NEW_SIGNING.kid
    assert listed(session)[old.kid] == Status.REVOKED
    assert listed(session)[NEW_SIGNING.kid] == Status.ACTIVE
    with pytest.raises(WrongState):
        keys.revoke(session, OPERATOR, old.kid, ANCHOR, None, why=WhyRevoked.LOST, now=after(6))


def test_revoking_needs_what_it_needs_and_changes_nothing_without(session: Session) -> None:
    set_up(session, NOW)
    kid = signing_key_of(ZAMBIA).kid

    def refused(
        fresh: SigningKey | OpeningKey | None,
        why: WhyRevoked,
        since: datetime | None,
        which: str = kid,
    ) -> type:
        with pytest.raises(Exception) as caught, session.begin_nested():  # noqa: PT011
            keys.revoke(
                session,
                OPERATOR,
                which,
                ANCHOR,
                fresh,
                why=why,
                since=since,
                now=NOW,
            )
        return caught.type

    assert refused(None, WhyRevoked.LOST, None) is BadInput
    assert refused(NEW_OPENING, WhyRevoked.LOST, None) is BadInput
    assert refused(NEW_SIGNING, WhyRevoked.COMPROMISED, None) is BadInput
    assert refused(NEW_SIGNING, WhyRevoked.COMPROMISED, after(1)) is BadInput
    assert refused(NEW_SIGNING, WhyRevoked.LOST, NOW) is BadInput
    assert refused(NEW_SIGNING, WhyRevoked.LOST, None, "no such key") is NotThere


def test_a_key_already_listed_follows_the_one_that_fills_in(session: Session) -> None:
    set_up(session, NOW)
    keys.rotate(session, OPERATOR, NEW_SIGNING, ANCHOR, now=NOW)
    filling = a_signing_key("filling in")

    keys.revoke(
        session, OPERATOR, signing_key_of(ZAMBIA).kid, ANCHOR, filling,
        why=WhyRevoked.LOST, now=after(1),
    )  # fmt: skip

    assert signing(session, 1) == filling.kid
    assert signing(session, 30) == NEW_SIGNING.kid
    assert listed(session)[filling.kid] == Status.RETIRING


def test_no_key_signs_after_its_end(session: Session) -> None:
    set_up(session, NOW)

    with pytest.raises(NoKeyCounts):
        installation.signing_key(session, now=after(365))


@pytest.mark.threat("TT23")
def test_a_retired_key_opens_for_ninety_days_and_is_then_destroyed_by_a_person_on_record(
    session: Session,
) -> None:
    set_up(session, NOW)
    old = opening_key_of(ZAMBIA)
    keys.rotate(session, OPERATOR, NEW_OPENING, ANCHOR, now=NOW)
    box = seal(b"under way", old.public)
    row = store.key(session, old.kid)
    assert row is not None
    sealed = row.sealed

    assert keys.destroy_old(session, OPERATOR, now=after(119.9)) == []
    assert unseal(box, installation.opening_keys(session)) == b"under way"
    assert keys.remind(session, now=after(120)) > 0
    assert unseal(box, installation.opening_keys(session)) == b"under way"
    assert keys.destroy_old(session, OPERATOR, now=after(120)) == [old.kid]

    with pytest.raises(CannotOpen):
        unseal(box, installation.opening_keys(session))
    with pytest.raises(Erased):
        open_sealed(
            session, owner=installation.owner_of(old.kid),
            place=Place("exchange_key", "sealed", old.kid), sealed=sealed or b"",
        )  # fmt: skip
    types = session.execute(sa.text("SELECT type FROM evidence ORDER BY n DESC")).scalars()
    assert next(types) == "key.destroyed"
    assert keys.destroy_old(session, OPERATOR, now=after(121)) == []


def test_our_anchor_is_followed_by_another_once_both_have_signed(session: Session) -> None:
    first = set_up(session, NOW)
    announced = keys.announce_anchor(session, OPERATOR, ANCHOR, NEXT.public, now=after(1))
    with pytest.raises(AnchorNotOurs):
        keys.take_anchor(session, OPERATOR, a_signing_key("another"), now=after(2))

    shown, again = keys.take_anchor(session, OPERATOR, NEXT, now=after(20))

    assert shown == announced
    seen = judge(announced.text, issuer=ZAMBIA, anchor=ANCHOR.public, stored=first, now=after(2))
    moved = judge(again, issuer=ZAMBIA, anchor=ANCHOR.public, stored=announced, now=after(20))
    assert seen.fault is None
    assert moved.moves_anchor
    assert installation.current_statement(session).text == again
    with pytest.raises(AnchorNotOurs):
        keys.issue(session, OPERATOR, ANCHOR, now=after(21))
    later = keys.issue(session, OPERATOR, NEXT, now=after(21))
    assert (
        judge(later.text, issuer=ZAMBIA, anchor=NEXT.public, stored=announced, now=after(21)).fault
        is None
    )
    assert (
        judge(
            later.text, issuer=ZAMBIA, anchor=ANCHOR.public, stored=announced, now=after(21)
        ).fault
        is Fault.NOT_COUNTERSIGNED
    )


def test_keepers_are_told_in_time_and_once_and_nothing_is_made_by_a_clock(session: Session) -> None:
    set_up(session, NOW)

    assert keys.remind(session, now=after(149)) == 0
    assert keys.remind(session, now=after(150)) == 3
    assert keys.remind(session, now=after(150)) == 0
    assert len(listed(session)) == 2
