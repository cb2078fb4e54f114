"""Sittings in a member's own calendar program: a private address, made anew or ended by its owner."""

from fastapi import Request, Response

from api.dependencies import ActorDep, NowDep, SessionDep, settings_of
from api.fields import View
from api.routing import Reach, feature_router, reach
from core.errors import NotThere
from core.invitations import MEDIA, host_of, subscription
from panels.service import calendar

router = feature_router("", "calendar")
SELF = reach(Reach.SELF)
PUBLIC = reach(Reach.PUBLIC)
SECRET_LENGTH = 43


class CalendarAddressView(View):
    """The address a calendar program subscribes to; shown this once. Whoever has it reads when you sit."""

    address: str


@router.post("/me/calendar-address", status_code=201, openapi_extra=SELF)
def make_calendar_address(
    request: Request, session: SessionDep, actor: ActorDep, now: NowDep
) -> CalendarAddressView:
    """Make your private calendar address; the one before stops."""
    secret = calendar.make_address(session, actor, now=now)
    base = settings_of(request).public_url or str(request.base_url)
    return CalendarAddressView(address=f"{base.rstrip('/')}/calendars/{secret}.ics")


@router.delete("/me/calendar-address", status_code=204, openapi_extra=SELF)
def end_calendar_address(session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """End your private calendar address."""
    calendar.end_address(session, actor, now=now)


@router.get("/calendars/{secret}.ics", openapi_extra=PUBLIC, response_class=Response)
def fetch_calendar(secret: str, request: Request, session: SessionDep, now: NowDep) -> Response:
    """Fetch the sittings behind a private address: when, and which panel; nothing about a child."""
    client = request.client.host if request.client is not None else "unknown"
    if not request.app.state.calendars.may_ask(client) or len(secret) != SECRET_LENGTH:
        raise NotThere("calendar")
    found = calendar.read_calendar(session, secret, now=now)
    host = host_of(settings_of(request).mail_from or "")
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}
    text = subscription(found.title, found.meetings, host=host)
    return Response(text, 200, headers, f"{MEDIA}; charset=utf-8")
