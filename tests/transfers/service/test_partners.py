"""An installation becomes a partner through two people, and its words about its keys count only then."""

import pytest
from sqlmodel import Session

from core.actors import Actor, Grant, Role, ScopeKind
from core.errors import BadInput, Incomplete, NotAllowed, NotThere, WrongState
from core.exchange.kinds import DAY
from core.ids import new_id
from tests.builders.correspondence import a_receipt, door, row_of, takes, told, types
from tests.builders.exchange import (
    CONGO,
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    anchor_of,
    opening_key_of,
)
from tests.builders.partners import (
    a_signing_key,
    a_statement,
    an_officer,
    as_file,
    last_groups,
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
from transfers.service import correspondence, partners
from transfers.service.correspondence import Door

HEARD = last_groups(anchor_of(NAMIBIA))
NEXT = a_signing_key("next anchor of Namibia")


@pytest.fixture(autouse=True)
def _ours(session: Session) -> None:
    set_up(session, NOW)


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
