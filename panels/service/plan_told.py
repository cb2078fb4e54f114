"""A plan as its reader may see it: names for ids in texts, and nothing of cases closed to the reader.

Source: DOM-R14, DOM-2.2.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.rules.access import Level
from cases.service import access, to_hear
from core.accounts.directory import names_of
from core.actors import Actor
from panels.store import member as members


def without(document: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """Return a plan without the cases closed to its reader."""
    found = dict(document)
    for name in ("unscheduled", "changes", "conflict"):
        found[name] = [one for one in document.get(name, ()) if one.get("case") not in hidden]
    found["sittings"] = [
        {**one, "agenda": [item for item in one["agenda"] if item["case"] not in hidden]}
        for one in document["sittings"]
    ]
    return found


def with_names(value: Any, names: Mapping[str, str]) -> Any:
    """Put names in the place of ids, in texts alone; codes and ids stay as they are."""
    if isinstance(value, dict):
        return {
            key: _named(one, names) if key == "text" else with_names(one, names)
            for key, one in value.items()
        }
    return [with_names(one, names) for one in value] if isinstance(value, list) else value


def _named(text: str, names: Mapping[str, str]) -> str:
    for known, name in names.items():
        text = text.replace(known, name)
    return text


def names_of_members(
    session: Session, actor: Actor, instance: Mapping[str, Any], *, now: datetime
) -> dict[str, str]:
    """Return the names of an instance's members by member id; the sector where no name is known."""
    ids = [one["id"] for one in instance["members"]]
    people = {one.member_id: one.person_id for one in members.holders(session, ids)}
    names = names_of(session, actor, set(people.values()), now=now)
    sectors = {one["id"]: str(one["sector"]).replace("_", " ") for one in instance["members"]}
    return {member: names.get(person, sectors[member]) for member, person in people.items()}


def codes_of(
    session: Session, actor: Actor, cases: Sequence[str], *, now: datetime
) -> dict[str, str]:
    """Return the child's code of each case the reader may see a coded row of."""
    found = {}
    for case_id in cases:
        if access.reach_of(session, actor, case_id, now=now).level >= Level.CODED:
            found[case_id] = to_hear.to_hear(session, case_id, now=now).child_code
    return found
