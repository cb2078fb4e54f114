"""Giving and ending roles, opening and suspending accounts: what the services keep and refuse."""

from datetime import datetime

import pytest
from sqlmodel import Session, col, select

from core.accounts import directory, grants, people, tokens
from core.accounts.authenticate import actor_of
from core.accounts.errors import (
    ActOnOneself,
    AlreadyGranted,
    GrantToOneself,
    HigherAccount,
    LoginTaken,
    NotAccountKeeper,
    RoleNotYoursToGive,
    RolesDoNotMix,
)
from core.accounts.people import Contact
from core.accounts.tables import AccountRow, PersonRow
from core.actors import Actor, Grant, Role, ScopeKind
from core.audit import recorded
from core.errors import BadInput, NotThere, StaleWrite, WrongState
from core.outbox import OutboxRow
from core.vault import vault_of
from tests.builders.accounts import (
    OPERATOR,
    an_invited_account,
    country_wide,
    in_office,
    later,
    signed_in,
    someone,
)


def _held(session: Session, account_id: str, now: datetime) -> set[Grant]:
    view = people.read_account(session, OPERATOR, account_id, now=now)
    return {item.grant for item in view.grants}


def test_a_role_reaches_the_actor_who_signs_in(session: Session, now: datetime) -> None:
    who = someone(session, now)

    grants.give_role(session, OPERATOR, who.account_id, in_office(Role.SUPERVISOR), now=now)

    cookie = signed_in(session, who, now).opened.cookie
    actor = actor_of(session, cookie=cookie, bearer=None, now=now).actor
    assert actor.has_in({Role.SUPERVISOR}, office="ZM-07-LIV", country="ZM")


def test_an_administrator_cannot_give_themselves_a_case_role_through_another_account(
    session: Session, now: datetime
) -> None:
    administrator = someone(session, now, "admin.one", country_wide(Role.ADMINISTRATOR))
    second = an_invited_account(session, now, "admin.two", person_id=administrator.person_id)
    actor = administrator.actor(country_wide(Role.ADMINISTRATOR))

    with pytest.raises(GrantToOneself):
        grants.give_role(session, actor, second.account_id, in_office(Role.CASEWORKER), now=now)


def test_nobody_gives_a_case_role_to_the_person_behind_an_administrator(
    session: Session, now: datetime
) -> None:
    administrator = someone(session, now, "admin.one", country_wide(Role.ADMINISTRATOR))
    second = an_invited_account(session, now, "admin.two", person_id=administrator.person_id)

    with pytest.raises(RolesDoNotMix):
        grants.give_role(session, OPERATOR, second.account_id, in_office(Role.CASEWORKER), now=now)


def test_emergency_access_and_its_alert_are_two_persons_also_with_two_accounts(
    session: Session, now: datetime
) -> None:
    head = someone(session, now, "head", country_wide(Role.SECRETARIAT_HEAD))
    second = an_invited_account(session, now, "head.too", person_id=head.person_id)

    with pytest.raises(RolesDoNotMix):
        grants.give_role(
            session, OPERATOR, second.account_id, country_wide(Role.DATA_PROTECTION), now=now
        )


def test_a_role_still_to_come_counts_against_the_other_one(session: Session, now: datetime) -> None:
    who = someone(session, now)
    head = country_wide(Role.SECRETARIAT_HEAD)
    grants.give_role(
        session, OPERATOR, who.account_id, head, starts_at=later(now, days=30), now=now
    )

    with pytest.raises(RolesDoNotMix):
        grants.give_role(
            session, OPERATOR, who.account_id, country_wide(Role.DATA_PROTECTION), now=now
        )


def test_a_caseworker_gives_nothing_and_learns_nothing(session: Session, now: datetime) -> None:
    who = someone(session, now, "worker", in_office(Role.CASEWORKER))
    other = someone(session, now, "other")

    with pytest.raises(NotThere):
        grants.give_role(
            session,
            who.actor(in_office(Role.CASEWORKER)),
            other.account_id,
            in_office(Role.CASEWORKER),
            now=now,
        )


