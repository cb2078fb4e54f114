"""The numbers of our deliveries: one chain for each partner, another after the database was restored.

How a restored database is known: the storage folder holds the same mark and the same count as the database. It is
written just before the database commits, so a count ahead of the database means a backup, or a stop in that very
moment; both begin a new chain, which harms nobody. Where folder and database were restored together the partner
tells by a fork. Source: EXP-7.2, EXP-8.
"""

from datetime import datetime

from sqlmodel import Session

from core.exchange.deliveries import Numbering
from core.ids import new_id
from core.upsert import insert_once
from transfers.service.storage import Store
from transfers.store import deliveries as store
from transfers.tables.delivery import ExchangeChainRow, ExchangeLifeRow


def next_place(session: Session, storage: Store, partner: str, *, now: datetime) -> Numbering:
    """Return the place of the next delivery to a partner, held until the unit of work ends."""
    life = current_life(session, storage, now=now)
    chain = store.chain(session, partner, life.mark)
    if chain is None:
        chain = ExchangeChainRow(chain=new_id(), partner=partner, life=life.mark)
        session.add(chain)
        session.flush()
    return Numbering(chain.chain, chain.seq + 1, chain.prev)


def take_place(
    session: Session, storage: Store, partner: str, place: Numbering, digest: str
) -> None:
    """Note which delivery got the place; the mark in the folder is written last of all."""
    life = store.life(session)
    chain = store.chain(session, partner, "" if life is None else life.mark)
    if life is None or chain is None or (chain.chain, chain.seq + 1) != (place.chain, place.seq):
        raise TypeError
    chain.seq, chain.prev = place.seq, digest
    life.given += 1
    session.add(chain)
    session.add(life)
    session.flush()
    storage.write_mark(life.mark, life.given)


def give_back(session: Session, partner: str, place: Numbering, digest: str) -> bool:
    """Take a place back that was never offered, when it is the last; so that the partner misses no number."""
    life = store.life(session, lock=True)
    chain = None if life is None else store.chain(session, partner, life.mark)
    if chain is None or (chain.chain, chain.seq, chain.prev) != (place.chain, place.seq, digest):
        return False
    chain.seq, chain.prev = place.seq - 1, place.prev
    session.add(chain)
    session.flush()
    return True


def current_life(session: Session, storage: Store, *, now: datetime) -> ExchangeLifeRow:
    """Return this life of the database, locked; another one when folder and database contradict each other."""
    life = store.life(session, lock=True)
    if life is None:
        values = {"id": 1, "mark": new_id(), "given": 0, "begun_at": now}
        insert_once(session, store.table_of(ExchangeLifeRow), values, unique=["id"])
        life = store.life(session, lock=True)
        if life is None:
            raise TypeError
        if life.given == 0:
            storage.write_mark(life.mark, 0)
    if storage.read_mark() != (life.mark, life.given):
        begin_life(session, storage, life, now=now)
    return life


def begin_life(session: Session, storage: Store, life: ExchangeLifeRow, *, now: datetime) -> None:
    """Begin all chains anew."""
    life.mark, life.given, life.begun_at = new_id(), 0, now
    session.add(life)
    session.flush()
    storage.write_mark(life.mark, 0)
