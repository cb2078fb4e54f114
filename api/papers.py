"""Official papers as PDF: each for whoever may read the record it prints, each print on record.

Source: DOM-R50, decision 0020.
"""

from typing import Annotated, Any, Final

from fastapi import Depends, Query, Response

from api.dependencies import ActorDep, NowDep, SessionDep, SettingsDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from core.papers.issuing import Desk, Issued
from core.papers.issuing import desk as desk_of
from panels.service.printing import agenda, child_page, letter, minutes
from transfers.service import paper_proof

router = feature_router("/papers", "papers")
CASE: Final = reach(Reach.CASE)
PANEL: Final = reach(Reach.PANEL)
SANDBOX: Final = "sandbox; default-src 'none'; frame-ancestors 'self'"


class PdfResponse(Response):
    """One paper."""

    media_type = "application/pdf"


PDF: Final[dict[str, Any]] = {"response_class": PdfResponse}
Language = Annotated[
    str,
    Query(
        alias="language", pattern=r"^[a-zA-Z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}$|^$", max_length=20,
        description="Language of the fixed words; that of the country when left out or not spoken here.",
    ),
]  # fmt: skip


async def desk(settings: SettingsDep) -> Desk:
    """Give what printing needs: press, the address where papers are checked, and the installation's signature."""
    return desk_of(address=settings.public_url, sign=paper_proof.sign)


DeskDep = Annotated[Desk, Depends(desk)]


@router.get("/decision-letter/{determination_id}", openapi_extra=CASE, **PDF)
def print_decision_letter(
    *,
    determination_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    desk: DeskDep,
    language: Language = "",
) -> Response:
    """Print the letter of a decision that was signed."""
    printed = letter.decision_letter(
        session, actor, determination_id, language=language, desk=desk, now=now
    )
    return pdf(printed)


@router.get("/child-page/{determination_id}", openapi_extra=CASE, **PDF)
def print_child_page(
    *,
    determination_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    desk: DeskDep,
) -> Response:
    """Print the page the child keeps, in the language in which the panel wrote to the child."""
    printed = child_page.child_page(session, actor, determination_id, desk=desk, now=now)
    return pdf(printed)


@router.get("/agenda/{sitting_id}", openapi_extra=PANEL, **PDF)
def print_agenda(
    *,
    sitting_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    desk: DeskDep,
    language: Language = "",
) -> Response:
    """Print the agenda of a sitting, without items closed to the reader."""
    printed = agenda.printed_agenda(
        session, actor, sitting_id, language=language, desk=desk, now=now
    )
    return pdf(printed)


@router.get("/minutes/{minutes_id}", openapi_extra=PANEL, **PDF)
def print_minutes(
    *,
    minutes_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    desk: DeskDep,
    language: Language = "",
) -> Response:
    """Print one version of minutes, without items closed to the reader."""
    printed = minutes.printed_minutes(
        session, actor, minutes_id, language=language, desk=desk, now=now
    )
    return pdf(printed)


def pdf(printed: Issued) -> Response:
    """Answer with a paper to be kept or printed; the name of the file says nothing about anybody."""
    headers = {
        "content-disposition": f'attachment; filename="{printed.file_name}"',
        "content-language": printed.language,
        "content-security-policy": SANDBOX,
    }
    return PdfResponse(printed.content, headers=headers)
