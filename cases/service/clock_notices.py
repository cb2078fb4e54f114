"""Telling people that a limit is passing: ids and codes into the outbox, once by key.

The message for the first recipient has the key ``reminder:<deadline>:<level>``; copies for the others
add who they are for.

Source: DOM-3.2, DOM-R41.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.clocks import ClockCode, Recipient, Rung, recipients
from cases.tables.case_file import CaseRow
from cases.tables.clock import DeadlineRow
from core import outbox
from core.actors import Role
from core.packs.codes import LimitCode
from core.packs.models import Pack

Payload = Mapping[str, str | int | bool | None]
TOPIC: Final = "deadline.reached"
# Chairs belong to panels, which a clock does not know: the coordinator hears too and passes it on.
_ROLES: Final[dict[Recipient, tuple[Role, ...]]] = {
    Recipient.SECRETARIAT: (Role.SECRETARIAT,),
    Recipient.SECRETARIAT_HEAD: (Role.SECRETARIAT_HEAD,),
    Recipient.COUNTERPART: (Role.SECRETARIAT,),
    Recipient.BILATERAL_ITEM: (Role.SECRETARIAT_HEAD,),
    Recipient.CHAIR: (Role.CHAIR, Role.COORDINATOR),
}


def ladder_of(pack: Pack) -> tuple[Rung, ...]:
    """Return who hears at which share of a limit, as this country has it."""
    return tuple(
        Rung(
            step.percent,
            tuple(Recipient(to.value) for to in step.to),
            tuple(Recipient(to.value) for to in step.to_cross_border),
        )
        for step in pack.escalation
    )


def post(
    session: Session, row: DeadlineRow, case: CaseRow, level: int, *, pack: Pack, now: datetime
) -> int:
    """Leave the messages of one level of one limit; return how many."""
    told = recipients(
        ClockCode(row.code),
        level,
        ladder=ladder_of(pack),
        tells_counterpart=pack.limits[LimitCode(row.code)].counterpart,
    )
    key = f"reminder:{row.id}:{level}"
    posted = 0
    for recipient, address in _addresses(told, case):
        posted += outbox.post(
            session,
            topic=TOPIC,
            key=key if posted == 0 else f"{key}:{recipient.value}:{address.get('role', 'person')}",
            subject=row.case_id,
            now=now,
            payload={
                **address,
                "deadline": row.id,
                "code": row.code,
                "occurrence": row.occurrence,
                "level": level,
                "recipient": recipient.value,
            },
        )
    return posted


def _addresses(told: Iterable[Recipient], case: CaseRow) -> Iterable[tuple[Recipient, Payload]]:
    for recipient in told:
        person = {
            Recipient.OWNER: case.owner_person,
            Recipient.SUPERVISOR: case.supervisor_person,
        }.get(recipient)
        if person:
            yield recipient, {"person": person}
        elif recipient in _ROLES:
            for role in _ROLES[recipient]:
                yield recipient, {"role": role.value, "country": case.country}
        else:
            role = Role.SUPERVISOR if recipient is Recipient.SUPERVISOR else Role.CASEWORKER
            yield recipient, {"role": role.value, "office": case.office}
