"""Recipients without an installation: officers name them, give them messages, and look at what they answer."""

from typing import Final

from fastapi import Response

from api.bodies.decisions import MadeId
from api.bodies.guests import (
    AsideBody,
    CodeWayBody,
    GivenBody,
    GuestOut,
    GuestsView,
    ItemOut,
    ItemsView,
    MadeLinkOut,
    NewGuestBody,
    PaperOut,
    PapersView,
    SettledBody,
    SetUpOut,
    VerificationBody,
    WaitingView,
    WaysBody,
)
from api.bodies.messages import SignedView
from api.dependencies import ActorDep, NowDep, SessionDep, SettingsDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from transfers.service import guest_items, guest_links, guest_review, guests

router = feature_router("", "recipients")
OFFICE: Final = reach(Reach.OFFICE)
CASE: Final = reach(Reach.CASE)


@router.post("/guests", status_code=201, openapi_extra=OFFICE)
def propose_guest(body: NewGuestBody, session: SessionDep, actor: ActorDep, now: NowDep) -> MadeId:
    """Propose a person of an office abroad; a colleague verifies who it is."""
    made = guests.propose(
        session, actor, body.of_country, body.identity(), ends_on=body.ends_on, now=now
    )
    return MadeId(id=made)


@router.get("/guests", openapi_extra=OFFICE)
def list_guests(session: SessionDep, actor: ActorDep, now: NowDep) -> GuestsView:
    """Read all recipients of this installation."""
    found = guests.list_guests(session, actor, now=now)
    return GuestsView(items=[GuestOut.of(one) for one in found])


@router.post("/guests/{guest_id}/verifications", status_code=204, openapi_extra=OFFICE)
def verify_guest(
    *,
    guest_id: IdPath,
    body: VerificationBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Say that you made sure of the person, under the number on record or face to face."""
    guests.verify(session, actor, guest_id, body.how, now=now, expected_version=version)


@router.delete("/guests/{guest_id}", status_code=204, openapi_extra=OFFICE)
def end_guest(guest_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """End a recipient at once: account, visits, everything that was given."""
    guests.end(session, actor, guest_id, now=now)


@router.post("/guests/{guest_id}/accounts", status_code=201, openapi_extra=OFFICE)
def open_guest_account(
    guest_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> SetUpOut:
    """Open the account of a recipient, or let it be set up anew after a lost phone or password."""
    return SetUpOut.of(guests.open_account(session, actor, guest_id, now=now))


@router.post("/transfers/{transfer_id}/guest-items", status_code=201, openapi_extra=CASE)
def give_item(
    transfer_id: IdPath, body: GivenBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Let a recipient read one signed message."""
    made = guest_items.give(
        session, actor, transfer_id, guest_id=body.guest_id, message_id=body.message_id,
        view_only=body.view_only, ends_on=body.ends_on, now=now,
    )  # fmt: skip
    return MadeId(id=made)


@router.get("/transfers/{transfer_id}/guest-items", openapi_extra=CASE)
def list_guest_items(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> ItemsView:
    """Read what was given of a transfer, and how far each recipient came."""
    found = guest_items.list_items(session, actor, transfer_id, now=now)
    return ItemsView(items=[ItemOut.of(one) for one in found])


@router.delete("/guest-items/{guest_item_id}", status_code=204, openapi_extra=CASE)
def take_item_back(
    guest_item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Close an item for its recipient at once."""
    guest_items.take_back(session, actor, guest_item_id, now=now)


@router.post("/guest-items/{guest_item_id}/links", status_code=201, openapi_extra=CASE)
def make_link(
    guest_item_id: IdPath, body: WaysBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeLinkOut:
    """Make a one-time link and its code; both are shown once, and travel different ways."""
    made = guest_links.make_link(
        session, actor, guest_item_id, link_by=body.link_by, code_by=body.code_by, now=now
    )
    return MadeLinkOut.of(made)


@router.post("/guest-items/{guest_item_id}/codes", status_code=201, openapi_extra=CASE)
def renew_code(
    guest_item_id: IdPath, body: CodeWayBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeLinkOut:
    """Make a new code for the link that is on its way."""
    made = guest_links.renew_code(session, actor, guest_item_id, code_by=body.code_by, now=now)
    return MadeLinkOut.of(made)


@router.delete("/guest-items/{guest_item_id}/links", status_code=204, openapi_extra=CASE)
def end_link(guest_item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """End the link of an item and every visit by it."""
    guest_links.end_links(session, actor, guest_item_id, now=now)


@router.get("/guest-answers", openapi_extra=CASE)
def list_guest_answers(session: SessionDep, actor: ActorDep, now: NowDep) -> WaitingView:
    """Read what recipients sent and nobody has looked at."""
    return WaitingView.of(guest_review.list_waiting(session, actor, now=now))


@router.post("/guest-answers/{answer_id}/confirmations", openapi_extra=CASE)
def confirm_answer(
    answer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> SignedView:
    """Take an answer into the record, as a letter is taken in; not by whoever gave the item."""
    return SignedView(state=guest_review.confirm(session, actor, answer_id, now=now))


@router.post("/guest-answers/{answer_id}/refusals", status_code=204, openapi_extra=CASE)
def set_answer_aside(
    answer_id: IdPath, body: AsideBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Note that an answer does not go into the record, and why; it is kept."""
    guest_review.set_aside(session, actor, answer_id, body.why, now=now)


@router.get("/transfers/{transfer_id}/guest-papers", openapi_extra=CASE)
def list_guest_papers(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> PapersView:
    """Read which papers recipients sent for a transfer."""
    found = guest_review.papers_of(session, actor, transfer_id, now=now)
    return PapersView(items=[PaperOut.model_validate(one) for one in found])


@router.get(
    "/guest-papers/{paper_id}/content",
    openapi_extra=CASE,
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def open_guest_paper(
    paper_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    settings: SettingsDep,
    now: NowDep,
) -> Response:
    """Download a paper of a recipient; it is from a stranger, so it is never shown inside a page."""
    found = guest_review.open_paper(session, actor, paper_id, folder=settings.files_dir, now=now)
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(b"".join(found.pieces), 200, headers, "application/octet-stream")


@router.post("/guest-papers/{paper_id}/reviews", status_code=204, openapi_extra=CASE)
def settle_guest_paper(
    paper_id: IdPath, body: SettledBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Say that you looked at a paper, and whether it belongs to the transfer."""
    guest_review.settle_paper(session, actor, paper_id, is_kept=body.is_kept, now=now)
