"""Signing in and out, and one's own account. A failure is counted, so it is answered, not raised."""

from typing import Annotated, Final

from fastapi import Request, Response
from pydantic import AwareDatetime, Field, SecretStr, StringConstraints

from api.dependencies import NowDep, SessionDep, SettingsDep, SignedDep, cookie_name
from api.fields import IdPath, Strict, View
from api.problems.answers import problem
from api.problems.catalogue import detail_of, problem_of
from api.routing import Reach, feature_router, reach
from core.accounts import invitations, people, sessions, sign_in
from core.accounts.credentials import csrf_token_of
from core.accounts.errors import PasswordRefused, SignInFailed, SlowDown
from core.accounts.second_factor import Enrolment
from core.accounts.sessions import Lifetime, Opened
from core.accounts.sign_in import Refused
from core.actors import Role, ScopeKind
from core.errors import DomainError
from core.settings import Settings

router = feature_router("", "sign-in")
SAME_SITE: Final = frozenset({"same-origin", "none"})
Password = Annotated[SecretStr, Field(min_length=1, max_length=200)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Digits = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class FirstStep(Strict):
    """Name and password."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    password: Password


class TicketView(View):
    """The password was right; send this with a code within five minutes."""

    ticket: str
    ends_at: AwareDatetime


class SecondStep(Strict):
    """Six digits of the authenticator app, or a recovery code."""

    ticket: Secret
    code: Digits


class SignedInView(View):
    """A session began; its cookie is set. ``csrf_token`` goes into ``X-CSRF-Token`` of every change."""

    session_id: str
    csrf_token: str
    ends_at: AwareDatetime
    recovery_codes_left: int | None = None
    recovery_codes: list[str] | None = None


class GrantHeld(View):
    """A role of the person signed in."""

    role: Role
    scope: ScopeKind
    ref: str


class MeView(View):
    """Who is signed in."""

    account_id: str
    person_id: str
    country: str
    is_human: bool
    login: str | None
    name: str | None
    grants: list[GrantHeld]
    csrf_token: str | None


class NewPassword(Strict):
    """The present password and the one that replaces it."""

    current_password: Password
    new_password: Password


class OwnPassword(Strict):
    """The present password, asked again before something weighty."""

    password: Password


class NewFactor(Strict):
    """The first code of the new authenticator app."""

    code: Digits


class EnrolmentView(View):
    """What the authenticator app needs; shown while setting up, never again."""

    secret: str
    otpauth_uri: str

    @classmethod
    def of(cls, enrolment: Enrolment) -> "EnrolmentView":
        """Show an enrolment."""
        return cls(secret=enrolment.secret, otpauth_uri=enrolment.uri)


class OwnSession(View):
    """One of one's own sessions."""

    id: str
    started_at: AwareDatetime
    seen_at: AwareDatetime
    ends_at: AwareDatetime
    is_this_one: bool


class OneTimeToken(Strict):
    """The token of an invitation."""

    token: Secret


class WelcomeView(View):
    """What somebody with an invitation sees before they accept it."""

    login: str
    secret: str
    otpauth_uri: str


class Acceptance(Strict):
    """Password and first code with which an account is set up."""

    token: Secret
    password: Password
    code: Digits


class RecoveryCodes(View):
    """Codes to be written down and kept on paper; shown once."""

    recovery_codes: list[str]


@router.post("/sign-in", openapi_extra=reach(Reach.PUBLIC), response_model=TicketView)
def begin_sign_in(
    body: FirstStep, request: Request, session: SessionDep, now: NowDep
) -> TicketView | Response:
    """Take the first step with name and password; the answer never says what was wrong."""
    if not _is_same_site(request):
        return _words(request, SignInFailed())
    result = sign_in.begin(
        session,
        login=body.login,
        password=body.password.get_secret_value(),
        address=_address(request),
        now=now,
    )
    if isinstance(result, Refused):
        return _refusal(request, result, SignInFailed())
    return TicketView(ticket=result.token, ends_at=result.ends_at)


@router.post("/sign-in/code", openapi_extra=reach(Reach.PUBLIC), response_model=SignedInView)
def complete_sign_in(
    *,
    body: SecondStep,
    request: Request,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    now: NowDep,
) -> SignedInView | Response:
    """Take the second step with a code; a session with a new id begins."""
    if not _is_same_site(request):
        return _words(request, SignInFailed())
    result = sign_in.complete(
        session,
        ticket=body.ticket,
        code=body.code,
        address=_address(request),
        device=_device(request),
        replaces=request.cookies.get(cookie_name(settings)),
        lifetime=_lifetime(settings),
        now=now,
    )
    if isinstance(result, Refused):
        return _refusal(request, result, SignInFailed())
    view = _set_cookie(response, settings, result.opened)
    return view.model_copy(update={"recovery_codes_left": result.recovery_codes_left})


@router.post("/invitations/open", openapi_extra=reach(Reach.PUBLIC))
def open_invitation(body: OneTimeToken, session: SessionDep, now: NowDep) -> WelcomeView:
    """Show what is needed to set the account up; uses nothing up."""
    welcome = invitations.open_invitation(session, body.token, now=now)
    shown = welcome.enrolment
    return WelcomeView(login=welcome.login, secret=shown.secret, otpauth_uri=shown.uri)


@router.post("/invitations/accept", openapi_extra=reach(Reach.PUBLIC))
def accept_invitation(body: Acceptance, session: SessionDep, now: NowDep) -> RecoveryCodes:
    """Choose the password and prove the app; the invitation is used up."""
    codes = invitations.accept_invitation(
        session, body.token, password=body.password.get_secret_value(), code=body.code, now=now
    )
    return RecoveryCodes(recovery_codes=list(codes))


@router.post("/sign-out", status_code=204, openapi_extra=reach(Reach.SELF))
def sign_out(
    signed: SignedDep, response: Response, session: SessionDep, settings: SettingsDep, now: NowDep
) -> None:
    """End this session."""
    if signed.session_id is not None:
        sessions.end_session(session, signed.actor, signed.session_id, now=now)
    response.delete_cookie(cookie_name(settings), secure=settings.secure_cookies, httponly=True)


@router.post("/sign-out/everywhere", status_code=204, openapi_extra=reach(Reach.SELF))
def sign_out_everywhere(
    signed: SignedDep, response: Response, session: SessionDep, settings: SettingsDep, now: NowDep
) -> None:
    """End all sessions of this account, on every device."""
    sessions.end_everywhere(session, signed.actor, now=now)
    response.delete_cookie(cookie_name(settings), secure=settings.secure_cookies, httponly=True)


@router.get("/me", openapi_extra=reach(Reach.SELF))
def who_am_i(
    signed: SignedDep, request: Request, session: SessionDep, settings: SettingsDep, now: NowDep
) -> MeView:
    """Say who is signed in, as what, and the token that changes need."""
    actor = signed.actor
    account = (
        people.read_account(session, actor, actor.account_id, now=now) if actor.is_human else None
    )
    cookie = request.cookies.get(cookie_name(settings))
    return MeView(
        account_id=actor.account_id,
        person_id=actor.person_id,
        country=actor.country,
        is_human=actor.is_human,
        login=account.login if account else None,
        name=account.contact.name if account else None,
        grants=[
            GrantHeld(role=g.role, scope=g.scope, ref=g.ref) for g in sorted(actor.grants, key=str)
        ],
        csrf_token=csrf_token_of(cookie) if cookie and signed.session_id else None,
    )


@router.post("/me/password", openapi_extra=reach(Reach.SELF), response_model=SignedInView)
def change_password(
    *,
    body: NewPassword,
    signed: SignedDep,
    request: Request,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    now: NowDep,
) -> SignedInView | Response:
    """Change one's own password; every session ends and this one goes on under a new id."""
    result = sign_in.change_password(
        session,
        signed.actor,
        current=body.current_password.get_secret_value(),
        new=body.new_password.get_secret_value(),
        address=_address(request),
        device=_device(request),
        lifetime=_lifetime(settings),
        now=now,
    )
    if isinstance(result, Refused):
        return _refusal(request, result, PasswordRefused())
    return _set_cookie(response, settings, result.opened)


@router.post("/me/second-factor", openapi_extra=reach(Reach.SELF), response_model=EnrolmentView)
def begin_second_factor(
    body: OwnPassword, signed: SignedDep, request: Request, session: SessionDep, now: NowDep
) -> EnrolmentView | Response:
    """Start replacing one's authenticator app; the old one works until the new one is confirmed."""
    result = sign_in.begin_second_factor(
        session,
        signed.actor,
        password=body.password.get_secret_value(),
        address=_address(request),
        now=now,
    )
    if isinstance(result, Refused):
        return _refusal(request, result, PasswordRefused())
    return EnrolmentView.of(result)


@router.post("/me/second-factor/confirmation", openapi_extra=reach(Reach.SELF))
def confirm_second_factor(
    *,
    body: NewFactor,
    signed: SignedDep,
    request: Request,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    now: NowDep,
) -> SignedInView:
    """Put the new app into use with its first code; old recovery codes are void, new ones are shown once."""
    opened, codes = sign_in.confirm_second_factor(
        session,
        signed.actor,
        code=body.code,
        device=_device(request),
        lifetime=_lifetime(settings),
        now=now,
    )
    view = _set_cookie(response, settings, opened)
    return view.model_copy(update={"recovery_codes": list(codes)})


@router.get("/me/sessions", openapi_extra=reach(Reach.SELF))
def list_own_sessions(signed: SignedDep, session: SessionDep, now: NowDep) -> list[OwnSession]:
    """Show where one is signed in, newest first."""
    return [
        OwnSession(
            id=view.id,
            started_at=view.started_at,
            seen_at=view.seen_at,
            ends_at=view.ends_at,
            is_this_one=view.id == signed.session_id,
        )
        for view in sessions.list_sessions(session, signed.actor, now=now)
    ]


@router.delete(
    "/me/sessions/{session_id}", status_code=204, openapi_extra=reach(Reach.SELF, ids=("session",))
)
def end_own_session(
    session_id: IdPath, signed: SignedDep, session: SessionDep, now: NowDep
) -> None:
    """End one of one's own sessions, for example on a lost phone."""
    sessions.end_session(session, signed.actor, session_id, now=now)


def _set_cookie(response: Response, settings: Settings, opened: Opened) -> SignedInView:
    response.set_cookie(
        cookie_name(settings),
        opened.cookie,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return SignedInView(
        session_id=opened.session_id, csrf_token=opened.csrf, ends_at=opened.ends_at
    )


def _refusal(request: Request, refused: Refused, error: DomainError) -> Response:
    """Answer a counted failure: returned, not raised, so that the count is committed."""
    if not refused.wait_seconds:
        return _words(request, error)
    answer = _words(request, SlowDown(refused.wait_seconds))
    answer.headers["Retry-After"] = str(refused.wait_seconds)
    return answer


def _words(request: Request, error: DomainError) -> Response:
    words = problem_of(error)
    return problem(request, words.status, words.slug, words.title, detail_of(error))


def _is_same_site(request: Request) -> bool:
    """Whether no other site's page sends this; a sign-in planted by another page is refused."""
    return request.headers.get("sec-fetch-site", "none") in SAME_SITE


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"


def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")


def _lifetime(settings: Settings) -> Lifetime:
    return Lifetime.of(
        idle_minutes=settings.session_idle_minutes, whole_hours=settings.session_hours
    )
