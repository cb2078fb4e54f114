"""What another country may come to know of a child: the facts of a summary, and the ground it stands on.

For ``transfers``, which decides whether and what is told; nothing here is shown to anybody. Highly sensitive parts
give no content, only flags that a specialist should look.

Source: DOM-5.3, DOM-R44, DOM-R47.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from cases.rules.children import AgeBasis, Relation
from cases.rules.movement import (
    HoldOnMovement,
    OpenHold,
    may_contact_origin,
    may_send_information,
)
from cases.service import files, movement
from cases.service.case_packs import pack_for
from cases.service.childfacts import child_facts, today_of
from cases.service.tracing import is_safe_to_trace
from cases.store import assessment as assessments
from cases.store import case_files
from cases.store import placement as placements
from cases.tables.case_file import CaseRow
from core.errors import NotThere

NO_RETURN: frozenset[str] = frozenset({"wishes", "pending", "recognised"})
PARENTS: frozenset[str] = frozenset(
    {"mother", "father", "parent", "mère", "père", "mãe", "pai", "madre", "padre"}
)
_HEALTH = ("hiv_status", "pregnancy", "mental_health", "substance")
_PROTECTION = ("gbv", "trafficking", "sexual_exploitation", "armed_group")
_LINKED = frozenset({Relation.SIBLING.value, Relation.OWN_CHILD.value, Relation.TRAVEL_GROUP.value})


@dataclass(frozen=True)
class FactsAbroad:
    """A child as a summary may show it, in this country's own codes.

    Args:
        child_code: of the child.
        age_years: None when not known.
        local_band: first and last year of the band on file; None when it is not known.
        age_basis, sex, accompaniment, priority, district: codes.
        nationalities: ISO 3166-1 alpha-2, ``stateless`` or ``undetermined``.
        languages: codes as in ``core.languages``, in the order on file.
        interpreter_needed: whether the child needs one.
        linked: child code and relation of other children.
        care: type of the care the child is in; empty when none runs.
        flags: that a specialist should look, without saying at what.
        names: every name on file, to keep them out of free text.
    """

    child_code: str
    age_years: int | None
    local_band: tuple[int, int] | None
    age_basis: str
    sex: str
    accompaniment: str
    priority: str
    district: str
    nationalities: tuple[str, ...]
    languages: tuple[str, ...]
    interpreter_needed: bool
    linked: tuple[tuple[str, str], ...]
    care: str
    flags: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class StandingAbroad:
    """What forbids or carries telling a country of the child, as the file stands.

    Args:
        today: the day on the wall of the child's office.
        assessment_approved: a best-interests assessment is approved.
        safe_to_trace: every search on file is said to be safe.
        fears: the child fears that country, or seeks or sought protection from it.
        dangers: open reasons for which any sending could harm.
        holds: reasons for which nobody moves the child abroad.
        is_open: the case is not at its end.
    """

    today: date
    assessment_approved: bool
    safe_to_trace: bool
    fears: bool
    dangers: tuple[str, ...]
    holds: tuple[OpenHold, ...]
    is_open: bool


def facts_abroad(session: Session, case_id: str, *, now: datetime) -> FactsAbroad:
    """Return what a summary may be made of.

    Raises:
        NotThere: no such case.
    """
    row = _row(session, case_id)
    known, sealed = files.restricted_of(session, row), files.sensitive_of(session, row)
    child = child_facts(session, row, today=today_of(row, now))
    care = placements.running(session, case_id)
    return FactsAbroad(
        child_code=row.child_code,
        age_years=child.age_years,
        local_band=_band(row, now),
        age_basis=str(known.get("age_basis") or AgeBasis.UNKNOWN),
        sex=row.sex,
        accompaniment=row.accompaniment,
        priority=row.priority,
        district=row.district,
        nationalities=tuple(known.get("nationalities") or ()),
        languages=tuple(dict.fromkeys(known.get("languages") or ())),
        interpreter_needed=bool(known.get("interpreter_needed")),
        linked=_linked(session, case_id),
        care=care.care if care else "",
        flags=_flags(sealed, movement.open_holds(session, case_id)),
        names=_names(known, sealed),
    )


def identity_abroad(session: Session, case_id: str) -> dict[str, object]:
    """Return what an identity disclosure may hold, by item; what nobody knows is left out.

    Raises:
        NotThere: no such case.

    Source: DOM-5.3, DOM-4.8/identity_disclosure.
    """
    known = files.restricted_of(session, _row(session, case_id))
    names, birth = known.get("names"), str(known.get("birth_date") or "")
    separation = known.get("separation")
    parents = [
        {"name": str(one.get("name", "")), "relation": str(one.get("relation", ""))}
        for one in known.get("family_links") or ()
        if str(one.get("relation", "")).casefold() in PARENTS
    ]
    found: dict[str, object] = {
        "identity.names": {key: text for key, text in names.items() if text} if names else None,
        "identity.parents": parents,
        "identity.origin": str(separation.get("place", "")) if separation else "",
        "identity.birth_year": int(birth[:4]) if birth[:4].isdigit() else None,
    }
    return {item: value for item, value in found.items() if value}


def sensitive_abroad(session: Session, case_id: str, fields: Collection[str]) -> dict[str, object]:
    """Return named highly sensitive fields, for an item-level grant; what is not on file is left out.

    Raises:
        NotThere: no such case.

    Source: DOM-R45.
    """
    sealed = files.sensitive_of(session, _row(session, case_id))
    return {name: sealed[name] for name in sorted(fields) if sealed.get(name)}


def standing_abroad(
    session: Session, case_id: str, country: str, *, now: datetime
) -> StandingAbroad:
    """Return what forbids or carries telling this country of the child.

    The country of origin of a child who seeks protection is one it fears, whatever was written when: the claim
    and the holds are read anew each time.

    Raises:
        NotThere: no such case.

    Source: DOM-R26, DOM-R47.
    """
    row = _row(session, case_id)
    sealed = files.sensitive_of(session, row)
    holds = movement.open_holds(session, case_id)
    nationalities = set(files.restricted_of(session, row).get("nationalities") or ())
    is_origin = country in nationalities | {row.nationality_code}
    seeks = str(sealed.get("asylum_claim", "none")) in NO_RETURN or not may_contact_origin(holds)
    dangers = {hold.reason.value for hold in holds if not may_send_information([hold])}
    if sealed.get("sharing_danger"):
        dangers.add(HoldOnMovement.DANGER.value)
    return StandingAbroad(
        today=today_of(row, now),
        assessment_approved=assessments.newest(session, case_id, approved=True) is not None,
        safe_to_trace=is_safe_to_trace(session, case_id),
        fears=is_origin and seeks,
        dangers=tuple(sorted(dangers)),
        holds=holds,
        is_open=row.is_open,
    )


def _row(session: Session, case_id: str) -> CaseRow:
    row = case_files.find_case(session, case_id)
    if row is None or row.erased_at is not None:
        raise NotThere("case")
    return row


def _band(row: CaseRow, now: datetime) -> tuple[int, int] | None:
    bands = pack_for(row, on=now.date()).statistics.bands
    return next(((band.start, band.to) for band in bands if band.code == row.age_band), None)


def _linked(session: Session, case_id: str) -> tuple[tuple[str, str], ...]:
    links = [link for link in case_files.links_of(session, case_id) if link.relation in _LINKED]
    codes = {
        row.id: row.child_code for row in case_files.by_ids(session, [x.other_id for x in links])
    }
    return tuple((codes[link.other_id], link.relation) for link in links if link.other_id in codes)


def _flags(
    sealed: dict[str, object], holds: list[OpenHold] | tuple[OpenHold, ...]
) -> tuple[str, ...]:
    found = {
        "specialist_health": any(sealed.get(name) for name in _HEALTH),
        "specialist_protection": any(sealed.get(name) for name in _PROTECTION),
        "disability_support": bool(sealed.get("disability")),
        "do_not_contact_exists": bool(sealed.get("do_not_contact")),
        "appeal_pending": any(hold.reason is HoldOnMovement.APPEAL for hold in holds),
    }
    return tuple(flag for flag, stands in found.items() if stands)


def _names(known: dict[str, object], sealed: dict[str, object]) -> tuple[str, ...]:
    """Every name on file of the child, its family and whoever must not be contacted."""
    own = known.get("names")
    found = [str(part) for part in own.values()] if isinstance(own, dict) else []
    for lists, key in ((known.get("family_links"), "name"), (sealed.get("do_not_contact"), "who")):
        found.extend(str(one.get(key, "")) for one in (lists if isinstance(lists, list) else []))
    return tuple(name for name in found if name)
