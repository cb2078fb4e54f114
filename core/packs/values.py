"""Plain numbers and codes for rules, which know no pack.

A service reads the case's pack and hands these on; nothing here decides anything.
"""

from collections.abc import Mapping

from core.packs.codes import LimitCode, Priority
from core.packs.models import Pack
from core.worktime import Limit


def limit_of(pack: Pack, code: str, priority: str, *, occurrence: int = 0) -> Limit:
    """Return how long a limit D1 to D25 is; ``occurrence`` 0 is the first time. Source: DOM-3.2."""
    return pack.limits[LimitCode(code)].for_priority(priority, occurrence)


def export_priority(pack: Pack, priority: str) -> str:
    """Return a priority in the three levels of other systems. Source: DOM-9."""
    return pack.priorities.export[Priority(priority)].value


def labels(pack: Pack, code_list: str) -> Mapping[str, str]:
    """Return one list of codes with its English labels, for example ``closure_reasons``."""
    found: Mapping[str, str] = getattr(pack.codes, code_list)
    return found


def places_within(pack: Pack, code: str) -> frozenset[str]:
    """Return a place and everything inside it; the country code stands for all places."""
    if code == pack.country:
        return frozenset(pack.places)
    return frozenset(one for one in pack.places if one == code or one.startswith(f"{code}-"))


def places_bordering(pack: Pack, country: str) -> frozenset[str]:
    """Return the places on the border with a country."""
    return frozenset(code for code, place in pack.places.items() if country in place.borders)
