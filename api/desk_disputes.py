"""Pages of grants, of what the other country proposes instead, and of disagreements between the two countries."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk.dispute_page import PUT_BY_US, disputes, ends, entry_kinds, grants_page, terms
from api.desk.forms import day_in, version_of
from api.desk.frame import to
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.errors import BadInput, NotThere
from core.exchange.manifests import Purpose
from transfers.rules.codes import WithdrawalReason
from transfers.rules.disagreement import End
from transfers.service import disagreements, grants, grants_carried, grants_held
from transfers.service.grants import NewGrant
from transfers.service.ladder import Entry, NewEntry

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
ONE_WORD: Final = re.compile(r"[a-zA-Z0-9_.-]{1,60}")
Act = Callable[[Visit, str, Form], Refusal | None]


@router.api_route("/desk/transfers/{transfer_id}/grants", methods=READ)
async def read_grants(request: Request, transfer_id: str) -> Response:
    """What else one country may fetch of a child's file in the other."""
    return await shown(request, lambda visit: _grants(visit, transfer_id, {}))


@router.post("/desk/transfers/{transfer_id}/grants")
async def act_on_grants(request: Request, transfer_id: str) -> Response:
    """Propose a grant, give or refuse it, take it back, or have one of theirs fetched."""
    return await _acted(request, GRANTS, transfer_id, "grants", _grants)


@router.api_route("/desk/transfers/{transfer_id}/terms", methods=READ)
async def read_terms(request: Request, transfer_id: str) -> Response:
    """What they propose instead, term by term, and whether the panel's decision covers it."""

    def show(visit: Visit) -> Response:
        line, found = terms(visit, transfer_id)
        return visit.page("terms.html", line=line, found=found)

    return await shown(request, show)


@router.api_route("/desk/transfers/{transfer_id}/disagreement", methods=READ)
async def read_disagreement(request: Request, transfer_id: str) -> Response:
    """Both countries' versions side by side, and what is missing before it goes higher."""
    return await shown(request, lambda visit: _disagreement(visit, transfer_id, {}))


@router.post("/desk/transfers/{transfer_id}/disagreement")
async def act_on_disagreement(request: Request, transfer_id: str) -> Response:
    """Begin one, put views and meetings on record, take it one step higher, say how it ended."""
    return await _acted(request, DISPUTES, transfer_id, "disagreement", _disagreement)


