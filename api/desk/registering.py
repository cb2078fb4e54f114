"""Registering a child, step by step: who it is, whether the child is on file already, where it is, what it agreed to.

Nothing is kept before the last step; what was typed travels in the page. Children who may be the same are shown
before anything is saved, and a person decides. What is not known is left empty.

Source: DOM-3.3/T1, DOM-3.3/T2, DOM-4.1, DOM-4.2, DOM-R53.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.bodies.children import AlertBody, HintBody, NewCaseBody, RegistrationBody
from api.bodies.parties import WithholdBody
from api.desk.children import ChildLine, child_line
from api.desk.choices import asking_of, named
from api.desk.fields import Asking, Choices, Field, Kind, is_blank, print_of
from api.desk.reading import checked, nested, read
from api.desk.visit import Visit
from api.portal.door import Form
from cases.rules.consent import EVERYBODY, EVERYTHING, Receiver
from cases.service import files, registration, search, withholding
from cases.service.search import Hints
from core.actors import Role, ScopeKind
from core.errors import NotThere

SPEC: Final = "register"
CHILD: Final = (
    Field("child.names.given", Kind.LINE),
    Field("child.names.family", Kind.LINE),
    Field("child.names.other", Kind.LINE),
    Field("child.names.nickname", Kind.LINE),
    Field("child.sex", Kind.CHOICE, "sex_asked"),
    Field("child.age_years", Kind.NUMBER),
    Field("child.birth_date", Kind.DAY),
    Field("child.birth_precision", Kind.CHOICE, "birth_precision"),
    Field("child.age_basis", Kind.CHOICE, "age_basis"),
    Field("child.nationalities", Kind.NAMED, "nationality"),
    Field("child.languages", Kind.NAMED, "languages"),
    Field("child.interpreter_needed", Kind.TICK),
    Field("child.accompaniment", Kind.CHOICE, "accompaniment"),
    Field("child.documentation", Kind.CHOICE, "documentation"),
    Field(
        "child.external_ids", Kind.ROWS,
        parts=(Field("kind", Kind.CHOICE, "external_id"), Field("value", Kind.LINE)), most=4,
    ),
)  # fmt: skip
ALERT: Final = (
    Field("alert.office", Kind.CHOICE, "office"),
    Field("alert.district", Kind.CHOICE, "place"),
    Field("alert.where"),
    Field("alert.source", Kind.CHOICE, "source"),
    Field("alert.reported_by", Kind.LINE),
    Field("alert.words"),
    Field("alert.in_danger", Kind.CHOICE, "tri"),
    Field("alert.in_detention", Kind.CHOICE, "tri"),
    Field("alert.detention_place", Kind.CHOICE, "detention_place"),
    Field("alert.detained_since", Kind.MOMENT),
)
SITUATION: Final = (
    Field("child.asylum_claim", Kind.CHOICE, "asylum_claim"),
    Field("child.fear_of_return", Kind.CHOICE, "tri"),
    Field("priority", Kind.CHOICE, "priority"),
)
CONSENT: Final = (
    Field("consent.given_by", Kind.CHOICE, "given_by"),
    Field("consent.assent", Kind.CHOICE, "assent"),
    Field("consent.assent_reason", Kind.CHOICE, "no_views"),
    Field("consent.given_on", Kind.DAY),
    Field("consent.purposes", Kind.SEVERAL, "sharing"),
    Field("consent.share_with", Kind.SEVERAL, "receiver"),
    Field("consent.partners", Kind.SEVERAL, "partner"),
    Field("consent.language", Kind.CHOICE, "languages"),
    Field("consent.expires_on", Kind.DAY),
    Field("consent.words"),
    Field("consent_not_asked", Kind.CHOICE, "not_asked"),
    Field(
        "withheld", Kind.ROWS,
        parts=(
            Field("item", Kind.CHOICE, "withheld_item"),
            Field("from_whom", Kind.CHOICE, "withheld_from"),
            Field("reason", Kind.CHOICE, "withhold"),
            Field("words", Kind.LINE),
        ),
        most=4,
    ),
)  # fmt: skip
ITEMS: Final = (
    EVERYTHING, "names", "birth_date", "nationalities", "exact_location", "family_links", "separation",
    "movement_status", "asylum_claim", "gbv", "trafficking", "health_for_care", "pregnancy", "hiv_status",
    "mental_health", "religion", "ethnicity", "education",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One page of the way."""

    code: str
    fields: tuple[Field, ...]


NEW: Final = (
    Step("child", CHILD),
    Step("situation", (*ALERT, *SITUATION)),
    Step("consent", CONSENT),
)
KNOWN_CASE: Final = (
    Step("child", CHILD),
    Step("situation", SITUATION),
    Step("consent", CONSENT),
)
ALERT_ONLY: Final = (Step("alert", ALERT),)


@dataclass(frozen=True)
class Candidate:
    """A child on file who may be the same, and what agrees."""

    child: ChildLine
    signals: tuple[str, ...]


def asking(visit: Visit) -> Asking:
    """Return words and choices of registration."""
    words = visit.words
    own: Mapping[str, Choices] = {
        "office": _offices(visit),
        "external_id": tuple((one, words.of("external_id", one)) for one in _NUMBERS),
        "withheld_item": tuple((one, words.of("withheld_item", one)) for one in ITEMS),
        "withheld_from": (
            (EVERYBODY, words.of("receiver", EVERYBODY)),
            *((one.value, words.of("receiver", one.value)) for one in Receiver),
        ),
    }
    return asking_of(visit, SPEC, own)


