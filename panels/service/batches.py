"""Many children in one sitting: warnings for the secretary, never a bar.

Source: DOM-3.5 (batch sittings).
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.errors import Gap
from panels.rules.items import batch_warnings
from panels.service.panels import rules_of
from panels.store import item as item_store
from panels.store import sitting as store
from panels.tables.sitting import SittingRow


def batch_warnings_of(session: Session, sitting: SittingRow) -> tuple[Gap, ...]:
    """Warn of too many children in a member's day, or too little time for each.

    Source: DOM-3.5 (batch sittings).
    """
    items = len(item_store.of_sitting(session, sitting.id))
    start = sitting.starts_at.astimezone(ZoneInfo(sitting.timezone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    busiest = item_store.most_items_of_a_member(
        session,
        store.roster(session, sitting.id),
        start=start,
        end=start + timedelta(days=1),
    )
    minutes = (sitting.ends_at - sitting.starts_at) // timedelta(minutes=1)
    limits = rules_of(session, sitting.panel_id, sitting.rules_number).batch
    return batch_warnings(items_today=busiest, minutes=minutes // max(items, 1), limits=limits)
