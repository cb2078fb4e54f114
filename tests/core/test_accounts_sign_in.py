"""Signing in: two steps, one answer for every failure, waits that grow."""

import time
from datetime import datetime, timedelta
from statistics import median

import pytest
from sqlmodel import Session, col, select

from core.accounts import passwords, people, sign_in, store, throttle, upkeep
from core.accounts.authenticate import actor_of
from core.accounts.errors import NotSignedIn
from core.accounts.sign_in import Refused, SignedIn, Ticket
from core.accounts.tables import ThrottleRow, TicketRow
from core.accounts.waits import Count
from core.actors import Role
from core.audit import recorded
from core.outbox import OutboxRow
from tests.builders.accounts import (
    DESK,
    ELSEWHERE,
    OPERATOR,
    PASSWORD,
    an_invited_account,
    first_step,
    in_office,
    later,
    signed_in,
    someone,
)


def _fail_often(session: Session, login: str, now: datetime, times: int, address: str) -> datetime:
    """Fail as fast as the waits allow; return the moment of the last failure."""
    done = 0
    while done < times:
        answer = first_step(session, login, now, password="wrong every time", address=address)
        assert isinstance(answer, Refused)
        if answer.wait_seconds:
            now = later(now, seconds=answer.wait_seconds)
        else:
            done += 1
    return now


def _fail_cheaply(
    session: Session, login: str, now: datetime, times: int, address: str
) -> datetime:
    """The same counts without the cost of a password each."""
    key = people.login_key_of(session, login, now=now)
    account = store.account_by_login(session, key)
    subject = account.id if account is not None else "unknown"
    for _ in range(times):
        attempt = throttle.begin_attempt(session, login_key=key, address=address, now=now)
        now = later(now, seconds=attempt.wait(now))
        throttle.note_failure(session, attempt, subject=subject, now=now)
    return now


def _alarms(session: Session) -> list[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.topic == "account.sign_in_alarm")
    return list(session.exec(query.order_by(col(OutboxRow.posted_at))).all())


def test_name_password_and_code_open_a_session(session: Session, now: datetime) -> None:
    who = someone(session, now, "t.zimba", in_office(Role.CASEWORKER))

    result = signed_in(session, who, now)

    signed = actor_of(session, cookie=result.opened.cookie, bearer=None, now=now)
    assert signed.actor.person_id == who.person_id
    assert signed.actor.grants == {in_office(Role.CASEWORKER)}
    assert signed.actor.is_human
    assert signed.actor.country == "ZM"


def test_the_login_name_may_be_typed_in_any_case(session: Session, now: datetime) -> None:
    someone(session, now, "t.zimba")

    assert isinstance(first_step(session, "  T.Zimba ", now), Ticket)


def test_the_password_alone_opens_nothing(session: Session, now: datetime) -> None:
    who = someone(session, now)

    ticket = first_step(session, who.login, now)

    assert isinstance(ticket, Ticket)
    with pytest.raises(NotSignedIn):
        actor_of(session, cookie=ticket.token, bearer=None, now=now)


def test_every_failure_gets_the_same_answer(session: Session, now: datetime) -> None:
    known = someone(session, now, "known")
    suspended = someone(session, now, "suspended")
    people.suspend(session, OPERATOR, suspended.account_id, now=now)
    an_invited_account(session, now, "invited")

    answers = [
        first_step(session, "nobody here", now),
        first_step(session, "n", now),
        first_step(session, "\x00" * 500, now),
        first_step(session, known.login, now, password="wrong every time"),
        first_step(session, suspended.login, now),
        first_step(session, "invited", now),
    ]

    assert answers == [Refused()] * 6


def test_every_failure_takes_about_the_same_time(session: Session, now: datetime) -> None:
    someone(session, now, "known")
    suspended = someone(session, now, "suspended")
    people.suspend(session, OPERATOR, suspended.account_id, now=now)

    def seconds(login: str, password: str, moment: datetime) -> float:
        begin = time.process_time()
        assert first_step(session, login, moment, password=password) == Refused()
        return time.process_time() - begin

    tries = [("nobody", PASSWORD), ("known", "wrong every time"), ("suspended", PASSWORD)]
    days = [later(now, days=2 * turn) for turn in range(1, 6)]
    seconds("nobody", PASSWORD, now)
    rounds = [[seconds(login, password, day) for login, password in tries] for day in days]
    taken = [median(column) for column in zip(*rounds, strict=True)]

    assert max(taken) < 2 * min(taken)


