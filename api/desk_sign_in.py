"""Pages to sign in with two factors, to sign out, to choose a language; and the files every page loads."""

from collections.abc import Callable
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.dependencies import cookie_name, database_of, now_of, settings_of
from api.desk import assets
from api.desk.frame import HOME, KEPT_FIELD, goal, html, languages_of, to
from api.desk.visit import Visit, sent
from api.portal.door import AT_DOOR, Form, address_of, at_door, device_of, form_of, name_of
from api.problems.reading import LANGUAGE
from core.accounts import sessions, sign_in
from core.accounts.sessions import Lifetime
from core.accounts.sign_in import Refused, SignedIn
from core.errors import DomainError

router = APIRouter(include_in_schema=False)
FormDep = Annotated[Form, Depends(form_of)]
READ: Final = ["GET", "HEAD"]
Found = TypeVar("Found")
FOR_A_YEAR: Final = "public, max-age=31536000, immutable"


@router.api_route("/", methods=READ)
async def lead_in() -> Response:
    """Lead whoever types the bare address to the first page."""
    return to(HOME)


@router.api_route("/assets/{mark}/{name}", methods=READ)
async def read_asset(request: Request, mark: str, name: str) -> Response:
    """Style sheet and scripts; kept by browsers for a year, because another content has another address."""
    del mark
    colour = settings_of(request).page_colour
    found = assets.sheet(colour) if name == assets.SHEET else assets.script(name)
    if found is None:
        return Response("", 404, {"Cache-Control": "no-store"})
    headers = {"Cache-Control": FOR_A_YEAR, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, 200, headers | {"Content-Encoding": "gzip"}, found.media)
    return Response(found.content, 200, headers, found.media)


@router.api_route("/desk/sign-in", methods=READ)
async def read_sign_in(request: Request) -> Response:
    """Name and password."""
    return html(request, "sign_in.html", failed=False, wait=0, back=HOME, kept={}, ended=False)


@router.post("/desk/sign-in")
async def begin_sign_in(request: Request, form: FormDep) -> Response:
    """The first of two steps; the answer never says what was wrong."""
    if not at_door(request, form):
        return _not_let_in(request, form, 0)
    now = now_of(request)

    def work() -> sign_in.Ticket | Refused:
        with database_of(request).unit_of_work() as session:
            return sign_in.begin(
                session, login=form.get("login", "")[:200], password=form.get("password", "")[:200],
                address=address_of(request), now=now,
            )  # fmt: skip

    found = await _tried(work)
    if isinstance(found, Refused):
        return _not_let_in(request, form, found.wait_seconds)
    return html(request, "code.html", ticket=found.token, back=_back(form), kept=_kept(form))


@router.post("/desk/sign-in/code")
async def complete_sign_in(request: Request, form: FormDep) -> Response:
    """The second step; whoever was writing when their session ended gets what they wrote again."""
    if not at_door(request, form):
        return _not_let_in(request, form, 0)
    settings, now = settings_of(request), now_of(request)
    old = request.cookies.get(cookie_name(settings))
    lifetime = Lifetime.of(
        idle_minutes=settings.session_idle_minutes, whole_hours=settings.session_hours
    )

    def work() -> tuple[SignedIn, bool] | Refused:
        with database_of(request).unit_of_work() as session:
            before = sessions.account_behind(session, old)
            found = sign_in.complete(
                session, ticket=form.get("ticket", "")[:100], code=form.get("code", "")[:40],
                address=address_of(request), device=device_of(request), replaces=old,
                lifetime=lifetime, now=now,
            )  # fmt: skip
            return found if isinstance(found, Refused) else (found, before == found.account_id)

    found = await _tried(work)
    if isinstance(found, Refused):
        return _not_let_in(request, form, found.wait_seconds)
    entered, is_same = found
    answer = to(_back(form)) if is_same or not _kept(form) else to(HOME)
    if is_same and _kept(
        form
    ):  # the browser sends the same fields on to the page they were typed on
        answer.status_code = 307
    answer.set_cookie(
        cookie_name(settings), entered.opened.cookie, path="/", secure=settings.secure_cookies,
        httponly=True, samesite="lax",
    )  # fmt: skip
    answer.delete_cookie(name_of(AT_DOOR, settings), secure=settings.secure_cookies, httponly=True)
    return answer


@router.post("/desk/sign-out")
async def sign_out(request: Request) -> Response:
    """End this session."""

    def act(visit: Visit, form: Form) -> Response:
        del form
        if visit.signed.session_id is not None:
            sessions.end_session(visit.session, visit.actor, visit.signed.session_id, now=visit.now)
        settings = settings_of(request)
        answer = to("/desk/signed-out")
        answer.delete_cookie(cookie_name(settings), secure=settings.secure_cookies, httponly=True)
        return answer

    answer = await sent(request, act, lambda *_: to(HOME))
    return to("/desk/signed-out") if answer.status_code == 401 else answer  # noqa: PLR2004  it had ended


@router.api_route("/desk/signed-out", methods=READ)
async def read_signed_out(request: Request) -> Response:
    """Say that the session is over."""
    return html(request, "signed_out.html")


@router.post("/desk/language")
async def choose_language(request: Request, form: FormDep) -> Response:
    """Keep the language a person chose, at their browser only."""
    settings, chosen = settings_of(request), form.get("language", "")
    answer = to(_back(form))
    if chosen in languages_of(settings):
        answer.set_cookie(
            LANGUAGE, chosen, max_age=31536000, path="/", secure=settings.secure_cookies,
            httponly=True, samesite="lax",
        )  # fmt: skip
    return answer


async def _tried(work: Callable[[], Found | Refused]) -> Found | Refused:
    try:
        return await run_in_threadpool(work)
    except DomainError:  # no possible name
        return Refused()


def _not_let_in(request: Request, form: Form, wait: int) -> Response:
    return html(
        request, "sign_in.html", 429 if wait else 403, failed=True, wait=wait, back=_back(form),
        kept=_kept(form), ended=False,
    )  # fmt: skip


def _back(form: Form) -> str:
    return goal(form.get("back", HOME))


def _kept(form: Form) -> dict[str, str]:
    return {name: text for name, text in form.items() if name.startswith(KEPT_FIELD)}
