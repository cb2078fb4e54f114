"""Official papers of cases and panels from the pages: the prints of the API, with a page in words when there is none.

Nothing is printed for a look at the head of a file: a print counts as read, and is on record. What leaves the house
is in the country's language; what members read, in their own.

Source: DOM-R50, decision 0020.
"""

from fastapi import APIRouter, Request, Response

from api.dependencies import settings_of
from api.desk.printing import printed
from cases.service import printing
from panels.service.printing import agenda, bundle, child_page, letter, minutes

router = APIRouter(include_in_schema=False)


@router.get("/desk/papers/bid-report/{case_id}")
async def print_report(request: Request, case_id: str) -> Response:
    """The newest BID report of a case."""
    return await printed(
        request,
        lambda visit, desk: printing.printed_report(
            visit.session, visit.actor, case_id, language="", desk=desk, now=visit.now
        ),
    )


@router.get("/desk/papers/agenda/{sitting_id}")
async def print_agenda(request: Request, sitting_id: str) -> Response:
    """The agenda of a sitting, without items closed to the reader."""
    return await printed(
        request,
        lambda visit, desk: agenda.printed_agenda(
            visit.session, visit.actor, sitting_id, language=visit.words.code, desk=desk,
            now=visit.now,
        ),
    )  # fmt: skip


@router.get("/desk/papers/bundle/{sitting_id}")
async def print_bundle(request: Request, sitting_id: str, names: str = "") -> Response:
    """The papers of a sitting that were released to the reader, as one file; each opening is on record."""
    return await printed(
        request,
        lambda visit, desk: bundle.hearing_bundle(
            visit.session, visit.actor, sitting_id, language=visit.words.code,
            without_names=names == "no", folder=settings_of(request).files_dir, desk=desk,
            now=visit.now,
        ),
    )  # fmt: skip


@router.get("/desk/papers/minutes/{minutes_id}")
async def print_minutes(request: Request, minutes_id: str) -> Response:
    """One version of minutes, without items closed to the reader."""
    return await printed(
        request,
        lambda visit, desk: minutes.printed_minutes(
            visit.session, visit.actor, minutes_id, language=visit.words.code, desk=desk,
            now=visit.now,
        ),
    )  # fmt: skip


@router.get("/desk/papers/letter/{determination_id}")
async def print_letter(request: Request, determination_id: str) -> Response:
    """The letter of a decision that was signed."""
    return await printed(
        request,
        lambda visit, desk: letter.decision_letter(
            visit.session, visit.actor, determination_id, language="", desk=desk, now=visit.now
        ),
    )


@router.get("/desk/papers/child-page/{determination_id}")
async def print_child_page(request: Request, determination_id: str) -> Response:
    """The page the child keeps, in the language in which the panel wrote to the child."""
    return await printed(
        request,
        lambda visit, desk: child_page.child_page(
            visit.session, visit.actor, determination_id, desk=desk, now=visit.now
        ),
    )
