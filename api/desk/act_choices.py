"""Whom and what the forms of acts let name: colleagues, languages of the child, interpreters, homes, decisions."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from api.desk.choices import named
from api.desk.fields import Choices
from api.desk.registering import ITEMS
from api.desk.visit import Visit
from cases.rules.assessments import AssessmentKind
from cases.rules.closing import ReopeningReason
from cases.rules.consent import EVERYBODY, Receiver
from cases.rules.emergency import Measure
from cases.rules.holding import HoldEnd, HoldReason
from cases.service import allocation, facilities, files, home_studies, interpreters
from cases.service.files import CodedRow
from cases.service.guardians import GuardianKind
from core.accounts.grants import persons_reaching
from core.actors import Role
from core.errors import NotThere
from panels.service import decision_views


def row_of(visit: Visit, case_id: str) -> CodedRow:
    """Return the line of a case.

    Raises:
        NotThere: no such case, or not yours.
    """
    found = files.rows_of(visit.session, visit.actor, [case_id], now=visit.now).get(case_id)
    if found is None:
        raise NotThere("case")
    return found


def _people(role: Role) -> Callable[[Visit, str], Choices]:
    def make(visit: Visit, case_id: str) -> Choices:
        row = row_of(visit, case_id)
        found = persons_reaching(
            visit.session, role, office=row.office, country=row.country, now=visit.now
        )
        visit.names(list(found))
        return named((one, visit.name(one)) for one in found)

    return make


def _caseworkers(visit: Visit, case_id: str) -> Choices:
    row = row_of(visit, case_id)
    found = allocation.caseworkers_of(visit.session, row.office, row.country, now=visit.now)
    visit.names(list(found))
    return named((one, visit.name(one)) for one in found)


def _workers_of_case(visit: Visit, case_id: str) -> Choices:
    row = row_of(visit, case_id)
    people = {row.owner_person: "caseworker", row.supervisor_person: "supervisor"}
    return tuple(
        (person, f"{visit.name(person)}, {visit.words.of('role', role)}")
        for person, role in people.items()
        if person
    )


def _tellers(visit: Visit, case_id: str) -> Choices:
    me = visit.actor.person_id
    others = tuple(one for one in _workers_of_case(visit, case_id) if one[0] != me)
    return ((me, visit.name(me)), *others)


def _childs_languages(visit: Visit, case_id: str) -> Choices:
    file = files.open_file(
        visit.session, visit.actor, case_id, now=visit.now, fields=("languages",)
    )
    spoken = [str(one) for one in file.facts.get("languages") or ()]
    codes = spoken or list(visit.pack.languages.child_notes)
    return tuple((one, visit.words.said("languages", one)) for one in codes)


def _assigned(visit: Visit, case_id: str) -> Choices:
    today: date = visit.now.date()
    found = interpreters.interpreters_of(visit.session, visit.actor, case_id, now=visit.now)
    return tuple(
        (one.id, one.name) for one in found if one.ended_on is None or one.ended_on >= today
    )


def _facilities(visit: Visit, case_id: str) -> Choices:
    del case_id
    found = facilities.list_facilities(visit.session, visit.actor, now=visit.now, limit=200)
    return named((one.id, one.details.name) for one in found)


def _home_studies(visit: Visit, case_id: str) -> Choices:
    found = home_studies.list_home_studies(visit.session, visit.actor, case_id, now=visit.now)
    return tuple((one.id, f"{one.carer}, {visit.words.day(one.studied_on)}") for one in found)


def _decisions(visit: Visit, case_id: str) -> Choices:
    found = decision_views.determinations_of(visit.session, visit.actor, case_id, now=visit.now)
    words = visit.words
    return tuple(
        (one.id, f"{words.of('outcome', one.outcome)}, {words.day(one.decided_at.date())}")
        for one in found
        if one.is_current
    )


def _codes(of: str, codes: tuple[str, ...]) -> Callable[[Visit, str], Choices]:
    return lambda visit, _: tuple((one, visit.words.of(of, one)) for one in codes)


OWN: Final[Mapping[str, Callable[[Visit, str], Choices]]] = {
    "caseworker": _caseworkers,
    "assessor": _people(Role.ASSESSOR),
    "lawyer": _people(Role.LAWYER),
    "facility": _facilities,
    "home_study": _home_studies,
    "decision": _decisions,
    "owner": _workers_of_case,
    "teller": _tellers,
    "childs_languages": _childs_languages,
    "interpreter": _assigned,
    "assessment_kind": _codes("assessment_kind", tuple(AssessmentKind)),
    "guardian_kind": _codes("guardian_kind", tuple(GuardianKind)),
    "hold": _codes("hold_reason", tuple(HoldReason)),
    "hold_end": _codes("hold_end", tuple(one for one in HoldEnd if one is not HoldEnd.CLOSED)),
    "reopening": _codes("reopening", tuple(ReopeningReason)),
    "measure_here": _codes(
        "measure", tuple(one for one in Measure if one is not Measure.EMERGENCY_CROSSING)
    ),
    "withheld_item": _codes("withheld_item", ITEMS),
    "withheld_from": _codes("receiver", (EVERYBODY, *Receiver)),
}
