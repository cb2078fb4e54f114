"""Writing what is known about a child, and correcting it. Words are sealed; only codes stay in clear.

Source: DOM-4.1, DOM-R26, DOM-R47.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.children import (
    HOLDS_MOVEMENT,
    RESTRICTED_FIELDS,
    SENSITIVE_FIELDS,
    AsylumClaim,
    Child,
    ExternalId,
    ExternalIdKind,
    Tri,
    age_on,
    band_of,
)
from cases.rules.movement import HoldOnMovement
from cases.service import files, movement, steps
from cases.service.access import case_for
from cases.service.search import index_names, index_numbers
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Role
from core.errors import BadInput
from core.packs.lookup import pack_of
from core.packs.models import Pack

EDITORS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.ASSESSOR})
CODED: Final = frozenset({"sex", "accompaniment"})


def write_child(
    session: Session, actor: Actor, row: CaseRow, child: Child, *, pack: Pack, now: datetime
) -> None:
    """Write a whole child into a locked case, beside what the alert said."""
    before = files.restricted_of(session, row)
    restricted = {**before, **_restricted(child), **dict(child.restricted)}
    sensitive = {**files.sensitive_of(session, row), **_sensitive(child), **dict(child.sensitive)}
    _check_names(restricted, sensitive)
    row.sex = str(child.sex)
    row.accompaniment = str(child.accompaniment)
    _write(session, actor, row, restricted=restricted, sensitive=sensitive, pack=pack, now=now)


def amend_child(
    session: Session,
    actor: Actor,
    case_id: str,
    changes: Mapping[str, Any],
    *,
    now: datetime,
    expected_version: int | None = None,
) -> int:
    """Change what is on file about a child and return the new version.

    Args:
        session: the unit of work.
        actor: caseworker, supervisor or assessor with the full file.
        case_id: the child's case.
        changes: new values by field name (``RESTRICTED_FIELDS``, ``SENSITIVE_FIELDS``, ``sex``,
            ``accompaniment``); ``None`` takes a value away. Others stay.
        now: when.
        expected_version: the version the worker read.

    Raises:
        NotThere: no such case, or not so much of it.
        StaleWrite: somebody changed the file in between.
        BadInput: there is no such field.
    """
    level = Level.SENSITIVE if SENSITIVE_FIELDS & changes.keys() else Level.FULL
    row = case_for(
        session, actor, case_id, roles=EDITORS, now=now, level=level,
        expected_version=expected_version,
    )  # fmt: skip
    _check_names(
        {name: None for name in changes if name in RESTRICTED_FIELDS},
        {name: None for name in changes if name not in RESTRICTED_FIELDS | CODED},
    )
    row.sex = str(changes.get("sex", row.sex))
    row.accompaniment = str(changes.get("accompaniment", row.accompaniment))
    _write(
        session,
        actor,
        row,
        restricted=_merged(files.restricted_of(session, row), changes, RESTRICTED_FIELDS),
        sensitive=_merged(files.sensitive_of(session, row), changes, SENSITIVE_FIELDS),
        pack=pack_of(row.country, row.pack_version or None, on=now.date()),
        now=now,
        changed=tuple(changes),
    )
    return row.version


def flag_danger(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Note that sending information could endanger the child or a relative; blocks all sending.

    Source: DOM-R47.
    """
    row = case_for(
        session, actor, case_id, roles=EDITORS, now=now, expected_version=expected_version
    )
    sensitive = {**files.sensitive_of(session, row), "sharing_danger": {"reason": reason}}
    files.seal_into(session, row, sensitive=sensitive)
    steps.touch(session, row, actor=actor, now=now)
    _note(session, actor, row, "case.danger_flagged", ("sharing_danger",), now=now)
    movement.hold(session, row.id, HoldOnMovement.DANGER, actor=actor, now=now)


