"""Accounts of a country and the roles they hold, for those who keep them. No case content is reachable from here."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Query
from pydantic import AwareDatetime, Field, StringConstraints

from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep, VersionDep
from api.fields import Id, IdPath, Line, Strict, View
from api.routing import Reach, feature_router, reach
from core.accounts import directory, grants, invitations, people
from core.accounts.invitations import Invitation
from core.accounts.people import AccountView as Account
from core.accounts.people import Contact
from core.actors import Grant, Role, ScopeKind
from panels.service.panels import require_panel

router = feature_router("/accounts", "accounts")
ADMIN: Final = reach(Reach.ADMIN)
Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{0,64}$")]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
]


class NewAccount(Strict):
    """An account for a new person, or with ``person_id`` a further one of a known person."""

    login: Annotated[str, StringConstraints(min_length=3, max_length=64)]
    name: Line
    email: Annotated[str, StringConstraints(max_length=200)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    person_id: Id | None = None


class NewGrant(Strict):
    """A role with its reach: ``own`` has no reference; an office, panel or country names one."""

    role: Role
    scope: ScopeKind
    ref: Ref = ""
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class GivenGrant(View):
    """A role an account holds or will hold."""

    id: str
    role: Role
    scope: ScopeKind
    ref: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None
    given_by: str


class AccountView(View):
    """An account as its keeper sees it."""

    id: str
    person_id: str
    login: str
    name: str
    email: str
    phone: str
    state: str
    grants: list[GivenGrant]
    version: int

    @classmethod
    def of(cls, account: Account) -> "AccountView":
        """Show an account."""
        return cls(
            id=account.id,
            person_id=account.person_id,
            login=account.login,
            name=account.contact.name,
            email=account.contact.email,
            phone=account.contact.phone,
            state=account.state,
            grants=[
                GivenGrant(
                    id=item.id,
                    role=item.grant.role,
                    scope=item.grant.scope,
                    ref=item.grant.ref,
                    starts_at=item.starts_at,
                    ends_at=item.ends_at,
                    given_by=item.given_by,
                )
                for item in account.grants
            ],
            version=account.version,
        )


class AccountPage(View):
    """A page of accounts; ``next`` is the cursor of the following one."""

    items: list[AccountView]
    next: str | None


class InvitationView(View):
    """A one-time token to hand to the person; shown once, good for three days."""

    account_id: str
    person_id: str
    token: str
    ends_at: AwareDatetime

    @classmethod
    def of(cls, account_id: str, invitation: Invitation) -> "InvitationView":
        """Show an invitation."""
        return cls(
            account_id=account_id, person_id=invitation.person_id,
            token=invitation.token, ends_at=invitation.ends_at,
        )  # fmt: skip


class GrantId(View):
    """The id of a role just given."""

    id: str


class Name(View):
    """The display name of a person, or of a machine."""

    person_id: str
    name: str


@router.get("", openapi_extra=ADMIN)
def list_accounts(
    actor: ActorDep, session: SessionDep, paging: PagingDep, now: NowDep
) -> AccountPage:
    """List the accounts of the country, page by page."""
    found = people.list_accounts(
        session, actor, after=paging.cursor or "", limit=paging.limit, now=now
    )
    following = found[-1].id if len(found) == paging.limit else None
    return AccountPage(items=[AccountView.of(account) for account in found], next=following)


@router.post("", status_code=201, openapi_extra=ADMIN)
def open_account(
    body: NewAccount, actor: ActorDep, session: SessionDep, now: NowDep
) -> InvitationView:
    """Open an account and make its invitation."""
    account_id = people.open_account(
        session,
        actor,
        login=body.login,
        contact=Contact(body.name, body.email, body.phone),
        person_id=body.person_id,
        now=now,
    )
    invitation = invitations.invite(session, actor, account_id, now=now)
    return InvitationView.of(account_id, invitation)


@router.get("/names", openapi_extra=reach(Reach.SELF))
def names_of_people(
    actor: ActorDep,
    session: SessionDep,
    now: NowDep,
    person: Annotated[list[Id], Query(min_length=1, max_length=100)],
) -> list[Name]:
    """Give the display names of colleagues; unknown ids are left out, every look is recorded."""
    found = directory.names_of(session, actor, person, now=now)
    return [Name(person_id=key, name=found[key]) for key in sorted(found)]


@router.get("/{account_id}", openapi_extra=ADMIN)
def read_account(
    account_id: IdPath, actor: ActorDep, session: SessionDep, now: NowDep
) -> AccountView:
    """Show one account and the roles it holds."""
    return AccountView.of(people.read_account(session, actor, account_id, now=now))


@router.post("/{account_id}/invitation", status_code=201, openapi_extra=ADMIN)
def invite_again(
    account_id: IdPath, actor: ActorDep, session: SessionDep, now: NowDep
) -> InvitationView:
    """Make a new invitation for an account not set up yet; the earlier one stops working."""
    return InvitationView.of(account_id, invitations.invite(session, actor, account_id, now=now))


@router.post("/{account_id}/reset", status_code=201, openapi_extra=ADMIN)
def reset_account(
    account_id: IdPath, actor: ActorDep, session: SessionDep, now: NowDep
) -> InvitationView:
    """Take password and second factor away after a loss, and make a new invitation."""
    return InvitationView.of(account_id, invitations.reset(session, actor, account_id, now=now))


@router.post("/{account_id}/suspension", openapi_extra=ADMIN)
def suspend_account(
    account_id: IdPath, actor: ActorDep, session: SessionDep, version: VersionDep, now: NowDep
) -> AccountView:
    """Close an account at once; its sessions end and its tokens are revoked."""
    people.suspend(session, actor, account_id, expected_version=version, now=now)
    return AccountView.of(people.read_account(session, actor, account_id, now=now))


@router.post("/{account_id}/restoration", openapi_extra=ADMIN)
def restore_account(
    account_id: IdPath, actor: ActorDep, session: SessionDep, version: VersionDep, now: NowDep
) -> AccountView:
    """Let a suspended account sign in again."""
    people.restore(session, actor, account_id, expected_version=version, now=now)
    return AccountView.of(people.read_account(session, actor, account_id, now=now))


@router.post("/{account_id}/grants", status_code=201, openapi_extra=ADMIN)
def give_role(
    account_id: IdPath, body: NewGrant, actor: ActorDep, session: SessionDep, now: NowDep
) -> GrantId:
    """Give an account a role; its sessions end, so that the role counts from the next sign-in."""
    if body.scope is ScopeKind.PANEL:
        require_panel(session, body.ref, actor.country)
    grant_id = grants.give_role(
        session,
        actor,
        account_id,
        Grant(body.role, body.scope, body.ref),
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        now=now,
    )
    return GrantId(id=grant_id)


@router.delete("/{account_id}/grants/{grant_id}", status_code=204, openapi_extra=ADMIN)
def end_role(
    account_id: IdPath, grant_id: IdPath, actor: ActorDep, session: SessionDep, now: NowDep
) -> None:
    """End a role at once; one's own may be laid down as well."""
    grants.end_role(session, actor, account_id, grant_id, now=now)
