"""What a partner says about its keys is taken in its order, refused with an alarm, and decides what counts."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from core.exchange import statements, tokens
from core.exchange.kinds import DAY, Kind
from core.exchange.published import published
from core.exchange.statements import Fault, Status, WhyRevoked, countersign, read_first
from tests.builders.correspondence import a_receipt, door, load, row_of, takes, told, types
from tests.builders.exchange import (
    CONGO,
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    anchor_of,
    claims_of,
    forge,
    opening_key_of,
    signing_key_of,
)
from tests.builders.partners import (
    a_signing_key,
    a_statement,
    an_opening_key,
    as_file,
    last_groups,
    listed,
    set_up,
    trusted,
)
from transfers.rules.partnership import State
from transfers.service import correspondence, evidence, partner_statements
from transfers.service.correspondence import Door
from transfers.service.evidence import Direction
from transfers.service.partner_statements import Source

HEARD = last_groups(anchor_of(NAMIBIA))
NEXT = a_signing_key("next anchor of Namibia")


@pytest.fixture(autouse=True)
def _ours(session: Session) -> None:
    set_up(session, NOW)


@pytest.mark.threat("TT20")
@pytest.mark.rule("R51")
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (a_statement(seq=4), Fault.ROLLBACK),
        (a_statement(seq=5, days=300), Fault.CHANGED),
        (a_statement(seq=6, issued_at=T - 40 * DAY, days=39), Fault.EXPIRED),
        (a_statement(ZAMBIA, seq=6), Fault.TOKEN),
        ("junk", Fault.TOKEN),
    ],
    ids=["lower", "changed", "expired", "of another", "junk"],
)
def test_a_statement_that_does_not_hold_leaves_the_old_one_and_raises_the_alarm(
    session: Session, statement: object, fault: Fault
) -> None:
    pair = trusted(session, NOW, a_statement(seq=5))
    before = partner_statements.stored_statement(session, row_of(session, pair))

    found = load(session, pair, statement)

    assert found == [fault]
    assert partner_statements.stored_statement(session, row_of(session, pair)) == before
    assert row_of(session, pair).state == State.ACTIVE
    assert "partner.statement_refused" in told(session)
    assert types(session)[-1] in {"token.refused", "statement.refused"}


@pytest.mark.threat("TT20")
def test_another_anchor_suspends_the_partner_and_tells_both_who_confirmed(session: Session) -> None:
    pair = trusted(session, NOW, a_statement(seq=5))

    found = load(session, pair, a_statement(seq=6, anchor=NEXT))

    assert found == [Fault.OTHER_ANCHOR]
    assert door(session) is Door.QUARANTINE
    assert row_of(session, pair).anchor["kid"] == anchor_of(NAMIBIA).kid
    rows = session.execute(sa.text("SELECT payload FROM outbox WHERE topic = 'partner.suspended'"))
    payloads = " ".join(str(row[0]) for row in rows)
    assert pair.first.person_id in payloads
    assert pair.second.person_id in payloads


@pytest.mark.threat("TT24")
def test_a_list_of_keys_put_in_place_of_a_statement_changes_nothing(session: Session) -> None:
    pair = trusted(session, NOW)
    stranger = a_signing_key("of a stranger")
    data = str({"keys": [stranger.public.public_jwk()]}).replace("'", '"').encode()

    taken = partner_statements.take_all(
        session, row_of(session, pair), data, source=Source.FETCHED, now=NOW
    )

    assert [one.fault for one in taken] == [Fault.TOKEN]
    assert takes(session, a_receipt())
    assert not takes(session, a_receipt("of a stranger"))


@pytest.mark.threat("TT22")
def test_a_compromised_key_opens_a_review_and_what_comes_later_is_refused(session: Session) -> None:
    pair = trusted(session, NOW)
    early, late = NOW + timedelta(days=1), NOW + timedelta(days=5)
    for moment in (early, late):
        found, token = correspondence.read_from(
            session, a_receipt(at=int(moment.timestamp())), Kind.RECEIPT, now=moment
        )
        evidence.keep(
            session,
            token,
            Direction.RECEIVED,
            subject=found.partner_id,
            actor="procedure",
            now=moment,
        )
    since = int((NOW + timedelta(days=3)).timestamp())
    seen = NOW + timedelta(days=6)
    gone = listed(
        signing_key_of(NAMIBIA), status=Status.REVOKED, revoked_at=int(seen.timestamp()),
        why=WhyRevoked.COMPROMISED, compromised_since=since,
    )  # fmt: skip
    fresh = listed(a_signing_key("fresh"), opening_key_of(NAMIBIA), begins=T)
    new = a_statement(seq=2, keys=(*gone, *fresh), issued_at=int(seen.timestamp()))

    (taken,) = partner_statements.load_statement(
        session, pair.first, pair.partner_id, as_file(new), now=seen
    )
    review = partner_statements.review(session, pair.second, pair.partner_id, now=seen)

    assert taken.compromised == (signing_key_of(NAMIBIA).kid,)
    assert {"partner.key_compromised", "partner.key_at_short_notice"} <= set(told(session))
    assert [one.received_at for one in review] == [late]
    assert not takes(session, a_receipt(at=int(early.timestamp())), now=seen)
    assert takes(session, a_receipt("fresh", at=int(seen.timestamp())), now=seen)


@pytest.mark.threat("TT23")
def test_while_a_partner_rotates_nothing_under_way_is_lost(session: Session) -> None:
    pair = trusted(session, NOW)
    new, newer = a_signing_key("rotated"), an_opening_key("rotated")
    begins = T + 30 * DAY
    rotated = (
        *listed(signing_key_of(NAMIBIA), opening_key_of(NAMIBIA), days=60, status=Status.RETIRING),
        *listed(new, newer, begins=begins),
    )
    before = a_receipt(at=T)
    load(session, pair, a_statement(seq=2, keys=rotated))

    def day(number: int) -> datetime:
        return NOW + timedelta(days=number)

    assert takes(session, before, now=day(45))
    assert takes(session, a_receipt(at=T + 45 * DAY), now=day(45))
    assert takes(session, a_receipt("rotated", at=T + 31 * DAY), now=day(31))
    assert takes(session, before, now=day(100))
    assert not takes(session, a_receipt(at=T + 61 * DAY), now=day(61))
    sealed_to = [correspondence.sealing_key_for(session, NAMIBIA, now=day(n)).kid for n in (1, 31)]
    assert sealed_to == [opening_key_of(NAMIBIA).kid, newer.kid]


def test_an_announced_anchor_counts_once_both_have_signed(session: Session) -> None:
    pair = trusted(session, NOW)
    announced = a_statement(seq=2, next_anchor=NEXT)

    assert load(session, pair, announced) == [None]
    assert row_of(session, pair).anchor["kid"] == anchor_of(NAMIBIA).kid
    assert load(session, pair, a_statement(seq=3, anchor=NEXT)) == [Fault.NOT_COUNTERSIGNED]
    assert load(session, pair, announced, countersign(announced, NEXT)) == [None, None]

    assert row_of(session, pair).anchor["kid"] == NEXT.kid
    assert "partner.anchor_moved" in told(session)
    assert load(session, pair, a_statement(seq=3, anchor=NEXT)) == [None]
    assert takes(session, a_receipt())
    assert load(session, pair, a_statement(seq=4)) == [Fault.OTHER_ANCHOR]


def test_a_statement_is_as_fresh_as_the_way_it_came(session: Session) -> None:
    pair = trusted(session, NOW)
    row, later = row_of(session, pair), NOW + timedelta(days=31)

    assert partner_statements.remind(session, now=NOW) == 0
    assert partner_statements.remind(session, now=later) == 1
    assert partner_statements.remind(session, now=later) == 0
    load(session, pair, a_statement(), now=later)
    assert partner_statements.is_old(row, later)
    answer = str(published(a_statement())).replace("'", '"').encode()
    partner_statements.take_all(session, row, answer, source=Source.FETCHED, now=later)

    assert not partner_statements.is_old(row, later)


def test_past_the_end_of_the_statement_sending_stops_and_what_comes_waits_for_a_person(
    session: Session,
) -> None:
    trusted(session, NOW, a_statement(days=60))
    past = NOW + timedelta(days=60)

    codes = [gap.code for gap in correspondence.sending_gaps(session, NAMIBIA, now=past).gaps]

    assert codes == ["partner_statement_past"]
    assert door(session, past) is Door.QUARANTINE
    assert partner_statements.remind(session, now=past) == 1
    assert "partner.statement_past" in told(session)


@pytest.mark.rule("R51")
def test_a_token_for_somebody_else_or_by_somebody_else_is_refused(session: Session) -> None:
    trusted(session, NOW)
    elsewhere = tokens.make(
        Kind.RECEIPT, NAMIBIA, claims_of(Kind.RECEIPT, aud=CONGO), signing_key_of(NAMIBIA)
    )
    in_the_name_of = tokens.make(
        Kind.RECEIPT, NAMIBIA, claims_of(Kind.RECEIPT, aud=ZAMBIA), signing_key_of(CONGO)
    )

    assert not takes(session, elsewhere)
    assert not takes(session, in_the_name_of)


def test_without_a_common_version_or_with_our_own_statement_past_nothing_is_sent(
    session: Session,
) -> None:
    newer = forge(
        {**a_statement(days=399).claims, "versions": [2]}, kind=Kind.KEYS, signer=anchor_of(NAMIBIA)
    )
    trusted(session, NOW, read_first(newer))

    def codes(now: datetime) -> list[str]:
        return [gap.code for gap in correspondence.sending_gaps(session, NAMIBIA, now=now).gaps]

    assert codes(NOW) == ["partner_other_version"]
    assert codes(NOW + timedelta(days=366)) == [
        "partner_without_key", "partner_other_version", "own_statement_past",
    ]  # fmt: skip


def test_a_partner_that_goes_back_to_a_lower_version_waits_for_two_officers(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "VERSIONS", (1, 2))
    both, lower, more = (
        forge(
            {**a_statement(seq=seq).claims, "versions": versions}, kind=Kind.KEYS,
            signer=anchor_of(NAMIBIA),
        )
        for seq, versions in ((5, [1, 2]), (6, [1]), (7, [1, 2]))
    )  # fmt: skip
    pair = trusted(session, NOW, read_first(both))

    load(session, pair, lower)
    fallen = row_of(session, pair).state
    load(session, pair, more)

    assert fallen == row_of(session, pair).state == State.SUSPENDED
    assert "partner.suspended" in told(session)


@pytest.mark.parametrize(
    ("table", "column"),
    [("partner", "installation"), ("installation", "id"), ("exchange_key", "kid")],
)
def test_whose_partner_and_whose_key_it_is_never_changes(
    session: Session, table: str, column: str
) -> None:
    trusted(session, NOW)

    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), session.begin_nested():
            session.execute(sa.text(statement))
