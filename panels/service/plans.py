"""Plans of a panel: asked for, made apart from any unit of work, kept, shown, explained, set aside.

Accepting is in ``plan_accepting``. Making is in ``plan_making``: whoever carries plans out calls ``take_up``, then
makes, then ``keep``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session

from cases.service import access
from core import audit, outbox
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, Gap, Incomplete, NotAllowed, NotThere, WrongState
from core.vault import Place, seal, unseal, vault_of
from panels.errors import DocumentRefused
from panels.planning.answers.words import ENGLISH, retold
from panels.planning.reading.whole import instance_of
from panels.rules.planning import Cause, Fixed, More, PlanState
from panels.service import plan_making
from panels.service.plan_instance import Asked, Built, build
from panels.service.plan_told import codes_of, names_of_members, with_names, without
from panels.service.plan_wishes import clerk_of, wishes_of
from panels.store import planning as store
from panels.tables.planning import PlanRow

TABLE: Final = "sitting_plan"
LEASE: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 3
SECONDS: Final = 8
MOST_SECONDS: Final = 120
NOBODY_WAITS: Final = "nobody_waits"
ENDED: Final = frozenset({PlanState.FAILED, PlanState.ACCEPTED, PlanState.SET_ASIDE})


@dataclass(frozen=True)
class Asking:
    """What somebody asks of a plan; ``days`` 0: as far as the panel wishes; ``fixed`` holds or there is no plan.

    ``mass``: a situation; the plan is of an exercise for the children in it, around the calendar as it is.
    """

    days: int = 0
    seconds: int = SECONDS
    seed: int = 0
    more: More = field(default_factory=More)
    fixed: tuple[Fixed, ...] = ()
    mass: str = ""


@dataclass(frozen=True)
class Task:
    """A plan to be made: all that is needed while no database is open.

    Args:
        beside: the instance without what was added or fixed; None when nothing was.
    """

    plan_id: str
    built: Built
    beside: dict[str, Any] | None
    start: datetime
    until: datetime
    seconds: int
    seed: int


@dataclass(frozen=True)
class PlanView:
    """A plan as a clerk of the panel sees it.

    Args:
        plan: its state, seed, digest and six numbers.
        document: sittings, cases not heard, changes with their reasons; empty until it is made.
        calendar: what stands on the calendar today: slot, sitting, cases.
        names: display names by member id.
        codes: the child's code by case id, for those the reader may see.
        at_risk: cases that cannot be in time whatever is planned, with what stands against it.
        set_aside: cases for which members the record hints at had to be counted on.
        beside: the six numbers without what was added or fixed; empty when nothing was.
        about: by case id, how urgent it is and by when it has to be heard.
    """

    plan: PlanRow
    document: Mapping[str, Any]
    slots: Mapping[str, Mapping[str, str]]
    calendar: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]
    codes: Mapping[str, str]
    at_risk: Sequence[Mapping[str, Any]]
    set_aside: Sequence[str]
    beside: Mapping[str, int]
    about: Mapping[str, Mapping[str, str]]


def ask_plan(
    session: Session, actor: Actor, panel_id: str, asking: Asking, *, now: datetime
) -> str:
    """Ask for a plan of a panel's sittings and return its id; it is made apart.

    Raises:
        NotAllowed: neither secretary nor coordinator.
        Incomplete: nobody waits, or it has not been said when the panel sits.
        BadInput: more work than a plan may cost.
    """
    clerk_of(session, actor, panel_id, now=now)
    if not 1 <= asking.seconds <= MOST_SECONDS:
        raise BadInput("/seconds", "1_to_120_seconds")
    if store.wishes(session, panel_id) is None:
        raise Incomplete("plan", (Gap("no_half_days"),))
    days = asking.days or wishes_of(session, panel_id).wishes.days_ahead
    row = PlanRow(
        panel_id=panel_id,
        state=PlanState.ASKED.value,
        cause=Cause.ASKED.value,
        asked_by=actor.person_id,
        asked_at=now,
        days=days,
        seconds=asking.seconds,
        seed=asking.seed,
        more=asking.more.to_json(),
        fixed=[one.to_json() for one in asking.fixed],
        mass=asking.mass,
    )
    session.add(row)
    session.flush()
    _, built = _build(session, row, now=now)  # refused here when there is nothing to plan
    try:
        instance_of(built.instance)
    except DocumentRefused as refusal:
        raise BadInput("/fixed", "not_in_this_plan") from refusal
    _note(session, actor, row, "asked", now=now)
    return row.id


def waiting(session: Session, *, now: datetime) -> int:
    """Count the plans that wait to be made and that nobody makes."""
    return store.waiting(session, now=now)


def take_up(session: Session, *, runner: str, now: datetime) -> Task | str | None:
    """Take the plan that waits longest and read what it needs; its id alone when it cannot be made.

    None: nothing waits.
    """
    row = store.claim(session, runner=runner, now=now, lease=LEASE)
    if row is None:
        return None
    if row.attempts > MOST_ATTEMPTS:
        _fail(session, row, "tried_too_often", now=now)
        return row.id
    try:
        until, built = _build(session, row, now=now)
    except Incomplete as missing:
        _fail(session, row, missing.gaps[0].code, now=now)
        return row.id
    row.open_ask = None  # what happens from here on is not in this plan
    session.add(row)
    session.flush()
    beside = None
    if row.more or row.fixed:
        usual = Asked(now, until, mass=row.mass)
        beside = build(session, row.panel_id, usual, now=now).instance
    return Task(row.id, built, beside, now, until, row.seconds, row.seed)


def _build(session: Session, row: PlanRow, *, now: datetime) -> tuple[datetime, Built]:
    until = now + timedelta(days=row.days)
    asked = Asked(now, until, More.of_json(row.more), tuple(row.fixed), row.mass)
    return until, build(session, row.panel_id, asked, now=now)


def _fail(session: Session, row: PlanRow, reason: str, *, now: datetime) -> None:
    row.state, row.end_reason, row.ended_at = PlanState.FAILED.value, reason, now
    row.open_ask = row.claimed_by = row.claimed_until = None
    session.add(row)
    session.flush()
    if row.cause != Cause.ASKED and reason != NOBODY_WAITS:
        _tell_of_proposal(session, row, topic="plan.not_made", now=now)


def keep(session: Session, task: Task, made: plan_making.Made, *, now: datetime) -> bool:
    """Keep a plan that was made; False when it was set aside or taken up by another meanwhile."""
    row = store.lock(session, task.plan_id)
    if row is None or row.state != PlanState.ASKED:
        return False
    document = made.document
    vault_of(session).ensure_key(session, row.id, now=now)
    row.restricted = _sealed(
        session,
        row,
        {
            "instance": task.built.instance,
            "plan": document,
            "sittings": task.built.sittings,
            "extraordinary": list(task.built.extraordinary),
            "set_aside": list(task.built.set_aside),
            "at_risk": list(made.at_risk),
            "beside": made.beside,
        },
    )
    row.state = _state_of(row, document).value
    row.made_at, row.until = task.start, task.until
    row.status, row.digest, row.parts = document["status"], task.built.digest, task.built.parts
    row.numbers, row.bounds = document["objective"], document["bounds"]
    row.proven = list(document["proven"])
    row.claimed_by = row.claimed_until = None
    session.add(row)
    session.flush()
    if row.cause != Cause.ASKED:
        _tell_of_proposal(session, row, topic="plan.proposed", now=now)
        for older in store.drafts(session, row.panel_id):
            if older.id != row.id and older.cause != Cause.ASKED:
                end(session, older, PlanState.SET_ASIDE, "", "newer_proposal", now=now)
    return True


def _state_of(row: PlanRow, document: Mapping[str, Any]) -> PlanState:
    if document["status"] == "infeasible_overrides":
        return PlanState.CONFLICT
    return PlanState.WHAT_IF if row.more else PlanState.DRAFT


def _tell_of_proposal(session: Session, row: PlanRow, *, topic: str, now: datetime) -> None:
    outbox.post(
        session,
        topic=topic,
        key=f"{topic}:{row.id}",
        subject=row.id,
        now=now,
        payload={"role": Role.SECRETARY.value, "panel": row.panel_id, "cause": row.cause},
    )


def list_plans(
    session: Session, actor: Actor, panel_id: str, *, now: datetime, limit: int = 50
) -> Sequence[PlanRow]:
    """Return the plans of a panel, newest first."""
    clerk_of(session, actor, panel_id, now=now)
    return store.of_panel(session, panel_id, limit=limit)


def plan_seen(
    session: Session, actor: Actor, plan_id: str, *, now: datetime, lock: bool = False
) -> PlanRow:
    """Return a plan to a clerk of its panel.

    Raises:
        NotThere: no such plan, or nothing to do with its panel; members do not see drafts.
    """
    row = (store.lock if lock else store.find)(session, plan_id)
    if row is None:
        raise NotThere("plan")
    try:
        clerk_of(session, actor, row.panel_id, now=now)
    except (NotThere, NotAllowed) as error:
        raise NotThere("plan") from error
    return row


def show_plan(
    session: Session,
    actor: Actor,
    plan_id: str,
    *,
    now: datetime,
    words: Mapping[str, str] = ENGLISH,
) -> PlanView:
    """Return a plan beside today's calendar, in the reader's words; cases closed to the reader are left out.

    Source: DOM-R14.
    """
    row = plan_seen(session, actor, plan_id, now=now)
    if row.restricted is None:
        return PlanView(row, {}, {}, (), {}, {}, (), (), {}, {})
    kept = opened(session, row)
    hidden = access.barred_cases(session, actor)
    instance = kept["instance"]
    cases = [one["id"] for one in instance["cases"] if one["id"] not in hidden]
    names = names_of_members(session, actor, instance, now=now)
    codes = codes_of(session, actor, cases, now=now)
    said = {**names, **codes, **dict.fromkeys(hidden, "another case")}
    _note(session, actor, row, "read", now=now)
    calendar = [
        {**one, "sitting": kept["sittings"].get(one["slot"], ""),
         "cases": [case for case in one["cases"] if case["case"] not in hidden]}
        for one in instance["previous"]["sittings"]
    ]  # fmt: skip
    return PlanView(
        row,
        with_names(retold(without(kept["plan"], hidden), words), said),
        {one["id"]: {"start": one["start"], "end": one["end"]} for one in instance["slots"]},
        calendar,
        names,
        codes,
        retold([one for one in kept["at_risk"] if one["case"] not in hidden], words),
        [one for one in kept["set_aside"] if one not in hidden],
        kept["beside"],
        {
            one["id"]: {"priority": one["priority"], "deadline": one["deadline"]}
            for one in instance["cases"]
            if one["id"] not in hidden
        },
    )


def explain(
    session: Session,
    actor: Actor,
    plan_id: str,
    case_id: str,
    *,
    slot: str | None = None,
    now: datetime,
    words: Mapping[str, str] = ENGLISH,
) -> dict[str, Any]:
    """Say why a case is heard when it is, why not earlier, what would help; with names, in the reader's words.

    Raises:
        NotThere: no such plan, case or slot, or the case is closed to the reader.
        WrongState: the plan is not made yet.
    """
    row = plan_seen(session, actor, plan_id, now=now)
    if row.restricted is None or row.state == PlanState.CONFLICT:
        raise WrongState("plan", row.state, "explain")
    hidden = access.barred_cases(session, actor)
    kept = opened(session, row)
    if case_id in hidden:
        raise NotThere("case")
    found = plan_making.explain(kept["instance"], kept["plan"], case_id, slot)
    if found is None:
        raise NotThere("case")
    cases = [one["id"] for one in kept["instance"]["cases"]]
    shown = [one for one in cases if one not in hidden]
    said = dict(names_of_members(session, actor, kept["instance"], now=now))
    said |= codes_of(session, actor, shown, now=now) | dict.fromkeys(hidden, "another case")
    _note(session, actor, row, "explained", now=now)
    named: dict[str, Any] = with_names(retold(found, words), said)
    return named


def set_aside(
    session: Session,
    actor: Actor,
    plan_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Set a plan aside; nothing was moved by it, and nothing is."""
    row = plan_seen(session, actor, plan_id, now=now, lock=True)
    check_version(row, TABLE, expected_version)
    if PlanState(row.state) in ENDED:
        raise WrongState("plan", row.state, "set_aside")
    end(session, row, PlanState.SET_ASIDE, actor.person_id, "by_hand", now=now)
    _note(session, actor, row, "set_aside", now=now)


def end(
    session: Session, row: PlanRow, state: PlanState, by: str, reason: str, *, now: datetime
) -> None:
    """Bring a plan to its end."""
    row.state, row.ended_at, row.ended_by, row.end_reason = state.value, now, by, reason
    row.open_ask = None
    session.add(row)
    session.flush()


def opened(session: Session, row: PlanRow) -> dict[str, Any]:
    """Return what is sealed of a plan that was made."""
    place = Place(TABLE, "restricted", row.id)
    found: dict[str, Any] = unseal(session, owner=row.id, place=place, sealed=row.restricted or b"")
    return found


def _sealed(session: Session, row: PlanRow, value: Mapping[str, Any]) -> bytes:
    return seal(session, owner=row.id, place=Place(TABLE, "restricted", row.id), value=value)


def _note(session: Session, actor: Actor, row: PlanRow, act: str, *, now: datetime) -> None:
    audit.record(
        session, actor, f"plan.{act}", thing="sitting_plan", thing_id=row.id, now=now,
        codes={"panel": row.panel_id, "cause": row.cause},
    )  # fmt: skip
