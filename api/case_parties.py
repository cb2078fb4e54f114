"""The people beside a child: consent and assent, guardian, lawyer, interpreter, linked children."""

from api.bodies.case_views import (
    ConsentsView,
    GuardianView,
    InterpreterView,
    LegalOfferView,
    LinkedView,
    MadeView,
)
from api.bodies.children import AnswerBody, ConsentBody
from api.bodies.parties import (
    EndBody,
    GuardianBody,
    InterpreterBody,
    LegalOfferBody,
    LinkBody,
    OverrideBody,
    WithholdBody,
)
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.service import (
    consent_views,
    consents,
    guardians,
    interpreters,
    links,
    overrides,
    withholding,
)

router = feature_router("/cases/{case_id}", "people beside the child")
CASE = reach(Reach.CASE)


@router.get("/consents", openapi_extra=CASE)
def show_consents(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> ConsentsView:
    """Show consents, withheld items and overrides."""
    given, withheld, asked = consent_views.show_consents(session, actor, case_id, now=now)
    return ConsentsView.model_validate(
        {"consents": given, "withheld": withheld, "overrides": asked}
    )


@router.post("/consents", status_code=201, openapi_extra=CASE)
def record_consent(
    case_id: IdPath, body: ConsentBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeView:
    """Keep a consent or assent."""
    return MadeView(id=consents.record_consent(session, actor, case_id, body.value(), now=now))


@router.post("/consents/{consent_id}/withdrawal", status_code=204, openapi_extra=CASE)
def withdraw_consent(
    *,
    case_id: IdPath,
    consent_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Take a consent back; nothing more is shared on it from this moment."""
    consents.withdraw_consent(
        session, actor, case_id, consent_id, expected_version=version, now=now
    )


@router.post("/withheld", status_code=201, openapi_extra=CASE)
def withhold_item(
    case_id: IdPath, body: WithholdBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeView:
    """Note what the child does not want told, and to whom."""
    made = withholding.withhold(
        session, actor, case_id,
        item=body.item, from_whom=str(body.from_whom), reason=body.reason, words=body.words,
        now=now,
    )  # fmt: skip
    return MadeView(id=made)


@router.delete("/withheld/{withhold_id}", status_code=204, openapi_extra=CASE)
def lift_withhold(
    case_id: IdPath, withhold_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Note that the child no longer minds."""
    withholding.lift_withhold(session, actor, case_id, withhold_id, now=now)


@router.post("/overrides", status_code=201, openapi_extra=CASE)
def ask_override(
    case_id: IdPath, body: OverrideBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeView:
    """Ask to share without consent; somebody else answers."""
    made = overrides.ask_override(
        session, actor, case_id,
        purpose=body.purpose, receiver=str(body.receiver), legal_basis=body.legal_basis,
        reason=body.reason, child_told=body.child_told, expires_on=body.expires_on, now=now,
    )  # fmt: skip
    return MadeView(id=made)


@router.post("/overrides/{override_id}/answer", status_code=204, openapi_extra=CASE)
def answer_override(
    *,
    case_id: IdPath,
    override_id: IdPath,
    body: AnswerBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> None:
    """Approve or refuse sharing without consent; never by the person who asked."""
    overrides.answer_override(session, actor, case_id, override_id, approve=body.approve, now=now)


@router.get("/guardians", openapi_extra=CASE)
def show_guardians(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[GuardianView]:
    """Show guardians and stop-gap advisers."""
    rows = guardians.guardians_of(session, actor, case_id, now=now)
    return [GuardianView.model_validate(row) for row in rows]


@router.post("/guardians", status_code=201, openapi_extra=CASE)
def appoint_guardian(
    case_id: IdPath, body: GuardianBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeView:
    """Put a guardian or stop-gap adviser on file."""
    return MadeView(id=guardians.appoint_guardian(session, actor, case_id, body.value(), now=now))


@router.post("/guardians/{guardian_id}/end", status_code=204, openapi_extra=CASE)
def end_guardian(
    *,
    case_id: IdPath,
    guardian_id: IdPath,
    body: EndBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """End an appointment; the former guardian sees the file no longer."""
    guardians.end_guardian(
        session, actor, case_id, guardian_id,
        reason=body.reason, expected_version=version, now=now,
    )  # fmt: skip


@router.get("/legal-offers", openapi_extra=CASE)
def show_legal_offers(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[LegalOfferView]:
    """Show the offers of a legal representative."""
    rows = guardians.legal_offers_of(session, actor, case_id, now=now)
    return [LegalOfferView.model_validate(row) for row in rows]


@router.post("/legal-offers", status_code=201, openapi_extra=CASE)
def offer_legal_representative(
    case_id: IdPath, body: LegalOfferBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeView:
    """Note that a legal representative was offered, and the answer."""
    made = guardians.offer_legal_representative(
        session, actor, case_id,
        procedure=body.procedure, offered_on=body.offered_on, reply=body.answer,
        person_id=body.person_id, words=body.words, now=now,
    )  # fmt: skip
    return MadeView(id=made)


@router.get("/interpreters", openapi_extra=CASE)
def show_interpreters(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[InterpreterView]:
    """Show the interpreters of a child."""
    rows = interpreters.interpreters_of(session, actor, case_id, now=now)
    return [InterpreterView.model_validate(row) for row in rows]


@router.post("/interpreters", status_code=201, openapi_extra=CASE)
def assign_interpreter(
    case_id: IdPath, body: InterpreterBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeView:
    """Assign an interpreter who signed an undertaking of confidentiality."""
    return MadeView(
        id=interpreters.assign_interpreter(session, actor, case_id, body.value(), now=now)
    )


@router.post("/interpreters/{interpreter_id}/end", status_code=204, openapi_extra=CASE)
def end_interpreter(
    case_id: IdPath, interpreter_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """End an interpreter's assignment."""
    interpreters.end_interpreter(session, actor, case_id, interpreter_id, now=now)


@router.get("/linked-children", openapi_extra=CASE)
def show_linked_children(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[LinkedView]:
    """Show which children belong to this one."""
    rows = links.linked_children(session, actor, case_id, now=now)
    return [LinkedView.model_validate(row) for row in rows]


@router.post("/linked-children", status_code=204, openapi_extra=CASE)
def link_children(
    case_id: IdPath, body: LinkBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Note that two children belong together, in both files."""
    links.link_children(
        session, actor, case_id, other_id=body.other_case_id, relation=body.relation, now=now
    )


@router.delete("/linked-children/{other_case_id}", status_code=204, openapi_extra=CASE)
def unlink_children(
    case_id: IdPath, other_case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Take back a link made in error, in both files."""
    links.unlink_children(session, actor, case_id, other_id=other_case_id, now=now)
