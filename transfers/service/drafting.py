"""Beginning a transfer and its summary, up to the check by a second officer.

Source: DOM-5.2/X0, X1, DOM-2.3, DOM-R44.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.access import Basis, Level
from cases.rules.closing import Blocker
from cases.service import blockers, steps
from cases.service.access import grant_access, reach_of
from core.accounts import store as accounts
from core.actors import Actor, Role, ScopeKind
from core.errors import BadInput, Gap, NotThere
from core.exchange.encoding import b64
from core.ids import new_child_code
from panels.service.implementation import standpoint
from transfers.errors import NotSent, OneOfficerAlone
from transfers.rules.codes import (
    Direction,
    MessageType,
    Round,
    Side,
    TransferKind,
    TransferReason,
)
from transfers.rules.machine import Step, TransferState
from transfers.rules.responsibility import Ground
from transfers.service import record
from transfers.service.corridor_packs import Corridor
from transfers.service.corridors import find_corridor
from transfers.service.summaries import Draft, Written, draft_of
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, ResponsibilityRow, TransferRow

OPENERS: Final = frozenset(
    {Role.COORDINATOR, Role.SUPERVISOR, Role.CASEWORKER, Role.SECRETARIAT, Role.SECRETARIAT_HEAD}
)
DRAFT: Final = "draft"


@dataclass(frozen=True)
class NewTransfer:
    """What somebody wants to begin.

    Args:
        destination: ISO 3166-1 alpha-2.
        round: enquiry before the decision, request after it.
        kind, reason: codes.
        officer: person of the secretariat who takes it on; the actor when empty.
    """

    destination: str
    round: Round
    kind: TransferKind
    reason: TransferReason
    officer: str = ""


def open_transfer(
    session: Session, actor: Actor, case_id: str, new: NewTransfer, *, now: datetime
) -> str:
    """Begin a transfer for a child and return its id; nothing leaves by this.

    The officer named sees the file from now on. From now on the history also says who answers for the child.

    Raises:
        NotThere: no such case, or not enough of it is yours.
        RoleMayNot: the act belongs to another role.
        NotSent: no arrangement with that country.
        BadInput: the arrangement does not cover this kind, one is open already, or the officer named does not
            work in the secretariat.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    if not actor.has(*OPENERS):
        raise RoleMayNot
    case = steps.lock(session, case_id)
    corridor = _corridor(case.country, new, now=now)
    officer = _officer(session, actor, case.country, new.officer, now=now)
    open_case = f"{case_id}:{new.destination}:{new.round.value[0]}"
    if any(one.open_case == open_case for one in store.of_case(session, case_id)):
        raise BadInput("/destination", "transfer_open_already")
    row = TransferRow(
        ref=_new_ref(session), country=case.country, direction=Direction.OUTBOUND.value,
        origin=case.country, destination=new.destination, corridor_version=corridor.version,
        case_id=case_id, open_case=open_case, round=new.round.value, kind=new.kind.value,
        reason=new.reason.value, state=TransferState.DRAFT.value, state_since=now,
        priority=case.priority, responsibility=corridor.responsibility.value, opened_at=now,
        opened_by=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    blockers.block(session, case_id, Blocker.OPEN_TRANSFER, row.id, now=now)
    grant_access(
        session, actor, case_id=case_id, person_id=officer, basis=Basis.CROSS_BORDER, now=now,
        level=Level.FULL, ref=row.id,
    )  # fmt: skip
    session.add(
        ResponsibilityRow(
            transfer_id=row.id, side=Side.SENDER.value, officer=case.owner_person or officer,
            since=now, ground=Ground.OPENED.value,
        )
    )  # fmt: skip
    session.flush()
    record.note(
        session, actor, row, "transfer.opened", now=now,
        codes={"to": new.destination, "round": new.round.value, "kind": new.kind.value},
    )  # fmt: skip
    return row.id


def officers_to_ask(session: Session, actor: Actor, *, now: datetime) -> tuple[str, ...]:
    """Return the persons of the secretariat who can take a transfer on, in no order that means anything."""
    found = {
        person
        for role in record.OFFICERS
        for person in accounts.holders(session, role, ScopeKind.COUNTRY, actor.country, now=now)
    }
    return tuple(sorted(found))


def write_summary(
    session: Session,
    actor: Actor,
    transfer_id: str,
    written: Written,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> Draft:
    """Write or write again the words of the summary, and return it as it would go out now.

    Raises:
        NotThere, RoleMayNot, StaleWrite: as ``record.held`` says.
        NotOurStep: it was submitted already.
    """
    row = record.held(session, actor, transfer_id, now=now, expected_version=expected_version)
    record.our_edge(row, Step.SUBMIT)
    message = _draft(session, row) or _begin_message(session, row, now)
    message.written_by, message.written_at = actor.person_id, now
    message.checked_by, message.checked_at = "", None
    values = json.loads(json.dumps(asdict(written), default=_iso))
    message.restricted = record.seal_in_message(session, row, message, "restricted", values)
    session.add(message)
    row.reply_due = written.reply_due
    flag_modified(row, "reply_due")  # other words under the same day are another version too
    _rest_on_decision(session, row, now=now)
    session.add(row)
    session.flush()
    record.note(session, actor, row, "transfer.summary_written", now=now)
    return _draft_of(session, row, written, now=now)


def read_draft(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> Draft:
    """Return the summary as it would go out now, and note that it was read.

    Raises:
        NotThere: no such transfer, not yours, or nothing is written yet.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    message = _draft(session, row)
    if message is None:
        raise NotThere("summary")
    record.note(session, actor, row, "transfer.summary_read", now=now)
    return _draft_of(session, row, written_of(session, row, message), now=now)


def submit(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Give the summary to a second officer to check.

    Raises:
        NotSent: what is missing or must not go out; every gap is listed.
        StaleWrite: the caller read an older version.
    """
    row = record.held(session, actor, transfer_id, now=now, expected_version=expected_version)
    step = record.our_edge(row, Step.SUBMIT)
    message = _draft(session, row)
    if message is None:
        raise NotSent("submit_summary", (Gap("summary_not_written"),))
    found = _draft_of(session, row, written_of(session, row, message), now=now)
    if found.gaps:
        raise NotSent("submit_summary", found.gaps)
    record.take(session, row, step, side=record.our_side(row), actor=actor, now=now)


def check(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Note that a second officer read the summary and found it right.

    Raises:
        OneOfficerAlone: whoever wrote it.
        NotOurStep: it is not being checked.
        StaleWrite: the words were given back and written again since they were read.
    """
    row = record.held(session, actor, transfer_id, now=now, expected_version=expected_version)
    record.our_edge(row, Step.GIVE_BACK)
    message = _draft(session, row)
    if message is None:
        raise NotThere("summary")
    if message.written_by == actor.person_id:
        raise OneOfficerAlone
    message.checked_by, message.checked_at = actor.person_id, now
    session.add(message)
    session.flush()
    record.note(session, actor, row, "transfer.summary_checked", now=now)


def give_back(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Give the summary back to be written again; the check is worth nothing any more."""
    row = record.held(session, actor, transfer_id, now=now, expected_version=expected_version)
    step = record.our_edge(row, Step.GIVE_BACK)
    message = _draft(session, row)
    if message is not None:
        message.checked_by, message.checked_at = "", None
        session.add(message)
    record.take(session, row, step, side=record.our_side(row), actor=actor, now=now)


def written_of(session: Session, row: TransferRow, message: MessageRow) -> Written:
    """Return what an officer wrote into a draft."""
    values: dict[str, Any] = record.open_in_message(
        session, row, message, "restricted", message.restricted
    )
    return Written(**values | {"reply_due": date.fromisoformat(values["reply_due"])})


def draft_message(session: Session, row: TransferRow) -> MessageRow | None:
    """Return the enquiry or request that is being written."""
    return _draft(session, row)


def corridor_for(row: TransferRow, *, now: datetime) -> Corridor:
    """Return the corridor a transfer is pinned to."""
    found = find_corridor(row.origin, row.destination, now=now, version=row.corridor_version)
    if found is None:
        raise NotThere("corridor")
    return found


def _officer(session: Session, actor: Actor, country: str, person_id: str, *, now: datetime) -> str:
    """Return who takes it on: whoever begins it, or somebody of the secretariat; the file opens to nobody else."""
    if person_id in {"", actor.person_id}:
        return actor.person_id
    for role in sorted(record.OFFICERS):
        if person_id in accounts.holders(session, role, ScopeKind.COUNTRY, country, now=now):
            return person_id
    raise BadInput("/officer", "not_in_secretariat")


def _corridor(country: str, new: NewTransfer, *, now: datetime) -> Corridor:
    corridor = find_corridor(country, new.destination, now=now)
    if corridor is None:
        raise NotSent("open_transfer", (Gap("corridor_missing", {"country": new.destination}),))
    if new.kind not in corridor.kinds:
        raise BadInput("/kind", "not_in_corridor")
    return corridor


def _rest_on_decision(session: Session, row: TransferRow, *, now: datetime) -> None:
    """Tie a request to the decision in force now; another one later needs the summary written again."""
    decided = standpoint(session, str(row.case_id), now=now)
    if row.round == Round.REQUEST and decided is not None:
        row.determination_id = decided.determination_id
        row.decision_sha256 = b64(bytes.fromhex(decided.content_hash))


def _draft_of(session: Session, row: TransferRow, written: Written, *, now: datetime) -> Draft:
    version = 1 + sum(m.summary is not None for m in store.messages(session, row.id))
    return draft_of(session, row, written, corridor_for(row, now=now), version=version, now=now)


def _draft(session: Session, row: TransferRow) -> MessageRow | None:
    found = store.messages(session, row.id)
    return next((one for one in found if one.is_ours and one.standing == DRAFT), None)


def _begin_message(session: Session, row: TransferRow, now: datetime) -> MessageRow:
    type_ = MessageType.ENQUIRY if row.round == Round.ENQUIRY else MessageType.REQUEST
    return MessageRow(
        transfer_id=row.id, seq=store.next_message(session, row.id), is_ours=True,
        type=type_.value, standing=DRAFT, written_at=now, restricted=b"",
    )  # fmt: skip


def _new_ref(session: Session) -> str:
    while True:
        ref = f"T{new_child_code()}"
        if not store.is_known_ref(session, ref):
            return ref


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
