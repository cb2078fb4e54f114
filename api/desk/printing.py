"""Papers opened from pages: type is set while nothing is held in the database, as for the papers of the API.

Source: DOM-R50, decision 0026.
"""

from collections.abc import Callable

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from api.dependencies import settings_of
from api.desk.visit import Visit, refused, shown
from api.papers import pdf
from api.routing import is_in_advance
from core.papers.issuing import Desk, Issued
from core.papers.issuing import desk as desk_of
from core.papers.press import the_press
from core.papers.setting import (
    MOST_LOOKS,
    NotSetYet,
    OpenedInAdvance,
    PaperKeptChanging,
    SetOutside,
)
from transfers.service import paper_proof

Print = Callable[[Visit, Desk], Issued]


async def printed(request: Request, make: Print) -> Response:
    """Give a paper to somebody signed in; nothing is printed for a browser that reads ahead.

    The record is looked at, what is not set yet is set outside any unit of work, and the look that finds everything
    is kept.
    """
    if is_in_advance(request):
        return await run_in_threadpool(refused, request, OpenedInAdvance())
    setting = SetOutside(the_press())
    desk = desk_of(address=settings_of(request).public_url, sign=paper_proof.sign, press=setting)
    for _ in range(MOST_LOOKS):
        try:
            return await shown(request, lambda visit: pdf(make(visit, desk)))
        except NotSetYet:
            await run_in_threadpool(setting.set_all)
            if hasattr(request.state, "now"):  # each look reads the clock
                del request.state.now
    return await run_in_threadpool(refused, request, PaperKeptChanging())