def test_a_code_works_once(session: Session, now: datetime) -> None:
    who = someone(session, now)
    signed_in(session, who, now)
    ticket = first_step(session, who.login, now)
    assert isinstance(ticket, Ticket)

    again = sign_in.complete(
        session, ticket=ticket.token, code=who.code(now), address=DESK, now=now
    )

    assert again == Refused()


def test_an_older_code_does_not_work_after_a_newer_one(session: Session, now: datetime) -> None:
    who = someone(session, now)
    signed_in(session, who, now)
    ticket = first_step(session, who.login, now)
    assert isinstance(ticket, Ticket)

    older = who.code(now - timedelta(seconds=30))
    result = sign_in.complete(session, ticket=ticket.token, code=older, address=DESK, now=now)

    assert result == Refused()


@pytest.mark.parametrize(
    ("seconds_off", "enters"), [(-30, True), (30, True), (-90, False), (90, False)]
)
def test_a_phone_half_a_minute_off_still_works(
    session: Session, now: datetime, seconds_off: int, enters: bool
) -> None:
    who = someone(session, now)
    ticket = first_step(session, who.login, now)
    assert isinstance(ticket, Ticket)

    code = who.code(now + timedelta(seconds=seconds_off))
    result = sign_in.complete(session, ticket=ticket.token, code=code, address=DESK, now=now)

    assert isinstance(result, SignedIn) is enters


def test_a_ticket_is_good_for_one_session_and_five_minutes(session: Session, now: datetime) -> None:
    who = someone(session, now)
    ticket = first_step(session, who.login, now)
    assert isinstance(ticket, Ticket)
    late = later(now, minutes=5)

    tired = sign_in.complete(
        session, ticket=ticket.token, code=who.code(late), address=DESK, now=late
    )
    first = sign_in.complete(
        session, ticket=ticket.token, code=who.code(now), address=DESK, now=now
    )
    second = sign_in.complete(
        session, ticket=ticket.token, code=who.recovery_codes[0], address=DESK, now=now
    )

    assert tired == Refused()
    assert isinstance(first, SignedIn)
    assert second == Refused()


def test_guessing_codes_uses_the_ticket_up_and_slows_down(session: Session, now: datetime) -> None:
    who = someone(session, now)
    ticket = first_step(session, who.login, now)
    assert isinstance(ticket, Ticket)
    answers = [
        sign_in.complete(session, ticket=ticket.token, code=f"00000{n}", address=DESK, now=now)
        for n in range(5)
    ]

    assert [answer.wait_seconds > 0 for answer in answers if isinstance(answer, Refused)] == [
        False, False, False, False, True,
    ]  # fmt: skip
    row = session.exec(select(TicketRow)).one()
    row.failures = sign_in.CODES_PER_TICKET
    session.add(row)
    calm = later(now, minutes=1)
    right = sign_in.complete(
        session, ticket=ticket.token, code=who.code(calm), address=DESK, now=calm
    )
    assert right == Refused()


def test_a_recovery_code_works_once_however_it_is_typed(session: Session, now: datetime) -> None:
    who = someone(session, now)
    paper = who.recovery_codes[3].lower().replace("-", " ")

    results = []
    for _ in range(2):
        ticket = first_step(session, who.login, now)
        assert isinstance(ticket, Ticket)
        results.append(
            sign_in.complete(session, ticket=ticket.token, code=paper, address=DESK, now=now)
        )

    assert isinstance(results[0], SignedIn)
    assert results[0].recovery_codes_left == 9
    assert results[1] == Refused()


def test_somebody_elses_recovery_code_is_worthless(session: Session, now: datetime) -> None:
    who, other = someone(session, now, "one.person"), someone(session, now, "other.person")
    ticket = first_step(session, who.login, now)
    assert isinstance(ticket, Ticket)

    code = other.recovery_codes[0]

    assert (
        sign_in.complete(session, ticket=ticket.token, code=code, address=DESK, now=now)
        == Refused()
    )


def test_guessing_at_one_name_waits_longer_and_longer(session: Session, now: datetime) -> None:
    who = someone(session, now)

    last = _fail_often(session, who.login, now, 12, ELSEWHERE)

    assert last - now > timedelta(minutes=8)
    answer = first_step(session, who.login, last, address="203.0.113.9")
    assert isinstance(answer, Refused)
    assert answer.wait_seconds == 512


