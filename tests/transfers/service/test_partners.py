"""An installation becomes a partner through two people, and its words about its keys count only then."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from core.actors import Actor, Grant, Role, ScopeKind
from core.errors import BadInput, Incomplete, NotAllowed, NotThere, WrongState
from core.exchange import tokens
from core.exchange.errors import TokenRefused
from core.exchange.kinds import DAY, Kind
from core.exchange.published import published
from core.exchange.statements import Fault, Status, WhyRevoked, countersign
from core.ids import new_id
from tests.builders.exchange import (
    CONGO,
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    anchor_of,
    claims_of,
    opening_key_of,
    signing_key_of,
)
from tests.builders.partners import (
    Pair,
    a_signing_key,
    a_statement,
    an_officer,
    an_opening_key,
    as_file,
    last_groups,
    listed,
    proposed,
    set_up,
    trusted,
)
from transfers.errors import (
    AlreadyPartner,
    AnchorSeenBefore,
    FingerprintDiffers,
    StatementRefused,
)
from transfers.rules.partnership import Act, Channel, State
from transfers.service import correspondence, evidence, partner_statements, partners
from transfers.service.correspondence import Door
from transfers.service.evidence import Direction
from transfers.service.partner_statements import Source
from transfers.store import partner as store
from transfers.tables.partner import PartnerRow

HEARD = last_groups(anchor_of(NAMIBIA))
NEXT = a_signing_key("next anchor of Namibia")


@pytest.fixture(autouse=True)
def _ours(session: Session) -> None:
    set_up(session, NOW)


def row_of(session: Session, pair: Pair) -> PartnerRow:
    row = store.find(session, pair.partner_id)
    assert row is not None
    return row


def load(session: Session, pair: Pair, *found: object, now: datetime = NOW) -> list[object]:
    data = as_file(*found)  # type: ignore[arg-type]
    taken = partner_statements.load_statement(session, pair.first, pair.partner_id, data, now=now)
    return [one.fault for one in taken]


def told(session: Session) -> list[str]:
    return list(session.execute(sa.text("SELECT topic FROM outbox ORDER BY posted_at")).scalars())


def types(session: Session) -> list[str]:
    return list(session.execute(sa.text("SELECT type FROM evidence ORDER BY n")).scalars())


def a_receipt(key: str = "", at: int = T) -> str:
    signer = a_signing_key(key) if key else signing_key_of(NAMIBIA)
    said = claims_of(Kind.RECEIPT, aud=ZAMBIA, iat=at)
    return tokens.make(Kind.RECEIPT, NAMIBIA, said, signer)


def takes(session: Session, text: str, now: datetime = NOW) -> bool:
    try:
        correspondence.read_from(session, text, Kind.RECEIPT, now=now)
    except TokenRefused:
        return False
    return True


def door(session: Session, now: datetime = NOW) -> Door:
    return correspondence.door_for(correspondence.correspondent(session, NAMIBIA, now=now), now)


@pytest.mark.threat("TT21")
@pytest.mark.rule("R51")
def test_an_installation_nobody_proposed_is_a_stranger(session: Session) -> None:
    assert not takes(session, a_receipt())
    assert door(session) is Door.CLOSED
    assert [gap.code for gap in correspondence.sending_gaps(session, NAMIBIA, now=NOW).gaps] == [
        "partner_unknown"
    ]


@pytest.mark.threat("TT21")
def test_two_people_over_two_ways_make_a_partner_and_everything_is_on_record(
    session: Session,
) -> None:
    pair = proposed(session, NOW)
    assert not takes(session, a_receipt())
    assert door(session) is Door.CLOSED

    states = [
        partners.confirm(session, who, pair.partner_id, channel=way, groups=HEARD, now=NOW)
        for who, way in ((pair.first, Channel.LETTER), (pair.second, Channel.VIDEO))
    ]

    assert states == [State.HALF_CONFIRMED, State.ACTIVE]
    assert takes(session, a_receipt())
    assert correspondence.sending_gaps(session, NAMIBIA, now=NOW).is_possible
    key = correspondence.sealing_key_for(session, NAMIBIA, now=NOW)
    assert key.kid == opening_key_of(NAMIBIA).kid
    assert types(session)[-6:] == [
        "token.received", "partner.proposed", "partner.confirmed_first", "partner.confirmed",
        "partner.ceremony", "token.sent",
    ]  # fmt: skip
    view = partners.read_partner(session, pair.first, pair.partner_id, now=NOW)
    assert [(step.person_id, step.channel) for step in view.steps] == [
        (pair.first.person_id, None),
        (pair.first.person_id, "letter"),
        (pair.second.person_id, "video"),
    ]


@pytest.mark.threat("TT21")
def test_one_officer_twice_or_one_way_twice_does_not_make_a_partner(session: Session) -> None:
    pair = proposed(session, NOW)
    other_account = Actor(new_id(), pair.first.person_id, "ZM", pair.first.grants)
    partners.confirm(
        session, pair.first, pair.partner_id, channel=Channel.LETTER, groups=HEARD, now=NOW
    )

    for who, way in (
        (pair.first, Channel.VIDEO),
        (other_account, Channel.VIDEO),
        (pair.second, Channel.LETTER),
    ):
        with pytest.raises(NotAllowed):
            partners.confirm(session, who, pair.partner_id, channel=way, groups=HEARD, now=NOW)

    assert row_of(session, pair).state == State.HALF_CONFIRMED
    assert not takes(session, a_receipt())


@pytest.mark.threat("TT21")
def test_another_fingerprint_heard_changes_nothing_and_all_officers_are_told(
    session: Session,
) -> None:
    pair = proposed(session, NOW)
    first = partners.read_partner(session, pair.first, pair.partner_id, now=NOW).fingerprint

    for heard in (("00000", "00000"), HEARD[::-1], first[:2], HEARD[:1], ()):
        answer = partners.confirm(
            session, pair.first, pair.partner_id, channel=Channel.PHONE, groups=heard, now=NOW
        )
        assert isinstance(answer, FingerprintDiffers)

    assert row_of(session, pair).state == State.PROPOSED
    assert "partner.fingerprint_differs" in told(session)
    assert types(session).count("partner.fingerprint_differs") == 5


def test_the_groups_an_officer_has_to_hear_are_shown_once_the_partner_is_trusted(
    session: Session,
) -> None:
    pair = proposed(session, NOW)
    whole = anchor_of(NAMIBIA).public.fingerprint()

    before = partners.read_partner(session, pair.first, pair.partner_id, now=NOW)
    for who, way in ((pair.first, Channel.LETTER), (pair.second, Channel.VIDEO)):
        partners.confirm(session, who, pair.partner_id, channel=way, groups=HEARD, now=NOW)
    after = partners.list_partners(session, pair.first, now=NOW)[0]

    assert before.fingerprint == whole[:10]
    assert after.fingerprint == whole


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.TRUST_OFFICER, Role.PROCEDURE}]
)
def test_nobody_without_the_right_of_its_own_trusts(session: Session, role: Role) -> None:
    pair, somebody = proposed(session, NOW), an_officer(role)

    with pytest.raises(NotThere):
        partners.propose(session, somebody, as_file(a_statement(CONGO)), now=NOW)
    with pytest.raises(NotThere):
        partners.confirm(
            session, somebody, pair.partner_id, channel=Channel.PHONE, groups=HEARD, now=NOW
        )
    with pytest.raises(NotThere):
        partners.resume(session, somebody, pair.partner_id, now=NOW)
    with pytest.raises(NotThere):
        partners.revoke(session, somebody, pair.partner_id, reason="x", now=NOW)


def test_neither_a_machine_nor_an_officer_of_another_country_trusts(session: Session) -> None:
    grants = frozenset({Grant(Role.TRUST_OFFICER, ScopeKind.COUNTRY, "ZM")})
    machine = Actor(new_id(), new_id(), "ZM", grants, is_human=False)
    abroad = Actor(new_id(), new_id(), "NA", grants)

    for somebody in (machine, abroad):
        with pytest.raises(NotThere):
            partners.propose(session, somebody, as_file(a_statement()), now=NOW)


def test_the_wrong_things_are_not_proposed(session: Session) -> None:
    officer = an_officer()
    trusted(session, NOW)

    def refused(data: bytes) -> type[BaseException]:
        with pytest.raises(Exception) as caught:  # noqa: PT011  the class is what is asked
            partners.propose(session, officer, data, now=NOW)
        return caught.type

    assert refused(b"junk") is StatementRefused
    assert refused(as_file(a_statement(CONGO, issued_at=T - 40 * DAY, days=39))) is StatementRefused
    assert refused(as_file(a_statement(ZAMBIA, seq=9))) is BadInput
    assert refused(as_file(a_statement(seq=9))) is AlreadyPartner
    assert refused(as_file(a_statement(CONGO, anchor=anchor_of(NAMIBIA)))) is AnchorSeenBefore


def test_one_person_suspends_at_once_and_two_trust_again(session: Session) -> None:
    pair = trusted(session, NOW)
    officer = an_officer(Role.DATA_PROTECTION)

    partners.suspend(session, officer, pair.partner_id, reason="suspicion", now=NOW)

    assert door(session) is Door.QUARANTINE
    assert takes(session, a_receipt())  # recognised, so that it can be told; the door decides
    codes = [gap.code for gap in correspondence.sending_gaps(session, NAMIBIA, now=NOW).gaps]
    assert codes == ["partner_not_active"]
    with pytest.raises(Incomplete):
        correspondence.sealing_key_for(session, NAMIBIA, now=NOW)
    assert partners.resume(session, pair.first, pair.partner_id, now=NOW) is State.SUSPENDED
    with pytest.raises(NotAllowed):
        partners.resume(session, pair.first, pair.partner_id, now=NOW)
    assert partners.resume(session, pair.second, pair.partner_id, now=NOW) is State.ACTIVE
    assert door(session) is Door.OPEN


def test_ending_takes_two_and_the_same_anchor_never_comes_back(session: Session) -> None:
    pair = trusted(session, NOW)
    with pytest.raises(WrongState):
        partners.revoke(session, pair.first, pair.partner_id, reason="ended", now=NOW)
    partners.suspend(session, pair.first, pair.partner_id, reason="ended", now=NOW)

    partners.revoke(session, pair.first, pair.partner_id, reason="ended", now=NOW)
    waits = partners.read_partner(session, pair.first, pair.partner_id, now=NOW)
    partners.revoke(session, pair.second, pair.partner_id, reason="ended", now=NOW)

    assert (waits.state, waits.waits_for, waits.begun_by) == (
        State.SUSPENDED, Act.REVOKE, pair.first.person_id,
    )  # fmt: skip
    assert door(session) is Door.CLOSED
    assert not takes(session, a_receipt())
    with pytest.raises(AnchorSeenBefore):
        partners.propose(session, pair.first, as_file(a_statement(seq=2)), now=NOW)
    again = a_statement(seq=1, anchor=NEXT)
    assert partners.propose(session, pair.first, as_file(again), now=NOW) != pair.partner_id


def test_a_reason_is_a_code_and_no_story_about_anybody(session: Session) -> None:
    pair = trusted(session, NOW)

    with pytest.raises(BadInput):
        partners.suspend(session, pair.first, pair.partner_id, reason="Because of X", now=NOW)


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
    assert told(session)[-1] == "partner.statement_refused"
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
    assert told(session)[-1] == "partner.statement_past"


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
