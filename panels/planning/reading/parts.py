"""The parts of an instance, one reader each: shapes only, no look at other parts."""

from typing import Any, Final

from panels.planning.reading import shapes
from panels.planning.reading.instance import (
    NUMBERS,
    Case,
    Half,
    Holiday,
    Interpreter,
    Member,
    Override,
    OverrideKind,
    Panel,
    Placed,
    Policy,
    PreviousSitting,
    Priority,
    QuorumRule,
    Requirement,
    Room,
    Slot,
)
from panels.planning.reading.shapes import each, each_once, instant, record, text, whole

MOST_MINUTES: Final = 100_000
MOST_PEOPLE: Final = 1_000
DEFAULTS: Final = {
    "sitting_cost": 10,
    "member_cost": 1,
    "interpreter_cost": 1,
    "travel_minutes_per_cost": 60,
}
ROLES: Final = ("chair", "deputy", "member")
NEEDS: Final = {
    OverrideKind.CASE_SLOT: ("case", "slot"),
    OverrideKind.SLOT_CLOSED: ("slot",),
    OverrideKind.SLOT_OPEN: ("slot",),
    OverrideKind.MEMBER_IN: ("slot", "member"),
    OverrideKind.MEMBER_OUT: ("slot", "member"),
}


def priorities(value: Any, path: str) -> dict[str, Priority]:
    """Read the priorities by name; without any, no case can have one."""
    if not isinstance(value, dict):
        shapes.refuse(path, "not_an_object")
    if not value:
        shapes.refuse(path, "empty")
    found = {}
    for name, one in value.items():
        here = f"{path}/{text(name, path)}"
        given = record(one, here, ("weight", "notice_hours"))
        weight = whole(given["weight"], f"{here}/weight")
        found[name] = Priority(weight, shapes.hours(given["notice_hours"], f"{here}/notice_hours"))
    return found


def policy(value: Any, path: str) -> Policy:
    """Read what counts as cost; the six numbers must stand in their order exactly once."""
    given = record(value, path, (), (*DEFAULTS, "objective_order"))
    numbers = {
        name: whole(given.get(name, usual), f"{path}/{name}", int(name.startswith("travel")))
        for name, usual in DEFAULTS.items()
    }
    here = f"{path}/objective_order"
    order = each_once(given.get("objective_order", list(NUMBERS)), here, shapes.one_of(NUMBERS))
    if len(order) != len(NUMBERS):
        shapes.refuse(here, "order_incomplete", words=", ".join(NUMBERS))
    return Policy(**numbers, objective_order=order)


def holiday(value: Any, path: str) -> Holiday:
    """Read one holiday."""
    given = record(value, path, ("country", "date"), ("name",))
    return Holiday(
        text(given["country"], f"{path}/country"),
        shapes.day(given["date"], f"{path}/date"),
        text(given["name"], f"{path}/name") if given.get("name") else "",
    )


def district(value: Any, path: str) -> str:
    """Read the id of a district; its country is looked at and not needed."""
    given = record(value, path, ("id",), ("country",))
    if "country" in given:
        text(given["country"], f"{path}/country")
    return text(given["id"], f"{path}/id")


def journey(value: Any, path: str) -> tuple[str, str, int]:
    """Read the minutes between two districts."""
    given = record(value, path, ("from", "to", "minutes"))
    return (
        text(given["from"], f"{path}/from"),
        text(given["to"], f"{path}/to"),
        whole(given["minutes"], f"{path}/minutes", 0, MOST_MINUTES),
    )


def resource(value: Any, path: str) -> tuple[str, int]:
    """Read how many sittings may use something at once."""
    given = record(value, path, ("id", "capacity"))
    return text(given["id"], f"{path}/id"), whole(given["capacity"], f"{path}/capacity")


def room(value: Any, path: str) -> Room:
    """Read one room."""
    given = record(value, path, ("id", "district"), ("unavailable",))
    return Room(
        text(given["id"], f"{path}/id"),
        text(given["district"], f"{path}/district"),
        each(given.get("unavailable", []), f"{path}/unavailable", shapes.span),
    )


