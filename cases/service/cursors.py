"""Opaque cursors of lists that are ordered by a moment and an id."""

import base64
import re
from datetime import UTC, datetime
from typing import Final

from core.errors import BadInput

SEPARATOR: Final = "|"
_ROW_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")


def write_cursor(at: datetime, row_id: str) -> str:
    """Return the cursor that leads to what comes after this row."""
    text = SEPARATOR.join((at.isoformat(), row_id))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """Return the moment and id a cursor stands for.

    Raises:
        BadInput: the cursor is not one of ours.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        written, row_id = text.split(SEPARATOR)
        at = datetime.fromisoformat(written)
        if at.tzinfo is None or not _ROW_ID.fullmatch(row_id):
            raise BadInput(pointer="/query/cursor", code="not_a_cursor")
        return at.astimezone(UTC), row_id
    except (ValueError, OverflowError) as error:  # overflow: past an end of the calendar
        raise BadInput(pointer="/query/cursor", code="not_a_cursor") from error
