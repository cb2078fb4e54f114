"""Finding children by keyed hashes of their names. No query ever sees a name."""

from collections.abc import Collection

import sqlalchemy as sa
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


def sharing(
    session: Session, keys: Collection[str], *, kind: str, at_least: int, limit: int
) -> list[str]:
    """Return cases that share at least so many of these hashes, most shared first."""
    shared = sa.func.count(col(NameKeyRow.key))
    query = (
        select(NameKeyRow.case_id)
        .where(col(NameKeyRow.key).in_(keys), NameKeyRow.kind == kind)
        .group_by(col(NameKeyRow.case_id))
        .having(shared >= at_least)
        .order_by(shared.desc(), col(NameKeyRow.case_id))
        .limit(limit)
    )
    return list(session.exec(query))


def _rows(session: Session, case_id: str) -> list[NameKeyRow]:
    return list(session.exec(select(NameKeyRow).where(NameKeyRow.case_id == case_id)))
