"""What a partner sends, what is known of it, and what was told and written about it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from core.exchange import tokens
from core.exchange.errors import TokenRefused
from core.exchange.kinds import Kind
from tests.builders.exchange import (
    NAMIBIA,
    NOW,
    ZAMBIA,
    T,
    claims_of,
    signing_key_of,
)
from tests.builders.partners import (
    Pair,
    a_signing_key,
    as_file,
)
from transfers.service import correspondence, partner_statements
from transfers.service.correspondence import Door
from transfers.store import partner as store
from transfers.tables.partner import PartnerRow


def row_of(session: Session, pair: Pair) -> PartnerRow:
    row = store.find(session, pair.partner_id)
    assert row is not None
    return row


def load(session: Session, pair: Pair, *found: object, now: datetime = NOW) -> list[object]:
    data = as_file(*found)  # type: ignore[arg-type]
    taken = partner_statements.load_statement(session, pair.first, pair.partner_id, data, now=now)
    return [one.fault for one in taken]


def told(session: Session) -> list[str]:
    return list(session.execute(sa.text("SELECT topic FROM outbox")).scalars())


def types(session: Session) -> list[str]:
    return list(session.execute(sa.text("SELECT type FROM evidence ORDER BY n")).scalars())


def a_receipt(key: str = "", at: int = T) -> str:
    signer = a_signing_key(key) if key else signing_key_of(NAMIBIA)
    said = claims_of(Kind.RECEIPT, aud=ZAMBIA, iat=at)
    return tokens.make(Kind.RECEIPT, NAMIBIA, said, signer)


def takes(session: Session, text: str, now: datetime = NOW) -> bool:
    try:
        correspondence.read_from(session, text, Kind.RECEIPT, now=now)
    except TokenRefused:
        return False
    return True


def door(session: Session, now: datetime = NOW) -> Door:
    return correspondence.door_for(correspondence.correspondent(session, NAMIBIA, now=now), now)
