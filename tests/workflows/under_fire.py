"""Two acts for each of many children while processes are killed, compared with a run nobody disturbed.

The first act is an approved assessment. Once the procedure has moved the case, people act again: they
agree the plan, or write, submit and pass the report for the panel. What each case has on file at the
end must be what an undisturbed case has: nothing missing (stuck), nothing more (repeated).
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.service import reports
from cases.tables.case_file import CaseRow
from cases.tables.clock import DeadlineRow
from cases.tables.effect import EffectRow
from cases.tables.history import CaseHistoryRow
from cases.tables.task import TaskRow
from core import audit, wakeups
from core.clock import utc_now
from core.db import Database
from core.notices import NoticeRow
from core.outbox import OutboxRow
from tests.builders.procedure import Team, a_submitted_report, an_agreed_plan
from tests.conftest import NOON
from tests.workflows.killing import Process, Site, at_rest, bring_in, wait_until

KINDS: Final = 2
REMINDER: Final = "deadline.reached"
MOVED_ONCE: Final = {"planned", "bid_required"}

Track = Counter[tuple[Any, ...]]


@dataclass
class Child:
    """One child's case, what kind of case it is, and how often people have acted."""

    kind: int
    team: Team
    acts: int = 1


@dataclass(frozen=True)
class Found:
    """What is found when everything has come to rest.

    Args:
        stuck: cases with less on file than an undisturbed one.
        repeated: cases with more.
        untold: messages that nobody has received, or received more than once.
        chain_holds: the audit log verifies from end to end.
        differences: what was missing (-) or too much (+), by kind, for whoever looks for the reason.
    """

    stuck: int
    repeated: int
    untold: int
    chain_holds: bool
    differences: dict[str, int]


def under_fire(
    site: Site, count: int, kills: int, chance: random.Random, victims: list[Process]
) -> list[Child]:
    """Bring ``count`` children in and see each through two acts, with ``kills`` power cuts on the way.

    A process is killed only after the procedure has moved something since the last power cut, at
    a random moment of its work.
    """
    children: list[Child] = []
    each = -(-count // (kills + 1))
    for cut in range(kills + 1):
        before = moves(site)
        numbers = range(len(children), min(count, len(children) + each))
        children.extend(Child(number % KINDS, bring_in(site, number)) for number in numbers)
        act_again(site, children)
        if cut < kills:
            wait_until(lambda seen=before: _has_moved(site, seen), 120)  # type: ignore[misc]
            time.sleep(chance.random() * chance.choice((1, 12)))
            victim = chance.choice(victims)
            victim.kill()
            victim.start()
    wait_until(lambda: act_again(site, children) == 0, 600)
    return children


def _has_moved(site: Site, before: int) -> bool:
    for process in site.processes:
        process.revive()
    return moves(site) > before


def act_again(site: Site, children: list[Child]) -> int:
    """Do the second act for every case that has moved; return how many have not moved yet."""
    with site.database.unit_of_work() as session:
        states = dict(session.exec(select(CaseRow.id, CaseRow.state)).all())
    for child in children:
        if child.acts == 1 and states[child.team.case_id] in MOVED_ONCE:
            second_act(site.database, child)
    return sum(child.acts == 1 for child in children)


def second_act(database: Database, child: Child) -> None:
    """Agree the plan, or name the assessor and see the report through its quality check."""
    team = child.team
    with database.unit_of_work() as session:
        if child.kind:
            reports.name_assessor(
                session, team.supervisor, team.case_id, team.assessor.person_id, now=NOON
            )
            a_submitted_report(session, team)
            reports.pass_report(session, team.coordinator, team.case_id, now=NOON)
        else:
            an_agreed_plan(session, team)
        wakeups.wake(session, team.case_id, now=utc_now())
    child.acts = 2


def moves(site: Site) -> int:
    """How many effects of the procedure there are."""
    with site.database.unit_of_work() as session:
        return session.exec(select(sa.func.count()).select_from(EffectRow)).one()


def quiet(site: Site) -> bool:
    """Whether no case waits to be moved and no message to be delivered."""
    with site.database.unit_of_work() as session:
        unsent = select(OutboxRow.id).where(col(OutboxRow.sent_at).is_(None))
        told = session.exec(unsent.limit(1)).first() is None
    return told and at_rest(site)


def track_of(session: Session, case_id: str) -> Track:
    """What the procedure has left on file for one case, by kind and number of each thing."""
    history = session.exec(select(CaseHistoryRow).where(CaseHistoryRow.case_id == case_id))
    limits = session.exec(select(DeadlineRow).where(DeadlineRow.case_id == case_id))
    effects = session.exec(select(EffectRow).where(EffectRow.case_id == case_id))
    tasks = session.exec(select(TaskRow).where(TaskRow.case_id == case_id))
    kept: Track = Counter(("moved", s.from_state, s.to_state, s.transition) for s in history)
    kept.update(("limit", limit.code, limit.occurrence) for limit in limits)
    kept.update(("effect", effect.step, effect.occurrence) for effect in effects)
    kept.update(("task", task.code) for task in tasks)
    reminders: Track = Counter()
    for message in session.exec(select(OutboxRow).where(OutboxRow.subject == case_id)):
        if message.topic == REMINDER:
            reminders[tuple(sorted(message.payload.items()))] += 1
        else:
            kept["message", message.topic] += 1
    # How many reminders are due depends on the day of the run; that none is sent twice does not.
    kept["reminders sent twice",] += sum(count > 1 for count in reminders.values())
    return +kept


def undisturbed(site: Site) -> list[Track]:
    """What each kind of case has on file when nothing is killed, from a site without processes."""
    from workflows import ground
    from workflows.procedure import advance_plainly

    ground.stand_on(site.database)
    tracks = []
    for kind in range(KINDS):
        child = Child(kind, bring_in(site, kind))
        asyncio.run(advance_plainly(child.team.case_id))
        second_act(site.database, child)
        asyncio.run(advance_plainly(child.team.case_id))
        with site.database.unit_of_work() as session:
            tracks.append(track_of(session, child.team.case_id))
    return tracks


def found_after(site: Site, children: list[Child], wanted: list[Track]) -> Found:
    """Compare every case with an undisturbed one of its kind, and verify the audit log."""
    with site.database.unit_of_work() as session:
        pairs = [(track_of(session, one.team.case_id), wanted[one.kind]) for one in children]
        posted = session.exec(select(OutboxRow.key).where(OutboxRow.topic != "mail")).all()
        shown = Counter(session.exec(select(NoticeRow.key)).all())
        verdict = audit.verify_database(session)
    differences: Counter[str] = Counter()
    for kept, want in pairs:
        differences.update(f"- {thing}" for thing in (want - kept).elements())
        differences.update(f"+ {thing}" for thing in (kept - want).elements())
    return Found(
        stuck=sum(bool(want - kept) for kept, want in pairs),
        repeated=sum(bool(kept - want) for kept, want in pairs),
        untold=sum(shown[key] != 1 for key in posted),
        chain_holds=verdict.holds,
        differences=dict(differences),
    )
