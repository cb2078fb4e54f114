"""Reading decisions: as somebody may see them, and as they are proven unchanged.

Names and words of members are for those who sat and for the panel's own staff; the child's side
and the services see the result and the reasons.

Source: DOM-2.2 (panel file, votes of others), DOM-R22.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from cases.rules.access import Basis, Reach
from core import audit
from core.actors import Actor
from core.errors import NotThere
from core.vault import Place, unseal
from panels.rules.decision_record import Dissent, Made, draft_of, made_from
from panels.rules.determination import Draft
from panels.rules.minutes import Verification, verify
from panels.service import decision_rows
from panels.service.decision_rows import case_seen, record_sealed_in, seen
from panels.store import determination as store
from panels.tables.determination import DeterminationRow

SEE_MEMBERS: Final = frozenset({Basis.PANEL_ITEM.value, Basis.COORDINATOR.value})


@dataclass(frozen=True)
class DecisionLine:
    """One version of a decision in a list."""

    id: str
    case_id: str
    number: int
    state: str
    outcome: str
    destination: str
    is_abroad: bool
    decided_at: datetime
    sealed_at: datetime | None
    valid_until: date
    review_on: date
    is_current: bool
    corrects: str | None
    supersedes: str | None
    content_hash: str
    version: int


@dataclass(frozen=True)
class DecisionView:
    """A whole decision. ``made`` is empty for those who do not see members' names and votes."""

    line: DecisionLine
    draft: Draft
    correction_reason: str
    signatures: int
    made: Made | None
    signers: tuple[str, ...]


def read_determination(
    session: Session, actor: Actor, determination_id: str, *, now: datetime
) -> DecisionView:
    """Return a decision as far as the actor may see it, and note that it was read.

    Raises:
        NotThere: no such decision, or not yours.
    """
    reach = seen(session, actor, determination_id, now=now)
    row = store.find(session, determination_id)
    if row is None:
        raise NotThere(decision_rows.KIND)
    record = record_sealed_in(session, row)
    signers = tuple(one.person_id for one in store.signatures(session, row.id))
    sees = sees_members(reach)
    audit.record(
        session,
        actor,
        "determination.read",
        thing=decision_rows.KIND,
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"members": sees},
    )
    return DecisionView(
        line=line_of(row),
        draft=draft_of(record["decision"]),
        correction_reason=record["correction_reason"],
        signatures=len(signers),
        made=made_from(record["made"]) if sees else None,
        signers=signers if sees else (),
    )


def determinations_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[DecisionLine, ...]:
    """Return every version of every decision about a child, newest first.

    Raises:
        NotThere: no such case, or not yours.
    """
    case_seen(session, actor, case_id, now=now)
    audit.record(
        session,
        actor,
        "determination.listed",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
    )
    return tuple(line_of(row) for row in store.of_case(session, case_id))


def verify_determination(
    session: Session, actor: Actor, determination_id: str, *, now: datetime
) -> Verification:
    """Compute the hash from the rows again and name everything that differs.

    Raises:
        NotThere: no such decision, or not yours.

    Source: DOM-R22.
    """
    seen(session, actor, determination_id, now=now)
    row = store.find(session, determination_id)
    if row is None:
        raise NotThere(decision_rows.KIND)
    audit.record(
        session,
        actor,
        "determination.verified",
        thing=decision_rows.KIND,
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
    )
    return verification_of(session, row)


def verification_of(session: Session, row: DeterminationRow) -> Verification:
    """Compare what was sealed with the columns, dissents and signatures as they are now."""
    sealed = record_sealed_in(session, row)
    found = _from_rows(session, row, sealed)
    wrong = [
        one.person_id
        for one in store.signatures(session, row.id)
        if one.content_hash != row.content_hash
    ]
    answer = verify(row.content_hash, sealed, found)
    if not wrong:
        return answer
    return Verification(answer.sealed_hash, answer.found_hash, (*answer.differing, "/signatures"))


def sees_members(reach: Reach) -> bool:
    """Whether names, votes and dissents of members are shown. Source: DOM-2.2."""
    return bool(reach.bases & SEE_MEMBERS)


def line_of(row: DeterminationRow) -> DecisionLine:
    """Return one version as a line of a list."""
    return DecisionLine(
        id=row.id,
        case_id=row.case_id,
        number=row.number,
        state=row.state,
        outcome=row.outcome,
        destination=row.destination,
        is_abroad=row.is_abroad,
        decided_at=row.decided_at,
        sealed_at=row.sealed_at,
        valid_until=row.valid_until,
        review_on=row.review_on,
        is_current=row.current_case is not None,
        corrects=row.corrects_id,
        supersedes=row.supersedes_id,
        content_hash=row.content_hash,
        version=row.version,
    )


def _from_rows(session: Session, row: DeterminationRow, sealed: dict[str, Any]) -> dict[str, Any]:
    """Put every column that repeats a part of the record in that part's place."""
    return {
        **sealed,
        "case": row.case_id,
        "report": row.report_id,
        "number": row.number,
        "decided_at": row.decided_at.isoformat(),
        "decided_on": row.decided_on.isoformat(),
        "corrects": row.corrects_id or "",
        "supersedes": row.supersedes_id or "",
        "made": {
            **sealed["made"],
            "rule_used": row.rule_used,
            "voters": sorted(row.voters),
            "votes_for": row.votes_for,
            "votes_other": row.votes_other,
            "abstained": row.abstained,
            "item": row.item_id or "",
            "sitting": row.sitting_id or "",
            "quorum_ref": row.quorum_ref,
            "dissents": [
                {"person": one.person_id, "words": one.words} for one in _dissents(session, row)
            ],
        },
        "decision": {
            **sealed["decision"],
            "outcome": row.outcome,
            "country": row.destination,
            "care_type": row.care_type,
            "option_ref": row.option_ref,
            "secondary": row.secondary,
            "weight": row.views_weight,
            "valid_until": row.valid_until.isoformat(),
            "review_on": row.review_on.isoformat(),
        },
    }


def _dissents(session: Session, row: DeterminationRow) -> list[Dissent]:
    found = []
    for one in store.dissents(session, row.id):
        place = Place("determination_dissent", "restricted", one.id)
        words = unseal(session, owner=row.case_id, place=place, sealed=one.restricted)
        found.append(Dissent(one.person_id, words["words"]))
    return found
