"""Notices by mail, off unless a mail server is set. A mail says there is something to read, no more.

Neither subject nor text has a name, a case or a reason: mail is read on shared screens and kept by
others.
"""

import logging
import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from sqlmodel import Session

from core import mail_words, notice_wishes
from core.accounts import people, store
from core.invitations import Meeting, Standing, invitation
from core.outbox import Message
from core.settings import Settings

TIMEOUT_SECONDS: Final = 20
NO_DOMAIN: Final = "bid.invalid"
FOR_GOOD: Final = 500
NOT_YET: Final = "not taken for everybody"

log = logging.getLogger(__name__)


def is_on(settings: Settings) -> bool:
    """Whether a mail server and a sender are set."""
    return bool(settings.smtp_url and settings.mail_from)


def addresses_for(session: Session, message: Message, *, now: datetime) -> list[str]:
    """Return where a message goes by mail: a person, or all who hold the role there, as far as they want it."""
    payload = message.payload
    if payload.get("person"):
        ids = [str(payload["person"])]
    else:
        place = (str(payload.get(name) or "") for name in ("role", "scope", "ref"))
        ids = store.holders(session, *place, now=now)
    wanted = notice_wishes.who_wants(session, ids, str(payload.get("about") or ""))
    contacts = (people.contact_of(session, person) for person in store.persons(session, wanted))
    return sorted({contact.email for contact in contacts if contact.email})


def send(
    settings: Settings, addresses: Sequence[str], *, key: str, meeting: Meeting | None = None
) -> None:
    """Send one mail to each; tried again, it carries the same message id and is seen as the same.

    Whom the server takes no mail for keeps it from nobody else. One refused for good among others is not tried
    again, because each attempt would reach all the others once more; the notice stays in the product.

    Args:
        settings: with the mail server.
        addresses: to whom, each a mail of their own.
        key: what makes it this mail.
        meeting: goes along as an invitation a calendar program reads.

    Raises:
        OSError: the server did not take it, or not yet for everybody.
    """
    if not settings.smtp_url or not settings.mail_from or not addresses:
        return
    server = urlsplit(settings.smtp_url.get_secret_value())
    with smtplib.SMTP(server.hostname or "", server.port or 25, timeout=TIMEOUT_SECONDS) as link:
        link.ehlo()
        _secure(link, server)
        mails = [_mail(settings, one, key, meeting) for one in addresses]
        refused = [_refusal(link, mail) for mail in mails]
    if all(refused) or any(0 < code < FOR_GOOD for code in refused):
        raise OSError(NOT_YET)


def _refusal(link: smtplib.SMTP, mail: EmailMessage) -> int:
    """Send one mail; 0, or the number by which the server refused whom it is for. No address reaches the log."""
    try:
        link.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        code = min(number for number, _ in refused.recipients.values())
        log.warning("mail.address_refused: %s", code)
        return code
    return 0


def _secure(link: smtplib.SMTP, server: SplitResult) -> None:
    """Encrypt where the server can, and always, to the server that is meant, before a password is sent."""
    if server.username or link.has_extn("starttls"):
        link.starttls(context=ssl.create_default_context() if server.username else None)
    if server.username:
        link.login(unquote(server.username), unquote(server.password or ""))


def _mail(settings: Settings, address: str, key: str, meeting: Meeting | None) -> EmailMessage:
    mail, words = EmailMessage(), mail_words.words_in(settings.country)
    sender = settings.mail_from or ""
    mail["From"], mail["To"], mail["Subject"] = sender, address, words["subject"]
    digest = sha256(f"{key}\n{address}".encode()).hexdigest()[:40]
    mail["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2] or NO_DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{words['text']}\n")
    if meeting is not None:
        text = invitation(meeting, organizer=sender, attendee=address).decode()
        method = "CANCEL" if meeting.standing is Standing.CANCELLED else "REQUEST"
        mail.add_alternative(text, subtype="calendar", params={"method": method})
    return mail