def clear_danger(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Lift the danger flag; a supervisor answers for it."""
    row = case_for(
        session, actor, case_id, roles={Role.SUPERVISOR}, now=now,
        expected_version=expected_version,
    )  # fmt: skip
    sensitive = files.sensitive_of(session, row)
    sensitive.pop("sharing_danger", None)
    files.seal_into(session, row, sensitive=sensitive)
    steps.touch(session, row, actor=actor, now=now)
    _note(session, actor, row, "case.danger_cleared", ("sharing_danger",), now=now)
    movement.release(session, row.id, HoldOnMovement.DANGER, actor=actor, now=now)


def numbers_of(restricted: Mapping[str, Any]) -> tuple[ExternalId, ...]:
    """Return the numbers of other systems among restricted fields."""
    return tuple(
        ExternalId(ExternalIdKind(item["kind"]), item["value"])
        for item in restricted.get("external_ids") or ()
    )


def _write(
    session: Session,
    actor: Actor,
    row: CaseRow,
    *,
    restricted: Mapping[str, Any],
    sensitive: Mapping[str, Any],
    pack: Pack,
    now: datetime,
    changed: tuple[str, ...] = (),
) -> None:
    nationalities = restricted.get("nationalities") or ()
    row.nationality_code = nationalities[0] if nationalities else "undetermined"
    row.age_band = _band(restricted, pack, now.date())
    files.seal_into(session, row, restricted=restricted, sensitive=sensitive)
    names = restricted.get("names") or {}
    index_names(session, row.id, [word for word in names.values() if word], now=now)
    index_numbers(session, row.id, numbers_of(restricted), now=now)
    steps.touch(session, row, actor=actor, now=now)
    shown = changed or (*restricted, *sensitive)
    _note(session, actor, row, "case.written", shown, now=now)
    _hold_movement(session, actor, row, sensitive, now)
    steps.wake(session, row.id, now=now)


def _hold_movement(
    session: Session, actor: Actor, row: CaseRow, sensitive: Mapping[str, Any], now: datetime
) -> None:
    """Suspend movement towards the origin while protection is asked for or return is feared.

    Source: DOM-R26.
    """
    if sensitive.get("asylum_claim") in set(HOLDS_MOVEMENT):
        movement.hold(session, row.id, HoldOnMovement.ASYLUM, actor=actor, now=now)
    if sensitive.get("fear_of_return") == Tri.YES:
        movement.hold(session, row.id, HoldOnMovement.FEAR_OF_RETURN, actor=actor, now=now)


def _restricted(child: Child) -> dict[str, Any]:
    stated = child.age_stated_on
    return {
        "names": asdict(child.names),
        "birth_date": child.birth_date.isoformat() if child.birth_date else None,
        "birth_precision": str(child.birth_precision),
        "age_years": child.age_years,
        "age_stated_on": stated.isoformat() if stated else None,
        "age_basis": str(child.age_basis),
        "nationalities": list(child.nationalities),
        "habitual_residence": list(child.habitual_residence),
        "languages": list(child.languages),
        "interpreter_needed": child.interpreter_needed,
        "documentation": str(child.documentation),
        "documents": list(child.documents),
        "external_ids": [
            {"kind": str(number.kind), "value": number.value} for number in child.external_ids
        ],
    }


def _sensitive(child: Child) -> dict[str, Any]:
    return {
        "movement_status": str(child.movement_status),
        "asylum_claim": str(child.asylum_claim),
        "fear_of_return": str(child.fear_of_return),
    }


def _merged(
    before: Mapping[str, Any], changes: Mapping[str, Any], names: frozenset[str]
) -> dict[str, Any]:
    after = {**before, **{name: value for name, value in changes.items() if name in names}}
    return {name: value for name, value in after.items() if value is not None}


def _check_names(restricted: Mapping[str, Any], sensitive: Mapping[str, Any]) -> None:
    for name in [*(restricted.keys() - RESTRICTED_FIELDS), *(sensitive.keys() - SENSITIVE_FIELDS)]:
        raise BadInput(pointer=f"/body/{name}", code="no_such_field")
    claim = sensitive.get("asylum_claim")
    if claim is not None and claim not in set(AsylumClaim):
        raise BadInput(pointer="/body/asylum_claim", code="no_such_code")


def _band(restricted: Mapping[str, Any], pack: Pack, today: date) -> str:
    born, stated = restricted.get("birth_date"), restricted.get("age_stated_on")
    age = age_on(
        today,
        birth_date=date.fromisoformat(born) if born else None,
        age_years=restricted.get("age_years"),
        age_stated_on=date.fromisoformat(stated) if stated else None,
    )
    return band_of(age, tuple((b.code, b.start, b.to) for b in pack.statistics.bands))


def _note(
    session: Session,
    actor: Actor,
    row: CaseRow,
    action: str,
    fields: tuple[str, ...],
    *,
    now: datetime,
) -> None:
    audit.record(
        session, actor, action, thing="case", thing_id=row.id, case_id=row.id, now=now,
        fields=fields, codes={"version": row.version},
    )  # fmt: skip
