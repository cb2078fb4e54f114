"""The text of minutes: what a record tells, with the names of colleagues; children by code alone.

Source: DOM-4.5.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.service import steps
from core.accounts.directory import names_of
from core.actors import Actor
from panels.service.plain_texts import plain_text
from panels.store import member as members


def text_of(
    session: Session,
    actor: Actor,
    record: dict[str, Any],
    number: int,
    reason: str,
    *,
    now: datetime,
) -> str:
    """Write the minutes with the names of colleagues; children are named by code alone."""
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
        attendance=record["attendance"],
        events=record["events"],
        items=shown,
        names=names,
        version=number,
        correction_reason=reason,
    )
