"""Sessions at browsers: how they begin, what ends them, and to whom they belong."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from core.accounts import grants, people, sessions, sign_in, store
from core.accounts.authenticate import actor_of
from core.accounts.errors import CodeRefused, NotSignedIn
from core.accounts.sessions import Lifetime
from core.accounts.sign_in import PasswordChanged, Refused, SignedIn, Ticket
from core.accounts.tables import SessionRow
from core.actors import Role
from core.errors import BadInput, Incomplete, NotThere
from tests.builders.accounts import (
    DESK,
    OPERATOR,
    PASSWORD,
    Known,
    first_step,
    in_office,
    later,
    signed_in,
    someone,
)

NEW_PASSWORD = "seven goats on a slope"


def _counts(session: Session, cookie: str, now: datetime, device: str | None = None) -> bool:
    try:
        actor_of(session, cookie=cookie, bearer=None, now=now, device=device)
    except NotSignedIn:
        return False
    return True


def _sign_in_again(session: Session, who: Known, now: datetime, replaces: str | None) -> SignedIn:
    ticket = first_step(session, who.login, now)
    assert isinstance(ticket, Ticket)
    result = sign_in.complete(
        session, ticket=ticket.token, code=who.code(now), address=DESK, replaces=replaces, now=now
    )
    assert isinstance(result, SignedIn)
    return result


def test_the_cookie_is_not_in_the_database(session: Session, now: datetime) -> None:
    opened = signed_in(session, someone(session, now), now).opened

    kept = str(session.exec(select(SessionRow)).one())

    assert len(opened.cookie) >= 43
    assert opened.cookie not in kept
    assert opened.csrf not in kept


def test_a_session_ends_after_a_quarter_of_an_hour_without_use(
    session: Session, now: datetime
) -> None:
    cookie = signed_in(session, someone(session, now), now).opened.cookie

    assert _counts(session, cookie, later(now, minutes=14))
    assert _counts(session, cookie, later(now, minutes=28))
    assert not _counts(session, cookie, later(now, minutes=43))


def test_a_session_in_use_ends_after_ten_hours(session: Session, now: datetime) -> None:
    cookie = signed_in(session, someone(session, now), now).opened.cookie
    for minutes in range(0, 600, 10):
        assert _counts(session, cookie, later(now, minutes=minutes))

    assert not _counts(session, cookie, later(now, hours=10))


def test_an_installation_may_set_shorter_times(session: Session, now: datetime) -> None:
    who = someone(session, now)
    account = store.account(session, who.account_id)
    assert account is not None
    from datetime import timedelta

    short = Lifetime(idle=timedelta(minutes=5), whole=timedelta(hours=1))

    opened = sessions.open_session(session, account, lifetime=short, now=now)

    assert not _counts(session, opened.cookie, later(now, minutes=5))
    assert opened.ends_at == later(now, hours=1)


def test_a_cookie_planted_before_sign_in_is_worthless_after_it(
    session: Session, now: datetime
) -> None:
    planted = signed_in(session, someone(session, now, "attacker"), now).opened.cookie
    victim = someone(session, now, "victim")

    result = _sign_in_again(session, victim, now, planted)

    assert result.opened.cookie != planted
    assert not _counts(session, planted, now)
    assert _counts(session, result.opened.cookie, now)


def test_a_made_up_cookie_is_never_taken_over(session: Session, now: datetime) -> None:
    result = _sign_in_again(session, someone(session, now), now, "chosen by an attacker")

    assert result.opened.cookie != "chosen by an attacker"
    assert not _counts(session, "chosen by an attacker", now)


def test_each_sign_in_has_a_new_id(session: Session, now: datetime) -> None:
    who = someone(session, now)

    cookies = {signed_in(session, who, later(now, minutes=n)).opened.cookie for n in range(3)}

    assert len(cookies) == 3


def test_signing_out_ends_this_session_only(session: Session, now: datetime) -> None:
    who = someone(session, now)
    here = signed_in(session, who, now).opened
    there = signed_in(session, who, later(now, minutes=1)).opened
    moment = later(now, minutes=2)

    sessions.end_session(session, who.actor(), here.session_id, now=moment)

    assert not _counts(session, here.cookie, moment)
    assert _counts(session, there.cookie, moment)


def test_signing_out_everywhere_ends_all_of_ones_own(session: Session, now: datetime) -> None:
    who, colleague = someone(session, now, "who"), someone(session, now, "colleague")
    mine = [signed_in(session, who, later(now, minutes=n)).opened.cookie for n in range(2)]
    theirs = signed_in(session, colleague, now).opened.cookie
    moment = later(now, minutes=2)

    assert sessions.end_everywhere(session, who.actor(), now=moment) == 2

    assert not any(_counts(session, cookie, moment) for cookie in mine)
    assert _counts(session, theirs, moment)


def test_somebody_elses_session_cannot_be_ended(session: Session, now: datetime) -> None:
    who, other = someone(session, now, "who"), someone(session, now, "other")
    theirs = signed_in(session, other, now).opened

    with pytest.raises(NotThere):
        sessions.end_session(session, who.actor(), theirs.session_id, now=now)


def test_a_person_sees_their_own_sessions_that_still_count(session: Session, now: datetime) -> None:
    who = someone(session, now)
    signed_in(session, who, now)
    second = signed_in(session, who, later(now, minutes=20)).opened

    seen = sessions.list_sessions(session, who.actor(), now=later(now, minutes=21))

    assert [view.id for view in seen] == [second.session_id]


def test_a_new_role_makes_the_old_cookie_worthless(session: Session, now: datetime) -> None:
    who = someone(session, now)
    cookie = signed_in(session, who, now).opened.cookie

    grants.give_role(session, OPERATOR, who.account_id, in_office(Role.CASEWORKER), now=now)

    assert not _counts(session, cookie, now)


def test_a_role_that_begins_or_lapses_makes_the_old_cookie_worthless(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    grants.give_role(
        session,
        OPERATOR,
        who.account_id,
        in_office(Role.CASEWORKER),
        starts_at=later(now, minutes=5),
        ends_at=later(now, minutes=30),
        now=now,
    )
    before = signed_in(session, who, now).opened.cookie
    during = signed_in(session, who, later(now, minutes=20)).opened.cookie

    assert _counts(session, before, later(now, minutes=4))
    assert not _counts(session, before, later(now, minutes=5))
    assert _counts(session, during, later(now, minutes=29))
    assert not _counts(session, during, later(now, minutes=30))


def test_a_suspended_account_is_out_at_once_and_its_old_cookie_stays_dead(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    cookie = signed_in(session, who, now).opened.cookie

    people.suspend(session, OPERATOR, who.account_id, now=now)
    assert not _counts(session, cookie, now)
    people.restore(session, OPERATOR, who.account_id, now=now)

    assert not _counts(session, cookie, now)


def test_a_cookie_taken_to_another_device_does_not_count(session: Session, now: datetime) -> None:
    cookie = signed_in(
        session, someone(session, now), now, device="Firefox on Debian"
    ).opened.cookie

    assert _counts(session, cookie, now, "Firefox on Debian")
    assert not _counts(session, cookie, now, "curl")
    assert not _counts(session, cookie, now, "")


def test_a_form_needs_the_token_of_its_own_session(session: Session, now: datetime) -> None:
    mine = signed_in(session, someone(session, now, "mine"), now).opened
    theirs = signed_in(session, someone(session, now, "theirs"), now).opened
    signed = actor_of(session, cookie=mine.cookie, bearer=None, now=now)

    assert sessions.csrf_matches(signed.csrf_hash, mine.csrf)
    assert not sessions.csrf_matches(signed.csrf_hash, theirs.csrf)
    assert not sessions.csrf_matches(signed.csrf_hash, mine.cookie)
    assert not sessions.csrf_matches(signed.csrf_hash, "")
    assert not sessions.csrf_matches(signed.csrf_hash, None)
    assert not sessions.csrf_matches(None, mine.csrf)


@pytest.mark.parametrize("cookie", [None, "", "x", "0" * 64, "é" * 9])
def test_no_cookie_and_made_up_ones_are_refused_alike(
    session: Session, now: datetime, cookie: str | None
) -> None:
    with pytest.raises(NotSignedIn):
        actor_of(session, cookie=cookie, bearer=None, now=now)


def test_changing_the_password_ends_every_session_and_opens_one(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    old = signed_in(session, who, now).opened.cookie

    changed = sign_in.change_password(
        session, who.actor(), current=PASSWORD, new=NEW_PASSWORD, address=DESK, now=now
    )

    assert isinstance(changed, PasswordChanged)
    assert not _counts(session, old, now)
    assert _counts(session, changed.opened.cookie, now)
    assert first_step(session, who.login, now) == Refused()
    assert isinstance(first_step(session, who.login, now, password=NEW_PASSWORD), Ticket)


def test_the_password_is_changed_only_by_who_knows_it(session: Session, now: datetime) -> None:
    who = someone(session, now)

    def try_once(moment: datetime) -> object:
        return sign_in.change_password(
            session,
            who.actor(),
            current="stolen session",
            new=NEW_PASSWORD,
            address=DESK,
            now=moment,
        )

    assert [try_once(now) for _ in range(4)] == [Refused()] * 4
    assert try_once(now) == Refused(wait_seconds=2)


@pytest.mark.parametrize(("new", "refusal"), [("too short", Incomplete), (PASSWORD, BadInput)])
def test_the_new_password_must_be_good_and_new(
    session: Session, now: datetime, new: str, refusal: type[Exception]
) -> None:
    who = someone(session, now)

    with pytest.raises(refusal):
        sign_in.change_password(
            session, who.actor(), current=PASSWORD, new=new, address=DESK, now=now
        )


def test_a_new_phone_replaces_the_old_one_once_its_first_code_is_right(
    session: Session, now: datetime
) -> None:
    import pyotp

    who = someone(session, now)
    old_cookie = signed_in(session, who, now).opened.cookie
    enrolment = sign_in.begin_second_factor(
        session, who.actor(), password=PASSWORD, address=DESK, now=now
    )
    assert not isinstance(enrolment, Refused)
    with pytest.raises(CodeRefused):
        sign_in.confirm_second_factor(session, who.actor(), code=who.code(now), now=now)
    assert _counts(session, old_cookie, now)

    code = pyotp.TOTP(enrolment.secret).at(now)
    opened, codes = sign_in.confirm_second_factor(session, who.actor(), code=code, now=now)

    assert len(codes) == 10
    assert not set(codes) & set(who.recovery_codes)
    assert not _counts(session, old_cookie, now)
    assert _counts(session, opened.cookie, now)
    moment = later(now, minutes=2)
    ticket = first_step(session, who.login, moment)
    assert isinstance(ticket, Ticket)
    for worthless in (who.code(moment), who.recovery_codes[0]):
        answer = sign_in.complete(
            session, ticket=ticket.token, code=worthless, address=DESK, now=moment
        )
        assert answer == Refused()


def test_a_stolen_session_without_the_password_cannot_replace_the_phone(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)

    answer = sign_in.begin_second_factor(
        session, who.actor(), password="stolen session", address=DESK, now=now
    )

    assert answer == Refused()
    with pytest.raises(CodeRefused):
        sign_in.confirm_second_factor(session, who.actor(), code="000000", now=now)
