"""Plain numbers and codes for rules, which know no pack.

A service reads the case's pack and hands these on; nothing here decides anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.packs.codes import LimitCode, Priority, Recipient, TriggerCode
from core.packs.models import Pack
from core.packs.sections import Band, QuorumRule
from core.worktime import Limit


@dataclass(frozen=True)
class QuorumNumbers:
    """The quorum in force for one item.

    Args:
        voters: fewest eligible voters present.
        agencies: fewest different agencies among them.
        presiding: whether the chair or a deputy must be among them.
        sectors: fewest voters of a profession.
        countries: fewest voters of a country.
    """

    voters: int
    agencies: int
    presiding: bool
    sectors: Mapping[str, int]
    countries: Mapping[str, int]


def limit_of(pack: Pack, code: str, priority: str, *, occurrence: int = 0) -> Limit:
    """Return how long a limit D1 to D25 is; ``occurrence`` 0 is the first time. Source: DOM-3.2."""
    return pack.limits[LimitCode(code)].for_priority(priority, occurrence)


def recipients(
    pack: Pack, code: str, percent: int, *, cross_border: bool = False
) -> tuple[str, ...]:
    """Return who hears that a share of a limit has passed, in the order of the pack.

    ``cross_border`` adds those who are told in a case between two countries; the counterpart
    country hears only of limits the pack marks for it. Source: DOM-3.2.
    """
    step = next((step for step in pack.escalation if step.percent == percent), None)
    if step is None:
        return ()
    told = [*step.to, *(step.to_cross_border if cross_border else ())]
    if not pack.limits[LimitCode(code)].counterpart:
        told = [one for one in told if one is not Recipient.COUNTERPART]
    return tuple(dict.fromkeys(one.value for one in told))


def escalation_levels(pack: Pack) -> tuple[int, ...]:
    """Return the percentages at which somebody hears of a limit, growing."""
    return tuple(step.percent for step in pack.escalation)


def mandatory_triggers(pack: Pack) -> frozenset[str]:
    """Return the triggers nobody may waive. Source: DOM-R3."""
    return frozenset(code.value for code in TriggerCode if pack.triggers[code].mandatory)


def quorum_of(
    pack: Pack, *, priority: str = Priority.MEDIUM, countries: tuple[str, ...] = ()
) -> QuorumNumbers:
    """Return the quorum for an item: the lighter one of an emergency where the pack has it.

    Args:
        pack: the pack of the case.
        priority: priority of the case at the sitting.
        countries: the countries of a joint panel; each must then be present. Empty otherwise.

    Source: DOM-3.5.
    """
    rule = _rule_for(pack, priority)
    return QuorumNumbers(
        voters=rule.min_present,
        agencies=rule.min_agencies,
        presiding=any(need.roles for need in rule.require),
        sectors=_most((one, need.min) for need in rule.require for one in need.sectors),
        countries=_most(
            (
                *((one, need.min) for need in rule.require for one in need.countries),
                *((one, pack.panel.joint_each_country_min) for one in countries),
            )
        ),
    )


def _rule_for(pack: Pack, priority: str) -> QuorumRule:
    if priority == Priority.EMERGENCY and pack.panel.emergency_quorum is not None:
        return pack.panel.emergency_quorum
    return pack.panel.quorum


def _most(needs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the largest number asked for each; two requirements never weaken one another."""
    found: dict[str, int] = {}
    for kind, least in needs:
        found[kind] = max(least, found.get(kind, 0))
    return found


def age_band(pack: Pack, age_years: int | None) -> str:
    """Return the band an age is counted in, ``18+`` style above the last, ``unknown`` without one.

    Source: DOM-7.2.
    """
    if age_years is None:
        return "unknown"
    last = pack.statistics.bands[-1].to
    return _band(pack.statistics.bands, age_years) or f"{last + 1}+"


def participation_band(pack: Pack, age_years: int) -> str | None:
    """Return the band that says how a child is usually heard; none for an adult. Source: DOM-3.7."""
    return _band(pack.ages.participation, age_years)


def _band(bands: tuple[Band, ...], age_years: int) -> str | None:
    return next((band.code for band in bands if band.start <= age_years <= band.to), None)


def export_priority(pack: Pack, priority: str) -> str:
    """Return a priority in the three levels of other systems. Source: DOM-9."""
    return pack.priorities.export[Priority(priority)].value


def labels(pack: Pack, code_list: str) -> Mapping[str, str]:
    """Return one list of codes with its English labels, for example ``closure_reasons``."""
    found: Mapping[str, str] = getattr(pack.codes, code_list)
    return found


def is_place(pack: Pack, code: str) -> bool:
    """Whether a place code exists in this country."""
    return code in pack.places


def places_within(pack: Pack, code: str) -> frozenset[str]:
    """Return a place and everything inside it; the country code stands for all places."""
    if code == pack.country:
        return frozenset(pack.places)
    return frozenset(one for one in pack.places if one == code or one.startswith(f"{code}-"))


def places_bordering(pack: Pack, country: str) -> frozenset[str]:
    """Return the places on the border with a country."""
    return frozenset(code for code, place in pack.places.items() if country in place.borders)
