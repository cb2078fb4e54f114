"""The text of minutes: what a record tells, with the names of colleagues; children by code alone.

Source: DOM-4.5.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.service import steps
from core.accounts.directory import names_of
from core.actors import Actor
from panels.service.plain_texts import plain_text
from panels.store import member as members
from panels.store import panel as panels


def text_of(
    session: Session,
    actor: Actor,
    record: dict[str, Any],
    number: int,
    reason: str,
    *,
    now: datetime,
) -> str:
    """Write the minutes with the names of colleagues; children are named by code alone.

    Hours are those of the sitting's own time zone, as its members read them on the wall.
    """
    panel = panels.find(session, record["sitting"]["panel"])
    zone = ZoneInfo(record["sitting"]["timezone"])
    people = {
        holder.member_id: holder.person_id for holder in members.holders(session, record["roster"])
    }
    persons = {one["person"] for one in record["events"]} | set(people.values())
    known = names_of(session, actor, persons, now=now)
    names = known | {member: known.get(person, person) for member, person in people.items()}
    shown = [
        {
            **one,
            "child_code": steps.lock(session, one["case"]).child_code,
            "votes": [vote for held in one["rounds"] for vote in held["votes"]],
            "quorum": [log for log in record["quorum"] if log["item"] == one["id"]],
        }
        for one in record["items"]
    ]
    return plain_text(
        "panels/minutes.txt.j2",
        sitting=record["sitting"],
        panel=panel.name if panel else record["sitting"]["panel"],
        hour=lambda stamped: _hour(stamped, zone),
        attendance=record["attendance"],
        events=record["events"],
        items=shown,
        names=names,
        version=number,
        correction_reason=reason,
    )


def _hour(stamped: str, zone: ZoneInfo) -> str:
    """Write a stamp of the record as a day and an hour on the wall; nothing stays nothing."""
    return f"{datetime.fromisoformat(stamped).astimezone(zone):%Y-%m-%d %H:%M}" if stamped else ""
