"""Minutes: drafted from the record, signed by chair and secretary, sealed, verified, archived.

Source: DOM-3.5, DOM-4.5, DOM-R22.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from cases.rules.access import Basis
from cases.service import access
from core import audit
from core.actors import Actor
from core.errors import NotAllowed, NotThere, WrongState
from core.ids import new_id
from core.papers.issuing import retire
from core.vault import Place, seal, unseal
from panels.rules.minutes import (
    SIGNERS,
    MinutesState,
    Verification,
    may_correct,
    may_sign,
    verify,
)
from panels.rules.sealing import seal_hash
from panels.rules.sittings import SittingState, require_sitting_edge
from panels.service import papers
from panels.service.decision_rows import RECORDED
from panels.service.minutes_record import record_of_sitting, without_items
from panels.service.minutes_text import text_of
from panels.service.record import note
from panels.service.standing import Floor, clerks_floor, floor, is_closed_to
from panels.store import determination as determinations
from panels.store import item as items
from panels.store import member as members
from panels.store import minutes as store
from panels.store import sitting as sittings
from panels.tables.minutes import MinutesRow, MinutesSignatureRow
from panels.tables.sitting import SittingRow

KIND: Final = "minutes"


@dataclass(frozen=True)
class MinutesView:
    """One version of minutes with its text."""

    id: str
    sitting_id: str
    number: int
    state: str
    content_hash: str
    text: str
    correction_reason: str
    drafted_at: datetime
    signed_at: datetime | None
    signatures: tuple[tuple[str, str], ...]
    version: int


def draft_minutes(session: Session, actor: Actor, sitting_id: str, *, now: datetime) -> str:
    """Draw the minutes up from the record; an unsigned draft is drawn up again in its place.

    Raises:
        NotThere: no such sitting, or not yours.
        NotAllowed: neither secretary nor coordinator of the panel.
        WrongState: the sitting has not ended, or its minutes are signed.
    """
    found = clerks_floor(session, actor, sitting_id, now=now)
    _require(found.sitting, SittingState.ENDED, "draft_minutes")
    last = _last(session, sitting_id)
    if last is not None and store.signatures(session, last.id):
        raise WrongState(KIND, "signing", "draft_minutes")
    if last is not None:
        _replace(session, last, now)
    return _keep(session, actor, found.sitting, None, "", now=now).id


def correct_minutes(
    session: Session, actor: Actor, minutes_id: str, *, reason: str, now: datetime
) -> str:
    """Draw up a new version of signed minutes; the old one stays readable and verifiable.

    Raises:
        NotThere: no such minutes, or not yours.
        NotAllowed: neither secretary nor coordinator of the panel.
        WrongState: there is a newer version already.
        Incomplete: the minutes are not signed, or no reason was given.

    Source: DOM-R22.
    """
    row = _found(session, minutes_id)
    found = clerks_floor(session, actor, row.sitting_id, now=now)
    may_correct(is_signed=row.state == MinutesState.SIGNED, reason=reason).require()
    last = _last(session, row.sitting_id)
    if last is None or last.id != row.id:
        raise WrongState(KIND, "replaced", "correct_minutes")
    return _keep(session, actor, found.sitting, row, reason, now=now).id


def sign_minutes(
    session: Session, actor: Actor, minutes_id: str, *, content_hash: str, now: datetime
) -> bool:
    """Sign as the chair or the secretary of the sitting; True when both have signed.

    Raises:
        NotThere: no such minutes, or not yours.
        NotAllowed: a machine signs, or somebody who read another text.
        WrongState: this version does not wait for signatures.
        Incomplete: the signer is neither, signs twice, or something of the sitting is open.

    Source: DOM-R22.
    """
    row = _found(session, minutes_id)
    found = floor(session, actor, row.sitting_id, now=now)
    session.refresh(row)
    if row.state != MinutesState.DRAFT:
        raise WrongState(KIND, row.state, "sign_minutes")
    if not actor.is_human:
        raise NotAllowed("machine_decides")
    if content_hash != row.content_hash:
        raise WrongState(KIND, "drawn_up_anew", "sign_minutes")
    signed = store.signatures(session, row.id)
    role = _role_of(session, actor, found)
    may_sign(
        role=role,
        signer=actor.person_id,
        already={one.person_id for one in signed},
        undecided=_undecided(session, row.sitting_id),
        unsigned=_unsigned(session, row.sitting_id),
    ).require()
    if role in {one.role for one in signed}:
        raise NotAllowed("signs_once")
    session.add(
        MinutesSignatureRow(
            minutes_id=row.id,
            role=role,
            person_id=actor.person_id,
            content_hash=row.content_hash,
            signed_at=now,
        )
    )
    session.flush()
    note(session, actor, found.sitting, "minutes_signed", now=now, codes={"role": role})
    if len(signed) + 1 < len(SIGNERS):
        return False
    _seal(session, found.sitting, row, now)
    return True


def verify_minutes(
    session: Session, actor: Actor, minutes_id: str, *, now: datetime
) -> Verification:
    """Draw the record from the rows again and name everything that differs from what was signed.

    Raises:
        NotThere: no such minutes, or not yours.

    Source: DOM-R22.
    """
    row = _found(session, minutes_id)
    found = floor(session, actor, row.sitting_id, now=now, lock=False)
    _note_read(session, actor, row.sitting_id, "minutes.verified", now)
    kept = _kept(session, row)
    again = _content(
        record_of_sitting(
            session, found.sitting, until=datetime.fromisoformat(kept["content"]["record"]["until"])
        ),
        kept["text"],
        kept["reason"],
    )
    return verify(row.content_hash, kept["content"], again)


def archive_sitting(
    session: Session,
    actor: Actor,
    sitting_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Archive a sitting: papers are taken back and members see nothing of its cases any more.

    Raises:
        NotThere: no such sitting, or not yours.
        NotAllowed: neither secretary nor coordinator of the panel.
        WrongState: its minutes are not signed.
        StaleWrite: the caller read an older version.

    Source: DOM-2.2 (from papers release to archive), DOM-3.5.
    """
    found = clerks_floor(session, actor, sitting_id, now=now, expected_version=expected_version)
    sitting = found.sitting
    require_sitting_edge(SittingState(sitting.state), SittingState.ARCHIVED)
    for item in items.of_sitting(session, sitting_id):
        papers.recall(session, actor, item, now=now)
        access.close_access(
            session, actor, case_id=item.case_id, now=now, basis=Basis.PANEL_ITEM, ref=item.id
        )
    sitting.state = SittingState.ARCHIVED.value
    session.add(sitting)
    session.flush()
    note(session, actor, sitting, "archived", now=now)


