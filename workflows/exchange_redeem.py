"""Redeeming a partner's grant: ask for its package, fetch it, and ask again for the same one after a broken line.

Source: EXP-9, EXP-TT52.
"""

from collections.abc import Callable
from typing import Any

from transfers.service import grants_held
from transfers.service.grants_held import ToRedeem
from workflows.exchange_line import Line, LineDown


def redeem(
    line: Line,
    grant: ToRedeem,
    *,
    unit: Callable[[Callable[..., Any]], Any],
    fetch: Callable[[Any, Any], bool],
    chance: Callable[[], float],
) -> None:
    """Redeem one grant and note what became of it.

    Args:
        line: to the partner that gave it.
        grant: what to show.
        unit: does an act in a unit of work of its own.
        fetch: takes delivery and box, fetches the parts, and says whether all of it is here.
        chance: spreads tries.

    Raises:
        LineDown: the line broke; the grant is tried again.
    """

    def failed(code: str) -> None:
        unit(
            lambda session, now: grants_held.note_failure(
                session, grant.id, code, chance=chance(), now=now
            )
        )

    try:
        reply = line.post("/grants/redeem", grant=grant.token)
        if reply.is_good:
            is_here = fetch(reply.body.get("delivery"), reply.body.get("keys"))
            failed("to-be-opened" if is_here else "not-fetched")
        elif reply.code == "grant-refused":
            unit(lambda session, now: grants_held.note_refused(session, grant.id, now=now))
        else:
            failed(reply.code)
    except LineDown as error:
        failed(str(error))
        raise
