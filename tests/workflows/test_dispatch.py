"""Messages become notices once, for the right people, and never hold anything about a child."""

import asyncio

import pytest
from sqlmodel import select

from core import mail, notices, outbox
from core.actors import Role
from core.db import Database
from core.notices import NoticeRow
from core.outbox import Message, OutboxRow
from core.settings import Settings
from tests.builders.cases import OFFICE, a_person
from tests.conftest import NOON
from workflows.dispatch import deliver_messages
from workflows.leases import Holder


def post(database: Database, key: str, **payload: str) -> None:
    with database.unit_of_work() as session:
        outbox.post(
            session, topic="clock.level", key=key, subject="case-1", now=NOON, payload=payload
        )


def deliver(holder: Holder) -> int:
    return asyncio.run(deliver_messages(holder))


def keys(database: Database) -> list[str]:
    with database.unit_of_work() as session:
        return list(session.exec(select(NoticeRow.key)).all())


def test_message_becomes_one_notice_however_often_it_is_delivered(
    standing: Database, holder: Holder
) -> None:
    post(standing, "reminder:d1:75", role="supervisor", office=OFFICE)
    deliver(holder)
    with standing.unit_of_work() as session:  # the worker died before it could say "sent"
        row = session.exec(select(OutboxRow)).one()
        row.sent_at = None
        session.add(row)

    deliver(holder)

    assert keys(standing) == ["reminder:d1:75"]


def test_delivered_message_is_not_taken_up_again(standing: Database, holder: Holder) -> None:
    post(standing, "reminder:d1:75", role="supervisor", office=OFFICE)
    deliver(holder)

    assert deliver(holder) == 0


def test_notice_for_a_role_is_read_by_who_holds_it_there_and_nobody_else(
    standing: Database, holder: Holder
) -> None:
    post(standing, "reminder:d1:100", role="supervisor", office=OFFICE)
    deliver(holder)

    with standing.unit_of_work() as session:
        here = notices.notices_for(session, a_person(Role.SUPERVISOR))
        elsewhere = notices.notices_for(session, a_person(Role.SUPERVISOR, office="ZM-01-KAB"))
        worker = notices.notices_for(session, a_person(Role.CASEWORKER))

    assert [notice.subject for notice in here] == ["case-1"]
    assert list(elsewhere) == []
    assert list(worker) == []


def test_notice_for_a_person_is_theirs_alone_and_disappears_once_read(
    standing: Database, holder: Holder
) -> None:
    reader, other = a_person(Role.CASEWORKER), a_person(Role.CASEWORKER)
    post(standing, "reminder:d1:75", person=reader.person_id)
    deliver(holder)

    with standing.unit_of_work() as session:
        (notice,) = notices.notices_for(session, reader)
        assert list(notices.notices_for(session, other)) == []
        notices.mark_read(session, reader, notice.id, now=NOON)

        assert list(notices.notices_for(session, reader)) == []


@pytest.mark.rule("R50")
@pytest.mark.parametrize("country", ["ZM", "CD"])
def test_mail_says_only_that_there_is_something_to_read(country: str) -> None:
    settings = Settings(mail_from="bid@example.org", country=country)
    sent, again = (
        mail._mail(settings, "worker@example.org", "reminder:case-77:75", None) for _ in range(2)
    )

    assert "case-77" not in sent.as_string()
    assert sent["Message-ID"] == again["Message-ID"]


def test_no_mail_is_sent_unless_a_server_is_set() -> None:
    assert not mail.is_on(Settings())


def test_message_that_names_nobody_goes_to_the_coordinators_of_the_country() -> None:
    message = Message("m1", "case.ready", "k", "case-1", {"priority": "high"}, 1)

    to = notices.recipient_of(message, country="ZM")

    assert (to.role, to.scope, to.ref) == ("coordinator", "country", "ZM")
