"""The agenda: its order, calling items, and letting them go. Listing is in ``listing``.

Deciding and deferring are in ``determinations`` and ``deferrals``; they end here, in ``settle_item``.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from cases.rules.machine import CaseState, Step
from cases.service import clocks, steps
from core import outbox
from core.actors import Actor
from core.db import check_version
from core.errors import Gap, Incomplete, NotAllowed, WrongState
from panels.rules.conflicts import presiding
from panels.rules.items import (
    OPEN_ITEM,
    ItemState,
    Waiting,
    agenda_order,
    require_item_edge,
)
from panels.rules.roster import Holder
from panels.rules.sittings import SittingState
from panels.rules.voting import Hearing, calling, deliberating
from panels.service import papers
from panels.service.case_facts import case_facts
from panels.service.child import child_of
from panels.service.hearings import hearing_of, open_round
from panels.service.listing import take_from_report
from panels.service.panels import rules_of
from panels.service.record import log_quorum, note
from panels.service.standing import floor, is_closed_to, item_floor
from panels.store import item as store
from panels.store import vote as vote_store
from panels.tables.item import ItemRow
from panels.tables.sitting import SittingRow


def order_agenda(session: Session, sitting: SittingRow, *, now: datetime) -> None:
    """Put the items in hearing order: urgency first, siblings side by side. Source: DOM-3.5."""
    items = {item.id: item for item in store.of_sitting(session, sitting.id)}
    waiting = []
    for item in items.values():
        facts = case_facts(session, item.case_id, now=now)
        waiting.append(
            Waiting(
                item.id,
                facts.child.priority,
                facts.in_detention,
                facts.under_five,
                facts.gbv_or_trafficking,
                facts.ready_since,
                item.sibling_group,
            )
        )
    for position, item_id in enumerate(agenda_order(waiting), start=1):
        items[item_id].position = position
        session.add(items[item_id])
    session.flush()


def show_agenda(
    session: Session, actor: Actor, sitting_id: str, *, now: datetime
) -> Sequence[ItemRow]:
    """Return the items of a sitting in order, without those closed to the actor.

    Source: DOM-R14 (as if it did not exist).
    """
    floor(session, actor, sitting_id, now=now, lock=False)
    return [
        item
        for item in store.of_sitting(session, sitting_id)
        if not is_closed_to(session, actor.person_id, item)
    ]


def lead_of(hearing: Hearing, actor: Actor) -> Holder:
    """Return the member who leads this item, who must be the actor.

    Raises:
        NotAllowed: somebody else leads, or a machine acts.
    """
    lead = presiding(hearing.bench, hearing.closed_to)
    if not actor.is_human or lead is None or lead.person_id != actor.person_id:
        raise NotAllowed("presiding_member_only")
    return lead


def call_item(
    session: Session,
    actor: Actor,
    item_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Call an item: conflicts asked, quorum counted, the case is in the sitting's hands.

    Raises:
        NotAllowed: only the member who presides this item calls it.
        WrongState: the sitting is not open, or the item was heard already.
        Incomplete: declarations, rulings or parts of the quorum are missing, or another is open.

    Source: DOM-3.3/T11, DOM-R17.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    check_version(item, "agenda_item", expected_version)
    _require_open(found.sitting, "call_item")
    require_item_edge(ItemState(item.state), ItemState.CALLED)
    _require_one_at_a_time(session, found.sitting)
    hearing = hearing_of(session, found.sitting, item, now=now)
    log_quorum(session, found.sitting, hearing.quorum, "call", now=now, item=item)
    calling(hearing).require()
    lead_of(hearing, actor)
    papers.release_missing(session, actor, found.sitting, now=now)
    facts = case_facts(session, item.case_id, now=now)
    rules = rules_of(session, found.sitting.panel_id, found.sitting.rules_number)
    take_from_report(item, facts, rules.no_casting_on)
    item.state, item.called_at = ItemState.CALLED.value, now
    session.add(item)
    session.flush()
    if facts.child.state == CaseState.BID_LISTED:
        steps.move(
            session, item.case_id, CaseState.BID_IN_SITTING, transition=Step.CALL, actor=actor,
            now=now, facts={"item": item.id},
        )  # fmt: skip
        clocks.meet_clock(session, item.case_id, "D7", now=now)
    note(session, actor, found.sitting, "item_called", now=now, item=item)


def open_deliberation(session: Session, actor: Actor, item_id: str, *, now: datetime) -> None:
    """Open deliberation and the first round of votes on an item that was called.

    Raises:
        NotAllowed: only the member who presides this item opens it.
        WrongState: the item was not called.
        Incomplete: as for calling; members who came in meanwhile declare too.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    _require_open(found.sitting, "open_deliberation")
    require_item_edge(ItemState(item.state), ItemState.IN_DELIBERATION)
    hearing = hearing_of(session, found.sitting, item, now=now)
    log_quorum(session, found.sitting, hearing.quorum, "deliberation", now=now, item=item)
    deliberating(hearing).require()
    lead_of(hearing, actor)
    item.state = ItemState.IN_DELIBERATION.value
    open_round(session, actor, item, facts_complete=_facts_asked(session, item), now=now)
    note(session, actor, found.sitting, "deliberation_opened", now=now, item=item)