def quorum_rule(value: Any, path: str) -> QuorumRule:
    """Read one quorum rule; a rule that lets nobody decide is refused."""
    given = record(value, path, ("min_present",), ("min_agencies", "require"))
    return QuorumRule(
        whole(given["min_present"], f"{path}/min_present", 1, MOST_PEOPLE),
        whole(given.get("min_agencies", 0), f"{path}/min_agencies", 0, MOST_PEOPLE),
        each(given.get("require", []), f"{path}/require", requirement, 50),
    )


def requirement(value: Any, path: str) -> Requirement:
    """Read one requirement of a quorum rule."""
    given = record(value, path, ("min",), ("roles", "sectors", "countries"))
    return Requirement(
        frozenset(each(given.get("roles") or [], f"{path}/roles", shapes.one_of(ROLES))),
        frozenset(each(given.get("sectors") or [], f"{path}/sectors", text)),
        frozenset(each(given.get("countries") or [], f"{path}/countries", text)),
        whole(given["min"], f"{path}/min", 0, MOST_PEOPLE),
    )


def panel(value: Any, path: str) -> Panel:
    """Read one panel."""
    needed = ("id", "district", "countries", "rooms", "max_cases_per_sitting", "quorum")
    given = record(value, path, needed, ("remote", "resources", "overhead_min", "batch_setup_min"))
    rules = given["quorum"]
    if not isinstance(rules, dict) or "default" not in rules:
        shapes.refuse(f"{path}/quorum/default", "missing")
    return Panel(
        id=text(given["id"], f"{path}/id"),
        district=text(given["district"], f"{path}/district"),
        countries=each_once(given["countries"], f"{path}/countries", text),
        remote=shapes.truth(given.get("remote", False), f"{path}/remote"),
        rooms=each_once(given["rooms"], f"{path}/rooms", text),
        resources=each_once(given.get("resources", []), f"{path}/resources", text),
        overhead_min=whole(given.get("overhead_min", 0), f"{path}/overhead_min", 0, MOST_MINUTES),
        batch_setup_min=whole(
            given.get("batch_setup_min", 0), f"{path}/batch_setup_min", 0, MOST_MINUTES
        ),
        max_cases_per_sitting=whole(
            given["max_cases_per_sitting"], f"{path}/max_cases_per_sitting", 0, 10_000
        ),
        quorum={name: quorum_rule(rule, f"{path}/quorum/{name}") for name, rule in rules.items()},
    )


def slot(value: Any, path: str) -> Slot:
    """Read one slot."""
    given = record(value, path, ("id", "panel", "start", "end"))
    span = shapes.ordered(
        instant(given["start"], f"{path}/start"), instant(given["end"], f"{path}/end"), path
    )
    found = text(given["id"], f"{path}/id"), text(given["panel"], f"{path}/panel")
    return Slot(*found, span.start, span.end)


def member(value: Any, path: str) -> Member:
    """Read one member."""
    needed = ("id", "sector", "agency", "roles", "country", "home", "panels", "seat")
    optional = ("unavailable", "max_sittings_per_week", "prior_sittings")
    given = record(value, path, needed, optional)
    return Member(
        id=text(given["id"], f"{path}/id"),
        sector=text(given["sector"], f"{path}/sector"),
        agency=text(given["agency"], f"{path}/agency"),
        roles=frozenset(each(given["roles"], f"{path}/roles", shapes.one_of(ROLES))),
        country=text(given["country"], f"{path}/country"),
        home=text(given["home"], f"{path}/home"),
        panels=frozenset(each(given["panels"], f"{path}/panels", text)),
        seat=text(given["seat"], f"{path}/seat"),
        unavailable=each(given.get("unavailable", []), f"{path}/unavailable", shapes.span),
        max_sittings_per_week=whole(
            given.get("max_sittings_per_week", 99), f"{path}/max_sittings_per_week", 0, 1_000
        ),
        prior_sittings=whole(given.get("prior_sittings", 0), f"{path}/prior_sittings", 0, 100_000),
    )


