"""Tokens of machines: what they may, how long, and who answers for them."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from core.accounts import grants, invitations, people, tokens
from core.accounts.authenticate import actor_of
from core.accounts.errors import NotForMachines, NotSignedIn, PersonNeeded
from core.accounts.tables import MachineTokenRow
from core.accounts.tokens import MadeToken
from core.actors import Actor, Grant, Role, ScopeKind
from core.errors import BadInput, NotThere
from tests.builders.accounts import OPERATOR, Known, country_wide, in_office, later, someone

ADMINISTRATOR = country_wide(Role.ADMINISTRATOR)
WORKER = in_office(Role.CASEWORKER)


def _made(session: Session, who: Known, held: Grant, wanted: Grant, now: datetime) -> MadeToken:
    return tokens.make_token(
        session,
        who.actor(held),
        name="Nightly import",
        grants=[wanted],
        ends_at=later(now, days=365),
        now=now,
    )


def test_a_machine_acts_as_itself_and_never_as_a_person(session: Session, now: datetime) -> None:
    who = someone(session, now, "worker", WORKER)

    made = _made(session, who, WORKER, WORKER, now)

    signed = actor_of(session, cookie=None, bearer=made.token, now=now)
    assert not signed.actor.is_human
    assert signed.actor.person_id not in {who.person_id, who.account_id}
    assert signed.actor.grants == {WORKER}
    assert signed.csrf_hash is None


def test_the_token_is_not_in_the_database(session: Session, now: datetime) -> None:
    made = _made(session, someone(session, now, "worker", WORKER), WORKER, WORKER, now)

    assert made.token not in str(session.exec(select(MachineTokenRow)).one())


def test_a_token_ends_within_a_year(session: Session, now: datetime) -> None:
    who = someone(session, now, "worker", WORKER)
    made = _made(session, who, WORKER, WORKER, now)

    assert tokens.actor_for_token(session, made.token, now=later(now, days=364))
    with pytest.raises(NotSignedIn):
        tokens.actor_for_token(session, made.token, now=later(now, days=365))
    for days in (0, -1, 365.01):
        with pytest.raises(BadInput):
            tokens.make_token(
                session,
                who.actor(WORKER),
                name="n",
                grants=[WORKER],
                ends_at=later(now, days=days),
                now=now,
            )


@pytest.mark.parametrize(("name", "wanted"), [("  ", [WORKER]), ("Import", [])])
def test_a_token_needs_a_name_and_a_role(
    session: Session, now: datetime, name: str, wanted: list[Grant]
) -> None:
    who = someone(session, now, "worker", WORKER)

    with pytest.raises(BadInput):
        tokens.make_token(
            session,
            who.actor(WORKER),
            name=name,
            grants=wanted,
            ends_at=later(now, days=1),
            now=now,
        )


def test_an_administrator_makes_no_token_that_opens_a_childs_file(
    session: Session, now: datetime
) -> None:
    administrator = someone(session, now, "admin", ADMINISTRATOR)

    with pytest.raises(NotForMachines):
        _made(session, administrator, ADMINISTRATOR, WORKER, now)
    alerts = Grant(Role.FIRST_LINE, ScopeKind.OWN)
    made = _made(session, administrator, ADMINISTRATOR, alerts, now)

    assert tokens.actor_for_token(session, made.token, now=now).grants == {alerts}


def test_a_machine_makes_no_token(session: Session, now: datetime) -> None:
    machine = Actor("m", "m", "ZM", frozenset({WORKER}), is_human=False)

    with pytest.raises(PersonNeeded):
        tokens.make_token(
            session, machine, name="n", grants=[WORKER], ends_at=later(now, days=1), now=now
        )


def test_a_token_loses_what_the_person_behind_it_loses(session: Session, now: datetime) -> None:
    who = someone(session, now, "worker")
    grant_id = grants.give_role(session, OPERATOR, who.account_id, WORKER, now=now)
    made = _made(session, who, WORKER, WORKER, now)

    grants.end_role(session, OPERATOR, who.account_id, grant_id, now=now)

    with pytest.raises(NotSignedIn):
        tokens.actor_for_token(session, made.token, now=now)


def test_suspending_a_person_revokes_their_tokens_for_good(session: Session, now: datetime) -> None:
    who = someone(session, now, "worker", WORKER)
    made = _made(session, who, WORKER, WORKER, now)

    assert people.suspend(session, OPERATOR, who.account_id, now=now) == 1
    people.restore(session, OPERATOR, who.account_id, now=now)

    with pytest.raises(NotSignedIn):
        tokens.actor_for_token(session, made.token, now=now)


def test_a_token_rests_while_the_person_behind_it_cannot_sign_in(
    session: Session, now: datetime
) -> None:
    who = someone(session, now, "worker", WORKER)
    made = _made(session, who, WORKER, WORKER, now)

    invitations.reset(session, OPERATOR, who.account_id, now=now)

    with pytest.raises(NotSignedIn):
        tokens.actor_for_token(session, made.token, now=now)


def test_a_revoked_token_is_worthless_at_once(session: Session, now: datetime) -> None:
    who = someone(session, now, "worker", WORKER)
    made = _made(session, who, WORKER, WORKER, now)

    tokens.revoke_token(session, who.actor(WORKER), made.id, now=now)

    with pytest.raises(NotSignedIn):
        actor_of(session, cookie=None, bearer=made.token, now=now)
    with pytest.raises(NotThere):
        tokens.revoke_token(session, who.actor(WORKER), made.id, now=now)


def test_others_neither_see_nor_revoke_a_token_but_the_administrator_does(
    session: Session, now: datetime
) -> None:
    who = someone(session, now, "worker", WORKER)
    made = _made(session, who, WORKER, WORKER, now)
    other = someone(session, now, "other", WORKER).actor(WORKER)
    administrator = someone(session, now, "admin", ADMINISTRATOR).actor(ADMINISTRATOR)

    assert tokens.list_tokens(session, other, now=now) == []
    with pytest.raises(NotThere):
        tokens.revoke_token(session, other, made.id, now=now)
    assert [view.id for view in tokens.list_tokens(session, administrator, now=now)] == [made.id]
    tokens.revoke_token(session, administrator, made.id, now=now)


def test_the_list_shows_when_a_token_was_last_used(session: Session, now: datetime) -> None:
    who = someone(session, now, "worker", WORKER)
    made = _made(session, who, WORKER, WORKER, now)
    used = later(now, hours=3)

    tokens.actor_for_token(session, made.token, now=used)
    tokens.actor_for_token(session, made.token, now=later(used, seconds=30))

    view = tokens.list_tokens(session, who.actor(WORKER), now=used)[0]
    assert view.used_at == used
    assert view.grants == (WORKER,)


def test_the_console_makes_a_token_for_which_somebody_answers(
    session: Session, now: datetime
) -> None:
    who = someone(session, now, "worker", WORKER)
    end = later(now, days=30)

    made = tokens.make_token(
        session,
        OPERATOR,
        name="n",
        grants=[WORKER],
        ends_at=end,
        answered_by=who.account_id,
        now=now,
    )

    assert tokens.actor_for_token(session, made.token, now=now).grants == {WORKER}
    with pytest.raises(BadInput):
        tokens.make_token(session, OPERATOR, name="n", grants=[WORKER], ends_at=end, now=now)
    with pytest.raises(NotForMachines):
        tokens.make_token(
            session,
            OPERATOR,
            name="n",
            grants=[country_wide(Role.CASEWORKER)],
            ends_at=end,
            answered_by=who.account_id,
            now=now,
        )


def test_nobody_else_makes_a_token_in_anothers_name(session: Session, now: datetime) -> None:
    who = someone(session, now, "worker", WORKER)
    administrator = someone(session, now, "admin", ADMINISTRATOR).actor(ADMINISTRATOR)

    with pytest.raises(NotThere):
        tokens.make_token(
            session,
            administrator,
            name="n",
            grants=[WORKER],
            ends_at=later(now, days=1),
            answered_by=who.account_id,
            now=now,
        )


@pytest.mark.parametrize("token", ["x", "bid_", "bid_" + "A" * 43])
def test_a_made_up_token_is_refused(session: Session, now: datetime, token: str) -> None:
    with pytest.raises(NotSignedIn):
        actor_of(session, cookie=None, bearer=token, now=now)


def test_a_wrong_token_is_not_rescued_by_a_good_cookie(session: Session, now: datetime) -> None:
    from tests.builders.accounts import signed_in

    cookie = signed_in(session, someone(session, now, "worker", WORKER), now).opened.cookie

    with pytest.raises(NotSignedIn):
        actor_of(session, cookie=cookie, bearer="bid_wrong", now=now)
