"""Recording, signing, correcting and reading decisions: one for each child.

Source: DOM-3.3 (T13), DOM-4.6, DOM-R2, DOM-R17 to DOM-R20, DOM-R22.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.closing import Blocker
from cases.rules.machine import CaseState, Step
from cases.rules.reports import FactorGroup
from cases.service import blockers, clocks, steps
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Gap, Incomplete, NotAllowed, WrongState
from core.packs.models import Pack
from panels.rules.decision_record import Dissent, Made, made_from, may_correct
from panels.rules.determination import SIMPLIFIED, Draft
from panels.rules.items import ItemState
from panels.rules.quorum import quorum
from panels.rules.similarity import similar_decisions
from panels.service import decision_rows, hearers, recording
from panels.service.agenda import lead_of, settle_item
from panels.service.child import child_for
from panels.service.decision_rows import Decided, draft_in, record_sealed_in, taken
from panels.service.hearings import hearing_of
from panels.service.record import note
from panels.service.standing import Floor, item_floor
from panels.service.voting import VoteResult, outcome
from panels.store import determination as store
from panels.store import item as items
from panels.store import sitting as sittings
from panels.tables.determination import DeterminationRow
from panels.tables.item import ItemRow

RECORDERS: Final = frozenset({Role.CHAIR, Role.MEMBER, Role.SECRETARY, Role.COORDINATOR})
EVERYBODY: Final = frozenset(Role)
MIN_TAKE_BACK_REASON: Final = 20


def record_determination(
    session: Session,
    actor: Actor,
    item_id: str,
    draft: Draft,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Record what the panel decided about the child of this item, and return the decision's id.

    The votes decide; the draft words it. Quorum is counted once more at this moment.

    Raises:
        NotThere: no such item, or not yours.
        NotAllowed: neither the presiding member nor the panel's secretary, or a machine.
        WrongState: the item is not in deliberation.
        Incomplete: with everything that is missing: quorum, votes, dissents, reasons, dates.
        StaleWrite: the caller read an older version of the item.

    Source: DOM-3.3 (T13), DOM-R17, DOM-R19, DOM-R20.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    check_version(item, "agenda_item", expected_version)
    _require_recorder(session, actor, found, item, now)
    voted = outcome(session, item_id, now=now)
    child = child_for(session, actor, item.case_id, roles=RECORDERS, now=now)
    row = recording.decide(
        session, actor, child, draft, _made(item, voted), option=voted.option, now=now
    )
    settle_item(session, actor, item_id, ItemState.DECIDED, now=now)
    _flag_copies(session, actor, found, row, draft, pack=child.pack, now=now)
    return row.id


def sign_determination(
    session: Session, actor: Actor, determination_id: str, *, content_hash: str, now: datetime
) -> bool:
    """Sign a decision one took part in; True when this signature put it in force.

    Args:
        session: the unit of work.
        actor: one of those who decided.
        determination_id: the version signed.
        content_hash: the hash of the words the signer read.
        now: when.

    Raises:
        NotThere: no such decision, or not yours.
        NotAllowed: the actor did not decide, has signed already, or read other words.
        WrongState: the version does not wait for signatures.
        Incomplete: a sibling's decision goes another way without saying why, or a case decided
            without the full panel was put on an agenda meanwhile.

    Source: DOM-3.3 (T13), DOM-R22, DOM-R32.
    """
    found = taken(session, actor, determination_id, roles=EVERYBODY, now=now)
    row = found.row
    _require_pending(row, "sign_determination")
    if not actor.is_human or actor.person_id not in row.voters:
        raise NotAllowed("signer_decided")
    if content_hash != row.content_hash:
        raise WrongState("determination", "drawn_up_anew", "sign_determination")
    _require_off_the_list(session, row)
    signed = {one.person_id for one in store.signatures(session, row.id)}
    if actor.person_id in signed:
        raise NotAllowed("signs_once")
    recording.add_signature(session, actor, row, now=now)
    if not _enough(session, row, signed | {actor.person_id}, now):
        return False
    recording.seal_decision(session, actor, found.child, row, now=now)
    return True


def correct_determination(
    session: Session,
    actor: Actor,
    determination_id: str,
    draft: Draft,
    *,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Draw up a new version of a decision; the old one stays readable and, if sealed, in force.

    Raises:
        NotThere: no such decision, or not yours.
        RoleMayNot: the act belongs to the panel.
        WrongState: it is not the newest version.
        Incomplete: no reason, another decision instead of a correction, or parts missing.
        StaleWrite: the caller read an older version.

    Source: DOM-R22.
    """
    found = taken(session, actor, determination_id, roles=RECORDERS, now=now)
    row = found.row
    check_version(row, decision_rows.KIND, expected_version)
    pending = store.pending(session, row.case_id)
    if row.state not in {decision_rows.RECORDED, decision_rows.SEALED}:
        raise WrongState(decision_rows.KIND, row.state, "correct_determination")
    if pending is not None and pending.id != row.id:
        raise WrongState(decision_rows.KIND, "correction_pending", "correct_determination")
    before = draft_in(session, row)
    may_correct(before, draft, reason).require()
    if row.state == decision_rows.RECORDED:
        _end_pending(session, row, decision_rows.REPLACED, now)
    new = recording.correct(
        session,
        actor,
        found.child,
        draft,
        _made_again(session, row),
        earlier=recording.Earlier(row, before, reason),
        now=now,
    )
    return new.id


