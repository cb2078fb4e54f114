"""Moments as a person at the console reads them: by the clock of their own country, and it says whose clock that is."""

from datetime import datetime

from cli.installation import read_settings
from core.packs.lookup import pack_of


def moment(at: datetime) -> str:
    """Return a moment in this country's time, for example ``2026-03-02 14:00 (Lusaka)``."""
    zone = pack_of(read_settings().country, on=at.date()).calendar().zone
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({place})"
