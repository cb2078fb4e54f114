"""The eight kinds of section 7. A size of 1 is the kind's own; less makes it small enough for a test."""

from collections.abc import Callable
from typing import Any, Final

from benchmarks.instances.country import LANGUAGES, Making, neighbours

URGENT: Final = {"emergency": 10, "urgent": 55, "standard": 30, "review": 5}
MASS: Final = {"urgent": 5, "standard": 45, "review": 50}


def district_month(seed: int, size: float = 1) -> dict[str, Any]:
    """One district, five weeks, 12 cases."""
    return _district("district-month", seed, weeks=5, cases=max(3, round(12 * size)))


def district_quarter(seed: int, size: float = 1) -> dict[str, Any]:
    """One district, a quarter, 36 cases."""
    return _district("district-quarter", seed, weeks=13, cases=max(4, round(36 * size)))


def overloaded(seed: int, size: float = 1) -> dict[str, Any]:
    """One district that hears once a week while its urgent cases come in faster than that."""
    making = Making("overloaded", seed, weeks=11, arrivals=5)
    (home,) = making.add_districts(1)
    making.add_holidays("ZM", 1)
    making.add_panel("P0", home, max_cases_per_sitting=8)
    making.add_slots("P0", (1,), (0,))
    members = making.add_members("P0", [home], 6, per_week=1)
    making.add_interpreters(3, [home], None)
    making.add_cases(max(4, round(44 * size)), ["P0"], mix=URGENT, members=members)
    return making.document()


def region(seed: int, size: float = 1) -> dict[str, Any]:
    """Ten districts and a quarter; interpreters and a few cases are shared."""
    return _region("region", seed, size, interpreters=14, foreign=0.2)


def scarce_interpreters(seed: int, size: float = 1) -> dict[str, Any]:
    """A region in which three of ten cases need one of few interpreters."""
    return _region("scarce-interpreters", seed, size, interpreters=6, foreign=0.35)


def cross_border(seed: int, size: float = 1) -> dict[str, Any]:
    """Three panels of two countries each, by video over a bridge they share."""
    making = Making("cross-border", seed, weeks=8)
    home = making.add_districts(3)
    away = making.add_districts(3, "CD")
    making.add_holidays("ZM", 2)
    making.add_holidays("CD", 2)
    making.parts["resources"].append({"id": "bridge", "capacity": 1})
    making.add_interpreters(5, home, None)
    for number in range(3):
        name = f"P{number}"
        panel = making.add_panel(
            name, home[number], countries=["ZM", "CD"], remote=number > 0, resources=["bridge"]
        )
        panel["quorum"]["default"]["require"] += [
            {"countries": ["ZM"], "min": 1},
            {"countries": ["CD"], "min": 1},
        ]
        making.add_slots(name, (0, 2, 4))
        members = making.add_members(name, [home[number]], 6)
        for one in making.parts["members"][-len(members) :]:
            if one["seat"][-1] in "35":
                one["country"], one["home"] = "CD", away[number]
        making.add_cases(max(3, round(18 * size)), [name], members=members, foreign=0.5)
    return making.document()


def mass(seed: int, size: float = 1) -> dict[str, Any]:
    """One site, five panels side by side, 4,215 children along their routes."""
    count = max(40, round(4_215 * size))
    making = Making("mass", seed, weeks=max(3, round(10 * size**0.5)))
    (site,) = making.add_districts(1)
    making.add_holidays("ZM", 1)
    names = [f"P{number}" for number in range(5)]
    making.parts["rooms"] += [
        {"id": f"Hall-{n}", "district": site, "unavailable": []} for n in range(5)
    ]
    making.add_interpreters(16, [site], None, per_week=10)
    for name in names:
        panel = making.add_panel(
            name, site, batch_setup_min=10, overhead_min=10, max_cases_per_sitting=24
        )
        panel["rooms"] = [f"Hall-{number}" for number in range(5)]
        making.add_slots(name, range(5))
        making.add_members(name, [site], 5, per_week=9, often=0.02)
    routes = [f"route-{number:02}" for number in range(max(4, round(28 * size**0.5)))]
    spoken = {route: making.chance.choice((None, None, *LANGUAGES[:4])) for route in routes}
    making.add_cases(count, names, mix=MASS, foreign=0)
    for case in making.parts["cases"]:
        chosen = making.chance.choice(routes)
        if case["group"] is not None:
            chosen = routes[int(case["group"][1:]) % len(routes)]
        case["batch"], case["language"] = chosen, spoken[chosen]
        case["minutes"] = making.chance.choice((10, 15, 15, 20))
    return making.document()


def nation(seed: int, size: float = 1) -> dict[str, Any]:
    """Forty districts, a quarter, 10,000 cases."""
    making = Making("nation", seed, weeks=13)
    districts = making.add_districts(max(3, round(40 * size)))
    making.add_holidays("ZM", 3)
    each = max(4, round(250 * size**0.5))
    for number, district in enumerate(districts):
        name = f"P{number:02}"
        making.add_panel(name, district)
        making.add_slots(name, range(5))
        members = making.add_members(name, list(neighbours(districts, number)), 6, per_week=5)
        making.add_cases(each, [name], members=members)
        if number % 4 == 0:
            panels = [f"P{n:02}" for n in range(number, min(number + 4, len(districts)))]
            making.add_interpreters(8, districts[number : number + 4], panels, per_week=5)
    return making.document()


def _district(name: str, seed: int, *, weeks: int, cases: int) -> dict[str, Any]:
    making = Making(name, seed, weeks=weeks)
    homes = making.add_districts(2)
    making.add_holidays("ZM", 2)
    making.add_panel("P0", homes[0])
    making.add_slots("P0", (1, 2, 4))
    members = making.add_members("P0", homes, 6)
    making.add_interpreters(3, homes, None)
    making.add_cases(cases, ["P0"], members=members)
    return making.document()


def _region(
    name: str, seed: int, size: float, *, interpreters: int, foreign: float
) -> dict[str, Any]:
    making = Making(name, seed, weeks=13 if size > 0.5 else 6)
    count = max(2, round(10 * size))
    districts = making.add_districts(count)
    making.add_holidays("ZM", 3)
    making.parts["resources"].append({"id": "bridge", "capacity": 2})
    making.add_interpreters(interpreters, districts, None)
    for number, district in enumerate(districts):
        panel = f"P{number}"
        remote = number % 5 == 4
        making.add_panel(panel, district, remote=remote, resources=["bridge"] if remote else [])
        making.add_slots(panel, (0, 1, 3) if number % 2 else (1, 2, 4))
        members = making.add_members(panel, list(neighbours(districts, number)), 6)
        share = [panel, f"P{number - 1}"]
        cases = making.chance.randint(36, 42) if size > 0.5 else making.chance.randint(4, 9)
        making.add_cases(cases, [panel], members=members, foreign=foreign)
        if number % 3 == 1:
            making.add_cases(1, share, members=members, foreign=foreign)
    for one in making.parts["members"]:
        if one["id"].endswith("M4b") and len(one["panels"]) == 1:
            other = (int(one["panels"][0][1:]) + 1) % count
            one["panels"] = sorted({*one["panels"], f"P{other}"})
    return making.document()


KINDS: Final[dict[str, Callable[[int, float], dict[str, Any]]]] = {
    "district-month": district_month,
    "district-quarter": district_quarter,
    "overloaded": overloaded,
    "region": region,
    "scarce-interpreters": scarce_interpreters,
    "cross-border": cross_border,
    "mass": mass,
    "nation": nation,
}
