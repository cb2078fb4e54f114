"""What comes in and goes out about plans of sittings: wishes, absences, plans with their changes and reasons."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from api.bodies.panels import Zone
from api.fields import Id, Language, Strict, View
from panels.rules.mass import Apart
from panels.rules.planning import BusyKind, Fixed, FixedKind, HalfDay, More, Wishes
from panels.rules.roster import Sector
from panels.rules.sittings import SittingMode
from panels.service import mass, plan_accepting, plan_load, plans
from panels.service.busy_times import Hours
from panels.service.plan_wishes import WishesView as Kept

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Place = Annotated[str, StringConstraints(max_length=200)]
Room = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
Minutes = Annotated[int, Field(ge=5, le=480)]


class HalfDayIn(Strict):
    """A half-day of the week on which the panel can sit; Monday is 0."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    starts: Clock
    minutes: Minutes

    def to_half_day(self) -> HalfDay:
        """Return the half-day."""
        return HalfDay(self.weekday, self.starts, self.minutes)


class MinutesIn(Strict):
    """How long one child is heard, by priority; ``default`` for priorities left out."""

    default: Minutes = 30
    emergency: Minutes | None = None
    high: Minutes | None = None
    medium: Minutes | None = None
    low: Minutes | None = None


class WishesIn(Strict):
    """How a panel wants its sittings planned."""

    half_days: Annotated[tuple[HalfDayIn, ...], Field(min_length=1, max_length=14)]
    timezone: Zone
    mode: SittingMode = SittingMode.IN_PERSON
    place: Place = ""
    link: Place = ""
    rooms: Annotated[tuple[Room, ...], Field(max_length=20)] = ()
    bridge: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{0,40}$")] = ""
    bridge_capacity: Annotated[int, Field(ge=1, le=100)] = 1
    minutes: MinutesIn = MinutesIn()
    opening_minutes: Annotated[int, Field(ge=0, le=120)] = 15
    max_cases: Annotated[int, Field(ge=1, le=200)] = 12
    max_per_week: Annotated[int, Field(ge=1, le=14)] = 2
    days_ahead: Annotated[int, Field(ge=7, le=180)] = 56
    on_call: Annotated[tuple[Language, ...], Field(max_length=50)] = ()
    emergency_hours: Annotated[int, Field(ge=1, le=72)] = 12

    def to_wishes(self) -> Wishes:
        """Return the wishes as the rules know them."""
        minutes = {name: value for name, value in self.minutes.model_dump().items() if value}
        return Wishes(
            half_days=tuple(one.to_half_day() for one in self.half_days),
            timezone=self.timezone,
            mode=self.mode.value,
            rooms=self.rooms,
            bridge=self.bridge,
            bridge_capacity=self.bridge_capacity,
            minutes=minutes,
            opening_minutes=self.opening_minutes,
            max_cases=self.max_cases,
            max_per_week=self.max_per_week,
            days_ahead=self.days_ahead,
            on_call=self.on_call,
            emergency_hours=self.emergency_hours,
        )


class WishesView(View):
    """The wishes of a panel as they are kept."""

    wishes: dict[str, Any]
    place: str
    link: str
    version: int

    @classmethod
    def of(cls, kept: Kept) -> "WishesView":
        """Show the wishes."""
        return cls(
            wishes=kept.wishes.to_json(), place=kept.place, link=kept.link, version=kept.version
        )


class MoreIn(Strict):
    """One more of something, to see what it would change: such a plan can never be accepted."""

    sector: Sector | None = None
    language: Language | None = None
    half_day: HalfDayIn | None = None

    def to_more(self) -> More:
        """Return it as the rules know it."""
        return More(
            self.sector.value if self.sector else "",
            self.language or "",
            self.half_day.to_half_day() if self.half_day else None,
        )


class FixedIn(Strict):
    """Something fixed by hand; slots are those of an earlier plan. It holds, or there is no plan."""

    kind: FixedKind
    slot: Annotated[str, StringConstraints(pattern=r"^[0-9-]{1,20}$")]
    case_id: Id | None = None
    member_id: Id | None = None

    def to_fixed(self) -> Fixed:
        """Return it as the rules know it."""
        return Fixed(self.kind, self.slot, self.case_id or "", self.member_id or "")


class PlanAsked(Strict):
    """What is asked of a plan."""

    days: Annotated[int, Field(ge=0, le=180, description="0: as far as the panel wishes")] = 0
    seconds: Annotated[int, Field(ge=1, le=120)] = plans.SECONDS
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    more: MoreIn = MoreIn()
    fixed: Annotated[tuple[FixedIn, ...], Field(max_length=100)] = ()
    mass: Annotated[str, StringConstraints(pattern=r"^([A-Z_]{1,60}/[A-Z]{2})?$")] = ""

    def to_asking(self) -> plans.Asking:
        """Return what is asked."""
        fixed = tuple(one.to_fixed() for one in self.fixed)
        return plans.Asking(
            self.days, self.seconds, self.seed, self.more.to_more(), fixed, self.mass
        )


