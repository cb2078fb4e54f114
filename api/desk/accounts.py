"""Accounts and the roles they hold, as their keepers see them; nothing about a child is reachable from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from api.desk.forms import day_in, has_typed_day
from api.desk.visit import Visit, given
from api.portal.door import Form
from core.accounts import grants, invitations, people, roles
from core.accounts.invitations import Invitation
from core.accounts.people import AccountView, Contact, GrantView
from core.accounts.tables import ACTIVE, INVITED, SUSPENDED
from core.actors import Grant, Role, ScopeKind
from core.errors import BadInput
from panels.service import panels

SHOWN: Final = 50
PANELS: Final = 200


@dataclass(frozen=True)
class Held:
    """A role an account holds or will hold, in words, and who gave it."""

    id: str
    role: str
    reach: str
    term: str
    given_by: str


@dataclass(frozen=True)
class Kept:
    """One account.

    Args:
        can: acts that fit the state it is in; whether this person may do them the service says.
    """

    id: str
    version: int
    name: str
    login: str
    email: str
    phone: str
    state: str
    held: tuple[Held, ...]
    can: tuple[str, ...]


@dataclass(frozen=True)
class Invited:
    """What is handed to a person once, and until when it can be used."""

    login: str
    token: str
    ends: str


def list_kept(visit: Visit, after: str) -> tuple[tuple[Kept, ...], str]:
    """Return a page of accounts, and after which one the next page begins; empty when there is none."""
    found = people.list_accounts(
        visit.session, visit.actor, after=after, limit=SHOWN + 1, now=visit.now
    )
    shown = found[:SHOWN]
    names = _panel_names(visit)
    more = shown[-1].id if len(found) > SHOWN else ""
    return tuple(_kept(visit, one, names) for one in shown), more


def read_kept(visit: Visit, account_id: str) -> Kept:
    """Return one account with its roles."""
    found = people.read_account(visit.session, visit.actor, account_id, now=visit.now)
    visit.names([item.given_by for item in found.grants])
    return _kept(visit, found, _panel_names(visit))


def open_kept(visit: Visit, form: Form) -> Invited:
    """Open an account for a new person and make its invitation."""
    name = given(form, "name", 200)
    if not name:
        raise BadInput("/name", "needs_a_name")
    login = given(form, "login", 64)
    account_id = people.open_account(
        visit.session, visit.actor, login=login, now=visit.now,
        contact=Contact(name, given(form, "email", 200), given(form, "phone", 40)),
    )  # fmt: skip
    return _invited(
        visit, login, invitations.invite(visit.session, visit.actor, account_id, now=visit.now)
    )


def invite_again(visit: Visit, account_id: str) -> Invited:
    """Make a new invitation for an account not set up yet."""
    made = invitations.invite(visit.session, visit.actor, account_id, now=visit.now)
    return _invited(visit, _login(visit, account_id), made)


def reset(visit: Visit, account_id: str) -> Invited:
    """Take password and second factor away after a loss, and make a new invitation."""
    made = invitations.reset(visit.session, visit.actor, account_id, now=visit.now)
    return _invited(visit, _login(visit, account_id), made)


def give(visit: Visit, account_id: str, form: Form) -> None:
    """Give a role with its reach, until somebody ends it or until a day."""
    grant = Grant(_role(form), *_reach(form))
    if grant.scope is ScopeKind.PANEL:
        panels.require_panel(visit.session, grant.ref, visit.actor.country)
    grants.give_role(
        visit.session, visit.actor, account_id, grant, ends_at=_last_day(visit, form), now=visit.now
    )


def roles_to_give(visit: Visit) -> Sequence[tuple[str, str]]:
    """Return the roles this person may give to somebody, with their words."""
    mine = {role for own in visit.actor.grants for role in roles.MAY_GIVE.get(own.role, ())}
    return sorted(
        ((str(role), visit.words.of("role", role)) for role in mine), key=lambda pair: pair[1]
    )


def reaches(visit: Visit) -> Sequence[tuple[str, str]]:
    """Return how far a role may reach: own cases, the country, an office, a panel."""
    words, country = visit.words, visit.actor.country
    places = sorted(((f"office:{code}", place.name) for code, place in visit.pack.places.items()),
                    key=lambda pair: pair[1])  # fmt: skip
    return (
        ("own:", words("reach.own")),
        (f"country:{country}", words.country(country)),
        *((code, words("reach.office", name=name)) for code, name in places),
        *((f"panel:{ref}", name) for ref, name in sorted(_panel_names(visit).items())),
    )


def _kept(visit: Visit, found: AccountView, names: Mapping[str, str]) -> Kept:
    can = {
        INVITED: ("invite", "suspend"), ACTIVE: ("reset", "suspend"), SUSPENDED: ("restore",)
    }.get(found.state, ())  # fmt: skip
    own = found.person_id == visit.actor.person_id
    return Kept(
        id=found.id, version=found.version, name=found.contact.name or visit.words("someone"),
        login=found.login, email=found.contact.email, phone=found.contact.phone,
        state=found.state, held=tuple(_held(visit, one, names) for one in found.grants),
        can=() if own or not roles.is_keeper(visit.actor) else can,
    )  # fmt: skip


def _held(visit: Visit, item: GrantView, names: Mapping[str, str]) -> Held:
    words, grant = visit.words, item.grant
    reach = {
        ScopeKind.OWN: words("reach.own"),
        ScopeKind.OFFICE: visit.place(grant.ref),
        ScopeKind.PANEL: names.get(grant.ref, words("reach.panel")),
        ScopeKind.COUNTRY: words.country(grant.ref),
    }[grant.scope]
    since = words("term.since", day=_day(visit, item.starts_at))
    until = words("term.until", day=_day(visit, item.ends_at)) if item.ends_at else ""
    by = visit.name(item.given_by)
    return Held(item.id, words.of("role", grant.role), reach, f"{since} {until}".strip(), by)


def _day(visit: Visit, at: datetime) -> str:
    return visit.words.day(at.astimezone(ZoneInfo(visit.zone)).date())


def _panel_names(visit: Visit) -> dict[str, str]:
    found = panels.list_panels(visit.session, visit.actor, now=visit.now, limit=PANELS)
    return {row.id: row.name for row in found}


def _login(visit: Visit, account_id: str) -> str:
    return people.read_account(visit.session, visit.actor, account_id, now=visit.now).login


def _invited(visit: Visit, login: str, made: Invitation) -> Invited:
    return Invited(login, made.token, visit.words.at(made.ends_at, visit.zone))


def _role(form: Form) -> Role:
    try:
        return Role(form.get("role", ""))
    except ValueError as error:
        raise BadInput("/role", "choose_one") from error


def _reach(form: Form) -> tuple[ScopeKind, str]:
    scope, _, ref = form.get("reach", "").partition(":")
    try:
        return ScopeKind(scope), ref[:64]
    except ValueError as error:
        raise BadInput("/reach", "choose_one") from error


def _last_day(visit: Visit, form: Form) -> datetime | None:
    """Return the end of a role's last day by the clock of the country; None where no day was written."""
    if not has_typed_day(form, "until"):
        return None
    day = day_in(form, "until")
    if day is None:
        raise BadInput("/until-day", "day_needed")
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(visit.zone)).astimezone(UTC)
