"""What happened between two installations stays as it was written, and a file alone proves it."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from core.actors import Role
from core.errors import NotThere
from core.exchange import tokens
from core.exchange.encoding import digest
from core.exchange.errors import TokenRefused
from core.exchange.keyring import KeyRing
from core.exchange.kinds import Kind
from core.exchange.tokens import read_kept
from tests.builders.evidence import a_busy_log, an_export
from tests.builders.exchange import (
    CONGO,
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    a_token,
    pinned_keys_of,
    signing_key_of,
)
from tests.builders.partners import (
    a_statement,
    an_officer,
    set_up,
)
from transfers.service import evidence
from transfers.service.evidence import Direction
from transfers.service.evidence_check import check
from transfers.service.evidence_export import export_lines


def test_a_token_sent_a_hundred_times_is_in_the_log_once(session: Session) -> None:
    a_busy_log(session)
    before = evidence.head_of(session)
    token = read_kept(a_token(Kind.DELIVERY, ZAMBIA), Kind.DELIVERY, pinned_keys_of(ZAMBIA))
    first = evidence.keep(session, token, Direction.SENT, subject="x", actor="procedure", now=NOW)

    again = [
        evidence.keep(session, token, Direction.SENT, subject="x", actor="procedure", now=NOW)
        for _ in range(100)
    ]

    assert first
    assert not any(again)
    assert evidence.head_of(session).n == before.n + 1


@pytest.mark.threat("TT46")
@pytest.mark.parametrize(
    "table",
    [
        "evidence",
        "exchange_token",
        "checkpoint",
        "own_statement",
        "partner_step",
        "partner_statement",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_evidence(
    session: Session, table: str
) -> None:
    a_busy_log(session)
    column = {"partner_step": "step", "evidence": "actor", "checkpoint": "head"}.get(table, "text")
    assert session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()

    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), session.begin_nested():
            session.execute(sa.text(statement))


def test_a_checkpoint_is_signed_once_a_day_and_not_about_itself(session: Session) -> None:
    assert evidence.sign_daily_checkpoint(session, now=NOW) == 0
    set_up(session, NOW)

    assert evidence.sign_daily_checkpoint(session, now=NOW) == 1
    assert evidence.sign_daily_checkpoint(session, now=NOW + timedelta(hours=23)) == 0
    assert evidence.sign_daily_checkpoint(session, now=NOW + timedelta(hours=24)) == 0
    evidence.note(session, "something", subject="x", actor="procedure", now=NOW)
    assert evidence.sign_daily_checkpoint(session, now=NOW + timedelta(hours=25)) == 1
    assert check(an_export(session)).words == 2


@pytest.mark.threat("TT46")
def test_a_partner_whose_words_about_its_log_contradict_each_other_is_noticed(
    session: Session,
) -> None:
    a_busy_log(session)
    ring = KeyRing.of(NAMIBIA, [a_statement()])

    def says(n: int, head: str, at: int) -> list[str]:
        said = {"iat": at, "n": n, "head": digest(head.encode())}
        text = tokens.make(Kind.CHECKPOINT, NAMIBIA, said, signing_key_of(NAMIBIA))
        evidence.take_checkpoint(session, ring, text, now=NOW)
        rows = session.execute(
            sa.text("SELECT detail FROM evidence WHERE type = 'partner.log_differs'")
        )
        return [json.loads(row[0])["why"] for row in rows]

    assert says(5, "five", T) == []
    assert says(9, "nine", T + 10) == []
    assert says(9, "nine", T + 20) == []
    assert says(9, "another nine", T + 30) == ["rewritten"]
    assert says(7, "seven", T + 40) == ["rewritten", "cut"]
    with pytest.raises(TokenRefused):
        evidence.take_checkpoint(session, ring, a_token(Kind.CHECKPOINT, CONGO), now=NOW)


def test_evidence_is_taken_out_by_those_who_may_and_that_is_on_record(session: Session) -> None:
    a_busy_log(session)

    for role in (Role.TRUST_OFFICER, Role.AUDITOR):
        assert list(export_lines(session, an_officer(role), now=NOW))
    for role in (Role.SECRETARIAT, Role.CASEWORKER):
        with pytest.raises(NotThere):
            export_lines(session, an_officer(role), now=NOW)
