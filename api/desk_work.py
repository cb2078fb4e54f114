"""Pages of the day's work: what waits for me, what is late and who holds it, children in detention."""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk import panel_work, work
from api.desk.frame import to
from api.desk.inbox_page import waiting_abroad
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from cases.service import tasks

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]


@router.api_route("/desk", methods=READ)
async def read_work(request: Request) -> Response:
    """My work today."""
    return await shown(request, _work)


@router.api_route("/desk/waiting", methods=READ)
async def read_waiting(request: Request, after: str | None = None) -> Response:
    """All that waits for me, page by page."""
    return await shown(
        request, lambda visit: visit.page("waiting.html", found=work.mine(visit, after))
    )


@router.api_route("/desk/late", methods=READ)
async def read_late(request: Request, after: str | None = None) -> Response:
    """All that is late, page by page."""
    return await shown(
        request, lambda visit: visit.page("late.html", found=work.late(visit, after))
    )


@router.post("/desk/work/done")
async def finish_task(request: Request) -> Response:
    """Say that a piece of work is done."""

    def act(visit: Visit, form: Form) -> Response:
        version = given(form, "version")
        tasks.finish_my_task(
            visit.session, visit.actor, given(form, "task"), now=visit.now,
            expected_version=int(version) if version.isdecimal() else 0,
        )  # fmt: skip
        return to("/desk")

    return await sent(request, act, _work_again)


@router.api_route("/desk/{rest:path}", methods=READ)
async def nothing_here(request: Request, rest: str) -> Response:
    """Every other address under these pages: a page all the same, for people who copied one wrongly."""
    del rest
    return await shown(request, lambda visit: visit.page("not_there.html", 404))


def _work(visit: Visit) -> Response:
    return _page(visit, None)


def _work_again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    del form
    return _page(visit, refusal)


def _page(visit: Visit, refusal: Refusal | None) -> Response:
    return visit.page(
        "work.html",
        409 if refusal else 200,
        refusal=refusal,
        detained=work.detained(visit),
        mine=work.mine(visit),
        late=work.late(visit),
        abroad=waiting_abroad(visit),
        around=panel_work.lines(visit),
        today=visit.words.weekday(visit.now, visit.zone),
    )
