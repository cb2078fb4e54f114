"""Tokens under which other systems call this API. A person answers for each; none of them is a person."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from api.accounts import Moment, Ref
from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep
from api.fields import IdPath, Line, Strict, View
from api.routing import Reach, feature_router, reach
from core.accounts import tokens
from core.actors import Grant, Role, ScopeKind

router = feature_router("/tokens", "tokens")


class MachineRole(Strict):
    """A role of a machine, with its reach."""

    role: Role
    scope: ScopeKind
    ref: Ref = ""


class NewToken(Strict):
    """A token to be made: a name people recognise, what it acts as, and an end within a year."""

    name: Annotated[Line, Field(max_length=60)]
    grants: Annotated[list[MachineRole], Field(min_length=1, max_length=20)]
    ends_at: Moment


class MadeToken(View):
    """A token just made; ``token`` is shown this once."""

    id: str
    token: str
    ends_at: AwareDatetime


class MachineRoleView(View):
    """A role of a machine."""

    role: Role
    scope: ScopeKind
    ref: str


class TokenView(View):
    """A token in the list, without its secret."""

    id: str
    name: str
    answered_by: str
    grants: list[MachineRoleView]
    made_at: AwareDatetime
    ends_at: AwareDatetime
    used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class TokenPage(View):
    """A page of tokens; ``next`` is the cursor of the following one."""

    items: list[TokenView]
    next: str | None


@router.get("", openapi_extra=reach(Reach.SELF))
def list_tokens(actor: ActorDep, session: SessionDep, paging: PagingDep, now: NowDep) -> TokenPage:
    """List tokens: one's own, or for an administrator all of the country."""
    found = tokens.list_tokens(
        session, actor, after=paging.cursor or "", limit=paging.limit, now=now
    )
    following = found[-1].id if len(found) == paging.limit else None
    return TokenPage(items=[TokenView.model_validate(view) for view in found], next=following)


@router.post("", status_code=201, openapi_extra=reach(Reach.SELF))
def make_token(body: NewToken, actor: ActorDep, session: SessionDep, now: NowDep) -> MadeToken:
    """Make a token with no more than one's own reach."""
    made = tokens.make_token(
        session,
        actor,
        name=body.name,
        grants=[Grant(item.role, item.scope, item.ref) for item in body.grants],
        ends_at=body.ends_at,
        now=now,
    )
    return MadeToken.model_validate(made)


@router.delete("/{token_id}", status_code=204, openapi_extra=reach(Reach.SELF, ids=("token",)))
def revoke_token(token_id: IdPath, actor: ActorDep, session: SessionDep, now: NowDep) -> None:
    """Make a token worthless at once."""
    tokens.revoke_token(session, actor, token_id, now=now)
