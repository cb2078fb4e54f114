"""Finding children by keyed hashes of their names. No query ever sees a name."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from cases.tables.names import NameKeyRow
from core.vault import NameKeys


def replace_keys(session: Session, case_id: str, keys: NameKeys) -> None:
    """Keep the hashes of a child's names in place of those before."""
    wanted = {("exact", key) for key in keys.exact} | {("sound", key) for key in keys.sound}
    held = {(row.kind, row.key): row for row in _rows(session, case_id)}
    for kind_key in held.keys() - wanted:
        session.delete(held[kind_key])
    for kind, key in sorted(wanted - held.keys()):
        session.add(NameKeyRow(case_id=case_id, kind=kind, key=key))
    session.flush()


def remove_keys(session: Session, case_id: str) -> None:
    """Forget the hashes of a child's names."""
    replace_keys(session, case_id, NameKeys(frozenset(), frozenset()))


def keys_of(session: Session, case_ids: Collection[str]) -> dict[str, NameKeys]:
    """Return the hashes of these cases."""
    query = select(NameKeyRow.case_id, NameKeyRow.kind, NameKeyRow.key)
    found: dict[str, dict[str, set[str]]] = {}
    for case_id, kind, key in session.exec(query.where(col(NameKeyRow.case_id).in_(case_ids))):
        found.setdefault(case_id, {"exact": set(), "sound": set()})[kind].add(key)
    return {
        case_id: NameKeys(frozenset(kinds["exact"]), frozenset(kinds["sound"]))
        for case_id, kinds in found.items()
    }


def meeting(session: Session, sounds: Collection[str], *, limit: int) -> list[str]:
    """Return cases whose names meet these by sound, most shared first.

    More than half of the words of the shorter name sound alike, as ``rules.duplicates`` asks: the
    many who share one common word of two never leave the database.
    """
    values = {"sounds": list(sounds), "needed": len(sounds), "most": limit}
    return list(session.execute(_MEETING, values).scalars())


def _meeting() -> sa.Select[str]:
    shared = sa.func.count(col(NameKeyRow.key))
    other = aliased(NameKeyRow)
    words = (
        select(sa.func.count(col(other.key)))
        .where(other.case_id == NameKeyRow.case_id, other.kind == "sound")
        .scalar_subquery()
    )
    return (
        sa.select(col(NameKeyRow.case_id))
        .where(col(NameKeyRow.key).in_(sa.bindparam("sounds", expanding=True)))
        .where(col(NameKeyRow.kind) == "sound")
        .group_by(col(NameKeyRow.case_id))
        .having(sa.or_(shared * 2 > sa.bindparam("needed"), shared * 2 > words))
        .order_by(shared.desc(), col(NameKeyRow.case_id))
        .limit(sa.bindparam("most"))
    )


_MEETING: Final = _meeting()  # made once: it is asked for every child that is registered


def _rows(session: Session, case_id: str) -> list[NameKeyRow]:
    return list(session.exec(select(NameKeyRow).where(NameKeyRow.case_id == case_id)))
