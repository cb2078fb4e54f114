"""Pages of answers on paper: print the form, bring what came back, look at it beside its proposal, confirm it.

Source: DOM-5.9, EXP-10, decision 0020.
"""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.dependencies import settings_of
from api.desk.frame import HEADERS, to
from api.desk.paper_back import PaperPage, by_hand, file_of, form_for, labels, lines_of, paper_page
from api.desk.visit import Refusal, Visit, given, sent, sent_file, shown
from api.paper_answers import address_of
from api.portal.door import Form
from api.portal.filling import fill, zones_of
from core.errors import BadInput
from core.papers.press import the_press
from core.papers.words import spoken as printed_in
from core.scanning import scanner_of
from transfers.errors import NotToBeTaken
from transfers.rules.guests import SetAside
from transfers.service import paper_answers, paper_scans
from transfers.service.guest_answers import Paper
from transfers.service.paper_scans import ReadPaper

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
OF: Final = "/desk/transfers/{transfer_id}/answer-forms"
ONE: Final = f"{OF}/{{answer_id}}"


@router.api_route(OF, methods=READ)
async def read_papers(request: Request, transfer_id: str) -> Response:
    """The answer form of a transfer, and what came back."""
    return await shown(request, lambda visit: _papers(visit, transfer_id))


@router.post(OF)
async def bring_paper(request: Request, transfer_id: str) -> Response:
    """Bring a filled-in form; it is read, kept, and shown as a proposal."""
    settings = settings_of(request)

    def read(paper: Paper | None) -> ReadPaper:
        scan = scanner_of(settings.virus_scanner)
        return paper_scans.read_file(file_of(paper), the_press(), scan)

    def act(visit: Visit, form: Form, came: ReadPaper) -> Response:
        brought = paper_answers.bring(
            visit.session, visit.actor, transfer_id, came, typed_code=given(form, "check_code", 60),
            address=address_of(settings), folder=settings.files_dir, now=visit.now,
        )  # fmt: skip
        return to(f"/desk/transfers/{transfer_id}/answer-forms/{brought}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _papers(visit, transfer_id, form, refusal)

    return await sent_file(request, read, act, again, too_large=NotToBeTaken())


@router.api_route(ONE, methods=READ)
async def read_paper(
    request: Request, transfer_id: str, answer_id: str, answer: str = ""
) -> Response:
    """One form that came back: its picture, and what it proposes."""
    return await shown(
        request, lambda visit: _paper(visit, transfer_id, answer_id, {"answer": answer})
    )


@router.api_route(f"{ONE}/picture", methods=READ)
async def read_picture(request: Request, transfer_id: str, answer_id: str) -> Response:
    """The straightened page as a picture that this installation made."""
    del transfer_id

    def show(visit: Visit) -> Response:
        content = paper_answers.open_picture(
            visit.session, visit.actor, answer_id,
            folder=settings_of(request).files_dir, now=visit.now,
        )  # fmt: skip
        headers = HEADERS | {"X-Content-Type-Options": "nosniff"}
        return Response(content, 200, headers, "image/jpeg")

    return await shown(request, show)


@router.post(f"{ONE}/confirmation")
async def confirm_paper(request: Request, transfer_id: str, answer_id: str) -> Response:
    """Put on record what an officer reads on the paper."""

    def act(visit: Visit, form: Form) -> Response:
        found = paper_answers.read_answer(visit.session, visit.actor, answer_id, now=visit.now)
        wanted = form_for(found, given(form, "answer", 30))
        filled = fill(
            wanted, form, zones=zones_of(found.of_country), fixed=wanted.fixed(by_hand(found, form))
        )
        faults = dict(filled.faults)
        faults |= {
            f"by.{part}": "error.needed"
            for part in ("name", "office")
            if not given(form, f"by.{part}")
        }
        if filled.body is None or faults:
            return _paper(visit, transfer_id, answer_id, form, faults=faults)
        paper_answers.confirm(
            visit.session, visit.actor, answer_id, wanted.type, filled.body, now=visit.now,
            expected_version=_version(form),
        )  # fmt: skip
        return to(f"/desk/transfers/{transfer_id}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _paper(visit, transfer_id, answer_id, form, refusal)

    return await sent(request, act, again)


@router.post(f"{ONE}/aside")
async def set_paper_aside(request: Request, transfer_id: str, answer_id: str) -> Response:
    """Note that a form does not go into the record, and why."""

    def act(visit: Visit, form: Form) -> Response:
        why = given(form, "why", 30)
        if why not in set(SetAside):
            raise BadInput("/why", "choose_one")
        paper_answers.set_aside(
            visit.session, visit.actor, answer_id, SetAside(why), now=visit.now,
            expected_version=_version(form),
        )  # fmt: skip
        return to(f"/desk/transfers/{transfer_id}/answer-forms")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _paper(visit, transfer_id, answer_id, form, refusal)

    return await sent(request, act, again)


def _version(form: Form) -> int:
    text = given(form, "version", 9)
    return int(text) if text.isascii() and text.isdecimal() else 0


def _papers(
    visit: Visit, transfer_id: str, form: Form | None = None, refusal: Refusal | None = None
) -> Response:
    return visit.page(
        "answer_forms.html",
        409 if refusal else 200,
        refusal=refusal,
        transfer_id=transfer_id,
        papers=lines_of(visit, transfer_id),
        printed_in=[(code, visit.words.of("language", code)) for code in printed_in()],
        given=form or {},
    )


def _paper(
    visit: Visit,
    transfer_id: str,
    answer_id: str,
    form: Form,
    refusal: Refusal | None = None,
    *,
    faults: dict[str, str] | None = None,
) -> Response:
    paper = paper_page(visit, transfer_id, answer_id, form.get("answer", ""))
    is_typed = refusal is not None or bool(faults) or "form_token" in form or len(form) > 1
    words = labels(visit)
    if faults and refusal is None:
        listed = [
            (f"{_label(visit, paper, name)}: {words(fault)}", name)
            for name, fault in faults.items()
        ]
        refusal = Refusal(visit.words("paper_back.look_again"), "", tuple(listed))
    return visit.page(
        "answer_form.html",
        409 if refusal else 200,
        refusal=refusal,
        transfer_id=transfer_id,
        paper=paper,
        given=form if is_typed else paper.given,
        faults=faults or {},
        labels=words,
        whys=[(one.value, visit.words.of("paper_aside", one)) for one in SetAside],
    )


def _label(visit: Visit, paper: PaperPage, name: str) -> str:
    """Return what a field is called."""
    if name.startswith("by."):
        return visit.words(f"paper_back.{name}")
    fields = paper.form.fields if paper.form is not None else ()
    return next((labels(visit).label_of(one.label) for one in fields if one.name == name), name)
