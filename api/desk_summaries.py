"""Pages on which a transfer begins: opening it, its summary, the second officer's check, the head's word."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk.case_page import case_page
from api.desk.forms import version_of
from api.desk.frame import to
from api.desk.summary_page import (
    CONTACTS,
    TERMS,
    WAYS,
    choices,
    draft_page,
    is_request,
    may_sign,
    new_transfer,
    terms_in,
    written_in,
)
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from cases.rules.triggers import Trigger
from core.errors import NotThere
from transfers.rules.codes import AskedOfPartner, Round
from transfers.service import board, drafting, sending

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
Act = Callable[[Visit, str, Form], None]


@router.api_route("/desk/cases/{case_id}/transfer", methods=READ)
async def read_new(request: Request, case_id: str) -> Response:
    """Begin an enquiry or a request for a child."""
    return await shown(request, lambda visit: _new(visit, case_id, {}))


@router.post("/desk/cases/{case_id}/transfer")
async def begin(request: Request, case_id: str) -> Response:
    """Begin it; nothing leaves by this."""

    def act(visit: Visit, form: Form) -> Response:
        made = drafting.open_transfer(
            visit.session, visit.actor, case_id, new_transfer(form), now=visit.now
        )
        return to(f"/desk/transfers/{made}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _new(visit, case_id, form, refusal)

    return await sent(request, act, again)


@router.api_route("/desk/transfers/{transfer_id}/summary", methods=READ)
async def read_summary(request: Request, transfer_id: str) -> Response:
    """The summary: as it would go out now, as it left, or as it came."""
    return await shown(request, lambda visit: _page(visit, transfer_id, {}))


@router.post("/desk/transfers/{transfer_id}/summary")
async def act_on_summary(request: Request, transfer_id: str) -> Response:
    """Write it, give it to a second officer, check it, give it back, name the receiver, let it leave."""

    def act(visit: Visit, form: Form) -> Response:
        wanted = ACTS.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        wanted(visit, transfer_id, form)
        return to(f"/desk/transfers/{transfer_id}" + ("" if form["act"] == "send" else "/summary"))

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _page(visit, transfer_id, form, refusal)

    return await sent(request, act, again)


def _writes(visit: Visit, transfer_id: str, form: Form) -> None:
    drafting.write_summary(
        visit.session, visit.actor, transfer_id, written_in(form), now=visit.now,
        expected_version=version_of(form),
    )  # fmt: skip


def _submits(visit: Visit, transfer_id: str, form: Form) -> None:
    drafting.submit(
        visit.session, visit.actor, transfer_id, now=visit.now, expected_version=version_of(form)
    )


def _checks(visit: Visit, transfer_id: str, form: Form) -> None:
    drafting.check(
        visit.session, visit.actor, transfer_id, now=visit.now, expected_version=version_of(form)
    )


def _gives_back(visit: Visit, transfer_id: str, form: Form) -> None:
    drafting.give_back(
        visit.session, visit.actor, transfer_id, now=visit.now, expected_version=version_of(form)
    )


def _names(visit: Visit, transfer_id: str, form: Form) -> None:
    sending.name_receiver(
        visit.session, visit.actor, transfer_id, given(form, "receiver", 43), now=visit.now,
        expected_version=version_of(form),
    )  # fmt: skip


def _sends(visit: Visit, transfer_id: str, form: Form) -> None:
    line = board.read_transfer(visit.session, visit.actor, transfer_id, now=visit.now).line
    terms = terms_in(form) if line.round is Round.REQUEST else None
    sending.send(
        visit.session, visit.actor, transfer_id, terms=terms, now=visit.now,
        expected_version=version_of(form),
    )  # fmt: skip


ACTS: Final[Mapping[str, Act]] = {
    "write": _writes,
    "submit": _submits,
    "check": _checks,
    "return": _gives_back,
    "receiver": _names,
    "send": _sends,
}


def _new(visit: Visit, case_id: str, form: Form, refusal: Refusal | None = None) -> Response:
    return visit.page(
        "transfer_new.html",
        409 if refusal else 200,
        refusal=refusal,
        case=case_page(visit, case_id),
        case_id=case_id,
        choices=choices(visit),
        given=form,
    )


def _page(visit: Visit, transfer_id: str, form: Form, refusal: Refusal | None = None) -> Response:
    words, found = visit.words, draft_page(visit, transfer_id)
    typed = {**found.stands, **form} if refusal is not None or form else dict(found.stands)
    return visit.page(
        "summary.html",
        409 if refusal else 200,
        refusal=refusal,
        found=found,
        given=typed,
        asked=[(one.value, words.of("say.code", one)) for one in AskedOfPartner],
        ways=[(one, words.of("communication", one)) for one in WAYS],
        triggers=[(one.value, words.of("trigger", one)) for one in Trigger],
        terms=TERMS,
        contacts=range(CONTACTS),
        has_terms=is_request(found),
        may_sign=may_sign(found),
    )
