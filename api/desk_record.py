"""Pages after a sitting: what was decided and who has still to sign, minutes, one decision."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk import aftermath
from api.desk.forms import version_of
from api.desk.frame import to
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from cases.rules.reports import FactorGroup
from core.errors import NotThere
from panels.rules.determination import Draft
from panels.service import decision_views, determinations, minutes

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
Act = Callable[[Visit, str, Form], str]
"""Does what a form asks and returns the address to lead to."""


@router.api_route("/desk/sittings/{sitting_id}/record", methods=READ)
async def read_record(request: Request, sitting_id: str) -> Response:
    """What was decided at a sitting, who has still to sign, and its minutes."""
    return await shown(request, lambda visit: _record(visit, sitting_id, {}, None))


@router.post("/desk/sittings/{sitting_id}/record")
async def act_on_record(request: Request, sitting_id: str) -> Response:
    """Draw the minutes up, sign them, correct them; close the sitting."""

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _record(visit, sitting_id, form, refusal)

    return await sent(request, _one_of(OF_SITTING, sitting_id), again)


@router.api_route("/desk/decisions/{determination_id}", methods=READ)
async def read_decision(request: Request, determination_id: str, proof: str = "") -> Response:
    """One version of a decision."""
    return await shown(
        request, lambda visit: _decision(visit, determination_id, {}, None, proof=proof == "yes")
    )


@router.post("/desk/decisions/{determination_id}")
async def act_on_decision(request: Request, determination_id: str) -> Response:
    """Sign a decision, correct its words, take it back before it was in force."""

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _decision(visit, determination_id, form, refusal)

    return await sent(request, _one_of(OF_DECISION, determination_id), again)


def _one_of(acts: Mapping[str, Act], subject: str) -> Callable[[Visit, Form], Response]:
    def act(visit: Visit, form: Form) -> Response:
        wanted = acts.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        return to(wanted(visit, subject, form))

    return act


def _drafts(visit: Visit, sitting_id: str, form: Form) -> str:
    del form
    minutes.draft_minutes(visit.session, visit.actor, sitting_id, now=visit.now)
    return _at(sitting_id)


def _signs(visit: Visit, sitting_id: str, form: Form) -> str:
    minutes.sign_minutes(
        visit.session, visit.actor, given(form, "minutes", 40),
        content_hash=given(form, "content", 64), now=visit.now,
    )  # fmt: skip
    return _at(sitting_id)


def _corrects(visit: Visit, sitting_id: str, form: Form) -> str:
    minutes.correct_minutes(
        visit.session, visit.actor, given(form, "minutes", 40), reason=given(form, "reason"),
        now=visit.now,
    )  # fmt: skip
    return _at(sitting_id)


def _archives(visit: Visit, sitting_id: str, form: Form) -> str:
    minutes.archive_sitting(
        visit.session, visit.actor, sitting_id, now=visit.now, expected_version=version_of(form)
    )
    return "/desk/sittings"


OF_SITTING: Final[Mapping[str, Act]] = {
    "draft": _drafts,
    "sign": _signs,
    "correct": _corrects,
    "archive": _archives,
}


def _at(sitting_id: str) -> str:
    return f"/desk/sittings/{sitting_id}/record"


def _signs_decision(visit: Visit, determination_id: str, form: Form) -> str:
    determinations.sign_determination(
        visit.session, visit.actor, determination_id, content_hash=given(form, "content", 64),
        now=visit.now,
    )  # fmt: skip
    return f"/desk/decisions/{determination_id}"


def _corrects_decision(visit: Visit, determination_id: str, form: Form) -> str:
    before = decision_views.read_determination(
        visit.session, visit.actor, determination_id, now=visit.now
    ).draft
    made = determinations.correct_determination(
        visit.session, visit.actor, determination_id, _reworded(before, form),
        reason=given(form, "why"), now=visit.now, expected_version=version_of(form),
    )  # fmt: skip
    return f"/desk/decisions/{made}"


def _reworded(before: Draft, form: Form) -> Draft:
    """Return a decision in other words; what was decided stays, and the rules see to that."""
    return replace(
        before,
        reasons={group: given(form, f"reason-{group}") for group in FactorGroup},
        weight=replace(
            before.weight,
            explanation=given(form, "views_explanation"),
            why_different=given(form, "why_different"),
        ),
        child_version=given(form, "child_version"),
        interim_care=given(form, "interim"),
        sibling_reason=given(form, "sibling_reason"),
        support=replace(
            before.support,
            legal_authority=given(form, "legal_authority"),
            court_reference=given(form, "court_reference", 200),
            family_care_not_possible=given(form, "family_care_not_possible"),
        ),
    )


def _takes_back(visit: Visit, determination_id: str, form: Form) -> str:
    determinations.take_back_determination(
        visit.session, visit.actor, determination_id, reason=given(form, "back_reason"),
        now=visit.now,
    )  # fmt: skip
    return f"/desk/decisions/{determination_id}"


OF_DECISION: Final[Mapping[str, Act]] = {
    "sign": _signs_decision,
    "correct": _corrects_decision,
    "take_back": _takes_back,
}


def _record(visit: Visit, sitting_id: str, form: Form, refusal: Refusal | None) -> Response:
    proof = visit.request.query_params.get("proof", "")
    holds = None
    if proof:
        holds = minutes.verify_minutes(visit.session, visit.actor, proof, now=visit.now).holds
    return visit.page(
        "record.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        page=aftermath.after(visit, sitting_id),
        holds=holds,
    )


def _decision(
    visit: Visit, determination_id: str, form: Form, refusal: Refusal | None, *, proof: bool = False
) -> Response:
    page = aftermath.decision(visit, determination_id)
    holds = None
    if proof:
        holds = decision_views.verify_determination(
            visit.session, visit.actor, determination_id, now=visit.now
        ).holds
    return visit.page(
        "decision.html",
        409 if refusal else 200,
        refusal=refusal,
        given={**page.fields, **form},
        page=page,
        holds=holds,
    )
