"""Pages of whom we trust across the border: the ceremony of two officers, partners, corridors, our own keys."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk.frame import said, to
from api.desk.partner_page import (
    channels,
    corridor_lines,
    corridor_page,
    own_side,
    partner_lines,
    partner_page,
    reasons,
    way_of,
)
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.actors import Role
from core.errors import BadInput, DomainError, NotThere
from transfers.errors import FingerprintDiffers, StatementRefused
from transfers.rules.codes import CorridorStatus
from transfers.rules.partnership import Channel
from transfers.service import corridors, partner_statements, partners

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
LONGEST: Final = 300_000
LONGEST_GROUP: Final = 5
Act = Callable[[Visit, str, Form], DomainError | None]


@router.api_route("/desk/partners", methods=READ)
async def read_partners(request: Request) -> Response:
    """All partners, the corridors of this country, and what a partner has to hear from us."""

    def show(visit: Visit) -> Response:
        return visit.page(
            "partners.html", partners=partner_lines(visit), corridors=corridor_lines(visit),
            own=own_side(visit), may_propose=visit.actor.has(Role.TRUST_OFFICER),
        )  # fmt: skip

    return await shown(request, show)


@router.api_route("/desk/partners/new", methods=READ)
async def read_new(request: Request) -> Response:
    """Propose an installation nobody trusts yet."""
    return await shown(request, lambda visit: _new(visit, {}))


@router.post("/desk/partners/new")
async def propose(request: Request) -> Response:
    """Load its key statement; nothing is trusted by this."""

    def act(visit: Visit, form: Form) -> Response:
        data = _statement(form)
        made = partners.propose(visit.session, visit.actor, data, now=visit.now)
        return to(f"/desk/partners/{made}")

    return await sent(request, act, _new)


@router.api_route("/desk/partners/{partner_id}", methods=READ)
async def read_partner(request: Request, partner_id: str) -> Response:
    """One partner: its fingerprint, every step of trusting it, what can be done."""
    return await shown(request, lambda visit: _partner(visit, partner_id, {}))


@router.post("/desk/partners/{partner_id}")
async def act_on_partner(request: Request, partner_id: str) -> Response:
    """Confirm, suspend, take up again, end, or load a newer statement.

    A refusal that has to stay on record is answered and not raised, so that it is kept.
    """

    def act(visit: Visit, form: Form) -> Response:
        wanted = ACTS.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        kept = wanted(visit, partner_id, form)
        if kept is not None:
            return _partner(visit, partner_id, form, Refusal(**said(kept)))
        return to(f"/desk/partners/{partner_id}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _partner(visit, partner_id, form, refusal)

    return await sent(request, act, again)


@router.api_route("/desk/corridors/{name}", methods=READ)
async def read_corridor(request: Request, name: str) -> Response:
    """One corridor: what was agreed, whether it is open, when anybody last wrote."""
    return await shown(request, lambda visit: _corridor(visit, name, {}))


@router.post("/desk/corridors/{name}")
async def set_corridor(request: Request, name: str) -> Response:
    """Open, narrow or close it; the head of the secretariat answers for it."""

    def act(visit: Visit, form: Form) -> Response:
        status, why = form.get("status", ""), given(form, "reason", 300)
        if status not in set(CorridorStatus):
            raise BadInput("/status", "choose_one")
        if not why:
            raise BadInput("/reason", "words_needed")
        pack = corridor_page(visit, name).pack
        corridors.set_status(
            visit.session, visit.actor, pack.origin, pack.destination, CorridorStatus(status),
            reason=why, now=visit.now,
        )  # fmt: skip
        return to(f"/desk/corridors/{name}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _corridor(visit, name, form, refusal)

    return await sent(request, act, again)


def _confirms(visit: Visit, partner_id: str, form: Form) -> DomainError | None:
    channel = form.get("channel", "")
    if channel not in set(Channel):
        raise BadInput("/channel", "choose_one")
    heard = tuple(given(form, f"group-{at}", LONGEST_GROUP) for at in (1, 2))
    answer = partners.confirm(
        visit.session, visit.actor, partner_id, channel=Channel(channel), groups=heard,
        now=visit.now,
    )  # fmt: skip
    return answer if isinstance(answer, FingerprintDiffers) else None


def _suspends(visit: Visit, partner_id: str, form: Form) -> None:
    partners.suspend(visit.session, visit.actor, partner_id, reason=_reason(form), now=visit.now)


def _resumes(visit: Visit, partner_id: str, form: Form) -> None:
    del form
    partners.resume(visit.session, visit.actor, partner_id, now=visit.now)


def _ends(visit: Visit, partner_id: str, form: Form) -> None:
    partners.revoke(visit.session, visit.actor, partner_id, reason=_reason(form), now=visit.now)


def _loads(visit: Visit, partner_id: str, form: Form) -> DomainError | None:
    found = partner_statements.load_statement(
        visit.session, visit.actor, partner_id, _statement(form), now=visit.now
    )
    fault = next((one.fault for one in found if one.fault is not None), None)
    return StatementRefused(str(fault)) if fault is not None else None


ACTS: Final[Mapping[str, Act]] = {
    "confirm": _confirms,
    "suspend": _suspends,
    "resume": _resumes,
    "end": _ends,
    "statement": _loads,
}


def _reason(form: Form) -> str:
    reason = given(form, "reason", 60)
    if not reason:
        raise BadInput("/reason", "choose_one")
    return reason


def _statement(form: Form) -> bytes:
    text = given(form, "statement", LONGEST)
    if not text:
        raise BadInput("/statement", "words_needed")
    return text.encode()


def _new(visit: Visit, form: Form, refusal: Refusal | None = None) -> Response:
    return visit.page("partner_new.html", 409 if refusal else 200, refusal=refusal, given=form)


def _partner(visit: Visit, partner_id: str, form: Form, refusal: Refusal | None = None) -> Response:
    return visit.page(
        "partner.html",
        409 if refusal else 200,
        refusal=refusal,
        found=partner_page(visit, partner_id),
        given=form,
        channels=channels(visit),
        reasons=reasons(visit),
    )


def _corridor(visit: Visit, name: str, form: Form, refusal: Refusal | None = None) -> Response:
    found, words = corridor_page(visit, name), visit.words
    return visit.page(
        "corridor.html",
        409 if refusal else 200,
        refusal=refusal,
        found=found,
        way=way_of(visit, found.view.name),
        given=form,
        statuses=[(one.value, words.of("corridor_is", one)) for one in CorridorStatus],
        changed_by=visit.name(found.view.changed_by),
        may_set=visit.actor.has(Role.SECRETARIAT_HEAD),
    )
