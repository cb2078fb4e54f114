"""Plans of sittings as pages: what is asked, the plan beside today's calendar, every change with its reason in words.

Ids of slots, members and cases become words here; what stands in a reason is the planner's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.desk.plan_words import Saying, Seen
from api.desk.visit import Visit
from api.problems.catalogue import gap_sentence
from core.errors import Gap
from panels.rules.planning import Cause, FixedKind, PlanState
from panels.service import plans
from panels.service.plan_words import plan_words
from panels.service.plans import PlanView

NUMBERS: Final = (
    "unscheduled", "tardiness", "notified_moves", "cost", "comfort", "fairness",
)  # fmt: skip


@dataclass(frozen=True)
class PlanLine:
    """A plan in a list."""

    id: str
    when: str
    cause: str
    state: str


@dataclass(frozen=True)
class Half:
    """One half-day: what stands on it today, and what the plan puts there."""

    slot: str
    when: str
    today: tuple[Seen, ...]
    is_today: bool
    planned: tuple[Seen, ...]
    is_planned: bool
    members: tuple[str, ...]
    standby: tuple[str, ...]
    sitting_id: str
    is_changed: bool


@dataclass(frozen=True)
class Change:
    """A child who is moved, with what asks for it."""

    child: Seen
    was: str
    becomes: str
    why: str


@dataclass(frozen=True)
class Against:
    """A child who is not heard, or not in time, with what stands against it."""

    child: Seen
    why: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """One of the six numbers of a plan.

    Args:
        least: the least it can be, as proven; empty where it is proven to be the least itself.
        beside: the number without what was added or fixed; empty when nothing was.
    """

    label: str
    value: int
    least: str
    beside: str


@dataclass(frozen=True)
class FixedLine:
    """Something fixed by hand: in words, and as the form sends it again."""

    said: str
    sent: str


@dataclass(frozen=True)
class Page:
    """Everything the page of a plan shows."""

    id: str
    version: int
    panel_id: str
    state: str
    said: str
    cause: str
    until: str
    is_being_made: bool
    waits: str
    halves: tuple[Half, ...]
    changes: tuple[Change, ...]
    unheard: tuple[Against, ...]
    at_risk: tuple[Against, ...]
    hints: tuple[Seen, ...]
    numbers: tuple[Number, ...]
    fixed: tuple[FixedLine, ...]
    conflict: tuple[str, ...]
    more: str
    slots: tuple[tuple[str, str], ...]
    children: tuple[tuple[str, str], ...]
    members: tuple[tuple[str, str], ...]
    summary: str
    failed: str


@dataclass(frozen=True)
class SlotWhy:
    """One earlier half-day and what stands against it."""

    when: str
    codes: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Why:
    """Why a child is heard when it is."""

    plan_id: str
    child: str
    at: str
    deadline: str
    late: str
    slots: tuple[SlotWhy, ...]
    help: tuple[str, ...]


def lines(visit: Visit, panel_id: str) -> tuple[PlanLine, ...]:
    """Return the newest plans of a panel, the newest first.

    Raises:
        NotThere, NotAllowed: as ``plans.list_plans``.
    """
    rows = plans.list_plans(visit.session, visit.actor, panel_id, now=visit.now, limit=20)
    words = visit.words
    return tuple(
        PlanLine(
            id=row.id,
            when=words.at(row.asked_at, visit.zone),
            cause=words.of("cause", row.cause),
            state=words.of("plan_state", row.state),
        )
        for row in rows
    )


def shown(visit: Visit, plan_id: str) -> PlanView:
    """Return a plan with its reasons in the reader's language.

    Raises:
        NotThere: as ``plans.show_plan``.
    """
    told = plan_words(visit.words.code).told
    return plans.show_plan(visit.session, visit.actor, plan_id, now=visit.now, words=told)


def page(visit: Visit, plan_id: str) -> Page:
    """Return the page of a plan.

    Raises:
        NotThere: as ``plans.show_plan``.
    """
    view = shown(visit, plan_id)
    say, row, words = Saying(visit, view), view.plan, visit.words
    document = view.document
    halves = tuple(_halves(say))
    changes = tuple(_change(say, one) for one in document.get("changes", ()))
    unheard = tuple(_against(say, one) for one in document.get("unscheduled", ()))
    return Page(
        id=row.id,
        version=row.version,
        panel_id=row.panel_id,
        state=row.state,
        said=words.of("plan_state", row.state),
        cause=words.of("cause", row.cause) if row.cause != Cause.ASKED else "",
        until=words.at(row.until, visit.zone) if row.until else "",
        is_being_made=row.claimed_until is not None,
        waits=words.span(visit.now - row.asked_at),
        halves=halves,
        changes=changes,
        unheard=unheard,
        at_risk=tuple(_against(say, one) for one in view.at_risk),
        hints=tuple(say.child(one) for one in view.set_aside),
        numbers=tuple(_numbers(visit, view)),
        fixed=tuple(FixedLine(_fixed(say, one), sent_as(one)) for one in row.fixed),
        conflict=tuple(_fixed(say, one) for one in document.get("conflict", ())),
        more=_more(visit, row.more),
        slots=tuple(say.slots.items()),
        children=tuple(say.children.items()),
        members=tuple(view.names.items()),
        summary=words(
            "plan.summary",
            sittings=words.count("plan.sittings", sum(one.is_planned for one in halves)),
            heard=words.count("plan.heard", sum(len(one.planned) for one in halves)),
            unheard=words.count("plan.not_heard", len(unheard)),
            moved=words.count("plan.moved", len(changes)),
        ),
        failed=gap_sentence(Gap(row.end_reason)) if row.state == PlanState.FAILED else "",
    )


def _halves(say: Saying) -> Iterable[Half]:
    planned = {one["slot"]: one for one in say.view.document.get("sittings", ())}
    today = {one["slot"]: one for one in say.view.calendar}
    starts = say.view.slots
    for slot in sorted({*planned, *today}, key=lambda one: starts.get(one, {}).get("start", one)):
        new, old = planned.get(slot), today.get(slot)
        was = tuple(say.child(item["case"]) for item in (old["cases"] if old else ()))
        becomes = tuple(say.child(item["case"]) for item in (new["agenda"] if new else ()))
        yield Half(
            slot=slot,
            when=say.slot(slot),
            today=was,
            is_today=old is not None,
            planned=becomes,
            is_planned=new is not None,
            members=_members(say, new, "members"),
            standby=_members(say, new, "standby"),
            sitting_id=str(old["sitting"]) if old else "",
            is_changed=(old is None) != (new is None) or {*was} != {*becomes},
        )


def _members(say: Saying, sitting: Mapping[str, Any] | None, which: str) -> tuple[str, ...]:
    ids: Sequence[str] = sitting.get(which, ()) if sitting else ()
    return tuple(say.view.names.get(one) or say.visit.words("someone") for one in ids)


def _change(say: Saying, one: Mapping[str, Any]) -> Change:
    return Change(
        say.child(one["case"]),
        say.slot(one["from"]),
        say.slot(one["to"]),
        say.reason(one["reason"]["text"]),
    )


def _against(say: Saying, one: Mapping[str, Any]) -> Against:
    why = tuple(say.reason(reason["text"]) for reason in one["reasons"])
    return Against(say.child(one["case"]), why)


def _numbers(visit: Visit, view: PlanView) -> Iterable[Number]:
    row = view.plan
    for name in NUMBERS:
        if name not in row.numbers:
            continue
        least = row.bounds.get(name)
        is_least = name in row.proven or least is None
        yield Number(
            label=visit.words.of("plan_number", name),
            value=row.numbers[name],
            least="" if is_least else str(least),
            beside=str(view.beside[name]) if name in view.beside else "",
        )


def _fixed(say: Saying, one: Mapping[str, str]) -> str:
    words = say.visit.words
    return words(
        f"fixed.said.{one['type']}",
        slot=say.slot(one["slot"]),
        child=say.child(one["case"]).name if one.get("case") else "",
        member=say.view.names.get(one.get("member", ""), "") or words("someone"),
    )


def sent_as(one: Mapping[str, str]) -> str:
    """Return something fixed by hand as a form sends it: kind, slot, case and member, apart by bars."""
    return "|".join((one["type"], one["slot"], one.get("case", ""), one.get("member", "")))


def _more(visit: Visit, more: Mapping[str, Any]) -> str:
    words = visit.words
    if "sector" in more:
        return words("more.said.member", sector=words.of("sector", more["sector"]))
    if "language" in more:
        return words("more.said.interpreter", language=words.said("languages", more["language"]))
    if "half_day" in more:
        half = more["half_day"]
        return words("more.said.half_day", day=weekday(visit, half["weekday"]), at=half["starts"])
    return ""


def weekday(visit: Visit, number: int) -> str:
    """Return the name of a day of the week; Monday is 0."""
    return str(visit.words.locale.days["stand-alone"]["wide"][number])


def why(visit: Visit, plan_id: str, case_id: str, slot: str | None) -> Why:
    """Return why a child is heard when it is, why not earlier or at one half-day, and what would help.

    Raises:
        NotThere, WrongState: as ``plans.explain``.
    """
    view = shown(visit, plan_id)
    found = plans.explain(
        visit.session, visit.actor, plan_id, case_id, slot=slot, now=visit.now,
        words=plan_words(visit.words.code).told,
    )  # fmt: skip
    say, words = Saying(visit, view), visit.words
    deadline = datetime.fromisoformat(found["deadline"]).astimezone(ZoneInfo(visit.zone))
    return Why(
        plan_id=plan_id,
        child=say.child(case_id).name,
        at=say.slot(found["slot"]),
        deadline=words.at(deadline, visit.zone),
        late=words.count("why.late", found["late_days"]) if found["late_days"] else "",
        slots=tuple(
            SlotWhy(
                say.slot(one["slot"]),
                tuple(words.of("plan_code", code) for code in one["codes"]),
                tuple(say.reason(reason["text"]) for reason in one["reasons"]),
            )
            for one in found["slots"]
        ),
        help=tuple(say.reason(one["text"]) for one in found["help"]),
    )


def fixed_kinds(visit: Visit) -> list[tuple[str, str]]:
    """Return what can be fixed by hand, in words."""
    return [(one.value, visit.words.of("fixed", one)) for one in FixedKind]