def _facts_asked(session: Session, item: ItemRow) -> bool:
    """Whether facts were asked for once, or found complete before quorum was lost."""
    deferred = any(
        ItemState(one.state) is ItemState.DEFERRED
        for one in store.of_case(session, item.case_id)
        if one.id != item.id
    )
    return deferred or any(one.facts_complete for one in vote_store.rounds(session, item.id))


def settle_item(
    session: Session, actor: Actor, item_id: str, to: ItemState, *, now: datetime, reason: str = ""
) -> ItemRow:
    """End an item as decided or deferred; whoever calls this has checked that it may end so.

    The case is moved by the caller (T12) or by the procedure (T13), not here.

    Raises:
        NotThere: no such item, or closed to the actor.
        WrongState: the item is not where this is possible.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    _require_open(found.sitting, to.value)
    require_item_edge(ItemState(item.state), to)
    _finish(session, item, to, reason, now=now)
    note(session, actor, found.sitting, f"item_{to.value}", now=now, item=item)
    return item


def withdraw_item(
    session: Session,
    actor: Actor,
    item_id: str,
    reason: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Take an item off the agenda; the case is ready to be listed again.

    Raises:
        NotAllowed: neither secretary, coordinator nor the member who presides.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    check_version(item, "agenda_item", expected_version)
    if not found.standing.is_clerk:
        lead_of(hearing_of(session, found.sitting, item, now=now), actor)
    require_item_edge(ItemState(item.state), ItemState.WITHDRAWN)
    put_back(session, actor, found.sitting, item, ItemState.WITHDRAWN, reason=reason, now=now)


def put_back(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    item: ItemRow,
    to: ItemState,
    *,
    reason: str,
    now: datetime,
) -> None:
    """End an item without hearing it to the end; papers are taken back, the case is ready again."""
    if to is not ItemState.LOST_QUORUM:
        require_item_edge(ItemState(item.state), to)
    in_sitting = steps.lock(session, item.case_id).state == CaseState.BID_IN_SITTING
    _finish(session, item, to, reason, now=now)
    papers.recall(session, actor, item, now=now)
    steps.move(
        session,
        item.case_id,
        CaseState.BID_READY,
        transition=Step.LOSE_QUORUM if in_sitting else Step.TAKE_OFF_LIST,
        actor=actor,
        now=now,
        facts={"item": item.id, "reason": reason or to.value},
    )
    note(session, actor, sitting, f"item_{to.value}", now=now, item=item)
    _tell_invited(session, item, now=now)


def _tell_invited(session: Session, item: ItemRow, *, now: datetime) -> None:
    """Tell guardian, interpreter and whoever else was invited that they need not come."""
    invited = store.invitations(session, item.id)
    office = child_of(session, item.case_id, now=now).office if invited else ""
    for one in invited:
        outbox.post(
            session, topic="item.called_off", key=f"item.called_off:{one.id}", subject=item.case_id, now=now,
            payload={"item": item.id, "kind": one.kind, "person": one.person_id, "office": office},
        )  # fmt: skip


def _finish(session: Session, item: ItemRow, to: ItemState, reason: str, *, now: datetime) -> None:
    item.state, item.finished_at, item.live_case = to.value, now, None
    item.finish_reason = reason or None
    session.add(item)
    session.flush()


def _require_open(sitting: SittingRow, act: str) -> None:
    if SittingState(sitting.state) is not SittingState.OPEN:
        raise WrongState("sitting", sitting.state, act)


def _require_one_at_a_time(session: Session, sitting: SittingRow) -> None:
    for other in store.of_sitting(session, sitting.id):
        if ItemState(other.state) in OPEN_ITEM:
            raise Incomplete("call_item", (Gap("another_item_open"),))
