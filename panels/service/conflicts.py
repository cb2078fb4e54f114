"""Conflicts of interest: declared, challenged, hinted from the record, ruled on, and found too late.

One declared or upheld conflict closes file, papers, attachments, search hits, speech and vote of one
item to one person, in the same unit of work; a dismissal opens them again.

Source: DOM-R14, DOM-3.5, DOM-4.6/recusal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Basis
from cases.service import access
from core.actors import Actor, Role, ScopeKind
from core.db import check_version
from core.errors import BadInput, NotAllowed, NotThere, WrongState
from core.vault import Place, seal, unseal
from panels.rules.conflicts import (
    UNRULED,
    Conflict,
    ConflictState,
    Ground,
    RaisedAs,
    closed_to,
    hints,
    ruler,
)
from panels.rules.items import FINISHED_ITEM, ItemState
from panels.rules.roster import Holder, bars_to_sitting
from panels.rules.sittings import SittingState
from panels.service import papers
from panels.service.case_facts import case_facts
from panels.service.flags import flag_item
from panels.service.hearings import follow, hearing_of
from panels.service.record import note
from panels.service.standing import item_floor, local_day, roster_of
from panels.store import conflict as store
from panels.store import item as item_store
from panels.store import member as member_store
from panels.store import panel as panel_store
from panels.store import sitting as sitting_store
from panels.tables.conflict import ConflictRow, DeclarationRow
from panels.tables.item import ItemRow
from panels.tables.sitting import SittingRow

DISCUSSED: Final = frozenset({SittingState.OPEN, SittingState.ADJOURNED})


@dataclass(frozen=True)
class ConflictView:
    """A conflict with the words of whoever raised it."""

    conflict: ConflictRow
    words: str
    ruling: str


@dataclass(frozen=True)
class Hint:
    """What the record itself suggests about one member."""

    member_id: str
    grounds: tuple[Ground, ...]


def declare_none(session: Session, actor: Actor, item_id: str, *, now: datetime) -> None:
    """Say, as a member, that there is no conflict with this item.

    Said at convening and again each time the item is called.

    Raises:
        NotThere: no such item, or closed to the person.
        NotAllowed: not on the roster, or a machine.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    holder = _own_seat(session, actor, found.sitting)
    _keep_declaration(session, found.sitting, item, holder, has_conflict=False, now=now)
    note(
        session, actor, found.sitting, "no_conflict_declared", now=now, item=item,
        codes={"member": holder.member_id},
    )  # fmt: skip


def declare_conflict(
    session: Session, actor: Actor, item_id: str, *, ground: Ground, words: str, now: datetime
) -> str:
    """Declare a conflict of one's own and return its id; the item closes to the person at once.

    Raises:
        NotThere: no such item, or closed to the person already.
        NotAllowed: not on the roster.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    holder = _own_seat(session, actor, found.sitting)
    row = _raise(
        session, actor, item, holder, ground=ground, words=words,
        raised_as=RaisedAs.SELF, state=ConflictState.DECLARED, now=now,
    )  # fmt: skip
    _keep_declaration(session, found.sitting, item, holder, has_conflict=True, now=now)
    _close(session, actor, found.sitting, item, row, now=now)
    return row.id


def challenge_member(
    session: Session,
    actor: Actor,
    item_id: str,
    member_id: str,
    *,
    ground: Ground,
    words: str,
    now: datetime,
) -> str:
    """Say that a member has a conflict; the item waits until somebody rules on it.

    Open to panel members, secretary, coordinator, and to the child's guardian and lawyer.

    Raises:
        NotThere: no such item, or nothing to do with it.
        BadInput: the member is not on the roster.
    """
    sitting, item, raised_as = _challenger(session, actor, item_id, now=now)
    holder = _holder(session, sitting, member_id)
    if holder is None or holder.person_id == actor.person_id:
        raise BadInput("/member_id", "not_on_roster" if holder is None else "declare_it_yourself")
    row = _raise(
        session, actor, item, holder, ground=ground, words=words,
        raised_as=raised_as, state=ConflictState.CHALLENGED, now=now,
    )  # fmt: skip
    note(
        session, actor, sitting, "conflict_challenged", now=now, item=item,
        codes={"member": member_id, "ground": ground.value, "as": raised_as.value},
    )  # fmt: skip
    return row.id


def rule_on_conflict(
    session: Session,
    actor: Actor,
    conflict_id: str,
    *,
    upheld: bool,
    words: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Uphold or dismiss a conflict.

    The chair rules; on the chair's own, or when the item is closed to the chair, a deputy; where the
    panel has neither, the head of the secretariat.

    Raises:
        NotThere: no such conflict, or the item is closed to the actor.
        NotAllowed: somebody else rules.
        WrongState: already ruled on.
    """
    row = store.find(session, conflict_id)
    item = item_store.find(session, row.item_id) if row else None
    sitting = sitting_store.lock(session, item.sitting_id) if item else None
    row = store.find(session, conflict_id)
    if row is None or item is None or sitting is None:
        raise NotThere("conflict")
    _require_ruler(session, actor, sitting, item, row, now=now)
    check_version(row, "conflict", expected_version)
    if ConflictState(row.state) not in UNRULED:
        raise WrongState("conflict", row.state, "rule")
    row.state = (ConflictState.UPHELD if upheld else ConflictState.DISMISSED).value
    row.ruled_by, row.ruled_at = actor.person_id, now
    row.ruling = _sealed(session, row, "ruling", words)
    session.add(row)
    session.flush()
    note(
        session, actor, sitting, "conflict_ruled", now=now, item=item,
        codes={"member": row.member_id, "ground": row.ground, "upheld": upheld},
    )  # fmt: skip
    if upheld:
        _close(session, actor, sitting, item, row, now=now)
    else:
        _open_again(session, actor, sitting, item, row, now=now)


