"""Who is behind an id: names of colleagues for screens and minutes, addresses for notices. Every look is audited."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from core import audit, vault
from core.accounts import store
from core.accounts.people import Contact, contact_of
from core.accounts.system import OPERATOR_ID
from core.actors import PROCEDURE_ID, Actor


def names_of(
    session: Session, actor: Actor, person_ids: Iterable[str], *, now: datetime
) -> dict[str, str]:
    """Return display names by person id; machines have the name of their token.

    Ids that belong to nobody, to another country or to an erased person are left out.
    """
    wanted = set(person_ids)
    names = {PROCEDURE_ID: "BID", OPERATOR_ID: "Console"}
    found = {key: names[key] for key in wanted & names.keys()}
    found |= {key: contact.name for key, contact in _contacts(session, actor, wanted).items()}
    found |= store.machine_names(session, wanted - found.keys())
    audit.record(
        session, actor, "person.names_read", thing="person", thing_id="directory",
        codes={"count": len(found)}, now=now,
    )  # fmt: skip
    return found


def contacts_of(
    session: Session, actor: Actor, person_ids: Iterable[str], *, now: datetime
) -> dict[str, Contact]:
    """Return names and addresses by person id, for whoever delivers a notice; each person audited."""
    found = _contacts(session, actor, set(person_ids))
    for person_id in sorted(found):
        audit.record(
            session, actor, "person.contact_read", thing="person", thing_id=person_id,
            fields=("email", "name", "phone"), now=now,
        )  # fmt: skip
    return found


def _contacts(session: Session, actor: Actor, wanted: set[str]) -> dict[str, Contact]:
    found = {}
    for person in store.persons(session, wanted):
        if person.country != actor.country:
            continue
        try:
            found[person.id] = contact_of(session, person)
        except vault.Erased:
            continue
    return found
