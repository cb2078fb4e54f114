"""What is known when a sitting is called together, and who sits in it: read only, nothing is decided here.

Source: DOM-3.5 (date, place or link, roster, quorum), DOM-3.2/D8.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from core.accounts.directory import names_of
from core.actors import Actor
from core.errors import Gap
from panels.rules.attendance import present_at
from panels.rules.items import FINISHED_ITEM, ItemState
from panels.rules.quorum import quorum
from panels.rules.roster import Holder, bars_to_sitting, entitled, seated
from panels.rules.sittings import ConveningFacts, SittingMode, SittingType
from panels.service import joint
from panels.service.case_facts import papers_limit
from panels.service.child import child_of
from panels.service.panels import rules_of
from panels.service.standing import local_day, roster_of
from panels.store import attendance as attendance_store
from panels.store import item as item_store
from panels.store import member as member_store
from panels.store import sitting as store
from panels.tables.sitting import SittingRow


def convening_facts(
    session: Session, sitting: SittingRow, *, rules_number: int, now: datetime
) -> ConveningFacts:
    """Return what convening asks for, as the record has it now; everybody called is counted as coming."""
    holders = roster_of(session, sitting)
    everybody = frozenset(holder.member_id for holder in holders)
    rules = rules_of(session, sitting.panel_id, rules_number)
    voices = joint.with_vote(holders, rules)
    bench = _bench(voices, everybody, sitting, sitting.starts_at)
    items = [
        item
        for item in item_store.of_sitting(session, sitting.id)
        if ItemState(item.state) not in FINISHED_ITEM
    ]
    late = 0
    if sitting.type != SittingType.EXTRAORDINARY:
        for item in items:
            child = child_of(session, item.case_id, now=now)
            by = papers_limit(child.pack, child.priority, sitting.starts_at, child.office)
            late += now > by
    return ConveningFacts(
        starts_in_future=sitting.starts_at > now,
        mode=SittingMode(sitting.mode),
        has_place=sitting.has_place,
        has_link=sitting.has_link,
        items=len(items),
        quorum_gaps=(
            *quorum(bench, joint.quorum_rules(session, sitting, rules)).missing,
            *joint.seat_gaps(session, sitting, bench, rules),
        ),
        late_items=late,
    )


def not_ready(
    session: Session, actor: Actor, sitting: SittingRow, *, now: datetime
) -> tuple[Gap, ...]:
    """Name the members who cannot sit on the day as things stand, while there is time to mend it."""
    day = local_day(sitting, sitting.starts_at)
    called = member_store.holders(session, store.roster(session, sitting.id))
    barred = [(one, gap) for one in called for gap in bars_to_sitting(one, day)]
    if not barred:
        return ()
    names = names_of(session, actor, {one.person_id for one, _ in barred}, now=now)
    return tuple(
        Gap(f"called_{gap.code}", {**gap.facts, "name": names.get(one.person_id, one.role)})
        for one, gap in barred
    )


def bench_of(session: Session, sitting: SittingRow, *, now: datetime) -> tuple[Holder, ...]:
    """Return who sits in a sitting now, whatever the item."""
    holders = roster_of(session, sitting)
    present = present_at(attendance_store.passages(session, sitting.id), now)
    rules = rules_of(session, sitting.panel_id, sitting.rules_number)
    return _bench(joint.with_vote(holders, rules), present, sitting, now)


def _bench(
    holders: Sequence[Holder], present: frozenset[str], sitting: SittingRow, moment: datetime
) -> tuple[Holder, ...]:
    return seated(entitled(holders, local_day(sitting, moment), ()), present, {})
