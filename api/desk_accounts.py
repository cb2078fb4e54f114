"""Pages of accounts: who has one, inviting somebody, roles given and ended, closing one, helping after a loss."""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk import accounts
from api.desk.accounts import Invited
from api.desk.forms import version_of
from api.desk.frame import to
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.accounts import grants, people
from core.errors import BadInput

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]


@router.api_route("/desk/accounts", methods=READ)
async def read_accounts(request: Request, after: str = "") -> Response:
    """Who has an account, page by page."""

    def show(visit: Visit) -> Response:
        lines, more = accounts.list_kept(visit, after[:36])
        return visit.page("accounts.html", lines=lines, more=more)

    return await shown(request, show)


@router.api_route("/desk/accounts/new", methods=READ)
async def read_new_account(request: Request) -> Response:
    """The form that opens an account."""
    return await shown(request, lambda visit: _new(visit, {}, None))


@router.post("/desk/accounts/new")
async def open_account(request: Request) -> Response:
    """Open an account; what has to be handed over is shown once."""
    return await sent(
        request, lambda visit, form: _invited(visit, accounts.open_kept(visit, form)), _new
    )


@router.api_route("/desk/accounts/{account_id}", methods=READ)
async def read_account(request: Request, account_id: str) -> Response:
    """One account and the roles it holds."""
    return await shown(request, lambda visit: _page(visit, account_id, {}, None))


@router.post("/desk/accounts/{account_id}")
async def keep_account(request: Request, account_id: str) -> Response:
    """Give or end a role, close or open the account, help after a loss."""

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _page(visit, account_id, form, refusal)

    return await sent(request, lambda visit, form: _act(visit, account_id, form), again)


def _act(visit: Visit, account_id: str, form: Form) -> Response:
    act, here = form.get("act", ""), to(f"/desk/accounts/{account_id}")
    session, actor, now = visit.session, visit.actor, visit.now
    if act == "invite":
        return _invited(visit, accounts.invite_again(visit, account_id))
    if act == "reset":
        return _invited(visit, accounts.reset(visit, account_id))
    if act == "give":
        accounts.give(visit, account_id, form)
    elif act == "end":
        grants.end_role(session, actor, account_id, given(form, "grant", 36), now=now)
    elif act in {"suspend", "restore"}:
        change = people.suspend if act == "suspend" else people.restore
        change(session, actor, account_id, expected_version=version_of(form), now=now)
    else:
        raise BadInput("/act", "choose_one")
    return here


def _new(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    status = 409 if refusal else 200
    return visit.page("account_new.html", status, refusal=refusal, given=form)


def _page(visit: Visit, account_id: str, form: Form, refusal: Refusal | None) -> Response:
    return visit.page(
        "account.html",
        409 if refusal else 200,
        refusal=refusal,
        account=accounts.read_kept(visit, account_id),
        roles=accounts.roles_to_give(visit),
        reaches=accounts.reaches(visit),
        given=form,
    )


def _invited(visit: Visit, invited: Invited) -> Response:
    return visit.page("invited.html", invited=invited)
