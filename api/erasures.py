"""Files that have been kept long enough; asking for an erasure and answering it are under ``/cases``."""

import re
from datetime import date

from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep
from api.fields import UUID, View
from api.routing import Reach, feature_router, reach
from cases.service import erasure
from core.errors import BadInput

router = feature_router("/erasures", "erasures")


class DueFileView(View):
    """A file that may go. ``child_code`` is what a request to erase it names."""

    case_id: str
    child_code: str
    office: str
    state: str
    retain_until: date
    is_asked: bool


class DueFilePage(View):
    """One page, longest kept first."""

    items: list[DueFileView]
    cursor: str | None


@router.get("/due", openapi_extra=reach(Reach.OFFICE))
def list_due(
    *, session: SessionDep, actor: ActorDep, now: NowDep, paging: PagingDep
) -> DueFilePage:
    """List the files of your country that have been kept long enough. None is erased by itself."""
    after = _own(paging.cursor)
    found = erasure.list_due(session, actor, now=now, limit=paging.limit + 1, after=after)
    shown = found[: paging.limit]
    return DueFilePage(
        items=[DueFileView.model_validate(one) for one in shown],
        cursor=shown[-1].case_id if len(found) > paging.limit else None,
    )


def _own(cursor: str | None) -> str:
    if cursor is not None and not re.fullmatch(UUID, cursor):
        raise BadInput(pointer="/query/cursor", code="not_a_cursor")
    return cursor or ""
