"""Who stands beside a child without parents: guardian, stop-gap adviser, legal representative.

Source: DOM-3.3/T4, DOM-4.7, DOM-R11, DOM-R12.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from cases.errors import GuardianNotIndependent
from cases.rules.access import Basis, Level
from cases.rules.clocks import ClockCode
from cases.rules.representation import offer_gaps
from cases.service import clocks, files, steps
from cases.service.access import case_for, close_access, grant_access, reach_of
from cases.service.case_packs import pack_for
from cases.service.consents import guardian_level
from cases.service.notes import note, note_read, seal_words, words_of
from cases.store import guardians as store
from cases.tables.case_file import CaseRow
from cases.tables.guardian import GuardianRow, LegalOfferRow
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, Gap, NotThere, answer

APPOINTERS: Final = frozenset({Role.SUPERVISOR})
STOP_GAPS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
OFFERERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.ASSESSOR, Role.COORDINATOR})


class GuardianKind(StrEnum):
    """A guardian in law, or somebody who fills the gap meanwhile."""

    GUARDIAN = "guardian"
    STOP_GAP_ADVISER = "stop_gap_adviser"


class LegalProcedure(StrEnum):
    """Procedures in which a legal representative is offered. Source: DOM-R12."""

    ASYLUM = "asylum"
    IMMIGRATION = "immigration"
    COURT = "court"
    DETERMINATION = "determination"


class OfferAnswer(StrEnum):
    """What the child answered."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LATER = "later"
    NONE_AVAILABLE = "none_available"


@dataclass(frozen=True)
class NewGuardian:
    """A guardian or adviser as appointed.

    Args:
        kind: guardian or stop-gap adviser.
        name: sealed.
        contact: how to reach; sealed.
        appointed_by: competent authority, as a code: court, authority, office.
        from_on: first day.
        independent: not staff of the body that decides or cares.
        independence_note: what was checked; sealed.
        agency: code of the agency, for conflict hints.
        person_id: the person, when there is an account.
    """

    kind: GuardianKind
    name: str
    contact: str
    appointed_by: str
    from_on: date
    independent: bool
    independence_note: str = ""
    agency: str = ""
    person_id: str | None = None


@dataclass(frozen=True)
class GuardianView:
    """A guardian as shown to somebody with the file."""

    id: str
    kind: str
    name: str
    contact: str
    agency: str
    independent: bool
    appointed_by: str
    from_on: date
    ended_on: date | None
    person_id: str | None
    version: int


@dataclass(frozen=True)
class LegalOfferView:
    """One offer of a legal representative."""

    id: str
    procedure: str
    offered_on: date
    answer: str
    person_id: str | None


