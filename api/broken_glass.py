"""Files opened by force, for data protection officers; opening one is under ``/cases``."""

import re
from datetime import datetime

from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep
from api.fields import UUID, IdPath, View
from api.routing import Reach, feature_router, reach
from cases.service import broken_glass as service
from core.errors import BadInput

router = feature_router("/broken-glass", "broken-glass")
OFFICE = reach(Reach.OFFICE)


class OpeningView(View):
    """One file opened by force, without the reason."""

    id: str
    case_id: str
    child_code: str
    office: str
    opened_by: str
    from_at: datetime
    until_at: datetime | None


class OpeningPage(View):
    """One page, newest first."""

    items: list[OpeningView]
    cursor: str | None


class ReasonView(View):
    """One file opened by force, and why; ``reason`` is empty once the file was erased."""

    opening: OpeningView
    reason: str


@router.get("", openapi_extra=OFFICE)
def list_openings(
    *, session: SessionDep, actor: ActorDep, now: NowDep, paging: PagingDep
) -> OpeningPage:
    """List the files of your country that were opened by force."""
    if paging.cursor is not None and not re.fullmatch(UUID, paging.cursor):
        raise BadInput(pointer="/query/cursor", code="not_a_cursor")
    found = service.list_broken_glass(
        session, actor, now=now, limit=paging.limit + 1, after=paging.cursor or ""
    )
    shown = found[: paging.limit]
    return OpeningPage(
        items=[OpeningView.model_validate(one) for one in shown],
        cursor=shown[-1].id if len(found) > paging.limit else None,
    )


@router.get("/{access_id}", openapi_extra=OFFICE)
def read_reason(
    *, access_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> ReasonView:
    """Read why a file was opened by force; the reading is on record."""
    return ReasonView.model_validate(service.read_reason(session, actor, access_id, now=now))
