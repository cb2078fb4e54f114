"""Who may move a case to newer rules of its country, and on which condition.

What differs is found by ``core.packs.differences``; here is only what the act needs.

Source: DOM-9.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from core.actors import Actor, Role
from core.errors import Answer, Gap, NotAllowed, answer

MAY_MOVE: Final = frozenset({Role.SUPERVISOR, Role.SECRETARIAT, Role.SECRETARIAT_HEAD})


def require_mover(actor: Actor, *, office: str, country: str) -> None:
    """Refuse anybody but a supervisor or the secretariat of this office or country.

    Raises:
        NotAllowed: for every other role and for machines.
    """
    own = any(actor.has_in((role,), office=office, country=country) for role in MAY_MOVE)
    if not actor.is_human or not own:
        raise NotAllowed("pack_move_role")


def fingerprint(lines: Iterable[str]) -> str:
    """Return what stands for a difference that was shown, so that the same one is agreed to."""
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def may_move(*, current: int, wanted: int, shown: str, actual: str) -> Answer:
    """Answer whether a case may follow another version of its country's rules.

    Only a newer one, and only by somebody who was shown exactly this difference.

    Args:
        current: version the case follows.
        wanted: version asked for.
        shown: fingerprint of the difference the officer was shown.
        actual: fingerprint of the difference as it is now.
    """
    return answer(
        "move_pack",
        (
            Gap("pack_not_newer", {"current": current}) if wanted <= current else None,
            Gap("pack_difference_not_shown") if shown != actual else None,
        ),
    )
