"""Planning anew, as a proposal, when something happened: an urgent case, an absence, a holiday, a broken sitting.

A proposal moves nothing. It waits until a worker makes it, and then until a person accepts it or sets it aside.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.packs.errors import NoPack
from core.packs.lookup import pack_of
from panels.rules.planning import Cause, PlanState, Wishes
from panels.rules.quorum import quorum
from panels.rules.roster import entitled, seated
from panels.service.panels import rules_of
from panels.store import member as members
from panels.store import panel as panels
from panels.store import planning as store
from panels.store import sitting as sittings
from panels.tables.panel import PanelRow
from panels.tables.planning import PlanRow
from panels.tables.sitting import SittingRow

SECONDS: Final = 8
URGENT: Final = frozenset({"emergency", "high"})
REPLANNED: Final = "replanned"
PUT_OFF: Final = "put_off"
SETTLED: Final = frozenset({REPLANNED, PUT_OFF})


def propose(session: Session, panel_id: str, cause: Cause, ref: str, *, now: datetime) -> bool:
    """Ask for a proposal; False when one waits already, or nobody plans the panel's sittings here.

    Args:
        session: the unit of work of what happened.
        panel_id: whose sittings.
        cause: what happened.
        ref: opaque id of the case, member or sitting concerned.
        now: when.
    """
    wishes = store.wishes(session, panel_id)
    if wishes is None or store.open_ask(session, panel_id) is not None:
        return False
    row = PlanRow(
        panel_id=panel_id,
        state=PlanState.ASKED.value,
        cause=cause.value,
        cause_ref=ref,
        open_ask=panel_id,
        asked_by="",
        asked_at=now,
        days=Wishes.of_json(wishes.wishes).days_ahead,
        seconds=SECONDS,
    )
    return store.ask_once(session, row)


def after_broken(session: Session, sitting: SittingRow, reason: str, *, now: datetime) -> None:
    """Propose new sittings for the children of one that is not held, unless theirs are found already."""
    if reason not in SETTLED:
        propose(session, sitting.panel_id, Cause.BROKEN_SITTING, sitting.id, now=now)


def after_ready(
    session: Session, panel_id: str, case_id: str, priority: str, *, now: datetime
) -> None:
    """Propose a plan for a child who cannot wait for the next sitting by the calendar."""
    if priority in URGENT:
        propose(session, panel_id, Cause.URGENT_CASE, case_id, now=now)


def look_at_sittings(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Propose a plan for every panel with a sitting that has come to lie on a holiday or lost its quorum.

    Each sitting is looked at anew, and proposed once for each cause; returns how many proposals are new.
    """
    found = 0
    for panel_id in store.planned_panels(session):
        panel = panels.find(session, panel_id)
        if panel is None or found >= limit:
            continue
        for sitting, cause in _broken(session, panel, now):
            known = store.was_proposed(session, panel_id, cause.value, sitting.id)
            if not known and propose(session, panel_id, cause, sitting.id, now=now):
                found += 1
    return found


def _broken(session: Session, panel: PanelRow, now: datetime) -> Iterator[tuple[SittingRow, Cause]]:
    for sitting in store.to_come(session, panel.id, now=now):
        if _is_holiday(panel, sitting, now):
            yield sitting, Cause.HOLIDAY
        elif not _can_be_held(session, panel, sitting):
            yield sitting, Cause.ABSENCE


def _is_holiday(panel: PanelRow, sitting: SittingRow, now: datetime) -> bool:
    day = sitting.starts_at.astimezone(ZoneInfo(sitting.timezone)).date()
    for country in panel.countries:
        try:
            if pack_of(country, on=now.date()).calendar().holidays(day):
                return True
        except NoPack:  # the calendar of a partner that is not installed here
            continue
    return False


def _can_be_held(session: Session, panel: PanelRow, sitting: SittingRow) -> bool:
    """Whether those called to it who can come are a quorum; who is recused is the plan's question."""
    day = sitting.starts_at.astimezone(ZoneInfo(sitting.timezone)).date()
    called = members.holders(session, sittings.roster(session, sitting.id))
    people = {one.person_id for one in called}
    start, end = sitting.starts_at, sitting.ends_at
    away = {one.owner for one in store.busy(session, "person", people, start=start, end=end)}
    able = entitled(called, day, away)
    bench = seated(able, {one.member_id for one in able}, {})
    return quorum(bench, rules_of(session, panel.id, sitting.rules_number).quorum).is_met
