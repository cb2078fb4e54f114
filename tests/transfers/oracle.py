"""What a partner's state should be after a list of acts, worked out from the whole story instead of step by step.

Written from the text of the protocol and without looking at the rules: the last decisive act counts, and whoever
spoke since decides whether it was two.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Said(NamedTuple):
    """One thing somebody tried to do."""

    act: str
    who: str
    way: str = ""


def story(tries: Sequence[Said]) -> tuple[str, list[bool]]:
    """Return the state a proposal ends in, and which of the tries counted."""
    counted: list[bool] = []
    for index in range(len(tries)):
        before = [tries[i] for i in range(index) if counted[i]]
        counted.append(_counts(tries[index], before))
    return _state([one for one, good in zip(tries, counted, strict=True) if good]), counted


def _state(done: Sequence[Said]) -> str:
    ended = "".join(_letter(index, done) for index in range(len(done)))
    if "X" in ended:
        return "revoked"
    decisive = ended.replace("h", "")
    if not decisive:
        return "half_confirmed" if any(one.act == "confirm" for one in done) else "proposed"
    return "suspended" if decisive[-1] == "s" else "active"


def _letter(index: int, done: Sequence[Said]) -> str:
    """What an act that counted amounted to: h a half, a active, s suspended, X the end."""
    one = done[index]
    if one.act == "suspend":
        return "s"
    if one.act == "revoke" and _never_active(done[:index]):
        return "X"
    alike = 0
    for earlier in reversed(done[:index]):
        if earlier.act != one.act:
            break
        alike += 1
    if alike % 2 == 0:
        return "h"
    return "X" if one.act == "revoke" else "a"


def _never_active(done: Sequence[Said]) -> bool:
    return sum(one.act == "confirm" for one in done) < 2


def _counts(now: Said, done: Sequence[Said]) -> bool:
    state = _state(done)
    where = {
        "confirm": {"proposed", "half_confirmed"},
        "suspend": {"active"},
        "resume": {"suspended"},
        "revoke": {"proposed", "half_confirmed", "suspended"},
    }
    if state not in where[now.act]:
        return False
    if now.act == "suspend" or (now.act == "revoke" and state != "suspended"):
        return True
    last = done[-1] if done else None
    is_second = last is not None and last.act == now.act
    if not is_second or last is None:
        return True
    return last.who != now.who and (now.act != "confirm" or last.way != now.way)