def test_a_name_nobody_has_waits_like_one_somebody_has(session: Session, now: datetime) -> None:
    who = someone(session, now)
    for _ in range(5):
        first_step(session, who.login, now, password="wrong every time", address=ELSEWHERE)
        first_step(session, "nobody", now, password="wrong every time", address="203.0.113.9")

    known = first_step(session, who.login, now, address=ELSEWHERE)
    unknown = first_step(session, "nobody", now, address="203.0.113.9")

    assert known == unknown
    assert known == Refused(wait_seconds=2)


def test_one_password_tried_on_everybody_is_slowed_down(session: Session, now: datetime) -> None:
    answers = [
        first_step(session, f"person.{n}", now, password="Summer in Livingstone", address=ELSEWHERE)
        for n in range(30)
    ]

    waits = [answer.wait_seconds for answer in answers if isinstance(answer, Refused)]
    assert waits[:21] == [0] * 21
    assert all(wait > 0 for wait in waits[21:])


def test_an_attack_from_elsewhere_does_not_lock_a_person_out_of_their_office(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    signed_in(session, who, now, address=DESK)
    last = _fail_cheaply(session, who.login, now, 15, ELSEWHERE)

    result = signed_in(session, who, last, address=DESK)

    assert result.person_id == who.person_id


def test_mistakes_at_ones_own_desk_are_forgotten_by_signing_in(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    _fail_cheaply(session, who.login, now, 3, DESK)
    signed_in(session, who, now, address=DESK)

    last = _fail_cheaply(session, who.login, now, 3, DESK)

    assert last == now
    assert isinstance(first_step(session, who.login, now, address=DESK), Ticket)


def test_a_wait_ends_by_itself(session: Session, now: datetime) -> None:
    who = someone(session, now)
    last = _fail_cheaply(session, who.login, now, 15, DESK)
    answer = first_step(session, who.login, last)
    assert isinstance(answer, Refused)

    after = later(last, seconds=answer.wait_seconds)

    assert isinstance(first_step(session, who.login, after), Ticket)


def test_trying_during_a_wait_does_not_make_it_longer(session: Session, now: datetime) -> None:
    who = someone(session, now)
    for _ in range(4):
        first_step(session, who.login, now, password="wrong every time")
    waits = {
        answer.wait_seconds
        for answer in (first_step(session, who.login, now) for _ in range(20))
        if isinstance(answer, Refused)
    }

    assert waits == {2}


def test_alarms_are_raised_once_at_ten_and_once_at_a_hundred(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)

    _fail_cheaply(session, who.login, now, 101, ELSEWHERE)

    alarms = [(row.payload["count"], row.payload["level"]) for row in _alarms(session)]
    assert sorted(alarms) == [
        ("account", 10), ("account", 100), ("address", 10), ("address", 100),
    ]  # fmt: skip
    assert {row.subject for row in _alarms(session) if row.payload["count"] == "account"} == {
        who.account_id
    }


def test_neither_name_nor_address_is_readable_in_counts_audit_or_alarms(
    session: Session, now: datetime
) -> None:
    _fail_often(session, "Grace.Banda", now, 10, ELSEWHERE)

    rows = session.exec(select(ThrottleRow)).all()
    kept = f"{rows} {_alarms(session)} {recorded(session)}".casefold()

    assert len(rows) == 3
    assert "banda" not in kept
    assert ELSEWHERE not in kept


def test_failures_are_audited_without_saying_who_tried(session: Session, now: datetime) -> None:
    first_step(session, "nobody", now)

    assert [entry.action for entry in recorded(session)] == ["session.refused"]


def test_counts_that_mean_nothing_any_more_are_forgotten(session: Session, now: datetime) -> None:
    who = someone(session, now)
    signed_in(session, who, now, address=DESK)
    first_step(session, "nobody", now, address=ELSEWHERE)

    assert throttle.forget_old(session, now=later(now, hours=23)) == 0
    throttle.forget_old(session, now=later(now, days=2))

    left = session.exec(select(ThrottleRow)).all()
    assert [row.count for row in left] == [Count.PAIR]
    assert upkeep.forget_old(session, now=later(now, days=60)) >= 3


def test_the_hash_is_renewed_when_its_cost_is_no_longer_enough(
    session: Session, now: datetime
) -> None:
    from argon2 import PasswordHasher

    who = someone(session, now)
    account = store.account(session, who.account_id)
    assert account is not None
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.add(account)
    session.flush()

    first_step(session, who.login, now)

    assert account.password_hash is not None
    assert not passwords.is_outdated(account.password_hash)
