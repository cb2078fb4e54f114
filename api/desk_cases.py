"""Pages of cases: the list, finding a child across spellings, and one case as a timeline."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.desk.acts_shown import FIRST, awaited, shown_of
from api.desk.aftermath import of_case as decisions_of
from api.desk.case_page import case_page
from api.desk.children import child_line
from api.desk.crossing import of_case
from api.desk.frame import to
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from cases.rules.machine import ENDED, CaseState
from cases.service import files, search
from cases.service.files import wanted
from cases.service.registration import REGISTRARS
from core.errors import NotThere
from transfers.service import drafting

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
SHOWN: Final = 20
CHOICES: Final = tuple(state for state in CaseState if state not in ENDED)
LONGEST_NAME: Final = 100


@router.api_route("/desk/cases", methods=READ)
async def read_cases(request: Request) -> Response:
    """The cases this person may know of, most urgent first."""
    return await shown(request, lambda visit: _list(visit, request.query_params))


@router.post("/desk/cases")
async def find_child(request: Request) -> Response:
    """Find a child by name or child code; names travel in the form, so no address or log holds one."""

    def act(visit: Visit, form: Form) -> Response:
        asked = given(form, "find", LONGEST_NAME)
        found = _by_code(visit, asked)
        if found is not None:
            return to(f"/desk/cases/{found}")
        rows = search.find_by_name(visit.session, visit.actor, asked, now=visit.now)
        children = [child_line(visit, row) for row in rows]
        return visit.page("found.html", children=children, asked=asked)

    return await sent(request, act, _list_again)


@router.api_route("/desk/cases/{case_id}", methods=READ)
async def read_case(request: Request, case_id: str) -> Response:
    """One case: what is next and by when, and what happened."""

    def show(visit: Visit) -> Response:
        case = case_page(visit, case_id)
        offered = shown_of(visit, case_id)
        return visit.page(
            "case.html",
            case=case,
            transfers=of_case(visit, case_id),
            acts=offered.acts,
            awaited=awaited(offered.acts, case.next.waiting),
            first=FIRST,
            may_begin=visit.actor.has(*drafting.OPENERS),
            records=offered.records,
            papers=offered.papers,
            decisions=decisions_of(visit, case_id) if case.is_open else (),
        )

    return await shown(request, show)


def _list_again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    return _list(visit, {}, asked=form.get("find", ""), refusal=refusal)


def _list(
    visit: Visit, asked_for: Mapping[str, str], *, asked: str = "", refusal: Refusal | None = None
) -> Response:
    state = asked_for.get("state", "")
    chosen: dict[str, Any] = {
        "state": state if state in set(CHOICES) else None,
        "mine": asked_for.get("mine") == "yes",
        "detained": asked_for.get("detained") == "yes",
        "ended": asked_for.get("ended") == "yes",
    }
    page = files.list_files(
        visit.session, visit.actor, wanted(**chosen), now=visit.now, limit=SHOWN,
        cursor=asked_for.get("after") or None,
    )  # fmt: skip
    words = visit.words
    return visit.page(
        "cases.html",
        403 if refusal else 200,
        refusal=refusal,
        children=[child_line(visit, row) for row in page.rows],
        more=page.cursor,
        chosen=chosen,
        may_register=visit.actor.has(*REGISTRARS),
        states=[(state.value, words.of("state", state.value)) for state in CHOICES],
        asked=asked,
    )


def _by_code(visit: Visit, asked: str) -> str | None:
    try:
        return files.id_of_code(visit.session, visit.actor, asked, now=visit.now)
    except NotThere:
        return None
