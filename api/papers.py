"""Official papers as PDF: each for whoever may read the record it prints, each print on record.

Source: DOM-R50, decision 0020.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response

from api.bilateral import PartnerQuery
from api.dependencies import ActorDep, NowDep, SessionDep, SettingsDep
from api.fields import IdPath
from api.routing import PrintedRoute, Reach, feature_router, reach
from api.statistics import PeriodQuery
from cases.service import printing
from core.actors import Actor
from core.db import Session
from core.papers.issuing import Desk, Issued
from core.papers.issuing import desk as desk_of
from panels.service.printing import agenda, bundle, child_page, letter, minutes
from transfers.service import answer_forms, paper_proof, paper_series, printed_sheet
from transfers.service import printing as transfer_printing

router = feature_router("/papers", "papers", PrintedRoute)
CASE: Final = reach(Reach.CASE)
PANEL: Final = reach(Reach.PANEL)
OFFICE: Final = reach(Reach.OFFICE)
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


async def desk(request: Request, settings: SettingsDep) -> Desk:
    """Give what printing needs: press, the address where papers are checked, and the installation's signature."""
    press = request.state.setting
    return desk_of(address=settings.public_url, sign=paper_proof.sign, press=press)


DeskDep = Annotated[Desk, Depends(desk)]


@dataclass(frozen=True)
class Printing:
    """Who prints, and how."""

    session: Session
    actor: Actor
    how: dict[str, Any]


async def printing_now(
    session: SessionDep, actor: ActorDep, now: NowDep, desk: DeskDep, language: Language = ""
) -> Printing:
    """Give what every paper in a language of choice needs."""
    return Printing(session, actor, {"language": language, "desk": desk, "now": now})


PrintDep = Annotated[Printing, Depends(printing_now)]


@router.get("/decision-letter/{determination_id}", openapi_extra=CASE, **PDF)
def print_decision_letter(determination_id: IdPath, at: PrintDep) -> Response:
    """Print the letter of a decision that was signed."""
    return pdf(letter.decision_letter(at.session, at.actor, determination_id, **at.how))


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
def print_agenda(sitting_id: IdPath, at: PrintDep) -> Response:
    """Print the agenda of a sitting, without items closed to the reader."""
    return pdf(agenda.printed_agenda(at.session, at.actor, sitting_id, **at.how))


@router.get("/minutes/{minutes_id}", openapi_extra=PANEL, **PDF)
def print_minutes(minutes_id: IdPath, at: PrintDep) -> Response:
    """Print one version of minutes, without items closed to the reader."""
    return pdf(minutes.printed_minutes(at.session, at.actor, minutes_id, **at.how))


@router.get("/bid-report/{case_id}", openapi_extra=CASE, **PDF)
def print_bid_report(case_id: IdPath, at: PrintDep) -> Response:
    """Print the newest BID report of a case."""
    return pdf(printing.printed_report(at.session, at.actor, case_id, **at.how))


@router.get("/hearing-bundle/{sitting_id}", openapi_extra=PANEL, **PDF)
def print_hearing_bundle(
    *,
    sitting_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    settings: SettingsDep,
    desk: DeskDep,
    language: Language = "",
    without_names: bool = False,
) -> Response:
    """Print the papers of a sitting that were released to you, as one file; each opening is on record."""
    printed = bundle.hearing_bundle(
        session, actor, sitting_id, language=language, without_names=without_names,
        folder=settings.files_dir, desk=desk, now=now,
    )  # fmt: skip
    return pdf(printed)


@router.get("/bilateral-sheet", openapi_extra=OFFICE, **PDF)
def print_bilateral_sheet(
    *,
    partner: PartnerQuery,
    period: PeriodQuery,
    at: PrintDep,
) -> Response:
    """Print the sheet of two countries for a period."""
    return pdf(printed_sheet.printed_sheet(at.session, at.actor, partner, period, **at.how))


@router.get("/transfer-request/{transfer_id}", openapi_extra=CASE, **PDF)
def print_transfer_request(transfer_id: IdPath, at: PrintDep) -> Response:
    """Print the newest request of a transfer, with its summary."""
    return _of_transfer(at, transfer_id, paper_series.TRANSFER_REQUEST)


@router.get("/package-cover/{transfer_id}", openapi_extra=CASE, **PDF)
def print_package_cover(transfer_id: IdPath, at: PrintDep) -> Response:
    """Print what lies in the newest package of a transfer."""
    return _of_transfer(at, transfer_id, paper_series.PACKAGE_COVER)


@router.get("/travel-plan/{transfer_id}", openapi_extra=CASE, **PDF)
def print_travel_plan(transfer_id: IdPath, at: PrintDep) -> Response:
    """Print the newest travel plan, with the escort's sheet."""
    return _of_transfer(at, transfer_id, paper_series.TRAVEL)


@router.get("/receipt-of-child/{transfer_id}", openapi_extra=CASE, **PDF)
def print_receipt_of_child(transfer_id: IdPath, at: PrintDep) -> Response:
    """Print the receipt by which the child was signed for."""
    return _of_transfer(at, transfer_id, paper_series.RECEIPT)


@router.get("/follow-up-report/{transfer_id}", openapi_extra=CASE, **PDF)
def print_follow_up_report(transfer_id: IdPath, at: PrintDep) -> Response:
    """Print the newest follow-up report."""
    return _of_transfer(at, transfer_id, paper_series.FOLLOW_UP)


@router.get("/answer-form/{transfer_id}", openapi_extra=CASE, **PDF)
def print_answer_form(transfer_id: IdPath, at: PrintDep) -> Response:
    """Print the form on which an office abroad answers by hand, in its language; who printed it is kept."""
    return pdf(answer_forms.printed_form(at.session, at.actor, transfer_id, **at.how))


def _of_transfer(at: Printing, transfer_id: str, kind: str) -> Response:
    found = transfer_printing.printed_message(at.session, at.actor, transfer_id, kind, **at.how)
    return pdf(found)


def pdf(printed: Issued) -> Response:
    """Answer with a paper to be kept or printed; the name of the file says nothing about anybody."""
    headers = {
        "content-disposition": f'attachment; filename="{printed.file_name}"',
        "content-language": printed.language,
        "content-security-policy": SANDBOX,
    }
    return PdfResponse(printed.content, headers=headers)
