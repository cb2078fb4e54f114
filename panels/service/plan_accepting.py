"""A person accepts a plan: its sittings are planned, its cases listed, by the same services people use by hand.

One unit of work: all of it or nothing. No rule is repeated here; whatever a service refuses refuses the whole.
Before anything is done the record is read once more: a plan of another record is not carried out.

Source: DOM-3.3/T10, DOM-3.5, DOM-R14, DOM-R17.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.service.access import barred_cases
from core import audit, outbox
from core.actors import Actor
from core.db import check_version
from core.errors import Gap, Incomplete, NotAllowed, WrongState
from panels.planning.checker.check import check_plan
from panels.planning.reading.whole import instance_of
from panels.rules.items import Invited, ItemState
from panels.rules.planning import EMERGENCY, PlanState
from panels.rules.sittings import SittingMode, SittingState, SittingType
from panels.service import agenda, listing, sittings
from panels.service.calling import call_to_roster
from panels.service.case_facts import NEEDS_GUARDIAN, papers_limit
from panels.service.listing import Invitation
from panels.service.panels import PanelKind
from panels.service.plan_cases import Child
from panels.service.plan_instance import Asked, Built, build
from panels.service.plan_making import NO_RULE, told_cases
from panels.service.plan_wishes import WishesView, wishes_of
from panels.service.plans import TABLE, end, opened, plan_seen
from panels.service.proposals import REPLANNED
from panels.service.sittings import NewSitting
from panels.store import item as items
from panels.store import member as members
from panels.store import panel as panels
from panels.store import planning as store
from panels.store import sitting as sitting_store
from panels.tables.planning import PlanRow, SittingRoomRow

SAID_AS: Final = {
    "previous": "agendas", "panels": "rules_or_half_days", "resources": "video_bridge",
    "cases": "children_who_wait", "members": "members_or_their_absences",
}  # fmt: skip


@dataclass
class Done:
    """What accepting a plan did: sittings planned and cancelled, items listed and taken off, what to know."""

    planned: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    taken_off: list[str] = field(default_factory=list)
    warnings: list[Gap] = field(default_factory=list)


def accept_plan(
    session: Session,
    actor: Actor,
    plan_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> Done:
    """Carry out a plan: plan, fill, and where need be convene its sittings; members and families are told.

    Raises:
        NotThere: no such plan, or not of a panel of this person.
        NotAllowed: a machine; only a person accepts.
        WrongState: not a draft (any more).
        Incomplete: the record moved since the plan was made, or a told family is moved without a named reason.

    Source: DOM-3.3/T10, DOM-3.5.
    """
    panels.lock(session, plan_seen(session, actor, plan_id, now=now).panel_id)
    row = plan_seen(session, actor, plan_id, now=now, lock=True)
    check_version(row, TABLE, expected_version)
    if not actor.is_human:
        raise NotAllowed("a_person_accepts")
    if row.state != PlanState.DRAFT or row.made_at is None or row.until is None:
        raise WrongState("plan", row.state, "accept")
    kept = opened(session, row)
    _require_open(kept, barred_cases(session, actor))
    for sitting in store.to_come(session, row.panel_id, now=now):
        sitting_store.lock(session, sitting.id)
    asked = Asked(row.made_at, row.until, mass=row.mass)
    fresh = _require_same(session, row, asked, kept, now=now)
    _require_named(kept)
    done = _Carrying(session, actor, row, kept=kept, fresh=fresh, now=now).run()
    end(session, row, PlanState.ACCEPTED, actor.person_id, "accepted", now=now)
    for other in store.drafts(session, row.panel_id):
        if other.id != row.id:
            end(session, other, PlanState.SET_ASIDE, actor.person_id, "another_accepted", now=now)
    audit.record(
        session, actor, "plan.accepted", thing="sitting_plan", thing_id=row.id, now=now,
        codes={"panel": row.panel_id, "planned": len(done.planned), "listed": len(done.listed),
               "cancelled": len(done.cancelled)},
    )  # fmt: skip
    return done


def _require_open(kept: Mapping[str, Any], hidden: Collection[str]) -> None:
    """Whoever is barred from a case of the plan leaves it to a colleague. Source: DOM-R14."""
    if any(one["id"] in hidden for one in kept["instance"]["cases"]):
        raise NotAllowed("plan_for_colleague")


def _require_same(
    session: Session, row: PlanRow, asked: Asked, kept: Mapping[str, Any], *, now: datetime
) -> Built:
    """Read the record once more and refuse when it is another than the plan was made of.

    Raises:
        Incomplete: naming each part that changed, or each rule the plan would break now.
    """
    try:
        fresh = build(session, row.panel_id, asked, now=now)
    except Incomplete as gone:
        raise Incomplete("accept_plan", (_moved("cases"),)) from gone
    moved = sorted(name for name, digest in fresh.parts.items() if row.parts.get(name) != digest)
    if moved:
        raise Incomplete("accept_plan", tuple(_moved(one) for one in moved))
    broken = [one for one in check_plan(_with_past(fresh, kept), kept["plan"]) if one.rule]
    if broken:
        codes = sorted({one.code for one in broken})
        raise Incomplete("accept_plan", tuple(Gap("plan_too_old", {"rule": one}) for one in codes))
    return fresh


def _moved(part: str) -> Gap:
    return Gap("record_moved", {"part": SAID_AS.get(part, part)})


def _with_past(fresh: Built, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record as it is now with every slot the plan names, so that one that has passed is told."""
    known = {one["id"] for one in fresh.instance["slots"]}
    past = [one for one in kept["instance"]["slots"] if one["id"] not in known]
    return {**fresh.instance, "slots": [*fresh.instance["slots"], *past]}