def appoint_guardian(
    session: Session, actor: Actor, case_id: str, new: NewGuardian, *, now: datetime
) -> str:
    """Put a guardian (a supervisor's act) or a stop-gap adviser (also a caseworker's) on file.

    A guardian with an account sees the child's file from now on; a new guardian ends the stop-gap.

    Raises:
        GuardianNotIndependent: staff of the body that decides or cares.
        Incomplete: no name, or no way to reach them.

    Source: DOM-3.3/T4, DOM-2.1/A12.
    """
    roles = APPOINTERS if new.kind is GuardianKind.GUARDIAN else STOP_GAPS
    row = case_for(session, actor, case_id, roles=roles, now=now)
    if not new.independent:
        raise GuardianNotIndependent
    answer(
        "appoint_guardian",
        [
            None if new.name else Gap("guardian_name_missing"),
            None if new.contact else Gap("guardian_contact_missing"),
            _stop_gap(row, new, now),
        ],
    ).require()
    if new.kind is GuardianKind.GUARDIAN:
        _end_stop_gaps(session, actor, row.id, new.from_on, now)
    kept = GuardianRow(
        case_id=row.id,
        kind=str(new.kind),
        person_id=new.person_id,
        agency=new.agency,
        independent=new.independent,
        appointed_by=new.appointed_by,
        from_on=new.from_on,
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    words = {"name": new.name, "contact": new.contact, "note": new.independence_note}
    seal_words(session, kept, words)
    session.add(kept)
    session.flush()
    if new.person_id is not None:
        grant_access(
            session, actor, case_id=row.id, person_id=new.person_id, basis=Basis.GUARDIAN,
            level=guardian_level(session, row.id), ref=kept.id, now=now,
        )  # fmt: skip
    note(session, actor, "guardian.appointed", kept, now=now, kind=kept.kind)
    clocks.meet_clock(session, row.id, ClockCode.GUARDIAN, now=now, actor=actor)
    steps.wake(session, row.id, now=now)
    return kept.id


def _stop_gap(row: CaseRow, new: NewGuardian, now: datetime) -> Gap | None:
    """Some countries know no adviser who stands in until a guardian is appointed."""
    law = pack_for(row, on=now.date()).guardianship
    refused = new.kind is GuardianKind.STOP_GAP_ADVISER and not law.stop_gap_allowed
    return Gap("stop_gap_not_allowed", {"authority": law.appointed_by}) if refused else None


def end_guardian(
    session: Session,
    actor: Actor,
    case_id: str,
    guardian_id: str,
    *,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """End an appointment; the former guardian sees the file no longer. Twice is once."""
    row = case_for(session, actor, case_id, roles=APPOINTERS, now=now)
    kept = store.lock_guardian(session, row.id, guardian_id)
    if kept is None:
        raise NotThere("guardian")
    check_version(kept, "guardian", expected_version)
    if kept.ended_on is None:
        _end(session, actor, kept, now.date(), reason, now=now)
        steps.wake(session, row.id, now=now)


def offer_legal_representative(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    procedure: LegalProcedure,
    offered_on: date,
    reply: OfferAnswer,
    now: datetime,
    person_id: str | None = None,
    words: str = "",
) -> str:
    """Note that a legal representative was offered and what the child said; one may be named.

    Source: DOM-R12.
    """
    row = case_for(session, actor, case_id, roles=OFFERERS, now=now)
    if offered_on > now.date():
        raise BadInput(pointer="/body/offered_on", code="in_the_future")
    kept = LegalOfferRow(
        case_id=row.id,
        procedure=str(procedure),
        offered_on=offered_on,
        answer=str(reply),
        person_id=person_id,
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    seal_words(session, kept, {"words": words})
    session.add(kept)
    session.flush()
    if person_id is not None and reply is OfferAnswer.ACCEPTED:
        grant_access(
            session, actor, case_id=row.id, person_id=person_id, basis=Basis.LAWYER,
            level=guardian_level(session, row.id), ref=kept.id, now=now,
        )  # fmt: skip
    note(session, actor, "legal_representative.offered", kept, now=now, answer=kept.answer)
    steps.wake(session, row.id, now=now)
    return kept.id


def has_guardian(session: Session, case_id: str, *, on: date) -> bool:
    """Whether a guardian, or a recorded stop-gap adviser, stands beside the child on a day.

    Source: DOM-R11.
    """
    return bool(guardian_kinds(session, case_id, on=on))


def guardian_kinds(session: Session, case_id: str, *, on: date) -> frozenset[str]:
    """Return which kinds stand on a day: guardian, stop_gap_adviser, both or none."""
    return frozenset(
        row.kind
        for row in store.guardians_of(session, case_id)
        if row.from_on <= on and (row.ended_on is None or on < row.ended_on)
    )


def guardian_persons(session: Session, case_id: str, *, on: date) -> frozenset[str]:
    """Return the person ids of those who stand beside the child on a day and have an account."""
    return frozenset(
        row.person_id
        for row in store.guardians_of(session, case_id)
        if row.person_id is not None
        and row.from_on <= on
        and (row.ended_on is None or on < row.ended_on)
    )


def was_offered_lawyer(session: Session, case_id: str) -> bool:
    """Whether a legal representative was ever offered. Source: DOM-R12."""
    return bool(store.legal_offers_of(session, case_id))


def legal_offer_gaps(session: Session, row: CaseRow) -> tuple[Gap, ...]:
    """Say whether the offer of a legal representative is missing while a procedure runs.

    Source: DOM-R12.
    """
    known = files.sensitive_of(session, row)
    return offer_gaps(
        asylum_claim=str(known.get("asylum_claim", "")),
        justice_involved=bool(known.get("justice_involvement")),
        detained=row.detained,
        was_offered=was_offered_lawyer(session, row.id),
    )


def guardians_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[GuardianView, ...]:
    """Show guardians and advisers of a child, ended ones included, newest first.

    Raises:
        NotThere: no such case, or not so much of it.
    """
    _require_full(session, actor, case_id, now)
    rows = store.guardians_of(session, case_id)
    note_read(session, actor, "guardian", case_id, now=now, count=len(rows))
    return tuple(_view(session, row) for row in rows)


def legal_offers_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[LegalOfferView, ...]:
    """Show the offers of a legal representative, newest first.

    Raises:
        NotThere: no such case, or not so much of it.
    """
    _require_full(session, actor, case_id, now)
    rows = store.legal_offers_of(session, case_id)
    note_read(session, actor, "legal_offer", case_id, now=now, count=len(rows))
    return tuple(
        LegalOfferView(row.id, row.procedure, row.offered_on, row.answer, row.person_id)
        for row in rows
    )


def _require_full(session: Session, actor: Actor, case_id: str, now: datetime) -> None:
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")


def _end_stop_gaps(session: Session, actor: Actor, case_id: str, day: date, now: datetime) -> None:
    for row in store.guardians_of(session, case_id):
        if row.kind == GuardianKind.STOP_GAP_ADVISER and row.ended_on is None:
            _end(session, actor, row, day, "guardian_appointed", now=now)


def _end(
    session: Session, actor: Actor, kept: GuardianRow, day: date, reason: str, *, now: datetime
) -> None:
    kept.ended_on = day
    kept.end_reason = reason
    session.add(kept)
    session.flush()
    close_access(session, actor, case_id=kept.case_id, now=now, ref=kept.id)
    note(session, actor, "guardian.ended", kept, now=now, reason=reason)


def _view(session: Session, row: GuardianRow) -> GuardianView:
    words = words_of(session, row)
    return GuardianView(
        id=row.id,
        kind=row.kind,
        name=str(words.get("name", "")),
        contact=str(words.get("contact", "")),
        agency=row.agency,
        independent=row.independent,
        appointed_by=row.appointed_by,
        from_on=row.from_on,
        ended_on=row.ended_on,
        person_id=row.person_id,
        version=row.version,
    )
