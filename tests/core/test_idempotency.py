"""A write sent twice is done once."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from core import idempotency
from core.idempotency import AlreadyDone, Kept, KeyReused
from core.vault import SYSTEM_OWNER, vault_of

ACCOUNT = "00000000-0000-4000-8000-00000000000a"


def _begin(
    session: Session, now: datetime, key: str = "key-12345", request: str = "r"
) -> str | Kept:
    return idempotency.begin(session, account_id=ACCOUNT, key=key, request_hash=request, now=now)


def test_a_repeated_request_gets_the_first_answer(session: Session, now: datetime) -> None:
    row = _begin(session, now)
    assert isinstance(row, str)
    idempotency.keep(session, row, status=201, body=b'{"id":"1"}', now=now)

    assert _begin(session, now + timedelta(hours=1)) == Kept(201, b'{"id":"1"}', now)


def test_the_kept_answer_is_sealed(session: Session, now: datetime) -> None:
    row = _begin(session, now)
    assert isinstance(row, str)
    idempotency.keep(session, row, status=201, body=b"Chanda", now=now)

    stored = session.get(idempotency.IdempotencyRow, row)

    assert stored is not None
    assert b"Chanda" not in (stored.answer or b"")


def test_a_key_used_for_another_request_is_refused(session: Session, now: datetime) -> None:
    _begin(session, now)

    with pytest.raises(KeyReused):
        _begin(session, now, request="another")


def test_an_act_that_broke_off_is_begun_anew(session: Session, now: datetime) -> None:
    first = _begin(session, now)

    assert _begin(session, now) == first


def test_old_keys_are_forgotten(session: Session, now: datetime) -> None:
    vault_of(session).ensure_key(session, SYSTEM_OWNER, now=now)
    _begin(session, now)

    assert idempotency.forget_old(session, now=now + timedelta(days=2)) == 1


@pytest.mark.rule("R54")
def test_after_an_erasure_an_answer_is_not_given_again_and_the_act_not_done_again(
    session: Session, now: datetime
) -> None:
    row = _begin(session, now)
    assert isinstance(row, str)
    idempotency.keep(session, row, status=201, body=b"Chanda", now=now)

    idempotency.forget_answers(session)
    session.expire_all()

    with pytest.raises(AlreadyDone):
        _begin(session, now)