def _require_named(kept: Mapping[str, Any]) -> None:
    """No family that was told a date is moved unless what forces it is named."""
    told = told_cases(instance_of(kept["instance"]))
    unnamed = [
        one
        for one in kept["plan"].get("changes", ())
        if one["case"] in told and one["reason"]["code"] == NO_RULE
    ]
    if unnamed:
        raise Incomplete("accept_plan", (Gap("move_not_forced", {"count": len(unnamed)}),))


class _Carrying:
    """One plan on its way into the record."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        row: PlanRow,
        *,
        kept: Mapping[str, Any],
        fresh: Built,
        now: datetime,
    ) -> None:
        self.session, self.actor, self.row, self.now = session, actor, row, now
        self.kept, self.plan, self.fresh = kept, kept["plan"], fresh
        self.usual: WishesView = wishes_of(session, row.panel_id)
        self.slots = {one["id"]: one for one in kept["instance"]["slots"]}
        self.cases = {one["id"]: one for one in kept["instance"]["cases"]}
        self.sittings: dict[str, str] = dict(kept["sittings"])
        self.done = Done()
        panel = panels.find(session, row.panel_id)
        self.is_joint = panel is not None and panel.kind == PanelKind.JOINT

    def run(self) -> Done:
        held = {one["slot"]: one for one in self.plan["sittings"]}
        at = {item["case"]: slot for slot, one in held.items() for item in one["agenda"]}
        was = {
            item["case"]: one["slot"]
            for one in self.kept["instance"]["previous"]["sittings"]
            for item in one["cases"]
        }
        reasons = {one["case"]: one["reason"]["code"] for one in self.plan.get("changes", ())}
        for case_id, slot in was.items():
            if at.get(case_id) != slot:
                self._take_off(case_id, reasons.get(case_id, REPLANNED))
        for slot, sitting_id in self.sittings.items():
            if slot not in held:
                self._cancel(sitting_id)
        for slot, one in sorted(held.items()):
            self._hold(one, [i["case"] for i in one["agenda"] if was.get(i["case"]) != slot])
        return self.done

    def _take_off(self, case_id: str, reason: str) -> None:
        item = items.live_of_case(self.session, case_id)
        if item is None or item.state != ItemState.LISTED:
            raise Incomplete("accept_plan", (_moved("previous"),))
        code = f"replanned_{reason.partition(',')[0]}"[:40]
        agenda.withdraw_item(self.session, self.actor, item.id, code, now=self.now)
        self.done.taken_off.append(item.id)

    def _cancel(self, sitting_id: str) -> None:
        sittings.cancel_sitting(self.session, self.actor, sitting_id, REPLANNED, now=self.now)
        self.done.cancelled.append(sitting_id)

    def _hold(self, one: Mapping[str, Any], new: Sequence[str]) -> None:
        slot = one["slot"]
        sitting_id = self.sittings.get(slot)
        called = [*one["members"], *one.get("standby", ())]
        if sitting_id is None:
            sitting_id = self._plan(one, called)
        else:
            late = call_to_roster(self.session, self.actor, sitting_id, called, now=self.now)
            self._tell(sitting_id, late, topic="sitting.planned")
        for case_id in new:
            self.done.listed.append(
                listing.list_case(
                    self.session, self.actor, sitting_id, case_id,
                    invited=self._invited(case_id, one["interpreters"]), now=self.now,
                )
            )  # fmt: skip
        row = sitting_store.find(self.session, sitting_id)
        if new and row is not None and row.type == SittingType.EXTRAORDINARY:
            self._convene(sitting_id, row.state)

    def _convene(self, sitting_id: str, state: str) -> None:
        """An extraordinary sitting is so near that its papers have to go out at once."""
        if state == SittingState.DRAFT:
            self.done.warnings += sittings.convene_sitting(
                self.session, self.actor, sitting_id, now=self.now
            )

    def _plan(self, one: Mapping[str, Any], called: Sequence[str]) -> str:
        slot = self.slots[one["slot"]]
        begin = datetime.fromisoformat(slot["start"])
        end_at = datetime.fromisoformat(slot["end"])
        wishes = self.usual.wishes
        near = self._is_near(one, begin)
        roster = self._enough(called, begin, end_at, everybody=near)
        room = one["room"].partition("/")[2] if wishes.rooms else ""
        new = NewSitting(
            type=self._type(near=near),
            mode=SittingMode(wishes.mode),
            starts_at=begin,
            minutes=(end_at - begin) // timedelta(minutes=1),
            timezone=wishes.timezone,
            place=" · ".join(word for word in (self.usual.place, room) if word),
            link=self.usual.link,
            roster=tuple(roster),
        )
        made = sittings.plan_sitting(self.session, self.actor, self.row.panel_id, new, now=self.now)
        self.session.add(SittingRoomRow(sitting_id=made, room=one["room"], bridge=wishes.bridge))
        self.session.flush()
        self.done.planned.append(made)
        self._tell(made, roster, topic="sitting.planned")
        return made

    def _type(self, *, near: bool) -> SittingType:
        if self.is_joint:
            return SittingType.JOINT
        if self.row.mass:
            return SittingType.AD_HOC_BATCH
        return SittingType.EXTRAORDINARY if near else SittingType.ORDINARY

    def _is_near(self, one: Mapping[str, Any], begin: datetime) -> bool:
        """Whether only an extraordinary sitting will do: for an emergency, or too near for the papers."""
        if one["slot"] in self.kept["extraordinary"] or self.row.mass:
            return not self.row.mass
        children = [self.child(item["case"]) for item in one["agenda"]]
        return any(
            child.facts.priority == EMERGENCY
            and self.now
            > papers_limit(child.facts.pack, child.facts.priority, begin, child.facts.office)
            for child in children
        )

    def _enough(
        self, called: Sequence[str], begin: datetime, end_at: datetime, *, everybody: bool
    ) -> list[str]:
        """Return those called, and as many others who can come as the panel needs to have its size.

        To an extraordinary sitting everybody is called who can come: nobody is left to step in later.
        """
        found = list(dict.fromkeys(called))
        known = self.kept["instance"]["members"]
        seats = {one["id"]: one["seat"] for one in known}
        taken = {seats[one] for one in found}
        for one in known:
            if len(taken) >= self.fresh.fewest_seats and not everybody:
                break
            if one["seat"] not in taken and not _away(one, begin, end_at):
                found.append(one["id"])
                taken.add(one["seat"])
        return found

    def child(self, case_id: str) -> Child:
        """Return a case as it was read when the record was looked at once more."""
        return self.fresh.children[case_id]

    def _invited(self, case_id: str, booked: Collection[str]) -> list[Invitation]:
        """Return whom the child's item cannot do without: guardian, and who interprets for it."""
        facts = self.child(case_id).facts
        found = []
        if facts.accompaniment in NEEDS_GUARDIAN:
            beside = sorted(
                one.person_id
                for one in facts.related
                if one.basis == "guardian" and not one.is_sibling and one.is_open
            )
            found.append(Invitation(Invited.GUARDIAN, beside[0] if beside else ""))
        language = self.cases[case_id].get("language")
        if facts.interpreter_needed:
            person = self._speaker(language, booked)
            found.append(Invitation(Invited.INTERPRETER, person))
        return found

    def _speaker(self, language: str | None, booked: Collection[str]) -> str:
        known = {one.person_id for child in self.fresh.children.values()
                 for one in child.facts.interpreters if one.person_id}  # fmt: skip
        for one in self.kept["instance"]["interpreters"]:
            if one["id"] in booked and language in one["languages"] and one["id"] in known:
                return str(one["id"])
        return ""

    def _tell(self, sitting_id: str, member_ids: Sequence[str], *, topic: str) -> None:
        row = sitting_store.find(self.session, sitting_id)
        for member_id in member_ids:
            member = members.find(self.session, member_id)
            if member is None or row is None:
                continue
            outbox.post(
                self.session,
                topic=topic,
                key=f"{topic}:{sitting_id}:{member_id}",
                subject=sitting_id,
                now=self.now,
                payload={
                    "person": member.person_id,
                    "panel": row.panel_id,
                    "starts_at": row.starts_at.astimezone(ZoneInfo(row.timezone)).isoformat(),
                },
            )


def _away(member: Mapping[str, Any], begin: datetime, end_at: datetime) -> bool:
    return any(
        begin < datetime.fromisoformat(ends) and datetime.fromisoformat(starts) < end_at
        for starts, ends in member.get("unavailable", ())
    )
