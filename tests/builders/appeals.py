"""People who hear appeals: with an account, because the body is found by the roles people hold."""

from datetime import datetime

from sqlmodel import Session

from core.accounts import grants, store
from core.accounts.tables import ACTIVE, PersonRow
from core.actors import Actor, Role
from core.vault import vault_of
from tests.builders.accounts import OPERATOR, an_invited_account, country_wide
from tests.conftest import NOON


def in_secretariat(
    session: Session,
    role: Role = Role.SECRETARIAT_HEAD,
    *,
    login: str = "head",
    person_id: str | None = None,
    now: datetime = NOON,
) -> Actor:
    """Somebody of the national secretariat with an account in use."""
    if person_id is not None and store.person(session, person_id) is None:
        vault_of(session).ensure_key(session, person_id, now=now)
        session.add(PersonRow(id=person_id, country="ZM", restricted=b"", created_at=now))
        session.flush()
    known = an_invited_account(session, now, login, person_id=person_id)
    account = store.account(session, known.account_id)
    assert account is not None
    account.state = ACTIVE
    session.add(account)
    grants.give_role(session, OPERATOR, known.account_id, country_wide(role), now=now)
    session.flush()
    return known.actor(country_wide(role))
