"""The ten districts of the province and the seats of their panels: real place codes, everything else invented."""

from dataclasses import dataclass
from typing import Final

COUNTRY: Final = "ZM"
TIMEZONE: Final = "Africa/Lusaka"


@dataclass(frozen=True)
class District:
    """A district with one office and one panel.

    Args:
        code: place code of the country pack.
        short: for sign-in names.
        panel: invented name of the panel.
        neighbour: country across the nearest border.
    """

    code: str
    short: str
    panel: str
    neighbour: str


DISTRICTS: Final = (
    District("ZM-07-LIV", "liv", "Panel of the Four Ferries", "ZW"),
    District("ZM-07-KAZ", "kaz", "Panel of the River Crossing", "NA"),
    District("ZM-07-CHI", "chi", "Panel of the Escarpment", "ZW"),
    District("ZM-07-SIA", "sia", "Panel of the Lake Shore", "ZW"),
    District("ZM-07-SIN", "sin", "Panel of the Fishing Camps", "ZW"),
    District("ZM-07-GWE", "gwe", "Panel of the Valley Road", "ZW"),
    District("ZM-07-ZIM", "zim", "Panel of the Teak Forest", "ZW"),
    District("ZM-07-KAL", "kal", "Panel of the Long Plain", "ZW"),
    District("ZM-07-CHO", "cho", "Panel of the Market Hill", "ZW"),
    District("ZM-07-MON", "mon", "Panel of the Rain Shrine", "ZW"),
)


@dataclass(frozen=True)
class Chair:
    """One seat of a district panel: who sits there is named by ``key``."""

    key: str
    role: str
    agency: str
    sector: str


SEATS: Final = (
    Chair("chair", "chair", "social_welfare_office", "social_welfare"),
    Chair("deputy", "deputy", "district_hospital", "health"),
    Chair("council", "member", "community_council", "social_welfare"),
    Chair("police", "member", "victim_support_unit", "police"),
    Chair("school", "member", "education_board", "education"),
)


CHILDREN_FOR_EACH: Final = 6
ALL_FROM: Final = 20  # children


def districts_for(children: int) -> tuple[District, ...]:
    """Return the districts of a demo: all ten from twenty children on, fewer for a small one."""
    few = max(2, children // CHILDREN_FOR_EACH)
    return DISTRICTS if children >= ALL_FROM else DISTRICTS[:few]
