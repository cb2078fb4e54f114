"""The rules of the country that a case follows: the pack version pinned to it."""

from datetime import date

from cases.tables.case_file import CaseRow
from core.packs.lookup import pack_of
from core.packs.models import Pack


def pack_for(row: CaseRow, *, on: date) -> Pack:
    """Return the pack a case follows; a case without a version follows the one in force on ``on``.

    Raises:
        NoPack: the country has no such pack.
    """
    return pack_of(row.country, row.pack_version or None, on=on)
