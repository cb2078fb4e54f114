"""What is for you: notices to this person and to the roles this account holds, until they are read.

A notice says what it is about by codes and opaque ids only; whoever may see the case opens it by its id.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Response

from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep
from api.fields import IdPath, Strict, View
from api.problems.answers import in_language
from api.problems.notices import words_for
from api.routing import Reach, feature_router, reach
from cases.service.cursors import read_cursor, write_cursor
from core import notice_wishes, notices
from core.notice_wishes import ByMail
from transfers.service.board import closed_to

router = feature_router("", "notices")
SELF = reach(Reach.SELF)


class NoticeView(View):
    """One notice: what happened (`topic`, in words `text`), to which case, sitting or account, and its codes."""

    id: str
    topic: str
    text: str
    subject: str
    facts: dict[str, str | int | bool | None]
    made_at: datetime
    read_at: datetime | None


class NoticePageView(View):
    """One page of notices, newest first."""

    items: list[NoticeView]
    cursor: str | None


class WishesBody(Strict):
    """How much also comes by mail: everything, what is about sittings and papers, or only what cannot wait."""

    by_mail: ByMail


class WishesView(View):
    """What you wished; ``changed_at`` is null while nothing was."""

    by_mail: ByMail
    changed_at: datetime | None


@router.get("/notices", openapi_extra=SELF)
def list_notices(
    session: SessionDep,
    actor: ActorDep,
    paging: PagingDep,
    response: Response,
    unread: Annotated[bool, Query(description="Leave out what was read already.")] = True,
) -> NoticePageView:
    """Read what is for you and your roles, newest first, in the language you ask for (`Accept-Language`)."""
    response.headers.update(in_language())
    found = notices.notices_for(
        session,
        actor,
        unread_only=unread,
        limit=paging.limit + 1,
        after=read_cursor(paging.cursor) if paging.cursor else None,
        closed=closed_to(session, actor),
    )
    shown = found[: paging.limit]
    more = len(found) > paging.limit
    return NoticePageView(
        items=[_view(notice) for notice in shown],
        cursor=write_cursor(shown[-1].made_at, shown[-1].id) if more else None,
    )


@router.post("/notices/{notice_id}/read", status_code=204, openapi_extra=SELF)
def read_notice(notice_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Say that you read a notice; one for a role is then read for everyone who holds it there."""
    closed = closed_to(session, actor)
    notices.mark_read(session, actor, notice_id, now=now, closed=closed)


@router.get("/me/notice-wishes", openapi_extra=SELF)
def read_wishes(session: SessionDep, actor: ActorDep) -> WishesView:
    """Read which of your notices also come by mail."""
    found = notice_wishes.wish_of(session, actor)
    return WishesView(by_mail=found.by_mail, changed_at=found.changed_at)


@router.put("/me/notice-wishes", status_code=204, openapi_extra=SELF)
def wish(body: WishesBody, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Say which of your notices also come by mail; what cannot wait always does."""
    notice_wishes.wish(session, actor, body.by_mail, now=now)


def _view(notice: notices.Notice) -> NoticeView:
    return NoticeView(
        id=notice.id,
        topic=notice.topic,
        text=words_for(notice.topic, notice.facts),
        subject=notice.subject,
        facts=dict(notice.facts),
        made_at=notice.made_at,
        read_at=notice.read_at,
    )
