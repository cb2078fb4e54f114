"""What the forms about care, safety abroad and a panel's questions do: each one call of a service."""

from collections.abc import Mapping
from typing import Any, Final

from api.bodies.checks import CheckBody
from api.bodies.parties import LegalOfferBody
from api.bodies.placements import EndBody, PlacementBody, StudyBody
from api.desk.case_acts import At, Do
from api.desk.case_forms import ANSWER
from api.desk.reading import checked
from api.desk.visit import Visit
from cases.service import guardians, home_studies, non_refoulement, placements
from cases.service.possible import Act
from panels.service import deferrals, placing


def _studies(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(StudyBody, {"findings": "", **values})
    home_studies.record_home_study(
        visit.session, visit.actor, at.case_id, **body.model_dump(), now=visit.now
    )
    return ""


def _places(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(PlacementBody, values)
    placing.start_placement(visit.session, visit.actor, at.case_id, body.value(), now=visit.now)
    return ""


def _ends_placement(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(EndBody, values)
    placements.end_placement(
        visit.session, visit.actor, at.case_id, at.ref, ended_on=body.ended_on, reason=body.reason,
        words=body.words, now=visit.now, expected_version=at.version,
    )  # fmt: skip
    return ""


def _checks(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(CheckBody, {"basis": "", **values})
    non_refoulement.record_check(
        visit.session, visit.actor, at.case_id, **body.model_dump(), now=visit.now
    )
    return ""


def _offers_lawyer(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(LegalOfferBody, values)
    guardians.offer_legal_representative(
        visit.session, visit.actor, at.case_id, procedure=body.procedure,
        offered_on=body.offered_on, reply=body.answer, person_id=body.person_id, words=body.words,
        now=visit.now,
    )  # fmt: skip
    return ""


def _answers(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    deferrals.answer_question(
        visit.session, visit.actor, at.ref, values.get("answer", ""), now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


DO: Final[Mapping[str, Do]] = {
    Act.HOME_STUDY: _studies,
    Act.PLACEMENT: _places,
    Act.END_PLACEMENT: _ends_placement,
    Act.CHECK_DESTINATION: _checks,
    Act.LEGAL_OFFER: _offers_lawyer,
    ANSWER: _answers,
}
