"""Whether enough of the right people are there to decide about one child.

Computed for each item after recusals, and again at every vote and at the decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Gap
from panels.errors import quorum_not_met
from panels.rules.roster import Holder, SeatRole


@dataclass(frozen=True)
class Need:
    """At least ``least`` of those who sit fit every set that is not empty.

    Chair and deputy fit a role in person only: an alternate in their seat votes and does not lead.
    """

    roles: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    least: int = 1

    def fits(self, holder: Holder) -> bool:
        """Whether this person counts towards the need."""
        leads = holder.may_preside or holder.role is SeatRole.MEMBER
        return (
            (not self.roles or (leads and holder.role.value in self.roles))
            and (not self.sectors or holder.sector in self.sectors)
            and (not self.countries or holder.country in self.countries)
        )

    @property
    def code(self) -> str:
        """The gap that says this need is unmet."""
        if self.roles:
            return "presiding_missing"
        return "sector_missing" if self.sectors else "country_missing"

    @property
    def wanted(self) -> str:
        """The codes asked for, for the words of the gap."""
        return ", ".join(sorted(self.roles or self.sectors or self.countries))


@dataclass(frozen=True)
class PanelPart:
    """What one panel of a joint sitting asks for, counted among its own members only."""

    panel: str
    code: str
    rules: "QuorumRules"


@dataclass(frozen=True)
class QuorumRules:
    """What a panel's rules ask for; values come from the country pack or the panel's own rules.

    Args:
        voters: fewest eligible voters present.
        agencies: fewest different agencies among them.
        needs: the required mix: who leads, which professions, each country of a joint panel.
        parts: in a joint sitting, what each of its panels asks for.

    Source: DOM-3.5 (quorum).
    """

    voters: int
    agencies: int
    needs: tuple[Need, ...] = ()
    parts: tuple[PanelPart, ...] = ()


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
    for need in rules.needs:
        present = sum(need.fits(voter) for voter in voters)
        if present < need.least:
            facts: dict[str, str | int] = {
                "wanted": need.wanted,
                "present": present,
                "needed": need.least,
            }
            missing.append(Gap(need.code, facts))
    for part in rules.parts:
        own = quorum([voter for voter in voters if voter.panel == part.panel], part.rules)
        if own.missing:
            missing += [Gap("panel_quorum_missing", {"panel": part.code}), *own.missing]
    return Quorum(tuple(voter.member_id for voter in voters), tuple(missing))


def _short(code: str, present: int, needed: int) -> list[Gap]:
    return [] if present >= needed else [Gap(code, {"present": present, "needed": needed})]


def weaker_than(rules: QuorumRules, floor: QuorumRules) -> tuple[Gap, ...]:
    """Say where a panel's own rules ask for less than its country does.

    Source: DOM-9 (panel size, seats, quorum: local terms of reference, within the national rule).
    """
    pairs = [
        ("voters", rules.voters, floor.voters),
        ("agencies", rules.agencies, floor.agencies),
        *((need.wanted, _least(rules, need), need.least) for need in floor.needs),
    ]
    return tuple(
        Gap("rule_below_country", {"rule": name, "value": value, "least": least})
        for name, value, least in pairs
        if value < least
    )


def _least(rules: QuorumRules, need: Need) -> int:
    same = (need.roles, need.sectors, need.countries)
    return max(
        (n.least for n in rules.needs if (n.roles, n.sectors, n.countries) == same), default=0
    )