def take_back_determination(
    session: Session, actor: Actor, determination_id: str, *, reason: str, now: datetime
) -> None:
    """Take back a decision that was never put in force; the child's case can be listed again.

    Needed when those who decided can no longer sign. What was recorded stays readable.

    Raises:
        NotThere: no such decision, or not yours.
        RoleMayNot: the act belongs to the panel.
        WrongState: it was signed by enough members, or is no longer the newest.
        Incomplete: no reason was given.
    """
    found = taken(session, actor, determination_id, roles=RECORDERS, now=now)
    row = found.row
    _require_pending(row, "take_back_determination")
    if len(reason.strip()) < MIN_TAKE_BACK_REASON:
        gap = Gap("take_back_reason_missing", {"needed": MIN_TAKE_BACK_REASON})
        raise Incomplete("take_back_determination", (gap,))
    if not actor.is_human:
        raise NotAllowed("machine_decides")
    take_back(session, actor, found, now=now)


def take_back(session: Session, actor: Actor, found: Decided, *, now: datetime) -> None:
    """End a pending decision and give the case back to the list; for other services here."""
    row, child = found.row, found.child
    _end_pending(session, row, decision_rows.TAKEN_BACK, now)
    hearers.close_after_replacement(session, actor, row, now=now)
    clocks.close_clock(session, row.case_id, "D9", now=now, actor=actor)
    recording.note(session, actor, row, "determination.taken_back", now=now)
    if child.state == CaseState.BID_IN_SITTING:
        steps.move(
            session,
            child.case_id,
            CaseState.BID_READY,
            transition=Step.LOSE_QUORUM,
            actor=actor,
            now=now,
            facts={"determination": row.id, "reason": "taken_back"},
        )
    steps.wake(session, child.case_id, now=now)


def _require_recorder(
    session: Session, actor: Actor, found: Floor, item: ItemRow, now: datetime
) -> None:
    if not actor.is_human:
        raise NotAllowed("machine_decides")
    if not found.standing.is_clerk:
        lead_of(hearing_of(session, found.sitting, item, now=now), actor)


def _require_pending(row: DeterminationRow, act: str) -> None:
    if row.state != decision_rows.RECORDED:
        raise WrongState(decision_rows.KIND, row.state, act)


def _require_off_the_list(session: Session, row: DeterminationRow) -> None:
    """A case the full panel is going to hear is not decided without it behind the panel's back."""
    if row.rule_used == SIMPLIFIED and items.live_of_case(session, row.case_id) is not None:
        raise Incomplete("sign_determination", (Gap("simplified_case_listed"),))


def _made(item: ItemRow, voted: VoteResult) -> Made:
    return Made(
        rule_used=voted.rule_used,
        voters=tuple(sorted(voted.voters)),
        votes_for=voted.tally[voted.option],
        votes_other=sum(
            count for option, count in voted.tally.items() if option not in {"", voted.option}
        ),
        abstained=voted.tally.get("", 0),
        item_id=item.id,
        sitting_id=item.sitting_id,
        quorum_ref=voted.quorum_ref,
        dissents=tuple(Dissent(one.person_id, one.text) for one in voted.dissents),
    )


def _made_again(session: Session, row: DeterminationRow) -> Made:
    """Return how the decision came about, for a new version of it: nothing of that changes."""
    return made_from(record_sealed_in(session, row)["made"])


def _enough(session: Session, row: DeterminationRow, signed: set[str], now: datetime) -> bool:
    """Whether the signatures make a quorum, or for decisions without a panel: all of them."""
    if signed >= set(row.voters):
        return True
    if row.item_id is None or row.rule_used == SIMPLIFIED:
        return False
    item = items.find(session, row.item_id)
    sitting = sittings.find(session, item.sitting_id) if item else None
    if item is None or sitting is None:
        return False
    hearing = hearing_of(session, sitting, item, now=now)
    voted = {ballot.member_id for ballot in hearing.ballots}
    bench = [
        holder
        for holder in hearing.holders
        if holder.person_id in signed and holder.member_id in voted
    ]
    return quorum(bench, hearing.rules).is_met


def _end_pending(session: Session, row: DeterminationRow, state: str, now: datetime) -> None:
    decision_rows.end(session, row, state, now=now)
    blockers.clear(session, row.case_id, Blocker.UNSIGNED_DECISION, row.id, now=now)


def _flag_copies(
    session: Session,
    actor: Actor,
    found: Floor,
    row: DeterminationRow,
    draft: Draft,
    *,
    pack: Pack,
    now: datetime,
) -> None:
    """Tell the chair when reasons read like another child's of this sitting; never a block.

    Source: DOM-3.5 (batch sittings).
    """
    item = items.find(session, row.item_id or "")
    if item is None:
        return
    others = {
        one.id: _reasons(draft_in(session, one))
        for one in store.of_sitting(session, item.sitting_id)
        if one.case_id != row.case_id and one.state != decision_rows.REPLACED
    }
    percent = round(pack.panel.batch.similarity * 100)
    for other_id, alike in similar_decisions(_reasons(draft), others, above_percent=percent):
        note(
            session,
            actor,
            found.sitting,
            "reasons_alike",
            now=now,
            item=item,
            codes={"determination": row.id, "other": other_id, "percent": alike},
        )


def _reasons(draft: Draft) -> str:
    """All reasons in one fixed order: what was typed and what is read back are compared."""
    return "\n".join(draft.reasons.get(group, "") for group in FactorGroup)
