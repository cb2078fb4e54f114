"""Pages of recipients without an installation: naming them, giving them messages, looking at what they answer.

A link with its code, and the text an account is set up with, are shown on the page that answers the form and never
again: nothing leads on to another page there, because nobody could show them a second time.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api.dependencies import settings_of
from api.desk.forms import day_in, version_of
from api.desk.frame import HEADERS, to
from api.desk.recipient_page import (
    aside_whys,
    code_ways,
    countries,
    given_page,
    recipient,
    recipients,
    verified_hows,
    waiting,
    ways,
)
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.errors import BadInput, NotThere
from transfers.rules.guests import Carrier, SetAside, Verified
from transfers.service import guest_items, guest_links, guest_review, guests
from transfers.service.guest_links import MadeLink
from transfers.service.guests import Identity

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
Act = Callable[[Visit, str, Form], dict[str, Any]]
OF_IDENTITY: Final = ("name", "office", "post", "phone", "number_from")


@router.api_route("/desk/recipients", methods=READ)
async def read_recipients(request: Request) -> Response:
    """Who may read something of ours without an installation, and what they sent back."""
    return await shown(request, lambda visit: _list(visit, {}))


@router.post("/desk/recipients")
async def act_on_recipients(request: Request) -> Response:
    """Name somebody, or settle what a recipient sent."""

    def act(visit: Visit, form: Form) -> Response:
        wanted = LIST.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        return to(wanted(visit, form))

    return await sent(request, act, _list)


@router.api_route("/desk/recipients/{guest_id}", methods=READ)
async def read_recipient(request: Request, guest_id: str) -> Response:
    """One recipient, and what can be done."""
    return await shown(request, lambda visit: _one(visit, guest_id, {}))


@router.post("/desk/recipients/{guest_id}")
async def act_on_recipient(request: Request, guest_id: str) -> Response:
    """Verify the person, open an account, end it."""
    return await _acted(request, ONE, guest_id, f"/desk/recipients/{guest_id}", _one)


@router.api_route("/desk/transfers/{transfer_id}/recipients", methods=READ)
async def read_given(request: Request, transfer_id: str) -> Response:
    """What was given of a transfer, and how far each recipient came."""
    return await shown(request, lambda visit: _given(visit, transfer_id, {}))


@router.post("/desk/transfers/{transfer_id}/recipients")
async def act_on_given(request: Request, transfer_id: str) -> Response:
    """Give a message, make its link, renew the code, end the link, take the message back."""
    path = f"/desk/transfers/{transfer_id}/recipients"
    return await _acted(request, GIVEN, transfer_id, path, _given)


@router.post("/desk/guest-papers/{paper_id}")
async def open_paper(request: Request, paper_id: str) -> Response:
    """Download a paper of a recipient: it is from a stranger, so it is never shown inside a page."""

    def act(visit: Visit, form: Form) -> Response:
        del form
        folder = settings_of(request).files_dir
        found = guest_review.open_paper(
            visit.session, visit.actor, paper_id, folder=folder, now=visit.now
        )
        headers = HEADERS | {
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        return StreamingResponse(iter(found.pieces), 200, headers, "application/octet-stream")

    return await sent(request, act, _list)


async def _acted(
    request: Request,
    acts: Mapping[str, Act],
    subject: str,
    path: str,
    show: Callable[..., Response],
) -> Response:
    def act(visit: Visit, form: Form) -> Response:
        wanted = acts.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        once = wanted(visit, subject, form)
        return show(visit, subject, {}, None, **once) if once else to(path)

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return show(visit, subject, form, refusal)

    return await sent(request, act, again)


def _proposes(visit: Visit, form: Form) -> str:
    empty = next((name for name in OF_IDENTITY if not given(form, name)), None)
    if empty is not None:
        raise BadInput(f"/{empty}", "words_needed")
    until = day_in(form, "ends")
    if until is None:
        raise BadInput("/ends-day", "day_needed")
    made = guests.propose(
        visit.session, visit.actor, given(form, "of_country", 2),
        Identity(*(given(form, name, 200) for name in OF_IDENTITY)), ends_on=until, now=visit.now,
    )  # fmt: skip
    return f"/desk/recipients/{made}"


def _confirms(visit: Visit, form: Form) -> str:
    guest_review.confirm(visit.session, visit.actor, given(form, "answer", 40), now=visit.now)
    return "/desk/recipients"


def _sets_aside(visit: Visit, form: Form) -> str:
    why = _one_of(form, "why", SetAside)
    guest_review.set_aside(
        visit.session, visit.actor, given(form, "answer", 40), SetAside(why), now=visit.now
    )
    return "/desk/recipients"


def _settles(visit: Visit, form: Form) -> str:
    guest_review.settle_paper(
        visit.session, visit.actor, given(form, "paper", 40), is_kept=form.get("kept") == "yes",
        now=visit.now,
    )  # fmt: skip
    return "/desk/recipients"


LIST: Final[Mapping[str, Callable[[Visit, Form], str]]] = {
    "propose": _proposes,
    "confirm": _confirms,
    "aside": _sets_aside,
    "paper": _settles,
}


def _verifies(visit: Visit, guest_id: str, form: Form) -> dict[str, Any]:
    guests.verify(
        visit.session, visit.actor, guest_id, Verified(_one_of(form, "how", Verified)),
        now=visit.now, expected_version=version_of(form),
    )  # fmt: skip
    return {}


def _opens_account(visit: Visit, guest_id: str, form: Form) -> dict[str, Any]:
    del form
    made = guests.open_account(visit.session, visit.actor, guest_id, now=visit.now)
    ends = visit.words.at(made.invitation.ends_at, visit.zone)
    return {"once": {"login": made.login, "text": made.invitation.token, "ends": ends}}


def _ends(visit: Visit, guest_id: str, form: Form) -> dict[str, Any]:
    del form
    guests.end(visit.session, visit.actor, guest_id, now=visit.now)
    return {}


ONE: Final[Mapping[str, Act]] = {"verify": _verifies, "account": _opens_account, "end": _ends}


def _gives(visit: Visit, transfer_id: str, form: Form) -> dict[str, Any]:
    until = day_in(form, "ends")
    if until is None:
        raise BadInput("/ends-day", "day_needed")
    guest_items.give(
        visit.session, visit.actor, transfer_id, guest_id=given(form, "recipient", 40),
        message_id=given(form, "message", 40), view_only=form.get("keep") != "yes", ends_on=until,
        now=visit.now,
    )  # fmt: skip
    return {}


def _links(visit: Visit, transfer_id: str, form: Form) -> dict[str, Any]:
    del transfer_id
    made = guest_links.make_link(
        visit.session, visit.actor, given(form, "item", 40),
        link_by=Carrier(_one_of(form, "link_by", Carrier)),
        code_by=Carrier(_one_of(form, "code_by", Carrier)), now=visit.now,
    )  # fmt: skip
    return _once(visit, made)


def _renews(visit: Visit, transfer_id: str, form: Form) -> dict[str, Any]:
    del transfer_id
    made = guest_links.renew_code(
        visit.session, visit.actor, given(form, "item", 40),
        code_by=Carrier(_one_of(form, "code_by", Carrier)), now=visit.now,
    )  # fmt: skip
    return _once(visit, made)


def _ends_link(visit: Visit, transfer_id: str, form: Form) -> dict[str, Any]:
    del transfer_id
    guest_links.end_links(visit.session, visit.actor, given(form, "item", 40), now=visit.now)
    return {}


def _takes_back(visit: Visit, transfer_id: str, form: Form) -> dict[str, Any]:
    del transfer_id
    guest_items.take_back(visit.session, visit.actor, given(form, "item", 40), now=visit.now)
    return {}


GIVEN: Final[Mapping[str, Act]] = {
    "give": _gives,
    "link": _links,
    "code": _renews,
    "unlink": _ends_link,
    "take_back": _takes_back,
}


def _once(visit: Visit, made: MadeLink) -> dict[str, Any]:
    """Return what is shown once: the address, and the code that travels another way."""
    home = settings_of(visit.request).public_url or str(visit.request.base_url)
    return {
        "once": {
            "link": f"{home.rstrip('/')}/r/{made.secret}" if made.secret else "",
            "code": f"{made.code[:4]} {made.code[4:]}",
            "ends": visit.words.at(made.ends_at, visit.zone),
            "code_ends": visit.words.at(made.code_ends_at, visit.zone),
        }
    }


def _one_of(form: Form, name: str, codes: Any) -> str:
    text = form.get(name, "")
    if text not in set(codes):
        raise BadInput(f"/{name}", "choose_one")
    return text


def _list(visit: Visit, form: Form, refusal: Refusal | None = None) -> Response:
    answers, papers = waiting(visit)
    return visit.page(
        "recipients.html",
        409 if refusal else 200,
        refusal=refusal,
        recipients=recipients(visit),
        answers=answers,
        papers=papers,
        countries=countries(visit),
        whys=aside_whys(visit),
        given=form,
    )


def _one(
    visit: Visit,
    guest_id: str,
    form: Form,
    refusal: Refusal | None = None,
    once: Mapping[str, str] | None = None,
) -> Response:
    return visit.page(
        "recipient.html",
        409 if refusal else 200,
        refusal=refusal,
        who=recipient(visit, guest_id),
        hows=verified_hows(visit),
        once=once,
        given=form,
    )


def _given(
    visit: Visit,
    transfer_id: str,
    form: Form,
    refusal: Refusal | None = None,
    once: Mapping[str, str] | None = None,
) -> Response:
    return visit.page(
        "given.html",
        409 if refusal else 200,
        refusal=refusal,
        found=given_page(visit, transfer_id),
        ways=ways(visit),
        code_ways=code_ways(visit),
        once=once,
        given=form,
    )