def test_a_supervisor_gives_work_in_the_own_office_only(session: Session, now: datetime) -> None:
    supervisor = someone(session, now, "supervisor", in_office(Role.SUPERVISOR))
    actor = supervisor.actor(in_office(Role.SUPERVISOR))
    who = someone(session, now, "worker")

    grants.give_role(session, actor, who.account_id, in_office(Role.CASEWORKER), now=now)

    with pytest.raises(RoleNotYoursToGive):
        grants.give_role(
            session, actor, who.account_id, in_office(Role.CASEWORKER, "ZM-03-CHP"), now=now
        )


def test_the_same_role_is_not_given_twice_but_again_after_it_lapsed(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    grant = in_office(Role.CASEWORKER)
    end = later(now, days=1)
    grants.give_role(session, OPERATOR, who.account_id, grant, ends_at=end, now=now)

    with pytest.raises(AlreadyGranted):
        grants.give_role(session, OPERATOR, who.account_id, grant, now=now)
    grants.give_role(session, OPERATOR, who.account_id, grant, now=end)

    assert grants.persons_with(session, grant.role, grant.scope, grant.ref, now=end) == [
        who.person_id
    ]


@pytest.mark.parametrize("days", [-1, 0])
def test_a_role_does_not_end_before_it_begins(session: Session, now: datetime, days: int) -> None:
    who = someone(session, now)

    with pytest.raises(BadInput):
        grants.give_role(
            session,
            OPERATOR,
            who.account_id,
            in_office(Role.CASEWORKER),
            ends_at=later(now, days=days),
            now=now,
        )


def test_no_role_is_given_for_an_office_the_country_does_not_have(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)

    with pytest.raises(BadInput) as refused:
        grants.give_role(
            session, OPERATOR, who.account_id, in_office(Role.CASEWORKER, "ZM-99-NOWHERE"), now=now
        )

    assert refused.value.code == "unknown_place"


def test_an_ended_role_is_gone_at_once_and_cannot_be_ended_again(
    session: Session, now: datetime
) -> None:
    who = someone(session, now)
    grant_id = grants.give_role(
        session, OPERATOR, who.account_id, in_office(Role.CASEWORKER), now=now
    )

    grants.end_role(session, OPERATOR, who.account_id, grant_id, now=now)

    assert _held(session, who.account_id, now) == set()
    with pytest.raises(NotThere):
        grants.end_role(session, OPERATOR, who.account_id, grant_id, now=now)


def test_people_may_lay_down_their_own_role(session: Session, now: datetime) -> None:
    who = someone(session, now)
    grant_id = grants.give_role(
        session, OPERATOR, who.account_id, in_office(Role.CASEWORKER), now=now
    )

    grants.end_role(
        session, who.actor(in_office(Role.CASEWORKER)), who.account_id, grant_id, now=now
    )

    assert _held(session, who.account_id, now) == set()


def test_a_supervisor_does_not_end_the_role_of_an_administrator(
    session: Session, now: datetime
) -> None:
    supervisor = someone(session, now, "supervisor", in_office(Role.SUPERVISOR))
    other = someone(session, now, "other")
    grant_id = grants.give_role(
        session, OPERATOR, other.account_id, country_wide(Role.ADMINISTRATOR), now=now
    )

    with pytest.raises(NotThere):
        grants.end_role(
            session,
            supervisor.actor(in_office(Role.SUPERVISOR)),
            other.account_id,
            grant_id,
            now=now,
        )


def test_holders_are_persons_in_use_with_exactly_this_reach_now(
    session: Session, now: datetime
) -> None:
    here = someone(session, now, "here", in_office(Role.SUPERVISOR))
    wide = someone(session, now, "wide", country_wide(Role.SUPERVISOR))
    someone(session, now, "there", in_office(Role.SUPERVISOR, "ZM-03-CHP"))
    gone = someone(session, now, "gone", in_office(Role.SUPERVISOR))
    people.suspend(session, OPERATOR, gone.account_id, now=now)
    soon = someone(session, now, "soon")
    grants.give_role(
        session,
        OPERATOR,
        soon.account_id,
        in_office(Role.SUPERVISOR),
        starts_at=later(now, days=1),
        now=now,
    )

    office = grants.persons_with(session, Role.SUPERVISOR, ScopeKind.OFFICE, "ZM-07-LIV", now=now)
    both = grants.persons_reaching(
        session, Role.SUPERVISOR, office="ZM-07-LIV", country="ZM", now=now
    )

    assert office == [here.person_id]
    assert set(both) == {here.person_id, wide.person_id}


def test_the_data_protection_officers_of_the_country_are_found(
    session: Session, now: datetime
) -> None:
    officer = someone(session, now, "officer", country_wide(Role.DATA_PROTECTION))

    assert grants.data_protection_officers(session, "ZM", now=now) == [officer.person_id]
    assert grants.data_protection_officers(session, "NA", now=now) == []


def test_data_protection_is_told_of_every_role_over_the_country(
    session: Session, now: datetime
) -> None:
    someone(session, now, "secretariat", country_wide(Role.SECRETARIAT))

    codes = [row.payload["code"] for row in session.exec(select(OutboxRow)).all()]

    assert codes == ["role_given.secretariat"]


def test_a_login_name_is_taken_once_in_whatever_case(session: Session, now: datetime) -> None:
    an_invited_account(session, now, "t.zimba")

    with pytest.raises(LoginTaken):
        an_invited_account(session, now, "T.ZIMBA")


@pytest.mark.parametrize("login", ["", "ab", "x" * 65, "two words", "semi;colon", "tab\tname"])
def test_an_unusable_login_name_is_refused(session: Session, now: datetime, login: str) -> None:
    with pytest.raises(BadInput):
        people.open_account(session, OPERATOR, login=login, contact=Contact("N"), now=now)


def test_names_login_names_and_contacts_are_not_readable_in_the_database(
    session: Session, now: datetime
) -> None:
    known = an_invited_account(session, now, "t.zimba")

    rows = f"{session.exec(select(PersonRow)).one()} {session.exec(select(AccountRow)).one()}"

    for word in ("imba", "handiwe", "example.org", "260"):
        assert word not in rows
    names = directory.names_of(session, OPERATOR, [known.person_id], now=now)
    assert names == {known.person_id: "Thandiwe Zimba"}


def test_erasing_a_person_leaves_an_account_without_a_name(session: Session, now: datetime) -> None:
    known = an_invited_account(session, now)
    vault_of(session).erase(session, known.person_id, now=now)
    session.flush()

    view = people.read_account(session, OPERATOR, known.account_id, now=now)

    assert (view.login, view.contact) == ("", Contact(""))
    assert directory.names_of(session, OPERATOR, [known.person_id], now=now) == {}


def test_the_directory_knows_machines_and_no_other_country(session: Session, now: datetime) -> None:
    administrator = someone(session, now, "admin", country_wide(Role.ADMINISTRATOR))
    made = tokens.make_token(
        session,
        administrator.actor(country_wide(Role.ADMINISTRATOR)),
        name="Helpline alerts",
        grants=[Grant(Role.FIRST_LINE, ScopeKind.OWN)],
        ends_at=later(now, days=30),
        now=now,
    )
    abroad = Actor("a", "p", "NA", frozenset())

    assert directory.names_of(session, OPERATOR, [made.id, "nobody"], now=now) == {
        made.id: "Helpline alerts"
    }
    assert directory.names_of(session, abroad, [administrator.person_id], now=now) == {}
    assert directory.contacts_of(session, OPERATOR, [administrator.person_id], now=now)
    assert recorded(session)[-1].action == "person.contact_read"


def test_only_account_keepers_open_accounts_and_only_administrators_for_known_persons(
    session: Session, now: datetime
) -> None:
    worker = someone(session, now, "worker", in_office(Role.CASEWORKER))
    supervisor = someone(session, now, "supervisor", in_office(Role.SUPERVISOR))

    for actor, person in (
        (worker.actor(in_office(Role.CASEWORKER)), None),
        (supervisor.actor(in_office(Role.SUPERVISOR)), worker.person_id),
    ):
        with pytest.raises(NotAccountKeeper):
            people.open_account(
                session, actor, login="new", contact=Contact("New"), person_id=person, now=now
            )


def test_an_account_of_another_country_is_not_there(session: Session, now: datetime) -> None:
    known = an_invited_account(session, now)
    abroad = Actor("a", "p", "NA", frozenset({Grant(Role.ADMINISTRATOR, ScopeKind.COUNTRY, "NA")}))

    for act in (people.read_account, people.suspend, people.restore):
        with pytest.raises(NotThere):
            act(session, abroad, known.account_id, now=now)
    with pytest.raises(NotThere):
        people.open_account(
            session, abroad, login="x.y", contact=Contact("X"), person_id=known.person_id, now=now
        )


def test_people_read_their_own_account_and_no_other(session: Session, now: datetime) -> None:
    mine, other = someone(session, now, "mine"), someone(session, now, "other")

    assert people.read_account(session, mine.actor(), mine.account_id, now=now).login == "mine"
    with pytest.raises(NotThere):
        people.read_account(session, mine.actor(), other.account_id, now=now)
    with pytest.raises(NotAccountKeeper):
        people.list_accounts(session, mine.actor(), now=now)


def test_accounts_are_listed_page_by_page(session: Session, now: datetime) -> None:
    for number in range(5):
        an_invited_account(session, now, f"person.{number}")

    first = people.list_accounts(session, OPERATOR, limit=3, now=now)
    second = people.list_accounts(session, OPERATOR, after=first[-1].id, limit=3, now=now)

    assert {view.login for view in first + second} == {f"person.{n}" for n in range(5)}
    assert len(second) == 2


def test_nobody_suspends_themselves_and_no_lower_role_a_higher_one(
    session: Session, now: datetime
) -> None:
    administrator = someone(session, now, "admin", country_wide(Role.ADMINISTRATOR))
    supervisor = someone(session, now, "supervisor", in_office(Role.SUPERVISOR))

    with pytest.raises(ActOnOneself):
        people.suspend(
            session,
            administrator.actor(country_wide(Role.ADMINISTRATOR)),
            administrator.account_id,
            now=now,
        )
    with pytest.raises(HigherAccount):
        people.suspend(
            session,
            supervisor.actor(in_office(Role.SUPERVISOR)),
            administrator.account_id,
            now=now,
        )


def test_an_account_is_suspended_once_and_restored_once(session: Session, now: datetime) -> None:
    who = someone(session, now)

    people.suspend(session, OPERATOR, who.account_id, now=now)
    with pytest.raises(WrongState):
        people.suspend(session, OPERATOR, who.account_id, now=now)
    people.restore(session, OPERATOR, who.account_id, now=now)
    with pytest.raises(WrongState):
        people.restore(session, OPERATOR, who.account_id, now=now)


def test_a_keeper_who_read_an_older_version_is_told(session: Session, now: datetime) -> None:
    who = someone(session, now)
    read = people.read_account(session, OPERATOR, who.account_id, now=now).version
    people.suspend(session, OPERATOR, who.account_id, expected_version=read, now=now)
    session.flush()

    with pytest.raises(StaleWrite):
        people.restore(session, OPERATOR, who.account_id, expected_version=read, now=now)


def test_who_gave_and_ended_a_role_stays_answerable(session: Session, now: datetime) -> None:
    who = someone(session, now)
    grant_id = grants.give_role(
        session, OPERATOR, who.account_id, in_office(Role.CASEWORKER), now=now
    )
    grants.end_role(session, OPERATOR, who.account_id, grant_id, now=now)

    done = [entry for entry in recorded(session) if entry.action.startswith("grant.")]

    assert [entry.action for entry in done] == ["grant.given", "grant.ended"]
    assert all(grant_id in entry.detail for entry in done)
    from core.accounts.tables import RoleGrantRow

    row = session.exec(select(RoleGrantRow).where(col(RoleGrantRow.id) == grant_id)).one()
    assert (row.given_by, row.ended_by) == (OPERATOR.person_id, OPERATOR.person_id)
