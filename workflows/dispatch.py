"""Delivers what acts left in the outbox, each message once by its key.

A message becomes a notice in the product in the same unit of work that marks it as sent; the notice
has the message's key, so a second attempt makes no second notice. Where a mail server is set, a
notice also leaves a message of topic ``mail``: that one goes out before it is marked, under a
message id made from the key, so that a second attempt is recognised as the same mail.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from core import mail, notices, outbox
from core.invitations import Meeting
from core.outbox import Message
from core.settings import Settings
from panels.service import calendar
from workflows import ground
from workflows.leases import Holder, retry_after

BATCH: Final = 200
LEASE: Final = timedelta(minutes=2)
MAIL: Final = "mail"

log = logging.getLogger(__name__)


async def deliver_messages(holder: Holder) -> int:
    """Deliver what is due now; returns how many messages were taken up."""
    messages = await ground.off_the_loop(outbox.claim, runner=holder.name, lease=LEASE, limit=BATCH)
    shown = [message for message in messages if message.topic != MAIL]
    try:
        await ground.off_the_loop(_show_all, shown)
    except Exception as error:  # noqa: BLE001  one bad message must not hold back the others
        log.warning("delivery.one_by_one: %s", type(error).__name__)
        for message in shown:
            await _attempt(message, lambda item: ground.in_one_unit(_show_all, [item]))
    for message in messages:
        if message.topic == MAIL:
            await _attempt(message, _mail)
    return len(messages)


async def _attempt(message: Message, deliver: Any) -> None:
    """Deliver one message; one that fails is tried again later, never dropped."""
    try:
        await asyncio.to_thread(deliver, message)
    except Exception as error:  # noqa: BLE001  as above
        log.warning("delivery.failed: %s by %s", message.id, type(error).__name__)
        await ground.off_the_loop(_keep, message)


def _show_all(session: Any, messages: Sequence[Message], *, now: datetime) -> None:
    settings = Settings()
    for message in messages:
        to = notices.recipient_of(message, country=settings.country)
        if notices.put(session, message, to, now=now) and mail.is_on(settings):
            key = f"mail:{message.key}"[:160]
            payload = {
                "person": to.person_id, "role": to.role, "scope": to.scope, "ref": to.ref,
                "about": message.topic,
            }  # fmt: skip
            outbox.post(
                session, topic=MAIL, key=key, subject=message.subject, now=now, payload=payload
            )
        outbox.sent(session, message.id, now=now)


def _mail(message: Message) -> None:
    settings = Settings()
    addresses = ground.in_one_unit(mail.addresses_for, message)
    mail.send(settings, addresses, key=message.key, meeting=_meeting(message))
    ground.in_one_unit(lambda session, now: outbox.sent(session, message.id, now=now))


def _meeting(message: Message) -> Meeting | None:
    """What a calendar program is told along with the mail: a sitting of whom it goes to."""
    if message.payload.get("about") not in calendar.INVITING or not message.payload.get("person"):
        return None
    return ground.in_one_unit(
        lambda session, now: calendar.meeting_of(session, message.subject, now=now)
    )


def _keep(session: Any, message: Message, *, now: datetime) -> None:
    outbox.failed(session, message.id, retry_at=now + retry_after(message.attempts))
