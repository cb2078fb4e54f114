"""What means nothing any more is thrown away, and nothing else."""

from datetime import datetime, timedelta

from sqlmodel import Session

from core import idempotency, upkeep

ACCOUNT = "00000000-0000-4000-8000-00000000000a"


def test_old_keys_go_and_fresh_ones_stay(session: Session, now: datetime) -> None:
    for key, at in (("key-old-1", now - timedelta(days=2)), ("key-new-1", now)):
        idempotency.begin(session, account_id=ACCOUNT, key=key, request_hash="r", now=at)

    assert upkeep.forget_old(session, now=now, limit=10) == 1
    assert upkeep.forget_old(session, now=now, limit=10) == 0
