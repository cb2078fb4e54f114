"""What officers of a secretariat do with any transfer: begin, write, check, send, say, sign, and see what came."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from cli.border import words
from cli.border.sides import Side
from cli.province.world import Astray, Case

SECONDS: Final = 120
PAUSE: Final = 0.3
PASSES: Final = (
    25.0  # simulated seconds between two looks, so that what waits for a while is tried again
)


@dataclass
class Course:
    """One child's transfer in the demo, as it is shown at the end.

    Args:
        title: what happens, in words.
        sender: the country that asks.
        receiver: the country that is asked.
        ours: id of the transfer in the sender's records.
        theirs: id in the receiver's.
        ref: what both call it.
        notes: what was seen on the way.
    """

    title: str
    sender: Side
    receiver: Side | None
    case: Case
    ours: str = ""
    theirs: str = ""
    ref: str = ""
    notes: list[str] = field(default_factory=list)

    def id_at(self, side: Side) -> str:
        """Return its id in a country's records."""
        return self.ours if side is self.sender else self.theirs


def until(holds: Callable[[], Any], side: Side, what: str) -> Any:
    """Wait until something has arrived; simulated time goes on, so that what failed is tried again.

    Raises:
        Astray: it did not.
    """
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(PAUSE)
        side.world.clock.pass_seconds(PASSES)
    raise Astray(f"{what} did not arrive")


def stands(course: Course, side: Side, state: str) -> None:
    """Wait until a transfer stands in a state on one side's record."""
    path = f"/transfers/{course.id_at(side)}"
    seen: list[str] = [""]

    def there() -> bool:
        seen[0] = side["head"].get(path)["line"]["state"]
        return bool(seen[0] == state)

    until(there, side, f"{course.title}: {state} at {side.name} ({course.ref})")


def begin(course: Course, *, round_: str, kind: str, reason: str, destination: str) -> None:
    """Let the child's worker begin a transfer and give it to an officer of the secretariat."""
    side, case = course.sender, course.case
    body = {
        "destination": destination, "round": round_, "kind": kind, "reason": reason,
        "officer": side["writer"].person_id,
    }  # fmt: skip
    course.ours = case.office["worker"].post(f"{case.path}/transfers", body)["id"]


def write_and_check(course: Course, summary: Any, receiver: str) -> None:
    """Write the summary, let a second officer check it, and find the receiver."""
    side, path = course.sender, f"/transfers/{course.ours}"
    draft = side["writer"].act("PUT", f"{path}/summary", summary)
    if draft["missing"] or draft["unmapped"]:
        raise Astray(f"{course.title}: {draft['missing']} {draft['unmapped']}")
    side["writer"].post(f"{path}/submissions")
    side["second"].post(f"{path}/checks")
    side["second"].act("PUT", f"{path}/receiver", {"installation": receiver})


def send(course: Course, request: dict[str, Any] | None = None) -> None:
    """Let the head sign it; it leaves."""
    side, path = course.sender, f"/transfers/{course.ours}"
    body = {} if request is None else {"request": request}
    side["head"].post(f"{path}/sendings", body)
    course.ref = side["head"].get(path)["line"]["ref"]
    side.world.count("transfers sent")


def arrives(course: Course) -> None:
    """Wait until the other country has it on its board, and let an officer there open and acknowledge it."""
    side = course.receiver
    if side is None:
        raise Astray(f"{course.title}: nobody there")

    def there() -> str:
        board = side["head"].get("/transfers?direction=inbound&limit=200")["items"]
        return next((str(one["id"]) for one in board if one["ref"] == course.ref), "")

    course.theirs = until(there, side, course.title)
    read(course, side)
    say(course, side, "ACK", words.acknowledgement(side["writer"].person_id), signer="second")


def read(course: Course, side: Side) -> list[dict[str, Any]]:
    """Open everything said about a transfer, as an officer does; the other side gets signed receipts of it."""
    found: list[dict[str, Any]] = side["writer"].get(f"/transfers/{course.id_at(side)}/messages")[
        "items"
    ]
    return found


def write(course: Course, side: Side, kind: str, body: dict[str, Any]) -> str:
    """Write a message; nothing is said by it. Returns its id."""
    path = f"/transfers/{course.id_at(side)}/messages"
    return str(side["writer"].post(path, {"type": kind, "body": body})["id"])


def sign(side: Side, message_id: str, signer: str) -> None:
    """Let another officer sign a message: it is said from now on."""
    side[signer].post(f"/messages/{message_id}/signatures")
    side.world.count("messages said")


def say(
    course: Course, side: Side, kind: str, body: dict[str, Any], *, signer: str = "head"
) -> None:
    """Write a message and let another officer sign it."""
    sign(side, write(course, side, kind, body), signer)


def came(course: Course, side: Side, kind: str) -> dict[str, Any]:
    """Wait for a message of the other country and open it."""
    path = f"/transfers/{course.id_at(side)}/messages"

    def there() -> dict[str, Any] | None:
        items = side["writer"].get(path)["items"]
        return next((m for m in items if m["type"] == kind and not m["is_ours"]), None)

    found: dict[str, Any] = until(there, side, f"{course.title}: {kind} at {side.name}")
    return found