def read_minutes(
    session: Session, actor: Actor, sitting_id: str, *, now: datetime
) -> tuple[MinutesView, ...]:
    """Return every version of a sitting's minutes, newest first, and note that they were read.

    Items that are closed to the reader are left out of the text, as if they had not been heard.

    Raises:
        NotThere: no such sitting, or not yours.

    Source: DOM-R14.
    """
    found = floor(session, actor, sitting_id, now=now, lock=False)
    _note_read(session, actor, sitting_id, "minutes.read", now)
    closed = _closed_to(session, actor, found)
    views = (_view(session, row) for row in store.of_sitting(session, sitting_id))
    if not closed:
        return tuple(views)
    return tuple(_without(session, actor, view, closed, now=now) for view in views)


def open_record(
    session: Session, actor: Actor, minutes_id: str, *, now: datetime
) -> tuple[SittingRow, MinutesView, dict[str, Any], bool]:
    """Return sitting, version, its record without what is closed to the reader, and whether that is all of it.

    Raises:
        NotThere: no such minutes, or not yours.

    Source: DOM-R14.
    """
    row = _found(session, minutes_id)
    found = floor(session, actor, row.sitting_id, now=now, lock=False)
    _note_read(session, actor, row.sitting_id, "minutes.read", now)
    closed = _closed_to(session, actor, found)
    record = without_items(_kept(session, row)["content"]["record"], closed)
    return found.sitting, _view(session, row), record, not closed


def _closed_to(session: Session, actor: Actor, found: Floor) -> frozenset[str]:
    """Return the items of a sitting that a reader learns nothing about."""
    heard = items.of_sitting(session, found.sitting.id)
    called = found.standing.members & set(sittings.roster(session, found.sitting.id))
    if not (called or found.standing.is_clerk):
        return frozenset(one.id for one in heard)
    return frozenset(one.id for one in heard if is_closed_to(session, actor.person_id, one))


def _without(
    session: Session, actor: Actor, view: MinutesView, closed: frozenset[str], *, now: datetime
) -> MinutesView:
    """Write one version again without some of its items; number, seal and signatures are the same."""
    row = _found(session, view.id)
    record = without_items(_kept(session, row)["content"]["record"], closed)
    text = text_of(session, actor, record, view.number, view.correction_reason, now=now)
    return replace(view, text=text)


