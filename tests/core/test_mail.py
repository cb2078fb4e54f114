"""Notices by mail: one address that is refused keeps a mail from nobody else."""

import smtplib
from email.message import EmailMessage
from typing import ClassVar, Self

import pytest
from pydantic import SecretStr

from core import mail
from core.settings import Settings

ALL = ["ann@example.org", "gone@example.org", "zoe@example.org"]


class Server:
    """A mail server that refuses some addresses."""

    refuses: ClassVar[dict[str, int]] = {}
    taken: ClassVar[list[str]] = []

    def __init__(self, *_where: object, timeout: float) -> None:
        assert timeout > 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        return

    def ehlo(self) -> None:
        """Greet."""

    def has_extn(self, _name: str) -> bool:
        return False

    def send_message(self, message: EmailMessage) -> None:
        address = str(message["To"])
        if address in self.refuses:
            raise smtplib.SMTPRecipientsRefused({address: (self.refuses[address], b"no")})
        self.taken.append(address)


def sent(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str], refuses: dict[str, int]
) -> list[str]:
    monkeypatch.setattr(Server, "refuses", refuses)
    monkeypatch.setattr(Server, "taken", [])
    monkeypatch.setattr(smtplib, "SMTP", Server)
    settings = Settings(smtp_url=SecretStr("smtp://mail.example.org"), mail_from="bid@example.org")
    mail.send(settings, addresses, key="transfer.alarm:1")
    return Server.taken


def test_an_address_refused_for_good_keeps_the_mail_from_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sent(monkeypatch, ALL, {"gone@example.org": 550}) == [
        "ann@example.org",
        "zoe@example.org",
    ]


@pytest.mark.parametrize(
    ("addresses", "refuses"),
    [(ALL, {"gone@example.org": 450}), (ALL, dict.fromkeys(ALL, 554)), (ALL[:1], {ALL[0]: 550})],
    ids=["not-yet", "everybody", "the-only-one"],
)
def test_what_may_still_arrive_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str], refuses: dict[str, int]
) -> None:
    with pytest.raises(OSError, match=mail.NOT_YET):
        sent(monkeypatch, addresses, refuses)
