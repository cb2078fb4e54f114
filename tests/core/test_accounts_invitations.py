"""First sign-in, and the way back after a lost phone or a forgotten password."""

from datetime import datetime

import pyotp
import pytest
from sqlmodel import Session, select

from core.accounts import invitations, people
from core.accounts.authenticate import actor_of
from core.accounts.errors import (
    ActOnOneself,
    CodeRefused,
    HigherAccount,
    InvitationRefused,
    NotSignedIn,
)
from core.accounts.sign_in import Refused
from core.accounts.tables import InvitationRow, SecondFactorRow
from core.actors import Role
from core.errors import Incomplete, NotThere, WrongState
from core.outbox import OutboxRow
from tests.builders.accounts import (
    OPERATOR,
    PASSWORD,
    Known,
    an_invited_account,
    country_wide,
    first_step,
    in_office,
    later,
    signed_in,
    someone,
)


def _accept(
    session: Session, token: str, now: datetime, password: str = PASSWORD
) -> tuple[str, ...]:
    welcome = invitations.open_invitation(session, token, now=now)
    code = pyotp.TOTP(welcome.enrolment.secret).at(now)
    return invitations.accept_invitation(session, token, password=password, code=code, now=now)


def test_an_invited_person_sets_up_password_and_phone_and_signs_in(
    session: Session, now: datetime
) -> None:
    known = an_invited_account(session, now)
    token = invitations.invite(session, OPERATOR, known.account_id, now=now).token

    welcome = invitations.open_invitation(session, token, now=now)
    codes = _accept(session, token, now)

    assert welcome.login == known.login
    assert welcome.enrolment.uri.startswith("otpauth://totp/BID%20ZM:t.zimba?")
    assert len(set(codes)) == 10
    ready = Known(known.login, known.account_id, known.person_id, welcome.enrolment.secret, codes)
    assert signed_in(session, ready, later(now, minutes=1)).account_id == known.account_id


def test_looking_at_an_invitation_uses_nothing_up_and_shows_the_same(
    session: Session, now: datetime
) -> None:
    known = an_invited_account(session, now)
    token = invitations.invite(session, OPERATOR, known.account_id, now=now).token

    seen = {invitations.open_invitation(session, token, now=now) for _ in range(5)}

    assert len(seen) == 1
    _accept(session, token, now)


def test_the_first_code_does_not_sign_in_as_well(session: Session, now: datetime) -> None:
    known = an_invited_account(session, now)
    token = invitations.invite(session, OPERATOR, known.account_id, now=now).token
    secret = invitations.open_invitation(session, token, now=now).enrolment.secret
    _accept(session, token, now)
    ready = Known(known.login, known.account_id, known.person_id, secret)

    with pytest.raises(AssertionError):
        signed_in(session, ready, now)


def test_used_old_withdrawn_and_made_up_tokens_get_one_answer(
    session: Session, now: datetime
) -> None:
    used = an_invited_account(session, now, "used")
    used_token = invitations.invite(session, OPERATOR, used.account_id, now=now).token
    _accept(session, used_token, now)
    renewed = an_invited_account(session, now, "renewed")
    withdrawn = invitations.invite(session, OPERATOR, renewed.account_id, now=now).token
    fresh = invitations.invite(session, OPERATOR, renewed.account_id, now=now).token

    for token, moment in [
        (used_token, now), (withdrawn, now), (fresh, later(now, hours=72)), ("made up", now),
    ]:  # fmt: skip
        with pytest.raises(InvitationRefused):
            invitations.open_invitation(session, token, now=moment)
        with pytest.raises(InvitationRefused):
            invitations.accept_invitation(
                session, token, password=PASSWORD, code="000000", now=moment
            )
    assert invitations.open_invitation(session, fresh, now=later(now, hours=71))


def test_an_invitation_is_worthless_while_the_account_is_suspended(
    session: Session, now: datetime
) -> None:
    known = an_invited_account(session, now)
    token = invitations.invite(session, OPERATOR, known.account_id, now=now).token
    people.suspend(session, OPERATOR, known.account_id, now=now)

    with pytest.raises(InvitationRefused):
        invitations.open_invitation(session, token, now=now)


