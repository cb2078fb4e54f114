"""Pages of the data protection officer: who did and saw what, files opened by force, keeping and erasing files."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk import traces
from api.desk.frame import HEADERS, to
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from cases.service import broken_glass, erasure
from cases.service.broken_glass import BrokenGlass, Finding
from cases.service.erasure import ErasureGround
from core.errors import BadInput

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
SHOWN: Final = 50
FILE: Final = {
    **HEADERS,
    "Content-Disposition": 'attachment; filename="acts.csv"',
    "X-Content-Type-Options": "nosniff",
}


@router.api_route("/desk/traces", methods=READ)
async def read_traces(request: Request) -> Response:
    """The form to look up who did and saw what."""
    return await shown(request, lambda visit: _traces(visit, {}, None, None))


@router.post("/desk/traces")
async def look_up(request: Request) -> Response:
    """Look up who did and saw what; what is looked for never stands in an address."""

    def act(visit: Visit, form: Form) -> Response:
        if form.get("act") == "export":
            lines, _ = traces.search(visit, form, export=True)
            return Response(traces.as_file(visit, lines), 200, FILE, "text/csv; charset=utf-8")
        return _traces(visit, form, traces.search(visit, form), None)

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _traces(visit, form, None, refusal)

    return await sent(request, act, again)


@router.api_route("/desk/opened-by-force", methods=READ)
async def read_openings(request: Request, after: str = "") -> Response:
    """The files that were opened in an emergency, and what was found about each."""

    def show(visit: Visit) -> Response:
        found = broken_glass.list_broken_glass(
            visit.session, visit.actor, now=visit.now, limit=SHOWN + 1, after=after[:36]
        )
        people = [name for one in found for name in (one.opened_by, one.found_by)]
        visit.names(list(people))
        lines = [_opening(visit, one) for one in found[:SHOWN]]
        more = found[SHOWN - 1].id if len(found) > SHOWN else ""
        return visit.page("openings.html", lines=lines, more=more)

    return await shown(request, show)


@router.api_route("/desk/opened-by-force/{access_id}", methods=READ)
async def read_opening(request: Request, access_id: str) -> Response:
    """Why one file was opened; reading it is on record."""
    return await shown(request, lambda visit: _reason(visit, access_id, {}, None))


@router.post("/desk/opened-by-force/{access_id}")
async def review_opening(request: Request, access_id: str) -> Response:
    """Put on record what was found."""

    def act(visit: Visit, form: Form) -> Response:
        if form.get("finding") not in set(Finding):
            raise BadInput("/finding", "choose_one")
        finding = Finding(form["finding"])
        broken_glass.review(visit.session, visit.actor, access_id, finding, now=visit.now)
        return to("/desk/opened-by-force")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _reason(visit, access_id, form, refusal)

    return await sent(request, act, again)


@router.api_route("/desk/keeping", methods=READ)
async def read_keeping(request: Request, after: str = "") -> Response:
    """Files that have been kept long enough, and the form to ask for an erasure or to answer it."""
    return await shown(request, lambda visit: _keeping(visit, {}, None, after[:36]))


@router.post("/desk/keeping")
async def erase(request: Request) -> Response:
    """Ask that a file be erased, or answer what somebody else asked."""
    return await sent(request, _erase, _keeping)


def _erase(visit: Visit, form: Form) -> Response:
    code, act = given(form, "child_code", 40), form.get("act", "")
    if act == "ask":
        ground = form.get("ground", "")
        if ground not in set(ErasureGround):
            raise BadInput("/ground", "choose_one")
        erasure.ask_erasure(visit.session, visit.actor, code, ErasureGround(ground), now=visit.now)
    elif act in {"approve", "refuse"}:
        erasure.answer_erasure(
            visit.session, visit.actor, code, approve=act == "approve", now=visit.now
        )
    else:
        raise BadInput("/act", "choose_one")
    return visit.page("keeping_done.html", done=act, code=code.upper())


def _traces(
    visit: Visit, form: Form, found: tuple[object, int | None] | None, refusal: Refusal | None
) -> Response:
    lines, more = found if found is not None else (None, None)
    return visit.page(
        "traces.html", 409 if refusal else 200, refusal=refusal, given=form, lines=lines, more=more,
        kinds=traces.kinds(visit),
    )  # fmt: skip


def _reason(visit: Visit, access_id: str, form: Form, refusal: Refusal | None) -> Response:
    found = broken_glass.read_reason(visit.session, visit.actor, access_id, now=visit.now)
    return visit.page(
        "opening.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        line=_opening(visit, found.opening),
        reason=found.reason,
        findings=[(str(one), visit.words.of("finding", one)) for one in Finding],
    )


def _opening(visit: Visit, one: BrokenGlass) -> Mapping[str, str]:
    words = visit.words
    until = words.at(one.until_at, visit.zone) if one.until_at else words("openings.open_end")
    return {
        "id": one.id,
        "code": one.child_code,
        "office": visit.place(one.office),
        "who": visit.name(one.opened_by),
        "since": words.at(one.from_at, visit.zone),
        "until": until,
        "finding": words.of("finding", one.finding) if one.finding else "",
        "found_by": visit.name(one.found_by),
    }


def _keeping(visit: Visit, form: Form, refusal: Refusal | None, after: str = "") -> Response:
    found = erasure.list_due(
        visit.session, visit.actor, now=visit.now, limit=SHOWN + 1, after=after
    )
    return visit.page(
        "keeping.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        lines=[
            {
                "code": one.child_code,
                "office": visit.place(one.office),
                "until": visit.words.day(one.retain_until) if one.retain_until else "",
                "asked": one.is_asked,
            }
            for one in found[:SHOWN]
        ],
        more=found[SHOWN - 1].case_id if len(found) > SHOWN else "",
        grounds=[(str(one), visit.words.of("erasure", one)) for one in ErasureGround],
    )