class PlanLine(View):
    """A plan in a list."""

    id: str
    state: str
    cause: str
    asked_at: datetime
    made_at: datetime | None
    status: str
    numbers: dict[str, int]
    end_reason: str
    version: int


class PlanShown(PlanLine):
    """A plan beside today's calendar, with every change and its reason."""

    until: datetime | None
    seed: int
    digest: str
    beside: dict[str, int]
    bounds: dict[str, int]
    proven: list[str]
    more: dict[str, Any]
    mass: str
    slots: dict[str, dict[str, str]]
    calendar: list[dict[str, Any]]
    sittings: list[dict[str, Any]]
    unscheduled: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    conflict: list[dict[str, str]]
    fixed: list[dict[str, str]]
    at_risk: list[dict[str, Any]]
    hints_set_aside: list[str]
    members: dict[str, str]
    child_codes: dict[str, str]

    @classmethod
    def of(cls, view: plans.PlanView) -> "PlanShown":
        """Show a plan."""
        line = PlanLine.model_validate(view.plan).model_dump()
        return cls(
            **line,
            until=view.plan.until,
            seed=view.plan.seed,
            digest=view.plan.digest,
            beside=dict(view.beside),
            bounds=view.plan.bounds,
            proven=view.plan.proven,
            more=view.plan.more,
            mass=view.plan.mass,
            slots={slot: dict(one) for slot, one in view.slots.items()},
            calendar=[dict(one) for one in view.calendar],
            sittings=view.document.get("sittings", []),
            unscheduled=view.document.get("unscheduled", []),
            changes=view.document.get("changes", []),
            conflict=view.document.get("conflict", []),
            fixed=view.plan.fixed,
            at_risk=[dict(one) for one in view.at_risk],
            hints_set_aside=list(view.set_aside),
            members=dict(view.names),
            child_codes=dict(view.codes),
        )


class ReasonView(View):
    """A reason in a code and in words."""

    code: str
    text: str


class SlotWhy(View):
    """What stands against one slot."""

    slot: str
    codes: list[str]
    reasons: list[ReasonView]


class WhyView(View):
    """Why a case is heard when it is, why not earlier, and what would help."""

    case: str
    slot: str | None
    deadline: str
    late_days: int
    slots: list[SlotWhy]
    help: list[ReasonView]


class AcceptedView(View):
    """What accepting a plan did, and what to know before going on."""

    planned: list[str]
    cancelled: list[str]
    listed: list[str]
    taken_off: list[str]
    warnings: list[ReasonView]

    @classmethod
    def of(cls, done: plan_accepting.Done, warnings: list[ReasonView]) -> "AcceptedView":
        """Show what was done."""
        return cls(
            planned=done.planned,
            cancelled=done.cancelled,
            listed=done.listed,
            taken_off=done.taken_off,
            warnings=warnings,
        )


class HoursIn(Strict):
    """From when until when a member is away."""

    kind: BusyKind = BusyKind.LEAVE
    starts_at: AwareDatetime
    ends_at: AwareDatetime

    def to_hours(self) -> Hours:
        """Return the hours."""
        return Hours(self.starts_at, self.ends_at)


class RoomClosed(Strict):
    """A room that cannot be had."""

    room: Room
    starts_at: AwareDatetime
    ends_at: AwareDatetime

    def to_hours(self) -> Hours:
        """Return the hours."""
        return Hours(self.starts_at, self.ends_at)


class HoursView(View):
    """When somebody is away; never why in words."""

    id: str
    kind: str
    starts_at: datetime
    ends_at: datetime


class CalendarIn(Strict):
    """A member's own calendar, as an iCalendar file. Only its hours are kept."""

    ics: Annotated[str, StringConstraints(min_length=1, max_length=1_500_000)]


class AddressIn(Strict):
    """Where one's own calendar can be fetched; empty: not any more."""

    address: Annotated[str, StringConstraints(max_length=1_000)]


class ShareView(View):
    """What one member carried."""

    member_id: str
    name: str
    role: str
    sector: str
    alternate_rank: int
    called: int
    came: int


class NarrowView(View):
    """A sitting that nearly failed."""

    sitting_id: str
    starts_at: datetime
    fewest: int
    needed: int
    lost: bool


class LoadView(View):
    """A panel's year: who carried it, which sittings nearly failed, how often somebody stood in."""

    since: datetime
    sittings: int
    inquorate: int
    stood_in: int
    shares: list[ShareView]
    narrow: list[NarrowView]

    @classmethod
    def of(cls, load: plan_load.Load) -> "LoadView":
        """Show the year."""
        return cls.model_validate(load)


class GroupView(View):
    """Children in one situation: what their own reports recommend, and for which country."""

    situation: str
    children: int


class WaitingView(View):
    """Who could be heard in one exercise, and who is heard apart, by case and reasons."""

    groups: list[GroupView]
    apart: dict[str, list[Apart]]

    @classmethod
    def of(cls, found: mass.Waiting) -> "WaitingView":
        """Show who waits."""
        groups = [GroupView.model_validate(one) for one in found.groups]
        return cls(groups=groups, apart={case: list(why) for case, why in found.apart.items()})


class Asked(View):
    """The plan that was asked for."""

    id: str