def test_a_bad_password_or_code_leaves_the_invitation_usable(
    session: Session, now: datetime
) -> None:
    known = an_invited_account(session, now)
    token = invitations.invite(session, OPERATOR, known.account_id, now=now).token

    with pytest.raises(Incomplete):
        _accept(session, token, now, password="Thandiwe.Zimba1")
    with pytest.raises(CodeRefused):
        invitations.accept_invitation(session, token, password=PASSWORD, code="12345", now=now)

    assert _accept(session, token, now)


def test_tokens_and_phone_secrets_are_not_readable_in_the_database(
    session: Session, now: datetime
) -> None:
    known = an_invited_account(session, now)
    token = invitations.invite(session, OPERATOR, known.account_id, now=now).token
    secret = invitations.open_invitation(session, token, now=now).enrolment.secret

    rows = (
        f"{session.exec(select(InvitationRow)).one()} {session.exec(select(SecondFactorRow)).one()}"
    )

    assert token not in rows
    assert secret not in rows


def test_a_reset_ends_sessions_password_and_phone_and_tells_data_protection(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    cookie = signed_in(session, who, now).opened.cookie

    token = invitations.reset(session, OPERATOR, who.account_id, now=now).token

    with pytest.raises(NotSignedIn):
        actor_of(session, cookie=cookie, bearer=None, now=now)
    assert first_step(session, who.login, now) == Refused()
    told = session.exec(select(OutboxRow).where(OutboxRow.topic == "account.notice")).one()
    assert told.payload["code"] == "account_reset"
    _accept(session, token, now, password="seven goats on a slope")


def test_a_lower_role_never_resets_a_higher_one(session: Session, now: datetime) -> None:
    supervisor = someone(session, now, "supervisor", in_office(Role.SUPERVISOR))
    actor = supervisor.actor(in_office(Role.SUPERVISOR))
    worker = someone(session, now, "worker", in_office(Role.CASEWORKER))
    elsewhere = someone(session, now, "elsewhere", in_office(Role.CASEWORKER, "ZM-03-CHP"))
    head = someone(session, now, "head", country_wide(Role.SECRETARIAT_HEAD))
    second = an_invited_account(session, now, "head.too", person_id=head.person_id)

    assert invitations.reset(session, actor, worker.account_id, now=now)
    for higher in (head, second, elsewhere):
        with pytest.raises(HigherAccount):
            invitations.reset(session, actor, higher.account_id, now=now)
    with pytest.raises(NotThere):
        invitations.reset(
            session, worker.actor(in_office(Role.CASEWORKER)), head.account_id, now=now
        )


def test_a_role_held_through_another_account_protects_this_one_too(
    session: Session, now: datetime
) -> None:
    supervisor = someone(session, now, "supervisor", in_office(Role.SUPERVISOR))
    head = someone(session, now, "head", country_wide(Role.SECRETARIAT_HEAD))
    worker = someone(
        session, now, "head.at.work", in_office(Role.CASEWORKER), person_id=head.person_id
    )

    with pytest.raises(HigherAccount):
        invitations.reset(
            session, supervisor.actor(in_office(Role.SUPERVISOR)), worker.account_id, now=now
        )


def test_nobody_resets_themselves_past_their_own_second_factor(
    session: Session, now: datetime
) -> None:
    who = someone(session, now, "admin", country_wide(Role.ADMINISTRATOR))

    with pytest.raises(ActOnOneself):
        invitations.reset(
            session, who.actor(country_wide(Role.ADMINISTRATOR)), who.account_id, now=now
        )


def test_a_supervisor_invites_whom_they_opened_an_account_for(
    session: Session, now: datetime
) -> None:
    supervisor = someone(session, now, "supervisor", in_office(Role.SUPERVISOR))
    actor = supervisor.actor(in_office(Role.SUPERVISOR))
    account_id = people.open_account(
        session, actor, login="new.worker", contact=people.Contact("New Worker"), now=now
    )

    assert invitations.invite(session, actor, account_id, now=now).token


def test_an_account_in_use_is_not_invited_again(session: Session, now: datetime) -> None:
    who = someone(session, now)

    with pytest.raises(WrongState):
        invitations.invite(session, OPERATOR, who.account_id, now=now)


def test_a_suspended_account_is_restored_before_it_is_reset(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    people.suspend(session, OPERATOR, who.account_id, now=now)

    with pytest.raises(WrongState):
        invitations.reset(session, OPERATOR, who.account_id, now=now)
    with pytest.raises(WrongState):
        invitations.set_up_at_console(session, OPERATOR, who.account_id, password=PASSWORD, now=now)
