"""Whether enough of the right people are there to decide about one child.

Computed for each item after recusals, and again at every vote and at the decision.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import Gap, Incomplete
from panels.errors import quorum_not_met
from panels.rules.roster import Holder


@dataclass(frozen=True)
class QuorumRules:
    """What a panel's rules ask for; values come from the country pack or the panel's own rules.

    Args:
        voters: fewest eligible voters present.
        agencies: fewest different agencies among them.
        presiding: whether the chair or a deputy must be among them.
        sectors: fewest voters of a profession, for example one of social welfare.
        countries: fewest voters of each country; filled for joint panels only.

    Source: DOM-3.5 (quorum).
    """

    voters: int
    agencies: int
    presiding: bool = True
    sectors: Mapping[str, int] = field(default_factory=dict)
    countries: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Quorum:
    """The answer for one item at one moment: who counts and what is missing."""

    eligible: tuple[str, ...]
    missing: tuple[Gap, ...]

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def require(self) -> None:
        """Refuse unless nothing is missing.

        Raises:
            QuorumNotMet: with one gap for each unmet requirement.
        """
        if self.missing:
            raise quorum_not_met(self.missing)


def quorum(voters: Sequence[Holder], rules: QuorumRules) -> Quorum:
    """Count those who sit for an item against the panel's rules.

    Args:
        voters: the people who sit, one for each seat, after recusals (see ``roster.seated``).
        rules: the panel's rules in the version the sitting was convened under.

    Source: DOM-R17, DOM-3.5.
    """
    missing = [
        *_short("voters_missing", len(voters), rules.voters),
        *_short("agencies_missing", len({voter.agency for voter in voters}), rules.agencies),
    ]
    if rules.presiding and not any(voter.may_preside for voter in voters):
        missing.append(Gap("presiding_missing"))
    missing += _mix("sector_missing", "sector", Counter(v.sector for v in voters), rules.sectors)
    missing += _mix(
        "country_missing", "country", Counter(v.country for v in voters), rules.countries
    )
    return Quorum(tuple(voter.member_id for voter in voters), tuple(missing))


def _short(code: str, present: int, needed: int) -> list[Gap]:
    return [] if present >= needed else [Gap(code, {"present": present, "needed": needed})]


def _mix(code: str, name: str, counted: Counter[str], needed: Mapping[str, int]) -> list[Gap]:
    return [
        Gap(code, {name: kind, "present": counted[kind], "needed": least})
        for kind, least in sorted(needed.items())
        if counted[kind] < least
    ]


def weaker_than(rules: QuorumRules, floor: QuorumRules) -> tuple[Gap, ...]:
    """Say where a panel's own rules ask for less than its country does.

    Source: DOM-9 (panel size, seats, quorum: local terms of reference, within the national rule).
    """
    pairs = [
        ("voters", rules.voters, floor.voters),
        ("agencies", rules.agencies, floor.agencies),
        ("presiding", int(rules.presiding), int(floor.presiding)),
        *(("sector", rules.sectors.get(k, 0), v) for k, v in sorted(floor.sectors.items())),
        *(("country", rules.countries.get(k, 0), v) for k, v in sorted(floor.countries.items())),
    ]
    return tuple(
        Gap("rule_below_country", {"rule": name, "value": value, "least": least})
        for name, value, least in pairs
        if value < least
    )


def require_not_weaker(rules: QuorumRules, floor: QuorumRules) -> None:
    """Refuse rules below those of the country.

    Raises:
        Incomplete: naming every value that is too low.
    """
    gaps = weaker_than(rules, floor)
    if gaps:
        raise Incomplete("set_panel_rules", gaps)