async def _acted(
    request: Request,
    acts: Mapping[str, Act],
    transfer_id: str,
    page: str,
    show: Callable[[Visit, str, Form, Refusal | None], Response],
) -> Response:
    def act(visit: Visit, form: Form) -> Response:
        wanted = acts.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        fault = wanted(visit, transfer_id, form)
        if fault is not None:
            return show(visit, transfer_id, form, fault)
        return to(f"/desk/transfers/{transfer_id}/{page}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return show(visit, transfer_id, form, refusal)

    return await sent(request, act, again)


def _proposes(visit: Visit, transfer_id: str, form: Form) -> Refusal | None:
    """Propose a grant; who reads it over there is named by one word each, as a grant carries it."""
    words = visit.words
    faulty = [name for name in ("office", "role") if not ONE_WORD.fullmatch(form.get(name, ""))]
    if faulty:
        said = tuple((words("grant.one_word", field=words(f"grant.{one}")), one) for one in faulty)
        return Refusal(words("say.faulty"), "", said)
    purpose = form.get("purpose", "")
    if purpose not in set(Purpose):
        raise BadInput("/purpose", "choose_one")
    wanted = [one for one in form.get("items", "").split(",") if one]
    new = NewGrant(
        wanted, Purpose(purpose), given(form, "office", 60), given(form, "role", 60),
        _needed(form, "reason"), asked=given(form, "asked", 40) or None,
    )  # fmt: skip
    grants.propose(visit.session, visit.actor, transfer_id, new, now=visit.now)
    return None


def _answers(*, approve: bool) -> Act:
    def act(visit: Visit, transfer_id: str, form: Form) -> None:
        del transfer_id
        grants.answer(
            visit.session, visit.actor, given(form, "grant", 40), approve=approve, now=visit.now
        )

    return act


def _revokes(visit: Visit, transfer_id: str, form: Form) -> None:
    del transfer_id
    reason = given(form, "why", 60)
    if reason not in set(WithdrawalReason):
        raise BadInput("/why", "choose_one")
    grants.revoke(
        visit.session, visit.actor, given(form, "grant", 40), reason=reason.lower(), now=visit.now
    )


def _redeems(visit: Visit, transfer_id: str, form: Form) -> None:
    del transfer_id
    grants_held.ask(visit.session, visit.actor, given(form, "grant", 40), now=visit.now)


def _carries(visit: Visit, transfer_id: str, form: Form) -> None:
    """Write the message that brings a grant back by file; a colleague signs it among the messages."""
    del transfer_id
    grants_carried.ask_by_file(visit.session, visit.actor, given(form, "grant", 40), now=visit.now)


GRANTS: Final[Mapping[str, Act]] = {
    "propose": _proposes,
    "give": _answers(approve=True),
    "refuse": _answers(approve=False),
    "revoke": _revokes,
    "redeem": _redeems,
    "carry": _carries,
}


def _begins(visit: Visit, transfer_id: str, form: Form) -> None:
    disagreements.begin(
        visit.session, visit.actor, transfer_id, _needed(form, "words"), now=visit.now
    )


def _puts_on_record(visit: Visit, transfer_id: str, form: Form) -> None:
    del transfer_id
    kind = form.get("kind", "")
    if kind not in set(PUT_BY_US):
        raise BadInput("/kind", "choose_one")
    new = NewEntry(
        Entry(kind), _needed(form, "words"), day_in(form, "held"),
        guardian_heard=form.get("guardian_heard") == "yes",
    )  # fmt: skip
    disagreements.put_on_record(
        visit.session, visit.actor, given(form, "dispute", 40), new, now=visit.now
    )


def _climbs(visit: Visit, transfer_id: str, form: Form) -> None:
    del transfer_id
    disagreements.climb(
        visit.session, visit.actor, given(form, "dispute", 40), now=visit.now,
        expected_version=version_of(form),
    )  # fmt: skip


def _ends(visit: Visit, transfer_id: str, form: Form) -> None:
    del transfer_id
    how = form.get("end", "")
    if how not in set(End):
        raise BadInput("/end", "choose_one")
    disagreements.end(
        visit.session, visit.actor, given(form, "dispute", 40), End(how), _needed(form, "words"),
        now=visit.now, expected_version=version_of(form),
    )  # fmt: skip


DISPUTES: Final[Mapping[str, Act]] = {
    "begin": _begins,
    "entry": _puts_on_record,
    "climb": _climbs,
    "end": _ends,
}


def _needed(form: Form, name: str) -> str:
    text = given(form, name)
    if not text:
        raise BadInput(f"/{name}", "words_needed")
    return text


def _grants(visit: Visit, transfer_id: str, form: Form, refusal: Refusal | None = None) -> Response:
    found = grants_page(visit, transfer_id)
    words = visit.words
    return visit.page(
        "grants.html",
        409 if refusal else 200,
        refusal=refusal,
        found=found,
        given={**found.wanted, **form},
        reasons=[(one.value, words.of("say.code", one.value)) for one in WithdrawalReason],
    )


def _disagreement(
    visit: Visit, transfer_id: str, form: Form, refusal: Refusal | None = None
) -> Response:
    line, found = disputes(visit, transfer_id)
    return visit.page(
        "disagreement.html",
        409 if refusal else 200,
        refusal=refusal,
        line=line,
        disputes=found,
        given=form,
        kinds=entry_kinds(visit),
        ends=ends(visit),
    )