def interpreter(value: Any, path: str) -> Interpreter:
    """Read one interpreter."""
    optional = ("remote", "panels", "unavailable", "max_sittings_per_week")
    given = record(value, path, ("id", "languages", "home"), optional)
    panels = given.get("panels")
    return Interpreter(
        id=text(given["id"], f"{path}/id"),
        languages=frozenset(each(given["languages"], f"{path}/languages", text)),
        home=text(given["home"], f"{path}/home"),
        remote=shapes.truth(given.get("remote", False), f"{path}/remote"),
        panels=None if panels is None else frozenset(each(panels, f"{path}/panels", text)),
        unavailable=each(given.get("unavailable", []), f"{path}/unavailable", shapes.span),
        max_sittings_per_week=whole(
            given.get("max_sittings_per_week", 99), f"{path}/max_sittings_per_week", 0, 1_000
        ),
    )


def case(value: Any, path: str) -> Case:
    """Read one case."""
    needed = ("id", "panels", "priority", "released", "deadline", "minutes")
    given = record(value, path, needed, ("language", "group", "batch", "recused", "attendance"))
    panels = frozenset(each(given["panels"], f"{path}/panels", text))
    if not panels:
        shapes.refuse(f"{path}/panels", "empty")
    cannot, prefer = attendance(given.get("attendance"), f"{path}/attendance")
    return Case(
        id=text(given["id"], f"{path}/id"),
        panels=panels,
        priority=text(given["priority"], f"{path}/priority"),
        released=instant(given["released"], f"{path}/released"),
        deadline=instant(given["deadline"], f"{path}/deadline"),
        minutes=whole(given["minutes"], f"{path}/minutes", 1, MOST_MINUTES),
        language=_or_none(given.get("language"), f"{path}/language"),
        group=_or_none(given.get("group"), f"{path}/group"),
        batch=_or_none(given.get("batch"), f"{path}/batch"),
        recused=dict(each(given.get("recused") or [], f"{path}/recused", recusal, MOST_PEOPLE)),
        cannot=cannot,
        prefer=prefer,
    )


def _or_none(value: Any, path: str) -> str | None:
    return None if value is None else text(value, path)


def recusal(value: Any, path: str) -> tuple[str, str]:
    """Read who may not vote on a case, and why."""
    given = record(value, path, ("member",), ("reason",))
    reason = text(given["reason"], f"{path}/reason") if given.get("reason") else ""
    return text(given["member"], f"{path}/member"), reason


def attendance(value: Any, path: str) -> tuple[tuple[Any, ...], frozenset[Half]]:
    """Read when a family cannot come and which half of the day it prefers."""
    if value is None:
        return (), frozenset()
    given = record(value, path, (), ("cannot", "prefer"))
    cannot = each(given.get("cannot") or [], f"{path}/cannot", shapes.span)
    halves = shapes.one_of([half.value for half in Half])
    prefer = each(given.get("prefer") or [], f"{path}/prefer", halves)
    return cannot, frozenset(Half(word) for word in prefer)


def previous_sitting(value: Any, path: str) -> PreviousSitting:
    """Read one sitting of the plan in force."""
    given = record(value, path, ("slot", "cases"), ("members",))
    return PreviousSitting(
        text(given["slot"], f"{path}/slot"),
        each_once(given.get("members", []), f"{path}/members", text),
        each(given["cases"], f"{path}/cases", placed),
    )


def placed(value: Any, path: str) -> Placed:
    """Read one case of the plan in force."""
    given = record(value, path, ("case",), ("notified",))
    notified = shapes.truth(given.get("notified", False), f"{path}/notified")
    return Placed(text(given["case"], f"{path}/case"), notified)


def override(value: Any, path: str) -> Override:
    """Read something a person fixed by hand."""
    if not isinstance(value, dict):
        shapes.refuse(path, "not_an_object")
    word = shapes.one_of([kind.value for kind in OverrideKind])(value.get("type"), f"{path}/type")
    kind = OverrideKind(word)
    given = record(value, path, ("type", *NEEDS[kind]))
    names = {name: text(given[name], f"{path}/{name}") for name in NEEDS[kind]}
    return Override(kind, **names)
