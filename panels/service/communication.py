"""Telling the child what was decided, before anything is done about it.

The talk opens the appeal window (D12); its end is stored, and nothing happens when it passes: whoever
begins to carry out the decision asks whether it is over.

Source: DOM-3.3 (T14), DOM-R9, DOM-R10.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.machine import CaseState, Step, edge
from cases.service import clocks, steps
from cases.service.interpreters import valid_interpreters
from core import audit
from core.actors import Actor, Role
from core.errors import NotThere, WrongState
from core.ids import new_id
from core.vault import Place, seal, unseal
from core.worktime import local_day
from panels.rules.communication import Conversation, Listener, Reaction, may_be_communicated
from panels.service import decision_rows
from panels.service.child import Child
from panels.service.decision_rows import Decided, seen, taken
from panels.store import communication as store
from panels.store import determination as determinations
from panels.tables.communication import CommunicationRow

TABLE: Final = "communication"
TELLERS: Final = frozenset({Role.CASEWORKER, Role.GUARDIAN})


@dataclass(frozen=True)
class TalkView:
    """One talk as it is shown."""

    id: str
    determination_id: str
    told_at: datetime
    language: str
    explained_by: str
    interpreter: str
    reaction: Reaction
    reaction_words: str
    present: tuple[str, ...]
    note: str
    window_ends_at: datetime
    waived_at: datetime | None
    version: int


def communicate_determination(
    session: Session,
    actor: Actor,
    determination_id: str,
    talk: Conversation,
    *,
    now: datetime,
) -> str:
    """Record that the decision was explained to the child, and open the appeal window.

    Raises:
        NotThere: no such decision, or not yours.
        RoleMayNot: only a caseworker or the guardian tells the child.
        WrongState: the child was told this decision already.
        Incomplete: with everything the talk lacks.
        StaleWrite: the decision was replaced by a newer version meanwhile.

    Source: DOM-3.3 (T14).
    """
    found = taken(session, actor, determination_id, roles=TELLERS, now=now)
    child = found.child
    if store.of_determination(session, determination_id) is not None:
        raise WrongState(TABLE, "told", "communicate_determination")
    in_force = found.row.current_case is not None
    talk = _with_record_of_interpreter(session, child, talk)
    listener = Listener(
        languages=child.languages,
        interpreter_needed=child.interpreter_needed,
        sealed_at=found.row.sealed_at if in_force else None,
    )
    may_be_communicated(talk, listener, now=now).require()
    row = _keep(session, actor, found, talk, now)
    _move_on(session, actor, found, now)
    clocks.meet_clock(session, child.case_id, "D10", now=talk.told_at, actor=actor)
    audit.record(
        session,
        actor,
        "determination.communicated",
        thing=decision_rows.KIND,
        thing_id=found.row.id,
        case_id=child.case_id,
        now=now,
        codes={"language": talk.language, "reaction": talk.reaction.value},
    )
    steps.wake(session, child.case_id, now=now)
    return row.id


def read_talk(session: Session, actor: Actor, determination_id: str, *, now: datetime) -> TalkView:
    """Return the talk in which a decision was explained, and note that it was read.

    Raises:
        NotThere: no such decision, not yours, or the child was not told.
    """
    seen(session, actor, determination_id, now=now)
    row = store.of_determination(session, determination_id)
    if row is None:
        raise NotThere(TABLE)
    audit.record(
        session,
        actor,
        "communication.read",
        thing=TABLE,
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
    )
    return _view(session, row)


def _with_record_of_interpreter(session: Session, child: Child, talk: Conversation) -> Conversation:
    """Take from the record, not from the form, whether the interpreter signed. Source: DOM-R10."""
    on_day = local_day(talk.told_at, child.calendar)
    valid = valid_interpreters(
        session, child.case_id, on=on_day, languages=frozenset({talk.language})
    )
    return replace(talk, interpreter_has_undertaking=talk.interpreter in valid)


def _keep(
    session: Session, actor: Actor, found: Decided, talk: Conversation, now: datetime
) -> CommunicationRow:
    row_id = new_id()
    child = found.child
    words = {
        "present": list(talk.present),
        "reaction": talk.reaction_words,
        "note": talk.note,
        "interpreter": talk.interpreter,
    }
    row = CommunicationRow(
        id=row_id,
        determination_id=found.row.id,
        case_id=child.case_id,
        told_at=talk.told_at,
        language=talk.language,
        explained_by=talk.explained_by,
        reaction=talk.reaction.value,
        window_ends_at=child.due("D12", talk.told_at),
        recorded_by=actor.person_id,
        recorded_at=now,
        restricted=seal(
            session, owner=child.case_id, place=Place(TABLE, "restricted", row_id), value=words
        ),
    )
    session.add(row)
    session.flush()
    return row


def _move_on(session: Session, actor: Actor, found: Decided, now: datetime) -> None:
    """Move the case when it waits for this; a corrected or replaced decision finds it further on."""
    child = found.child
    if edge(Step.COMMUNICATE, child.state) is None:
        return
    steps.move(
        session,
        child.case_id,
        CaseState.COMMUNICATED,
        transition=Step.COMMUNICATE,
        actor=actor,
        now=now,
        facts={"determination": found.row.id},
    )


def _view(session: Session, row: CommunicationRow) -> TalkView:
    place = Place(TABLE, "restricted", row.id)
    words = unseal(session, owner=row.case_id, place=place, sealed=row.restricted)
    return TalkView(
        id=row.id,
        determination_id=row.determination_id,
        told_at=row.told_at,
        language=row.language,
        explained_by=row.explained_by,
        interpreter=words["interpreter"],
        reaction=Reaction(row.reaction),
        reaction_words=words["reaction"],
        present=tuple(words["present"]),
        note=words["note"],
        window_ends_at=row.window_ends_at,
        waived_at=row.waived_at,
        version=row.version,
    )


def is_told(session: Session, determination_id: str) -> bool:
    """Whether the child was told this decision or an earlier version of it; for other services."""
    row = determinations.find(session, determination_id)
    return row is not None and decision_rows.talk_about(session, row) is not None
