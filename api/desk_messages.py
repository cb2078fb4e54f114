"""Pages of messages between two countries: writing one, reading one, signing it, taking it back, its documents."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api.dependencies import settings_of
from api.desk.forms import version_of
from api.desk.frame import HEADERS, to
from api.desk.message_page import grounds, message_page
from api.desk.printing import printed
from api.desk.saying import Saying, saying
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.documents import SANDBOX, blocks_of
from api.exchange_gate import ground_of
from api.portal import filling
from api.portal.door import Form
from cases.service.files import Purpose
from core.errors import BadInput, NotThere
from core.papers.issuing import Desk, Issued
from transfers.rules.codes import WithdrawalReason
from transfers.service import (
    document_reading,
    documents,
    messages,
    paper_series,
    printing,
    recalls,
)
from transfers.service.document_reading import Opening
from transfers.service.documents import Choice

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
PAPERS: Final = {kind.replace("_", "-"): kind for kind in paper_series.KINDS}


@router.api_route("/desk/transfers/{transfer_id}/say/{code}", methods=READ)
async def read_saying(request: Request, transfer_id: str, code: str) -> Response:
    """The form of one message, as far as it can be written now."""
    return await shown(
        request, lambda visit: _form_page(visit, saying(visit, transfer_id, code), None, {})
    )


@router.post("/desk/transfers/{transfer_id}/say/{code}")
async def write_message(request: Request, transfer_id: str, code: str) -> Response:
    """Write a message; it is said when a second officer signs it."""

    def act(visit: Visit, form: Form) -> Response:
        wanted = saying(visit, transfer_id, code)
        filled = filling.fill(wanted.form, form, zones=(visit.zone,), fixed=wanted.fixed)
        if filled.body is None:
            return _form_page(
                visit, wanted, _faulty(visit, wanted, filled.faults), form, filled.faults
            )
        made = messages.write(
            visit.session, visit.actor, transfer_id, wanted.form.type, filled.body, now=visit.now,
            reply_to=wanted.reply_to or None,
        )  # fmt: skip
        return to(f"/desk/messages/{made}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _form_page(visit, saying(visit, transfer_id, code), refusal, form)

    return await sent(request, act, again)


@router.get("/desk/transfers/{transfer_id}/papers/{paper}")
async def print_paper(request: Request, transfer_id: str, paper: str) -> Response:
    """Print the newest paper of a kind; each print is on record, and reading theirs is told to them."""

    def made(visit: Visit, desk: Desk) -> Issued:
        if paper not in PAPERS:
            raise NotThere("paper")
        return printing.printed_message(
            visit.session, visit.actor, transfer_id, PAPERS[paper], language="", desk=desk,
            now=visit.now,
        )  # fmt: skip

    return await printed(request, made)


@router.api_route("/desk/messages/{message_id}", methods=READ)
async def read_message(request: Request, message_id: str) -> Response:
    """One message, opened: on record, and for one of theirs told to the other country."""
    return await shown(request, lambda visit: _message(visit, message_id))


@router.post("/desk/messages/{message_id}")
async def act_on_message(request: Request, message_id: str) -> Response:
    """Sign a message, discard it, choose its documents, or take it back."""

    def act(visit: Visit, form: Form) -> Response:
        wanted = ACTS.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        return to(wanted(visit, message_id, form))

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _message(visit, message_id, form, refusal)

    return await sent(request, act, again)


@router.post("/desk/documents/{document_id}")
async def open_document(request: Request, document_id: str) -> Response:
    """Open a document the other country sent: on record, and never as a page of ours."""

    def act(visit: Visit, form: Form) -> Response:
        if form.get("how") == "words":
            return _words(visit, document_id, form)
        how = Opening.KEEP if form.get("how") == "keep" else Opening.VIEW
        opened = document_reading.open_document(
            visit.session, visit.actor, document_id, how, purpose=_purpose(form),
            storage=ground_of(request).storage, now=visit.now,
        )  # fmt: skip
        is_inline = how is Opening.VIEW and opened.is_shown
        headers = HEADERS | {
            "Content-Disposition": "inline" if is_inline else "attachment",
            "Content-Length": str(opened.size),
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
        }
        return StreamingResponse(blocks_of(opened.content), 200, headers, opened.media)

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _message(visit, given(form, "message", 40), form, refusal)

    return await sent(request, act, again)


def _words(visit: Visit, document_id: str, form: Form) -> Response:
    """Show a document of plain words, escaped."""
    text = document_reading.read_words(
        visit.session, visit.actor, document_id, purpose=_purpose(form),
        storage=ground_of(visit.request).storage, now=visit.now,
    )  # fmt: skip
    return visit.page("document_words.html", text=text, message=given(form, "message", 40))


def _purpose(form: Form) -> Purpose | None:
    purpose = form.get("purpose", "")
    return Purpose(purpose) if purpose in set(Purpose) else None


def _sign(visit: Visit, message_id: str, form: Form) -> str:
    found, _ = messages.read_one(visit.session, visit.actor, message_id, now=visit.now)
    messages.sign(
        visit.session, visit.actor, message_id, now=visit.now, expected_version=version_of(form)
    )
    return f"/desk/transfers/{found}"


def _discard(visit: Visit, message_id: str, form: Form) -> str:
    del form
    found, _ = messages.read_one(visit.session, visit.actor, message_id, now=visit.now)
    messages.discard(visit.session, visit.actor, message_id, now=visit.now)
    return f"/desk/transfers/{found}"


def _recall(visit: Visit, message_id: str, form: Form) -> str:
    reason = given(form, "reason", 60)
    if reason not in set(WithdrawalReason):
        raise BadInput("/reason", "choose_one")
    recalls.recall(visit.session, visit.actor, message_id, reason=reason.lower(), now=visit.now)
    return f"/desk/messages/{message_id}"


def _choose(visit: Visit, message_id: str, form: Form) -> str:
    wanted = [one for one in form.get("documents", "").split(",") if one]
    documents.choose(
        visit.session, visit.actor, message_id, [Choice(one) for one in wanted],
        view_only=form.get("keep") != "yes", files=settings_of(visit.request).files_dir,
        now=visit.now,
    )  # fmt: skip
    return f"/desk/messages/{message_id}"


ACTS: Final = {"sign": _sign, "discard": _discard, "recall": _recall, "documents": _choose}


def _message(
    visit: Visit, message_id: str, form: Form | None = None, refusal: Refusal | None = None
) -> Response:
    words = visit.words
    return visit.page(
        "message.html",
        409 if refusal else 200,
        refusal=refusal,
        found=message_page(visit, message_id),
        given=form or {},
        reasons=[(one.value, words.of("say.code", one.value)) for one in WithdrawalReason],
        purposes=[(one.value, words.of("file_purpose", one.value)) for one in Purpose],
        grounds=grounds(visit),
    )


def _form_page(
    visit: Visit,
    found: Saying,
    refusal: Refusal | None,
    form: Form,
    faults: Mapping[str, str] | None = None,
) -> Response:
    stands = dict(found.known) | dict(form)
    return visit.page(
        "say.html",
        422 if refusal else 200,
        refusal=refusal,
        saying=found,
        given=stands,
        faults=faults or {},
        clock=visit.zone.rpartition("/")[2].replace("_", " "),
    )


def _faulty(visit: Visit, found: Saying, faults: Mapping[str, str]) -> Refusal:
    """Return the summary at the top: each field that has to be looked at, in the order of the form."""
    words = visit.words
    labels = {one.name: one.label for one in found.form.fields}
    items = tuple(
        (
            words("say.fault", field=words.of("say.field", labels[name]), fault=words.of("say.error", faults[name])),
            name,
        )
        for name in labels
        if name in faults
    )  # fmt: skip
    return Refusal(words("say.faulty"), "", items)