def _note_read(session: Session, actor: Actor, sitting_id: str, action: str, now: datetime) -> None:
    audit.record(session, actor, action, thing="sitting", thing_id=sitting_id, now=now)


def _require(sitting: SittingRow, state: SittingState, act: str) -> None:
    if SittingState(sitting.state) is not state:
        raise WrongState("sitting", sitting.state, act)


def _found(session: Session, minutes_id: str) -> MinutesRow:
    row = store.find(session, minutes_id)
    if row is None:
        raise NotThere(KIND)
    return row


def _last(session: Session, sitting_id: str) -> MinutesRow | None:
    rows = store.of_sitting(session, sitting_id)
    return rows[0] if rows else None


def _replace(session: Session, row: MinutesRow, now: datetime) -> None:
    retire(session, kinds=(KIND,), series=row.id, now=now)
    row.state = MinutesState.REPLACED.value
    session.add(row)
    session.flush()


def _keep(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    corrects: MinutesRow | None,
    reason: str,
    *,
    now: datetime,
) -> MinutesRow:
    number = len(store.of_sitting(session, sitting.id)) + 1
    record = record_of_sitting(session, sitting, until=now)
    text = text_of(session, actor, record, number, reason, now=now)
    content = _content(record, text, reason)
    row_id = new_id()
    kept = {"content": content, "text": text, "reason": reason}
    row = MinutesRow(
        id=row_id,
        sitting_id=sitting.id,
        number=number,
        corrects_id=corrects.id if corrects else None,
        state=MinutesState.DRAFT.value,
        content_hash=seal_hash(content),
        drafted_by=actor.person_id,
        drafted_at=now,
        restricted=seal(
            session, owner=sitting.id, place=Place(KIND, "restricted", row_id), value=kept
        ),
    )
    session.add(row)
    session.flush()
    note(session, actor, sitting, "minutes_drafted", now=now, codes={"number": number})
    return row


def _content(record: dict[str, Any], text: str, reason: str) -> dict[str, Any]:
    return {
        "record": record,
        "text": hashlib.sha256(text.encode()).hexdigest(),
        "reason": reason,
    }


def _role_of(session: Session, actor: Actor, found: Floor) -> str:
    """Return as whom the actor signs: the one who presided, or the panel's own staff."""
    presiding = found.sitting.presiding_id
    member = members.find(session, presiding) if presiding else None
    if member is not None and member.person_id == actor.person_id:
        return "chair"
    return "secretary" if found.standing.is_clerk else "member"


def _undecided(session: Session, sitting_id: str) -> int:
    """Count items still in hand; one that lost its quorum for good has left the sitting (R17)."""
    return sum(1 for row in items.of_sitting(session, sitting_id) if row.finished_at is None)


def _unsigned(session: Session, sitting_id: str) -> int:
    return sum(1 for row in determinations.of_sitting(session, sitting_id) if row.state == RECORDED)


def _seal(session: Session, sitting: SittingRow, row: MinutesRow, now: datetime) -> None:
    retire(session, kinds=(KIND,), series=row.id, now=now)  # prints of the draft
    row.state, row.signed_at = MinutesState.SIGNED.value, now
    session.add(row)
    if row.corrects_id is not None:
        before = store.find(session, row.corrects_id)
        if before is not None:
            _replace(session, before, now)
    if SittingState(sitting.state) is SittingState.ENDED:
        sitting.state = SittingState.MINUTES_SIGNED.value
        session.add(sitting)
    session.flush()


def _kept(session: Session, row: MinutesRow) -> dict[str, Any]:
    place = Place(KIND, "restricted", row.id)
    return dict(unseal(session, owner=row.sitting_id, place=place, sealed=row.restricted))


def _view(session: Session, row: MinutesRow) -> MinutesView:
    kept = _kept(session, row)
    return MinutesView(
        id=row.id,
        sitting_id=row.sitting_id,
        number=row.number,
        state=row.state,
        content_hash=row.content_hash,
        text=kept["text"],
        correction_reason=kept["reason"],
        drafted_at=row.drafted_at,
        signed_at=row.signed_at,
        signatures=tuple((one.role, one.person_id) for one in store.signatures(session, row.id)),
        version=row.version,
    )