def begun(visit: Visit, form: Form) -> dict[str, str]:
    """Return a form with what is certain already: the office of somebody who has only one."""
    offices = _offices(visit)
    certain = {"alert.office": offices[0][0]} if len(offices) == 1 else {}
    return {**certain, **form}


def step_of(steps: tuple[Step, ...], code: str) -> Step:
    """Return the step of a code; the first when there is no such step."""
    return next((one for one in steps if one.code == code), steps[0])


def candidates(
    visit: Visit, form: Form, district: str, case_id: str
) -> tuple[tuple[Candidate, ...], int, str]:
    """Return who on file may be the same child, how many more there are elsewhere, and a mark of both.

    Raises:
        SearchNotForEnforcement, RoleMayNot: as the search says.
    """
    child = without_blanks(nested(read(CHILD, form, asking(visit)))).get("child", {})
    body = checked(HintBody, {"child": child, "district": district or None})
    found = search.duplicate_hints(
        visit.session, visit.actor, body.child.value(visit.now.date()),
        district=district, leave_out=(case_id,), now=visit.now,
    )  # fmt: skip
    ids = sorted(one.row.id for one in found.seen)
    mark = print_of([*ids, str(found.elsewhere)]) if ids or found.elsewhere else ""
    return _shown(visit, found), found.elsewhere, mark


def district_of(visit: Visit, form: Form, case_id: str) -> str:
    """Return the district the child is in, as far as it is known at this step."""
    if not case_id:
        return form.get("alert.district", "") or form.get("alert.office", "")
    rows = files.rows_of(visit.session, visit.actor, [case_id], now=visit.now)
    if case_id not in rows:
        raise NotThere("case")
    return rows[case_id].district or ""


def register(visit: Visit, form: Form, case_id: str, version: int) -> str:
    """Register the child, with consent and what it wants kept back; one act. Returns the case.

    Raises:
        BadInput: a value that cannot be kept.
        Incomplete: what stands against it.
    """
    steps = KNOWN_CASE if case_id else NEW
    asks = asking(visit)
    fields = [field for step in steps for field in step.fields]
    values = without_blanks(nested(read(fields, form, asks)))
    withheld = [checked(WithholdBody, one) for one in values.pop("withheld", ())]
    done = _existing(visit, values, case_id, version) if case_id else _new(visit, values)
    for one in withheld:
        withholding.withhold(
            visit.session, visit.actor, done, item=one.item, from_whom=str(one.from_whom),
            reason=one.reason, words=one.words, now=visit.now,
        )  # fmt: skip
    return done


def pass_on(visit: Visit, form: Form) -> str:
    """Pass an alert on and return the child code to quote."""
    values = without_blanks(nested(read(ALERT, form, asking(visit))))
    body = checked(AlertBody, values.get("alert", {}))
    opened = registration.raise_alert(visit.session, visit.actor, body.value(), now=visit.now)
    return opened.child_code


def without_blanks(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was left empty, at any depth: nothing is guessed, bodies know what unknown is."""
    found = {
        name: without_blanks(value) if isinstance(value, dict) else _rows(value)
        for name, value in values.items()
    }
    return {name: value for name, value in found.items() if not is_blank(value)}


def _rows(value: Any) -> Any:
    if isinstance(value, list):
        return [without_blanks(one) if isinstance(one, dict) else one for one in value]
    return value


def _new(visit: Visit, values: dict[str, Any]) -> str:
    body = checked(NewCaseBody, {"alert": {}, "child": {}, **values})
    done = registration.register_new(
        visit.session, visit.actor, body.alert.value(), body.child.value(visit.now.date()),
        consent=body.consent.value() if body.consent else None, not_asked=body.consent_not_asked,
        priority=body.priority, now=visit.now,
    )  # fmt: skip
    return done.case_id


def _existing(visit: Visit, values: dict[str, Any], case_id: str, version: int) -> str:
    body = checked(RegistrationBody, {"child": {}, **values})
    done = registration.register_child(
        visit.session, visit.actor, case_id, body.child.value(visit.now.date()),
        consent=body.consent.value() if body.consent else None, not_asked=body.consent_not_asked,
        priority=body.priority, expected_version=version, now=visit.now,
    )  # fmt: skip
    return done.case_id


def _shown(visit: Visit, found: Hints) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            child_line(visit, one.row),
            tuple(visit.words.of("signal", signal) for signal in one.signals),
        )
        for one in found.seen
    )


def _offices(visit: Visit) -> Choices:
    """Return the offices of this person; whoever works for the whole country chooses among all places."""
    own = [
        grant.ref
        for grant in visit.actor.grants
        if grant.scope is ScopeKind.OFFICE and grant.role is not Role.PROCEDURE
    ]
    codes = sorted(set(own)) or sorted(visit.pack.places)
    return named((code, visit.place(code)) for code in codes)


_NUMBERS: Final = (
    "unhcr_individual", "unhcr_group", "cpims", "icrc", "national_id", "passport", "registry", "other",
)  # fmt: skip
