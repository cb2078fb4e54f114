"""Answer forms that came back on paper: brought as a scan, looked at, confirmed or set aside.

Source: DOM-5.9, EXP-10, decision 0020.
"""

from typing import Annotated, Final

from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.bodies.decisions import MadeId
from api.bodies.guests import AsideBody
from api.bodies.messages import SignedView
from api.bodies.paper_answers import PaperAnswerOut, PaperAnswersView, PaperSaid
from api.dependencies import (
    ActorDep,
    NowDep,
    SessionDep,
    SettingsDep,
    VersionDep,
    database_of,
    now_of,
    settings_of,
    signed_in,
)
from api.fields import IdPath
from api.portal.papers import body_of
from api.routing import Reach, feature_router, reach
from core.actors import Actor
from core.errors import BadInput
from core.papers.press import the_press
from core.scanning import scanner_of
from core.settings import Settings
from transfers.errors import NotToBeTaken
from transfers.rules.codes import MessageType
from transfers.service import paper_answers, paper_scans
from transfers.service.guest_answers import Paper

router = feature_router("", "recipients")
CASE: Final = reach(Reach.CASE)
OCTETS: Final = {
    **CASE,
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
}
TypedCode = Annotated[
    str,
    Query(max_length=60, description="Check code as printed, where the scan does not show it."),
]


@router.put("/transfers/{transfer_id}/paper-answers/content", status_code=201, openapi_extra=OCTETS)
async def bring_paper_answer(transfer_id: IdPath, request: Request, code: TypedCode = "") -> MadeId:
    """Bring the scan of a filled-in answer form as ``application/octet-stream``; it is kept as a proposal."""
    now = now_of(request)
    settings = settings_of(request)

    def known() -> Actor:
        with database_of(request).unit_of_work() as session:
            actor = signed_in(request, session, now).actor
            paper_answers.list_of(session, actor, transfer_id, now=now)
            return actor

    actor = await run_in_threadpool(known)
    body = await body_of(request)
    if body is None:
        raise NotToBeTaken

    def bring() -> str:
        scan = scanner_of(settings.virus_scanner)
        came = paper_scans.read_file(Paper("paper", body), the_press(), scan)
        with database_of(request).unit_of_work() as session:
            return paper_answers.bring(
                session, actor, transfer_id, came, typed_code=code,
                address=address_of(settings), folder=settings.files_dir, now=now,
            )  # fmt: skip

    return MadeId(id=await run_in_threadpool(bring))


@router.get("/transfers/{transfer_id}/paper-answers", openapi_extra=CASE)
def list_paper_answers(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> PaperAnswersView:
    """Read which answer forms came back for a transfer, and what each proposes."""
    found = paper_answers.list_of(session, actor, transfer_id, now=now)
    return PaperAnswersView(items=[PaperAnswerOut.of(one) for one in found])


@router.get("/paper-answers/{paper_answer_id}", openapi_extra=CASE)
def read_paper_answer(
    paper_answer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> PaperAnswerOut:
    """Read what one form proposes; look at its scan beside it."""
    found = paper_answers.read_answer(session, actor, paper_answer_id, now=now)
    return PaperAnswerOut.of(found)


@router.get(
    "/paper-answers/{paper_answer_id}/content",
    openapi_extra=CASE,
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def open_paper_answer(
    paper_answer_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    settings: SettingsDep,
    now: NowDep,
) -> Response:
    """Download the scan as it came; it is from a stranger, so it is never shown inside a page."""
    found = paper_answers.open_scan(
        session, actor, paper_answer_id, folder=settings.files_dir, now=now
    )
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(b"".join(found.pieces), 200, headers, "application/octet-stream")


@router.post("/paper-answers/{paper_answer_id}/confirmations", openapi_extra=CASE)
def confirm_paper_answer(
    *,
    paper_answer_id: IdPath,
    said: PaperSaid,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> SignedView:
    """Put on record what you read on a form; not by whoever printed it, or wrote or signed what it answers."""
    if said.reply_to is not None:
        raise BadInput("/reply_to", "not_this_way")
    state = paper_answers.confirm(
        session, actor, paper_answer_id, MessageType(said.type), said.body, now=now,
        expected_version=version,
    )  # fmt: skip
    return SignedView(state=state)


@router.post("/paper-answers/{paper_answer_id}/refusals", status_code=204, openapi_extra=CASE)
def set_paper_answer_aside(
    *,
    paper_answer_id: IdPath,
    body: AsideBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Note that a form does not go into the record, and why; its scan is kept."""
    paper_answers.set_aside(
        session, actor, paper_answer_id, body.why, now=now, expected_version=version
    )


def address_of(settings: Settings) -> str:
    """Return the address that stands on papers of this installation."""
    return (settings.public_url or "").rstrip("/")
