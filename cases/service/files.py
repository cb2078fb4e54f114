"""Opening a child's file: the only way to a child's data, and every opening is on record.

A case the actor does not see answers exactly like one that does not exist. What is shown follows
the level: a coded row, a summary, the full file without its highly sensitive parts, or those too.

Source: DOM-2.2, DOM-R50.
"""

import base64
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session

from cases.rules.access import Level, Reach
from cases.rules.children import ADDRESS_FIELD, PRIORITY_RANK, SUMMARY_FIELDS
from cases.service.access import reach_into
from cases.store import case_files as store
from cases.store.case_files import After, Wanted
from cases.tables.case_file import TABLE, CaseRow
from core import audit
from core.actors import Actor
from core.errors import BadInput, NotThere
from core.vault import Place, seal, unseal


class Purpose(StrEnum):
    """Why somebody needs highly sensitive parts; kept in the audit log."""

    CARE = "care"
    SAFETY = "safety"
    DETERMINATION = "determination"
    REVIEW = "review"
    TRAVEL = "travel"
    LEGAL_DUTY = "legal_duty"
    RIGHTS_REQUEST = "rights_request"


@dataclass(frozen=True)
class CodedRow:
    """What everybody who may know of a case sees of it: ids and codes."""

    id: str
    child_code: str
    country: str
    office: str
    district: str
    state: str
    priority: str
    sex: str
    age_band: str
    accompaniment: str
    nationality_code: str
    detained: bool
    detained_since: datetime | None
    opened_at: datetime
    state_since: datetime
    is_open: bool
    owner_person: str | None
    supervisor_person: str | None
    hold_review_on: str | None
    merged_into: str | None
    is_erased: bool
    version: int


@dataclass(frozen=True)
class CaseFile:
    """A child's file as one person may see it.

    Args:
        row: the coded row.
        level: what was shown.
        facts: restricted fields that the level shows; empty for a coded row.
        sensitive: highly sensitive fields that may be shown.
        closed_parts: why highly sensitive parts are missing: ``purpose_needed`` or ``not_for_you``;
            empty when nothing was held back.
        local_number: the office's own number; only in the full file.
    """

    row: CodedRow
    level: Level
    facts: Mapping[str, Any] = field(default_factory=dict)
    sensitive: Mapping[str, Any] = field(default_factory=dict)
    closed_parts: str = ""
    local_number: str | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list; ``cursor`` leads to the next one, empty at the end."""

    rows: tuple[CodedRow, ...]
    cursor: str | None


def open_file(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    now: datetime,
    fields: Collection[str] | None = None,
    purpose: Purpose | None = None,
) -> CaseFile:
    """Open a child's file as far as the actor may see it, and note that it was read.

    Args:
        session: the unit of work.
        actor: who reads.
        case_id: the child's case.
        now: when.
        fields: only these fields; all that may be seen when left out.
        purpose: why highly sensitive parts are needed; some roles must say it.

    Raises:
        NotThere: no such case, or not yours: the two are never told apart.
    """
    row = store.find_case(session, case_id)
    seen = reach_into(session, actor, row, now=now) if row is not None else Reach()
    if row is None or not seen.sees:
        raise NotThere("case")
    opened = _file(session, row, seen, fields, purpose)
    _record_read(session, actor, opened, seen, purpose=purpose, now=now)
    return opened


def id_of_code(session: Session, actor: Actor, child_code: str, *, now: datetime) -> str:
    """Return the case a child code resolves to, also after a merge, if the actor may know of it.

    Raises:
        NotThere: no such code, or not yours.

    Source: DOM-R53.
    """
    case_id = store.id_of_code(session, child_code.strip().upper())
    row = store.find_case(session, case_id) if case_id is not None else None
    if row is None or not reach_into(session, actor, row, now=now).sees:
        raise NotThere("case")
    return row.id


def list_files(
    session: Session,
    actor: Actor,
    which: Wanted,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Return one page of the cases the actor may know of: most urgent first, then longest waiting.

    Raises:
        BadInput: the cursor is not one of ours.
    """
    after = _read_cursor(cursor) if cursor else None
    rows = store.page(session, actor, which, after=after, limit=limit + 1, now=now)
    shown = rows[:limit]
    audit.record(
        session, actor, "case.listed", thing="case_list", thing_id="page", now=now,
        codes={"count": len(shown)},
    )  # fmt: skip
    more = len(rows) > limit
    return Page(tuple(coded_row(row) for row in shown), _cursor(shown[-1]) if more else None)


def rows_of(
    session: Session, actor: Actor, case_ids: Collection[str], *, now: datetime
) -> dict[str, CodedRow]:
    """Return the coded rows of these cases by id; those the actor may not know of are left out."""
    ids = sorted(set(case_ids))
    seen = store.visible_ids(session, actor, ids, now) if ids else set()
    rows = store.by_ids(session, sorted(seen))
    audit.record(
        session, actor, "case.listed", thing="case_list", thing_id="named", now=now,
        codes={"count": len(rows)},
    )  # fmt: skip
    return {row.id: coded_row(row) for row in rows}


