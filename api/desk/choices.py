"""Codes a form offers, with their words: those of the rules, those of the country, and those of the case at hand."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from api.desk.fields import Asking, Choices
from api.desk.visit import Visit
from cases.rules.assessments import ImmediateConcern, InterpreterTie, Priority, Purpose
from cases.rules.children import (
    Accompaniment,
    AgeBasis,
    AsylumClaim,
    BirthPrecision,
    Documentation,
    Sex,
    Source,
    Tri,
)
from cases.rules.closing import ClosureReason, ContactMethod
from cases.rules.consent import (
    Assent,
    GivenBy,
    LegalBasis,
    NotAskedReason,
    Receiver,
    SharingPurpose,
    WithholdReason,
)
from cases.rules.detention import DetentionPlace, ReleasedTo
from cases.rules.emergency import Danger, Measure
from cases.rules.followup import ConcernLevel, MissedReason, Recommend, Scale, VisitMethod
from cases.rules.participation import Method, NoViewsReason, PlanVoice
from cases.rules.placements import BackgroundCheck, CareType, EndReason, NoFamilyCare, StudyResult
from cases.rules.plans import ActionKind
from cases.rules.reports import DangerResult, Outcome, TracingResult
from cases.rules.triggers import Considered
from cases.service.guardians import LegalProcedure, OfferAnswer
from cases.service.non_refoulement import Qualification
from core.packs.lookup import countries
from panels.rules.appeal import AppealBy
from panels.rules.communication import Reaction

RULES: Final[Mapping[str, type[StrEnum]]] = {
    "accompaniment": Accompaniment, "action": ActionKind, "age_basis": AgeBasis,
    "background": BackgroundCheck, "end_reason": EndReason, "legal_procedure": LegalProcedure,
    "no_family_care": NoFamilyCare, "offer_answer": OfferAnswer, "qualification": Qualification,
    "study": StudyResult, "appeal_by": AppealBy, "assent": Assent, "asylum_claim": AsylumClaim,
    "birth_precision": BirthPrecision, "care_type": CareType, "closure": ClosureReason,
    "concern": ConcernLevel, "considered": Considered, "contact": ContactMethod, "danger": Danger,
    "detention_place": DetentionPlace, "documentation": Documentation, "given_by": GivenBy,
    "immediate": ImmediateConcern, "interpreter_tie": InterpreterTie, "legal_basis": LegalBasis,
    "measure": Measure, "method": Method, "missed": MissedReason, "no_views": NoViewsReason,
    "not_asked": NotAskedReason, "outcome": Outcome, "plan_voice": PlanVoice, "priority": Priority,
    "purpose": Purpose, "reaction": Reaction, "receiver": Receiver, "recommend": Recommend,
    "refoulement": DangerResult, "released_to": ReleasedTo, "scale": Scale, "sex_asked": Sex,
    "sharing": SharingPurpose, "source": Source, "tracing": TracingResult, "tri": Tri,
    "visit_method": VisitMethod, "withhold": WithholdReason,
}  # fmt: skip
TWO_LETTERS: Final = 2


def asking_of(visit: Visit, spec: str, own: Mapping[str, Choices] | None = None) -> Asking:
    """Return what a form needs to know.

    Args:
        visit: this page.
        spec: the form.
        own: codes of the case at hand, by kind; they go before those of the rules.
    """
    known = own or {}

    def choices(of: str) -> Choices:
        if of in known:
            return known[of]
        return _of_rules(visit, of) if of in RULES else _of_country(visit, of)

    return Asking(visit.words, visit.zone, spec, choices)


def named(words: Iterable[tuple[str, str]]) -> Choices:
    """Return codes with their words in the order of the words."""
    return tuple(sorted(words, key=lambda one: one[1].casefold()))


def _of_rules(visit: Visit, of: str) -> Choices:
    return tuple((one.value, visit.words.of(of, one.value)) for one in RULES[of])


def _of_country(visit: Visit, of: str) -> Choices:
    words = visit.words
    if of == "languages":
        known = (*visit.pack.languages.child_notes, *visit.pack.languages.screens)
        return named((one, words.said("languages", one)) for one in dict.fromkeys(known))
    if of == "nationality":
        near = [(one, words.country(one)) for one in countries()]
        others = [(one, words.of("nationality", one)) for one in ("stateless", "undetermined")]
        return (*named(near), *others)
    if of == "country":
        names = words.locale.territories.items()
        return named(
            (str(code), str(name))
            for code, name in names
            if len(code) == TWO_LETTERS and code not in {"ZZ", "XA", "XB", "EU", "EZ", "UN", "QO"}
        )
    if of == "partner":
        return named((one, words.country(one)) for one in countries() if one != visit.pack.country)
    return named((code, place.name) for code, place in visit.pack.places.items())
