"""Finding children by keyed hashes of their names. No query ever sees a name."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from cases.rules.duplicates import LONE, LONG, PAIR, asked_under, kept_under
from cases.tables.names import NameKeyRow
from core import gathering
from core.vault import NameKeys


def replace_keys(session: Session, case_id: str, keys: NameKeys) -> None:
    """Keep the hashes of a child's names in place of those before."""
    wanted = {("exact", key) for key in keys.exact} | {("sound", key) for key in keys.sound}
    wanted |= kept_under(keys.sound)
    held = {(row.kind, row.key): row for row in _rows(session, case_id)}
    for kind_key in held.keys() - wanted:
        session.delete(held[kind_key])
    for kind, key in sorted(wanted - held.keys()):
        gathering.append(session, NameKeyRow, case_id=case_id, kind=kind, key=key)
    session.flush()


def remove_keys(session: Session, case_id: str) -> None:
    """Forget the hashes of a child's names."""
    replace_keys(session, case_id, NameKeys(frozenset(), frozenset()))


def keys_of(session: Session, case_ids: Collection[str]) -> dict[str, NameKeys]:
    """Return the hashes of these cases."""
    if not case_ids:
        return {}
    query = select(NameKeyRow.case_id, NameKeyRow.kind, NameKeyRow.key).where(
        col(NameKeyRow.case_id).in_(case_ids), col(NameKeyRow.kind).in_(("exact", "sound"))
    )
    found: dict[str, dict[str, set[str]]] = {}
    for case_id, kind, key in session.exec(query):
        found.setdefault(case_id, {"exact": set(), "sound": set()})[kind].add(key)
    return {
        case_id: NameKeys(frozenset(kinds["exact"]), frozenset(kinds["sound"]))
        for case_id, kinds in found.items()
    }


def meeting(
    session: Session, names: Sequence[Collection[str]], *, limit: int
) -> list[Sequence[str]]:
    """Return for each of these names the cases whose names may meet it by sound, most shared first.

    Asked in one question for all of them, by pairs of words: how many share one common word with a child
    grows with the list, how many share two hardly does.
    """
    keys = [asked_under(sounds) for sounds in names]
    found = _kept_under(session, frozenset().union(*(some for some in keys if some)))
    return [
        _most_shared(found, some, limit) if some else _by_words(session, sounds, limit)
        for some, sounds in zip(keys, names, strict=True)
    ]


def _kept_under(
    session: Session, keys: Collection[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    if keys:
        values = {"keys": sorted({key for _kind, key in keys})}
        for kind, key, case_id in session.execute(_KEPT, values):
            found.setdefault((kind, key), []).append(case_id)
    return found


def _most_shared(
    found: Mapping[tuple[str, str], Sequence[str]], keys: Collection[tuple[str, str]], limit: int
) -> Sequence[str]:
    shared = Counter(case_id for key in keys for case_id in found.get(key, ()))
    return sorted(shared, key=lambda case_id: (-shared[case_id], case_id))[:limit]


def _by_words(session: Session, sounds: Collection[str], limit: int) -> Sequence[str]:
    """A name of one word, or of very many: more than half of the words of the shorter name sound alike."""
    if not sounds:
        return ()
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


_MEETING: Final = _meeting()
_KEPT: Final = (  # made once: it is asked for every child that is registered
    sa.select(col(NameKeyRow.kind), col(NameKeyRow.key), col(NameKeyRow.case_id))
    .where(col(NameKeyRow.key).in_(sa.bindparam("keys", expanding=True)))
    .where(col(NameKeyRow.kind).in_((PAIR, LONE, LONG)))
)


def _rows(session: Session, case_id: str) -> list[NameKeyRow]:
    own = gathering.held(session, NameKeyRow, case_id)
    if own is not None:
        return own
    return list(session.exec(select(NameKeyRow).where(NameKeyRow.case_id == case_id)))