def wanted(
    *,
    state: str | None = None,
    priority: str | None = None,
    mine: bool = False,
    detained: bool = False,
    ended: bool = False,
) -> Wanted:
    """Say which cases a list shows: one state, or all open (or ended) ones; narrowed by the rest."""
    rank = PRIORITY_RANK[priority] if priority is not None else None
    return Wanted(state, not ended, mine, detained, rank)


def coded_row(row: CaseRow) -> CodedRow:
    """Return the coded row of a case."""
    return CodedRow(
        id=row.id,
        child_code=row.child_code,
        country=row.country,
        office=row.office,
        district=row.district,
        state=row.state,
        priority=row.priority,
        sex=row.sex,
        age_band=row.age_band,
        accompaniment=row.accompaniment,
        nationality_code=row.nationality_code,
        detained=row.detained,
        detained_since=row.detained_since,
        opened_at=row.opened_at,
        state_since=row.state_since,
        is_open=row.is_open,
        owner_person=row.owner_person,
        supervisor_person=row.supervisor_person,
        hold_review_on=row.hold_review_on.isoformat() if row.hold_review_on else None,
        merged_into=row.merged_into,
        is_erased=row.erased_at is not None,
        version=row.version,
    )


def restricted_of(session: Session, row: CaseRow) -> dict[str, Any]:
    """Return the restricted fields of a case to a service that has already decided it may."""
    return _opened(session, row, "restricted", row.restricted)


def sensitive_of(session: Session, row: CaseRow) -> dict[str, Any]:
    """Return the highly sensitive fields of a case to a service that has already decided it may."""
    return _opened(session, row, "sensitive", row.sensitive)


def seal_into(
    session: Session,
    row: CaseRow,
    *,
    restricted: Mapping[str, Any] | None = None,
    sensitive: Mapping[str, Any] | None = None,
) -> None:
    """Seal fields into a case row in place of those it had; ``None`` leaves them."""
    if restricted is not None:
        place = Place(TABLE, "restricted", row.id)
        row.restricted = seal(session, owner=row.id, place=place, value=dict(restricted))
    if sensitive is not None:
        place = Place(TABLE, "sensitive", row.id)
        row.sensitive = seal(session, owner=row.id, place=place, value=dict(sensitive))
    session.add(row)


def _opened(session: Session, row: CaseRow, column: str, sealed: bytes) -> dict[str, Any]:
    if not sealed or row.erased_at is not None:
        return {}
    value = unseal(session, owner=row.id, place=Place(TABLE, column, row.id), sealed=sealed)
    return dict(value)


def _file(
    session: Session,
    row: CaseRow,
    seen: Reach,
    fields: Collection[str] | None,
    purpose: Purpose | None,
) -> CaseFile:
    coded = coded_row(row)
    if seen.level is Level.CODED or row.erased_at is not None:
        return CaseFile(coded, Level.CODED)
    facts = _only(restricted_of(session, row), fields)
    if seen.level is Level.SUMMARY:
        return CaseFile(coded, Level.SUMMARY, _only(facts, SUMMARY_FIELDS))
    closed = _closed_parts(seen, purpose)
    parts = _only(sensitive_of(session, row), _sections(seen, closed=bool(closed)))
    return CaseFile(
        row=coded,
        level=Level.FULL if closed else Level.SENSITIVE,
        facts=facts,
        sensitive=_only(parts, fields),
        closed_parts=closed,
        local_number=row.local_number,
    )


def _closed_parts(seen: Reach, purpose: Purpose | None) -> str:
    if seen.level < Level.SENSITIVE:
        return "not_for_you"
    return "purpose_needed" if seen.purpose_needed and purpose is None else ""


def _sections(seen: Reach, *, closed: bool) -> Collection[str] | None:
    """Highly sensitive sections that open; ``None`` means every one. The address follows its own column."""
    if closed:
        return (ADDRESS_FIELD,) if seen.address else ()
    return seen.sections


def _only(values: Mapping[str, Any], names: Collection[str] | None) -> dict[str, Any]:
    return {name: value for name, value in values.items() if names is None or name in names}


def _record_read(
    session: Session,
    actor: Actor,
    opened: CaseFile,
    seen: Reach,
    *,
    purpose: Purpose | None,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor,
        "case.read",
        thing="case",
        thing_id=opened.row.id,
        case_id=opened.row.id,
        now=now,
        fields=[*opened.facts, *opened.sensitive],
        codes={
            "level": int(opened.level),
            "why": ",".join(sorted(seen.bases)),
            "purpose": str(purpose) if purpose else None,
        },
    )


_SEPARATOR: Final = "|"
_CASE_ID: Final = re.compile(r"[0-9a-f-]{36}")


def _cursor(row: CaseRow) -> str:
    text = _SEPARATOR.join((str(row.priority_rank), row.opened_at.isoformat(), row.id))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> After:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        rank, opened_at, case_id = text.split(_SEPARATOR)
        at = datetime.fromisoformat(opened_at)
        known = int(rank) in PRIORITY_RANK.values() and at.tzinfo is not None
        if not known or not _CASE_ID.fullmatch(case_id):
            raise BadInput(pointer="/query/cursor", code="not_a_cursor")
        return After(int(rank), at.astimezone(UTC), case_id)
    except (ValueError, OverflowError) as error:  # overflow: past an end of the calendar
        raise BadInput(pointer="/query/cursor", code="not_a_cursor") from error
