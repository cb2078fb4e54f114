"""Whom and what the pages of a draft let name: interpreters, owners, options, brothers and sisters, homes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.desk.choices import named
from api.desk.fields import Choices
from api.desk.visit import Visit
from cases.rules.children import Relation
from cases.service import facilities, interpreters, links
from cases.service.files import CodedRow
from core.actors import Role


@dataclass(frozen=True)
class Known:
    """What is known of a draft when its choices are made: the case, and the record as JSON values."""

    row: CodedRow
    record: Mapping[str, Any]


def _interpreters(visit: Visit, draft: Known) -> Choices:
    found = interpreters.interpreters_of(visit.session, visit.actor, draft.row.id, now=visit.now)
    return tuple((one.id, one.name) for one in found)


def _owners(visit: Visit, draft: Known) -> Choices:
    row = draft.row
    people = {row.owner_person: "caseworker", row.supervisor_person: "supervisor"}
    people.setdefault(visit.actor.person_id, "assessor")
    return tuple(
        (person, f"{visit.name(person)}, {visit.words.of('role', role)}")
        for person, role in people.items()
        if person
    )


def _options(visit: Visit, draft: Known) -> Choices:
    words = visit.words
    return tuple(
        (one["ref"], f"{one['ref']}: {words.of('outcome', one['outcome'])}")
        for one in draft.record["options"]
    )


def _siblings(visit: Visit, draft: Known) -> Choices:
    found = links.linked_children(visit.session, visit.actor, draft.row.id, now=visit.now)
    return tuple((one.case_id, one.child_code) for one in found if one.relation == Relation.SIBLING)


def _facilities(visit: Visit, draft: Known) -> Choices:
    del draft
    if not visit.actor.has(Role.CASEWORKER, Role.ASSESSOR, Role.SUPERVISOR, Role.COORDINATOR):
        return ()
    found = facilities.list_facilities(visit.session, visit.actor, now=visit.now, limit=200)
    return named((one.id, one.details.name) for one in found)


OWN: Final[Mapping[str, Callable[[Visit, Known], Choices]]] = {
    "interpreter": _interpreters,
    "owner": _owners,
    "option": _options,
    "sibling": _siblings,
    "facility": _facilities,
}