def hints_for(session: Session, actor: Actor, item_id: str, *, now: datetime) -> Sequence[Hint]:
    """Return what the record suggests about members, for whoever presides and for the clerks.

    Raises:
        NotAllowed: another member asks.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    if not found.standing.is_clerk:
        _require_chairing(session, actor, found.sitting)
    roles = case_facts(session, item.case_id, now=now).roles
    note(session, actor, found.sitting, "hints_read", now=now, item=item)
    holders = roster_of(session, found.sitting)
    every = [Hint(holder.member_id, hints(holder, roles)) for holder in holders]
    return [hint for hint in every if hint.grounds]


def list_conflicts(
    session: Session, actor: Actor, item_id: str, *, now: datetime
) -> Sequence[ConflictView]:
    """Return the conflicts of an item to those from whom it is not closed."""
    found, item = item_floor(session, actor, item_id, now=now)
    rows = store.of_item(session, item.id)
    note(session, actor, found.sitting, "conflicts_read", now=now, item=item)
    return [
        ConflictView(
            row,
            _opened(session, row, "restricted", row.restricted),
            _opened(session, row, "ruling", row.ruling),
        )
        for row in rows
    ]


def _challenger(
    session: Session, actor: Actor, item_id: str, *, now: datetime
) -> tuple[SittingRow, ItemRow, RaisedAs]:
    item = item_store.find(session, item_id)
    if item is not None:
        bases = access.reach_of(session, actor, item.case_id, now=now).bases
        if bases & {str(Basis.GUARDIAN), str(Basis.LAWYER)}:
            sitting = sitting_store.lock(session, item.sitting_id)
            if sitting is not None:
                return sitting, item, RaisedAs.GUARDIAN
    found, item = item_floor(session, actor, item_id, now=now)
    if found.standing.is_clerk:
        return found.sitting, item, RaisedAs.SECRETARY
    chairs = {
        holder.person_id
        for holder in member_store.holders(session, found.standing.members)
        if holder.may_preside
    }
    by = RaisedAs.CHAIR if actor.person_id in chairs else RaisedAs.MEMBER
    return found.sitting, item, by


def _own_seat(session: Session, actor: Actor, sitting: SittingRow) -> Holder:
    holders = roster_of(session, sitting)
    mine = [holder for holder in holders if holder.person_id == actor.person_id]
    if not mine or not actor.is_human:
        raise NotAllowed("members_only")
    return mine[0]


def _holder(session: Session, sitting: SittingRow, member_id: str) -> Holder | None:
    holders = roster_of(session, sitting)
    return next((holder for holder in holders if holder.member_id == member_id), None)


def _keep_declaration(
    session: Session,
    sitting: SittingRow,
    item: ItemRow,
    holder: Holder,
    *,
    has_conflict: bool,
    now: datetime,
) -> None:
    call_no = item.calls + 1 if SittingState(sitting.state) in DISCUSSED else 0
    if holder.member_id not in store.declared(session, item.id, call_no):
        session.add(
            DeclarationRow(
                item_id=item.id,
                member_id=holder.member_id,
                call_no=call_no,
                has_conflict=has_conflict,
                declared_at=now,
            )
        )
        session.flush()


def _raise(
    session: Session,
    actor: Actor,
    item: ItemRow,
    holder: Holder,
    *,
    ground: Ground,
    words: str,
    raised_as: RaisedAs,
    state: ConflictState,
    now: datetime,
) -> ConflictRow:
    row = ConflictRow(
        item_id=item.id,
        case_id=item.case_id,
        member_id=holder.member_id,
        person_id=holder.person_id,
        ground=ground.value,
        raised_as=raised_as.value,
        raised_by=actor.person_id,
        raised_at=now,
        state=state.value,
        found_late=ItemState(item.state) in FINISHED_ITEM,
    )
    row.restricted = _sealed(session, row, "restricted", words)
    session.add(row)
    session.flush()
    return row


def _close(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    item: ItemRow,
    row: ConflictRow,
    *,
    now: datetime,
) -> None:
    access.bar(
        session, actor, case_id=item.case_id, person_id=row.person_id, ref=item.id,
        ground=row.ground, now=now,
    )  # fmt: skip
    papers.recall(session, actor, item, now=now, persons=[row.person_id])
    note(
        session, actor, sitting, "recused", now=now, item=item,
        codes={"member": row.member_id, "ground": row.ground},
    )  # fmt: skip
    if ItemState(item.state) is ItemState.DECIDED:
        flag_item(session, actor, sitting, item, reason="late_conflict", now=now)
    follow(session, actor, sitting, item, moment="recusal", now=now)


def _open_again(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    item: ItemRow,
    row: ConflictRow,
    *,
    now: datetime,
) -> None:
    still = closed_to(
        Conflict(one.person_id, ConflictState(one.state)) for one in store.of_item(session, item.id)
    )
    if row.person_id in still:
        return
    access.unbar(
        session, actor, case_id=item.case_id, person_id=row.person_id, ref=item.id, now=now
    )
    if item.papers_released_at is not None and ItemState(item.state) not in FINISHED_ITEM:
        papers.release(session, actor, sitting, item, now=now)
    follow(session, actor, sitting, item, moment="ruling", now=now)


def _require_ruler(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    item: ItemRow,
    row: ConflictRow,
    *,
    now: datetime,
) -> None:
    hearing = hearing_of(session, sitting, item, now=now)
    if actor.person_id in hearing.recused:
        raise NotThere("conflict")
    here = SittingState(sitting.state) is SittingState.OPEN
    able = [
        holder
        for holder in hearing.holders
        if not bars_to_sitting(holder, local_day(sitting, now))
        and (not here or holder.member_id in hearing.present)
    ]
    lead = ruler(able, hearing.recused, row.person_id)
    if lead is not None and lead.person_id == actor.person_id and actor.is_human:
        return
    panel = panel_store.find(session, sitting.panel_id)
    country = panel.country if panel else ""
    is_head = actor.has_for((Role.SECRETARIAT_HEAD,), ScopeKind.COUNTRY, country)
    if lead is None and is_head and actor.person_id != row.person_id:
        return
    item_floor(session, actor, item.id, now=now)  # to strangers it does not exist
    raise NotAllowed("chair_rules")


def _require_chairing(session: Session, actor: Actor, sitting: SittingRow) -> None:
    holders = roster_of(session, sitting)
    if not any(one.may_preside and one.person_id == actor.person_id for one in holders):
        raise NotAllowed("presiding_or_secretary_only")


def _sealed(session: Session, row: ConflictRow, column: str, words: str) -> bytes:
    place = Place("conflict", column, row.id)
    return seal(session, owner=row.case_id, place=place, value={"words": words})


def _opened(session: Session, row: ConflictRow, column: str, sealed: bytes | None) -> str:
    if not sealed:
        return ""
    place = Place("conflict", column, row.id)
    return str(unseal(session, owner=row.case_id, place=place, sealed=sealed)["words"])
